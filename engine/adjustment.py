"""The way of the TZR adjustment: campaign -> scored preferences -> blocks -> services -> tables -> verdict.

The same stages as of the other movements (`engine.pipeline`), with services in the place of posts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.defects import InputRefused
from engine.model.scoring import Scored, score
from engine.model.settings import Options
from engine.model.tzr.attachments import attachments
from engine.model.tzr.blocks import NOTHING, Block, blocks_of, staff_of
from engine.model.tzr.outcome import Adjusted, Decided, given_by_decisions, needs_decided, read_adjustment
from engine.model.tzr.pins import pinned_schools, pins_without_service
from engine.runs import AdjustmentRun
from engine.solvers.services import ServiceOptions, Services, assign_services
from engine.solvers.services_again import services_digest, solved_again, spread
from engine.solvers.services_model import Limits
from engine.solvers.services_pins import pinned_services
from engine.verify.sentences import Sentence, sentence
from engine.verify.tzr.audit import AdjustmentResult
from engine.verify.tzr.verify import verify_adjustment
from engine.verify.verdict import Verdict

METRES = 1000
MECHANISM = "services"

Clock = Callable[[str], AbstractContextManager[None]]


def adjust(campaign: Campaign, options: Options, clock: Clock, seconds: dict[str, float]) -> AdjustmentRun:
    """Run an adjustment that is read and checked.

    Parameters
    ----------
    clock : names each stage as it begins and keeps how long it took
    seconds : what it keeps
    """
    with clock("score"):
        scored = score(campaign, campaign.rules)
    with clock("compile"):
        attached = attachments(campaign)
        decided = _decided(campaign, scored, attached, service_options(campaign, options))
        blocks = _blocks_left(campaign, scored, attached, decided)
    with clock("solve"):
        chosen = assign_services(blocks, service_options(campaign, options))
    with clock("decode"):
        tables = read_adjustment(campaign, scored, attached, blocks, chosen, decided)
    late = any(found.stop == "time_limit" for found in chosen)
    with clock("replay"):
        replays, digest = ({}, "") if late else _replayed(blocks, chosen, service_options(campaign, options))
    with clock("verify"):
        own = (tables.outcomes, tables.wishes, tables.tzr, tables.needs, tables.blocks)
        result = AdjustmentResult(*own, replays, digest, stopped=late)
        verdict = verify_adjustment(campaign, scored, result)
    tables = withhold_services(campaign, tables, verdict)
    proven = all(found.proven and found.settled == len(found.lots) for found in chosen)
    return AdjustmentRun(
        campaign,
        scored,
        options,
        tables,
        verdict,
        summarise_adjustment(campaign, tables),
        seconds,
        stop="time_limit" if late else "finished",
        worth="optimal" if proven else "feasible",
    )


def _decided(campaign: Campaign, scored: Scored, attached: pl.DataFrame, options: ServiceOptions) -> list[Decided]:
    """The services of pinned TZR, before all others.

    Raises
    ------
    InputRefused
        With every pin for which there is no service.
    """
    pins = pinned_schools(campaign)
    if pins.is_empty():
        return []
    staff = staff_of(campaign, scored).join(pins.select("candidate_id"), on="candidate_id", how="semi")
    named = dict(staff.join(pins, on="candidate_id").select("candidate", "place_id").iter_rows())
    limits = Limits(perf_counter() + options.time_limit_s, options.effort)
    decided = []
    for block in blocks_of(campaign, scored, attached, staff):
        number = {place: school for school, place in enumerate(block.places)}
        schools = np.array([number.get(named[i], -1) for i in block.tzr.tolist()], dtype=np.int64)
        decided.append(Decided(block, pinned_services(block, schools, options, limits)))
    wrong = pins_without_service(campaign, given_by_decisions(campaign, decided))
    if wrong.height:
        raise InputRefused(wrong)
    return decided


def _blocks_left(campaign: Campaign, scored: Scored, attached: pl.DataFrame, decided: Sequence[Decided]) -> list[Block]:
    """The blocks of the TZR whom no decision places, with the needs that these leave."""
    staff = staff_of(campaign, scored).join(pinned_schools(campaign), on="candidate_id", how="anti")
    taken = [needs_decided(each)["need"].to_numpy() for each in decided]
    return blocks_of(campaign, scored, attached, staff, np.concatenate([NOTHING, *taken]))


def _replayed(
    blocks: Sequence[Block], chosen: Sequence[Services], options: ServiceOptions
) -> tuple[dict[Sentence, str], str]:
    """Digests of the services of some blocks made in another way, by what is said of it; and of those of the run."""
    again = solved_again(blocks, chosen, options)
    if again is None:
        return {}, ""
    way = sentence("way_blocks_again", again=len(again), blocks=len(blocks))
    return {way: services_digest(again)}, services_digest([chosen[i] for i in spread(blocks)])


def service_options(campaign: Campaign, options: Options) -> ServiceOptions:
    """How services are chosen, by the rulebook and the options."""
    rules = campaign.rules
    return ServiceOptions(
        max_schools=rules.count("services", "max_schools"),
        max_metres=METRES * rules.count("services", "max_km"),
        time_limit_s=options.time_limit_s,
        gap=options.gap,
    )


def withhold_services(campaign: Campaign, tables: Adjusted, verdict: Verdict) -> Adjusted:
    """The tables without what the failed properties touch: the TZR of these disciplines stay, without their result."""
    touched = verdict.withheld_components()
    if touched.is_empty():
        return tables
    everything = touched["component"].null_count() > 0
    disciplines = campaign.candidates["discipline"].unique() if everything else touched["component"]
    people = campaign.candidates.filter(pl.col("discipline").is_in(disciplines.implode()))["candidate_id"].implode()
    concerned, names = pl.col("candidate_id").is_in(people), " ".join(item.name for item in verdict.failed)
    lost = pl.col("discipline").is_in(disciplines.implode())

    def without(columns: tuple[str, ...], where: pl.Expr) -> list[pl.Expr]:
        return [pl.when(where).then(None).otherwise(pl.col(column)).alias(column) for column in columns]

    cleared = ("rank", "kind", "code", "place_id", "phase")
    return replace(
        tables,
        outcomes=tables.outcomes.with_columns(
            *without(cleared, concerned),
            status=pl.when(concerned).then(pl.lit("withheld")).otherwise("status"),
            reason=pl.when(concerned).then(pl.lit(f"verdict_failed {names}")).otherwise("reason"),
        ),
        wishes=tables.wishes.with_columns(
            result=pl.when(concerned).then(pl.lit("withheld")).otherwise("result"),
            reason=pl.when(concerned).then(None).otherwise("reason"),
        ),
        tzr=tables.tzr.with_columns(
            without(("hours", "num_schools", "metres", "attached", "block", "price"), concerned)
        ),
        needs=tables.needs.with_columns(without(("candidate_id", "block", "price", "reason"), lost)),
        blocks=tables.blocks.filter(~lost),
    )


def summarise_adjustment(campaign: Campaign, tables: Adjusted) -> dict[str, Any]:
    """Figures of an adjustment as plain values; hours are thousandths."""
    given = tables.needs.drop_nulls("candidate_id")
    decided = int(given.filter(pl.col("block").is_null())["hours"].sum())
    employed = tables.tzr.drop_nulls("hours")
    ranks = tables.outcomes.filter(pl.col("status") == "assigned")
    bound = int(tables.blocks["hours_bound"].sum()) + decided
    return {
        "campaign": campaign.settings.id,
        "tzr": tables.tzr.height,
        "disciplines": int(campaign.candidates["discipline"].n_unique()),
        "needs": tables.needs.height,
        "hours_needed": int(tables.needs["hours"].sum()),
        "hours_within_reach": int(tables.blocks["hours_needed"].sum()) + decided,
        "hours_covered": int(given["hours"].sum()),
        "hours_bound": bound,
        "gap": round((bound - int(given["hours"].sum())) / bound, 6) if bound else 0.0,
        "employed": employed.height,
        "split": employed.filter(pl.col("num_schools") > 1).height,
        "on_short_replacements": tables.outcomes.filter(pl.col("status") == "kept").height,
        "preference": {str(rank): count for rank, count in _counts(ranks["rank"])},
        "no_preference_met": ranks["rank"].null_count(),
        "attachments_changed": tables.tzr.filter(pl.col("attachment_reason") == "change_granted").height,
        "blocks": tables.blocks.height,
        "blocks_proven": tables.blocks.filter(
            (pl.col("hours_covered") == pl.col("hours_bound"))
            & (pl.col("num_employed") == pl.col("employed_bound"))
            & (pl.col("num_settled") == pl.col("num_tzr"))
        ).height,
    }


def _counts(values: pl.Series) -> list[tuple[int, int]]:
    return [(int(key), int(count)) for key, count in sorted(values.drop_nulls().value_counts().iter_rows())]
