"""The facts every section counts from: each candidate from where, to where, what became of him."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import polars as pl

from engine.report.areas import Areas, areas_of
from engine.report.location import located
from engine.report.parts import Text
from engine.report.words import Words
from engine.runs import AnyRun, Run

FATES = ("wish_1", "wish_2", "wish_3", "extended", "kept", "unassigned", "excluded")
"""What may become of a candidate: first, second, later wish; extension; own post kept; nothing; request set aside."""

OBTAINED = FATES[:3]

GROUPS = {
    "holders": pl.col("holder"),
    "mandatory": pl.col("mandatory"),
    "others": ~pl.col("holder") & ~pl.col("mandatory"),
}
"""Who a candidate is. A holder who must leave his post counts in the first two."""


class Told(Protocol):
    """What the sections on the verdict, the rules and the options need of a run of any movement."""

    @property
    def run(self) -> AnyRun: ...
    @property
    def words(self) -> Words: ...
    @property
    def withheld(self) -> tuple[str, ...]: ...
    @property
    def disciplines(self) -> int: ...


@dataclass(frozen=True, eq=False)
class Facts:
    """A run as the report counts it.

    Attributes
    ----------
    run, words : the run, the language
    areas : what the report counts by
    people : candidate_id, discipline, holder, mandatory, family, rank, fate (of `FATES`), moved, origin and destination
        (areas, null = none), held_post and post_id, kind and code (of the zone granted), before_rank and before_post_id
        (before improvement), reason; candidates whose result is withheld are left out
    where : where each place lies (`engine.report.location.located`)
    withheld : disciplines whose result is withheld, in order
    """

    run: Run
    words: Words
    areas: Areas
    people: pl.DataFrame
    where: pl.DataFrame
    withheld: tuple[str, ...]

    @property
    def has_schools(self) -> bool:
        """Whether posts are in schools: in other movements an académie or a département is a place itself."""
        return bool((self.run.campaign.places["kind"] == "ETB").any())

    @property
    def by_request(self) -> bool:
        """Whether candidates are retained on specific posts: no points, no zones, no family situations there."""
        return self.run.tables.selections is not None

    @property
    def disciplines(self) -> int:
        return int(self.run.campaign.candidates["discipline"].n_unique())

    def nothing(self, key: str) -> Text:
        """What stands in the place of a section with nothing to show."""
        withheld = self.withheld and self.people.is_empty()
        return Text(self.words("empty_withheld" if withheld else key), "empty")


def facts_of(run: Run, words: Words) -> Facts:
    """The facts of a run."""
    areas = areas_of(run.campaign)
    known = run.campaign.candidates.select(
        "candidate_id", "discipline", "held_post", "mandatory", "family", holder=pl.col("held_post").is_not_null()
    )
    rows = known.join(run.outcomes, on="candidate_id", maintain_order="left")
    people = rows.filter(pl.col("status") != "withheld").with_columns(
        fate=_fate(), moved=pl.col("status").is_in(["assigned", "extended"])
    )
    lost = set(rows.filter(pl.col("status") == "withheld")["discipline"])
    placed = _with_area(_with_area(people, areas, "held_post", "origin"), areas, "post_id", "reached").select(
        *("candidate_id", "discipline", "holder", "mandatory", "family", "rank", "fate", "moved", "reason"),
        *("held_post", "post_id", "kind", "code", "before_rank", "before_post_id", "origin"),
        destination=pl.when("moved").then("reached"),
    )
    return Facts(run, words, areas, placed, located(run.campaign), tuple(sorted(lost)))


def _with_area(people: pl.DataFrame, areas: Areas, post: str, name: str) -> pl.DataFrame:
    """The candidates with the area of one of their posts."""
    at = areas.of_post.select(pl.col("post_id").alias(post), pl.col("area").alias(name))
    return people.join(at, on=post, how="left", maintain_order="left")


def _fate() -> pl.Expr:
    own = pl.col("status") == "assigned"
    return (
        pl.when(own & (pl.col("rank") == 1))
        .then(pl.lit("wish_1"))
        .when(own & (pl.col("rank") == 2))
        .then(pl.lit("wish_2"))
        .when(own)
        .then(pl.lit("wish_3"))
        .otherwise("status")
    )


def groups_present(people: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The candidates of each group that has any."""
    groups = {name: people.filter(who) for name, who in GROUPS.items()}
    return {name: group for name, group in groups.items() if group.height}


def fate_counts(people: pl.DataFrame) -> dict[str, int]:
    """How many candidates met each fate, zeros included."""
    counted = dict(people["fate"].value_counts().iter_rows())
    return {fate: int(counted.get(fate, 0)) for fate in FATES}


def obtained(fates: dict[str, int]) -> int:
    """How many obtained a wish of their own."""
    return sum(fates[fate] for fate in OBTAINED)
