"""A simulation on a terminal: how far it is, how it was stopped, its main figures."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from engine.simulation.folder import Simulation
from engine.simulation.store import DRAWS, partial_folder

SHOWN = {
    "share_moved": "share of candidates who move",
    "holders.moved": "holders who moved",
    "holders.on_wish_1": "  of them on wish 1",
    "mandatory.on_wish_1": "mandatory on wish 1",
    "mandatory.extended": "mandatory extended",
    "mandatory.unassigned": "mandatory without a post",
    "chains.filled_by_chains": "seats filled that others freed",
}
FAILED_SHOWN = 5


@contextmanager
def progress_bar(*, enabled: bool) -> Iterator[Callable[[int, int], None]]:
    """Draws finished and time left, on a terminal; silent in a pipe."""
    if not enabled or not sys.stderr.isatty():
        yield lambda finished, planned: None
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("draws"), TimeElapsedColumn(), TextColumn("left:"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("draws", total=None)
        yield lambda finished, planned: bar.update(task, completed=finished, total=planned)


def stopped(target: Path) -> str:
    """What to say to who interrupted a simulation."""
    folder = partial_folder(target)
    kept = len(list((folder / DRAWS).glob("*.npz"))) if folder.is_dir() else 0
    if not kept:
        return "interrupted; nothing half-written remains."
    return f"interrupted; {kept} finished draws are kept in {folder}. The same command goes on from there."


def print_simulation(done: Simulation) -> None:
    """The main figures with their intervals, the draws that fail."""
    console, manifest = Console(highlight=False, soft_wrap=True), done.manifest
    early = ", stopped early at the precision asked for" if manifest["stopped_early"] else ""
    made = f"{manifest['draws_made']} draws of {', '.join(manifest['vary'])}, seed {manifest['seed']}{early}"
    overlay = "" if manifest["variant"] is None else f", variant {manifest['variant']['id']}"
    console.print(f"[bold]{manifest['campaign']['id']}{overlay}[/]  {made}")
    table = Table(box=None, pad_edge=False)
    for column in ("", "mean", "95% interval of it", "95% of the draws"):
        table.add_column(column, justify="left" if not column else "right")
    rows = {row["name"]: row for row in done.figures.iter_rows(named=True)}
    for name in (name for name in SHOWN if name in rows):
        row = rows[name]
        interval = "–" if row["low"] is None else f"{_short(row['low'])} to {_short(row['high'])}"
        table.add_row(SHOWN[name], _short(row["mean"]), interval, f"{_short(row['q025'])} to {_short(row['q975'])}")
    console.print(table)
    _print_failures(console, done)
    console.print(f"\n{done.folder}")


def _print_failures(console: Console, done: Simulation) -> None:
    for row in done.summary["failed"][:FAILED_SHOWN]:
        console.print(f"[bold red]draw {row['draw']}[/], seed {row['seed']}, {row['verdict']}: {row['failed']}")
    if done.num_failed:
        console.print(f"{done.num_failed} of {done.summary['draws']} draws do not hold; all are kept and counted.")
    else:
        console.print("The verdict of every draw holds.")
    if done.stopped:
        console.print(f"In {done.stopped} draws a search stopped at its time limit.")


def _short(value: float) -> str:
    return f"{value:.4f}" if abs(value) < 1 and value != 0 else f"{value:,.1f}"
