"""Points of every wish with their breakdown: one pass over the wishes for each criterion that gives somebody points."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from engine.model.admissibility import calendar_notes
from engine.model.breakdown import BREAKDOWN_SCHEMA, breakdown
from engine.model.criteria.award import Award, evidence_missing, excluded_by
from engine.model.criteria.family import has_family_points
from engine.model.decisions import carried_out
from engine.model.movements import MOVEMENTS, Movement
from engine.model.overtime.corrections import (
    as_requested,
    corrected,
    corrected_facts,
    corrected_reach,
    of_candidates,
    unheard,
)
from engine.model.overtime.evidence import MISSING, told_why, with_evidence
from engine.model.rulebook import SessionRules
from engine.model.specifique.selection import with_selection

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

WISH_COLUMNS = ("candidate_id", "rank", "kind", "code", "school_type", "points", "kept_points", "admissible", "reason")
BIRTH_DATE = "birth_date"
"""The tie-break that is no criterion: the older first."""


@dataclass(frozen=True, eq=False)
class Scored:
    """A campaign with the points of its wishes.

    Attributes
    ----------
    wishes : candidate_id, rank, kind, code, school_type, points and kept_points (Int64 thousandths; kept_points are
        those that count in extension), admissible, reason (code or null), tie_1.. (Int64, larger is stronger, in the
        order declared), and where the movement has it precedence (Int32, larger is served before smaller ones whatever
        their points); one row per wish, sorted by candidate_id, rank
    requests : candidate_id, admissible, reason, kept_points_without_wishes (Int64, what depends on no wish); one row
        per candidate, sorted
    criteria : candidate_id, rank, criterion, points, source, reason: one row per criterion that gives points, or that
        is refused (points 0 and a reason); sorted by candidate_id, rank, criterion
    notes : what could not be judged because no text was read, and corrections that change nothing
    selection : where every post has an order of its own, the posts each wish reaches
        (`engine.model.specifique.selection`); None where the points of a wish count alike on all its posts
    """

    wishes: pl.DataFrame
    requests: pl.DataFrame
    criteria: pl.DataFrame
    notes: tuple[str, ...]
    selection: pl.DataFrame | None = None


def score(campaign: Campaign, rules: SessionRules) -> Scored:
    """Points of every wish of a campaign under the rules of a session.

    Row order of the tables has no effect. Without a rulebook (``"none"``) the points are those of the wishes, all of
    them kept in extension, and the older candidate comes first among equals. Decisions outside the barème are carried
    out on the scored wishes (`engine.model.decisions`).
    """
    return carried_out(campaign, _as_given(campaign) if rules.is_none else _by_rules(campaign, rules))


def _by_rules(campaign: Campaign, rules: SessionRules) -> Scored:
    movement, campaign = MOVEMENTS[rules.movement], as_requested(with_evidence(campaign, rules))
    corrections = campaign.corrections
    facts = movement.candidate_facts(campaign, rules)
    wishes = corrected_reach(movement.wish_facts(campaign, facts, rules), facts, corrections)
    candidates = corrected_facts(facts, corrections, rules)
    reasons = movement.request_reasons(candidates, rules).alias("request_reason")
    family = told_why(candidates, pl.col("family_refusal"), pl.col("family")).alias("family_refusal")
    candidates = candidates.with_columns(has_family_points(wishes, candidates), reasons, family)
    awards = {name: movement.criteria[name](rules) for name in rules.criteria}
    amounts = _weighed(candidates, of_candidates(_amounts(candidates, awards), corrections), awards)
    given = _active(awards, amounts, set(corrections["criterion"]))
    wishes = _giving_way(corrected(_with_points(wishes, amounts, given), amounts, given, corrections), given)
    kept = [name for name in given if rules.kept_in_extension(name)]
    scored = _wishes(movement, wishes, candidates, given, kept, rules)
    selection = None
    if movement.selection is not None:
        selection = movement.selection(campaign, wishes.hstack(scored.select("reason")), rules)
        scored = with_selection(scored, selection)
    return Scored(
        wishes=scored,
        requests=_requests(candidates, amounts, {name: given[name] for name in kept}),
        criteria=breakdown(wishes, amounts, given, rules),
        notes=(*calendar_notes(campaign, rules), *unheard(wishes, corrections)),
        selection=selection,
    )


def _as_given(campaign: Campaign) -> Scored:
    admissible = {"admissible": pl.lit(True), "reason": pl.lit(None, pl.String)}
    births = campaign.candidates.select("candidate_id", BIRTH_DATE)
    wishes = campaign.wishes.join(births, on="candidate_id", how="left").with_columns(
        pl.col("points").cast(pl.Int64), kept_points=pl.col("points").cast(pl.Int64), tie_1=_age(), **admissible
    )
    without = pl.lit(0, pl.Int64)
    requests = campaign.candidates.select("candidate_id", **admissible, kept_points_without_wishes=without)
    return Scored(
        wishes=wishes.select(*WISH_COLUMNS, "tie_1").sort("candidate_id", "rank"),
        requests=requests.sort("candidate_id"),
        criteria=pl.DataFrame(schema=BREAKDOWN_SCHEMA),
        notes=(),
    )


def _amounts(candidates: pl.DataFrame, awards: Mapping[str, Award]) -> pl.DataFrame:
    """Per candidate and criterion: the amount, the most, why it is refused (null where the amount is 0), what is left,
    and whether that is something."""
    claimed = [award.amount.cast(pl.Int64).alias(f"{name}:amount") for name, award in awards.items()]
    reasons = [_refusal(name, award, candidates).alias(f"{name}:reason") for name, award in awards.items()]
    granted = [
        pl.when(pl.col(f"{name}:reason").is_null()).then(f"{name}:amount").otherwise(0).alias(f"{name}:granted")
        for name in awards
    ]
    most = [award.most.alias(f"{name}:most") for name, award in awards.items()]
    table = candidates.select("candidate_id", *claimed, *reasons, *most).with_columns(granted)
    return table.with_columns((pl.col(f"{name}:granted") > 0).alias(f"{name}:gives") for name in awards)


def _weighed(candidates: pl.DataFrame, amounts: pl.DataFrame, awards: Mapping[str, Award]) -> pl.DataFrame:
    """The amounts without those that others exclude; ``NAME:excluded`` is why, null where they are not."""
    there = candidates.hstack(amounts.drop("candidate_id"))
    claimed = {name: pl.col(f"{name}:gives") | (pl.col(f"{name}:amount") != 0) for name in awards}
    excluded = there.select(
        pl.when(claimed[name]).then(award.excluded).alias(f"{name}:excluded") for name, award in awards.items()
    )
    reasons = [pl.coalesce(f"{name}:reason", f"{name}:excluded").alias(f"{name}:reason") for name in awards]
    left = [
        pl.when(pl.col(f"{name}:excluded").is_null()).then(f"{name}:granted").otherwise(0).alias(f"{name}:granted")
        for name in awards
    ]
    return amounts.hstack(excluded).with_columns(*reasons, *left)


def _refusal(name: str, award: Award, candidates: pl.DataFrame) -> pl.Expr:
    reason = pl.when(evidence_missing(name)).then(pl.lit(MISSING)).otherwise(award.refusal)
    return pl.when(award.amount != 0).then(told_why(candidates, reason, name))


def _active(awards: Mapping[str, Award], amounts: pl.DataFrame, named: Collection[str]) -> dict[str, Award]:
    """Criteria that give or refuse somebody something, and those named: the others need no pass over the wishes."""
    if not awards:
        return {}
    used = amounts.select((pl.col(f"{name}:amount") != 0).any().alias(name) for name in awards).row(0, named=True)
    return {name: award for name, award in awards.items() if used[name] or name in named}


def _with_points(wishes: pl.DataFrame, amounts: pl.DataFrame, given: Mapping[str, Award]) -> pl.DataFrame:
    """Adds per criterion what is granted to the candidate, and its points on each wish."""
    granted = amounts.select(pl.col(f"{name}:granted").gather(wishes["candidate"]) for name in given)
    return wishes.hstack(granted).with_columns(_on_wishes(name, award) for name, award in given.items())


def _giving_way(wishes: pl.DataFrame, given: Mapping[str, Award]) -> pl.DataFrame:
    """The points of each wish, those of a criterion taken away where the one it gives way to gives some."""
    pairs = [(name, award.gives_way_to) for name, award in given.items() if award.gives_way_to in given]
    for name, other in pairs:
        points, taken = pl.col(f"{name}:points"), pl.col(f"{other}:points") != 0
        changed = [pl.when(~taken).then(points).otherwise(0).alias(f"{name}:points")]
        if f"{name}:why" in wishes.columns:
            gone = pl.when(taken & (points != 0)).then(pl.lit(excluded_by(str(other))))
            changed.append(pl.coalesce(gone, f"{name}:why").alias(f"{name}:why"))
        wishes = wishes.with_columns(changed)
    return wishes


def _on_wishes(name: str, award: Award) -> pl.Expr:
    granted = pl.col(f"{name}:granted")
    points = granted if award.on_wish is None else pl.when(granted != 0).then(award.on_wish).otherwise(0)
    if award.covers is not None:
        points = pl.when(award.covers).then(points).otherwise(0)
    return points.alias(f"{name}:points")


def _wishes(
    movement: Movement,
    wishes: pl.DataFrame,
    candidates: pl.DataFrame,
    given: Mapping[str, Award],
    kept: list[str],
    rules: SessionRules,
) -> pl.DataFrame:
    births = candidates.select(_age().alias("age").gather(wishes["candidate"]))
    scored = wishes.hstack(births).with_columns(
        movement.wish_reasons(wishes, candidates, rules),
        points=_total(f"{name}:points" for name in given),
        kept_points=_total(_kept_column(name, given[name]) for name in kept),
    )
    ties = enumerate(rules.codes("tie_breaks", "order"), start=1)
    keys = {f"tie_{i}": _tie(name, given) for i, name in ties}
    columns = (*WISH_COLUMNS, *movement.columns, *keys)
    return scored.with_columns(admissible=pl.col("reason").is_null(), **keys).select(columns)


def _kept_column(name: str, award: Award) -> str:
    """A criterion that covers every wish is kept whole, even where one that is not kept takes its place."""
    return f"{name}:granted" if award.covers is None else f"{name}:points"


def _total(columns: Iterable[str]) -> pl.Expr:
    return pl.sum_horizontal(pl.lit(0, pl.Int64), *columns).cast(pl.Int64)


def _tie(name: str, given: Mapping[str, Award]) -> pl.Expr:
    if name == BIRTH_DATE:
        return pl.col("age")
    granted = pl.col(f"{name}:points") > 0 if name in given else pl.lit(False)
    return granted.cast(pl.Int64)


def _age() -> pl.Expr:
    """Int64: days from the birth date to a far day, so that the older is the larger; 0 where it is not known."""
    return (pl.lit(date.max) - pl.col(BIRTH_DATE)).dt.total_days().fill_null(0)


def _requests(candidates: pl.DataFrame, amounts: pl.DataFrame, kept: Mapping[str, Award]) -> pl.DataFrame:
    everywhere = [name for name, award in kept.items() if award.covers is None]
    without = amounts.with_columns(kept_points_without_wishes=_total(f"{name}:granted" for name in everywhere))
    requests = candidates.select("candidate_id", admissible=pl.col("request_reason").is_null(), reason="request_reason")
    return requests.with_columns(without["kept_points_without_wishes"])
