"""Bounds on what linked candidates may hold, against all outcomes of small markets."""

from __future__ import annotations

import numpy as np
import pytest

from engine.model.market import Market
from engine.solvers.arrays import Mask
from engine.solvers.link_bounds import Bounds, bounds
from engine.solvers.link_claims import claims
from engine.solvers.link_joints import Joints, joint_contracts
from engine.solvers.link_pieces import seating
from tests.solvers.link_markets import Sizes, random_linked_market, troubled_market
from tests.solvers.link_oracle import LinkOracle
from tests.solvers.zone_markets import FAMILIES
from tests.solvers.zone_oracle import Held

SIZES = Sizes(unlinked=3, links=2)
EVER = float("inf")


def who_claims(market: Market, joints: Joints, held: Held) -> set[int]:
    """Checked by the oracle as to their number."""
    contract = np.array(held, dtype=np.int64)
    found = claims(market, joints, contract, seating(market, contract))
    assert found.num == LinkOracle(market).num_claims(held)
    alone = market.candidate_of_contract()[found.contracts].tolist()
    return {*alone, *(i for joint in found.joints for i in joints.members_of(joints.link[joint]).tolist())}


def drawn_to_be_excused(rng: np.random.Generator, joints: Joints) -> Mask:
    share = rng.choice([0, 0.3, 0.7])
    alone = rng.random(len(joints.of_candidate)) < share
    return np.where(joints.of_candidate < 0, alone, (rng.random(joints.num_links + 1) < share)[joints.of_candidate])


def contains(found: Bounds, held: Held) -> bool:
    granted = {contract for contract in held if contract >= 0}
    return set(np.flatnonzero(found.sure).tolist()) <= granted <= set(found.contracts.tolist())


def drawn(family: str, seed: int) -> Market:
    rng = np.random.default_rng(seed)
    return troubled_market(rng) if family == "troubled" else random_linked_market(rng, family, SIZES)


@pytest.mark.parametrize("family", [*FAMILIES, "troubled"])
def test_bounds_contain_every_outcome_without_claims_but_of_those_excused(family: str) -> None:
    settled = 0
    for seed in range(60):
        market = drawn(family, seed)
        joints = joint_contracts(market)
        excused = drawn_to_be_excused(np.random.default_rng(seed + 1000), joints)
        found = bounds(market, joints, excused, EVER)
        settled += len(found.contracts) < market.num_contracts
        free = set(np.flatnonzero(excused).tolist())
        of_that_kind = [held for held in LinkOracle(market).outcomes() if who_claims(market, joints, held) <= free]
        assert all(contains(found, held) for held in of_that_kind), (family, seed)
    assert settled > 20


def test_bounds_without_time_leave_everything_open_that_covers_a_post() -> None:
    market = drawn("single", 3)
    joints = joint_contracts(market)
    found = bounds(market, joints, np.zeros(market.num_candidates, dtype=np.bool_), 0.0)
    assert len(found.contracts) == (joints.cluster >= 0).sum()
    assert not found.sure.any()
