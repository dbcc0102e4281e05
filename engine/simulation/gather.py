"""From the records of the draws to tables: what each figure, each cutoff and each wish became on the whole.

Records are read one after the other, those of cutoffs a block of zones at a time: memory does not grow with the number
of draws, but for the figures themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.model.market import Ints
from engine.model.results import CUTOFF_KINDS, STATUSES
from engine.simulation.experiment import Experiment
from engine.simulation.record import HOLDS, NOT_THERE, REFUSED, head_of
from engine.simulation.seeds import Floats
from engine.simulation.statistics import QUANTILES, half_width, quantiles_of_columns, wilson
from engine.simulation.store import Store

CELLS = 2_000_000
"""Cutoffs held in memory at a time."""

ASSIGNED, WITHHELD = STATUSES.index("assigned"), STATUSES.index("withheld")
FREE, BY_POINTS = CUTOFF_KINDS.index("free"), CUTOFF_KINDS.index("wish")


@dataclass(frozen=True, eq=False)
class Gathered:
    """What the draws say.

    Attributes
    ----------
    draws : one row per draw: draw, seed, verdict, failed, stop, and its figures
    figures : name, draws, mean, sd, low, high (95 % interval of the mean), least, quantiles, most
    cutoffs : per post and zone: draws, shares of how it was, mean, sd, low, high, quantiles (points)
    cutoff_values : per post and zone, each cutoff in points that occurred and in how many draws
    wishes : per wish: draws, obtained, probability with its interval
    candidates : per candidate: draws, and the share of each status
    """

    draws: pl.DataFrame
    figures: pl.DataFrame
    cutoffs: pl.DataFrame
    cutoff_values: pl.DataFrame
    wishes: pl.DataFrame
    candidates: pl.DataFrame


def gather(experiment: Experiment, store: Store, counted: int) -> Gathered:
    """What the first `counted` draws say."""
    draws, figures = _draws(store, counted)
    cutoffs, values = _cutoffs(experiment, store, counted)
    wishes, candidates = _fates(experiment, store, counted)
    return Gathered(draws, figures, cutoffs, values, wishes, candidates)


def _draws(store: Store, counted: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The table of draws and that of figures. A count that a draw does not name is 0 in it; a share is unknown."""
    heads, columns = list[dict[str, object]](), dict[str, Floats]()
    for number in range(1, counted + 1):
        with store.read(number) as content:
            head = head_of(content)
        for name, value in head.pop("figures").items():
            column = columns.get(name)
            if column is None:
                column = columns[name] = np.full(counted, np.nan)
            column[number - 1] = value
        heads.append({**head, "failed": ", ".join(head["failed"])})
    known = pl.DataFrame(heads).select(pl.col("number").alias("draw"), "seed", "verdict", "failed", "stop")
    run = (known["verdict"] != REFUSED).to_numpy()
    for name in (name for name in columns if not _is_share(name)):
        columns[name][np.isnan(columns[name]) & run] = 0
    frame = pl.DataFrame({name: pl.Series(values).fill_nan(None) for name, values in columns.items()})
    return known.hstack(frame), _figures(columns)


def _is_share(name: str) -> bool:
    return name.split(".")[-1].startswith("share")


def _figures(columns: dict[str, Floats]) -> pl.DataFrame:
    schema = {"name": pl.String, "draws": pl.Int64, **dict.fromkeys(("mean", "sd", "low", "high", "least"), pl.Float64)}
    schema |= dict.fromkeys((*QUANTILES, "most"), pl.Float64)
    rows = [(name, *_described(values[~np.isnan(values)])) for name, values in columns.items()]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _described(values: Floats) -> tuple[float | int | None, ...]:
    """draws, mean, sd, low, high, least, quantiles, most."""
    mean, half = float(values.mean()), half_width(values)
    spread = (float(values.std(ddof=1)), mean - half, mean + half) if len(values) > 1 else (None, None, None)
    inner = np.quantile(values, list(QUANTILES.values()), method="inverted_cdf")
    return len(values), mean, *spread, float(values.min()), *map(float, inner), float(values.max())


