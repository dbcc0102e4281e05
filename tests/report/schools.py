"""A result in the schools of one académie, made by hand: communes, zones de remplacement, an exchange, an extension."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from engine.runs import Run
from tests.report.runs import Bar, Person, Story, make

WHERE = {  # place: kind, commune, grouping, lat, lon
    "E1": ("ETB", "63113", "G1", 45.78, 3.08),
    "E2": ("ETB", "63113", "G1", 45.80, 3.10),
    "E3": ("ETB", "63300", "G1", 45.89, 3.11),
    "E4": ("ETB", "15014", "G2", 44.93, 2.44),
    "Z1": ("ZR", None, None, None, None),
    "Z2": ("ZR", None, None, 45.03, 3.88),
}
DEPARTMENT = {"E4": "15", "Z2": "43"}


def people() -> tuple[Person, ...]:
    """a and b exchange, c makes room, d enters, e is extended, f leaves a ZR, g goes to one."""
    return (
        Person("a", "M", "assigned", "E1", "E3", 1, wishes=[("E3", "obtained", None)], before=(None, "E1")),
        Person(
            "b", "M", "assigned", "E4", "E1", 1, wishes=[("E1", "obtained", None), ("COM:63300", "not_reached", None)],
            before=(2, "E3"),
        ),
        Person("c", "M", "assigned", "Z1", "E2", 2, before=(2, "E1"),
               wishes=[("E3", "refused", 10_000), ("GEO:G1", "obtained", None)]),
        Person("d", "M", "assigned", None, "Z2", 1, mandatory=True, wishes=[("ZRE:Z2", "obtained", None)]),
        Person("e", "M", "extended", None, "E4", mandatory=True, wishes=[("COM:63113", "refused", 5_000)]),
        Person("g", "M", "assigned", "E2", "Z1", 1, wishes=[("ZRE:Z1", "obtained", None)]),
        Person("h", "M", "kept", "E3", "E3", wishes=[("E1", "refused", 1_000)]),
    )  # fmt: skip


def schools(**options: object) -> Run:
    """The run, with improvement and the extension that follows unless `options` say otherwise."""
    bars = [Bar("M", at, 2, 10_000 * n) for n, at in enumerate(WHERE, 1)]
    chosen = {"improvement": "zone", "extension": "residual", **options}
    run = make(Story(people(), bars, {at: f"School {at}" for at in WHERE}, "ETB", "intra", options=chosen))
    columns = pl.DataFrame(
        [(at, *facts, DEPARTMENT.get(at, "63"), "06") for at, facts in WHERE.items()],
        schema=["place_id", "kind", "commune", "grouping", "lat", "lon", "department", "academy"],
        orient="row",
    )
    places = run.campaign.places.select("place_id", "label").join(columns, on="place_id")
    missing = [name for name in run.campaign.places.columns if name not in places.columns]
    places = places.with_columns(pl.lit(None, pl.String).alias(name) for name in missing)
    kinds = pl.col("code").replace_strict(dict.fromkeys(("Z1", "Z2"), "ZRE"), default="ETB")
    tables = replace(run.tables, cutoffs=run.cutoffs.with_columns(kind=kinds))
    return replace(
        run, campaign=replace(run.campaign, places=places.select(run.campaign.places.columns)), tables=tables
    )
