"""Chances: in how many of the draws somebody, or so many points, obtain a wish.

For a candidate the draws say it outright: he was in them, with his own points, age and lots. For points alone each draw
is asked whether they beat the cutoff of the zone; at the very points of the cutoff, where age and lot decide, half of a
draw counts, and the interval holds both.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any

import polars as pl

from engine.model.defects import InputRefused, Rule, defects
from engine.simulation.curves import WIDEST, chance
from engine.simulation.folder import Simulation
from engine.simulation.statistics import wilson
from engine.verify.promises import GIVEN_UP

S5 = Rule("S5", "Chances are asked of a candidate of the simulation, or of a discipline and zones that are in it.")
S6 = Rule("S6", "What so many points would obtain can be told where points alone decide who enters a zone.")

BY_TWO_PHASES = (
    "has two phases: whether points suffice depends on how many may leave where one comes from, on how many may enter, "
    "and on who exchanges with whom."
)
BY_POST = "gives each post by an order of its own (opinions and rank on the post), not by points."
ELSEWHERE = "Ask for a candidate: --candidate ID tells his chances from the draws themselves."
UNDECIDED = {"interdepartemental": BY_TWO_PHASES, "specifique": BY_POST, "ddf": BY_POST}


@dataclass(frozen=True)
class Chance:
    """How likely a wish is.

    Attributes
    ----------
    kind, code, school_type, label : the zone
    rank : of the wish, for a candidate
    points : thousandths
    draws : that tell of it
    probability, low, high : with its 95 % interval
    tied : share of the draws in which the points equal the cutoff
    cutoff_low, cutoff, cutoff_high : thousandths that 2.5, 50 and 97.5 % of the cutoffs do not exceed
    share_free, share_closed : of draws with a free seat for everybody, and with none to be had by any points
    reason : why it has no chance at all, where the wish was set aside
    """

    kind: str
    code: str
    school_type: str | None
    label: str | None
    rank: int | None
    points: int
    draws: int
    probability: float | None
    low: float
    high: float
    tied: float = 0.0
    cutoff_low: int | None = None
    cutoff: int | None = None
    cutoff_high: int | None = None
    share_free: float | None = None
    share_closed: float | None = None
    admissible: bool = True


@dataclass(frozen=True)
class Chances:
    """The chances of somebody: wish by wish, and what else may become of him.

    Attributes
    ----------
    candidate_id : or None, where only points were asked about
    discipline : of the movement
    wishes : in the order of the list; for points alone, in the order of codes
    shares : of draws in which a candidate obtains some wish, keeps his post, is extended, has nothing or is left out
    """

    candidate_id: str | None
    discipline: str
    wishes: tuple[Chance, ...]
    shares: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def chances_of_candidate(simulation: Simulation, candidate_id: str) -> Chances:
    """The chances of a candidate of the campaign. Raises InputRefused where there is none of that name."""
    rows = simulation.candidates.filter(pl.col("candidate_id") == candidate_id)
    if rows.is_empty():
        known = simulation.candidates["candidate_id"]
        raise InputRefused(_unknown("candidate", candidate_id, "is no candidate of the simulation.", known))
    person = rows.row(0, named=True)
    key = ("discipline", "kind", "code", "school_type")
    told = simulation.cutoffs.drop("label", "draws", "low", "high").unique(key, keep="none", maintain_order=True)
    if undecided(simulation) is not None:
        told = told.clear()  # a cutoff of points would mislead
    wishes = simulation.wishes.filter(pl.col("candidate_id") == candidate_id).with_columns(
        discipline=pl.lit(person["discipline"])
    )
    wishes = wishes.join(told, on=key, how="left", nulls_equal=True, maintain_order="left")
    shares = {"some": person["share_assigned"]}
    shares |= {name: person[f"share_{name}"] for name in ("kept", "extended", "unassigned", "excluded")}
    found = tuple(_of_row(row) for row in wishes.iter_rows(named=True))
    return Chances(candidate_id, person["discipline"], found, shares)


def _of_row(row: dict[str, Any]) -> Chance:
    return Chance(
        row["kind"],
        row["code"],
        row["school_type"],
        row["label"],
        row["rank"],
        row["points"],
        row["draws"],
        row["probability"],
        row["low"],
        row["high"],
        cutoff_low=row["q025"],
        cutoff=row["q50"],
        cutoff_high=row["q975"],
        share_free=row["share_free"],
        share_closed=row["share_closed"],
        admissible=row["admissible"],
    )


def chances_of_points(
    simulation: Simulation, discipline: str, points: int, *, origin: str | None = None, to: str | None = None
) -> Chances:
    """The chances of so many points in a discipline.

    Parameters
    ----------
    points : thousandths
    origin : zone one comes from, which is no wish: code or name
    to : zone one asks for: code or name, or ``KIND:CODE`` or ``KIND:CODE:TYPE``; None = every zone of the widest kind

    Raises
    ------
    InputRefused
        For a movement or mechanism in which points alone do not decide, and for names that are not in the simulation.
    """
    _require_points_decide(simulation)
    table = simulation.cutoffs
    there = table.filter(pl.col("discipline") == discipline)
    if there.is_empty():
        raise InputRefused(_unknown("discipline", discipline, "is not in the simulation.", table["discipline"]))
    left = None if origin is None else _zone(there, "from", origin)
    if to is None:
        zones = _widest(there)
        zones = zones if left is None else zones.filter(pl.struct("kind", "code") != _name_of(left))
    else:
        zones = _zone(there, "to", to)
        if left is not None and _name_of(zones) == _name_of(left):
            problem = "is where one comes from already: one's own zone is no wish."
            raise InputRefused(defects(S5, "chances", column="to", value=to, problem=problem))
    found = tuple(_of_points(simulation, row, points) for row in zones.iter_rows(named=True))
    return Chances(None, discipline, found, {})


def undecided(simulation: Simulation) -> tuple[str, str, str] | None:
    """Why points alone do not decide who enters: what says so, its value, the reason; None where they do."""
    movement, mechanism = simulation.manifest["campaign"]["movement"], simulation.manifest["options"]["mechanism"]
    if movement in UNDECIDED:
        return "movement", movement, UNDECIDED[movement]
    if mechanism in GIVEN_UP:
        return "mechanism", mechanism, "does not admit whoever beats the cutoff: it gives that property up."
    return None


def _require_points_decide(simulation: Simulation) -> None:
    found = undecided(simulation)
    if found is not None:
        column, value, problem = found
        raise InputRefused(defects(S6, "simulation", column=column, value=value, problem=problem, hint=ELSEWHERE))


def _widest(there: pl.DataFrame) -> pl.DataFrame:
    """The zones of the widest kind, or of all kinds where it has none."""
    kinds = [kind for kind in WIDEST if (there["kind"] == kind).any()]
    wide = there.filter((pl.col("kind") == kinds[0]) & pl.col("school_type").is_null()) if kinds else there
    return wide.sort("kind", "code", "school_type", "post_id")


def _zone(there: pl.DataFrame, option: str, text: str) -> pl.DataFrame:
    """The one row of a zone that a text names, by code, by name, or by kind and code."""
    kind, code, school_type = _parts(text)
    named = there.filter((pl.col("code") == code) | pl.Series([_plain(n) == _plain(code) for n in there["label"]]))
    if kind is not None:
        named = named.filter(pl.col("kind") == kind)
    named = named.filter(pl.col("school_type").eq_missing(pl.lit(school_type, pl.String)))
    if named.is_empty():
        known = pl.concat([there["code"], there["label"].drop_nulls()])
        problem = "is no zone of that discipline for which the draws have a cutoff."
        raise InputRefused(_unknown(option, text, problem, known))
    if named.height > 1:
        names = ", ".join(f"{row['kind']}:{row['code']}" for row in named.head(5).iter_rows(named=True))
        problem, hint = f"names {named.height} of them.", f"Say which: {names}."
        raise InputRefused(defects(S5, "chances", column=option, value=text, problem=problem, hint=hint))
    return named


def _parts(text: str) -> tuple[str | None, str, str | None]:
    parts = text.split(":")
    if len(parts) == 1:
        return None, text, None
    return parts[0].upper(), parts[1], parts[2] if len(parts) > 2 else None


def _name_of(zone: pl.DataFrame) -> dict[str, str]:
    return zone.select("kind", "code").row(0, named=True)


def _of_points(simulation: Simulation, row: dict[str, Any], points: int) -> Chance:
    key = ("discipline", "kind", "code", "school_type", "post_id")
    same = (pl.col(name).eq_missing(pl.lit(row[name], pl.String)) for name in key)
    occurred = simulation.cutoff_values.filter(*same).sort("cutoff_points")
    values = occurred["cutoff_points"].to_numpy(), occurred["draws"].to_numpy()
    total = row["draws"]
    sure, tied = (float(share) for share in chance(points, *values, row["share_free"] * total, total))
    low, high = wilson([sure * total, (sure + tied) * total], total)
    return Chance(
        row["kind"],
        row["code"],
        row["school_type"],
        row["label"],
        None,
        points,
        total,
        sure + tied / 2,
        float(low[0]),
        float(high[1]),
        tied,
        row["q025"],
        row["q50"],
        row["q975"],
        row["share_free"],
        row["share_closed"],
    )


def _unknown(column: str, value: str, problem: str, known: Iterable[str]) -> pl.DataFrame:
    names = sorted(set(known))
    plain = {_plain(name): name for name in names}
    close = get_close_matches(_plain(value), list(plain), 3, cutoff=0.5)
    hint = f"Maybe {', '.join(plain[name] for name in close)}?" if close else f"There are {', '.join(names[:5])} ..."
    return defects(S5, "chances", column=column, value=value, problem=problem, hint=hint)


def _plain(text: str | None) -> str:
    """Without accents, capitals and hyphens."""
    bare = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode()
    return bare.lower().replace("-", " ").strip()
