"""Mesures de carte scolaire: who is designated, what becomes of him and of the post, and his 1500 points."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from engine.model.campaign import Campaign
from engine.model.defects import InputRefused
from engine.model.intra.designation import close_posts, closings_left, designate, take_measures
from engine.model.points import format_points
from engine.model.reasons import reason_codes
from engine.model.rulebook import Rulebook, RulebookError
from engine.model.scoring import score
from tests.model.intra.academies import PLACES, academy, post

OLD, NEW = {"held": "CLG-RIOM", "post_years": 12}, {"held": "CLG-RIOM", "post_years": 1}


def closing(*holders: dict[str, Any], seats: int = 1, vacant: int = 0) -> Campaign:
    """Holders of the collège of Riom, where seats are closed."""
    posts = [post(row[0], seats=vacant if row[0] == "CLG-RIOM" else 1) for row in PLACES]
    return academy(2016, *holders, posts=posts, closures=[{"post_id": "P-CLG-RIOM", "seats": seats}])


def designated(*holders: dict[str, Any], seats: int = 1, vacant: int = 0) -> dict[str, str]:
    """Reason of each one designated."""
    campaign = closing(*holders, seats=seats, vacant=vacant)
    rows = designate(campaign, campaign.rules)
    assert set(rows["reason"]) <= set(reason_codes())
    assert rows["candidate_id"].is_sorted()
    return {row["candidate_id"]: row["reason"].removeprefix("designated_") for row in rows.iter_rows(named=True)}


def test_the_last_come_loses_his_post() -> None:
    assert designated(OLD, NEW) == {"C1": "least_seniority"}


def test_a_volunteer_goes_first() -> None:
    assert designated({**OLD, "volunteer": True}, NEW) == {"C0": "volunteer"}
    assert designated({**OLD, "volunteer": True}, NEW, {**OLD, "post_years": 4}, seats=2) == {
        "C0": "volunteer",
        "C1": "least_seniority",
    }


def test_a_beneficiary_whose_post_was_adapted_is_spared_unless_he_volunteers() -> None:
    adapted = {**NEW, "boe": True, "post_adapted": True}
    assert designated(OLD, adapted) == {"C0": "least_seniority"}
    assert designated(adapted) == {}
    assert designated(OLD, {**adapted, "volunteer": True}) == {"C1": "volunteer"}
    assert designated(OLD, {**NEW, "boe": True}) == {"C1": "least_seniority"}
    assert designated(OLD, {**NEW, "post_adapted": True}) == {"C1": "least_seniority"}


def test_who_already_bears_the_measure_counts_first() -> None:
    named = {**OLD, "closed_kind": "carte_scolaire", "closed_place": "CLG-RIOM"}
    assert designated(named, NEW) == {"C0": "before"}


@pytest.mark.parametrize(
    ("fact", "stronger", "weaker"),
    [
        ("echelon", 9, 4),
        ("children", 2, 0),
        ("birth_date", dt.date(1970, 1, 1), dt.date(1990, 1, 1)),
    ],
)
def test_equal_seniority_is_parted_by_the_declared_order(fact: str, stronger: Any, weaker: Any) -> None:
    assert designated({**NEW, fact: stronger}, {**NEW, fact: weaker}) == {"C1": "least_seniority"}
    assert designated({**NEW, fact: weaker}, {**NEW, fact: stronger}) == {"C0": "least_seniority"}


def test_those_alike_in_everything_are_parted_by_the_lot_of_the_seed() -> None:
    campaign = closing(NEW, NEW, NEW)
    found = {designate(campaign.with_seed(seed), campaign.rules)["candidate_id"][0] for seed in range(20)}
    assert found == {"C0", "C1", "C2"}
    backwards = replace(campaign, candidates=campaign.candidates.reverse())
    assert designate(backwards, campaign.rules).equals(designate(campaign, campaign.rules))


def test_vacant_seats_are_closed_before_held_ones() -> None:
    assert designated(OLD, NEW, vacant=1) == {}
    campaign = closing(OLD, NEW, seats=3, vacant=1)
    found = designate(campaign, campaign.rules)
    assert found.height == 2
    after = close_posts(campaign, found)
    assert after.posts.filter(post_id="P-CLG-RIOM")["seats"].to_list() == [0]


def test_holders_who_do_not_take_part_are_unknown_and_the_seats_wait() -> None:
    campaign = closing(NEW, seats=3)
    found = designate(campaign, campaign.rules)
    assert found["candidate_id"].to_list() == ["C0"]
    assert closings_left(campaign, found).rows() == [("P-CLG-RIOM", 2)]
    assert closings_left(closing(NEW), found).is_empty()


def test_the_designated_lose_their_post_and_must_leave_with_one() -> None:
    campaign = closing(OLD, NEW)
    after = close_posts(campaign, designate(campaign, campaign.rules)).candidates
    columns = ["held_post", "mandatory", "closed_place", "closed_kind"]
    assert after.select(columns).rows() == [
        ("P-CLG-RIOM", False, None, None),
        (None, True, "CLG-RIOM", "carte_scolaire"),
    ]
    assert after.columns == campaign.candidates.columns


def test_the_chain_of_wishes_of_one_designated_has_its_1500_points() -> None:
    wishes = ["ETB:CLG-RIOM", "COM:63300", "DPT:63", "ZRD:63", "ACA:06"]
    campaign = closing(OLD, {**NEW, "category": "titulaire", "echelon": 5, "wishes": wishes})
    after = close_posts(campaign, designate(campaign, campaign.rules))
    scored = score(after, after.rules).wishes
    assert scored["admissible"].all()
    assert [format_points(points) for points in scored["points"]] == ["1545", "1545", "1545", "45", "1545"]


def test_without_closures_nobody_is_designated_under_any_rulebook() -> None:
    campaign = academy(2016, OLD)
    assert designate(campaign, campaign.rules).is_empty()
    assert designate(campaign, Rulebook.load("none").at(2016)).is_empty()


def test_a_rulebook_that_designates_nobody_cannot_close_posts() -> None:
    campaign = closing(OLD)
    with pytest.raises(RulebookError, match="has no designation"):
        designate(campaign, Rulebook.load("inter").at(2016))


def test_a_measure_that_takes_the_post_of_one_linked_candidate_alone_is_refused() -> None:
    parted = closing({**OLD, "link": "L"}, {**NEW, "link": "L"})
    with pytest.raises(InputRefused) as refused:
        take_measures(parted)
    assert '"C1" holds no post, and the other member one (linked to C0).' in str(refused.value)
    both = closing({**OLD, "link": "L"}, {**NEW, "link": "L"}, seats=2)
    assert take_measures(both).candidates["mandatory"].all()
