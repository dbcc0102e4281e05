"""Decisions outside the barème: what was decided, by whom, and the claims that this creates."""

from __future__ import annotations

from typing import Any

from engine.report.facts import Told
from engine.report.parts import Block, Column, Section, Table, Text
from engine.verify.sentences import SENTENCE
from engine.verify.verdict import SHOWN


def decisions_section(facts: Told) -> Section | None:
    """Every decision with its reason, and the claims it creates; None where nothing was decided."""
    words, decisions = facts.words, facts.run.campaign.decisions
    if decisions.is_empty():
        return None
    heads = ("decision", "candidate", "what_is_decided", "authority", "decision_date", "decision_reason")
    columns = tuple(Column(words(head), numeric=False) for head in heads)
    rows = tuple(_row(facts, row) for row in decisions.iter_rows(named=True))
    caption = words("caption_decisions", count=decisions.height)
    claims = facts.run.verdict["P15"].proofs
    people = claims["candidate_id"].n_unique()
    lead = Text(words("lead_decisions", count=decisions.height, claims=claims.height, people=people), "lead")
    blocks: list[Block] = [lead, Table(caption, columns, rows, folded=decisions.height > SHOWN)]
    if claims.height:
        blocks.append(_claims(facts))
    return Section("decisions", words("decisions"), tuple(blocks))


def _row(facts: Told, row: dict[str, Any]) -> tuple[str, ...]:
    words = facts.words
    wish = words("decided_wish", rank=row["rank"]) if row["rank"] else ""
    kind = words.named("decided", row["kind"])
    decided = " ".join(filter(None, (kind, wish, row["post_id"] or row["place_id"])))
    return row["decision_id"], row["candidate_id"], decided, row["authority"], str(row["date"]), row["reason"]


def _claims(facts: Told) -> Table:
    words, claims = facts.words, facts.run.verdict["P15"].proofs
    shown = claims.head(SHOWN)
    heads = ("discipline", "candidate", "claim_allowed")
    rows = tuple(
        (row["component"] or "", row["candidate_id"] or "", row[SENTENCE[words.language]])
        for row in shown.iter_rows(named=True)
    )
    caption = words("caption_claims_allowed", shown=shown.height, count=claims.height)
    return Table(caption, tuple(Column(words(head), numeric=False) for head in heads), rows)
