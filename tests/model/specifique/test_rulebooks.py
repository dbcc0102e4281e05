"""The rulebooks of specific posts: what is compared exists, what is assumed says so, sessions have their values."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from engine.model.campaign import read_campaign
from engine.model.rulebook import Rulebook, RulebookError
from engine.model.schemas import OPINIONS
from engine.model.scoring import score
from engine.model.specifique.classement import KEYS, POINTS
from tests.specific_campaigns import write_case

BOOKS = [("specifique", 2010), ("specifique", 2021), ("ddf", 2010), ("ddf", 2021), ("specifique/cio", 2010)]


@pytest.mark.parametrize(("name", "session"), BOOKS)
def test_what_is_compared_is_known_and_the_types_named_exist(name: str, session: int) -> None:
    rules = Rulebook.load(name).at(session)
    types = set(rules.code_lists("types", "names"))
    compared = rules.code_lists("classement", "keys")
    assert {key for keys in compared.values() for key in keys} <= {*KEYS, POINTS}
    assert all(POINTS not in keys[:-1] for keys in compared.values())
    assert set(compared) <= {*types, "*"}
    assert set(rules.codes("classement", "opinions")) == set(OPINIONS)
    for key in ("admitted", "corps", "first"):
        assert set(rules.code_lists("functions", key)) <= types | {"DDF"}
    for key in ("letter", "without_letter", "file"):
        assert set(rules.codes("files", key)) <= types | {"*"}


@pytest.mark.parametrize(("name", "session"), BOOKS)
def test_what_no_text_says_is_marked_as_assumed(name: str, session: int) -> None:
    rules = Rulebook.load(name).at(session)
    assumed = [value for value in rules.values_used if value.block == "classement"]
    assert assumed
    assert all(value.confidence == "recalled" and "assumed" in value.note for value in assumed)


def test_the_rules_of_chefs_de_travaux_and_cio_lie_over_those_of_specific_posts() -> None:
    base, ddf, cio = (Rulebook.load(name).at(2010) for name in ("specifique", "ddf", "specifique/cio"))
    assert (ddf.movement, cio.movement) == ("ddf", "specifique")
    for rules in (ddf, cio):
        assert rules.count("wishes", "max_wishes") == base.count("wishes", "max_wishes") == 15
    assert ddf.code_lists("types", "names").keys() == {"DDF"}
    assert cio.points("handicap", "points") == 1_000_000
    assert base.criteria == ddf.criteria == ()


def test_a_session_before_the_first_text_is_refused() -> None:
    with pytest.raises(RulebookError, match="sessions 2010 to 2021"):
        Rulebook.load("specifique").at(2009)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("2020-12-09,,", "late_without_reason"),
        ("2020-12-09,bereavement,", None),
        ("2020-12-07,,", None),
        (",,withdrawn", "cancelled_withdrawn"),
    ],
)
def test_late_and_cancelled_requests_are_set_aside(tmp_path: Path, cells: str, reason: str | None) -> None:
    folder = write_case(tmp_path / "a", candidates=("birth_date\n", "birth_date,request_date,late_reason,cancelled\n"))
    people = (folder / "candidates.csv").read_text("utf-8").splitlines()
    rows = [row + (f",{cells}" if row.startswith("cem") else ",,,") for row in people[1:]]
    (folder / "candidates.csv").write_text("\n".join([people[0], *rows]) + "\n", "utf-8")
    campaign = read_campaign(folder)
    wishes = score(campaign, campaign.rules).wishes.filter(pl.col("candidate_id") == "cem")
    assert wishes["reason"].unique().to_list() == [reason]


def test_the_points_of_pegc_are_those_of_the_campaign_and_the_handicap(tmp_path: Path) -> None:
    campaign = read_campaign(write_case(tmp_path / "a", "pegc"))
    found = score(campaign, campaign.rules).criteria.filter(pl.col("candidate_id") == "p1")
    first = dict(found.filter(pl.col("rank") == 1).select("criterion", "points").iter_rows())
    assert first == {"bareme": 140_000, "handicap": 600_000}
    assert campaign.rules.criteria == ("bareme", "handicap")
