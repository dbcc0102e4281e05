"""The page of a comparison: what it says agrees with the comparison, in both languages, without scripts or secrets."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
from markupsafe import escape

from engine.compare.compare import Comparison, compare
from engine.compare.page import render_comparison
from engine.compare.sections.points import LISTED, points_section
from engine.compare.told import Told
from engine.compare.words import compare_words
from engine.report.parts import Table
from tests.compare.runs import compared, variant
from tests.intra_campaigns import write_random_intra
from tests.specific_campaigns import write_random


@pytest.fixture(scope="module")
def page(comparison: Comparison) -> str:
    return render_comparison(comparison, "en")


def test_the_page_names_every_run_and_every_section(page: str, comparison: Comparison) -> None:
    for name in comparison.names:
        assert name in page
    anchors = re.findall(r'<section id="(\w+)"', page)
    assert anchors == ["glance", "differences", "ranks", "winners", "limits", "groups", "points", "experience"]
    assert "More for children" in page


def test_the_figures_of_the_page_are_those_of_the_comparison(page: str, comparison: Comparison) -> None:
    satisfied = comparison.figures["half"]["satisfied"]
    assert f'<dd class="value">{satisfied}</dd>' in page
    row = re.search(r'<th scope="row">Satisfied: one of their wishes</th>(.*?)</tr>', page)
    assert row is not None
    cells = re.findall(r"<span>([\d,]+)</span>", row[1])
    assert [int(cell.replace(",", "")) for cell in cells] == [
        figures["satisfied"] for figures in comparison.figures.values()
    ]


def test_the_page_is_whole_html_without_scripts_and_the_same_every_time(page: str, comparison: Comparison) -> None:
    class Balance(HTMLParser):
        open: list[str] = []  # noqa: RUF012
        void = frozenset({"meta", "br", "path", "line", "circle", "rect"})

        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in self.void:
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if tag not in self.void:
                assert self.open.pop() == tag

    checked = Balance()
    checked.feed(page)
    assert checked.open == []
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org", "").replace("https://www.w3.org", "")
    assert render_comparison(comparison, "en") == page


def test_the_page_is_in_french_by_default(comparison: Comparison) -> None:
    page = render_comparison(comparison)
    assert '<html lang="fr">' in page
    assert "Gagnants et perdants" in page
    assert "Winners" not in page
    for side in comparison.sides:
        claims = side.property_of_claims
        assert str(escape(claims["evidence_fr"])) in page
        assert str(escape(claims["evidence"])) not in page


def test_an_evidence_of_an_earlier_version_is_shown_as_english(comparison: Comparison) -> None:
    side = comparison.sides[0]
    properties = [{name: item[name] for name in item if name != "evidence_fr"} for item in side.verdict["properties"]]
    earlier = replace(side, verdict={**side.verdict, "properties": properties})
    page = render_comparison(replace(comparison, sides=(earlier, *comparison.sides[1:])))
    assert f'lang="en">{escape(side.property_of_claims["evidence"])}<' in page


def test_no_secret_cutoff_is_listed(comparison: Comparison) -> None:
    section = points_section(Told(comparison, compare_words("en")))
    tables = [block for block in section.blocks if isinstance(block, Table)]
    assert tables
    for table in tables:
        assert len(table.rows) <= 2 * LISTED
        assert all(int(str(row[2])) > 1 for row in table.rows)


def test_every_phrase_is_in_both_languages_and_used() -> None:
    content = tomllib.loads((files("engine.compare") / "words.toml").read_text(encoding="utf-8"))
    sources = "".join(path.read_text() for path in Path("engine/compare").rglob("*.py"))
    prefixes = set(re.findall(r'f"([a-z_]+)\{', sources)) | {"caption_dots_", "caption_winners_", "area_", "category_"}
    for key, phrase in content.items():
        assert set(phrase) == {"fr", "en"}, key
        assert set(re.findall(r"\{(\w+)\}", phrase["fr"])) == set(re.findall(r"\{(\w+)\}", phrase["en"])), key
        assert f'"{key}"' in sources or any(key.startswith(prefix) for prefix in prefixes), key


def test_more_runs_than_charts_have_room_for_are_in_the_tables(comparison: Comparison) -> None:
    from dataclasses import replace

    sides = [replace(comparison.sides[place % 5], name=f"run-{place}") for place in range(7)]
    page = render_comparison(compare(sides), "en")
    assert "2 more are in the tables alone" in page
    assert "run-6" in page


def test_an_intra_is_compared_by_departement(tmp_path: Path) -> None:
    write_random_intra(tmp_path / "intra", 3)
    done = compared(tmp_path / "intra", variant("more", "population.seats.add = 1"))
    assert done.level == "department"
    assert set(done.experience["area"]) <= {"29", "35"}
    assert "département" in render_comparison(done)


def test_specific_posts_are_compared_without_points(tmp_path: Path) -> None:
    write_random(tmp_path / "specific", 2)
    done = compared(tmp_path / "specific", variant("more", "population.seats.add = 1"))
    page = render_comparison(done)
    assert 'id="points"' not in page
    assert done.figures["more"]["satisfied"] >= done.figures[done.names[0]]["satisfied"]  # type: ignore[operator]
