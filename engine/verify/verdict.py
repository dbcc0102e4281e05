"""The verdict (*procès-verbal de contrôle*): each property with its status, its evidence and what breaks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import polars as pl

Status = Literal["holds", "fails", "unproven", "given_up", "not_applicable"]

VIOLATION = {"component": pl.String, "candidate_id": pl.String, "post_id": pl.String, "sentence": pl.String}
PROOF = {"component": pl.String, "candidate_id": pl.String, "sentence": pl.String}
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
    title: str
    status: Status
    evidence: str
    violations: pl.DataFrame
    proofs: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PROOF))
    promised: bool = True
    counts: Mapping[str, int] = field(default_factory=dict)

    def counting(self, **counts: int) -> Property:
        """The same with what was counted, whether it breaks the property or not."""
        return replace(self, counts=counts)

    def unproven(self) -> Property:
        """The same, the proof missing."""
        return replace(self, status="unproven")

    def given_up(self, mechanism: str) -> Property:
        """The same, its violations counted and some shown, as the mechanism does not promise it."""
        touched = self.violations["candidate_id"].drop_nulls().n_unique()
        counted = f"`{mechanism}` gives this up: {self.violations.height} cases, {touched} candidates concerned."
        shown = self.violations.select(PROOF.keys()).head(SHOWN)
        return replace(
            self,
            status="given_up",
            evidence=f"{self.evidence} {counted}",
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
        """The verdict as plain values, for verdict.json."""
        return {
            "holds": self.holds,
            "properties": [
                {
                    "name": item.name,
                    "title": item.title,
                    "status": item.status,
                    "promised": item.promised,
                    "evidence": item.evidence,
                    "num_violations": item.violations.height,
                    "violations": item.violations.head(SHOWN).to_dicts(),
                    "proofs": item.proofs.to_dicts(),
                    "counts": dict(item.counts),
                }
                for item in self.properties
            ],
        }


def checked(
    name: str, title: str, evidence: str, *violations: pl.DataFrame, proofs: pl.DataFrame | None = None
) -> Property:
    """A property that was checked: it holds where nothing violates it."""
    found = pl.concat([no_violations(), *violations]).unique(maintain_order=True)
    shown = pl.DataFrame(schema=PROOF) if proofs is None else proofs
    return Property(name, title, "fails" if found.height else "holds", evidence, found, shown)


def joined(one: Property, other: Property) -> Property:
    """One property checked in two ways."""
    found = pl.concat([one.violations, other.violations])
    evidence = f"{one.evidence} {other.evidence}"
    return replace(one, status="fails" if found.height else "holds", evidence=evidence, violations=found)


def not_applicable(name: str, title: str, why: str) -> Property:
    return Property(name, title, "not_applicable", why, no_violations())


def no_violations() -> pl.DataFrame:
    return pl.DataFrame(schema=VIOLATION)


def violations(rows: pl.DataFrame, sentence: str, *values: str | pl.Expr) -> pl.DataFrame:
    """One violation per row; `sentence` has a {} for each of `values`, columns or expressions over `rows`.

    `rows` carries discipline where it is known, and candidate_id and post_id where the violation speaks of them.
    """
    if rows.is_empty():
        return no_violations()
    shown = [
        (pl.col(value) if isinstance(value, str) else value).cast(pl.String).fill_null("nothing") for value in values
    ]
    return rows.select(
        component=pl.col("discipline") if "discipline" in rows.columns else pl.lit(None, pl.String),
        candidate_id=pl.col("candidate_id") if "candidate_id" in rows.columns else pl.lit(None, pl.String),
        post_id=pl.col("post_id") if "post_id" in rows.columns else pl.lit(None, pl.String),
        sentence=pl.format(sentence, *shown) if shown else pl.lit(sentence),
    )
