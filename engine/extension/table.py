"""In which order zones are examined for a mandatory candidate, from the zone of his first wish (*table d'extension*).

The official annex could be read in part only: its lines that were read come first, the académies they do not name
follow by distance between the seats, and every row says which it is.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from engine.model.campaign import Campaign
from engine.model.geography import Academy, academies, distance_km
from engine.model.rulebook import SessionRules

SCHEMA = {
    "origin_kind": pl.String,
    "origin_code": pl.String,
    "position": pl.Int64,
    "kind": pl.String,
    "code": pl.String,
    "school_type": pl.String,
    "source": pl.String,
}
SYNTHETIC = "synthetic"
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
    rows = [row for origin in academies(rules.session).values() for row in _rows(origin, rules)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _rows(origin: Academy, rules: SessionRules) -> Iterator[tuple[str, str, int, str, str, None, str]]:
    read = rules.code_lists("extension", "prefixes").get(origin.code, ())
    tag = rules.value("extension", "prefixes").source
    for position, code in enumerate((*read, *_nearest(origin, rules, read)), start=1):
        yield "ACA", origin.code, position, "ACA", code, None, tag if code in read else SYNTHETIC


def _nearest(origin: Academy, rules: SessionRules, read: tuple[str, ...]) -> list[str]:
    """Académies not named by the lines read, nearest seat first; equal distances in the order of codes."""
    excluded = {origin.code, *read, *rules.codes("extension", "never_reached")}
    others = [academy for code, academy in academies(rules.session).items() if code not in excluded]
    return [a.code for a in sorted(others, key=lambda a: (distance_km(origin, a), a.code))]
