"""The command ``mouvement`` (DESIGN 10). Everything heavy is imported by the command that needs it.

Exit codes: 0 done; 1 input refused, with all its defects; 2 wrong usage; 3 verdict failed; 4 time limit reached.
"""

from __future__ import annotations

import io
import json
import signal
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

if TYPE_CHECKING:
    from engine.model.campaign import Campaign
    from engine.runs import AnyRun
    from engine.verify.verdict import Verdict

REFUSED, USAGE, VERDICT_FAILED, TIME_LIMIT, INTERRUPTED = 1, 2, 3, 4, 130
LARGEST_SEED = 2**63 - 1

app = typer.Typer(
    help="Assigns teachers to posts: checks a campaign, scores wishes, solves, verifies, explains and reports.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Folder = Annotated[Path, typer.Argument(help="Campaign folder: campaign.toml and its tables.", show_default=False)]
FolderOrYear = Annotated[
    Path, typer.Argument(help="Campaign folder, or year folder: year.toml and campaign folders.", show_default=False)
]
VariantFile = Annotated[
    Path | None, typer.Option("--variant", metavar="FILE", help="Variant to lay on the campaign.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Replace = Annotated[bool, typer.Option("--replace", help="Put the new folder in the place of one that exists.")]


@app.command()
def check(folder: FolderOrYear, variant: VariantFile = None, as_json: Json = False) -> None:
    """List every defect of a campaign, or of the campaigns of a year, and change nothing."""
    from engine.model.campaign import read_campaign
    from engine.pipeline import campaign_options

    if (folder / "year.toml").exists():
        _refuse_variant_of_year(variant)
        from engine.year.plan import read_plan

        with _guarded(as_json):
            steps = read_plan(folder).steps
        for step in steps:
            check(step.folder, as_json=as_json)
        return
    with _guarded(as_json):
        campaign = read_campaign(folder)
        if variant is not None:
            campaign = _varied(campaign, variant)
        campaign_options(campaign)
        if as_json:
            _print_json({"defects": [], "notes": campaign.notes})
            return
        for note in campaign.notes:
            typer.echo(f"note: {note}")
        counts = ", ".join(f"{table.height} {name}" for name, table in campaign.tables.items() if table.height)
        typer.echo(f"{campaign.settings.id}: no defect. {counts}.")


@app.command()
def score(
    folder: Folder,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder to write wishes and criteria to.", show_default=False)
    ],
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV instead of Parquet.")] = False,
    replace: Replace = False,
) -> None:
    """Compute the points of every wish with their breakdown."""
    from engine.folders import new_folder
    from engine.model.campaign import read_campaign
    from engine.model.scoring import score as score_wishes
    from engine.runfolder import published, scored_tables, write_table

    with _guarded():
        campaign = read_campaign(folder)
        scored = score_wishes(campaign, campaign.rules)
        tables = scored_tables(scored)
        files = {f"{name}.{form}" for name in tables for form in ("parquet", "csv")}
        with new_folder(out, replace=replace, content=files) as draft:
            for name, table in tables.items():
                write_table(draft, name, published(table), "csv" if csv else "parquet")
        typer.echo(f"{scored.wishes.height} wishes scored: {out}")


@app.command()
def run(
    folder: FolderOrYear,
    out: Annotated[Path, typer.Option("--out", "-o", help="Run folder to write.", show_default=False)],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="OPTION=VALUE", help="Replace an option of the campaign (may be repeated)."),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Replace the seed of the campaign.", min=0, max=LARGEST_SEED)] = None,
    previous: Annotated[
        Path | None,
        typer.Option(help="Run folder of the same rules made before: say who changes, and why.", show_default=False),
    ] = None,
    least_change: Annotated[
        bool, typer.Option("--least-change", help="With --previous: keep everybody who need not move.")
    ] = False,
    variant: VariantFile = None,
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV tables instead of Parquet.")] = False,
    report: Annotated[bool, typer.Option(help="Write report.html.")] = True,
    language: Annotated[str, typer.Option("--lang", help="Language of the report: fr or en.")] = "fr",
    replace: Replace = False,
    as_json: Json = False,
) -> None:
    """Run a campaign: check, score, solve, verify, report.

    A folder with year.toml is a year of several campaigns: each is run in its order, the results of one being input of
    the next. What a stopped run of a year finished is not done again.
    """
    if (folder / "year.toml").exists():
        if settings or seed is not None:
            _usage("--set and --seed: the options and the seed of each campaign of a year stand in its campaign.toml.")
        _refuse_variant_of_year(variant)
        _run_year(folder, out, "csv" if csv else "parquet", report, language, replace, as_json)
        return
    overrides = _overrides(settings or [])
    render = _report_renderer(_one_of("--lang", language, ("fr", "en"))) if report else None
    with _guarded(as_json), _progress(enabled=not as_json) as progress:
        from engine.folders import require_free
        from engine.pipeline import run as run_folder
        from engine.runfolder import RUN_FILES, read_previous, write_run

        require_free(out, replace=replace, content=RUN_FILES)
        before = read_previous(previous) if previous is not None else None
        done = run_folder(
            folder,
            progress=progress,
            seed=seed,
            variant=variant,
            previous=before,
            least_change=least_change,
            **overrides,
        )
        progress("write")
        write_run(done, out, table_format="csv" if csv else "parquet", report=render, replace=replace)
    if as_json:
        _print_json(
            {"run": str(out), "summary": done.summary, "verdict": done.verdict.to_dict(), "seconds": done.seconds}
            | ({} if done.compared is None else {"changes": done.compared.to_dicts()})
        )
    else:
        _print_run(done, out)
    _exit_for(done.verdict, timed_out=done.stop == "time_limit")


def _run_year(
    folder: Path, out: Path, form: Literal["csv", "parquet"], report: bool, language: str, replace: bool, as_json: bool
) -> None:
    render = _report_renderer(_one_of("--lang", language, ("fr", "en"))) if report else None
    with _guarded(as_json), _progress(enabled=not as_json) as progress:
        from engine.year.page import render_year
        from engine.year.run import Form, run_year
        from engine.year.summary import print_year, year_record

        written = Form(form, render, language)
        page = partial(render_year, language="en" if language == "en" else "fr") if report else None
        done = run_year(folder, out, written, page, replace=replace, progress=progress)
    if as_json:
        _print_json({"run": str(out), **year_record(done)})
    else:
        print_year(done, out)
    if not done.holds:
        raise typer.Exit(VERDICT_FAILED)
    if done.stopped:
        raise typer.Exit(TIME_LIMIT)


@app.command()
def verify(
    folder: FolderOrYear,
    result: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder, ours or another's.", show_default=False)],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="OPTION=VALUE", help="An option the result was made under (may be repeated)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Audit an outcome, ours or one made elsewhere.

    Its options are those of its manifest, else those of the campaign. Of a year that was run: every campaign, and what
    each hands over to the next.
    """
    if (folder / "year.toml").exists():
        _verify_year(folder, result, as_json)
        return
    from engine.pipeline import campaign_options
    from engine.runaudit import audit_folder, campaign_of_run
    from engine.runfolder import read_manifest

    overrides = _overrides(settings or [])
    with _guarded(as_json):
        told = read_manifest(result)
        campaign = campaign_of_run(folder, told)
        made_under = told.options.model_dump(exclude_none=True) if told else {}
        options = campaign_options(campaign, {**made_under, **overrides})
        verdict, notes = audit_folder(campaign, result, told, options)
    if as_json:
        _print_json({**verdict.to_dict(), "notes": notes})
    else:
        for note in notes:
            typer.echo(f"note: {note}")
        _print_verdict(verdict, ours=False)
    _exit_for(verdict)


def _verify_year(folder: Path, result: Path, as_json: bool) -> None:
    from engine.year.audit import audit_year
    from engine.year.summary import print_handovers

    with _guarded(as_json):
        verdicts = audit_year(folder, result)
    if as_json:
        _print_json({name: verdict.to_dict() for name, verdict in verdicts.items()})
    else:
        for name, verdict in verdicts.items():
            typer.echo(f"{name}: {'holds' if verdict.holds else 'FAILS'}")
        print_handovers(verdicts["year"])
    if not all(verdict.holds for verdict in verdicts.values()):
        raise typer.Exit(VERDICT_FAILED)


@app.command()
def explain(
    folder: Folder,
    result: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.", show_default=False)],
    candidate: Annotated[str, typer.Argument(help="Identifier of the candidate.", show_default=False)],
    language: Annotated[str, typer.Option("--lang", help="fr or en.")] = "fr",
) -> None:
    """Tell one candidate the decision, wish by wish."""
    from engine.explain.explain import UnknownCandidate, explain_candidate
    from engine.pipeline import campaign_options
    from engine.runaudit import campaign_of_run
    from engine.runfolder import read_manifest, read_tables

    chosen: Literal["fr", "en"] = "en" if _one_of("--lang", language, ("fr", "en")) == "en" else "fr"
    with _guarded():
        tables, told = read_tables(result), read_manifest(result)
        assert told is not None  # read_tables refuses a folder without a manifest
        campaign = campaign_of_run(folder, told)
        options = campaign_options(campaign, told.options.model_dump(exclude_none=True))
        try:
            residual = options.extension == "residual"
            counted = options.link_points
            typer.echo(explain_candidate(campaign, tables, candidate, chosen, residual=residual, link_points=counted))
        except UnknownCandidate as error:
            _usage(str(error))


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
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV tables instead of Parquet.")] = False,
    report: Annotated[bool, typer.Option(help="Write report.html.")] = True,
    language: Annotated[str, typer.Option("--lang", help="Language of the report: fr or en.")] = "fr",
    replace: Replace = False,
    as_json: Json = False,
) -> None:
    """Set runs side by side: the campaign and its variants, which are run, and run folders, which are read.

    All are compared with the first: who wins and loses, points needed, experience, claims, distance to the frontier.
    """
    chosen: Literal["fr", "en"] = "en" if _one_of("--lang", language, ("fr", "en")) == "en" else "fr"
    campaigns = [folder for folder in folders if (folder / "campaign.toml").exists()]
    if len(campaigns) > 1:
        _usage(f"{campaigns[1]}: a second campaign; compare variants of one, or the run folders of both.")
    if variants and not campaigns:
        _usage("--variant: a variant is laid on a campaign; name its folder beside.")
    if len(folders) + len(variants or ()) < 2:
        _usage("nothing to compare with: name a second run folder, or --variant FILE beside a campaign.")
    with _guarded(as_json), _progress(enabled=not as_json) as progress:
        from engine.compare.compare import compare as compare_sides
        from engine.compare.page import render_comparison
        from engine.compare.running import Asked, sides_of
        from engine.compare.terminal import print_comparison
        from engine.compare.writing import COMPARISON_FILES, comparison_record, write_comparison
        from engine.folders import require_free
        from engine.variants.variant import read_variant

        require_free(out, replace=replace, content=COMPARISON_FILES)
        read = tuple(map(read_variant, variants or ()))
        runs = tuple(folder for folder in folders if folder not in campaigns)
        done = compare_sides(sides_of(Asked(next(iter(campaigns), None), read, runs, campaign, frontier), progress))
        progress("write")
        page = partial(render_comparison, language=chosen) if report else None
        write_comparison(done, out, table_format="csv" if csv else "parquet", page=page, replace=replace)
    if as_json:
        _print_json({"comparison": str(out), **comparison_record(done)})
    else:
        print_comparison(done, out)
    if not done.holds:
        raise typer.Exit(VERDICT_FAILED)
    if done.stopped:
        raise typer.Exit(TIME_LIMIT)


@app.command()
def generate(
    profile: Annotated[
        str, typer.Argument(help="Name of a profile or ready campaign, or a profile file.", show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Campaign folder to write.", show_default=False)],
    seed: Annotated[
        int | None,
        typer.Option(help="Seed of the population; the profile has a default.", min=0, max=LARGEST_SEED),
    ] = None,
    scale: Annotated[float, typer.Option(help="Size: 0.01 for a minute on a laptop, 10 for stress.", min=0.0001)] = 1.0,
    geography: Annotated[
        Path | None,
        typer.Option(help="Folder of real communes and schools, for intra profiles.", show_default=False),
    ] = None,
    links: Annotated[
        int | None, typer.Option(help="Pairs of linked requests; the profile has a default.", min=0, show_default=False)
    ] = None,
    later: Annotated[
        bool, typer.Option("--later", help="Draw late, changed, cancelled and corrected requests, and decisions.")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV tables instead of Parquet.")] = False,
) -> None:
    """Make a synthetic campaign, or year of campaigns, from a profile."""
    from scenarios.generate import ScenarioError
    from scenarios.generate import generate as generate_campaign

    with _guarded():
        try:
            form: Literal["csv", "parquet"] = "csv" if csv else "parquet"
            folder = generate_campaign(
                profile, out, seed=seed, scale=scale, format=form, geography=geography, links=links, later=later
            )
        except ScenarioError as error:
            _usage(str(error))
        typer.echo(f"{folder}")


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
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="OPTION=VALUE", help="Replace an option of the campaign (may be repeated)."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes; one for each processor by default.", min=1, show_default=False)
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Make the draws on the Dask cluster of this scheduler.", show_default=False
        ),
    ] = None,
    report: Annotated[bool, typer.Option(help="Write report.html.")] = True,
    language: Annotated[str, typer.Option("--lang", help="Language of the report: fr or en.")] = "fr",
    replace: Replace = False,
    as_json: Json = False,
) -> None:
    """Repeat a campaign with drawn lots, preferences or population: means, intervals, chances.

    What a stopped simulation has finished is not done again: give the same command.
    """
    overrides = _overrides(settings or [])
    chosen: Literal["fr", "en"] = "en" if _one_of("--lang", language, ("fr", "en")) == "en" else "fr"
    with _guarded(as_json):
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
        _print_json({"simulation": str(out), **done.summary}) if as_json else print_simulation(done)
    if done.num_failed:
        raise typer.Exit(VERDICT_FAILED)
    if done.stopped:
        raise typer.Exit(TIME_LIMIT)


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
    language: Annotated[str, typer.Option("--lang", help="fr or en.")] = "fr",
    as_json: Json = False,
) -> None:
    """Tell the chances to obtain each wish: of a candidate, or of so many points in a discipline."""
    chosen: Literal["fr", "en"] = "en" if _one_of("--lang", language, ("fr", "en")) == "en" else "fr"
    alone = discipline is not None and points is not None
    if (candidate is not None) == (discipline is not None or points is not None) or not (candidate or alone):
        _usage("Give --candidate, or --discipline and --points.")
    if candidate is not None and (origin or to):
        _usage("--from and --to go with --discipline and --points: a candidate has wishes of his own.")
    with _guarded(as_json):
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
                _usage(f"--points: {error}.")
            found = chances_of_points(read, str(discipline), thousandths, origin=origin, to=to)
        if as_json:
            _print_json(found.to_dict() | {"draws": read.manifest["draws_made"], "vary": read.manifest["vary"]})
        else:
            typer.echo(chances_in_words(found, read, chosen, origin))


@app.command()
def rules(
    rulebook: Annotated[
        str | None, typer.Argument(help="Name of a rulebook; none lists them.", show_default=False)
    ] = None,
    session: Annotated[int | None, typer.Option(help="Year of the rentrée; the latest one by default.")] = None,
    as_json: Json = False,
) -> None:
    """Show the values of a rulebook in a session, with their sources and how sure each is."""
    from engine.model.rulebook import Rulebook, RulebookError, rulebooks

    if rulebook is None:
        names = rulebooks()
        _print_json(list(names)) if as_json else typer.echo("\n".join(names))
        return
    try:
        book = Rulebook.load(rulebook)
        in_force = book.at(session if session is not None else book.manifest.last_session)
    except RulebookError as error:
        _usage(str(error))
    if as_json:
        from engine.runfolder import rule_record

        _print_json([rule_record(value) for value in in_force.values_used])
    else:
        _print_rules(in_force)


def main() -> None:
    """Entry point: a signal unwinds what is half written, and nobody sees a traceback for it."""
    signal.signal(signal.SIGTERM, _interrupted)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without some letter is no reason to fail
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _interrupted(signum: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def _guarded(as_json: bool = False) -> Iterator[None]:
    """Turns what may be wrong with an input or a disk into sentences and exit codes."""
    from engine.folders import TargetExists
    from engine.model.defects import InputRefused
    from engine.year.lock import InUse

    try:
        yield
    except InputRefused as refused:
        if as_json:
            _print_json({"defects": refused.defects.to_dicts(), "notes": refused.notes})
        else:
            for note in refused.notes:
                typer.echo(f"note: {note}", err=True)
            count = refused.defects.height
            typer.echo(
                f"{refused}\n\n{count} defect{'s' if count > 1 else ''}; nothing was changed or written.", err=True
            )
        raise typer.Exit(REFUSED) from None
    except (TargetExists, InUse) as error:
        _usage(str(error))
    except KeyboardInterrupt:
        typer.echo("interrupted; nothing half-written remains.", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        typer.echo(f"{error.filename or 'disk'}: {error.strerror}. Nothing half-written remains.", err=True)
        raise typer.Exit(REFUSED) from None


@contextmanager
def _progress(*, enabled: bool) -> Iterator[Callable[[str], None]]:
    """Names the stage on a terminal; silent in a pipe."""
    if not enabled or not sys.stderr.isatty():
        yield lambda stage: None
        return
    from rich.console import Console

    with Console(stderr=True).status("read") as status:
        yield lambda stage: status.update(stage)


def _varied(campaign: Campaign, variant: Path) -> Campaign:
    from engine.variants.vary import vary

    return vary(campaign, variant)


def _refuse_variant_of_year(variant: Path | None) -> None:
    if variant is not None:
        _usage("--variant: a variant is laid on one campaign; name the folder of one campaign of the year.")


def _overrides(settings: list[str]) -> dict[str, Any]:
    overrides: dict[str, Any] = {}
    for setting in settings:
        name, sign, text = setting.partition("=")
        if not sign or not name:
            _usage(f"--set {setting}: an option and its value, such as --set extension=residual, are expected.")
        try:
            overrides[name.strip()] = tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            overrides[name.strip()] = text
    return overrides


def _report_renderer(language: str) -> Callable[[AnyRun], str]:
    def render(done: AnyRun) -> str:
        from engine.report.report import render_report

        return render_report(done, "en" if language == "en" else "fr")

    return render


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        _usage(f"{option} {value}: one of {', '.join(allowed)} is expected.")
    return value


def _usage(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(USAGE)


def _exit_for(verdict: Verdict, *, timed_out: bool = False) -> None:
    if not verdict.holds:
        raise typer.Exit(VERDICT_FAILED)
    if timed_out:
        raise typer.Exit(TIME_LIMIT)


def _print_json(content: Any) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))


def _print_run(done: AnyRun, out: Path) -> None:
    from engine.terminal import print_summary

    print_summary(done)
    _print_verdict(done.verdict)
    seconds = ", ".join(f"{stage} {value:.2f} s" for stage, value in done.seconds.items())
    typer.echo(f"\n{out}  ({seconds})")


def _print_verdict(verdict: Verdict, *, ours: bool = True) -> None:
    from engine.terminal import print_verdict

    print_verdict(verdict, ours=ours)


def _print_rules(in_force: Any) -> None:
    from engine.terminal import print_rules

    print_rules(in_force)


if __name__ == "__main__":
    main()
