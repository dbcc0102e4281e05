"""The page of a year and how a year ends whose verdict fails."""

from __future__ import annotations

import json
from pathlib import Path
from string import Formatter

import polars as pl
import pytest
from markupsafe import escape

from engine.year import run as module
from engine.year.page import year_words
from engine.year.plan import Step
from engine.year.summary import STATUSES, status_counts
from tests.commands import mouvement
from tests.year.years import write_year


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


def test_each_phrase_has_the_same_blanks_in_both_languages() -> None:
    french, english = year_words("fr").phrases, year_words("en").phrases
    assert french.keys() == english.keys()
    assert [key for key in french if fields(french[key]) != fields(english[key])] == []


def test_only_who_must_leave_a_campaign_with_a_post_counts_as_unassigned() -> None:
    statuses = ["assigned", "extended", "kept", "unassigned", "unassigned", "excluded", "withheld"]
    outcomes = pl.DataFrame({"candidate_id": list("abcdefg"), "status": statuses})
    counts = status_counts(outcomes, pl.Series(["a", "d"]))
    assert tuple(counts) == STATUSES
    assert list(counts.values()) == [1, 1, 1, 1, 1, 2]
    assert status_counts(outcomes, pl.Series([], dtype=pl.String))["as_before"] == 2


def test_nothing_is_built_on_a_campaign_whose_verdict_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def holds(partial: Path, step: Step) -> bool:
        return step.name != "inter"

    monkeypatch.setattr(module, "_holds", holds)
    ended = mouvement("run", write_year(tmp_path / "year"), "-o", tmp_path / "run", "--json", "--lang", "en")
    assert ended.code == 3
    assert json.loads(ended.out)["verdicts"] == {"inter": False}
    assert not (tmp_path / "run" / "campaigns" / "intra").exists()
    assert "Not run: intra." in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")


def test_the_page_says_the_verdict_on_the_hand_overs_in_its_language(tmp_path: Path) -> None:
    assert mouvement("run", write_year(tmp_path / "year"), "-o", tmp_path / "run").code == 0
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    told = json.loads((tmp_path / "run" / "verdict.json").read_bytes())["properties"]
    assert [item["name"] for item in told] == [f"H{number}" for number in range(1, 7)]
    for item in told:
        for name in ("title", "evidence"):
            assert str(escape(item[f"{name}_fr"])) in page
            assert str(escape(item[name])) not in page
