"""The whole way: tables -> Campaign -> scored wishes -> Market -> Matching -> outcome tables -> verdict (DESIGN 3).

Each stage is one frozen object, each arrow one function; `run` is the way from end to end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl
from pydantic import ValidationError

from engine.extension.contracts import extension_contracts
from engine.model.campaign import Campaign, read_campaign
from engine.model.compilation import compile_market, compile_residual, granted_contracts
from engine.model.contracts import Contracts, contracts_of
from engine.model.defects import InputRefused, Rule, defects
from engine.model.market import Market, Matching
from engine.model.outcome import read_outcome
from engine.model.scoring import Scored, score
from engine.model.settings import Options, invalid_values, resolve_options
from engine.runs import Run
from engine.solvers.mechanisms import MECHANISMS, SolveOptions, solve
from engine.summary import summarise
from engine.verify.audit import Result
from engine.verify.verify import verify
from engine.withholding import withhold

UNAVAILABLE = Rule("C22", "An option names something this version does.")

Progress = Callable[[str], None]


def run(folder: Path | str, *, progress: Progress | None = None, seed: int | None = None, **overrides: Any) -> Run:
    """Reads, checks, scores, compiles, solves and verifies the campaign in a folder.

    Parameters
    ----------
    progress : called with the name of each stage as it begins.
    seed : replaces the seed of the campaign.
    overrides : options of the campaign to replace, by name (``improvement="zone"``).

    Raises
    ------
    InputRefused
        With every defect of the input.
    """
    clock = _Clock(progress)
    with clock("read"):
        campaign = read_campaign(folder)
    return _run(campaign if seed is None else campaign.with_seed(seed), overrides, clock)


def run_campaign(campaign: Campaign, *, progress: Progress | None = None, **overrides: Any) -> Run:
    """The same for a campaign that is already read."""
    return _run(campaign, overrides, _Clock(progress))


def _run(campaign: Campaign, overrides: dict[str, Any], clock: _Clock) -> Run:
    options = campaign_options(campaign, overrides)
    with clock("score"):
        scored = score(campaign, campaign.rules)
    with clock("compile"):
        contracts = _contracts(campaign, scored, options)
        rows = _before_extension(contracts) if options.extension == "residual" else contracts.rows
        market = compile_market(campaign, contracts, rows)
    with clock("solve"):
        matching = _solve(market, options)
        main = granted_contracts(rows, matching)
    with clock("extend"):
        added = _extend(campaign, contracts, main, options) if options.extension == "residual" else main.clear()
    with clock("decode"):
        tables = read_outcome(campaign, scored, contracts, main, added)
    with clock("verify"):
        replays = {"the candidates in reverse order": matching_digest(_replayed(market, options))}
        result = Result(tables.outcomes, tables.cutoffs, options.extension, replays, matching_digest(matching))
        verdict = verify(campaign, scored, result)
    tables = withhold(campaign, tables, verdict)
    summary = summarise(campaign, scored, tables, matching)
    return Run(campaign, scored, options, matching, tables, verdict, summary, clock.seconds)


def campaign_options(campaign: Campaign, overrides: Mapping[str, Any] = MappingProxyType({})) -> Options:
    """Options in force: the rulebook's, then the campaign's, then `overrides`. Raises InputRefused for what is not
    one."""
    try:
        options = resolve_options(campaign.rules.options, campaign.settings.options, overrides)
    except ValidationError as error:
        raise InputRefused(invalid_values(error, prefix="options.")) from None
    wrong = []
    if options.mechanism not in MECHANISMS:
        wrong.append(("mechanism", options.mechanism, f"is none of {', '.join(MECHANISMS)}."))
    if options.improvement != "none":
        wrong.append(
            ("improvement", options.improvement, "is not available where every zone is one post yet; use none.")
        )
    if wrong:
        table = "campaign.toml"
        raise InputRefused(
            pl.concat([defects(UNAVAILABLE, table, column=f"options.{c}", value=v, problem=p) for c, v, p in wrong])
        )
    return options


def matching_digest(matching: Matching) -> str:
    """SHA-256 of who holds which contract."""
    return hashlib.sha256(np.ascontiguousarray(matching.contract).tobytes()).hexdigest()


def _solve(market: Market, options: Options) -> Matching:
    return solve(market, options.mechanism, SolveOptions(time_limit_s=options.time_limit_s))


def _replayed(market: Market, options: Options) -> Matching:
    """The market solved again with its candidates in reverse order, told in the numbers of the first."""
    order = np.arange(market.num_candidates, dtype=np.int64)[::-1].copy()
    renumbered, contracts = market.renumbered(order)
    again = _solve(renumbered, options)
    contract, post = np.full_like(again.contract, -1), np.full_like(again.post, -1)
    holds = again.contract >= 0
    contract[order[holds]] = contracts[again.contract[holds]]
    post[order] = again.post
    return Matching(contract, post, again.stop, again.worth)


def _contracts(campaign: Campaign, scored: Scored, options: Options) -> Contracts:
    added = extension_contracts(campaign, scored)
    return contracts_of(campaign, scored, added.clear() if options.extension == "none" else added)


def _before_extension(contracts: Contracts) -> pl.DataFrame:
    return contracts.rows.filter(pl.col("phase") != "extension")


def _extend(campaign: Campaign, contracts: Contracts, main: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Contracts granted by the extension that follows the run, to mandatory candidates left over."""
    added = contracts.rows.filter(pl.col("phase") == "extension")
    left_over = added.join(main, on="candidate", how="anti", maintain_order="left")
    matching = _solve(compile_residual(campaign, contracts, left_over, main), options)
    return granted_contracts(left_over, matching)


class _Clock:
    """Names each stage as it begins and keeps how long it took."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        if self.progress is not None:
            self.progress(stage)
        start = perf_counter()
        yield
        self.seconds[stage] = round(perf_counter() - start, 4)
