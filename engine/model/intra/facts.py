"""What the criteria of the intra look at: facts of each candidate and of each wish, derived from the tables.

Every fact of a wish is a Boolean or a small number, found by the number of its zone: a campaign has a million wishes
and a few thousand zones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from engine.model.criteria.career import IS_AGREGE
from engine.model.criteria.family import STRATEGIES
from engine.model.intra.disciplines import types_taught
from engine.model.intra.family import family_refusal, in_reach
from engine.model.intra.kinds import KIND_NUMBER
from engine.model.intra.precedence import with_precedence
from engine.model.intra.towards import family_department, first_wish_towards
from engine.model.intra.zones import ZoneIndex, zone_index
from engine.model.links import memberships
from engine.model.sessionrules import SessionRules

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

SPARED = "carte_scolaire"
"""The measure whose victims may ask for the post they lose (seed 002, IV)."""

COMPARED = ("own_type", "only_type", "lycee_counts", "follows_plp", "plp_market", "family_number")
"""Columns of a candidate that are compared with each of his wishes."""


def candidate_facts(campaign: Campaign, rules: SessionRules) -> pl.DataFrame:
    """The candidates with what the criteria derive from them, sorted by candidate_id.

    Added columns: own_place (of the post held), own_type (its type of school), own_department (of it, else of the place
    that is closed), only_type (the one type of school the discipline is taught in, else null), lycee_counts (an agrégé
    of a discipline taught in lycées and elsewhere), follows_plp (an agrégé or certifié who comes after the PLP in their
    schools), plp_market (everywhere: in a discipline of theirs), evidence (list of criteria without evidence),
    link_id, family_department, family_number (position of the strategy in `STRATEGIES` from 1, 0 for none),
    towards_department and towards_commune (the first wish points to the family's), family_refusal (reason or null).
    """
    candidates = campaign.candidates.sort("candidate_id")
    candidates = candidates.join(_own_places(campaign), on="held_post", how="left", maintain_order="left")
    candidates = candidates.join(_closed_places(campaign), on="closed_place", how="left", maintain_order="left")
    candidates = candidates.join(memberships(campaign), on="candidate_id", how="left", maintain_order="left")
    candidates = candidates.join(types_taught(campaign, rules), on="discipline", how="left", maintain_order="left")
    candidates = candidates.with_columns(
        *_plp(rules),
        own_department=pl.coalesce("own_department", "closed_department"),
        lycee_counts=IS_AGREGE & pl.col("taught_everywhere").fill_null(False),
        evidence=pl.col("evidence_missing").str.split(" "),
        family_department=family_department(campaign),
        family_number=_family_number(),
    )
    towards = first_wish_towards(campaign, candidates, zone_index(campaign))
    return candidates.hstack(towards).with_columns(family_refusal=family_refusal(rules))


def wish_facts(campaign: Campaign, candidates: pl.DataFrame, rules: SessionRules) -> pl.DataFrame:
    """The wishes with what the criteria derive from them, sorted by candidate_id, rank.

    Added columns: candidate (row of the candidate in `candidates`), zone (number), kind_number, is_open, asks_lycee,
    in_rep, in_rep_plus (one school of priority education), covers_own, covers_closed, covers_former (the département of
    the former post), in_disability_zone, in_family_commune, in_family_reach, precedence, opinion_refused.
    """
    index = zone_index(campaign)
    wishes = _in_order(campaign, candidates)
    wishes = wishes.with_columns(index.numbers(wishes), KIND_NUMBER)
    schools = _schools(campaign, index, rules)
    wishes = wishes.hstack(schools.select(pl.all().gather(wishes["zone"]).fill_null(False)))
    wishes = wishes.hstack(candidates.select(COMPARED).select(pl.all().gather(wishes["candidate"])))
    wishes = wishes.with_columns(_is_open(rules), *_places(wishes, candidates, campaign, index))
    wishes = wishes.with_columns(in_family_reach=in_reach(rules), asks_lycee=_asks_lycee(rules))
    return with_precedence(wishes, campaign, rules).drop(*COMPARED, "is_lycee", "is_lp")


def _own_places(campaign: Campaign) -> pl.DataFrame:
    places = campaign.places.select("place_id", own_type="school_type", own_department="department")
    posts = campaign.posts.select("place_id", held_post="post_id")
    return posts.join(places, on="place_id", how="left").rename({"place_id": "own_place"})


def _closed_places(campaign: Campaign) -> pl.DataFrame:
    return campaign.places.select(closed_place="place_id", closed_department="department")


def _plp(rules: SessionRules) -> list[pl.Expr]:
    block = "lycees_professionnels"
    other_corps = pl.col("corps").is_in(rules.codes(block, "corps")).fill_null(False)
    plp, own = (_begins(rules.codes(block, key)) for key in ("plp_disciplines", "own_disciplines"))
    return [(other_corps & ~own).alias("follows_plp"), (other_corps & plp).alias("plp_market")]


def _begins(prefixes: tuple[str, ...]) -> pl.Expr:
    return pl.any_horizontal(pl.lit(False), *(pl.col("discipline").str.starts_with(prefix) for prefix in prefixes))


def _family_number() -> pl.Expr:
    numbers = {strategy: number for number, strategy in enumerate(STRATEGIES, start=1)}
    return pl.col("family").replace_strict(numbers, default=0, return_dtype=pl.UInt8)


def _in_order(campaign: Campaign, candidates: pl.DataFrame) -> pl.DataFrame:
    rows = candidates.select("candidate_id").with_row_index("candidate")
    numbered = campaign.wishes.join(rows, on="candidate_id", how="left", maintain_order="left")
    return numbered.sort("candidate", "rank")  # numbers sort faster than names, and in the same order


def _schools(campaign: Campaign, index: ZoneIndex, rules: SessionRules) -> pl.DataFrame:
    """Booleans per zone: it is one lycée, one professional lycée, one school of REP, of REP+."""
    single = index.zones.filter(pl.col("kind").is_in(["ETB", "POST"])).join(index.members, on="zone")
    typed = single.join(campaign.places.select("place_id", "school_type", "priority_education"), on="place_id")
    facts = typed.select(
        "zone",
        is_lycee=pl.col("school_type").is_in(rules.codes("agrege_lycee", "school_types")),
        is_lp=pl.col("school_type").is_in(rules.codes("lycees_professionnels", "school_types")),
        in_rep=pl.col("priority_education") == "REP",
        in_rep_plus=pl.col("priority_education") == "REP+",
    )
    every = index.zones.select("zone").join(facts, on="zone", how="left", maintain_order="left")
    return every.select(pl.exclude("zone").fill_null(False))


def _is_open(rules: SessionRules) -> pl.Expr:
    if not rules.flag("typed_wishes", "bonus_on_any_type_only"):
        return pl.lit(True).alias("is_open")
    asked = pl.col("school_type")
    lycee = pl.col("lycee_counts") & asked.is_in(rules.codes("agrege_lycee", "school_types"))
    return (asked.is_null() | lycee | (asked == pl.col("only_type"))).fill_null(False).alias("is_open")


def _asks_lycee(rules: SessionRules) -> pl.Expr:
    typed = pl.col("school_type").is_in(rules.codes("agrege_lycee", "school_types")).fill_null(False)
    return typed | pl.col("is_lycee")


def _places(
    wishes: pl.DataFrame, candidates: pl.DataFrame, campaign: Campaign, index: ZoneIndex
) -> list[pl.Series | pl.Expr]:
    """Which wishes cover the places that count for their candidate."""
    people = candidates.with_row_index("candidate")
    return [
        _covers_own(wishes, people, index),
        _holds(wishes, index, index.around(people.select("candidate", place_id="closed_place")), "covers_closed"),
        _holds(wishes, index, _former(people, campaign, index), "covers_former"),
        _holds(wishes, index, index.named(_listed(people)), "in_disability_zone"),
        _holds(wishes, index, index.named(people.select("candidate", code="spouse_commune")), "in_family_commune"),
    ]


def _holds(wishes: pl.DataFrame, index: ZoneIndex, pairs: pl.DataFrame, name: str) -> pl.Series:
    return index.holds(wishes, pairs).alias(name)


def _covers_own(wishes: pl.DataFrame, people: pl.DataFrame, index: ZoneIndex) -> pl.Series:
    """A wish for the post held itself, or for a zone that holds its place, unless it asks for another type of school.

    Those hit by a mesure de carte scolaire may ask for what they lose: none of their wishes counts here.
    """
    holders = people.filter(pl.col("closed_kind").ne_missing(SPARED)).select("candidate", "own_place", "held_post")
    around = index.around(holders.select("candidate", place_id="own_place"))
    itself = holders.select("candidate", kind=pl.lit("POST"), code="held_post").join(index.zones, on=["kind", "code"])
    zones = around.join(index.zones.filter(pl.col("kind") != "POST"), on="zone")
    held = index.holds(wishes, pl.concat([zones.select("candidate", "zone"), itself.select("candidate", "zone")]))
    another = wishes.select((pl.col("school_type") != pl.col("own_type")).fill_null(False)).to_series()
    return (held & ~another).alias("covers_own")


def _former(people: pl.DataFrame, campaign: Campaign, index: ZoneIndex) -> pl.DataFrame:
    """Pairs candidate, zone: the zones with places in the département of the former post."""
    former = people.select("candidate", department="reinstatement_department").drop_nulls()
    if former.is_empty():
        return pl.DataFrame(schema={"candidate": pl.UInt32, "zone": pl.UInt32})
    located = index.located(campaign.places, "department")
    return former.join(located, on="department").select("candidate", "zone")


def _listed(people: pl.DataFrame) -> pl.DataFrame:
    zones = people.select("candidate", code=pl.col("disability_zones").str.split(" "))
    return zones.drop_nulls().explode("code").unique()
