"""The report of the interdépartemental: both cutoffs with their secrecy, who moved in which phase."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.pipeline import run
from engine.report.facts import facts_of
from engine.report.parts import Section, Table, Text
from engine.report.phases import gates_section, phases_section
from engine.report.report import render_report
from engine.report.words import words
from engine.runs import Run
from tests.departments import SETTINGS, Country, Request, write_country

COUNTRY = Country(
    {"29": (2, 0), "75": (0, 3), "61": (1, 0), "69": (0, 0), "38": (0, 0)},
    {
        "a": Request("75", [("29", 500)]),
        "b": Request("75", [("29", 400)]),
        "c": Request("75", [("61", 300)]),
        "e": Request("69", [("38", 90)]),
        "f": Request("38", [("69", 80)]),
    },
)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(write_country(tmp_path_factory.mktemp("page"), COUNTRY))


def rows_of(section: Section) -> dict[str, tuple[str, ...]]:
    table = next(block for block in section.blocks if isinstance(block, Table))
    return {str(row[0]): tuple(map(str, row[1:])) for row in table.rows}


def test_a_cutoff_of_a_single_move_is_not_shown(done: Run) -> None:
    rows = rows_of(gates_section(facts_of(done, words("en"))))
    assert rows["Finistère"][-2:] == ("400", words("en")("mark_nobody"))
    assert rows["Orne"][-2] == words("en")("mark_secret")
    assert rows["Paris"][-1] == "300"


def test_the_page_tells_both_phases_and_leaves_out_what_they_take_the_place_of(done: Run) -> None:
    page = render_report(done, "fr")
    assert "Barres d&#39;entrée et de sortie" in page
    assert "Mutations et permutations" in page
    assert 'id="improvement"' not in page
    assert 'id="chains"' not in page
    assert "500" not in page.split('id="cutoffs"')[1].split("</section>")[0].replace("1 500", "")


def test_the_lead_counts_both_phases(done: Run) -> None:
    section = phases_section(facts_of(done, words("en")))
    assert section is not None
    lead = next(block for block in section.blocks if isinstance(block, Text))
    assert lead.text == (
        "By mutation: 3 candidates. By permutation: 2, of whom 0 had moved on a worse wish already, "
        "in 1 exchanges that keep the head count of every département."
    )


def test_nobody_who_moves_leaves_an_honest_page(tmp_path: Path) -> None:
    country = Country({"29": (0, 0), "75": (0, 0)}, {"a": Request("75", [("29", 500)])})
    page = render_report(run(write_country(tmp_path, country)), "en")
    assert words("en")("empty_cutoffs") in page
    assert words("en")("empty_moves") in page


def test_net_balances_have_a_column_of_their_own(tmp_path: Path) -> None:
    country = Country({"29": 2, "75": -2}, {n: Request("75", [("29", p)]) for n, p in (("a", 5), ("b", 4), ("c", 3))})
    done = run(write_country(tmp_path, country, SETTINGS.replace("serial", "stable")))
    rows = rows_of(gates_section(facts_of(done, words("en"))))
    assert "+2" in rows["Finistère"]
    assert rows["Paris"][-1] == "4"
