"""Services of pinned TZR: with a part in their school, the best there are, by trying all."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest

from engine.solvers.services import ServiceOptions
from engine.solvers.services_model import Limits
from engine.solvers.services_pins import pinned_services
from tests.solvers.services_oracle import best_pinned, random_block

OPTIONS = ServiceOptions(max_schools=3, max_metres=30_000, time_limit_s=600.0)


@pytest.mark.parametrize("seed", range(40))
def test_pinned_services_are_those_found_by_trying_all(seed: int) -> None:
    block = random_block(seed, num_tzr=1 + seed % 3, num_needs=7, num_schools=3 + seed % 2)
    chance = np.random.default_rng(seed)
    schools = np.array([int(chance.choice(block.school)) for _ in block.tzr])
    found = pinned_services(block, schools, OPTIONS, Limits(perf_counter() + 600, OPTIONS.effort))
    assert [tuple(lots.tolist()) for lots in found] == best_pinned(block, schools.tolist(), 3, 30_000)


def test_some_are_placed_and_some_cannot_be() -> None:
    counts = []
    for seed in range(40):
        block = random_block(seed, num_tzr=2, num_needs=7, num_schools=3)
        schools = np.array([int(block.school[0]), int(block.school[-1])])
        found = pinned_services(block, schools, OPTIONS, Limits(perf_counter() + 600, OPTIONS.effort))
        counts.append(sum(len(lots) > 0 for lots in found))
    assert {0, 1, 2} <= set(counts)


def test_who_has_no_need_in_his_school_has_no_service() -> None:
    block = random_block(1, num_tzr=1, num_needs=7, num_schools=3)
    (lots,) = pinned_services(block, np.array([-1]), OPTIONS, Limits(perf_counter() + 600, OPTIONS.effort))
    assert not len(lots)
