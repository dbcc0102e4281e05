"""What is kept of a draw: its figures, what it took to enter everywhere, what everybody had in the end."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.model.market import Ints
from engine.model.results import CUTOFF_KINDS, STATUSES
from engine.runs import Run
from engine.simulation.drawn import Drawn
from engine.simulation.experiment import ZONE_KEY, Experiment

HOLDS, FAILS, REFUSED = "holds", "fails", "refused"
SHARE_MOVED = "share_moved"
"""The figure precision is asked of: the share of candidates who move, by a wish or by extension."""

NOT_THERE = -1
"""Status of who was not drawn, kind of a cutoff that the draw has not."""

Codes = npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Record:
    """What is kept of a draw.

    Attributes
    ----------
    number : of the draw, from 1
    seed : of its lots
    verdict : holds or fails; refused where the draw gave no campaign that can be run
    failed : the properties that fail, or why it was refused
    stop : why the solver stopped
    figures : every number of the summary, by its path
    status : int8[n], of each candidate of the first campaign, a number of `STATUSES` or `NOT_THERE`; of who was drawn
        twice that of his first copy
    rank : int16[n], the rank in the first campaign of the wish he obtained, 0 = none
    cutoff_kind : int8[z], of each of `Experiment.zones`, a number of `CUTOFF_KINDS` or `NOT_THERE`
    cutoff_points : int64[z], thousandths; 0 where the kind is not wish
    entered : int32[z]
    """

    number: int
    seed: int
    verdict: str
    failed: tuple[str, ...]
    stop: str
    figures: dict[str, float]
    status: Codes
    rank: npt.NDArray[np.int16]
    cutoff_kind: Codes
    cutoff_points: Ints
    entered: npt.NDArray[np.int32]


ARRAYS = ("status", "rank", "cutoff_kind", "cutoff_points", "entered")
HEAD = ("number", "seed", "verdict", "failed", "stop", "figures")


def record_of(experiment: Experiment, number: int, seed: int, drawn: Drawn, run: Run) -> Record:
    """The record of a draw that was run."""
    status, rank = _fates(experiment, drawn, run)
    kind, points, entered = _entry(experiment, run)
    moved = run.outcomes["status"].is_in(["assigned", "extended"])
    figures = dict(flat_figures(run.summary)) | {SHARE_MOVED: float(moved.mean() or 0.0)}  # type: ignore[arg-type]
    failed = tuple(item.name for item in run.verdict.properties if item.status == "fails")
    verdict = HOLDS if run.verdict.holds else FAILS
    return Record(number, seed, verdict, failed, run.stop, figures, status, rank, kind, points, entered)


def record_of_refusal(experiment: Experiment, number: int, seed: int, why: str) -> Record:
    """The record of a draw that gave no campaign that can be run."""
    n, z = experiment.campaign.candidates.height, experiment.zones.height
    nothing = np.full(n, NOT_THERE, np.int8), np.zeros(n, np.int16), np.full(z, NOT_THERE, np.int8)
    return Record(number, seed, REFUSED, (why,), "refused", {}, *nothing, np.zeros(z, np.int64), np.zeros(z, np.int32))


def to_bytes(record: Record) -> bytes:
    """A record as the content of a file."""
    head = json.dumps({name: getattr(record, name) for name in HEAD}).encode()
    content = io.BytesIO()
    arrays = {name: getattr(record, name) for name in ARRAYS}
    np.savez_compressed(content, head=np.frombuffer(head, np.uint8), **arrays)
    return content.getvalue()


def head_of(content: Any) -> dict[str, Any]:
    """What a file of a record says beside its arrays."""
    found: dict[str, Any] = json.loads(content["head"].tobytes())
    return found


def flat_figures(summary: dict[str, Any], path: str = "") -> Iterator[tuple[str, float]]:
    """The numbers of nested figures, each under the names that lead to it, with points between."""
    for name, value in summary.items():
        if isinstance(value, dict):
            yield from flat_figures(value, f"{path}{name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{path}{name}", float(value)


def _fates(experiment: Experiment, drawn: Drawn, run: Run) -> tuple[Codes, npt.NDArray[np.int16]]:
    """What each candidate of the first campaign had: of several copies the first counts."""
    n = experiment.campaign.candidates.height
    numbers = dict(zip(STATUSES, range(len(STATUSES)), strict=True))
    asked = drawn.campaign.wishes.select("candidate_id", "rank", wish=pl.Series(drawn.wish))
    held = drawn.people.join(run.outcomes.select("candidate_id", "status", "rank"), on="candidate_id")
    held = held.filter(pl.col("copy") == 1).join(asked, on=["candidate_id", "rank"], how="left")
    source = held["source"].to_numpy()
    status, rank = np.full(n, NOT_THERE, np.int8), np.zeros(n, np.int16)
    status[source] = held["status"].replace_strict(numbers, return_dtype=pl.Int8).to_numpy()
    obtained = held.drop_nulls("wish")
    who = obtained["source"].to_numpy()
    rank[who] = obtained["wish"].to_numpy() - experiment.first_wish[who] + 1
    return status, rank


def _entry(experiment: Experiment, run: Run) -> tuple[Codes, Ints, npt.NDArray[np.int32]]:
    """The cutoffs of a run in the order of `Experiment.zones`."""
    numbers = dict(zip(CUTOFF_KINDS, range(len(CUTOFF_KINDS)), strict=True))
    figures = ("cutoff_kind", "cutoff_points", "entered")
    is_post = pl.col("post_id").is_not_null()
    keys = experiment.zones
    posts = (
        keys.filter(is_post)
        .select("post_id")
        .join(run.cutoffs.filter(is_post).select("post_id", *figures), on="post_id", how="left", maintain_order="left")
    )
    zones = keys.filter(~is_post).join(
        run.cutoffs.filter(~is_post), on=ZONE_KEY, how="left", nulls_equal=True, maintain_order="left"
    )
    found = pl.concat([posts.select(figures), zones.select(figures)])
    kind = found["cutoff_kind"].replace_strict(numbers, default=NOT_THERE, return_dtype=pl.Int8).to_numpy()
    points = found["cutoff_points"].fill_null(0).to_numpy()
    return kind, points, found["entered"].fill_null(0).cast(pl.Int32).to_numpy()
