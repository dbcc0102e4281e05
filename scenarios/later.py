"""What comes to requests after they are made: late, changed, cancelled and unconfirmed ones, evidence, corrections of
points, decisions outside the barème. Every share is assumed (``later.toml``); linked candidates are left alone.
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import polars as pl

from engine.model.rulebook import Rulebook
from engine.model.schemas import empty_table
from engine.model.sessionrules import SessionRules
from scenarios.draws import Flags, Streams

Tables = dict[str, pl.DataFrame]
DAYS = {"made": -3, "withdrawn": -2, "late": 10}
"""Days from the closing of the server."""

SENIORITY = "anciennete_poste"
AUTHORITY = {"authority": "synthetic authority", "reason": "synthetic"}


def with_later(tables: Tables, rulebook: str, session: int, seed: int, scale: float) -> Tables:
    """The tables of a campaign with what came later.

    Parameters
    ----------
    rulebook, session : whose calendar and grounds are used; where the closing was not read, the first of December
        stands for it
    """
    streams, rules = Streams(seed), Rulebook.load(rulebook).at(session)
    people = _alone(tables)
    dated = _with_dates(tables["candidates"], people, rules, streams)
    later = {
        "candidates": dated,
        "evidence": _evidence(dated, people, rules, streams),
        "amendments": _changes(tables["wishes"], dated, people, rules, streams),
        "corrections": _corrections(tables["wishes"], dated, people, rules, streams),
        "decisions": _decisions(tables, dated, people, rules, streams, scale),
    }
    return tables | later


def share(name: str) -> float:
    """One of the assumed figures."""
    return float(_figures()[name]["value"])


@cache
def _figures() -> dict[str, dict[str, float]]:
    return tomllib.loads((files("scenarios") / "later.toml").read_text(encoding="utf-8"))


def _alone(tables: Tables) -> pl.Series:
    """Boolean per candidate: he is in no link."""
    people = tables["candidates"].select("candidate_id")
    if "links" not in tables:
        return pl.Series("alone", [True] * people.height, dtype=pl.Boolean)
    return people.select(~pl.col("candidate_id").is_in(tables["links"]["candidate_id"].implode())).to_series()


def _closing(rules: SessionRules) -> date:
    return rules.day("calendar", "server_close") or date(rules.session - 1, 12, 1)


def _after(rules: SessionRules) -> date:
    """A day when confirmations and evidence are in, and points shown."""
    return rules.day("calendar", "corrections") or _closing(rules) + timedelta(days=30)


def _with_dates(candidates: pl.DataFrame, alone: pl.Series, rules: SessionRules, streams: Streams) -> pl.DataFrame:
    count, closed = candidates.height, _closing(rules)
    draws = {name: pl.Series(streams.uniform(f"later: {name}", count)) for name in ("late", "ground", "cancelled")}
    free = pl.Series(alone)
    holds = free & candidates["held_post"].is_not_null()
    edge = share("cancelled")
    facts = candidates.with_columns(
        late=holds & (draws["late"] < share("late_requests")),
        excused=draws["ground"] < share("admitted_grounds"),
        withdrawn=holds & (draws["cancelled"] < edge),
        unconfirmed=holds & (draws["cancelled"] >= edge) & (draws["cancelled"] < edge + share("unconfirmed")),
    )
    ground = pl.lit(rules.codes("requests", "late_reasons")[0])
    cause = pl.when("withdrawn").then(pl.lit("withdrawn")).when("unconfirmed").then(pl.lit("not_confirmed"))
    days = {name: pl.lit(closed + timedelta(days=number), pl.Date) for name, number in DAYS.items()}
    return facts.with_columns(
        request_date=pl.when("late").then(days["late"]).otherwise(days["made"]),
        late_reason=pl.when(pl.col("late") & pl.col("excused")).then(ground),
        cancelled=cause,
        cancel_date=pl.when("withdrawn").then(days["withdrawn"]),
    ).drop("late", "excused", "withdrawn", "unconfirmed")


def _chosen(candidates: pl.DataFrame, alone: pl.Series, drawn: Flags) -> pl.DataFrame:
    """Candidates drawn whose request takes part."""
    return candidates.filter(alone & pl.Series(drawn) & candidates["cancelled"].is_null())


def _evidence(candidates: pl.DataFrame, alone: pl.Series, rules: SessionRules, streams: Streams) -> pl.DataFrame:
    drawn = streams.flags("later: evidence", candidates.height, share("evidence_absent"))
    rows = _chosen(candidates, alone, drawn).filter(pl.col("family").is_in(list(rules.criteria)))
    return rows.select("candidate_id", criterion="family", received=pl.lit(None, pl.Date)).sort("candidate_id")


def _changes(
    wishes: pl.DataFrame, candidates: pl.DataFrame, alone: pl.Series, rules: SessionRules, streams: Streams
) -> pl.DataFrame:
    drawn = streams.flags("later: changed", candidates.height, share("changed"))
    own = wishes.join(_chosen(candidates, alone, drawn), on="candidate_id", how="semi")
    own = own.filter(pl.len().over("candidate_id") >= 2)
    rank = pl.col("rank").replace({1: 2, 2: 1})
    day, ground = _closing(rules) + timedelta(days=5), rules.codes("requests", "late_reasons")[0]
    named = [name for name in ("kind", "code", "school_type") if name in wishes.columns]
    rows = own.select("candidate_id", rank, *named, date=pl.lit(day, pl.Date), ground=pl.lit(ground))
    return rows.sort("candidate_id", "rank")


def _corrections(
    wishes: pl.DataFrame, candidates: pl.DataFrame, alone: pl.Series, rules: SessionRules, streams: Streams
) -> pl.DataFrame:
    if SENIORITY not in rules.criteria:
        return empty_table("corrections")
    drawn = streams.flags("later: corrected", candidates.height, share("corrected"))
    rows = _chosen(candidates, alone, drawn).join(wishes, on="candidate_id", how="semi").sort("candidate_id")
    signed = {name: pl.lit(text) for name, text in AUTHORITY.items()}
    year = rules.points(SENIORITY, "per_year")
    return rows.select(
        "candidate_id",
        correction_id=pl.format("K{}", pl.int_range(1, pl.len() + 1)),
        criterion=pl.lit(SENIORITY),
        points=(pl.col("post_years").fill_null(0) + 1).cast(pl.Int64) * year // 1000,
        date=pl.lit(_after(rules), pl.Date),
        **signed,
    )


def _decisions(
    tables: Tables,
    candidates: pl.DataFrame,
    alone: pl.Series,
    rules: SessionRules,
    streams: Streams,
    scale: float,
) -> pl.DataFrame:
    """Pins on first wishes where enough seats are vacant for all of them, forbiddances of first wishes, exclusions."""
    lots = pl.Series("lot", streams.uniform("later: decisions", candidates.height))
    rows = candidates.with_columns(lots).filter(alone & candidates["cancelled"].is_null()).sort("lot")
    asked = tables["wishes"].filter(pl.col("rank") == 1).select("candidate_id", "kind", "code")
    places = tables["posts"].join(tables["places"].select("place_id", "kind"), on="place_id")
    seats = places.group_by("discipline", "kind", code="place_id").agg(vacant=pl.col("seats").sum())
    wanted = rows.join(asked, on="candidate_id").join(seats, on=["discipline", "kind", "code"], maintain_order="left")
    wanted = wanted.sort("lot")
    most = max(3, round(share("decisions") * scale))
    num_pins, num_out = max(1, most // 4), max(1, most // 5)
    nth = pl.int_range(pl.len()).over("discipline", "kind", "code")
    pins = wanted.filter(pl.col("vacant") > nth).head(num_pins) if rules.movement == "inter" else wanted.head(0)
    rest = wanted.join(pins, on="candidate_id", how="anti", maintain_order="left")
    forbidden = rest.head(most - num_pins - num_out)
    out = rest.slice(forbidden.height).filter(pl.col("held_post").is_not_null()).head(num_out)
    kinds = (("pin", pins, 1), ("forbid", forbidden, 1), ("exclude", out, None))
    named = [part.select("candidate_id", kind=pl.lit(kind), rank=pl.lit(rank, pl.Int64)) for kind, part, rank in kinds]
    signed = {name: pl.lit(text) for name, text in AUTHORITY.items()}
    return pl.concat(named).select(
        pl.all(),
        decision_id=pl.format("D{}", pl.int_range(1, pl.len() + 1)),
        date=pl.lit(_after(rules), pl.Date),
        **signed,
    )
