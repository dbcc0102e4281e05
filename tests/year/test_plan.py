"""What can be wrong with year.toml: each its sentence, all of them at once, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.defects import InputRefused
from engine.year.plan import read_plan
from tests.commands import mouvement
from tests.year.years import YEAR, write_year

WRONG = {
    "ring": (YEAR + '[[links]]\nlink = "entrants"\nfrom = "intra"\nto = "inter"\n', "leads from intra to inter"),
    "missing folder": (YEAR.replace('"intra-2025"', '"intra-2030"'), "is no folder beside year.toml"),
    "unknown link": (YEAR.replace('"entrants"', '"entrance"'), "is none of departed, entrants, replacement, retained"),
    "unknown campaign": (YEAR.replace('to = "intra"', 'to = "intro"'), "names no campaign of the year"),
    "unknown key": (YEAR + "colour = 1\n", "is no key that year.toml knows"),
    "no TOML": ("schema = ", "is not TOML"),
    "no campaigns": ('schema = 1\nid = "x"\n', "is missing"),
    "twice": (YEAR + YEAR[YEAR.index("[[links]]") :], "is there twice"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said(tmp_path: Path, what: str) -> None:
    text, sentence = WRONG[what]
    ended = mouvement("run", write_year(tmp_path / "year", text), "-o", tmp_path / "run")
    assert ended.code == 1
    assert sentence in ended.err
    assert "Y" in ended.err
    assert not (tmp_path / "run").exists()
    assert not (tmp_path / "run.partial").exists()


def test_a_ring_of_links_is_refused_with_the_campaigns_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.year import plan
    from engine.year.links import LINKS, Kind

    every = ("inter", "intra")
    monkeypatch.setitem(plan.LINKS, "any", Kind(LINKS["entrants"].carry, every, every))
    text = YEAR.replace('"entrants"', '"any"') + '[[links]]\nlink = "any"\nfrom = "intra"\nto = "inter"\n'
    with pytest.raises(InputRefused, match=r"form a ring: int(er|ra) -> int(er|ra) -> int(er|ra)"):
        read_plan(write_year(tmp_path / "year", text))


def test_a_campaign_of_a_movement_that_cannot_be_run_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.year import plan

    monkeypatch.setattr(plan, "MOVEMENTS", {"inter": None})
    with pytest.raises(InputRefused, match='"intra-2025" is of the movement intra'):
        read_plan(write_year(tmp_path / "year"))


def test_campaigns_run_after_those_they_need(tmp_path: Path) -> None:
    assert [step.name for step in read_plan(write_year(tmp_path / "year")).steps] == ["inter", "intra"]


def test_options_of_campaigns_are_not_replaced_from_outside(tmp_path: Path) -> None:
    ended = mouvement("run", write_year(tmp_path / "year"), "-o", tmp_path / "run", "--seed", 3)
    assert ended.code == 2
    assert "campaign.toml" in ended.err


def test_a_folder_of_another_kind_is_not_taken_for_a_run_in_progress(tmp_path: Path) -> None:
    (tmp_path / "run.partial").mkdir()
    (tmp_path / "run.partial" / "thesis.txt").write_text("mine")
    ended = mouvement("run", write_year(tmp_path / "year"), "-o", tmp_path / "run", "--replace")
    assert ended.code == 2
    assert (tmp_path / "run.partial" / "thesis.txt").exists()


def test_the_campaigns_of_a_year_are_checked_one_by_one(tmp_path: Path) -> None:
    ended = mouvement("check", write_year(tmp_path / "year"))
    assert ended.code == 0
    assert ended.out.count("no defect") == 2