def _cutoffs(experiment: Experiment, store: Store, counted: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    zones = experiment.zones
    step = max(1, CELLS // counted)
    parts = [
        _block(zones[first : first + step], store, counted, slice(first, first + step))
        for first in range(0, max(1, zones.height), step)
    ]
    cutoffs, values = pl.concat([part[0] for part in parts]), pl.concat([part[1] for part in parts])
    return cutoffs.filter(pl.col("draws") > 0), values


def _block(zones: pl.DataFrame, store: Store, counted: int, which: slice) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The cutoffs of some zones: described, and one by one."""
    kind, points = np.empty((counted, zones.height), np.int8), np.empty((counted, zones.height), np.int64)
    entered = np.zeros(zones.height)
    for row, content in _records(store, counted):
        kind[row], points[row] = content["cutoff_kind"][which], content["cutoff_points"][which]
        entered += content["entered"][which]
    there, by_points = (kind != NOT_THERE).sum(axis=0), kind == BY_POINTS
    decided = by_points.sum(axis=0)
    some, trials = np.maximum(there, 1), np.maximum(decided, 1)
    mean = np.where(by_points, points, 0).sum(axis=0) / trials
    deviation = np.sqrt(np.where(by_points, (points - mean) ** 2, 0).sum(axis=0) / np.maximum(decided - 1, 1))
    half = _half_widths(decided) * deviation
    free = (kind == FREE).sum(axis=0)
    has_mean, has_spread = pl.Series(decided > 0), pl.Series(decided > 1)
    table = zones.with_columns(
        draws=pl.Series(there),
        share_free=pl.Series(free / some),
        share_by_points=pl.Series(decided / some),
        share_closed=pl.Series((there - free - decided) / some),
        entered=pl.Series(entered / some),
        mean=pl.when(has_mean).then(pl.Series(mean / 1000)),
        sd=pl.when(has_spread).then(pl.Series(deviation / 1000)),
        low=pl.when(has_spread).then(pl.Series((mean - half) / 1000)),
        high=pl.when(has_spread).then(pl.Series((mean + half) / 1000)),
        **{
            name: pl.when(has_mean).then(pl.Series(row))
            for name, row in zip(QUANTILES, quantiles_of_columns(points, by_points), strict=True)
        },
    )
    return table, _values(zones, points, by_points)


def _half_widths(counts: Ints) -> Floats:
    """float64[z]: what a standard deviation is multiplied with to give half of the interval of the mean."""
    from scipy.special import stdtrit

    some = np.maximum(counts, 2)
    half: Floats = stdtrit(some - 1, 0.975) / np.sqrt(some)
    return half


def _values(zones: pl.DataFrame, points: Ints, by_points: npt.NDArray[np.bool_]) -> pl.DataFrame:
    """Each cutoff in points that occurred: zone, cutoff_points, draws."""
    zone = np.broadcast_to(np.arange(zones.height), points.shape)[by_points]
    rows = pl.DataFrame({"zone": zone, "cutoff_points": points[by_points]})
    counts = rows.group_by("zone", "cutoff_points").agg(draws=pl.len().cast(pl.Int64)).sort("zone", "cutoff_points")
    return pl.concat([zones[counts["zone"]], counts.drop("zone")], how="horizontal")


def _fates(experiment: Experiment, store: Store, counted: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """How often each wish was obtained, and what became of each candidate."""
    campaign, first = experiment.campaign, experiment.first_wish
    obtained = np.zeros(campaign.wishes.height, np.int64)
    fates = np.zeros((len(STATUSES), campaign.candidates.height), np.int64)
    for _, content in _records(store, counted):
        status, rank = content["status"], content["rank"]
        for number in range(len(STATUSES)):
            fates[number] += status == number
        who = np.flatnonzero((status == ASSIGNED) & (rank > 0))
        obtained[first[who] + rank[who] - 1] += 1
    known = fates.sum(axis=0) - fates[WITHHELD]
    trials = np.repeat(known, np.diff(first))
    low, high = wilson(obtained, trials)
    scored = experiment.scored.wishes.select(
        "candidate_id", "rank", "kind", "code", "school_type", "points", "admissible"
    )
    wishes = scored.with_columns(
        draws=pl.Series(trials),
        obtained=pl.Series(obtained),
        probability=pl.Series(np.where(trials > 0, obtained / np.maximum(trials, 1), np.nan)).fill_nan(None),
        low=pl.Series(low),
        high=pl.Series(high),
    )
    shares = {
        f"share_{name}": pl.Series(fates[number] / np.maximum(known, 1))
        for number, name in enumerate(STATUSES)
        if number != WITHHELD
    }
    people = campaign.candidates.select("candidate_id", "discipline", "held_post", "mandatory")
    return wishes, people.with_columns(draws=pl.Series(known), **shares)


def _records(store: Store, counted: int) -> Iterator[tuple[int, dict[str, npt.NDArray[np.int64]]]]:
    for number in range(1, counted + 1):
        with store.read(number) as content:
            yield number - 1, content


def num_failed(draws: pl.DataFrame) -> int:
    """Draws whose verdict fails, or that gave no campaign that can be run."""
    return draws.filter(pl.col("verdict") != HOLDS).height
