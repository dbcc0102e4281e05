"""P15: decisions outside the barème are kept, and every claim they create is shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.conditions import not_kept
from engine.model.decisions import placed_by_pins, without_decisions
from engine.model.market import Ints
from engine.model.scoring import score
from engine.verify.audit import Audit, Least, audit
from engine.verify.left import Left, claims_left
from engine.verify.lists import MAIN, NOTHING, STAY
from engine.verify.mutations import QUOTAS, examination, open_wishes
from engine.verify.names import contracts_named, holder_of
from engine.verify.seating import Seating, seating
from engine.verify.sentences import Listed, sentence
from engine.verify.texts import either, joined_texts, texts
from engine.verify.verdict import Property, checked, not_applicable, proofs, violations

TITLE = sentence("p15_title")
KINDS = ("pin", "forbid", "exclude")


def p15_decisions(facts: Audit, left: Left) -> Property:
    """Every decision is kept; what it costs others, and its candidate, is counted against the barème alone.

    A claim that a decision creates is one on what the mechanism gave, by the points and wishes that the campaign has
    without its decisions, and that nobody has with them. Where a pin seats somebody whom no wish of his leads
    there, the barème gives the seat to nobody: whoever asked for it claims it. Such claims are allowed; each is named
    with the decisions that may be its cause: those about the claimant, and about whoever would have to make room.

    Parameters
    ----------
    left : claims on what the mechanism gave, with the decisions
    """
    campaign = facts.campaign
    if campaign.decisions.is_empty():
        return not_applicable("P15", TITLE, sentence("no_decisions"))
    wrong = not_kept(campaign, facts.outcomes).join(
        campaign.candidates.select("candidate_id", "discipline"), on="candidate_id"
    )
    broken = [
        violations(wrong.filter(kind=kind), f"broken_{kind}", post="has_post_id", decision="decision_id")
        for kind in KINDS
    ]
    counts = campaign.decisions["kind"].value_counts().sort("kind").iter_rows()
    evidence = sentence(
        "p15_decisions", kinds=Listed(tuple(sentence(f"decisions_{kind}", count=count) for kind, count in counts))
    )
    if facts.before is None:
        return checked("P15", TITLE, (evidence, sentence("p15_untold")), *broken)
    created = _created(facts, left)
    counted = {"claims": created.height, "people": created["candidate_id"].n_unique()}
    told = sentence("p15_created", decisions=campaign.decisions.height, **counted)
    return checked("P15", TITLE, (evidence, told), *broken, proofs=created)


def _created(facts: Audit, left: Left) -> pl.DataFrame:
    """The claims that decisions create, with the decisions behind them: columns of `PROOF`."""
    bare = _by_the_bareme(facts)
    rows, known = _at_their_turns(facts, bare) if facts.in_turns else _by_cutoffs(facts, bare, left)
    kept = pl.DataFrame({"candidate": facts.lists.candidate[known], "rank": facts.lists.rank[known]})
    return allowed(facts.campaign, rows.join(kept, on=["candidate", "rank"], how="anti", maintain_order="left"))


def _by_cutoffs(facts: Audit, bare: Audit, left: Left) -> tuple[pl.DataFrame, Ints]:
    """Claims by the barème alone (discipline, candidate_id, candidate, rank, name, means, others: who would have to
    make room), and the contracts claimed with the decisions, too."""
    now = _seated(facts, bare)
    found = claims_left(bare, now, bare.competing, Least())
    claims = np.unique(np.concatenate([found.alone, *found.joint]).astype(np.int64))
    claims = claims[bare.lists.candidate[claims] < bare.lists.num_people]
    other = contracts_named(bare, holder_of(bare, now.zone_cutoffs[bare.lists.zone[claims]]))["candidate_id"]
    rows = _claimed(bare, claims).with_columns(other.alias("other")).with_columns(others=pl.concat_list("other"))
    means = either(rows["other"].is_null(), texts(rows, "means_free"), texts(rows, "means_room", other="other"))
    return rows.with_columns(means=means), np.concatenate([left.alone, *left.joint]).astype(np.int64)


def _at_their_turns(facts: Audit, bare: Audit) -> tuple[pl.DataFrame, Ints]:
    """The same of requests examined in turns, with the turns of the barème; the others are those whom a pin takes to
    the same département or out of the same one."""
    assert facts.before is not None
    found, known = (
        pl.concat([open_wishes(audit, now, linked=linked)[1] for linked in (False, True)]).sort("contract")
        for audit, now in ((bare, _seated(facts, bare)), (facts, facts.before))
    )
    rows = _claimed(bare, found["contract"].to_numpy()).hstack(found)
    rows = rows.with_columns(means=texts(rows, "means_open", **QUOTAS))
    rows = rows.join(_pins_behind(facts, rows), on="contract", how="left", maintain_order="left")
    return rows, known["contract"].to_numpy()


def _pins_behind(facts: Audit, rows: pl.DataFrame) -> pl.DataFrame:
    """contract, others: of each claim whom a pin takes where it leads, or away from where its candidate is.

    Parameters
    ----------
    rows : contract, goal, home
    """
    assert facts.before is not None
    pinned = placed_by_pins(facts.contracts.wishes)["candidate"].to_numpy()
    moved = facts.before.contract[pinned]
    moved = moved[(moved >= 0) & (np.append(facts.lists.phase, STAY)[moved] == MAIN)]
    ways = examination(facts, facts.before)
    takes = pl.DataFrame({"goal": ways.goal(moved), "home": ways.origin(moved)})
    takes = takes.with_columns(contracts_named(facts, moved)["candidate_id"].alias("other"))
    behind = [
        rows.select("contract", end).join(takes.filter(pl.col(end) >= 0), on=end).select("contract", "other")
        for end in ("goal", "home")
    ]
    named = pl.concat(behind).unique().sort("contract", "other")
    return named.group_by("contract", maintain_order=True).agg(others="other")


def _claimed(bare: Audit, claims: Ints) -> pl.DataFrame:
    return contracts_named(bare, claims).with_columns(
        candidate=pl.Series(bare.lists.candidate[claims]), rank=pl.Series(bare.lists.rank[claims])
    )


def _by_the_bareme(facts: Audit) -> Audit:
    """The same result under the campaign without decisions; who is excluded keeps what he holds."""
    campaign = without_decisions(facts.campaign)
    named = ("candidate_id", "status", "rank", "kind", "code", "place_id", "post_id", "phase", "reason")
    before = [name for name in ("before_rank", "before_post_id") if name in facts.outcomes.columns]
    scored = score(campaign, campaign.rules)
    taking_part = scored.requests.filter("admissible")["candidate_id"]
    out = (pl.col("status") == "excluded") & pl.col("candidate_id").is_in(taking_part.implode())
    holds = pl.when(pl.col("post_id").is_not_null()).then(pl.lit("kept")).otherwise(pl.lit("unassigned"))
    seats = {"before_post_id": pl.when(out).then("post_id").otherwise("before_post_id")} if before else {}
    outcomes = facts.outcomes.select(*named, *before).with_columns(
        status=pl.when(out).then(holds).otherwise("status"), **seats
    )
    return audit(campaign, scored, replace(facts.result, outcomes=outcomes))


def _seated(facts: Audit, bare: Audit) -> Seating:
    """What the mechanism gave, by the contracts of the barème: who sits beside all of them holds nothing by it."""
    assert facts.before is not None
    assert bare.before is not None  # the tables say what was before, or there is no improvement
    n = bare.lists.num_people
    contract, post = bare.before.contract[:n], bare.before.post[:n]
    closing = bare.posts["closing"].to_numpy()
    return seating(bare.lists, bare.seats, closing, contract, np.where(contract >= 0, post, NOTHING))


def allowed(campaign: Campaign, rows: pl.DataFrame) -> pl.DataFrame:
    """Claims in words, with the decisions about the claimant and about the others: columns of `PROOF`.

    Parameters
    ----------
    rows : discipline, candidate_id, name (of what is claimed), means (why, a text), others (candidates, a list or null)
    """
    decisions = campaign.decisions
    named = {name: name for name in ("decision_id", "authority", "date", "reason")}
    said = decisions.select("candidate_id", decision=texts(decisions, "decision", **named))
    rows = rows.with_row_index("#")
    about = rows.select("#", about=pl.concat_list("candidate_id", pl.col("others").fill_null([]))).explode("about")
    about = about.drop_nulls().unique(maintain_order=True)
    causes = about.join(said, left_on="about", right_on="candidate_id", maintain_order="left_right")
    causes = causes.group_by("#", maintain_order=True).agg(cause=joined_texts("decision", "decision_joint"))
    rows = rows.join(causes, on="#", how="left", maintain_order="left")
    chain = texts(rows, "by_a_chain", every=Listed(tuple(decisions["decision_id"])))
    rows = rows.with_columns(behind=either(rows["cause"].is_null(), chain, rows["cause"]))
    return proofs(rows, texts(rows, "claim_allowed", contract="name", means="means", behind="behind"))
