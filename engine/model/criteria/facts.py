"""What the criteria look at: facts of each candidate, and facts of each wish, derived from the tables of a campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from engine.model.criteria.family import family_refusal, granted_half_years
from engine.model.geography import Academy, academies, touching_departments
from engine.model.links import memberships
from engine.model.rulebook import SessionRules

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

SEPARATOR = ">"


def candidate_facts(campaign: Campaign, rules: SessionRules) -> pl.DataFrame:
    """The candidates with what the criteria derive from them, sorted by candidate_id.

    Added columns: own_academy (of the held post), own_department, family_place (académie the family situation points
    to), family_department, first_academy (of the wish of rank 1, else null), num_wishes, academies_apart and
    departments_apart (own and the family's do not touch), evidence (list of criteria without evidence),
    link_id, family_refusal (reason or null), granted_half_years.
    """
    in_force = academies(rules.session)
    candidates = campaign.candidates.sort("candidate_id")
    return (
        candidates.join(_academies_of_posts(campaign), on="held_post", how="left", maintain_order="left")
        .join(_first_wishes(campaign), on="candidate_id", how="left", maintain_order="left")
        .join(memberships(campaign), on="candidate_id", how="left", maintain_order="left")
        .with_columns(
            pl.col("num_wishes").fill_null(0),
            evidence=pl.col("evidence_missing").str.split(" "),
            working_academy=pl.coalesce("own_academy", "training_academy"),
            family_place=_family_place(in_force),
        )
        .with_columns(own_department=pl.coalesce("service_department", _only_department("working_academy", in_force)))
        .with_columns(family_department=pl.coalesce("spouse_department", _only_department("family_place", in_force)))
        .with_columns(_distances(rules), family_refusal=family_refusal(rules), granted_half_years=_half_years(rules))
    )


def wish_facts(campaign: Campaign, candidates: pl.DataFrame, rules: SessionRules) -> pl.DataFrame:
    """The wishes with what the criteria derive from them, sorted by candidate_id, rank.

    Added columns: candidate (row of the candidate in `candidates`), academy (the code of a wish for an académie, else
    null), in_family_reach, in_disability_zone, and the columns of the candidate that wishes are compared with.
    """
    rows = candidates.select("candidate_id").with_row_index("candidate")
    asked = pl.when(pl.col("kind") == "ACA").then("code")
    wishes = (
        campaign.wishes.sort("candidate_id", "rank")
        .join(rows, on="candidate_id", how="left", maintain_order="left")
        .with_columns(academy=asked)
    )
    compared = candidates.select(COMPARED).select(pl.all().gather(wishes["candidate"]))
    return wishes.hstack(compared).with_columns(
        in_family_reach=_reaches("family_place", "academy", rules),
        in_disability_zone=_in_disability_zone(wishes, candidates),
    )


COMPARED = ("family_place", "training_academy", "reinstatement_academy", "overseas_interests")
"""Columns of a candidate that criteria compare with the académie asked for."""


def touching_academies(rules: SessionRules) -> frozenset[tuple[str, str]]:
    """Pairs of académies that touch by the rulebook's table, in both directions."""
    if "limitrophe" not in rules.blocks:
        return frozenset()
    tables = (rules.code_lists("limitrophe", key) for key in rules.blocks["limitrophe"].values)
    return frozenset((code, other) for table in tables for code, others in table.items() for other in others)


def _academies_of_posts(campaign: Campaign) -> pl.DataFrame:
    named = pl.when(pl.col("kind") == "ACA").then("place_id")
    places = campaign.places.select("place_id", own_academy=pl.coalesce("academy", named))
    return campaign.posts.join(places, on="place_id", how="left").select("own_academy", held_post="post_id")


def _first_wishes(campaign: Campaign) -> pl.DataFrame:
    is_first = (pl.col("rank") == 1) & (pl.col("kind") == "ACA")
    return campaign.wishes.group_by("candidate_id").agg(
        first_academy=pl.col("code").filter(is_first).first(), num_wishes=pl.len()
    )


def _family_place(in_force: dict[str, Academy]) -> pl.Expr:
    of_department = {department: a.code for a in in_force.values() for department in a.departments}
    named = pl.coalesce("spouse_academy", _mapped("spouse_department", of_department))
    alone = pl.when(pl.col("family") == "parent_isole").then("first_academy")
    return pl.when(pl.col("family").is_not_null()).then(pl.coalesce(named, alone))


def _only_department(column: str, in_force: dict[str, Academy]) -> pl.Expr:
    """The département of an académie that has a single one, else null."""
    return _mapped(column, {a.code: a.departments[0] for a in in_force.values() if len(a.departments) == 1})


def _mapped(column: str, values: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(values, default=None, return_dtype=pl.String)


def _distances(rules: SessionRules) -> list[pl.Expr]:
    own, place = pl.col("working_academy"), pl.col("family_place")
    touching = {f"{a}{SEPARATOR}{b}" for a, others in touching_departments().items() for b in others}
    own_department, department = pl.col("own_department"), pl.col("family_department")
    departments_touch = pl.concat_str(own_department, department, separator=SEPARATOR).is_in(sorted(touching))
    academies_apart = (own != place) & ~_reaches("working_academy", "family_place", rules)
    departments_apart = (own != place) & (own_department != department) & ~departments_touch
    return [
        academies_apart.fill_null(False).alias("academies_apart"),
        departments_apart.fill_null(False).alias("departments_apart"),
    ]


def _reaches(origin: str, target: str, rules: SessionRules) -> pl.Expr:
    """Boolean: the académie `target` is `origin` or touches it; False where one is absent."""
    pairs = sorted(SEPARATOR.join(pair) for pair in touching_academies(rules))
    touch = pl.concat_str(origin, target, separator=SEPARATOR).is_in(pairs)
    return ((pl.col(origin) == pl.col(target)) | touch).fill_null(False)


def _half_years(rules: SessionRules) -> pl.Expr:
    return granted_half_years(rules) if "separation" in rules.blocks else pl.lit(0, pl.Int64)


def _in_disability_zone(wishes: pl.DataFrame, candidates: pl.DataFrame) -> pl.Series:
    zones = (
        candidates.select(academy=pl.col("disability_zones").str.split(" "))
        .with_row_index("candidate")
        .drop_nulls()
        .explode("academy")
        .unique()
        .with_columns(listed=True)
    )
    keys = wishes.select("candidate", "academy")
    return keys.join(zones, on=["candidate", "academy"], how="left", maintain_order="left")["listed"].fill_null(False)
