"""The verdict (*procès-verbal de contrôle*): each property with its status, its evidence and what breaks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import polars as pl

from engine.model.words import Language
from engine.verify.sentences import SENTENCE, Sentence, Told, in_words, sentence
from engine.verify.texts import texts

Status = Literal["holds", "fails", "unproven", "given_up", "not_applicable"]

SENTENCES = dict.fromkeys(SENTENCE.values(), pl.String)
VIOLATION = {"component": pl.String, "candidate_id": pl.String, "post_id": pl.String, **SENTENCES}
PROOF = {"component": pl.String, "candidate_id": pl.String, **SENTENCES}
WHOLE = pl.DataFrame({"component": [None]}, schema={"component": pl.String})
"""One row: of a violation that touches the whole result."""
SHOWN = 20  # violations and proofs of a property written into verdict.json; all are counted


@dataclass(frozen=True, eq=False)
class Property:
    """One checked property.

    Attributes
    ----------
    name, title : P1.. and the property in words
    status : holds, fails, unproven (nothing speaks against it, and the proof is missing), given_up (it does not hold,
        and the mechanism does not promise it), or not_applicable
    evidence : what was looked at and found, or why the property does not apply
    violations : columns of `VIOLATION`; component is the discipline touched (null = the whole result)
    proofs : columns of `PROOF`: the first of what looks like a violation, and why it is none; of what is given up, the
        first cases
    promised : whether the mechanism promises it
    counts : what was counted, by name: the claims of P3
    """

    name: str
    title: Sentence
    status: Status
    evidence: tuple[Sentence, ...]
    violations: pl.DataFrame
    proofs: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PROOF))
    promised: bool = True
    counts: Mapping[str, int] = field(default_factory=dict)

    def evidence_in(self, language: Language) -> str:
        """The evidence as a text."""
        return in_words(self.evidence, language)

    def counting(self, **counts: int) -> Property:
        """The same with what was counted, whether it breaks the property or not."""
        return replace(self, counts=counts)

    def unproven(self) -> Property:
        """The same, the proof missing."""
        return replace(self, status="unproven")

    def given_up(self, mechanism: str) -> Property:
        """The same, its violations counted and some shown, as the mechanism does not promise it."""
        touched = self.violations["candidate_id"].drop_nulls().n_unique()
        counted = sentence("given_up", mechanism=mechanism, cases=self.violations.height, touched=touched)
        shown = self.violations.select(PROOF.keys()).head(SHOWN)
        return replace(
            self,
            status="given_up",
            evidence=(*self.evidence, counted),
            violations=self.violations.clear(),
            proofs=shown,
        )


@dataclass(frozen=True, eq=False)
class Verdict:
    properties: tuple[Property, ...]

    @property
    def holds(self) -> bool:
        return all(item.status != "fails" for item in self.properties)

    @property
    def failed(self) -> tuple[Property, ...]:
        return tuple(item for item in self.properties if item.status == "fails")

    def __getitem__(self, name: str) -> Property:
        return next(item for item in self.properties if item.name == name)

    def withheld_components(self) -> pl.DataFrame:
        """The disciplines a failed property touches: columns component (null = all), properties (names, blank
        between)."""
        touched = [item.violations.select("component").with_columns(name=pl.lit(item.name)) for item in self.failed]
        if not touched:
            return pl.DataFrame(schema={"component": pl.String, "properties": pl.String})
        named = pl.concat(touched).unique().sort("component", "name")
        return named.group_by("component", maintain_order=True).agg(properties=pl.col("name").str.join(" "))

    def to_dict(self) -> dict[str, Any]:
        """The verdict as plain values, for verdict.json: what is said in English, and in French beside it."""
        return {"holds": self.holds, "properties": [_plain(item) for item in self.properties]}


def _plain(item: Property) -> dict[str, Any]:
    return {
        "name": item.name,
        "title": item.title.told_in("en"),
        "title_fr": item.title.told_in("fr"),
        "status": item.status,
        "promised": item.promised,
        "evidence": item.evidence_in("en"),
        "evidence_fr": item.evidence_in("fr"),
        "num_violations": item.violations.height,
        "violations": item.violations.head(SHOWN).to_dicts(),
        "proofs": item.proofs.to_dicts(),
        "counts": dict(item.counts),
    }


def checked(
    name: str,
    title: Sentence,
    evidence: Sequence[Sentence],
    *violations: pl.DataFrame,
    proofs: pl.DataFrame | None = None,
) -> Property:
    """A property that was checked: it holds where nothing violates it."""
    found = pl.concat([no_violations(), *violations]).unique(maintain_order=True)
    shown = pl.DataFrame(schema=PROOF) if proofs is None else proofs
    return Property(name, title, "fails" if found.height else "holds", tuple(evidence), found, shown)


def joined(one: Property, other: Property) -> Property:
    """One property checked in two ways."""
    found = pl.concat([one.violations, other.violations])
    evidence = (*one.evidence, *other.evidence)
    return replace(one, status="fails" if found.height else "holds", evidence=evidence, violations=found)


def not_applicable(name: str, title: Sentence, *why: Sentence) -> Property:
    return Property(name, title, "not_applicable", why, no_violations())


def no_violations() -> pl.DataFrame:
    return pl.DataFrame(schema=VIOLATION)


def violations(rows: pl.DataFrame, key: str, **values: str | pl.Expr | Told) -> pl.DataFrame:
    """One violation per row, in the phrase under a key; its values as for `engine.verify.texts.texts`.

    `rows` carries discipline where it is known, and candidate_id and post_id where the violation speaks of them.
    """
    return no_violations() if rows.is_empty() else _said(rows, texts(rows, key, **values))


def proofs(rows: pl.DataFrame, said: pl.Series) -> pl.DataFrame:
    """One proof per row, with its text in both languages: columns of `PROOF`."""
    return _said(rows, said).select(PROOF.keys())


def _said(rows: pl.DataFrame, said: pl.Series) -> pl.DataFrame:
    named = {"component": "discipline", "candidate_id": "candidate_id", "post_id": "post_id"}
    known = {name: pl.col(of) if of in rows.columns else pl.lit(None, pl.String) for name, of in named.items()}
    return rows.with_columns(**known).select(
        *named, *(said.struct.field(language).alias(column) for language, column in SENTENCE.items())
    )
