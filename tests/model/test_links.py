"""Contracts of linked candidates: the same wishes at the same places of their lists, with the points that count."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from engine.extension.contracts import extension_contracts
from engine.model.campaign import Campaign
from engine.model.compilation import compile_market
from engine.model.contracts import Contracts, contracts_of
from engine.model.links import Counted
from engine.model.scoring import score
from tests.model.intra.academies import academy, post
from tests.model.small_campaign import small_campaign
from tests.verify.linked_campaigns import Person, schools

HOLDER: dict[str, Any] = {"category": "titulaire", "link": "L", "echelon": 5}


def laid_out(campaign: Campaign, how: Counted = "own") -> Contracts:
    scored = score(campaign, campaign.rules)
    return contracts_of(campaign, scored, extension_contracts(campaign, scored), how)


def lists(contracts: Contracts) -> list[list[tuple[str, str]]]:
    """Kind and code of the contracts of each candidate, in their order."""
    rows = contracts.rows.group_by("candidate", maintain_order=True).agg("kind", "code")
    return [list(zip(kinds, codes, strict=True)) for kinds, codes in rows.select("kind", "code").iter_rows()]


@pytest.mark.parametrize(
    ("how", "expected"), [("own", [50_000, 10_001]), ("minimum", [10_001] * 2), ("mean", [30_000] * 2)]
)
def test_linked_candidates_are_ranked_by_their_own_points_the_smaller_or_the_mean(
    how: Counted, expected: list[int]
) -> None:
    people = {"a": Person([("ETB", "E1", 50)], "M", link="L"), "b": Person([("ETB", "E1", 10)], "P", link="L")}
    campaign = schools(people, {"E1-M": 1, "E1-P": 1})
    odd = replace(
        campaign, wishes=campaign.wishes.with_columns(points=pl.Series([50_000, 10_001]))
    )  # a half is dropped
    found = laid_out(odd, how)
    assert found.rows["points"].to_list() == found.wishes["points"].to_list() == expected


def test_what_one_member_may_not_ask_for_is_set_aside_for_all() -> None:
    lyon = {**HOLDER, "held": "10", "wishes": ["14", "10", "17"]}
    caen = {**HOLDER, "held": "24", "wishes": ["14", "10", "17"]}
    wishes = score(campaign := small_campaign(2025, lyon, caen), campaign.rules).wishes
    aside = ["linked_wish_set_aside"] * 2
    assert wishes["reason"].to_list() == [None, "own_zone", "after_own_zone", None, *aside]


def test_what_one_member_has_no_post_for_is_set_aside_for_all() -> None:
    wishes = [("ETB", "E1", 10), ("ETB", "E2", 10), ("COM", "11111", 10)]
    people = {"a": Person(wishes, "M", link="L"), "b": Person(wishes, "P", link="L")}
    found = laid_out(schools(people, {"E1-M": 1, "E2-M": 1, "E2-P": 1}))
    assert lists(found) == [[("ETB", "E2"), ("COM", "11111")]] * 2
    reasons = found.wishes.select("candidate_id", "rank", "reason").drop_nulls().rows()
    assert reasons == [("a", 1, "linked_wish_set_aside"), ("b", 1, "zone_without_posts")]


def test_stays_come_last_for_all() -> None:
    people = {
        "a": Person([("ETB", "E3", 10)], "M", "E1", "L"),
        "b": Person([("ETB", "E3", 10)], "P", "E2", "L"),
        "c": Person([("ETB", "E3", 10)], "P", "E2", "L"),
    }
    campaign = schools(people, {"E1-M": 0, "E2-P": 0, "E3-M": 1, "E3-P": 2})
    contracts = laid_out(campaign)
    market = compile_market(campaign, contracts, contracts.rows)
    market.check()
    assert market.link.tolist() == [0, 0, 0]
    assert (market.stay - market.wish_ptr[:-1]).tolist() == [1, 1, 1]


def test_members_who_must_take_part_are_extended_to_the_same_zones_in_the_same_order() -> None:
    stagiaire = {"category": "stagiaire", "mandatory": True, "link": "L", "wishes": ["14"]}
    campaign = small_campaign(2025, stagiaire, stagiaire)
    first, second = lists(laid_out(campaign))
    assert first == second
    assert len(first) > 20
    silent = {"category": "stagiaire", "mandatory": True, "link": "L"}
    campaign = small_campaign(2025, silent | {"training_academy": "14"}, silent | {"training_academy": "23"})
    first, second = lists(laid_out(campaign))
    assert first == second
    assert first[0] == ("ACA", "17"), "as from Rennes, where the first of them was trained"


def test_an_excluded_link_has_no_contracts() -> None:
    excluded = {**HOLDER, "held": "10", "wishes": ["14"], "cancelled": "withdrawn"}
    contracts = laid_out(small_campaign(2025, excluded, excluded))
    assert contracts.rows.is_empty()
    assert contracts.link.tolist() == [-1, -1]


def test_the_parts_of_an_ordered_zone_are_those_in_which_all_find_a_post() -> None:
    parts = [{"zone_kind": "GEO", "zone_code": "G", "place_id": p, "position": n} for n, p in enumerate(PLACES, 1)]
    members = [{**HOLDER, "discipline": d, "wishes": ["GEO:G"]} for d in ("L1300", "L0422")]
    posts = [post(PLACES[0]), post(PLACES[1]), post(PLACES[1], "L0422", post_id="other")]
    contracts = laid_out(academy(2016, *members, zones=parts, posts=posts))
    assert contracts.rows["zone"].n_unique() == 2
    assert contracts.rows["candidate"].to_list() == [0, 1]


PLACES = ("CLG-RIOM", "CLG-VOLVIC")
