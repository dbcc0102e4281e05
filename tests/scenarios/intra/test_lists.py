"""Lists of wishes: written in one line, filled with the best choices, cut where the rulebook cuts them."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from scenarios.draws import Streams
from scenarios.intra.atlas import NOWHERE
from scenarios.intra.lists import Wishes, draw_lists
from scenarios.intra.people import ENTRANT, HOLDER, People
from scenarios.intra.profile import KINDS, SITUATIONS, Segment, Situation, WishList


def people(situation: int, count: int) -> People:
    zeros = np.zeros(count, np.int64)
    category = np.full(count, "titulaire", dtype=object)
    return People(np.full(count, situation), zeros, zeros, zeros, zeros - 1, zeros, category)


def made(wishes: str, count: int = 1, most: int = 30, **best: list[int]) -> Wishes:
    """The lists of `count` holders who all have the same best choices of each kind."""
    lists: dict[Situation, list[WishList]] = {name: [WishList(weight=1, wishes=wishes)] for name in SITUATIONS}
    choices = {kind: np.tile(np.array(best.get(kind, [NOWHERE])), (count, 1)) for kind in KINDS}
    asks = np.zeros(count, np.bool_)
    return draw_lists(lists, people(HOLDER, count), choices, asks, most, Streams(1))


def test_a_line_is_read_as_segments() -> None:
    row = WishList(weight=1, wishes="ETB 2-8, COM 1")
    assert row.segments == (Segment("ETB", 2, 8), Segment("COM", 1, 1))


@pytest.mark.parametrize("text", ["ETB", "ETB 8-2", "XYZ 1", "ETB 1,COM 1", ""])
def test_a_line_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="is none of"):
        WishList(weight=1, wishes=text)


def test_wishes_come_in_the_order_of_the_line_and_of_the_choices() -> None:
    found = made("ETB 2, COM 1, ETB 1", ETB=[7, 5, 9], COM=[4])
    assert [KINDS[kind] for kind in found.kind] == ["ETB", "ETB", "COM", "ETB"]
    assert found.zone.tolist() == [7, 5, 4, 9]
    assert found.rank.tolist() == [1, 2, 3, 4]


def test_what_cannot_be_chosen_is_left_out_without_a_gap() -> None:
    found = made("ETB 3, GEO 2", ETB=[7, NOWHERE, NOWHERE], GEO=[3])
    assert found.zone.tolist() == [7, 3]
    assert found.rank.tolist() == [1, 2]


def test_a_list_is_cut_at_the_number_the_rulebook_admits() -> None:
    assert made("ETB 3, COM 3", most=4, ETB=[1, 2, 3], COM=[4, 5, 6]).zone.tolist() == [1, 2, 3, 4]


def test_lengths_are_between_their_bounds_and_reach_both() -> None:
    found = made("ETB 2-4", count=300, ETB=[1, 2, 3, 4, 5])
    assert set(np.bincount(found.candidate).tolist()) == {2, 3, 4}


def test_specific_posts_come_first() -> None:
    lists: dict[Situation, list[WishList]] = {name: [WishList(weight=1, wishes="ZRA 1")] for name in SITUATIONS}
    best = {kind: np.full((2, 2), NOWHERE) for kind in KINDS} | {"ZRA": np.zeros((2, 1), np.int64)}
    best["POST"] = np.array([[8, 9], [8, NOWHERE]])
    found = draw_lists(lists, people(ENTRANT, 2), best, np.array([True, True]), 30, Streams(1))
    assert found.candidate.tolist() == [0, 0, 0, 1, 1]
    assert [KINDS[kind] for kind in found.kind] == ["POST", "POST", "ZRA", "POST", "ZRA"]
