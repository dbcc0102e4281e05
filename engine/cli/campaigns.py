"""Commands about a campaign before it is run: check, score, generate, rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from engine.cli.app import LARGEST_SEED, Csv, Folder, FolderOrYear, Json, Replace, VariantFile, app
from engine.cli.frame import guarded, print_json, refuse_variant_of_year, usage


@app.command()
def check(folder: FolderOrYear, variant: VariantFile = None, as_json: Json = False) -> None:
    """List every defect of a campaign, or of the campaigns of a year, and change nothing."""
    from engine.model.campaign import read_campaign
    from engine.pipeline import campaign_options, campaign_under

    if (folder / "year.toml").exists():
        refuse_variant_of_year(variant)
        from engine.year.plan import read_plan

        with guarded(as_json):
            steps = read_plan(folder).steps
        for step in steps:
            check(step.folder, as_json=as_json)
        return
    with guarded(as_json):
        campaign = read_campaign(folder)
        if variant is not None:
            campaign = campaign_under(campaign, variant)
        campaign_options(campaign)
        if as_json:
            print_json({"defects": [], "notes": campaign.notes})
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
    variant: VariantFile = None,
    csv: Csv = False,
    replace: Replace = False,
) -> None:
    """Compute the points of every wish with their breakdown."""
    from engine.folders import new_folder
    from engine.model.campaign import read_campaign
    from engine.model.scoring import score as score_wishes
    from engine.pipeline import campaign_under
    from engine.runfolder import published, scored_tables, write_table

    with guarded():
        campaign = read_campaign(folder)
        if variant is not None:
            campaign = campaign_under(campaign, variant)
        scored = score_wishes(campaign, campaign.rules)
        tables = scored_tables(scored)
        files = {f"{name}.{form}" for name in tables for form in ("parquet", "csv")}
        with new_folder(out, replace=replace, content=files) as draft:
            for name, table in tables.items():
                write_table(draft, name, published(table), "csv" if csv else "parquet")
        typer.echo(f"{scored.wishes.height} wishes scored: {out}")


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
    csv: Csv = False,
) -> None:
    """Make a synthetic campaign, or year of campaigns, from a profile."""
    from scenarios.generate import ScenarioError
    from scenarios.generate import generate as generate_campaign

    with guarded():
        try:
            form: Literal["csv", "parquet"] = "csv" if csv else "parquet"
            folder = generate_campaign(
                profile, out, seed=seed, scale=scale, format=form, geography=geography, links=links, later=later
            )
        except ScenarioError as error:
            usage(str(error))
        typer.echo(f"{folder}")


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
    from engine.terminal import print_rules

    if rulebook is None:
        names = rulebooks()
        print_json(list(names)) if as_json else typer.echo("\n".join(names))
        return
    try:
        book = Rulebook.load(rulebook)
        in_force = book.at(session if session is not None else book.manifest.last_session)
    except RulebookError as error:
        usage(str(error))
    if as_json:
        from engine.runmanifest import rule_record

        print_json([rule_record(value) for value in in_force.values_used])
    else:
        print_rules(in_force)
