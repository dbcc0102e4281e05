"""Which départements, and which académies, touch: by land borders, and what the rulebook adds to them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from engine.model.geography import academies, touching_departments
from engine.model.sessionrules import SessionRules

SEPARATOR = ">"

Pairs = frozenset[tuple[str, str]]


def touching(rules: SessionRules) -> Pairs:
    """Pairs of départements that touch, in both directions: by land, and those the rulebook adds."""
    added = rules.code_lists("limitrophe", "added")
    return _pairs(touching_departments()) | _pairs(added)


def academy_of_departments(session: int) -> dict[str, str]:
    """The académie of each département in a session, by code."""
    return {department: academy.code for academy in academies(session).values() for department in academy.departments}


def touching_academies(rules: SessionRules) -> Pairs:
    """Pairs of académies of which some départements touch, and each with itself."""
    academy = academy_of_departments(rules.session)
    near = {(academy[one], academy[other]) for one, other in touching(rules)}
    return frozenset(near | {(code, code) for code in academy.values()})


def are_among(pairs: Pairs, one: str, other: str) -> pl.Expr:
    """Boolean: the codes in two columns are among the pairs; null where one is absent."""
    listed = sorted(SEPARATOR.join(pair) for pair in pairs)
    return pl.concat_str(one, other, separator=SEPARATOR).is_in(listed)


def _pairs(lists: Mapping[str, tuple[str, ...] | frozenset[str]]) -> Pairs:
    return frozenset((code, other) for code, others in lists.items() for other in others)
