"""The whole way: tables -> Campaign -> scored wishes -> Market -> Matching -> outcome tables -> verdict (DESIGN 3).

Each stage is one frozen object, each arrow one function; `run` is the way from end to end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl
from pydantic import ValidationError

from engine.adjustment import MECHANISM, adjust
from engine.assignment import Assignment, Facts, assign, facts_of, matching_digest, mechanism_again
from engine.extension.contracts import extension_contracts
from engine.leastchange import LeastChange
from engine.leastchange import least_change as keep
from engine.leastchange import least_change_by_turns as keep_by_turns
from engine.model.campaign import Campaign, read_campaign
from engine.model.changes import Now, Previous, changes_of, not_of_the_same_rules, with_reasons
from engine.model.compilation import compile_market, compile_residual, granted_contracts
from engine.model.conditions import pins_not_met
from engine.model.contracts import Contracts, contracts_of
from engine.model.defects import InputRefused, Rule, defects, no_defects
from engine.model.distances import Indications, indications
from engine.model.forms import invalid_values
from engine.model.interdepartemental.mutations import Mutations
from engine.model.interdepartemental.quotas import phase_defects
from engine.model.market import Ints, Market, Matching
from engine.model.outcome import Outcome, read_outcome
from engine.model.scoring import Scored, score
from engine.model.settings import C0, Options, resolve_options
from engine.model.tzr.outcome import Adjusted
from engine.phases import MOVEMENT, mutations_of
from engine.runs import AnyRun, Run
from engine.solvers.mechanisms import MECHANISMS, SERVE_LINKS
from engine.summary import summarise
from engine.variants.variant import Variant
from engine.variants.vary import lay
from engine.verify.audit import Least, Result
from engine.verify.promises import GIVEN_UP
from engine.verify.sentences import Sentence, sentence
from engine.verify.verify import verify
from engine.withholding import withhold

ADJUSTMENT = "tzr"
"""The movement that gives services where the others give posts."""

LEAST = Rule("R6", "What is kept of a previous run is kept in an outcome without claims, or among exchanges.")
UNAVAILABLE = Rule("C22", "An option names something this version does.")

Progress = Callable[[str], None]


def run(
    folder: Path | str,
    *,
    progress: Progress | None = None,
    seed: int | None = None,
    previous: Previous | None = None,
    least_change: bool = False,
    variant: Variant | Path | str | None = None,
    **overrides: Any,
) -> AnyRun:
    """Reads, checks, scores, compiles, solves and verifies the campaign in a folder.

    Parameters
    ----------
    progress : called with the name of each stage as it begins.
    seed : replaces the seed of the campaign.
    previous : a run of the same rules to compare with (`engine.runreading.read_previous`): the run says who changes.
    least_change : whether everybody keeps what he had in the previous run who need not move (`engine.leastchange`).
    variant : laid on the campaign (`engine.variants.vary`), or the TOML file that says it.
    overrides : options of the campaign to replace, by name (``improvement="zone"``).

    Raises
    ------
    InputRefused
        With every defect of the input.
    """
    clock = _Clock(progress)
    with clock("read"):
        campaign = read_campaign(folder)
        campaign = campaign if seed is None else campaign.with_seed(seed)
        if variant is not None:
            campaign = campaign_under(campaign, variant, overrides)
    return _run(campaign, overrides, clock, _Terms(previous=previous, least_change=least_change))


def run_campaign(
    campaign: Campaign,
    *,
    progress: Progress | None = None,
    scored: Scored | None = None,
    replay: bool = True,
    previous: Previous | None = None,
    least_change: bool = False,
    **overrides: Any,
) -> AnyRun:
    """The same for a campaign that is already read.

    Parameters
    ----------
    scored : the points of its wishes, where they are already known
    replay : whether the mechanism is run a second time in another order, for P13
    """
    return _run(campaign, overrides, _Clock(progress), _Terms(scored, replay, previous, least_change))


@dataclass(frozen=True, eq=False)
class _Terms:
    """What a run is asked beside its campaign and its options; the words are those of `run` and `run_campaign`."""

    scored: Scored | None = None
    replay: bool = True
    previous: Previous | None = None
    least_change: bool = False


def _run(campaign: Campaign, overrides: dict[str, Any], clock: _Clock, terms: _Terms) -> AnyRun:
    options = campaign_options(campaign, overrides)
    _require_same_rules(terms.previous, campaign, options, terms.least_change)
    if campaign.settings.movement == ADJUSTMENT:
        done = adjust(campaign, options, clock, clock.seconds)
        return replace(done, compared=_compared(terms.previous, campaign, done.tables, done.criteria))
    return _assigned(campaign, options, clock, terms)


def _assigned(campaign: Campaign, options: Options, clock: _Clock, terms: _Terms) -> Run:
    with clock("score"):
        scored = terms.scored or score(campaign, campaign.rules)
    with clock("compile"):
        contracts = _contracts(campaign, scored, options)
        competing = _competing(contracts, options)
        rows = contracts.rows[competing]
        market = compile_market(campaign, contracts, rows)
    with clock("solve"):
        known = cache(partial(indications, campaign, contracts))
        facts = facts_of(campaign, contracts, competing, known)
        keeping = _kept(campaign, contracts, competing, options, market, facts, terms)
        assignment = keeping.assignment if keeping else assign(market, facts, options)
    main, improved = (granted_contracts(rows, matching) for matching in (assignment.before, assignment.after))
    with clock("extend"):
        added, extension = _extend(campaign, contracts, improved, options, known)
    main_claims, added_claims = Least.of(assignment.before), Least.of(extension)
    searches = (assignment.before, assignment.after, extension)
    stopped = any(each.stop == "time_limit" for each in searches if each is not None)
    with clock("decode"):
        mutations = _mutations(market, facts, assignment, options, contracts)
        final = improved if options.improvement != "none" else None
        tables = read_outcome(campaign, scored, contracts, main, final, added, mutations)
        _require_pins(campaign, tables.outcomes)
    with clock("replay"):
        alike = keeping is None or _in_turns(campaign, options)  # the mechanism itself was run as it always is
        replays = _replayed(market, facts, options) if terms.replay and alike and not stopped else {}
    with clock("verify"):
        result = Result(
            tables.outcomes,
            tables.cutoffs,
            options.extension,
            replays,
            matching_digest(assignment.before),
            options.improvement,
            options.placement,
            options.link_points,
            main_claims,
            added_claims,
            stopped,
            options.mechanism,
            tables.departments,
            seats_kept=keeping is not None,
        )
        verdict = verify(campaign, scored, result, contracts)
    tables = withhold(campaign, tables, verdict)
    matching = replace(assignment.after, stop="time_limit") if stopped else assignment.after
    summary = summarise(campaign, scored, tables, matching, main_claims)
    least = (main_claims, added_claims)
    compared = _compared(terms.previous, campaign, tables, scored.criteria)
    if keeping is not None and compared is not None:
        summary["least_change"] = {"moved": keeping.moved, "bound": keeping.bound}
        compared = with_reasons(compared, keeping.why)
    return Run(
        campaign, scored, options, tables, verdict, summary, clock.seconds, matching, least=least, compared=compared
    )


def _kept(
    campaign: Campaign,
    contracts: Contracts,
    competing: Ints,
    options: Options,
    market: Market,
    facts: Facts,
    terms: _Terms,
) -> LeastChange | None:
    """What keeps most of a previous run, where that is asked for."""
    if terms.previous is None or not terms.least_change:
        return None
    arrays = (campaign, contracts, competing, terms.previous, options)
    if _in_turns(campaign, options):
        return keep_by_turns(*arrays, market, facts)
    return keep(*arrays)


def _compared(
    previous: Previous | None, campaign: Campaign, tables: Outcome | Adjusted, criteria: pl.DataFrame
) -> pl.DataFrame | None:
    if previous is None:
        return None
    needs = {"needs": tables.needs} if isinstance(tables, Adjusted) else {}
    return changes_of(previous, campaign, Now(tables.outcomes, tables.wishes, criteria, **needs))


def _require_same_rules(previous: Previous | None, campaign: Campaign, options: Options, least_change: bool) -> None:
    """Raises InputRefused where the previous run was made under other rules, or cannot be kept."""
    claim_free = options.mechanism == "stable" and options.improvement == "none"
    if least_change and (previous is None or not (claim_free or _in_turns(campaign, options))):
        problem = "needs a previous run, the mechanism `stable`, and no improvement after it (or requests in turns)"
        problem += f"; here they are {options.mechanism} and {options.improvement}." if previous else "."
        raise InputRefused(defects(LEAST, "previous run", column="least_change", problem=problem))
    if previous is None:
        return
    made_under = {name: value for name, value in options.model_dump().items() if name in previous.options}
    wrong = not_of_the_same_rules(previous, campaign, made_under)
    if wrong.height:
        raise InputRefused(wrong)


def _require_pins(campaign: Campaign, outcomes: pl.DataFrame) -> None:
    """Raises InputRefused with every pin that the campaign has no seat for."""
    wrong = pins_not_met(campaign, outcomes)
    if wrong.height:
        raise InputRefused(wrong)


def _replayed(market: Market, facts: Facts, options: Options) -> dict[Sentence, str]:
    """Digests of what the mechanism gives when it is run in another way."""
    backwards = np.arange(market.num_candidates, dtype=np.int64)[::-1].copy()
    again = mechanism_again(market, facts, options, backwards)
    return {sentence("way_reversed"): matching_digest(again)}


def campaign_options(campaign: Campaign, overrides: Mapping[str, Any] = MappingProxyType({})) -> Options:
    """Options in force: the rulebook's, then the campaign's, then `overrides`. Raises InputRefused for what is not
    one."""
    options, wrong = _options(campaign, overrides)
    if options is None or wrong.height:
        overlay = campaign.overlay
        raise InputRefused(
            _named(wrong, f"variant {overlay.name}", overlay.content.get("options", {})) if overlay else wrong
        )
    return options


def campaign_under(
    campaign: Campaign, variant: Variant | Path | str, overrides: Mapping[str, Any] = MappingProxyType({})
) -> Campaign:
    """The campaign under a variant, its options looked at as well (`engine.variants.vary`).

    Raises
    ------
    InputRefused
        With every defect of the variant and of the options under it.
    """
    laid = lay(campaign, variant)
    _, wrong = _options(laid.campaign, overrides)
    found = pl.concat([laid.found, _named(wrong, laid.table, laid.options)])
    if found.height:
        raise InputRefused(found)
    return laid.campaign


def _options(campaign: Campaign, overrides: Mapping[str, Any]) -> tuple[Options | None, pl.DataFrame]:
    """The options in force, None where some are none, and what is wrong with them."""
    try:
        options = resolve_options(campaign.rules.options, campaign.settings.options, overrides)
    except ValidationError as error:
        return None, invalid_values(error, Options, "campaign.toml", C0, "options.")
    wrong = _unavailable(campaign, options)
    return options, wrong if wrong.height else phase_defects(campaign, options)


def _named(wrong: pl.DataFrame, table: str, names: Iterable[str]) -> pl.DataFrame:
    """The defects of options, those of some names as defects of another table: who set them."""
    own = pl.col("column").is_in([f"options.{name}" for name in names])
    return wrong.with_columns(table=pl.when(own).then(pl.lit(table)).otherwise("table"))


def _mutations(
    market: Market, facts: Facts, assignment: Assignment, options: Options, contracts: Contracts
) -> Mutations | None:
    """Who moved last in the first of the two phases, where the movement has two."""
    if facts.phases is None:
        return None
    people = replace(assignment.before, contract=np.where(facts.closing, -1, assignment.before.contract))
    return mutations_of(market, people, facts.phases, options, contracts.rows.height)


def _unavailable(campaign: Campaign, options: Options) -> pl.DataFrame:
    """What of the options no mechanism of the movement does, or not beside each other."""
    adjusts = campaign.settings.movement == ADJUSTMENT
    known = (MECHANISM,) if adjusts else tuple(MECHANISMS)
    found = {}
    if options.mechanism not in known:
        found["mechanism"] = f"is none of {', '.join(known)}."
    elif campaign.links.height and options.mechanism not in SERVE_LINKS and not _in_turns(campaign, options):
        found["mechanism"] = f"does not serve linked candidates, and the table links has {campaign.links.height} rows."
    if options.improvement == "stable" and options.mechanism in GIVEN_UP:
        found["improvement"] = (
            f"keeps an outcome without claims as it is, and `{options.mechanism}` leaves some; zone or full may follow."
        )
    if adjusts:
        meaningless = (name for name in ("improvement", "extension") if getattr(options, name) != "none")
        found |= dict.fromkeys(meaningless, "means nothing at the TZR adjustment.")
    table, value = "campaign.toml", options.model_dump()
    return pl.concat(
        [
            no_defects(),
            *(
                defects(UNAVAILABLE, table, column=f"options.{name}", value=value[name], problem=problem)
                for name, problem in found.items()
            ),
        ]
    )


def _in_turns(campaign: Campaign, options: Options) -> bool:
    """Whether requests are examined in turns within quotas, linked ones together."""
    return options.mechanism == "serial" and campaign.settings.movement == MOVEMENT


def _contracts(campaign: Campaign, scored: Scored, options: Options) -> Contracts:
    added = extension_contracts(campaign, scored)
    added = added.clear() if options.extension == "none" else added
    return contracts_of(campaign, scored, added, options.link_points)


def _competing(contracts: Contracts, options: Options) -> Ints:
    """int64[k]: the rows of all contracts that take part in the mechanism."""
    phase = contracts.rows["phase"]
    return np.flatnonzero(phase != "extension" if options.extension == "residual" else np.ones(len(phase), bool))


def _extend(
    campaign: Campaign,
    contracts: Contracts,
    granted: pl.DataFrame,
    options: Options,
    known: Callable[[], Indications],
) -> tuple[pl.DataFrame, Matching | None]:
    """Contracts granted by the extension that follows the run, to mandatory candidates left over; their matching."""
    if options.extension != "residual":
        return granted.clear(), None
    placed = np.isin(contracts.rows["candidate"].to_numpy(), granted["candidate"].to_numpy())
    left_over = np.flatnonzero((contracts.rows["phase"] == "extension").to_numpy() & ~placed)
    rows = contracts.rows[left_over]
    market = compile_residual(campaign, contracts, rows, granted)
    alone = options.model_copy(update={"mechanism": "stable", "improvement": "none"})
    assignment = assign(market, facts_of(campaign, contracts, left_over, known), alone)
    return granted_contracts(rows, assignment.before), assignment.before


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
