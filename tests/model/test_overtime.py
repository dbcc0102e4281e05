"""Requests over time: what came when, and what the calendar of the session makes of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from engine.model.campaign import Campaign, read_campaign
from engine.model.defects import InputRefused
from engine.model.overtime.calendar import free_until, late_confirmation, late_evidence
from engine.model.rulebook import Rulebook
from engine.model.scoring import Scored, score
from tests.campaigns import SETTINGS, write_campaign

YEAR = SETTINGS.replace("2025", "2010")
HEAD = "candidate_id,discipline,held_post,category,echelon,post_years,family,spouse_academy,children,spouse_department"
COLUMNS = (
    "request_date",
    "late_reason",
    "confirmation_date",
    "confirmation_excuse",
    "cancelled",
    "cancel_date",
    "cancel_reason",
)
WISHES = "candidate_id,rank,kind,code\na,1,ACA,14\na,2,ACA,17\nb,1,ACA,17\n"
CORRECTED = "correction_id,candidate_id,rank,criterion,points,reason,authority,date\n"


def campaign(folder: Path, **tables: str) -> Campaign:
    """The campaign by hand in the session 2010 (S4), a with a family, b without; `when` gives dates of a."""
    when = tables.pop("when", "")
    given = dict(item.split("=") for item in when.split())
    cells = ",".join(given.get(name, "") for name in COLUMNS)
    rows = [
        f"a,L1300,M-24,titulaire,7,5,rapprochement_conjoints,14,2,,{cells}",
        "b,L1300,M-25,titulaire,6,3,,,0,,,,,,,,",
    ]
    people = ",".join((HEAD, *COLUMNS)) + "\n" + "\n".join(rows) + "\n"
    posts = "post_id,place_id,discipline,seats\nM-14,14,L1300,1\nM-17,17,L1300,1\nM-24,24,L1300,0\nM-25,25,L1300,0\n"
    folder = write_campaign(folder, YEAR, **{"candidates": people, "wishes": WISHES, "posts": posts, **tables})
    return read_campaign(folder)


def scored(folder: Path, **tables: str) -> Scored:
    read = campaign(folder, **tables)
    return score(read, read.rules)


def request_of_a(found: Scored) -> str | None:
    reason: str | None = found.requests.filter(pl.col("candidate_id") == "a")["reason"][0]
    return reason


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("request_date=2009-11-18", "before_opening"),
        ("request_date=2009-11-19", None),
        ("request_date=2009-12-09", "late_without_reason"),
        ("request_date=2009-12-09 late_reason=spouse_job", None),
        ("request_date=2010-02-28 late_reason=spouse_job", "late_after_limit"),
        ("confirmation_date=2009-12-17", None),
        ("confirmation_date=2009-12-18", "confirmation_late"),
        ("confirmation_date=2009-12-18 confirmation_excuse=mail", "confirmation_late"),
        ("cancelled=withdrawn", "cancelled_withdrawn"),
        ("cancelled=withdrawn cancel_date=2009-12-17", "cancelled_withdrawn"),
        ("cancelled=withdrawn cancel_date=2009-12-18", None),
        ("cancelled=withdrawn cancel_date=2009-12-18 cancel_reason=dislike", None),
        ("cancelled=withdrawn cancel_date=2010-02-27 cancel_reason=bereavement", "cancelled_withdrawn"),
        ("cancelled=withdrawn cancel_date=2010-02-28 cancel_reason=bereavement", None),
        ("cancelled=detachment cancel_date=2010-05-01", "cancelled_detachment"),
        ("cancelled=not_evaluated", "cancelled_not_evaluated"),
    ],
)
def test_a_day_of_the_calendar_sets_aside_what_came_after_it(tmp_path: Path, when: str, reason: str | None) -> None:
    assert request_of_a(scored(tmp_path, when=when)) == reason


def criterion(found: Scored, name: str) -> list[tuple[int, int, str | None]]:
    rows = found.criteria.filter((pl.col("candidate_id") == "a") & (pl.col("criterion") == name))
    return rows.select("rank", "points", "reason").rows()


@pytest.mark.parametrize(
    ("received", "reason"), [("", "evidence_missing"), ("2010-01-21", None), ("2010-01-22", "evidence_late")]
)
def test_evidence_counts_that_arrived_by_its_last_day(tmp_path: Path, received: str, reason: str | None) -> None:
    evidence = f"candidate_id,criterion,received,excuse\na,rapprochement_conjoints,{received},strike\n"
    rows = criterion(scored(tmp_path, evidence=evidence), "rapprochement_conjoints")
    assert rows[0][2] == reason
    assert (rows[0][1] > 0) == (reason is None)


def test_evidence_of_one_criterion_leaves_the_others(tmp_path: Path) -> None:
    evidence = "candidate_id,criterion,received\na,anciennete_poste,2010-03-01\n"
    found = scored(tmp_path, evidence=evidence)
    assert criterion(found, "anciennete_poste")[0][2] == "evidence_late"
    assert criterion(found, "rapprochement_conjoints")[0][2] is None


@pytest.mark.parametrize(
    ("day", "ground", "codes"),
    [
        ("2009-12-17", "", ["17", "24"]),
        ("2009-12-18", "", ["14", "17"]),
        ("2009-12-18", "child_health", ["17", "24"]),
        ("2010-02-28", "child_health", ["14", "17"]),
    ],
)
def test_changed_wishes_take_the_place_of_the_first_where_the_change_is_admitted(
    tmp_path: Path, day: str, ground: str, codes: list[str]
) -> None:
    changed = f"candidate_id,rank,kind,code,date,ground\na,1,ACA,17,{day},{ground}\na,2,ACA,24,{day},{ground}\n"
    read = campaign(tmp_path, amendments=changed)
    assert read.wishes.filter(pl.col("candidate_id") == "a")["code"].to_list() == codes
    assert read.wishes.filter(pl.col("candidate_id") == "b")["code"].to_list() == ["17"]
    assert read.as_read is not None
    assert read.as_read.wishes["code"].to_list() == ["14", "17", "17"]
    assert read.with_seed(9).wishes.equals(read.wishes)


def test_corrected_points_take_the_place_of_what_the_criterion_gives(tmp_path: Path) -> None:
    plain = scored(tmp_path / "plain").wishes["points"].to_list()
    rows = "K1,a,1,rapprochement_conjoints,100,erreur,le recteur,2010-01-28\n"
    rows += "K2,b,,anciennete_poste,55.5,erreur,le recteur,2010-01-28\n"
    found = scored(tmp_path / "corrected", corrections=CORRECTED + rows)
    before = dict(scored(tmp_path / "again").criteria.select("criterion", "points").rows())
    points = found.wishes["points"].to_list()
    assert points[0] == plain[0] - before["rapprochement_conjoints"] + 100_000
    assert points[1] == plain[1]
    (of_b,) = found.criteria.filter(
        (pl.col("candidate_id") == "b") & (pl.col("criterion") == "anciennete_poste")
    ).rows()
    assert of_b[3:] == (55_500, "K2", None)
    assert found.wishes["kept_points"][2] - scored(tmp_path / "more").wishes["kept_points"][2] == 55_500 - 30_000


def test_a_correction_stands_where_the_criterion_was_refused(tmp_path: Path) -> None:
    evidence = "candidate_id,criterion,received\na,rapprochement_conjoints,\n"
    rows = "K1,a,,rapprochement_conjoints,150.2,pièces retrouvées,le recteur,2010-01-28\n"
    found = scored(tmp_path, evidence=evidence, corrections=CORRECTED + rows)
    assert criterion(found, "rapprochement_conjoints")[0] == (1, 150_200, None)


REVISED = "decision_id,candidate_id,kind,reason,authority,date,ground,asked\n"

WRONG = {
    "evidence": {
        "candidate_id,criterion,received\nz,enfants,\n": "C71",
        "candidate_id,criterion,received\na,enfant,\n": "C72",
        "candidate_id,criterion,received\na,enfants,12/01/2010\n": "F3",
    },
    "amendments": {
        "candidate_id,rank,kind,code,date\nz,1,ACA,17,2009-12-10\n": "C2",
        "candidate_id,rank,kind,code,date\na,2,ACA,17,2009-12-10\n": "C4",
        "candidate_id,rank,kind,code,date\na,1,ACA,17,2009-12-10\na,2,ACA,24,2009-12-11\n": "C73",
        "candidate_id,rank,kind,code,date\na,1,ACA,99,2009-12-10\n": "C3",
    },
    "corrections": {
        CORRECTED + "K1,z,,enfants,1,r,a,2010-01-28\n": "C71",
        CORRECTED + "K1,a,,enfant,1,r,a,2010-01-28\n": "C72",
        CORRECTED + "K1,a,7,enfants,1,r,a,2010-01-28\n": "C72",
        CORRECTED + "K1,a,,enfants,1,r,a,2010-01-28\nK2,a,,enfants,2,r,a,2010-01-28\n": "C72",
        CORRECTED + "K1,a,,enfants,1,r,a,2010-01-28\nK2,a,1,enfants,2,r,a,2010-01-28\n": "C72",
        CORRECTED + "K1,b,1,rapprochement_conjoints,80,r,a,2010-01-28\n": "C77",
        CORRECTED
        + "K1,b,,rapprochement_conjoints,80,r,a,2010-01-28\nK2,b,,residence_enfant,80,r,a,2010-01-28\n": "C77",
        CORRECTED + "K1,a,,enfants,1,r,a,2010-02-04\n": "C74",
        CORRECTED + "K1,a,,enfants,1,r,a,2010-01-29\n": "C74",
    },
    "decisions": {
        REVISED + "D,a,exclude,r,a,2010-07-01,dislike,2010-06-01\n": "C75",
        REVISED + "D,a,exclude,r,a,2010-07-01,,2010-06-01\n": "C75",
    },
}


@pytest.mark.parametrize(("table", "text"), [(table, text) for table, texts in WRONG.items() for text in texts])
def test_what_cannot_be_judged_is_refused_with_its_rule(tmp_path: Path, table: str, text: str) -> None:
    with pytest.raises(InputRefused) as refused:
        campaign(tmp_path, **{table: text})
    rules = set(refused.value.defects["rule"].str.extract(r"^([A-Z]\d+):"))
    assert rules == {WRONG[table][text]}, str(refused.value)


def test_who_was_corrected_by_the_first_day_may_be_corrected_again(tmp_path: Path) -> None:
    rows = "K1,a,1,enfants,1,r,a,2010-01-28\nK2,a,2,enfants,2,r,a,2010-02-03\n"
    assert scored(tmp_path, corrections=CORRECTED + rows).wishes.height == 3


def test_without_a_rulebook_there_is_no_calendar(tmp_path: Path) -> None:
    wishes = "candidate_id,rank,kind,code,points\nb,1,ACA,17,1\n"
    settings = YEAR.replace('rulebook = "inter"', 'rulebook = "none"')
    evidence = "candidate_id,criterion,received\nb,enfants,\n"
    with pytest.raises(InputRefused, match="no rulebook whose calendar"):
        read_campaign(write_campaign(tmp_path, settings, wishes=wishes, evidence=evidence))


def test_a_day_that_was_not_read_sets_nothing_aside_and_is_said(tmp_path: Path) -> None:
    evidence = "candidate_id,criterion,received\na,anciennete_poste,2025-12-01\n"
    read = read_campaign(write_campaign(tmp_path, evidence=evidence))
    found = score(read, read.rules)
    assert criterion(found, "anciennete_poste")[0][2] is None
    assert any("the last day for evidence was not read" in note for note in found.notes)


FIRST_DEGREE = Rulebook.load("interdepartemental").at(2016)


@pytest.mark.parametrize(
    ("criterion", "received", "excuse", "late"),
    [
        ("enfants", dt.date(2015, 12, 18), None, False),
        ("enfants", dt.date(2015, 12, 19), None, True),
        ("enfants", dt.date(2015, 12, 19), "grève", False),
        ("rapprochement_conjoints", dt.date(2016, 1, 31), None, False),
        ("rapprochement_conjoints", dt.date(2016, 2, 1), None, True),
    ],
)
def test_in_the_first_degree_a_delay_may_be_excused(
    criterion: str, received: dt.date, excuse: str | None, late: bool
) -> None:
    row = pl.DataFrame(
        {"criterion": [criterion], "received": [received], "excuse": [excuse]}, schema_overrides={"excuse": pl.String}
    )
    assert row.select(late_evidence(FIRST_DEGREE)).item() is late


def test_a_confirmation_is_as_late_as_its_movement_says() -> None:
    days = [dt.date(2015, 12, 18), dt.date(2015, 12, 19), dt.date(2015, 12, 19)]
    rows = pl.DataFrame({"confirmation_date": days, "confirmation_excuse": [None, None, "grève"]})
    assert rows.select(late_confirmation(FIRST_DEGREE)).to_series().to_list() == [None, "confirmation_late", None]
    cio = Rulebook.load("specifique/cio").at(2010)
    assert cio.day("calendar", "confirmation") == dt.date(2010, 1, 5)
    assert Rulebook.load("specifique").at(2010).day("calendar", "confirmation") == dt.date(2009, 12, 17)


def test_who_may_change_freely_and_until_when() -> None:
    assert free_until(FIRST_DEGREE) == dt.date(2015, 12, 8)
    assert free_until(Rulebook.load("intra/clermont-ferrand").at(2016)) == dt.date(2016, 4, 12)
    assert free_until(Rulebook.load("inter").at(2025)) is None
