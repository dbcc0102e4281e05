"""Seats and quotas of a variant: a factor, a number added, another number."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from engine.model.campaign import Campaign
from engine.model.defects import Rule, defects, no_defects
from engine.model.whereabouts import posts_with_whereabouts
from engine.variants.drawing import drawn
from engine.variants.variant import NumberChange, Written
from engine.variants.where import rows_where

V5 = Rule("V5", "Quotas are of the interdépartemental; where posts have them they are changed, elsewhere seats are.")

MOVEMENT = "interdepartemental"
ADJUSTMENT = "tzr"
COLUMN = {"quotas.entry": "seats", "quotas.exit": "exit_quota", "population.seats": "seats"}


def changed_posts(campaign: Campaign, written: Written, seed: int) -> tuple[pl.DataFrame, list[str], pl.DataFrame]:
    """The posts with the seats and quotas of a variant, what was done in sentences, and the defects."""
    variant = written.variant
    posts, notes, found = campaign.posts, list[str](), [no_defects()]
    told = {
        "quotas.entry": variant.quotas.entry,
        "quotas.exit": variant.quotas.exit,
        "population.seats": variant.population.seats,
    }
    for at, changes in told.items():
        wrong = _out_of_place(campaign, written.table, at) if changes else no_defects()
        found.append(wrong)
        if wrong.is_empty():
            posts, said, defective = _changed(campaign, posts, written, at, changes, seed)
            notes += said
            found.append(defective)
    return posts, notes, pl.concat(found)


def _changed(
    campaign: Campaign, posts: pl.DataFrame, written: Written, at: str, changes: Sequence[NumberChange], seed: int
) -> tuple[pl.DataFrame, list[str], pl.DataFrame]:
    rows, column = _described(campaign), COLUMN[at]
    notes, found = list[str](), [no_defects()]
    for number, change in enumerate(changes, start=1):
        where = f"{at}.{number}" if len(changes) > 1 else at
        met, wrong = rows_where(rows, change.where, written.table, f"{where}.where")
        found.append(wrong)
        if wrong.height or not change.says:
            continue
        before = posts[column]
        after = _number(posts, column, change, drawn(posts["post_id"], seed, change.draw or where))
        new = pl.select(pl.when(met).then(after).otherwise(before)).to_series().alias(column)
        created = (new - before).clip(lower_bound=0) if column == "seats" else pl.Series([0])
        posts = posts.with_columns(new, positions=pl.col("positions") + created)
        sums = f"{int(before.filter(met).sum())} become {int(new.filter(met).sum())}"
        notes.append(f"variant {written.variant.id}: {where}: {int(met.sum())} posts, their {sums}.")
    return posts, notes, pl.concat(found)


def _number(posts: pl.DataFrame, column: str, change: NumberChange, lot: pl.Series) -> pl.Series:
    """Int64 per post. A factor multiplies what is offered, never seats to be closed; fractions are drawn post by
    post, so that small numbers change too and the sum is right on average."""
    now = posts[column]
    if change.number is not None:
        return pl.repeat(change.number, posts.height, dtype=pl.Int64, eager=True)
    if change.add is not None:
        return now + change.add
    assert change.factor is not None  # exactly one of the three is said
    exact = (now.cast(pl.Float64) * change.factor).round(9)
    whole = exact.floor()
    rounded = (whole + (lot < exact - whole).cast(pl.Float64)).cast(pl.Int64)
    return pl.select(pl.when(now > 0).then(rounded).otherwise(now)).to_series()


def _described(campaign: Campaign) -> pl.DataFrame:
    """The posts with what a condition may ask of them and of their place."""
    places = campaign.places.select(
        "place_id", place_kind="kind", school_type="school_type", place_priority="priority_education"
    )
    return posts_with_whereabouts(campaign).join(places, on="place_id", how="left", maintain_order="left")


def _out_of_place(campaign: Campaign, table: str, at: str) -> pl.DataFrame:
    """What the movement has not."""
    limited = campaign.settings.movement == MOVEMENT and campaign.posts["exit_quota"].null_count() == 0
    if at == "population.seats" and limited:
        problem, hint = "is for movements without quotas.", "Write [quotas.entry] and [quotas.exit]."
    elif at == "population.seats" and campaign.settings.movement == ADJUSTMENT:
        problem = "means nothing at the TZR adjustment: schools have needs, not seats."
        hint = "Leave it out; hours are those of the table needs."
    elif at != "population.seats" and not limited:
        problem, hint = "is for posts with quotas of entry and exit, and these have none.", "Write [population.seats]."
    else:
        return no_defects()
    return defects(V5, table, column=at, problem=problem, hint=hint)
