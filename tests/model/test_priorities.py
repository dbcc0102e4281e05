"""The strict order of contracts: class, points, tie-breaks, lot, preference."""

from __future__ import annotations

from random import Random

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from engine.model.priorities import draws, lots, priorities

WHOLE = st.integers(-(2**40), 2**40)


@given(st.lists(st.tuples(st.integers(0, 2), WHOLE, WHOLE, WHOLE, st.integers(0, 5), st.integers(1, 9)), max_size=30))
def test_priorities_follow_the_keys_in_their_order(rows: list[tuple[int, ...]]) -> None:
    names = ["class", "points", "tie_1", "tie_2", "draw", "order"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64), orient="row")
    ranked = sorted(range(len(rows)), key=lambda i: (*rows[i][:5], -rows[i][5]))
    expected = [0] * len(rows)
    for priority, row in enumerate(ranked, start=1):
        expected[row] = priority
    found = priorities(frame).tolist()
    assert sorted(found) == list(range(1, len(rows) + 1))
    for i in range(len(rows)):
        for j in range(len(rows)):
            if rows[i] != rows[j]:
                assert (found[i] < found[j]) == (expected[i] < expected[j])


def test_the_tenth_tie_break_comes_after_the_second() -> None:
    columns = {f"tie_{n}": [0, 0] for n in range(1, 11)} | {"tie_2": [1, 0], "tie_10": [0, 9]}
    frame = pl.DataFrame({"class": [0, 0], "points": [5, 5], **columns, "draw": [0, 0], "order": [1, 1]})
    assert priorities(frame).tolist() == [2, 1]


def test_a_lot_depends_on_the_seed_and_the_identifier_alone() -> None:
    names = [f"c{n}" for n in range(50)]
    drawn = dict(zip(names, lots(pl.Series(names), 7), strict=True))
    Random(1).shuffle(names)
    few = names[:10]
    assert [drawn[name] for name in few] == lots(pl.Series(few), 7).to_list()
    assert [drawn[name] for name in few] != lots(pl.Series(few), 8).to_list()


def test_draws_rank_the_lots() -> None:
    names = pl.Series([f"c{n}" for n in range(20)])
    by_lot = sorted(range(20), key=lambda n: lots(names, 3)[n])
    assert [draws(names, 3)[n] for n in by_lot] == list(range(20))
