"""The sections of a movement in schools: maps, zones de remplacement, improvement, placement, extension."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.report.extension import extension_section
from engine.report.facts import Facts, facts_of
from engine.report.flows import flows_section
from engine.report.improvement import improvement_section
from engine.report.maps import maps_section
from engine.report.parts import Picture, Section, Text
from engine.report.placement import placement_section
from engine.report.replacement import replacement_section
from engine.report.report import render_report
from engine.report.words import words
from tests.report.runs import make, ordinary
from tests.report.schools import schools


def facts(**options: object) -> Facts:
    return facts_of(schools(**options), words("en"))


def texts(section: Section | None) -> str:
    assert section is not None
    return " ".join(block.text for block in section.blocks if isinstance(block, Text))


def tables(section: Section | None) -> list[dict[str, tuple[str, ...]]]:
    """The rows of the table of each picture, by their first cell."""
    assert section is not None
    pictures = [block for block in section.blocks if isinstance(block, Picture) and block.table]
    return [{str(row[0]): tuple(map(str, row[1:])) for row in p.table.rows} for p in pictures if p.table]


def circles(picture: Picture) -> dict[str, tuple[int, ...]]:
    """How many circles bear each hint."""
    hints = [str(row["hint"]) for row in picture.drawing.rows["circles"]]
    return {hint: (hints.count(hint),) for hint in hints}


def test_the_map_counts_who_enters_and_leaves_each_commune_and_each_zone_with_coordinates() -> None:
    section = maps_section(facts())
    assert section is not None
    moves, _ = (block for block in section.blocks if isinstance(block, Picture))
    assert set(circles(moves)) == {
        "commune 63113, entries: 2, departures: 2",
        "commune 63300, entries: 1, departures: 0",
        "commune 15014, entries: 1, departures: 1",
        "School Z2, entries: 1, departures: 0",
    }
    assert "Diamonds are zones de remplacement." in texts(section)
    assert "Entries that are not on the map" in texts(section)
    assert texts(section).endswith(": 1.")
    labels = {side: [row["text"] for row in moves.drawing.rows[side]] for side in ("left", "right")}
    assert labels == {"left": ["Le Puy-en-Velay"], "right": ["Aurillac", "Clermont-Ferrand"]}  # none beyond the edge


def test_the_map_of_cutoffs_tells_classes_and_no_secret() -> None:
    run = schools()
    alone = run.cutoffs["code"] == "E4"
    assert run.cutoffs.filter(alone)["entered"].to_list() == [2]  # one of the two came by extension
    section = maps_section(facts_of(run, words("en")))
    assert section is not None
    _, cutoffs = (block for block in section.blocks if isinstance(block, Picture))
    hints = circles(cutoffs)
    assert "commune 15014: secret or no cutoff; entries: 1" in hints
    assert not any("40" in hint for hint in hints)


def test_a_movement_between_academies_has_its_map_of_france() -> None:
    section = maps_section(facts_of(make(ordinary()), words("en")))
    assert section is not None
    moves = next(block for block in section.blocks if isinstance(block, Picture))
    assert "Créteil, entries: 2, departures: 1" in circles(moves)


def test_who_ends_on_a_zone_de_remplacement_is_counted_by_where_he_comes_from() -> None:
    section = replacement_section(facts())
    assert "placed on a zone de remplacement: 1 (50.0%)" in texts(section)
    assert "leave it for a school: 1; holders in a school who go to a ZR: 1." in texts(section)
    (table,) = tables(section)
    assert table == {
        "No post before": ("2", "0", "1", "1", "0"),
        "From a school": ("3", "2", "0", "1", "0"),
        "From a ZR": ("1", "1", "0", "0", "0"),
    }


def test_improvement_counts_who_gains_and_who_makes_room_by_zone() -> None:
    section = improvement_section(facts())
    assert "give a better wish: 2, of whom 1 would have kept their post." in texts(section)
    levels, ranks = tables(section)
    assert levels == {"A better wish": ("0", "2", "0", "0"), "Same wish, another post": ("1", "0", "0", "0")}
    assert ranks == {"1": ("1",)}


def test_placement_measures_from_the_indicative_wish() -> None:
    section = placement_section(facts())
    assert "Wide wishes obtained: 1, of which 1 came after a more precise one." in texts(section)
    assert "the median distance is 11 km. Rule: as near as possible" in texts(section)


def test_extension_measures_from_the_first_wish() -> None:
    section = extension_section(facts())
    assert "Placed by extension: 1, 50.0% of the mandatory candidates. Median distance to their first wish: 108 km" in (
        texts(section)
    )


def test_moves_are_measured_between_communes() -> None:
    (table, *_) = tables(flows_section(facts()))
    assert table["below 5"] == (
        "2",
    )  # from Clermont-Ferrand to the ZR without coordinates, which lies at its chef-lieu
    assert sum(int(count) for (count,) in table.values()) == 4


@pytest.mark.parametrize(
    ("section", "options"),
    [(improvement_section, {"improvement": "none"}), (extension_section, {"extension": "none"})],
)
def test_what_the_options_leave_out_has_no_section(
    section: Callable[[Facts], Section | None], options: dict[str, object]
) -> None:
    assert section(facts(**options)) is None


def test_a_movement_without_schools_has_neither_zones_nor_placement() -> None:
    inter = facts_of(make(ordinary()), words("en"))
    assert replacement_section(inter) is None
    assert placement_section(inter) is None


def test_the_page_of_a_movement_in_schools_has_all_its_sections_and_is_the_same_twice() -> None:
    page = render_report(schools(), "fr")
    for key in ("map", "replacement", "improvement", "placement", "extension", "chains"):
        assert f'<section id="{key}">' in page
    assert page == render_report(schools(), "fr")
