"""The two phases of the interdépartemental on the arrays of a market: mutations, then permutations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.contracts import Contracts
from engine.model.interdepartemental.mutations import Mutations
from engine.model.market import Ints, Market, Matching
from engine.model.settings import Options
from engine.solvers.arrays import Mask
from engine.solvers.permutations import PermutationOptions, permutations
from engine.solvers.quotas import Order, Quotas, examination, last_moved
from engine.solvers.requests import requests_of

MOVEMENT = "interdepartemental"


@dataclass(frozen=True, eq=False)
class Phases:
    """What the phases need beside the market.

    Attributes
    ----------
    quotas : of entry and exit; None where départements have one net balance
    order : which request is examined first
    points : int64[k], thousandths of each contract of the market
    rows : int64[k], the row of `Contracts.rows` that each contract of the market is
    seed : of searches
    """

    quotas: Quotas | None
    order: Order
    points: Ints
    rows: Ints
    seed: int


def phases_of(campaign: Campaign, contracts: Contracts, rows: Ints) -> Phases | None:
    """The phases of a campaign; None where its movement has none."""
    if campaign.settings.movement != MOVEMENT:
        return None
    points = contracts.rows["points"][rows].cast(pl.Int64).fill_null(0).to_numpy()
    return Phases(quotas_of(campaign), _order(campaign), points, rows, campaign.settings.seed)


def quotas_of(campaign: Campaign) -> Quotas | None:
    """The quotas of the posts; None where they have none."""
    posts = campaign.posts
    if posts["exit_quota"].null_count():
        return None
    return Quotas(*(posts[name].cast(pl.Int64).to_numpy() for name in ("seats", "exit_quota")))


def mutations_of(market: Market, matching: Matching, phases: Phases, options: Options, num_rows: int) -> Mutations:
    """Who moved last, in rows of `Contracts.rows`.

    Parameters
    ----------
    matching : after the mutations; seats to be closed hold nothing
    num_rows : of `Contracts.rows`
    """
    serial = options.mechanism == "serial"
    contracts = np.arange(market.num_contracts, dtype=np.int64)
    if serial:
        examined = examination(market, requests_of(market), phases.order)
    else:
        examined = np.where(np.isin(contracts, market.stay), -1, -market.wish_priority + market.wish_priority.max())
    last = last_moved(market, matching, examined)
    by_first = serial and phases.order == "points"
    lead = market.wish_ptr[market.candidate_of_contract()] if by_first else contracts
    told = np.append(phases.rows, -1)
    return Mutations(
        examined=_in_rows(phases.rows, examined, num_rows),
        lead=_in_rows(phases.rows, told[lead], num_rows),
        entry=told[last.entry],
        exit=told[last.exit],
        has_quotas=serial,
    )


def permuted(
    market: Market, matching: Matching, phases: Phases, options: Options, pinned: Mask, had: Ints | None
) -> Matching:
    """The permutations after the mutations.

    Parameters
    ----------
    pinned : bool[n], candidates who come first if the mutations did not place them
    had : int64[n], what each had before, where that is to be kept (`engine.solvers.permutations`)
    """
    search = PermutationOptions(time_limit_s=options.time_limit_s, seed=phases.seed % 2**31)
    return permutations(market, matching, phases.points, search, pinned, had)


def _order(campaign: Campaign) -> Order:
    """The order the rulebook says; by points where there is none."""
    rules = campaign.rules
    return "rank" if not rules.is_none and rules.code("mutations", "order") == "rank" else "points"


def _in_rows(rows: Ints, values: Ints, num_rows: int) -> Ints:
    """int64[num_rows]: values of some rows, -1 for the others."""
    told = np.full(num_rows, -1, dtype=np.int64)
    told[rows] = values
    return told
