"""Points corrected by an authority after they were shown: one criterion of one candidate, on one wish or on all.

A correction puts its points in the place of what the criterion gives. Everything that hangs on the criterion is then
weighed anew, as it would be in a request whose evidence had said so:

- corrected on every wish, a criterion is as if its evidence had arrived (some points) or had not (none): what follows
  it follows or falls, and a family strategy that gets points is the strategy of the request;
- criteria that exclude it, or give way to it, do so by the points as corrected;
- a maximum of the text holds for corrected points too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from engine.model.criteria.award import NO_REASON, Award
from engine.model.criteria.family import STRATEGIES
from engine.model.overtime.evidence import MISSING, NOTHING
from engine.model.sessionrules import SessionRules

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

CAPPED = "corrected_over_maximum"
"""Why a correction counts for less than it says."""

EVERYWHERE = pl.col("rank").is_null()
POSITIVE = pl.col("points") > 0


def as_requested(campaign: Campaign) -> Campaign:
    """The campaign whose candidates say of their evidence and strategy what the corrections on every wish make of them.

    Returns
    -------
    Campaign, its candidates with the added column corrected_to_nothing (criteria, blanks between)
    """
    rows = campaign.corrections.filter(EVERYWHERE)
    if rows.is_empty():
        return campaign
    named = pl.col("criterion")
    told = rows.group_by("candidate_id", maintain_order=True).agg(
        given=named.filter(POSITIVE),
        nothing=named.filter(~POSITIVE),
        strategy=named.filter(POSITIVE & named.is_in(STRATEGIES)).first(),
    )
    candidates = campaign.candidates.join(told, on="candidate_id", how="left", maintain_order="left")
    none = pl.lit([], pl.List(pl.String))
    given, nothing = (pl.col(name).fill_null(none) for name in ("given", "nothing"))
    missing = pl.col(MISSING).str.split(" ").fill_null(none).list.set_difference(given).list.set_union(nothing)
    candidates = candidates.with_columns(
        pl.when(missing.list.len() > 0).then(missing.list.sort().list.join(" ")).alias(MISSING),
        pl.when(nothing.list.len() > 0).then(nothing.list.join(" ")).alias(NOTHING),
        family=pl.coalesce("strategy", "family"),
    )
    return replace(campaign, candidates=candidates.drop(told.columns[1:]))


def corrected_facts(candidates: pl.DataFrame, corrections: pl.DataFrame, rules: SessionRules) -> pl.DataFrame:
    """Candidate facts that a correction to some points decides: the strategy is granted, and so is its separation."""
    rows = corrections.filter(POSITIVE)
    strategy = rows.filter(pl.col("criterion").is_in(STRATEGIES))["candidate_id"]
    refusal = pl.when(~pl.col("candidate_id").is_in(strategy.implode())).then("family_refusal").alias("family_refusal")
    separation = rows.filter(pl.col("criterion") == "separation")
    separated = separation.group_by("candidate_id").agg(years_points=pl.col("points").max())
    if separated.is_empty() or "granted_half_years" not in candidates.columns:  # nothing hangs on it at the intra
        return candidates.with_columns(refusal)
    found = candidates.join(separated, on="candidate_id", how="left", maintain_order="left")
    half_years = pl.coalesce(_half_years_of("years_points", rules), "granted_half_years")
    return found.with_columns(refusal, granted_half_years=half_years).drop("years_points")


def _half_years_of(points: str, rules: SessionRules) -> pl.Expr:
    """The fewest half-years of separation that give so many points, all of them where none do."""
    series = rules.series("separation", "by_half_years")
    fewer = pl.sum_horizontal(pl.lit(most, pl.Int64) < pl.col(points) for most in series[:-1])
    return pl.when(pl.col(points).is_not_null()).then(fewer.cast(pl.Int64) + 1)


def corrected_reach(wishes: pl.DataFrame, candidates: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """Wish facts, the family strategy reaching a wish on which it is corrected only if it gets points there.

    A strategy that is refused, and has points on some wishes by correction, reaches these alone.
    """
    precise = corrections.drop_nulls("rank").filter(pl.col("criterion").is_in(STRATEGIES))
    if precise.is_empty():
        return wishes
    refused = candidates.drop_nulls("family_refusal")["candidate_id"].implode()
    alone = precise.filter(POSITIVE & pl.col("candidate_id").is_in(refused))["candidate_id"].implode()
    reach = precise.select("candidate_id", "rank", reached=POSITIVE)
    found = wishes.join(reach, on=["candidate_id", "rank"], how="left", maintain_order="left")
    otherwise = pl.col("in_family_reach") & ~pl.col("candidate_id").is_in(alone)
    return found.with_columns(in_family_reach=pl.coalesce("reached", otherwise)).drop("reached")


def of_candidates(amounts: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """Amounts of the candidates, what is granted replaced where it is corrected on every wish.

    Parameters
    ----------
    amounts : candidate_id and, per criterion, ``NAME:granted``, ``NAME:gives`` (it gives points on some wish, as far as
        the candidate goes), ``NAME:most`` and ``NAME:reason``
    """
    for name, rows in _by_criterion(corrections):
        everywhere = rows.filter(EVERYWHERE).select("candidate_id", points="points")
        amounts = amounts.join(everywhere, on="candidate_id", how="left", maintain_order="left")
        known, somewhere = pl.col("points").is_not_null(), rows.filter(POSITIVE)["candidate_id"].implode()
        gives = pl.when(known).then(POSITIVE).otherwise(f"{name}:gives") | pl.col("candidate_id").is_in(somewhere)
        granted = pl.when(known).then(pl.min_horizontal("points", f"{name}:most")).otherwise(f"{name}:granted")
        reason = pl.when(~(known & POSITIVE)).then(f"{name}:reason")
        told = {f"{name}:granted": granted, f"{name}:gives": gives, f"{name}:reason": reason}
        amounts = amounts.with_columns(expr.alias(column) for column, expr in told.items()).drop("points")
    return amounts


def corrected(
    wishes: pl.DataFrame, amounts: pl.DataFrame, given: Mapping[str, Award], corrections: pl.DataFrame
) -> pl.DataFrame:
    """Wish facts with the corrected points, and what is told of them.

    Parameters
    ----------
    wishes : wish facts with ``NAME:granted`` and ``NAME:points`` of every criterion of `given`
    amounts : per candidate, with ``NAME:most`` and ``NAME:excluded``
    corrections : rows of the table; one without a rank is for every wish the criterion covers

    Returns
    -------
    The wishes, for every criterion corrected with ``NAME:corrected`` (the correction, null where there is none) and
    ``NAME:why`` (code of why the points are not those of the correction, or none)
    """
    for name, rows in _by_criterion(corrections):
        wishes = _one(wishes, amounts, name, given[name], rows)
    return wishes


def unheard(wishes: pl.DataFrame, corrections: pl.DataFrame) -> tuple[str, ...]:
    """A note for every correction that changes no wish, its criterion covering none of the candidate's.

    Parameters
    ----------
    wishes : as `corrected` gives them
    """
    marks = [wishes[f"{name}:corrected"] for name, _ in _by_criterion(corrections)]
    lost = corrections.filter(~pl.col("correction_id").is_in(pl.concat(marks).implode())) if marks else corrections
    return tuple(
        f"correction {row['correction_id']} changes nothing: {row['criterion']} covers no wish of {row['candidate_id']}"
        "; a rank says which wish is meant"
        for row in lost.sort("correction_id").iter_rows(named=True)
    )


def _by_criterion(corrections: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    for name in corrections["criterion"].unique().sort():
        yield name, corrections.filter(pl.col("criterion") == name)


def _one(wishes: pl.DataFrame, amounts: pl.DataFrame, name: str, award: Award, rows: pl.DataFrame) -> pl.DataFrame:
    covers = pl.lit(True) if award.covers is None else award.covers
    asked = wishes.select("candidate_id", "rank", "candidate", covered=covers)
    everywhere = rows.filter(EVERYWHERE).select("candidate_id", "correction_id", "points")
    precise = rows.drop_nulls("rank").select("candidate_id", "rank", own_id="correction_id", own="points")
    found = asked.join(everywhere, on="candidate_id", how="left", maintain_order="left")
    found = found.join(precise, on=["candidate_id", "rank"], how="left", maintain_order="left")
    limits = amounts.select(pl.col(f"{name}:most", f"{name}:excluded").gather(found["candidate"]))
    limits.columns = ["most", "excluded"]
    of_all = {column: pl.when("covered").then(column) for column in ("correction_id", "points")}
    found = found.hstack(limits).select(
        "most",
        "excluded",
        mark=pl.coalesce("own_id", of_all["correction_id"]),
        points=pl.coalesce("own", of_all["points"]),
    )
    capped = pl.min_horizontal("points", "most")
    counted = found.select(
        pl.col("mark").alias(f"{name}:corrected"),
        pl.when(pl.col("excluded").is_null()).then(capped).otherwise(0).alias("#points"),
        _why().alias(f"{name}:why"),
    )
    changed = [f"{name}:points", *([f"{name}:granted"] if award.covers is None else [])]
    marked = pl.col(f"{name}:corrected").is_not_null()
    return (
        wishes.hstack(counted)
        .with_columns(pl.when(marked).then("#points").otherwise(column).alias(column) for column in changed)
        .drop("#points")
    )


def _why() -> pl.Expr:
    """What is told of corrected points beside the correction itself."""
    nothing = pl.when(pl.col("points") == 0).then(pl.lit(NOTHING))
    return pl.coalesce(nothing, "excluded", pl.when(pl.col("points") > pl.col("most")).then(pl.lit(CAPPED)), NO_REASON)
