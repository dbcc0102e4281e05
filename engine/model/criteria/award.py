"""What one criterion says: an amount per candidate, the wishes it covers, and why it may be refused.

Every criterion of the barème has this shape, so the long part, going over all wishes, is written once
(`engine.model.scoring`) and a criterion is a handful of column expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

from engine.model.rulebook import SessionRules
from engine.model.rulevalues import Step

NO_REASON = pl.lit(None, pl.String)
NO_LIMIT = pl.lit(None, pl.Int64)


@dataclass(frozen=True)
class Award:
    """One criterion in one session, as column expressions.

    Attributes
    ----------
    amount : Int64 thousandths per candidate, as if nothing stood against it
    covers : Boolean per wish, the wishes the amount is for; None: every wish
    on_wish : Int64 thousandths per wish, for a criterion whose points depend on the wish; `amount` is then the most it
        may give, and where it is 0 or refused the wish has nothing. None: the amount itself
    keys : values of the block the amount comes from, for its source
    refusal : String per candidate, the code of the reason why the criterion is refused, else null
    excluded : String per candidate, the code of the reason why something else takes its place in the whole request,
        else null; it may look at ``NAME:gives`` of other criteria (`gives`), and no correction of points lifts it
    most : Int64 thousandths per candidate, the maximum the text sets, null for none; corrected points are held to it
    shown : Boolean per wish, where a refusal is shown; None: on the wishes covered
    gives_way_to : criterion that takes the place of this one on the wishes where it gives points
    """

    amount: pl.Expr
    covers: pl.Expr | None = None
    on_wish: pl.Expr | None = None
    keys: tuple[str, ...] = ("points",)
    refusal: pl.Expr = NO_REASON
    excluded: pl.Expr = NO_REASON
    most: pl.Expr = NO_LIMIT
    shown: pl.Expr | None = None
    gives_way_to: str | None = None


Criterion = Callable[[SessionRules], Award]


def points_where(condition: pl.Expr, thousandths: int) -> pl.Expr:
    """A fixed amount where the condition holds, else 0."""
    return pl.when(condition).then(pl.lit(thousandths, pl.Int64)).otherwise(0)


def highest_step(steps: Iterable[Step], *, echelon: pl.Expr | None = None, years: pl.Expr | None = None) -> pl.Expr:
    """The most points among the steps reached; 0 where none is."""
    amount = pl.lit(0, pl.Int64)
    for step in steps:
        reached = pl.lit(True)
        if echelon is not None:
            reached &= echelon >= step.echelon
        if years is not None:
            reached &= years >= step.years
        amount = pl.max_horizontal(amount, points_where(reached, step.points))
    return amount


def item_of(series: tuple[int, ...], position: pl.Expr) -> pl.Expr:
    """The n-th number of a series for position n from 1, the last one for all beyond, 0 for position 0."""
    amount = pl.lit(0, pl.Int64)
    for n, thousandths in enumerate(series, start=1):
        amount = pl.when(position >= n).then(pl.lit(thousandths, pl.Int64)).otherwise(amount)
    return amount


def asks_for(column: str) -> pl.Expr:
    """Boolean per wish: it is for the académie named in a column of the candidate."""
    return pl.col("academy") == pl.col(column)


def first_reason(*reasons: tuple[pl.Expr, str]) -> pl.Expr:
    """Code of the first condition that holds, else null."""
    return pl.coalesce([NO_REASON, *(pl.when(condition).then(pl.lit(code)) for condition, code in reasons)])


def evidence_missing(criterion: str) -> pl.Expr:
    """Boolean per candidate: the evidence for a criterion was not supplied."""
    return pl.col("evidence").list.contains(criterion).fill_null(False)


def excluded_by(criterion: str) -> str:
    """Code of the reason that another criterion takes the place of one."""
    return f"excluded_by_{criterion}"


def gives(rules: SessionRules, criterion: str) -> pl.Expr:
    """Boolean per candidate, for `Award.excluded`: another criterion gives him points, so it is in force."""
    return pl.col(f"{criterion}:gives") if criterion in rules.criteria else pl.lit(False)


IS_FIRST = pl.col("rank") == 1
IS_TRAINEE = pl.col("category").str.starts_with("stagiaire").fill_null(False)
IS_NEW_TRAINEE = (pl.col("category") == "stagiaire").fill_null(False)
