"""Commands of the policy laboratory: compare, simulate, chances."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.app import (
    INTERRUPTED,
    LARGEST_SEED,
    REFUSED,
    Csv,
    Folder,
    Json,
    Language,
    Replace,
    Report,
    ReportLanguage,
    Set,
    VariantFile,
    app,
)
from engine.cli.frame import exit_for, guarded, language_of, overrides_of, print_json, stages, usage


@app.command()
def compare(
    folders: Annotated[
        list[Path], typer.Argument(metavar="FOLDER|RUN...", help="A campaign, run folders.", show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write the comparison to.", show_default=False)],
    variants: Annotated[
        list[Path] | None,
        typer.Option("--variant", metavar="FILE", help="Variant of the campaign to run (may be repeated)."),
    ] = None,
    campaign: Annotated[
        Path | None,
        typer.Option(help="Campaign that the run folders were made from: for their frontier.", show_default=False),
    ] = None,
    frontier: Annotated[bool, typer.Option(help="Look for the most candidates any outcome satisfies.")] = True,
    csv: Csv = False,
    report: Report = True,
    language: ReportLanguage = "fr",
    replace: Replace = False,
    as_json: Json = False,
) -> None:
    """Set runs side by side: the campaign and its variants, which are run, and run folders, which are read.

    All are compared with the first: who wins and loses, points needed, experience, claims, distance to the frontier.
    """
    chosen = language_of(language)
    campaigns = [folder for folder in folders if (folder / "campaign.toml").exists()]
    for folder in folders:
        if (folder / "year.toml").exists():
            usage(f"{folder} is a year: name the folder of one of its campaigns, or run folders of it.")
    if len(campaigns) > 1:
        usage(f"{campaigns[1]}: a second campaign; compare variants of one, or the run folders of both.")
    if variants and not campaigns:
        usage("--variant: a variant is laid on a campaign; name its folder beside.")
    if len(folders) + len(variants or ()) < 2:
        usage("nothing to compare with: name a second run folder, or --variant FILE beside a campaign.")
    with guarded(as_json), stages(shown=not as_json) as progress:
        from engine.compare.compare import compare as compare_sides
        from engine.compare.page import render_comparison
        from engine.compare.running import Asked, sides_of
        from engine.compare.terminal import print_comparison
        from engine.compare.writing import COMPARISON_FILES, comparison_record, write_comparison
        from engine.folders import require_free

        require_free(out, replace=replace, content=COMPARISON_FILES)
        runs = tuple(folder for folder in folders if folder not in campaigns)
        done = compare_sides(
            sides_of(Asked(next(iter(campaigns), None), tuple(variants or ()), runs, campaign, frontier), progress)
        )
        progress("write")
        page = partial(render_comparison, language=chosen) if report else None
        write_comparison(done, out, table_format="csv" if csv else "parquet", page=page, replace=replace)
    if as_json:
        print_json({"comparison": str(out), **comparison_record(done)})
    else:
        print_comparison(done, out)
    exit_for(holds=done.holds, stopped=done.stopped)


@app.command()
def simulate(
    folder: Folder,
    out: Annotated[Path, typer.Option("--out", "-o", help="Simulation folder to write.", show_default=False)],
    draws: Annotated[int, typer.Option(help="Draws to make, at the most.", min=1, show_default=False)],
    vary: Annotated[str, typer.Option(help="What is drawn anew: some of lots,preferences,population.")] = "lots",
    seed: Annotated[
        int | None, typer.Option(help="Every draw comes from it; the campaign's by default.", min=0, max=LARGEST_SEED)
    ] = None,
    variant: VariantFile = None,
    noise: Annotated[float, typer.Option(help="Scale of the noise of preferences.", min=0)] = 0.5,
    precision: Annotated[
        float | None,
        typer.Option(
            help="Stop once the 95% interval of the share who move is so narrow: 0.001 is a tenth of a point.",
            show_default=False,
        ),
    ] = None,
    settings: Set = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes; one for each processor by default.", min=1, show_default=False)
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Make the draws on the Dask cluster of this scheduler.", show_default=False
        ),
    ] = None,
    report: Report = True,
    language: ReportLanguage = "fr",
    replace: Replace = False,
    as_json: Json = False,
) -> None:
    """Repeat a campaign with drawn lots, preferences or population: means, intervals, chances.

    What a stopped simulation has finished is not done again: give the same command.
    """
    if (folder / "year.toml").exists():
        usage(f"{folder} is a year: name the folder of one of its campaigns.")
    overrides = overrides_of(settings or [])
    chosen = language_of(language)
    with guarded(as_json):
        from engine.simulation.cluster import ClusterUnreachable
        from engine.simulation.page import render_simulation
        from engine.simulation.simulate import WorkersLost
        from engine.simulation.simulate import simulate as simulate_campaign
        from engine.simulation.terminal import print_simulation, progress_bar, stopped

        varied = [name.strip() for name in vary.split(",") if name.strip()]
        page = partial(render_simulation, language=chosen) if report else None
        try:
            with progress_bar(enabled=not as_json) as progress:
                done = simulate_campaign(
                    folder,
                    out,
                    draws=draws,
                    vary=varied,
                    seed=seed,
                    variant=variant,
                    noise=noise,
                    precision=precision,
                    workers=workers,
                    cluster=cluster,
                    replace=replace,
                    progress=progress,
                    page=page,
                    **overrides,
                )
        except (WorkersLost, ClusterUnreachable) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(REFUSED) from None
        except KeyboardInterrupt:
            typer.echo(stopped(out), err=True)
            raise typer.Exit(INTERRUPTED) from None
        print_json({"simulation": str(out), **done.summary}) if as_json else print_simulation(done)
    exit_for(holds=not done.num_failed, stopped=done.stopped > 0)


@app.command()
def chances(
    simulation: Annotated[Path, typer.Argument(help="Simulation folder.", show_default=False)],
    candidate: Annotated[
        str | None, typer.Option(help="Identifier of a candidate of the campaign.", show_default=False)
    ] = None,
    discipline: Annotated[
        str | None, typer.Option(help="Discipline, where only points are known.", show_default=False)
    ] = None,
    points: Annotated[str | None, typer.Option(help="Points (barème), as 174.3.", show_default=False)] = None,
    origin: Annotated[
        str | None, typer.Option("--from", help="Académie one comes from: code or name.", show_default=False)
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", help="Zone one asks for: code, name or KIND:CODE; all by default.", show_default=False),
    ] = None,
    language: Language = "fr",
    as_json: Json = False,
) -> None:
    """Tell the chances to obtain each wish: of a candidate, or of so many points in a discipline."""
    chosen = language_of(language)
    alone = discipline is not None and points is not None
    if (candidate is not None) == (discipline is not None or points is not None) or not (candidate or alone):
        usage("Give --candidate, or --discipline and --points.")
    if candidate is not None and (origin or to):
        usage("--from and --to go with --discipline and --points: a candidate has wishes of his own.")
    with guarded(as_json):
        from engine.model.points import PointsError, parse_points
        from engine.simulation.chances import chances_of_candidate, chances_of_points
        from engine.simulation.folder import read_simulation
        from engine.simulation.said import chances_in_words

        read = read_simulation(simulation)
        if candidate is not None:
            found = chances_of_candidate(read, candidate)
        else:
            try:
                thousandths = parse_points(str(points).replace(",", "."))
            except PointsError as error:
                usage(f"--points: {error}.")
            found = chances_of_points(read, str(discipline), thousandths, origin=origin, to=to)
        if as_json:
            print_json(found.to_dict() | {"draws": read.manifest["draws_made"], "vary": read.manifest["vary"]})
        else:
            typer.echo(chances_in_words(found, read, chosen, origin))
