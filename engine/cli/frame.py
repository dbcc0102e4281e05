"""What surrounds every command: options read, signals and refusals told, results printed, exit codes."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import typer

from engine.cli.app import INTERRUPTED, REFUSED, TIME_LIMIT, USAGE, VERDICT_FAILED

if TYPE_CHECKING:
    from engine.runs import AnyRun


@contextmanager
def guarded(as_json: bool = False) -> Iterator[None]:
    """Turns what may be wrong with an input or a disk into sentences and exit codes."""
    from engine.folders import TargetExists
    from engine.model.defects import InputRefused
    from engine.year.lock import InUse

    try:
        yield
    except InputRefused as refused:
        if as_json:
            print_json({"defects": refused.defects.to_dicts(), "notes": refused.notes})
        else:
            for note in refused.notes:
                typer.echo(f"note: {note}", err=True)
            count = refused.defects.height
            typer.echo(
                f"{refused}\n\n{count} defect{'s' if count > 1 else ''}; nothing was changed or written.", err=True
            )
        raise typer.Exit(REFUSED) from None
    except (TargetExists, InUse) as error:
        usage(str(error))
    except KeyboardInterrupt:
        typer.echo("interrupted; nothing half-written remains.", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        typer.echo(f"{error.filename or 'disk'}: {error.strerror}. Nothing half-written remains.", err=True)
        raise typer.Exit(REFUSED) from None


@contextmanager
def stages(*, shown: bool) -> Iterator[Callable[[str], None]]:
    """Names the stage on a terminal; silent in a pipe."""
    if not shown or not sys.stderr.isatty():
        yield lambda stage: None
        return
    from rich.console import Console

    with Console(stderr=True).status("read") as status:
        yield lambda stage: status.update(stage)


def overrides_of(settings: list[str]) -> dict[str, Any]:
    overrides: dict[str, Any] = {}
    for setting in settings:
        name, sign, text = setting.partition("=")
        if not sign or not name:
            usage(f"--set {setting}: an option and its value, such as --set extension=residual, are expected.")
        try:
            overrides[name.strip()] = tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            overrides[name.strip()] = text
    return overrides


def language_of(value: str) -> Literal["fr", "en"]:
    """The language of --lang."""
    if value not in ("fr", "en"):
        usage(f"--lang {value}: one of fr, en is expected.")
    return "fr" if value == "fr" else "en"


def report_renderer(language: Literal["fr", "en"]) -> Callable[[AnyRun], str]:
    def render(done: AnyRun) -> str:
        from engine.report.report import render_report

        return render_report(done, language)

    return render


def refuse_variant_of_year(variant: Path | None) -> None:
    if variant is not None:
        usage("--variant: a variant is laid on one campaign; name the folder of one campaign of the year.")


def usage(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(USAGE)


def exit_for(*, holds: bool, stopped: bool = False) -> None:
    """Ends the command where a property fails or a search stopped at its time limit."""
    if not holds:
        raise typer.Exit(VERDICT_FAILED)
    if stopped:
        raise typer.Exit(TIME_LIMIT)


def print_json(content: Any) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))
