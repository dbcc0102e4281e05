"""Where places are on the map, as far as the placement inside a zone measures distances."""

from __future__ import annotations

import polars as pl

from engine.model.checks.context import Context, Tables, ground
from engine.model.checks.lookups import wrong_cells
from engine.model.defects import Rule, defects, no_defects
from engine.model.geography import all_departments
from engine.model.reading import row_owner
from engine.model.zones import places_of_zones

C19 = Rule("C19", "Latitude and longitude come together, within 300 km of the chef-lieu of the place's département.")
C23 = Rule("C23", "Schools that a placement compares by their distance have coordinates, or their commune has.")

FARTHEST_KM = 300  # no school is farther: Saint-Martin is 273 km from Basse-Terre, Maripasoula 240 km from Cayenne
KM_PER_DEGREE = 111.2
ASKED = ["discipline", "kind", "code"]
PRECISION = {"POST": 0, "ETB": 0, "COM": 1, "GEO": 2, "DPT": 3, "ACA": 4}  # smaller is more precise; ZRs have none


def coordinates_are_near_the_chef_lieu(tables: Tables, _: Context) -> pl.DataFrame:
    places = tables["places"]
    found = [no_defects()]
    for axis, other in (("lat", "lon"), ("lon", "lat")):
        alone = places.filter(pl.col(axis).is_null() & pl.col(other).is_not_null())
        who = row_owner(alone.columns)
        found.append(defects(C19, "places", alone, column=axis, who=who, problem=f"is empty, and {other} is given."))
    on_earth = pl.col("lat").is_between(-90, 90) & pl.col("lon").is_between(-180, 180)  # else out of bounds, and told
    located = places.filter(on_earth).with_columns(_seat("lat"), _seat("lon"))
    km, swapped_km = _km("lat", "lon"), _km("lon", "lat")
    far = located.filter(km > FARTHEST_KM).with_columns(km.round().cast(pl.Int64).alias("#km"))
    problem = pl.format("and lon {} are {} km from the chef-lieu of département {}.", "lon", "#km", "department")
    swapped = pl.when(swapped_km <= FARTHEST_KM).then(pl.lit("Maybe lat and lon are swapped?"))
    found.append(
        wrong_cells(
            C19, "places", "lat", far, problem, swapped.otherwise(pl.lit("Degrees (WGS84), north and east positive."))
        )
    )
    return pl.concat(found)


def _seat(axis: str) -> pl.Expr:
    seats = {code: getattr(department, axis) for code, department in all_departments().items()}
    return pl.col("department").replace_strict(seats, default=None, return_dtype=pl.Float64).alias(f"#{axis}")


def _km(lat: str, lon: str) -> pl.Expr:
    """Distance to the chef-lieu on a plane tangent there: near enough to tell a wrong place; null without one."""
    north = (pl.col(lat) - pl.col("#lat")) * KM_PER_DEGREE
    east = (pl.col(lon) - pl.col("#lon")) * KM_PER_DEGREE * pl.col("#lat").radians().cos()
    return (north**2 + east**2).sqrt()


def schools_compared_are_located(tables: Tables, context: Context) -> pl.DataFrame:
    """A campaign without any coordinates is lawful: all seats of a zone are alike then, and a remark says so."""
    towns = towns_of_schools(tables)
    located = towns.filter("located")
    if not context.is_intra or located.is_empty() or located.height == towns.height:
        return no_defects()
    compared = compared_places(tables).unique()
    wrong = tables["places"].join(towns.filter(~pl.col("located")), on="place_id", how="semi", maintain_order="left")
    wrong = wrong.filter(pl.col("lat").is_null() & pl.col("lon").is_null())  # of the others the missing half is told
    wrong = wrong.join(compared, on="place_id", how="semi", maintain_order="left")
    problem = (
        "is empty, and so it is for its whole commune: how far the school is from other wishes cannot be measured."
    )
    hint = "Give lat and lon of the school or of its commune; or of no school: all seats of a zone are alike then."
    return defects(C23, "places", wrong, column="lat", who=row_owner(wrong.columns), problem=problem, hint=hint)


def towns_of_schools(tables: Tables) -> pl.DataFrame:
    """place_id, town, located of every school: its commune (itself without one), and whether a school there is."""
    schools = tables["places"].filter(pl.col("kind") == "ETB")
    named = schools.with_columns(town=pl.coalesce("commune", pl.concat_str(pl.lit("@"), "place_id")))
    known = pl.col("lat").is_not_null() & pl.col("lon").is_not_null()
    return named.select("place_id", "town", located=known.any().over("town"))


def compared_places(tables: Tables) -> pl.DataFrame:
    """Schools whose distances the placement needs, as one column place_id; rows may repeat.

    They are those with posts in a zone of several communes that is asked for after a more precise wish (the *vœu
    indicatif*), and those of the more precise wish.
    """
    posts = tables["posts"].select(kind=pl.lit("POST"), code="post_id", place_id="place_id")
    within = pl.concat([places_of_zones(ground(tables)).select("kind", "code", "place_id"), posts])
    wishes = _ranked(tables)
    guided = wishes.filter(pl.col("precision").cum_min().shift(1).over("candidate") < pl.col("precision"))
    compared = _over_several_towns(tables, guided.select(ASKED).unique(), within)
    wide = wishes.join(
        compared.select(ASKED).unique().with_columns(wide=True), on=ASKED, how="left", maintain_order="left"
    )
    width = pl.when("wide").then("precision").otherwise(-1)  # of a zone over several towns
    wider = width.reverse().cum_max().shift(1).reverse().over("candidate")
    guides = wide.filter(wider > pl.col("precision")).select("kind", "code").unique().join(within, on=["kind", "code"])
    return pl.concat([compared.select("place_id"), guides.select("place_id")])


def _ranked(tables: Tables) -> pl.DataFrame:
    """Wishes for schools with their discipline and precision, in the order of each candidate."""
    people = (
        tables["candidates"].select("candidate_id", "discipline").unique("candidate_id").with_row_index("candidate")
    )
    precision = pl.col("kind").replace_strict(PRECISION, default=None, return_dtype=pl.Int64).alias("precision")
    wishes = tables["wishes"].select("candidate_id", "rank", "kind", "code", precision).drop_nulls()
    return wishes.join(people, on="candidate_id").drop("candidate_id").sort("candidate", "rank")


def _over_several_towns(tables: Tables, asked: pl.DataFrame, within: pl.DataFrame) -> pl.DataFrame:
    """Schools with posts of the discipline in the zones asked for (columns `ASKED`) that are not all in one town."""
    taught = tables["posts"].select("place_id", "discipline").unique()
    towns = towns_of_schools(tables).select("place_id", "town")
    covered = asked.join(within, on=["kind", "code"]).join(taught, on=["place_id", "discipline"])
    return covered.join(towns, on="place_id").filter(pl.col("town").n_unique().over(ASKED) > 1)
