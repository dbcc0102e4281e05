"""What it took to enter each post and each zone: the table of cutoffs (DESIGN 7 and 9).

Cutoffs are those of the mechanism, before improvement and before the extension that follows it: they are what one had
to beat. Who entered and who left is counted on the final outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.model.campaign import Campaign
from engine.model.compilation import seats_of
from engine.model.contracts import Contracts
from engine.model.cutoffs import FREE, NOBODY, post_cutoffs, zone_cutoffs
from engine.model.market import Ints
from engine.model.zones import ZONE

COUNTS = ("seats", "wanted_by", "entered", "left", "closed")


@dataclass(frozen=True, eq=False)
class Entry:
    """The cutoff of every post and of every zone.

    Attributes
    ----------
    zone_priority : int64[z], what one has to beat, as `engine.model.cutoffs` gives it
    by_post, by_zone : one row each, in order: cutoff_kind, cutoff_points (of the weakest contract met, where that is a
        wish), candidate (whose it is), and precedence where the movement has it
    """

    zone_priority: Ints
    by_post: pl.DataFrame
    by_zone: pl.DataFrame


def entry_of(campaign: Campaign, contracts: Contracts, main: pl.DataFrame) -> Entry:
    """The cutoffs that the contracts granted by the mechanism leave.

    Parameters
    ----------
    main : contracts granted with their posts (`engine.model.compilation.granted_contracts`), phantoms included
    """
    zones = contracts.zones
    seated = (main["zone"].to_numpy(), main["post"].cast(pl.Int32).to_numpy(), main["priority"].to_numpy())
    by_post = post_cutoffs(zones.ptr, zones.post, seats_of(campaign, contracts.rows), *seated)
    by_zone = zone_cutoffs(zones.ptr, zones.post, by_post)
    return Entry(by_zone, _in_words(contracts.rows, by_post), _in_words(contracts.rows, by_zone))


def cutoff_table(campaign: Campaign, contracts: Contracts, entry: Entry, granted: pl.DataFrame) -> pl.DataFrame:
    """One row per post, under the wish that names it alone, and one per zone of several posts that a wish names.

    Parameters
    ----------
    granted : contracts of the final outcome with their posts, closed seats (phantoms) included
    """
    posts = _post_rows(campaign, contracts, entry, granted)
    zones = _zone_rows(contracts, entry, posts)
    names = campaign.candidates.select(last_candidate_id="candidate_id").with_row_index("candidate")
    rows = pl.concat([posts, zones], how="diagonal").join(
        names.with_columns(pl.col("candidate").cast(pl.Int64)), on="candidate", how="left"
    )
    columns = ["discipline", "kind", "code", "school_type", "post_id", *COUNTS, "cutoff_points", "cutoff_kind"]
    return rows.select(*columns, "last_candidate_id").sort("discipline", "kind", "code", "school_type", "post_id")


def _in_words(rows: pl.DataFrame, cutoffs: Ints) -> pl.DataFrame:
    ended = (cutoffs == FREE) | (cutoffs == NOBODY)
    row_of_priority = np.argsort(rows["priority"].to_numpy())  # priorities are 1, 2, ... of all contracts
    met = pl.Series(row_of_priority[np.where(ended, 0, cutoffs - 1)] if rows.height else np.zeros(len(cutoffs), int))
    found = met.to_frame("row").select(pl.when(pl.Series(~ended)).then("row"))["row"]
    columns = ["phase", "points", "candidate", *(name for name in ("precedence",) if name in rows.columns)]
    weakest = rows.select(pl.col(columns).gather(found))
    kind = (
        pl.when(pl.Series(cutoffs == FREE))
        .then(pl.lit("free"))
        .when(pl.Series(cutoffs == NOBODY))
        .then(pl.lit("no_seat"))
        .otherwise(pl.col("phase").cast(pl.String).replace({"main": "wish", "extension": "wish"}))
    )
    named = weakest.with_columns(cutoff_kind=kind)
    by_points = pl.col("cutoff_kind") == "wish"
    shown = {"cutoff_points": "points", **{name: name for name in columns[2:]}}
    return named.select("cutoff_kind", **{name: pl.when(by_points).then(column) for name, column in shown.items()})


def _post_rows(campaign: Campaign, contracts: Contracts, entry: Entry, granted: pl.DataFrame) -> pl.DataFrame:
    m = campaign.posts.height
    by_phase = {
        "entered": granted.filter(pl.col("phase").is_in(["main", "extension"])),
        "closed": granted.filter(pl.col("phase") == "closing"),
    }
    counts: dict[str, npt.NDArray[np.integer]] = {}
    counts |= {name: np.bincount(rows["post"].to_numpy(), minlength=m) for name, rows in by_phase.items()}
    counts |= {
        "seats": seats_of(campaign, contracts.rows),
        "wanted_by": _wanted(contracts, m),
        "left": _left(campaign, granted),
    }
    named = named_posts(campaign).hstack(entry.by_post.with_columns(pl.col("candidate").cast(pl.Int64)))
    return named.with_columns(pl.Series(name, counts[name], pl.Int64) for name in COUNTS)


def _zone_rows(contracts: Contracts, entry: Entry, posts: pl.DataFrame) -> pl.DataFrame:
    """Zones of several posts that some wish names, with the counts of their posts."""
    zones = contracts.zones
    wide = pl.Series("wide", np.diff(zones.ptr) > 1)
    own = contracts.wishes.filter("admissible")
    asked = own.group_by(*ZONE, "zone").agg(wanted_by=pl.col("candidate").n_unique().cast(pl.Int64))
    summed = {
        name: np.add.reduceat(np.append(posts[name].to_numpy()[zones.post], 0), zones.ptr[:-1])
        for name in COUNTS
        if name != "wanted_by"
    }
    facts = entry.by_zone.with_columns(
        pl.col("candidate").cast(pl.Int64), wide, *map(pl.Series, summed, summed.values())
    )
    asked = asked.join(zones.names, on=[*ZONE, "zone"], how="semi", nulls_equal=True)  # whole ones
    rows = asked.join(facts.with_row_index("zone").with_columns(pl.col("zone").cast(pl.Int32)), on="zone")
    return rows.filter("wide").drop("wide", "zone")


def named_posts(campaign: Campaign) -> pl.DataFrame:
    """Posts under the name by which a wish asks for them: the place, or the post itself where it is specific."""
    kinds = campaign.places.select("place_id", place_kind="kind")
    posts = campaign.posts.join(kinds, on="place_id", how="left", maintain_order="left")
    specific = pl.col("profile") == "specific"
    return posts.select(
        "post_id",
        "discipline",
        kind=pl.when(specific).then(pl.lit("POST")).otherwise(pl.col("place_kind").replace({"ZR": "ZRE"})),
        code=pl.when(specific).then("post_id").otherwise("place_id"),
        school_type=pl.lit(None, pl.String),
    )


def _wanted(contracts: Contracts, num_posts: int) -> Ints:
    """int64[m]: candidates with an admissible wish that covers each post."""
    from engine.jit import sealed
    from engine.model.demand_kernel import num_wanting

    own = contracts.rows.filter(pl.col("phase") == "main")
    owner, zone = own["candidate"].cast(pl.Int64).to_numpy(), own["zone"].to_numpy()
    return num_wanting(
        sealed(owner), sealed(zone), sealed(contracts.zones.ptr), sealed(contracts.zones.post), num_posts
    )


def _left(campaign: Campaign, granted: pl.DataFrame) -> Ints:
    """int64[m]: holders who left each post."""
    index = campaign.posts.select(held_post="post_id").with_row_index("held")
    holders = campaign.candidates.select("held_post").with_row_index("candidate").join(index, on="held_post")
    movers = holders.join(granted.filter(pl.col("phase").is_in(["main", "extension"])), on="candidate", how="semi")
    return np.bincount(movers["held"].to_numpy(), minlength=campaign.posts.height)
