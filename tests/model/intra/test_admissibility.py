"""Input rules of the intra: the post held, kinds, types and number of wishes, opinions, disciplines, late requests."""

import datetime as dt
from typing import Any

import pytest

from engine.model.reasons import reason_codes
from engine.model.scoring import Scored, score
from tests.model.intra.academies import PLACES, academy, post

RIOM = {"category": "titulaire", "held": "CLG-RIOM"}
AGREGES = {
    "1414A": {"L1400", "L1414"},
    "1415A": {"L1400", "L1412", "L1413"},
    "1416A": {"L1400", "L1411", "L1412"},
}
CERTIFIES = {
    "1411E": {"L1400", "L1411"},
    "1412E": {"L1400", "L1412"},
    "1413E": {"L1400", "L1413"},
    "1414E": {"L1400", "L1414"},
}
SII = ("L1400", "L1411", "L1412", "L1413", "L1414")


def scored(*candidates: dict[str, Any], session: int = 2016, rulebook: str = "clermont-ferrand", **more: Any) -> Scored:
    campaign = academy(session, *candidates, rulebook=f"intra/{rulebook}", **more)
    return score(campaign, campaign.rules)


def reasons(person: dict[str, Any], *wishes: str, **more: Any) -> list[str | None]:
    return scored({**person, "wishes": wishes}, **more).wishes["reason"].to_list()


# The post held


@pytest.mark.parametrize(
    ("held", "wish"),
    [
        ("CLG-RIOM", "ETB:CLG-RIOM"),
        ("CLG-RIOM", "COM:63300"),
        ("CLG-VOLVIC", "GEO:GEO-RIOM"),
        ("CLG-YDES", "DPT:15"),
        ("CLG-YDES", "ACA:06"),
        ("CLG-RIOM", "COM:63300:CLG"),
        ("CLG-RIOM", "POST:P-CLG-RIOM"),
        ("ZR-NORD", "ZRE:ZR-NORD"),
        ("ZR-NORD", "ZRD:63"),
        ("ZR-NORD", "ZRA:06"),
    ],
)
def test_w7_a_wish_that_covers_the_post_held_is_deleted_with_all_that_follow(held: str, wish: str) -> None:
    person = {"category": "titulaire", "held": held}
    assert reasons(person, "ETB:LYC-CLERMONT", wish, "ETB:LYC-AURILLAC") == [None, "own_post", "after_own_post"]


@pytest.mark.parametrize(
    ("held", "wish"),
    [
        ("CLG-RIOM", "COM:63300:LYC"),
        ("CLG-RIOM", "ETB:LYC-RIOM"),
        ("CLG-RIOM", "COM:63113"),
        ("CLG-RIOM", "ZRD:63"),
        ("CLG-RIOM", "POST:P-LYC-RIOM"),
        ("ZR-NORD", "ZRE:ZR-SUD"),
        ("ZR-NORD", "DPT:63"),
        ("CLG-YDES", "DPT:63"),
    ],
)
def test_a_wish_beside_the_post_held_stands(held: str, wish: str) -> None:
    assert reasons({"category": "titulaire", "held": held}, wish, "ETB:LYC-AURILLAC") == [None, None]


def test_w7_in_a_mesure_de_carte_scolaire_the_post_lost_may_be_asked_for() -> None:
    victim = {**RIOM, "closed_kind": "carte_scolaire", "closed_place": "CLG-RIOM"}
    assert reasons(victim, "ETB:CLG-RIOM", "COM:63300", "DPT:63", "ZRD:63", "ACA:06") == [None] * 5
    greta = {**RIOM, "closed_kind": "greta", "closed_place": "CLG-RIOM"}
    assert reasons(greta, "ETB:CLG-RIOM", "DPT:15") == ["own_post", "after_own_post"]


def test_the_first_of_several_wishes_for_the_post_held_counts() -> None:
    assert reasons(RIOM, "DPT:15", "COM:63300", "DPT:63") == [None, "own_post", "after_own_post"]


def test_another_specific_post_of_the_own_school_may_be_asked_for() -> None:
    posts = [*(post(row[0]) for row in PLACES), post("CLG-RIOM", post_id="S", profile="specific")]
    assert reasons(RIOM, "POST:S", "POST:P-CLG-RIOM", posts=posts) == [None, "own_post"]


def test_a_zone_given_by_table_covers_the_post_held_too() -> None:
    zones = [{"zone_kind": "GEO", "zone_code": "AUTOUR", "place_id": "CLG-RIOM"}]
    assert reasons(RIOM, "GEO:AUTOUR", "DPT:15", zones=zones) == ["own_post", "after_own_post"]


def test_who_holds_no_post_may_ask_for_everything() -> None:
    assert reasons({"category": "stagiaire", "mandatory": True}, "ACA:06", "ZRA:06", "ETB:CLG-RIOM") == [None] * 3


