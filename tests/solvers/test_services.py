"""Services of a block: the best there are, by trying every assignment; on larger ones near the bound."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.tzr.blocks import Block
from engine.solvers.services import ROUNDS, ServiceOptions, Services, assign_services, services_of
from engine.solvers.services_again import services_digest, solved_again, spread
from engine.solvers.services_bound import SCALE, prices_of
from engine.solvers.services_model import Limits
from engine.solvers.services_polish import polished
from engine.solvers.services_pool import pool_of
from tests.solvers.services_oracle import best_assignment, random_block
from tests.solvers.services_oracle import services as every_service

OPTIONS = ServiceOptions(max_schools=3, max_metres=30_000, time_limit_s=600.0)


def solved(block: Block) -> Services:
    return services_of(block, OPTIONS, Limits(perf_counter() + 600, OPTIONS.effort))


@pytest.mark.parametrize("seed", range(40))
def test_services_are_those_found_by_trying_every_assignment(seed: int) -> None:
    block = random_block(seed, num_tzr=2 + seed % 3, num_needs=6 + seed % 2, num_schools=3 + seed % 3)
    found = solved(block)
    assert [tuple(lots.tolist()) for lots in found.lots] == best_assignment(block, 3, 30_000)
    assert found.proven
    assert found.settled == len(block.tzr)


@pytest.mark.parametrize("seed", range(10))
def test_the_pool_holds_every_service_once(seed: int) -> None:
    block = random_block(seed, num_tzr=3, num_needs=9, num_schools=4)
    pool = pool_of(block, 3, 30_000)
    for kind in range(2):
        listed = [tuple(pool.lots_of(int(row)).tolist()) for row in np.flatnonzero(pool.kind == kind)]
        assert sorted(listed) == every_service(block, kind, 3, 30_000)
        assert listed == sorted(listed)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_no_choice_is_worth_more_than_the_prices_say(seed: int) -> None:
    block = random_block(seed, num_tzr=3, num_needs=7, num_schools=4)
    pool = pool_of(block, 3, 30_000)
    if not len(pool):
        return
    worth = pool.hours // 500 * 4 + 1
    prices = prices_of(pool, worth, block.pieces, block.staff)
    assert (pool.sums(prices.lot) + prices.kind[pool.kind] >= SCALE * worth).all()
    best = [lots for lots in best_assignment(block, 3, 30_000) if lots]
    assert sum(int(block.hours[list(lots)].sum()) // 500 * 4 + 1 for lots in best) <= prices.bound


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_a_stronger_place_in_the_order_never_hurts(seed: int) -> None:
    """Whoever changes places with the TZR before him, of the same kind, likes his service no less."""
    block = random_block(seed, num_tzr=4, num_needs=9, num_schools=4)
    order = np.arange(4)
    order[[1, 2]] = order[[2, 1]]
    if block.kind[1] != block.kind[2]:
        return
    raised = Block(**{**vars(block), "rank": block.rank[order], "metres": block.metres[order]})
    before, after = solved(block), solved(raised)
    assert before.hours == after.hours
    assert place_of(block, before, 2) >= place_of(raised, after, 1)


def place_of(block: Block, found: Services, i: int) -> tuple[int, int, int]:
    lots = found.lots[i]
    if not len(lots):
        return (10**9, 0, 0)
    schools = np.unique(block.school[lots])
    return int(block.rank[i, schools].max()), int(block.metres[i, schools].sum()), len(schools)


def test_blocks_solved_together_are_as_solved_alone() -> None:
    blocks = [random_block(seed, 4, 9, 4) for seed in range(6)]
    together = assign_services(blocks, OPTIONS)
    for block, found in zip(blocks, together, strict=True):
        alone = solved(block)
        assert [lots.tolist() for lots in found.lots] == [lots.tolist() for lots in alone.lots]


def test_a_block_without_time_still_has_services_that_hold() -> None:
    block = random_block(3, num_tzr=12, num_needs=30, num_schools=8)
    options = ServiceOptions(max_schools=3, max_metres=30_000, time_limit_s=1e-9)
    found = assign_services([block], options)[0]
    assert found.stop == "time_limit"
    used = np.bincount(np.concatenate(found.lots), minlength=len(block.pieces))
    assert (used <= block.pieces).all()
    assert 0 < found.hours <= found.hours_bound
    assert [lots.tolist() for lots in polished(block, pool_of(block, 3, 30_000), list(found.lots))] == [
        lots.tolist() for lots in found.lots
    ]


def many_blocks() -> list[Block]:
    """Blocks whose first choice is short of the bound, one of them with more services than can be searched whole."""
    blocks = [random_block(seed, num_tzr=16, num_needs=40, num_schools=12) for seed in (7, 11)]
    return [replace(block, reach=np.ones_like(block.reach), apart=block.apart // 3) for block in blocks]


def test_the_gap_accepted_ends_the_search_for_more_cover_and_is_kept() -> None:
    accepted = assign_services(many_blocks(), replace(OPTIONS, gap=0.01))
    assert {found.stop for found in accepted} == {"finished"}
    assert {found.rounds for found in accepted} == {0}
    hours, bound = (sum(getattr(found, name) for found in accepted) for name in ("hours", "hours_bound"))
    assert (bound - hours) / bound <= 0.01
    assert {found.rounds for found in assign_services(many_blocks(), OPTIONS)} == {ROUNDS}


@pytest.mark.parametrize("gap", [0.0, 0.01])
def test_services_made_again_one_block_at_a_time_are_the_same(gap: float) -> None:
    blocks, options = many_blocks(), replace(OPTIONS, gap=gap)
    chosen = assign_services(blocks, options)
    again = solved_again(blocks, chosen, options)
    assert again is not None
    assert services_digest(again) == services_digest([chosen[i] for i in spread(blocks)])
    assert services_digest(again) != services_digest(again[:1])


def test_a_block_of_many_services_is_near_its_bound() -> None:
    block = random_block(5, num_tzr=16, num_needs=75, num_schools=12)
    block = replace(block, reach=np.ones_like(block.reach), apart=block.apart // 3)
    found = solved(block)
    assert found.num_services > 1_200
    assert found.hours >= 0.99 * found.hours_bound
    again = solved(block)
    assert [lots.tolist() for lots in found.lots] == [lots.tolist() for lots in again.lots]
