"""Which places the zones of a campaign hold, in numbers: so that "does this wish cover that place" is one look-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from engine.model.zones import places_of_zones

if TYPE_CHECKING:
    from engine.model.campaign import Campaign


@dataclass(frozen=True, eq=False)
class ZoneIndex:
    """The zones of a campaign, numbered.

    Attributes
    ----------
    zones : zone (UInt32, from 0), kind, code: every zone that places make, and every post a wish names (POST)
    members : zone, place_id: the places of each zone; of a post, the place it is in
    """

    zones: pl.DataFrame
    members: pl.DataFrame

    def numbers(self, asked: pl.DataFrame) -> pl.Series:
        """UInt32 per row of `asked` (columns kind, code): the number of the zone, null where there is no such zone."""
        keys = asked.select("kind", "code")
        return keys.join(self.zones, on=["kind", "code"], how="left", maintain_order="left")["zone"]

    def around(self, places: pl.DataFrame) -> pl.DataFrame:
        """Pairs candidate, zone: the zones that hold the place_id of each candidate (rows candidate, place_id)."""
        return places.drop_nulls().join(self.members, on="place_id").select("candidate", "zone")

    def named(self, codes: pl.DataFrame) -> pl.DataFrame:
        """Pairs candidate, zone: the zones that bear the code of each candidate (rows candidate, code), of any kind."""
        return codes.drop_nulls().join(self.zones, on="code").select("candidate", "zone")

    def located(self, places: pl.DataFrame, column: str) -> pl.DataFrame:
        """Pairs zone, `column`, each once: where the places of every zone are (a column of the table places)."""
        where = places.select("place_id", column).drop_nulls()
        return self.members.join(where, on="place_id").select("zone", column).unique()

    def holds(self, wishes: pl.DataFrame, pairs: pl.DataFrame) -> pl.Series:
        """Boolean per wish (columns candidate, zone): its candidate and its zone are among the pairs."""
        if pairs.is_empty():
            return pl.repeat(False, wishes.height, eager=True)
        keys = pairs.select(self._key())["key"].unique()
        return wishes.select(self._key().is_in(keys.implode()).fill_null(False))["key"]

    def _key(self) -> pl.Expr:
        zones = max(self.zones.height, 1)
        return (pl.col("candidate").cast(pl.UInt64) * zones + pl.col("zone")).alias("key")


def zone_index(campaign: Campaign) -> ZoneIndex:
    """The index of the zones of a campaign, the same whatever the order of its rows."""
    named = pl.concat([places_of_zones(campaign).select("kind", "code", "place_id"), _posts_asked(campaign)])
    named = named.sort("kind", "code", "place_id")
    zones = named.select("kind", "code").unique(maintain_order=True).with_row_index("zone")
    return ZoneIndex(zones, named.join(zones, on=["kind", "code"]).select("zone", "place_id"))


def _posts_asked(campaign: Campaign) -> pl.DataFrame:
    asked = campaign.wishes.filter(pl.col("kind") == "POST").select(post_id="code").unique()
    posts = campaign.posts.join(asked, on="post_id").select("place_id", code="post_id")
    return posts.select(kind=pl.lit("POST"), code="code", place_id="place_id")
