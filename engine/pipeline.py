"""The whole way: tables -> Campaign -> scored wishes -> Market -> Matching -> outcome tables -> verdict (DESIGN 3).

Each stage is one frozen object, each arrow one function; `run` is the way from end to end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl
from pydantic import ValidationError

from engine.extension.contracts import extension_contracts
from engine.model.campaign import Campaign, read_campaign
from engine.model.compilation import Compiled, compile_market, compile_residual
from engine.model.defects import InputRefused, Rule, defects
from engine.model.market import Market, Matching
from engine.model.outcome import granted_contracts, read_outcome
from engine.model.scoring import score
from engine.model.settings import Options, invalid_values, resolve_options
from engine.run import Run
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
        added = extension_contracts(campaign, scored) if options.extension != "none" else None
        compiled = compile_market(campaign, scored, added if options.extension == "integrated" else None)
    with clock("solve"):
        matching = _solve(compiled.market, options)
        main = granted_contracts(compiled, matching)
    with clock("extend"):
        residual = (
            _extend(campaign, compiled, main, added, options) if options.extension == "residual" else main.clear()
        )
    with clock("decode"):
        tables = read_outcome(campaign, scored, compiled, main, residual)
    with clock("verify"):
        replays = {"the candidates in reverse order": matching_digest(_replayed(compiled.market, options))}
        result = Result(tables.outcomes, tables.cutoffs, options.extension, replays, matching_digest(matching))
        verdict = verify(campaign, scored, result)
    tables = withhold(campaign, tables, verdict)
    summary = summarise(campaign, scored, tables, matching)
    return Run(campaign, scored, options, matching, tables, verdict, summary, clock.seconds)


def campaign_options(campaign: Campaign, overrides: dict[str, Any]) -> Options:
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


def _extend(
    campaign: Campaign, compiled: Compiled, main: pl.DataFrame, added: pl.DataFrame | None, options: Options
) -> pl.DataFrame:
    """Contracts granted by the extension that follows the run, to mandatory candidates left over."""
    if added is None:
        return main.clear()
    left_over = added.join(main, on="candidate_id", how="anti")
    residual = compile_residual(campaign, compiled, left_over, main["post_id"])
    return granted_contracts(residual, _solve(residual.market, options))


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
