"""Does the first wish point to where the family situation leads: the département, or the commune."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from engine.model.intra.zones import ZoneIndex

if TYPE_CHECKING:
    from engine.model.campaign import Campaign


def family_department(campaign: Campaign) -> pl.Expr:
    """String per candidate: the département given, else that of the commune given, else null.

    A commune without a school of the campaign has the département its INSEE code begins with.
    """
    known = campaign.places.select("commune", "department").drop_nulls().sort("commune", "department")
    known = known.unique("commune", keep="first", maintain_order=True)
    commune = pl.col("spouse_commune")
    of_schools = commune.replace_strict(known["commune"], known["department"], default=None, return_dtype=pl.String)
    overseas = commune.str.slice(0, 2).is_in(["97", "98"])
    by_code = pl.when(overseas).then(commune.str.slice(0, 3)).otherwise(commune.str.slice(0, 2))
    return pl.coalesce("spouse_department", of_schools, by_code)


def first_wish_towards(campaign: Campaign, candidates: pl.DataFrame, index: ZoneIndex) -> pl.DataFrame:
    """Whether the first wish covers a place in the family's département, and in its commune.

    A wish for the commune counts where the commune has a school; where it has none, or none is given, one for the
    département does. ("Au plus près" is not measured in kilometres.)

    Parameters
    ----------
    candidates : columns candidate_id, family_department, spouse_commune; one row of the result for each

    Returns
    -------
    polars.DataFrame with Boolean columns towards_department, towards_commune
    """
    people = candidates.select("candidate_id", "family_department", "spouse_commune")
    first = campaign.wishes.filter(pl.col("rank") == 1).join(people, on="candidate_id", maintain_order="left")
    first = first.with_columns(index.numbers(first))
    in_department = _reaching(first, "family_department", index.located(campaign.places, "department"))
    in_commune = _reaching(first, "spouse_commune", index.located(campaign.places, "commune"))
    schools = campaign.places.filter(pl.col("kind") == "ETB")["commune"].drop_nulls().unique()
    without_school = ~pl.col("spouse_commune").is_in(schools.implode()).fill_null(False)
    towards_department = pl.col("candidate_id").is_in(in_department.implode())
    towards_commune = pl.col("candidate_id").is_in(in_commune.implode())
    return people.select(
        towards_department=towards_department,
        towards_commune=towards_commune | (without_school & towards_department),
    )


def _reaching(first: pl.DataFrame, goal: str, located: pl.DataFrame) -> pl.Series:
    """Candidates whose first wish has a place at their goal."""
    here = located.columns[-1]
    return first.join(located, left_on=["zone", goal], right_on=["zone", here], how="semi")["candidate_id"]
