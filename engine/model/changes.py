"""What differs between a run and the one before it, candidate by candidate, and why.

The input of a candidate is told from the tables of both runs: the points of his wishes, the wishes themselves, whether
they and his request are admitted (late, cancelled, confirmed), and the decisions about him. Who has another outcome and
the same input has it by chain: seats, or the input of others, differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import polars as pl

from engine.model.campaign import Campaign
from engine.model.defects import Rule, defects, no_defects
from engine.model.points import format_points
from engine.model.results import empty_result

R5 = Rule("R5", "A previous run is one of the same campaign under the same rules, draws and options; it is whole.")

CHAIN = "chain"
CAUSES = ("entered", "left", "request", "wishes", "points", "admission", "decision")
"""In the order they are told."""


def _points_shown(name: str, absent: str) -> pl.Expr:
    """Points as text, a word where there are none."""
    return pl.col(name).map_elements(format_points, return_dtype=pl.String).fill_null(absent)


SHOWN_POINTS = tuple(_points_shown(name, "none") for name in ("old_points", "points"))
"""Points before and now as text; "none" where no points are compared."""

NO_RULE = frozenset({"time_limit_s"})
WISH = ("kind", "code", "school_type")


@dataclass(frozen=True, eq=False)
class Previous:
    """A run made before.

    Attributes
    ----------
    settings, options : of its campaign, by name
    rule_values : (block, name) of each rule value, with its text
    decisions : the rows of the table decisions it was made with
    outcomes, wishes, criteria, needs : its tables, points in thousandths; needs are those of a TZR adjustment
    """

    settings: Mapping[str, Any]
    options: Mapping[str, Any]
    rule_values: Mapping[tuple[str, str], str]
    decisions: Sequence[Mapping[str, Any]]
    outcomes: pl.DataFrame
    wishes: pl.DataFrame
    criteria: pl.DataFrame = field(default_factory=partial(empty_result, "criteria"))
    needs: pl.DataFrame = field(default_factory=partial(empty_result, "needs"))


def not_of_the_same_rules(previous: Previous, campaign: Campaign, options: Mapping[str, Any]) -> pl.DataFrame:
    """A defect for everything by which the rules of the previous run differ from those of this one."""
    now = campaign.settings.model_dump(by_alias=True)
    names = ("id", "movement", "rulebook", "session", "seed")
    pairs = {name: (previous.settings.get(name), now[name]) for name in names}
    pairs |= {f"options.{k}": (previous.options.get(k), v) for k, v in options.items() if k not in NO_RULE}
    values = {(value.block, value.name): value.text for value in campaign.rules.values_used}
    known = sorted(values.keys() & previous.rule_values.keys())
    pairs |= {f"{block}.{name}": (previous.rule_values[block, name], values[block, name]) for block, name in known}
    wrong = [
        defects(R5, "previous run", column=name, value=str(before), problem=f"was its value, and this run has {after}.")
        for name, (before, after) in pairs.items()
        if before != after
    ]
    withheld = previous.outcomes.filter(pl.col("status") == "withheld").height
    if withheld:
        problem = f"withholds the result of {withheld} candidates: a check of it failed."
        wrong.append(defects(R5, "previous run", column="status", value="withheld", problem=problem))
    return pl.concat([no_defects(), *wrong])


@dataclass(frozen=True, eq=False)
class Now:
    """The tables of a run that are compared; needs are those of a TZR adjustment, else without rows."""

    outcomes: pl.DataFrame
    wishes: pl.DataFrame
    criteria: pl.DataFrame
    needs: pl.DataFrame = field(default_factory=partial(empty_result, "needs"))


def changes_of(previous: Previous, campaign: Campaign, now: Now) -> pl.DataFrame:
    """One row per candidate whose outcome or input differs from that of the previous run.

    A detail is a code with its words, parts with ``;`` between (`engine.model.differences` says them).

    Returns
    -------
    polars.DataFrame with the columns of `engine.model.results.Changes`, sorted by candidate_id
    """
    columns = ("candidate_id", "status", "rank", "place_id", "post_id", "reason")
    before = previous.outcomes.select(columns).rename({name: f"previous_{name}" for name in columns[1:]})
    both = before.join(now.outcomes.select(columns), on="candidate_id", how="full", coalesce=True)
    services = _services(previous.needs, now.needs)
    unlike = [pl.col(name).ne_missing(pl.col(f"previous_{name}")) for name in ("status", "rank", "post_id")]
    moved = pl.col("candidate_id").is_in(services["candidate_id"].implode())
    rows = both.with_columns(changed=pl.any_horizontal(*unlike, moved))
    requests = _requests(rows)
    causes = pl.concat(
        [
            _presence(rows),
            requests,
            _wishes(previous, now, requests.select("candidate_id")),
            _decisions(previous.decisions, campaign.decisions),
        ]
    )
    order = pl.col("cause").replace_strict({name: k for k, name in enumerate(CAUSES)}, return_dtype=pl.Int64)
    groups = causes.sort("candidate_id", order, "detail").group_by("candidate_id", maintain_order=True)
    details = pl.col("detail").filter(pl.col("detail") != "").str.join("; ")
    named = groups.agg(pl.col("cause").unique(maintain_order=True).str.join(" "), details)
    rows = rows.join(named, on="candidate_id", how="left").filter(pl.col("changed") | pl.col("cause").is_not_null())
    rows = rows.with_columns(pl.col("cause").fill_null(CHAIN), pl.col("detail").fill_null(""))
    rows = with_reasons(rows, services)
    by_chain = rows.filter(pl.col("changed") & (pl.col("cause") == CHAIN))
    rows = with_reasons(rows, _cutoffs(previous.wishes, now.wishes, by_chain))
    return rows.select(empty_result("changes").columns).sort("candidate_id")


def with_reasons(changes: pl.DataFrame, why: pl.DataFrame) -> pl.DataFrame:
    """Changes with why who changed could not be kept (candidate_id, detail), behind what is told already."""
    rows = changes.join(why.rename({"detail": "why"}), on="candidate_id", how="left", maintain_order="left")
    told = pl.concat_str(pl.when(pl.col("detail") != "").then("detail"), "why", separator="; ", ignore_nulls=True)
    return rows.with_columns(detail=pl.when("changed").then(told).otherwise("detail")).drop("why")


def _caused(rows: pl.DataFrame, cause: str, detail: pl.Expr | str = "") -> pl.DataFrame:
    text = pl.lit(detail) if isinstance(detail, str) else detail
    return rows.select("candidate_id", cause=pl.lit(cause), detail=text)


def _presence(rows: pl.DataFrame) -> pl.DataFrame:
    """Who is in one of the two campaigns only."""
    return pl.concat(
        [
            _caused(rows.filter(pl.col("previous_status").is_null()), "entered"),
            _caused(rows.filter(pl.col("status").is_null()), "left"),
        ]
    )


def _requests(rows: pl.DataFrame) -> pl.DataFrame:
    """Whose request was set aside, or is no longer."""
    there = rows.drop_nulls(["status", "previous_status"])
    unlike = there.filter((pl.col("status") == "excluded") != (pl.col("previous_status") == "excluded"))
    now = pl.when(pl.col("status") == "excluded").then(pl.format("excluded {}", "reason")).otherwise(pl.lit("admitted"))
    return _caused(unlike, "request", now)


def _wishes(previous: Previous, run: Now, requests: pl.DataFrame) -> pl.DataFrame:
    """Whose wishes, their points or their admission differ; of `requests` it is told already that all are set aside."""
    before, now = previous.wishes, run.wishes
    columns = ("candidate_id", "rank", *WISH, "points", "admissible", "reason")
    old = before.select(columns).rename({name: f"old_{name}" for name in columns[2:]})
    both = old.join(now.select(columns), on=["candidate_id", "rank"], how="full", coalesce=True)
    there = both.join(before.select("candidate_id").unique(), on="candidate_id", how="semi")
    there = there.join(now.select("candidate_id").unique(), on="candidate_id", how="semi")
    other = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"old_{name}")) for name in WISH)
    same, admitted = there.filter(~other), pl.col("admissible").ne_missing(pl.col("old_admissible"))
    admission = same.filter(admitted).join(requests, on="candidate_id", how="anti", maintain_order="left")
    points = same.filter(pl.col("points").ne_missing(pl.col("old_points")))
    rank = pl.col("rank")
    opened = pl.format("open {}", rank), pl.format("closed {} {}", rank, "reason")
    return pl.concat(
        [
            _caused(there.filter(other), "wishes", pl.format("wishes {}", rank)),
            _caused(points, "points", pl.format("points {} {} {}", rank, *SHOWN_POINTS)),
            _criteria(points, previous.criteria, run.criteria),
            _caused(admission, "admission", pl.when("admissible").then(opened[0]).otherwise(opened[1])),
        ]
    )


def _criteria(wishes: pl.DataFrame, before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """The criteria by which the points of these wishes differ."""
    key = ["candidate_id", "rank", "criterion"]
    old, new = (table.join(wishes, on=key[:2], how="semi").select(*key, "points") for table in (before, now))
    both = old.rename({"points": "old_points"}).join(new, on=key, how="full", coalesce=True)
    both = both.with_columns(pl.col("old_points", "points").fill_null(0))
    unlike = both.filter(pl.col("points") != pl.col("old_points")).sort(key)
    return _caused(unlike, "points", pl.format("criterion {} {} {} {}", "rank", "criterion", *SHOWN_POINTS))


def _cutoffs(before: pl.DataFrame, now: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """candidate_id, detail: the wishes that people obtain now or obtained before, with their cutoffs then and now."""
    columns = ("candidate_id", "rank", "result", "cutoff_points")
    old = before.select(columns).rename({name: f"old_{name}" for name in columns[2:]})
    both = old.join(now.select(columns), on=["candidate_id", "rank"]).join(people, on="candidate_id", how="semi")
    unlike = both.filter((pl.col("result") == "obtained") != (pl.col("old_result") == "obtained"))
    shown = (_points_shown(name, "nocutoff") for name in ("old_cutoff_points", "cutoff_points"))
    rows = unlike.sort("candidate_id", "rank").select(
        "candidate_id", detail=pl.format("cutoff {} {} {}", "rank", *shown)
    )
    return rows.group_by("candidate_id", maintain_order=True).agg(pl.col("detail").str.join("; "))


def _services(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """candidate_id, detail: whose service at the TZR adjustment is another."""
    old, new = (
        table.drop_nulls("candidate_id").sort("need_id").group_by("candidate_id").agg(pl.col("need_id").str.join("+"))
        for table in (before, now)
    )
    both = old.rename({"need_id": "old"}).join(new, on="candidate_id", how="full", coalesce=True)
    unlike = both.filter(pl.col("need_id").ne_missing(pl.col("old"))).sort("candidate_id")
    named = (pl.col(name).fill_null("none") for name in ("old", "need_id"))
    return unlike.select("candidate_id", detail=pl.format("service {} {}", *named))


def _decisions(before: Sequence[Mapping[str, Any]], now: pl.DataFrame) -> pl.DataFrame:
    """Whom a decision is about that only one of the runs has, or has otherwise."""
    old = {(row["candidate_id"], row["decision_id"], *told(row)) for row in before}
    new = {(row["candidate_id"], row["decision_id"], *told(row)) for row in now.iter_rows(named=True)}
    unlike = sorted({(who, name) for who, name, *_ in old ^ new})
    return pl.DataFrame(
        [{"candidate_id": who, "cause": "decision", "detail": f"decision {name}"} for who, name in unlike],
        schema={"candidate_id": pl.String, "cause": pl.String, "detail": pl.String},
    )


def told(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What a decision says, for comparison."""
    return tuple(str(row[name]) for name in ("kind", "rank", "place_id", "post_id"))
