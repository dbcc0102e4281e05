"""P15: decisions outside the barème are kept, and every claim they create is shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from engine.model.conditions import not_kept
from engine.model.decisions import without_decisions
from engine.model.scoring import score
from engine.verify.audit import Audit, Least, audit
from engine.verify.left import Left, claims_left
from engine.verify.lists import NOTHING
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
    if facts.result.mechanism != "stable" or facts.before is None:
        return checked("P15", TITLE, (evidence, sentence("p15_stable_only")), *broken)
    created = _created(facts, left)
    counted = {"claims": created.height, "people": created["candidate_id"].n_unique()}
    told = sentence("p15_created", decisions=campaign.decisions.height, **counted)
    return checked("P15", TITLE, (evidence, told), *broken, proofs=created)


def _created(facts: Audit, left: Left) -> pl.DataFrame:
    """The claims that decisions create, with the decisions behind them: columns of `PROOF`."""
    bare = _by_the_bareme(facts)
    now = _seated(facts, bare)
    found = claims_left(bare, now, bare.competing, Least())
    claims = np.unique(np.concatenate([found.alone, *found.joint]).astype(np.int64))
    claims = claims[bare.lists.candidate[claims] < bare.lists.num_people]
    rows = contracts_named(bare, claims).with_columns(
        contracts_named(bare, holder_of(bare, now.zone_cutoffs[bare.lists.zone[claims]]))["candidate_id"].alias(
            "other"
        ),
        candidate=pl.Series(bare.lists.candidate[claims]),
        rank=pl.Series(bare.lists.rank[claims]),
    )
    allowed = np.concatenate([left.alone, *left.joint]).astype(np.int64)
    known = pl.DataFrame({"candidate": facts.lists.candidate[allowed], "rank": facts.lists.rank[allowed]})
    rows = rows.join(known, on=["candidate", "rank"], how="anti", maintain_order="left")
    return _told(facts, rows)


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


def _told(facts: Audit, rows: pl.DataFrame) -> pl.DataFrame:
    """The claims in words."""
    decisions = facts.campaign.decisions
    named = {name: name for name in ("decision_id", "authority", "date", "reason")}
    said = decisions.select("candidate_id", text=texts(decisions, "decision", **named))
    decided = said.group_by("candidate_id").agg(decisions=joined_texts("text", "decision_joint"))
    other = decided.rename({"candidate_id": "other", "decisions": "of_other"})
    rows = rows.join(decided, on="candidate_id", how="left", maintain_order="left")
    rows = rows.join(other, on="other", how="left", maintain_order="left")
    rows = rows.with_columns(
        means=either(rows["other"].is_null(), texts(rows, "means_free"), texts(rows, "means_room", other="other")),
        behind=_behind(rows, Listed(tuple(decisions["decision_id"]))),
    )
    return proofs(rows, texts(rows, "claim_allowed", contract="name", means="means", behind="behind"))


def _behind(rows: pl.DataFrame, every: Listed) -> pl.Series:
    """The decisions about the claimant and about who would make room; where there are none, one of all."""
    both = texts(rows, "decisions_of_both", own="decisions", other="of_other")
    alone, none = rows["of_other"].is_null(), rows["decisions"].is_null()
    of_one = either(alone, either(none, texts(rows, "by_a_chain", every=every), rows["decisions"]), rows["of_other"])
    return either(alone | none, of_one, both)
