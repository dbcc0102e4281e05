"""P11, P13, P14: the figures published reproduce the services, the bounds are proven anew, the bytes are the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from engine.verify.sentences import Listed, Share, Thousandths, sentence
from engine.verify.tzr.arenas import Arena
from engine.verify.tzr.audit import AdjustmentAudit
from engine.verify.tzr.services import hours
from engine.verify.verdict import WHOLE, Property, checked, not_applicable, violations

MAX_STEPS = 200_000_000
P11_TITLE = sentence("tzr_p11_title")
P14_TITLE = sentence("p14_title")


def p11_figures(audit: AdjustmentAudit) -> Property:
    """Hours and schools of every TZR, hours and TZR of every block are those of the needs given."""
    tzr, blocks, needs = audit.result.tzr, audit.result.blocks, audit.result.needs
    if tzr is None or blocks is None or "block" not in needs.columns:
        return not_applicable("P11", P11_TITLE, sentence("no_figures"))
    names = audit.staff.select("candidate_id", "discipline")
    right = audit.given.group_by("candidate_id").agg(
        right_hours=pl.col("hours").sum(), right_schools=pl.col("place_id").n_unique().cast(pl.Int64)
    )
    told = tzr.join(names, on="candidate_id").join(right, on="candidate_id", how="left")
    wrong = told.filter(
        pl.col("hours").ne_missing(pl.col("right_hours")) | pl.col("num_schools").ne_missing(pl.col("right_schools"))
    )
    covered = _sums(audit)
    rows = blocks.join(covered, on="block", how="left").with_columns(pl.col("^right_.*$").fill_null(0))
    off = rows.filter(
        (pl.col("hours_covered") != pl.col("right_covered"))
        | (pl.col("num_employed") != pl.col("right_employed"))
        | (pl.col("hours_needed") != pl.col("right_needed"))
    )
    return checked(
        "P11",
        P11_TITLE,
        [sentence("p11_figures", tzr=told.height, blocks=blocks.height)],
        violations(
            wrong,
            "other_figures",
            told_schools="num_schools",
            right_schools="right_schools",
            **hours(told="hours", right="right_hours"),
        ),
        violations(
            off,
            "other_figures_of_block",
            block="block",
            employed="num_employed",
            right_employed="right_employed",
            **hours(told="hours_covered", right="right_covered"),
            **hours(needed="hours_needed", right_needed="right_needed"),
        ),
    )


def _sums(audit: AdjustmentAudit) -> pl.DataFrame:
    """block, right_needed, right_covered (thousandths of an hour), right_employed."""
    hours = audit.campaign.needs.select("need_id", right="hours")
    rows = audit.result.needs.select("need_id", "candidate_id", "block").join(hours, on="need_id")
    given = pl.col("candidate_id").is_not_null()
    return (
        rows.drop_nulls("block")
        .group_by("block")
        .agg(
            right_needed=pl.col("right").sum(),
            right_covered=pl.col("right").filter(given).sum(),
            right_employed=pl.col("candidate_id").drop_nulls().n_unique().cast(pl.Int64),
        )
    )


def p14_most(audit: AdjustmentAudit, arenas: Sequence[Arena]) -> Property:
    """No choice of services covers more hours than the bound stated, and the gap to it is what is said.

    The prices in the tables prove it: every service is looked through, and none is worth more than its needs and its
    TZR cost together; so all needs and TZR of the block cost no less than any choice is worth.
    """
    tzr, blocks, needs = audit.result.tzr, audit.result.blocks, audit.result.needs
    if tzr is None or blocks is None or "price" not in needs.columns or "price" not in tzr.columns:
        return not_applicable("P14", P14_TITLE, sentence("no_bound"))
    over = blocks.filter(pl.col("hours_covered") > pl.col("hours_bound"))
    proven = {row["block"]: _proven(audit, arenas, row) for row in blocks.iter_rows(named=True)}
    rows = blocks.with_columns(proven=pl.col("block").replace_strict(proven, return_dtype=pl.Int64))
    by_search = rows.filter(pl.col("hours_bound") < pl.col("proven"))
    covered, bound = int(blocks["hours_covered"].sum()), int(blocks["hours_bound"].sum())
    anew = int(rows["proven"].sum())
    settled, people = int(blocks["num_settled"].sum()), int(blocks["num_tzr"].sum())
    gap = Share(anew - covered, max(anew, 1))
    evidence = (
        sentence("p14_covered", hours=Thousandths(covered), bound=Thousandths(bound)),
        sentence("p14_anew", hours=Thousandths(anew), gap=gap, blocks=by_search.height),
        sentence("p14_settled", settled=settled, people=people),
        *([sentence("p14_pinned", tzr=len(audit.pinned))] if audit.pinned else []),
    )
    unproven = rows.filter(pl.col("proven") < pl.col("hours_covered"))
    return checked(
        "P14",
        P14_TITLE,
        evidence,
        violations(over, "beyond_bound", block="block"),
        violations(unproven, "no_proof", block="block"),
    )


def _proven(audit: AdjustmentAudit, arenas: Sequence[Arena], block: dict[str, Any]) -> int:
    """Thousandths of an hour that the block can cover at most, as far as prices and hours owed prove."""
    assert audit.result.tzr is not None
    number = block["block"]
    prices = audit.result.needs.filter(pl.col("block") == number).select("need_id", "price")
    people = audit.result.tzr.filter(pl.col("block") == number).select("candidate_id", "price")
    staff = audit.staff.join(people, on="candidate_id").sort("order")
    capacity = min(int(block["hours_needed"]), int(staff["high"].sum()))
    unit, weight, scale = (int(block[f"price_{name}"]) for name in ("unit", "weight", "scale"))
    if prices["price"].null_count() or people["price"].null_count() or min(unit, weight, scale) < 1:
        return capacity
    if prices["price"].min() < 0 or people["price"].min() < 0:  # type: ignore[operator]
        return capacity
    own = [a for a in arenas if a.discipline == block["discipline"] and a.zone in set(staff["zone"])]
    if not all(_costs_enough(audit, arena, prices, staff, unit, weight, scale) for arena in own):
        return capacity
    total = int(prices["price"].sum()) + int(people["price"].sum())
    return min(capacity, total // scale // weight * unit)


def _costs_enough(
    audit: AdjustmentAudit, arena: Arena, prices: pl.DataFrame, staff: pl.DataFrame, unit: int, weight: int, scale: int
) -> bool:
    """Whether no service of the TZR of a zone is worth more than it costs."""
    from engine.jit import sealed
    from engine.verify.tzr.search_kernel import largest_gain

    price = arena.needs.join(prices, on="need_id", how="left", maintain_order="left")["price"]
    if price.null_count():
        return False
    most = audit.campaign.rules.count("services", "max_schools")
    needs = (sealed(arena.school), sealed(arena.hours), sealed(price.to_numpy()), sealed(arena.near))
    kinds = (
        staff.filter(pl.col("zone") == arena.zone)
        .group_by("low", "high")
        .agg(pl.col("price").min())
        .sort("low", "high")
    )
    for low, high, paid in kinds.iter_rows():
        gain, whole = largest_gain(*needs, low, high, most, scale * weight, scale, unit, MAX_STEPS)
        if not whole or gain > paid:
            return False
    return True


def p13_same_bytes(audit: AdjustmentAudit) -> Property:
    """The tables are those the manifest tells of; at a run, services made again in another way are the same."""
    title = sentence("p13_title")
    replays = audit.result.replays
    if not replays and audit.result.stopped:
        return not_applicable("P13", title, sentence("search_stopped"))
    if not replays:
        return not_applicable("P13", title, sentence("nothing_to_compare"))
    other = [way for way, digest in replays.items() if digest != audit.result.digest]
    differ = (violations(WHOLE, "tables_differ", way=Listed((way,))) for way in other)
    return checked("P13", title, [sentence("p13_compared", ways=Listed(tuple(replays)))], *differ)