# Kinds, types, number


@pytest.mark.parametrize("wish", ["ETB:LYC-RIOM:LYC", "ZRD:63:LYC", "ZRE:ZR-NORD:CLG", "POST:P-LYC-RIOM:LYC"])
def test_only_zones_of_schools_may_name_a_type(wish: str) -> None:
    assert reasons({}, wish, "COM:63300:LYC") == ["school_type_on_precise_wish", None]


@pytest.mark.parametrize(
    ("rulebook", "session", "most"),
    [("clermont-ferrand", 2016, 20), ("rennes", 2018, 20), ("rennes", 2019, 30), ("amiens", 2026, 30)],
)
def test_wishes_beyond_the_maximum_are_set_aside(rulebook: str, session: int, most: int) -> None:
    wishes = ["ETB:LYC-RIOM"] * (most + 2)
    assert reasons({}, *wishes, session=session, rulebook=rulebook) == [None] * most + ["too_many_wishes"] * 2


@pytest.mark.parametrize(
    ("opinion", "reason"),
    [("unfavourable", "opinion_unfavourable"), ("reserved", None), ("favourable", None), (None, None)],
)
def test_an_unfavourable_opinion_sets_the_wish_for_the_specific_post_aside(
    opinion: str | None, reason: str | None
) -> None:
    posts = [post("LYC-RIOM"), post("LYC-RIOM", post_id="S", profile="specific")]
    opinions = [{"candidate_id": "C0", "post_id": "S", "opinion": opinion}]
    assert reasons({}, "POST:S", "ETB:LYC-RIOM", posts=posts, opinions=opinions) == [reason, None]


# Disciplines of the SII


@pytest.mark.parametrize("recruitment", [*AGREGES, *CERTIFIES])
@pytest.mark.parametrize("discipline", [*SII, "L1300"])
def test_a_discipline_of_the_sii_is_open_to_the_disciplines_of_recruitment_of_its_tables(
    recruitment: str, discipline: str
) -> None:
    person = {"discipline": discipline, "recruitment_discipline": recruitment, "wishes": ["DPT:63"]}
    allowed = discipline in (AGREGES | CERTIFIES)[recruitment]
    result = scored(person)
    assert result.requests["admissible"].to_list() == [allowed]
    assert result.wishes["reason"].to_list() == [None if allowed else "discipline_not_of_recruitment"]


@pytest.mark.parametrize("recruitment", [None, "1300E"])
def test_whose_recruitment_is_in_no_table_is_not_judged(recruitment: str | None) -> None:
    assert reasons({"discipline": "L1411", "recruitment_discipline": recruitment}, "DPT:63") == [None]


@pytest.mark.parametrize(
    ("inter", "intra", "reason"),
    [
        ("L1400", "L1400", None),
        ("L1400", "L1414", "inter_discipline_not_kept"),
        ("L1414", "L1400", "inter_discipline_not_kept"),
        ("L1300", "L1414", None),
        (None, "L1414", None),
    ],
)
def test_the_discipline_of_the_inter_is_kept(inter: str | None, intra: str, reason: str | None) -> None:
    person = {"discipline": intra, "recruitment_discipline": "1414A", "inter_discipline": inter}
    assert reasons(person, "DPT:63") == [reason]


# Requests


@pytest.mark.parametrize(
    ("day", "late_reason", "reason"),
    [
        (dt.date(2016, 4, 7), None, None),
        (dt.date(2016, 4, 8), None, "late_without_reason"),
        (dt.date(2016, 5, 16), "bereavement", None),
        (dt.date(2016, 5, 16), "health", None),
        (dt.date(2016, 5, 16), "unwanted", "late_unknown_reason"),
        (dt.date(2016, 5, 17), "spouse_transfer", "late_after_limit"),
    ],
)
def test_clermont_2016_admits_late_requests_before_17_may_for_its_reasons(
    day: dt.date, late_reason: str | None, reason: str | None
) -> None:
    assert reasons({"request_date": day, "late_reason": late_reason}, "DPT:63") == [reason]


def test_a_cancelled_request_stays_with_its_reason() -> None:
    result = scored({**RIOM, "cancelled": "withdrawn", "wishes": ["COM:63300", "DPT:15"]})
    assert result.requests["reason"].to_list() == ["cancelled_withdrawn"]
    assert result.wishes["reason"].to_list() == ["cancelled_withdrawn"] * 2


def test_every_reason_given_has_a_sentence() -> None:
    given = {
        "own_post",
        "after_own_post",
        "kind_not_admissible",
        "school_type_on_precise_wish",
        "opinion_unfavourable",
        "too_many_wishes",
        "discipline_not_of_recruitment",
        "inter_discipline_not_kept",
        "strategy_changed",
        "first_wish_not_towards_family",
    }
    assert given <= set(reason_codes())
