"""The frontier: how many candidates could obtain one of their wishes at most, whatever the points (`flow`)."""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from engine.extension.contracts import extension_contracts
from engine.model.campaign import Campaign
from engine.model.compilation import compile_market
from engine.model.contracts import contracts_of
from engine.model.market import Market
from engine.model.scoring import Scored
from engine.solvers.mechanisms import solve

Known = MutableMapping[str, int]
"""Frontiers already found, by the digest of what they depend on."""


@dataclass(frozen=True)
class Frontier:
    """The most candidates that any outcome satisfies.

    Attributes
    ----------
    satisfied : candidates with one of their own wishes
    beyond : what it leaves aside, so that it may be out of reach: closings, links, exit_quotas
    """

    satisfied: int
    beyond: tuple[str, ...] = ()


def frontier_of(campaign: Campaign, scored: Scored, known: Known) -> Frontier:
    """The frontier of a campaign: `flow` on the admissible wishes alone, without extension.

    As many candidates as possible are satisfied, nobody below the post he holds. Priorities and points play no part, so
    variants that change nothing else share a frontier. A seat to be closed may be taken by others when its holder
    leaves, linked candidates are counted one by one, and at the interdépartemental quotas of exit are not looked at:
    each allows more than the rules do, so that no outcome satisfies more.

    Parameters
    ----------
    known : frontiers found before; a new one is added
    """
    contracts = contracts_of(campaign, scored, extension_contracts(campaign, scored).clear(), "own")
    people = campaign.candidates.height
    market = compile_market(campaign, contracts, contracts.rows.filter(pl.col("candidate") < people))
    market = replace(market, link=np.full_like(market.link, -1))
    digest = _digest(market)
    if digest not in known:
        held = solve(market, "flow").contract
        known[digest] = int(((held >= 0) & (held != market.stay)).sum())
    beyond = {
        "closings": contracts.num_phantoms > 0,
        "links": campaign.links.height > 0,
        "exit_quotas": campaign.posts["exit_quota"].null_count() < campaign.posts.height,
    }
    return Frontier(known[digest], tuple(name for name, is_left in beyond.items() if is_left))


def _digest(market: Market) -> str:
    """Of all that the number of candidates satisfied depends on."""
    found = hashlib.sha256()
    for array in (market.wish_ptr, market.wish_zone, market.zone_ptr, market.zone_post, market.seats, market.stay):
        found.update(np.ascontiguousarray(array).tobytes() + b"|")
    return found.hexdigest()
