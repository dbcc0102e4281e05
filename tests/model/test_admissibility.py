"""Input rules: which wishes and requests are set aside, and the reason each bears."""

import datetime as dt
from typing import Any

import pytest

from engine.model.geography import academies
from engine.model.reasons import reason_codes
from engine.model.scoring import Scored, score
from tests.model.small_campaign import small_campaign

GRENOBLE = {"category": "titulaire", "held": "08"}


def scored(session: int, *candidates: dict[str, Any]) -> Scored:
    campaign = small_campaign(session, *candidates)
    return score(campaign, campaign.rules)


def reasons(session: int, candidate: dict[str, Any]) -> list[str | None]:
    return scored(session, candidate).wishes["reason"].to_list()


def test_w7_the_wish_for_the_own_academie_is_deleted_with_all_that_follow() -> None:
    found = scored(2010, {**GRENOBLE, "wishes": ["10", "08", "01"]}).wishes
    assert found["admissible"].to_list() == [True, False, False]
    assert found["reason"].to_list() == [None, "own_zone", "after_own_zone"]


def test_an_own_academie_asked_first_deletes_every_wish() -> None:
    assert reasons(2025, {**GRENOBLE, "wishes": ["08", "10"]}) == ["own_zone", "after_own_zone"]


def test_a_trainee_may_ask_for_the_academie_of_his_stage() -> None:
    trainee = {"category": "stagiaire", "mandatory": True, "training_academy": "08", "wishes": ["08", "10"]}
    assert reasons(2025, trainee) == [None, None]


@pytest.mark.parametrize(("session", "most"), [(2010, 31), (2022, 31), (2023, 30), (2026, 30)])
def test_wishes_beyond_the_maximum_are_set_aside(session: int, most: int) -> None:
    everywhere = [*academies(session), "14", "17"]
    assert reasons(session, {"category": "stagiaire", "wishes": everywhere}) == [None] * most + ["too_many_wishes"] * 2


def test_a_pegc_makes_five_wishes_at_most() -> None:
    assert reasons(2010, {"corps": "pegc", "wishes": ["01", "02", "03", "04", "05", "06"]})[4:] == [
        None,
        "too_many_wishes",
    ]


@pytest.mark.parametrize(
    ("session", "wish", "reason"),
    [
        (2025, {"kind": "COM", "code": "38185"}, "kind_not_admissible"),
        (2025, {"kind": "ACA", "code": "10", "school_type": "LYC"}, "school_type_not_admissible"),
        (2025, {"kind": "ACA", "code": "40"}, "zone_not_admissible"),
        (2023, {"kind": "ACA", "code": "05"}, "zone_not_admissible"),
        (2022, {"kind": "ACA", "code": "05"}, None),
        (2022, {"kind": "ACA", "code": "70"}, "zone_not_admissible"),
        (2010, {"kind": "ACA", "code": "43"}, None),
    ],
)
def test_a_wish_is_for_a_whole_academie_in_force(session: int, wish: dict[str, str], reason: str | None) -> None:
    assert reasons(session, {**GRENOBLE, "wishes": ["10", wish, "14"]}) == [None, reason, None]


@pytest.mark.parametrize("cause", ["detachment", "higher_education", "polynesia", "training_leave", "withdrawn"])
def test_a_cancelled_request_sets_every_wish_aside(cause: str) -> None:
    result = scored(2010, {**GRENOBLE, "cancelled": cause, "wishes": ["10", "14"]})
    assert result.requests["reason"].to_list() == [f"cancelled_{cause}"]
    assert result.wishes["reason"].to_list() == [f"cancelled_{cause}"] * 2


@pytest.mark.parametrize(
    ("day", "late_reason", "reason"),
    [
        (dt.date(2009, 12, 8), None, None),
        (dt.date(2009, 12, 9), None, "late_without_reason"),
        (dt.date(2009, 12, 9), "bereavement", None),
        (dt.date(2009, 12, 9), "child_health", None),
        (dt.date(2009, 12, 9), "forgotten", "late_unknown_reason"),
        (dt.date(2010, 2, 27), "spouse_job", None),
        (dt.date(2010, 2, 28), "spouse_transfer", "late_after_limit"),
        (dt.date(2010, 2, 28), None, "late_after_limit"),
        (None, None, None),
    ],
)
def test_a_late_request_needs_a_valid_reason_and_comes_before_the_limit(
    day: dt.date | None, late_reason: str | None, reason: str | None
) -> None:
    result = scored(2010, {**GRENOBLE, "request_date": day, "late_reason": late_reason, "wishes": ["10"]})
    assert result.requests.row(0) == ("C0", reason is None, reason, 21_000)
    assert result.wishes["reason"].to_list() == [reason]


def test_where_no_calendar_was_read_no_request_is_late_and_a_note_says_so() -> None:
    candidate = {**GRENOBLE, "request_date": dt.date(2015, 8, 31), "wishes": ["10"]}
    result = scored(2015, candidate)
    assert result.requests["admissible"].all()
    assert [note.split(":")[0] for note in result.notes] == ["session 2015", "session 2015"]
    assert scored(2015, {**GRENOBLE, "wishes": ["10"]}).notes == ()


def test_nothing_disappears() -> None:
    result = scored(2010, {**GRENOBLE, "cancelled": "detachment", "wishes": ["10"]}, {**GRENOBLE, "wishes": []})
    assert result.requests.height == 2
    assert result.wishes.height == 1


def test_every_reason_given_has_a_sentence() -> None:
    people = [{**GRENOBLE, "wishes": ["10", "08", "40"]}, {**GRENOBLE, "cancelled": "withdrawn", "wishes": ["10"]}]
    given = scored(2025, *people).wishes["reason"].drop_nulls().to_list()
    assert set(given) <= set(reason_codes())
