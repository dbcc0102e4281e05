"""Where places lie: their commune, else their own coordinates, else the seat of what holds them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from engine.model.campaign import Campaign
from engine.model.geography import Located, academies, all_departments

MICRO = 1_000_000
AXES = ("lat", "lon")


def located(campaign: Campaign) -> pl.DataFrame:
    """Where each place lies.

    Returns
    -------
    polars.DataFrame: place_id, lat, lon (degrees; null = nobody knows). Distances are counted between communes, as
    placement counts them (`engine.model.distances`); a zone de remplacement without coordinates is put at the seat of
    its département.
    """
    session = campaign.settings.session
    seats = {"DPT": _seats(all_departments()), "ACA": _seats(academies(session))}
    places = campaign.places.select("place_id", "kind", "commune", "department", "academy", *AXES)
    places = places.join(commune_centres(campaign), on="commune", how="left", maintain_order="left", suffix="_commune")
    itself = pl.concat([rows.with_columns(kind=pl.lit(kind)) for kind, rows in seats.items()])
    places = places.join(
        itself,
        left_on=["kind", "place_id"],
        right_on=["kind", "code"],
        how="left",
        maintain_order="left",
        suffix="_own",
    )
    for column, kind in (("department", "DPT"), ("academy", "ACA")):
        held = seats[kind].rename({"code": column})
        places = places.join(held, on=column, how="left", maintain_order="left", suffix=f"_{column}")
    steps = ("commune", "", "own", "department", "academy")
    return places.select(
        "place_id", *(pl.coalesce(f"{axis}_{step}".rstrip("_") for step in steps).alias(axis) for axis in AXES)
    )


def commune_centres(campaign: Campaign) -> pl.DataFrame:
    """The middle of the schools of each commune: commune, lat, lon. Sums are exact, so their order has no effect."""
    exact = [(pl.col(axis) * MICRO).round().cast(pl.Int64) for axis in AXES]
    schools = campaign.places.filter(pl.col("kind") != "ZR").drop_nulls(["commune", *AXES]).with_columns(exact)
    return schools.group_by("commune").agg(pl.col(axis).sum() / pl.len() / MICRO for axis in AXES).sort("commune")


def _seats(known: Mapping[str, Located]) -> pl.DataFrame:
    rows = [(code, seat.lat, seat.lon) for code, seat in known.items()]
    return pl.DataFrame(rows, schema={"code": pl.String, "lat": pl.Float64, "lon": pl.Float64}, orient="row")
