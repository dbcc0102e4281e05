"""Input rules of the interdépartemental: who takes part, own département, six wishes, linked lists, late requests."""

import datetime as dt
from typing import Any

import pytest

from engine.model.reasons import reason_codes
from engine.model.scoring import Scored, score
from tests.model.interdepartemental.country import country, linked


def scored(*candidates: str | dict[str, Any], session: int = 2025, **tables: Any) -> Scored:
    campaign = country(session, *candidates, **tables)
    return score(campaign, campaign.rules)


def wish_reasons(*candidates: str | dict[str, Any], **more: Any) -> list[str | None]:
    return scored(*candidates, **more).wishes["reason"].to_list()


def request_reasons(*candidates: str | dict[str, Any], **more: Any) -> list[str | None]:
    return scored(*candidates, **more).requests["reason"].to_list()


# Wishes


def test_w7_the_own_departement_is_deleted_with_all_that_follows() -> None:
    assert wish_reasons("home=75 wishes=29&75&22&75") == [
        None,
        "own_department",
        "after_own_department",
        "own_department",
    ]


def test_whoever_holds_no_post_may_ask_for_any_departement() -> None:
    assert wish_reasons("home=none wishes=75&29") == [None, None]


def test_the_seventh_wish_is_one_too_many() -> None:
    assert wish_reasons("wishes=29&22&35&56&13&06&63") == [None] * 6 + ["too_many_wishes"]


def test_only_whole_departements_are_asked_for() -> None:
    wishes = [
        {"kind": "ACA", "code": "14"},
        {"kind": "DPT", "code": "29", "school_type": "CLG"},
        {"kind": "DPT", "code": "988"},
        {"kind": "DPT", "code": "2A"},
    ]
    found = wish_reasons({"wishes": wishes})
    assert found == ["kind_not_admissible", "school_type_not_admissible", "department_not_admissible", None]


# Requests


@pytest.mark.parametrize(
    ("category", "reason"),
    [("titulaire", None), (None, None), ("stagiaire", "not_titulaire"), ("detache", "not_titulaire")],
)
def test_only_titulaires_take_part(category: str | None, reason: str | None) -> None:
    person = {"category": category, "wishes": ["29", "22"]}
    assert request_reasons(person) == [reason]
    assert wish_reasons(person) == [reason] * 2


@pytest.mark.parametrize("cause", ["withdrawn", "not_confirmed", "profile_post"])
def test_a_cancelled_request_stays_with_its_cause(cause: str) -> None:
    assert request_reasons({"cancelled": cause, "wishes": ["29"]}) == [f"cancelled_{cause}"]


@pytest.mark.parametrize(
    ("day", "why", "reason"),
    [
        (dt.date(2015, 12, 8), None, None),
        (dt.date(2015, 12, 9), None, "late_without_reason"),
        (dt.date(2015, 12, 9), "whim", "late_unknown_reason"),
        (dt.date(2016, 1, 31), "birth", None),
        (dt.date(2016, 2, 1), "birth", "late_after_limit"),
    ],
)
def test_a_request_is_late_after_the_server_closed(day: dt.date, why: str | None, reason: str | None) -> None:
    person = {"request_date": day, "late_reason": why, "wishes": ["29"]}
    assert request_reasons(person, session=2016) == [reason]


def test_a_run_says_which_days_were_not_read() -> None:
    notes = scored({"request_date": dt.date(2019, 12, 1), "wishes": ["29"]}, session=2020).notes
    assert len(notes) == 2


# Linked requests


def test_linked_requests_hold_the_same_wishes_in_the_same_order() -> None:
    pair = linked("C0", "C1")
    assert request_reasons("wishes=29&22", "wishes=29&22", links=pair) == [None, None]
    for other in ("wishes=22&29", "wishes=29", "wishes="):
        assert request_reasons("wishes=29&22", other, links=pair) == ["linked_lists_differ"] * 2


def test_three_may_be_linked_and_one_that_differs_sets_all_aside() -> None:
    three = linked("C0", "C1", "C2")
    assert request_reasons("wishes=29", "wishes=29", "wishes=29", links=three) == [None] * 3
    assert request_reasons("wishes=29", "wishes=29", "wishes=22", links=three) == ["linked_lists_differ"] * 3


def test_a_request_linked_to_one_that_is_set_aside_is_set_aside_with_it() -> None:
    gone = "cancelled=withdrawn wishes=29"
    assert request_reasons(gone, "wishes=29", "wishes=29", links=linked("C0", "C1")) == [
        "cancelled_withdrawn",
        "linked_to_excluded",
        None,
    ]


def test_a_wish_that_is_set_aside_for_one_member_is_set_aside_for_all() -> None:
    two_homes = ("home=75 wishes=29&63&22", "home=63 wishes=29&63&22")
    assert wish_reasons(*two_homes, links=linked("C0", "C1")) == [
        *(None, "linked_wish_set_aside", "linked_wish_set_aside"),
        *(None, "own_department", "after_own_department"),
    ]
    assert wish_reasons(*two_homes) == [None, None, None, None, "own_department", "after_own_department"]


def test_every_reason_has_its_sentence() -> None:
    codes = {"own_department", "after_own_department", "department_not_admissible", "not_titulaire"}
    codes |= {"linked_lists_differ", "linked_to_excluded", "linked_wish_set_aside"}
    codes |= {"interests_not_overseas", "interests_not_first", "interests_beside_family", "interests_beside_link"}
    assert codes <= set(reason_codes())
