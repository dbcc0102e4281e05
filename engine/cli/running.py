"""Commands about runs: run, verify, explain."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from engine.cli.app import (
    LARGEST_SEED,
    Csv,
    Folder,
    FolderOrYear,
    Json,
    Language,
    Replace,
    Report,
    ReportLanguage,
    Set,
    VariantFile,
    app,
)
from engine.cli.frame import (
    exit_for,
    guarded,
    language_of,
    overrides_of,
    print_json,
    refuse_variant_of_year,
    report_renderer,
    stages,
    usage,
)

if TYPE_CHECKING:
    from engine.runs import AnyRun
    from engine.verify.verdict import Verdict


@app.command()
def run(
    folder: FolderOrYear,
    out: Annotated[Path, typer.Option("--out", "-o", help="Run folder to write.", show_default=False)],
    settings: Set = None,
    seed: Annotated[int | None, typer.Option(help="Replace the seed of the campaign.", min=0, max=LARGEST_SEED)] = None,
    previous: Annotated[
        Path | None,
        typer.Option(help="Run folder of the same rules made before: say who changes, and why.", show_default=False),
    ] = None,
    least_change: Annotated[
        bool, typer.Option("--least-change", help="With --previous: keep everybody who need not move.")
    ] = False,
    variant: VariantFile = None,
    csv: Csv = False,
    report: Report = True,
    language: ReportLanguage = "fr",
    replace: Replace = False,
    as_json: Json = False,
) -> None:
    """Run a campaign: check, score, solve, verify, report.

    A folder with year.toml is a year of several campaigns: each is run in its order, the results of one being input of
    the next. What a stopped run of a year finished is not done again.
    """
    if (folder / "year.toml").exists():
        if settings or seed is not None:
            usage("--set and --seed: the options and the seed of each campaign of a year stand in its campaign.toml.")
        if previous is not None or least_change:
            usage("--previous and --least-change: a campaign is compared with a run of it, a year is not.")
        refuse_variant_of_year(variant)
        _run_year(folder, out, "csv" if csv else "parquet", report, language, replace, as_json)
        return
    if least_change and previous is None:
        usage("--least-change: name the run that people keep their posts of, with --previous RUN.")
    overrides = overrides_of(settings or [])
    render = report_renderer(language_of(language)) if report else None
    with guarded(as_json), stages(shown=not as_json) as progress:
        from engine.folders import require_free
        from engine.pipeline import run as run_folder
        from engine.runfolder import RUN_FILES, write_run
        from engine.runreading import read_previous

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
        print_json(
            {"run": str(out), "summary": done.summary, "verdict": done.verdict.to_dict(), "seconds": done.seconds}
            | ({} if done.compared is None else {"changes": done.compared.to_dicts()})
        )
    else:
        _print_run(done, out)
    exit_for(holds=done.verdict.holds, stopped=done.stop == "time_limit")


def _run_year(
    folder: Path, out: Path, form: Literal["csv", "parquet"], report: bool, language: str, replace: bool, as_json: bool
) -> None:
    render = report_renderer(language_of(language)) if report else None
    with guarded(as_json), stages(shown=not as_json) as progress:
        from engine.year.page import render_year
        from engine.year.run import Form, run_year
        from engine.year.summary import print_year, year_record

        written = Form(form, render, language)
        page = partial(render_year, language=language_of(language)) if report else None
        done = run_year(folder, out, written, page, replace=replace, progress=progress)
    if as_json:
        print_json({"run": str(out), **year_record(done)})
    else:
        print_year(done, out)
    exit_for(holds=done.holds, stopped=done.stopped)


@app.command()
def verify(
    folder: FolderOrYear,
    result: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder, ours or another's.", show_default=False)],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="OPTION=VALUE", help="An option the result was made under (may be repeated)."),
    ] = None,
    variant: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Variant the result was made under.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Audit an outcome, ours or one made elsewhere.

    Its options and its variant are those of its manifest, else those of the campaign. Of a year that was run: every
    campaign, and what each hands over to the next.
    """
    if (folder / "year.toml").exists():
        refuse_variant_of_year(variant)
        _verify_year(folder, result, as_json)
        return
    from engine.pipeline import campaign_options
    from engine.runaudit import audit_folder, campaign_of_run
    from engine.runmanifest import read_manifest

    overrides = overrides_of(settings or [])
    with guarded(as_json):
        told = read_manifest(result)
        campaign = campaign_of_run(folder, told, variant)
        made_under = told.options.model_dump(exclude_none=True) if told else {}
        options = campaign_options(campaign, {**made_under, **overrides})
        verdict, notes = audit_folder(campaign, result, told, options)
    if as_json:
        print_json({**verdict.to_dict(), "notes": notes})
    else:
        for note in notes:
            typer.echo(f"note: {note}")
        _print_verdict(verdict, ours=False)
    exit_for(holds=verdict.holds)


def _verify_year(folder: Path, result: Path, as_json: bool) -> None:
    from engine.year.audit import audit_year
    from engine.year.summary import print_handovers

    with guarded(as_json):
        verdicts = audit_year(folder, result)
    if as_json:
        print_json({name: verdict.to_dict() for name, verdict in verdicts.items()})
    else:
        for name, verdict in verdicts.items():
            typer.echo(f"{name}: {'holds' if verdict.holds else 'FAILS'}")
        print_handovers(verdicts["year"])
    exit_for(holds=all(verdict.holds for verdict in verdicts.values()))


@app.command()
def explain(
    folder: Folder,
    result: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.", show_default=False)],
    candidate: Annotated[str, typer.Argument(help="Identifier of the candidate.", show_default=False)],
    language: Language = "fr",
) -> None:
    """Tell one candidate the decision, wish by wish."""
    from engine.explain.explain import UnknownCandidate, explain_candidate
    from engine.pipeline import campaign_options
    from engine.runaudit import campaign_of_run
    from engine.runmanifest import read_manifest
    from engine.runreading import read_tables

    chosen = language_of(language)
    with guarded():
        tables, told = read_tables(result), read_manifest(result)
        assert told is not None  # read_tables refuses a folder without a manifest
        campaign = campaign_of_run(folder, told)
        options = campaign_options(campaign, told.options.model_dump(exclude_none=True))
        try:
            residual = options.extension == "residual"
            counted = options.link_points
            typer.echo(explain_candidate(campaign, tables, candidate, chosen, residual=residual, link_points=counted))
        except UnknownCandidate as error:
            usage(str(error))


def _print_run(done: AnyRun, out: Path) -> None:
    from engine.terminal import print_summary

    print_summary(done)
    _print_verdict(done.verdict)
    seconds = ", ".join(f"{stage} {value:.2f} s" for stage, value in done.seconds.items())
    typer.echo(f"\n{out}  ({seconds})")


def _print_verdict(verdict: Verdict, *, ours: bool = True) -> None:
    from engine.terminal import print_verdict

    print_verdict(verdict, ours=ours)
