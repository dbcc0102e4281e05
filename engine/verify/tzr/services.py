"""P1, P2, P7: every service is made of needs that are there, within the hours, the zone and the schools it may have."""

from __future__ import annotations

import polars as pl

from engine.model.geography import distance_km
from engine.model.tzr.attachments import attachments
from engine.verify.sentences import sentence
from engine.verify.tzr.audit import AdjustmentAudit
from engine.verify.verdict import Property, checked, not_applicable, violations

HOUR = 1000.0


def p1_services(audit: AdjustmentAudit) -> Property:
    """Every need is given once at most, to a TZR of its discipline and zone; every service is one he may have."""
    rules, given, staff = audit.campaign.rules, audit.given, audit.staff
    known = audit.campaign.candidates.select("candidate_id").with_columns(known=True)
    rows = given.join(known, on="candidate_id", how="left")
    strangers = rows.filter(pl.col("known").is_null() | pl.col("hours").is_null())
    repeated = given.filter(pl.col("need_id").is_duplicated())
    own = given.join(staff, on="candidate_id", suffix="_tzr")
    outside = own.join(audit.reach, on=["zone", "place_id"], how="anti")
    services = own.group_by("candidate_id").agg(
        pl.col("discipline").first(),
        pl.col("hours").sum(),
        pl.col("low", "high").first(),
        schools=pl.col("place_id").unique().sort(),
    )
    most = rules.count("services", "max_schools")
    return checked(
        "P1",
        sentence("tzr_p1_title"),
        [
            sentence(
                "tzr_p1_given",
                given=given.height,
                needs=audit.campaign.needs.height,
                served=services.height,
                tzr=staff.height,
            )
        ],
        violations(strangers, "no_need_or_tzr", need="need_id"),
        violations(repeated, "given_to_several", need="need_id"),
        violations(
            own.filter(pl.col("discipline") != pl.col("discipline_tzr")),
            "need_of_other",
            need="need_id",
            discipline="discipline",
        ),
        violations(outside, "need_outside", need="need_id", place="place_id", zone="zone"),
        violations(
            services.filter(pl.col("hours") > pl.col("high")), "too_many_hours", **hours(has="hours", most="high")
        ),
        violations(
            services.filter(pl.col("hours") < pl.col("low")), "too_few_hours", **hours(has="hours", least="low")
        ),
        violations(
            services.filter(pl.col("schools").list.len() > most),
            "too_many_schools",
            schools=pl.col("schools").list.len(),
            most=pl.lit(most),
        ),
        _too_far(audit, services),
    )


def hours(**columns: str) -> dict[str, pl.Expr]:
    """Columns of thousandths of an hour in hours."""
    return {name: pl.col(column) / HOUR for name, column in columns.items()}


def _too_far(audit: AdjustmentAudit, services: pl.DataFrame) -> pl.DataFrame:
    """Services with two schools farther from each other than the rulebook admits, by another way of measuring."""
    most = audit.campaign.rules.count("services", "max_km")
    where = audit.campaign.places.select("place_id", "lat", "lon").drop_nulls()
    several = (
        services.filter(pl.col("schools").list.len() > 1)
        .explode("schools")
        .select("candidate_id", "discipline", place_id="schools")
    )
    located = several.join(where, on="place_id")
    pairs = located.join(located, on="candidate_id", suffix="_other").filter(
        pl.col("place_id") < pl.col("place_id_other")
    )
    km = [
        distance_km(_At(row["lat"], row["lon"]), _At(row["lat_other"], row["lon_other"]))
        for row in pairs.iter_rows(named=True)
    ]
    far = pairs.with_columns(km=pl.Series(km, dtype=pl.Float64)).filter(pl.col("km") > most + ROUNDING)
    return violations(
        far,
        "too_far",
        one="place_id",
        other="place_id_other",
        km=pl.col("km").round(1),
        most=pl.lit(most),
    )


ROUNDING = 0.001
"""Kilometres that whole metres may be off."""


class _At:
    def __init__(self, lat: float, lon: float) -> None:
        self.lat, self.lon = lat, lon


def p2_holders(audit: AdjustmentAudit) -> Property:
    """Nobody loses his zone, and the school of attachment changes only where it was asked for and has a need."""
    held = audit.campaign.candidates.select("candidate_id", "discipline", "held_post")
    found = []
    if audit.result.outcomes is not None:
        rows = audit.result.outcomes.join(held, on="candidate_id")
        lost = rows.filter(pl.col("held_post").is_not_null() & pl.col("post_id").ne_missing(pl.col("held_post")))
        found.append(violations(lost, "zone_lost", held="held_post", post="post_id"))
    if audit.result.tzr is not None:
        right = attachments(audit.campaign).select("candidate_id", right="place_id")
        told = audit.result.tzr.join(right, on="candidate_id").join(held, on="candidate_id")
        told = told.filter(~pl.col("candidate_id").is_in(list(audit.withheld)))
        wrong = told.filter(pl.col("attached").ne_missing(pl.col("right")))
        found.append(violations(wrong, "other_attachment", attached="attached", right="right"))
    return checked("P2", sentence("tzr_p2_title"), [sentence("tzr_p2_looked_at")], *found)


def p7_preferences(audit: AdjustmentAudit) -> Property:
    """The preference said to be met is the first admissible one by which every school of the service is covered."""
    title = sentence("tzr_p7_title")
    if audit.result.outcomes is None or "rank" not in audit.result.outcomes.columns:
        return not_applicable("P7", title, sentence("no_preferences"))
    covered = audit.given.join(audit.ranks, on=["candidate_id", "place_id"], how="left")
    met = covered.group_by("candidate_id").agg(
        right=pl.when(pl.col("rank").null_count() == 0).then(pl.col("rank").max())
    )
    told = audit.result.outcomes.filter(pl.col("status") != "withheld").select("candidate_id", "rank")
    rows = told.join(met, on="candidate_id", how="left").join(
        audit.staff.select("candidate_id", "discipline"), on="candidate_id"
    )
    wrong = rows.filter(pl.col("rank").ne_missing(pl.col("right")))
    return checked(
        "P7",
        title,
        [sentence("tzr_p7_services", tzr=rows.height)],
        violations(wrong, "other_preference", told="rank", right="right"),
    )
