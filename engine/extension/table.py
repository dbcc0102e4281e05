"""In which order zones are examined for a mandatory candidate, from the zone of his first wish (*table d'extension*).

At the inter, académies; at the intra, the départements of an académie and their ZR. The official annexes could be read
in part only: lines that were read come first, what they do not name follows by distance between the seats, and every
row says which it is.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from engine.extension.departments import SYNTHETIC, Row, department_rows
from engine.model.campaign import Campaign
from engine.model.geography import Academy, academies, distance_km
from engine.model.rulebook import SessionRules

__all__ = ["CAMPAIGN", "SYNTHETIC", "extension_order", "rulebook_order"]

SCHEMA = {
    "origin_kind": pl.String,
    "origin_code": pl.String,
    "position": pl.Int64,
    "kind": pl.String,
    "code": pl.String,
    "school_type": pl.String,
    "source": pl.String,
}
CAMPAIGN = "campaign"


def extension_order(campaign: Campaign) -> pl.DataFrame:
    """The table of the rulebook in the session, origins the campaign's own table names replaced by it.

    Returns
    -------
    polars.DataFrame with columns origin_kind, origin_code, position (from 1), kind, code, school_type, source: the tag
    of the text a row was read in, ``"synthetic"`` or ``"campaign"``; sorted by origin and position.
    """
    own = campaign.extension.select(*(name for name in SCHEMA if name != "source")).with_columns(
        source=pl.lit(CAMPAIGN)
    )
    origin = ["origin_kind", "origin_code"]
    shipped = rulebook_order(campaign.rules).join(own, on=origin, how="anti")
    return pl.concat([shipped, own]).sort(*origin, "position")


def rulebook_order(rules: SessionRules) -> pl.DataFrame:
    """The extension table of a rulebook in a session; empty where it has none. Columns as `extension_order`."""
    if "extension" not in rules.blocks:
        return pl.DataFrame(schema=SCHEMA)
    rows = department_rows(rules) if rules.movement == "intra" else _academy_rows(rules)
    return pl.DataFrame([(*row[:-1], None, row[-1]) for row in rows], schema=SCHEMA, orient="row")


def _academy_rows(rules: SessionRules) -> Iterator[Row]:
    for origin in academies(rules.session).values():
        read = rules.code_lists("extension", "prefixes").get(origin.code, ())
        tag = rules.value("extension", "prefixes").source
        for position, code in enumerate((*read, *_nearest(origin, rules, read)), start=1):
            yield "ACA", origin.code, position, "ACA", code, tag if code in read else SYNTHETIC


def _nearest(origin: Academy, rules: SessionRules, read: tuple[str, ...]) -> list[str]:
    """Académies not named by the lines read, nearest seat first; equal distances in the order of codes."""
    excluded = {origin.code, *read, *rules.codes("extension", "never_reached")}
    others = [academy for code, academy in academies(rules.session).items() if code not in excluded]
    return [a.code for a in sorted(others, key=lambda a: (distance_km(origin, a), a.code))]
