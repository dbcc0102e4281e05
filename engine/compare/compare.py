"""Runs side by side, the first the one that all others are compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import polars as pl

from engine.compare.alike import require_alike
from engine.compare.areas import level_of
from engine.compare.changes import CHANGES, changes_between
from engine.compare.cutoffs import cutoffs_beside, cutoffs_of
from engine.compare.differences import Difference, Remark, differences, remarks
from engine.compare.experience import experience_by_area
from engine.compare.fates import fates_of
from engine.compare.figures import Figure, figures_of
from engine.compare.groups import satisfaction
from engine.compare.side import Side

PEOPLE = (
    *("candidate_id", "discipline", "category", "family", "holder", "mandatory", "linked", "age", "experience_months"),
    *("origin", "arrival", "status", "rank", "place_id", "post_id", "fate"),
)


@dataclass(frozen=True, eq=False)
class Comparison:
    """What a comparison found.

    Attributes
    ----------
    sides : the runs; all others are compared with the first
    level : academy or department: what areas are
    figures : of each run, by its name
    satisfaction : variant, and the columns of `engine.compare.groups.satisfaction`
    people : variant, and the columns of `PEOPLE`: one row per run and candidate
    changes : first, second, and the columns of `engine.compare.changes.changes_between`: one row per pair of runs and
        candidate who has not the same in both
    pairs : first, second, change, candidates: how many of each change, "same" among them
    cutoffs, experience : variant, and the columns of `engine.compare.cutoffs` and `engine.compare.experience`
    differences : what the runs were told differently
    remarks : what a reader must know
    """

    sides: tuple[Side, ...]
    level: str
    figures: Mapping[str, Mapping[str, Figure]]
    satisfaction: pl.DataFrame
    people: pl.DataFrame
    changes: pl.DataFrame
    pairs: pl.DataFrame
    cutoffs: pl.DataFrame
    experience: pl.DataFrame
    differences: tuple[Difference, ...]
    remarks: tuple[Remark, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(side.name for side in self.sides)

    @property
    def holds(self) -> bool:
        """Whether the verdict of every run holds."""
        return all(side.holds for side in self.sides)

    @property
    def stopped(self) -> bool:
        """Whether a run reached its time limit."""
        return any(bool(side.told.get("stopped")) for side in self.sides)

    def changes_of(self, first: str, second: str) -> pl.DataFrame:
        """The rows of `changes` of one pair of runs."""
        return self.changes.filter((pl.col("first") == first) & (pl.col("second") == second))


def compare(sides: Sequence[Side]) -> Comparison:
    """Compares runs of one movement.

    Raises
    ------
    InputRefused
        If there are fewer than two, they are of different movements, or one has no candidate of the first.
    """
    require_alike(sides)
    sides = tuple(_renamed(sides))
    level = level_of(sides)
    people = {side.name: fates_of(side, level) for side in sides}
    pairs = {(one, other): changes_between(people[one], people[other]) for one, other in combinations(people, 2)}
    first = cutoffs_of(sides[0])
    return Comparison(
        sides=sides,
        level=level,
        figures={side.name: figures_of(side, people[side.name]) for side in sides},
        satisfaction=_stacked({name: satisfaction(some) for name, some in people.items()}),
        people=_stacked({name: some.select(PEOPLE).sort("candidate_id") for name, some in people.items()}),
        changes=_paired({pair: table.filter(pl.col("change") != "same") for pair, table in pairs.items()}),
        pairs=_paired({pair: _counted(table) for pair, table in pairs.items()}),
        cutoffs=_stacked({side.name: cutoffs_beside(first, cutoffs_of(side)) for side in sides}),
        experience=_stacked({name: experience_by_area(some) for name, some in people.items()}),
        differences=differences(sides),
        remarks=remarks(sides),
    )


def _renamed(sides: Sequence[Side]) -> list[Side]:
    """The runs under names that tell them apart."""
    seen, named = Counter[str](), list[Side]()
    for side in sides:
        seen[side.name] += 1
        named.append(side if seen[side.name] == 1 else replace(side, name=f"{side.name} ({seen[side.name]})"))
    return named


def _counted(table: pl.DataFrame) -> pl.DataFrame:
    """How many candidates of each change, in the order of `CHANGES`."""
    counts = dict(table["change"].value_counts().iter_rows())
    return pl.DataFrame({"change": CHANGES, "candidates": [int(counts.get(change, 0)) for change in CHANGES]})


def _stacked(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([table.select(pl.lit(name).alias("variant"), pl.all()) for name, table in tables.items()])


def _paired(tables: Mapping[tuple[str, str], pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(
        [
            table.select(pl.lit(one).alias("first"), pl.lit(other).alias("second"), pl.all())
            for (one, other), table in tables.items()
        ]
    )
