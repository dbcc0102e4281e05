"""Decisions outside the barème carried out: on the scored wishes, then on the zones they cover.

Circulars call the barème indicative and leave room for situations outside it (seed 002; RULES, sources). A *pin* sets
every other wish of the candidate aside and makes the one it names stronger than all wishes; it takes no post from a
holder who stays and keeps no seat open that is to be closed. A *forbiddance* takes posts out of the zones of one
candidate alone. An *exclusion* sets a request aside. Points, and the wishes of everybody else, are what they were.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from engine.model.specifique.decided import opened, posts_of_requests
from engine.model.zones import NAME, ZONE, Zones, zones_of

if TYPE_CHECKING:
    from engine.model.campaign import Campaign
    from engine.model.scoring import Scored

DECIDED = "decided"
"""Column of the scored wishes, where there are pins: whether the wish is the one pinned."""

EXCLUDED, PINNED, FORBIDDEN = "decision_exclude", "decision_pin", "decision_forbid"
"""Reasons of what decisions set aside."""

PLACED, KEPT, SERVICE = "decision_places", "decision_keeps", "decision_service"
"""Reasons of what a pin gives."""

WAIVED, TAKEN = "priority_waived", "decision_taken"
"""Reasons of a wish that beats the cutoff and is refused: whatever the cause, and by a decision."""

WISH_OF_PLACE = {"ETB": "ETB", "ZR": "ZRE", "ACA": "ACA", "DPT": "DPT"}


def without_decisions(campaign: Campaign) -> Campaign:
    """The campaign as the barème alone has it."""
    return replace(campaign, decisions=campaign.decisions.clear())


def decisions_of(campaign: Campaign, kind: str) -> pl.DataFrame:
    return campaign.decisions.filter(pl.col("kind") == kind)


def carried_out(campaign: Campaign, scored: Scored) -> Scored:
    """Scored wishes and requests after the decisions of a campaign; a pin that no wish covers adds one, without points.

    At the adjustment preferences stay what they are: a pin says which services its TZR may have (`engine.model.tzr`).
    Raises nothing: whether a decision can be met is a matter of checks, and of the run.
    """
    if campaign.decisions.is_empty() or campaign.settings.movement == "tzr":
        return scored
    excluded = pl.col("candidate_id").is_in(decisions_of(campaign, "exclude")["candidate_id"].implode())
    wishes = _pinned(campaign, _set_aside(scored.wishes, excluded, EXCLUDED))
    requests, selection = _set_aside(scored.requests, excluded, EXCLUDED), scored.selection
    if selection is not None and DECIDED in wishes.columns:
        selection = opened(campaign, selection, _posts_pinned(campaign, wishes))
    return replace(scored, wishes=wishes, requests=requests, selection=selection)


def _posts_pinned(campaign: Campaign, wishes: pl.DataFrame) -> pl.DataFrame:
    """candidate_id, rank, post: the posts of pins, all that the wish covers where a pin names the wish alone."""
    named = wishes.filter(DECIDED).select("candidate_id", "rank", "kind", "code")
    precise = named.join(posts_named(campaign, "pin"), on="candidate_id")
    wide = posts_of_requests(campaign, named.join(precise, on="candidate_id", how="anti"))
    return pl.concat([rows.select("candidate_id", "rank", "post") for rows in (precise, wide)])


def posts_named(campaign: Campaign, kind: str) -> pl.DataFrame:
    """The posts that decisions of a kind name: candidate_id, decision_id, post (row of campaign.posts).

    Those of a place are the ones of the candidate's discipline; those of a wish alone are none for a pin, which leaves
    its zone as it is, and all it covers for a forbiddance.
    """
    people = campaign.candidates.select("candidate_id", "discipline")
    decided = decisions_of(campaign, kind).drop("kind").join(people, on="candidate_id")
    posts = campaign.posts.select("post_id", "place_id", "discipline").with_row_index("post")
    alone = decided.join(posts.select("post_id", "post"), on="post_id")
    by_discipline = [] if campaign.requests.height else ["discipline"]  # requests name disciplines of their own
    there = posts.select("post", "place_id", *by_discipline)
    placed = decided.filter(pl.col("post_id").is_null()).join(there, on=["place_id", *by_discipline])
    found = [rows.select("candidate_id", "decision_id", "post") for rows in (alone, placed)]
    if kind == "forbid":
        asked = campaign.wishes.select("candidate_id", "rank", *NAME)
        ranked = decided.drop_nulls("rank").join(asked, on=["candidate_id", "rank"])
        found.append(_covered(campaign, ranked).select("candidate_id", "decision_id", "post"))
    return pl.concat(found)


def placed_by_pins(wishes: pl.DataFrame) -> pl.DataFrame:
    """The wishes by which pins place their candidates, of the scored ones."""
    return wishes.filter(DECIDED, "admissible") if DECIDED in wishes.columns else wishes.clear()


def narrowed(
    campaign: Campaign, rows: pl.DataFrame, wishes: pl.DataFrame, zones: Zones
) -> tuple[pl.DataFrame, pl.DataFrame, Zones]:
    """Contracts, wishes and zones, without the posts that decisions keep their candidates from.

    A wish of which nothing is left is set aside. The zones that are left are numbered on behind those of the campaign;
    they have no name of their own.
    """
    if campaign.decisions.is_empty():
        return rows, wishes, zones
    numbers = campaign.candidates.select("candidate_id").with_row_index("candidate")
    pins, forbidden = (posts_named(campaign, kind).join(numbers, on="candidate_id") for kind in ("pin", "forbid"))
    movable = rows["phase"].cast(pl.String) != "stay"
    asked = pl.concat(
        [
            rows.select("candidate", "zone").with_columns(movable=movable),
            wishes.select("candidate", "zone").with_columns(movable=pl.lit(True)),
        ],
        how="vertical_relaxed",
    )
    left, zones = narrower(asked, pins, forbidden, zones)
    of_rows, of_wishes = left.head(rows.height), left.tail(wishes.height)
    lost = pl.Series(wishes["admissible"] & wishes["zone"].is_not_null() & (of_wishes < 0).fill_null(False))
    closed = of_rows.fill_null(-1) < 0
    lost |= wishes["admissible"] & wishes["zone"].is_null() & _bereft(wishes, rows, closed)
    wishes = wishes.with_columns(
        reason=pl.when(lost).then(pl.lit(FORBIDDEN)).otherwise("reason"),
        admissible=pl.col("admissible") & ~lost,
        zone=pl.when(of_wishes >= 0).then(of_wishes),
    )
    return rows.with_columns(of_rows.alias("zone")).filter(pl.col("zone") >= 0), wishes, zones


def _bereft(wishes: pl.DataFrame, rows: pl.DataFrame, closed: pl.Series) -> pl.Series:
    """Boolean per wish: it had contracts, and decisions leave it none."""
    key = ["candidate", "rank"]
    own = rows.select("candidate", pl.col("rank").cast(pl.Int64)).with_columns(closed=closed).drop_nulls()
    lost = own.group_by(key).agg(lost=pl.col("closed").all())
    asked = wishes.select("candidate", pl.col("rank").cast(pl.Int64))
    return asked.join(lost, on=key, how="left", maintain_order="left")["lost"].fill_null(False)


def told_of_pins(campaign: Campaign, outcomes: pl.DataFrame) -> pl.DataFrame:
    """Outcomes with the reason of those whom a pin placed or keeps."""
    pinned = pl.col("candidate_id").is_in(decisions_of(campaign, "pin")["candidate_id"].implode())
    told = pl.col("status").replace_strict({"assigned": PLACED, "kept": KEPT}, default=None, return_dtype=pl.String)
    return outcomes.with_columns(reason=pl.when(pinned).then(pl.coalesce(told, "reason")).otherwise("reason"))


def refused_for(weakest: pl.Expr, wishes: pl.DataFrame) -> pl.Expr:
    """The reason of a wish that beats the points of its cutoff and is refused.

    Where the weakest met from its zone is a pinned candidate, whose priority nobody beats, a decision is the cause;
    else the mechanism, which looks at priorities in its own way.

    Parameters
    ----------
    weakest : the candidate whose contract is the cutoff
    """
    by_decision = weakest.is_in(placed_by_pins(wishes)["candidate"].implode())
    return pl.when(by_decision).then(pl.lit(TAKEN)).otherwise(pl.lit(WAIVED))


def _set_aside(table: pl.DataFrame, which: pl.Expr, reason: str) -> pl.DataFrame:
    """Rows that were admissible and are no longer, with the reason."""
    lost = which & pl.col("admissible")
    return table.with_columns(
        admissible=pl.col("admissible") & ~which, reason=pl.when(lost).then(pl.lit(reason)).otherwise("reason")
    )


def _pinned(campaign: Campaign, wishes: pl.DataFrame) -> pl.DataFrame:
    """The wishes, of those pinned all but one set aside."""
    pins = decisions_of(campaign, "pin")
    if pins.is_empty():
        return wishes
    targets = _targets(campaign, wishes, pins)
    added = _added(campaign, wishes, pins.join(targets, on="candidate_id", how="anti"))
    wishes = pl.concat([wishes, added], how="diagonal_relaxed").select(wishes.columns)
    targets = pl.concat([targets, added.select(targets.columns)], how="vertical_relaxed")
    named = targets.with_columns(pl.lit(True).alias(DECIDED))
    wishes = wishes.join(named, on=["candidate_id", "rank"], how="left").with_columns(pl.col(DECIDED).fill_null(False))
    others = pl.col("candidate_id").is_in(pins["candidate_id"].implode()) & ~pl.col(DECIDED)
    wishes = _set_aside(wishes, others, PINNED)
    by_decision = {"admissible": pl.col("admissible") | pl.col(DECIDED)}
    by_decision["reason"] = pl.when(~pl.col(DECIDED)).then("reason")
    return wishes.with_columns(**by_decision).sort("candidate_id", "rank")


def _targets(campaign: Campaign, wishes: pl.DataFrame, pins: pl.DataFrame) -> pl.DataFrame:
    """The wish that each pin stands on, where it is one: the wish named, else the first that covers what is named."""
    ranked = pins.drop_nulls("rank").select("candidate_id", "rank")
    held = pins.join(_keeping(campaign), on="candidate_id", how="anti")
    open_ = held.filter(pl.col("rank").is_null()).select("candidate_id")
    disciplines = campaign.candidates.select("candidate_id", "discipline")
    asked = wishes.filter("admissible").join(open_, on="candidate_id", how="semi").join(disciplines, on="candidate_id")
    covered = _covered(campaign, asked).join(posts_named(campaign, "pin"), on=["candidate_id", "post"], how="semi")
    first = covered.group_by("candidate_id").agg(pl.col("rank").min())
    return pl.concat([ranked, first], how="vertical_relaxed")


def _added(campaign: Campaign, wishes: pl.DataFrame, pins: pl.DataFrame) -> pl.DataFrame:
    """A wish for what a pin names, after all others, where no wish covers it; none to stay on the post held."""
    kinds = campaign.places.select("place_id", place_kind=pl.col("kind").replace_strict(WISH_OF_PLACE))
    last = wishes.group_by("candidate_id").agg(pl.col("rank").max())
    new = pins.drop("rank").join(_keeping(campaign), on="candidate_id", how="anti")
    new = new.join(kinds, on="place_id", how="left").join(last, on="candidate_id", how="left")
    alone = pl.col("post_id").is_not_null()
    nothing = {name: pl.lit(0, pl.Int64) for name in wishes.columns if wishes.schema[name].is_integer()}
    return new.select(
        **{name: value for name, value in nothing.items() if name != "rank"},
        candidate_id="candidate_id",
        rank=pl.col("rank").fill_null(0) + 1,
        kind=pl.when(alone).then(pl.lit("POST")).otherwise("place_kind"),
        code=pl.coalesce("post_id", "place_id"),
        admissible=pl.lit(True),
    )


def _keeping(campaign: Campaign) -> pl.DataFrame:
    """candidate_id of those whom a pin leaves nothing but the post they hold."""
    held = campaign.candidates.select("candidate_id", post_id="held_post").drop_nulls()
    index = campaign.posts.select("post_id").with_row_index("held")
    vague = decisions_of(campaign, "pin").filter(pl.col("rank").is_null()).select("candidate_id")
    named = posts_named(campaign, "pin").join(vague, on="candidate_id", how="semi")
    named = named.join(held.join(index, on="post_id"), on="candidate_id", how="left")
    alone = (pl.col("post") == pl.col("held")).fill_null(value=False).all()
    return named.group_by("candidate_id").agg(alone=alone).filter("alone").select("candidate_id")


def _covered(campaign: Campaign, asked: pl.DataFrame) -> pl.DataFrame:
    """The posts of the zones asked for: the rows once for each, with the column post."""
    if campaign.requests.height:
        return posts_of_requests(campaign, asked)
    zones = zones_of(campaign, asked.select(ZONE))
    members = zones.members.with_columns(pl.col("zone").cast(pl.Int32))
    return asked.with_columns(zone=pl.Series(zones.asked)).join(members, on="zone")


def narrower(asked: pl.DataFrame, pins: pl.DataFrame, forbidden: pl.DataFrame, zones: Zones) -> tuple[pl.Series, Zones]:
    """The zone that is left of each (Int32, -1 for none, null where there was none), among more zones.

    Parameters
    ----------
    asked : candidate, zone, movable: whether decisions touch the row
    pins, forbidden : candidate, post: the only posts of a candidate, and those he may not have
    """
    asked = asked.with_row_index("row").with_columns(pl.col("zone").cast(pl.Int32))
    concerned = pl.concat([pins.select("candidate"), forbidden.select("candidate")]).unique()
    touched = asked.filter("movable").drop_nulls("zone").join(concerned, on="candidate", how="semi")
    members = zones.members.select(pl.col("zone").cast(pl.Int32), pl.col("post").cast(pl.UInt32))
    pairs = touched.join(members, on="zone").join(forbidden, on=["candidate", "post"], how="anti")
    inside = pl.concat(
        [
            pairs.join(pins, on="candidate", how="anti"),
            pairs.join(pins, on=["candidate", "post"], how="semi"),
        ]
    )
    left = inside.sort("row", "post").group_by("row", maintain_order=True).agg("post")
    known = members.sort("zone", "post").group_by("zone", maintain_order=True).agg("post")
    new = left.select("post").join(known, on="post", how="anti").unique().sort("post")
    new = new.with_row_index("zone", offset=len(zones.ptr) - 1).with_columns(pl.col("zone").cast(pl.Int32))
    every = pl.concat([known, new.select("zone", "post")])
    number = left.join(every, on="post").select("row", left="zone")
    rows = asked.join(number, on="row", how="left", maintain_order="left")
    rows = rows.join(touched.select("row", touched=pl.lit(True)), on="row", how="left", maintain_order="left")
    told = pl.when(pl.col("touched").is_null()).then("zone").otherwise(pl.col("left").fill_null(-1))
    return rows.select(told.cast(pl.Int32)).to_series(), _with_zones(zones, new)


def _with_zones(zones: Zones, new: pl.DataFrame) -> Zones:
    if new.is_empty():
        return zones
    added = new.select("zone", "post").explode("post").cast(dict(zones.members.schema))  # type: ignore[arg-type]
    widths = new["post"].list.len().to_numpy()
    return replace(
        zones,
        members=pl.concat([zones.members, added]),
        ptr=np.concatenate((zones.ptr, zones.ptr[-1] + np.cumsum(widths))).astype(np.int64),
        post=np.concatenate((zones.post, added["post"].to_numpy().astype(np.int32))),
    )
