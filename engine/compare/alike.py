"""Which runs can be compared at all, and whom two of them have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from engine.compare.side import R7, Side
from engine.model.defects import InputRefused, Rule, defects, no_defects

R8 = Rule("R8", "A comparison is of runs of one movement, person by person: each has candidates of the first.")


@dataclass(frozen=True)
class Common:
    """Candidates of two runs by their identifiers.

    Attributes
    ----------
    common : in both
    others : of these, how many are of another discipline in the second: other people, or changed ones
    first_only, second_only : in one of them
    """

    common: int
    others: int
    first_only: int
    second_only: int

    @classmethod
    def of(cls, first: Side, second: Side) -> Common:
        one, other = (side.people.select("candidate_id", "discipline") for side in (first, second))
        both = one.join(other, on="candidate_id")
        others = both.filter(pl.col("discipline").ne_missing(pl.col("discipline_right"))).height
        return cls(both.height, others, one.height - both.height, other.height - both.height)


def require_alike(sides: Sequence[Side]) -> None:
    """Raises InputRefused where runs have nothing to compare, with a sentence for each."""
    if len(sides) < 2:
        hint = "Name a second run folder, or a campaign and a variant of it."
        raise InputRefused(defects(R7, "comparison", problem="is of one run: two at least are expected.", hint=hint))
    found = pl.concat([no_defects(), *_wrong(sides[0], sides[1:])])
    if found.height:
        raise InputRefused(found)


def _wrong(first: Side, others: Sequence[Side]) -> Iterator[pl.DataFrame]:
    """Why each of the others cannot be compared with the first. Variants of one campaign always can: a variant that
    leaves everybody out has nobody."""
    for side in others:
        shared = Common.of(first, side)
        if side.movement != first.movement:
            problem = f"is of the movement {side.movement}, and {first.name} of the movement {first.movement}."
            yield defects(R8, side.name, problem=problem, hint="Compare each with a run of its own movement.")
        elif side.base_digest != first.base_digest and shared.common == shared.others:
            yield defects(R8, side.name, problem=_nobody(first, side, shared), hint=_hint(first, side))


def _nobody(first: Side, side: Side, shared: Common) -> str:
    if not shared.common:
        counts = f"{side.people.height} here, {first.people.height} there"
        return f"has no candidate in common with {first.name} ({counts})."
    return f"has {shared.common} identifiers in common with {first.name}, none of the same discipline: other people."


def _hint(first: Side, side: Side) -> str:
    """What the two were made from, where it differs."""
    told = (
        f"{key} {first.settings.get(key)} and {side.settings.get(key)}"
        for key in ("id", "session", "seed")
        if first.settings.get(key) != side.settings.get(key)
    )
    return f"They are runs of different campaigns: {', '.join(told) or 'other tables'}."
