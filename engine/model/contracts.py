"""Everything a candidate of a campaign may hold, in one table: his contracts with their zones and their strict order.

Three kinds meet: wishes (own ones, then those extension adds), the closing of a seat (a phantom that wants one post
only), and the stay of a holder on his post. Candidates and posts are named by their rows in the campaign's tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.decisions import DECIDED, narrowed, placed_by_pins
from engine.model.emptiness import emptiness
from engine.model.links import NOTHING_IN_COMMON, SET_ASIDE, Counted, link_numbers, points_of_links, with_the_others
from engine.model.market import Ints
from engine.model.ordered import ordered_parts
from engine.model.priorities import ContractClass, draws, order_columns, priorities
from engine.model.scoring import Scored
from engine.model.zones import NAME, ZONE, Zones, zones_of

PER_WISH = 100_001  # orders from one rank to the next: more than an ordered zone has parts
AFTER_OWN_WISHES = 1_000 * PER_WISH  # order of added wishes: behind every rank a candidate can give
LAST = 2_000 * PER_WISH  # order of a stay: behind everything
PHASES = pl.Enum(["main", "extension", "closing", "stay"])


@dataclass(frozen=True, eq=False)
class Contracts:
    """All contracts of a campaign.

    Attributes
    ----------
    rows : candidate (row of campaign.candidates; phantoms are numbered on behind), phase (main, extension, closing,
        stay), order (smaller is preferred), rank (of an own wish), position (of an added one), kind, code,
        school_type, points, precedence (where the movement has it), zone, priority (larger is stronger, strict); sorted
        by candidate and order
    zones : the zones they name
    wishes : the wishes as scored; those on zones without posts are made inadmissible
    num_phantoms : seats to be closed
    link : int64[n+f], the link of each candidate, or -1; the members of a link have as many rows each, the t-th of all
        for the same wish, and for the same part of it
    """

    rows: pl.DataFrame
    zones: Zones
    wishes: pl.DataFrame
    num_phantoms: int
    link: Ints


def contracts_of(campaign: Campaign, scored: Scored, added: pl.DataFrame, link_points: Counted = "own") -> Contracts:
    """Every contract of a campaign.

    Parameters
    ----------
    added : wishes that extension adds (`engine.extension.contracts`), or no rows
    link_points : with which points linked candidates are ranked: each with his own, all with the smallest, or with the
        mean (`engine.model.links.points_of_links`); equals are parted by what is each one's own
    """
    people = campaign.candidates.select("candidate_id", "discipline", "held_post").with_row_index("candidate")
    people = people.join(scored.requests.select("candidate_id", admitted="admissible"), on="candidate_id")
    people = people.sort("candidate").with_columns(draws(campaign.candidates["candidate_id"], campaign.settings.seed))
    link = link_numbers(campaign, people["admitted"])
    people = people.with_columns(pl.Series("link", link))
    wishes = _numbered(scored.wishes, people)
    closings = _closings(campaign, people.height)
    own, named = _own(wishes), wishes.select(ZONE)
    if scored.selection is None:
        own = _in_parts(own, ordered_parts(campaign, wishes))
    else:
        own, named = _post_by_post(own, scored.selection, people), named.clear()
    added = added.join(placed_by_pins(scored.wishes), on="candidate_id", how="anti")
    laid_out = pl.concat([own, _added(added, people), closings, _stays(people)], how="diagonal")
    part = {"kind": pl.coalesce("part_kind", "kind"), "code": pl.coalesce("part_code", "code")}
    zones = zones_of(campaign, pl.concat([laid_out.with_columns(**part).select(ZONE), named]))
    of_contracts, of_wishes = np.split(zones.asked, [laid_out.height])
    rows = laid_out.with_columns(zone=pl.Series(of_contracts)).filter(pl.col("zone") >= 0).sort("candidate", "order")
    zone = pl.Series(of_wishes) if scored.selection is None else pl.lit(None, pl.Int32)
    judged = _judged(campaign, wishes.with_columns(zone=zone), zones)
    rows, judged, zones = narrowed(campaign, rows, judged, zones)
    if (link >= 0).any():
        rows, judged = _together(rows, judged, link, link_points)
    everybody = np.concatenate((link, np.full(closings.height, -1)))
    return Contracts(_ranked(rows, people), zones, judged.drop("link"), closings.height, everybody)


def _numbered(wishes: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    known = people.select("candidate_id", "candidate", "discipline", "admitted", "link")
    return wishes.join(known, on="candidate_id", maintain_order="left")


def _own(wishes: pl.DataFrame) -> pl.DataFrame:
    own = wishes.filter(pl.col("admissible") & pl.col("admitted"))
    columns = ["candidate", "discipline", "rank", *NAME, "points", *order_columns(wishes)]
    order = pl.col("rank").cast(pl.Int64) * PER_WISH
    rows = own.select(*columns, *_kind_of_contract(ContractClass.WISH, "main"), order=order)
    if DECIDED not in own.columns:
        return rows
    of_class = pl.when(own[DECIDED]).then(int(ContractClass.DECIDED)).otherwise(int(ContractClass.WISH))
    return rows.with_columns(of_class.cast(pl.Int8).alias("class"))


def _in_parts(own: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Own wishes, those for an ordered zone once for each of its parts (part_kind, part_code)."""
    rows = own.join(parts, on=NAME, how="left", nulls_equal=True, maintain_order="left")
    return rows.with_columns(order=pl.col("order") + pl.col("part").fill_null(0)).drop("part")


def _post_by_post(own: pl.DataFrame, selection: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Own wishes, once for each of the posts on which the candidate can be retained, in his order."""
    posts = selection.filter(pl.col("reason").is_null()).join(
        people.select("candidate_id", "candidate"), on="candidate_id"
    )
    part = posts.select(
        "candidate",
        "rank",
        "discipline",
        "part",
        "precedence",
        part_kind=pl.lit("POST"),
        part_code=pl.col("post_id"),
    )
    rows = own.drop("discipline").join(part, on=["candidate", "rank"])
    return rows.with_columns(order=pl.col("order") + pl.col("part")).drop("part")


def _added(added: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    known = people.filter("admitted").select("candidate_id", "candidate", "discipline")
    rows = added.join(known, on="candidate_id").drop("candidate_id")
    order = AFTER_OWN_WISHES + pl.col("position")
    return rows.with_columns(*_kind_of_contract(ContractClass.WISH, "extension"), order=order)


def _closings(campaign: Campaign, first: int) -> pl.DataFrame:
    """One phantom candidate per seat to be closed, numbered on behind the candidates."""
    closing = campaign.posts.filter(pl.col("seats") < 0)
    seats = closing.select("discipline", kind=pl.lit("POST"), code="post_id", n=pl.int_ranges(0, -pl.col("seats")))
    numbered = seats.explode("n").drop("n").with_row_index("candidate", offset=first)
    phantom = _kind_of_contract(ContractClass.CLOSING, "closing")
    return numbered.with_columns(*phantom, school_type=pl.lit(None, pl.String), order=pl.lit(1, pl.Int64))


def _stays(people: pl.DataFrame) -> pl.DataFrame:
    holders = people.filter(pl.col("admitted") & pl.col("held_post").is_not_null())
    rows = holders.select("candidate", "discipline", kind=pl.lit("POST"), code="held_post")
    stay = _kind_of_contract(ContractClass.STAY, "stay")
    return rows.with_columns(*stay, school_type=pl.lit(None, pl.String), order=pl.lit(LAST, pl.Int64))


def _kind_of_contract(value: ContractClass, phase: str) -> list[pl.Expr]:
    return [pl.lit(int(value), pl.Int8).alias("class"), pl.lit(phase, PHASES).alias("phase")]


def _ranked(rows: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    drawn = people.select("candidate", "draw")
    keyed = rows.join(drawn, on="candidate", how="left", maintain_order="left")
    keyed = keyed.with_columns(pl.col(column).fill_null(0) for column in ("points", "draw", *order_columns(rows)))
    precedence = [column for column in ("precedence",) if column in rows.columns]
    columns = ["candidate", "phase", "order", "rank", "position", *NAME, "points", *precedence, "zone"]
    return rows.select(columns).with_columns(pl.Series("priority", priorities(keyed)))


def _judged(campaign: Campaign, wishes: pl.DataFrame, zones: Zones) -> pl.DataFrame:
    """The wishes with their zones, those on a zone without posts made inadmissible with the reason."""
    rows = wishes.with_columns(zone=pl.when(pl.col("zone") >= 0).then("zone"))
    if zones.empty.is_empty():
        return rows
    empty = emptiness(campaign, zones.empty).rename({"reason": "lost"})
    rows = rows.join(empty, on=ZONE, how="left", nulls_equal=True, maintain_order="left")
    lost = pl.col("admissible") & pl.col("lost").is_not_null()
    reason = pl.when(lost).then("lost").otherwise("reason")
    return rows.with_columns(reason=reason, admissible=pl.col("admissible") & ~lost).drop("lost")


def _together(rows: pl.DataFrame, wishes: pl.DataFrame, link: Ints, how: Counted) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Contracts and wishes of linked candidates: what one has no posts for nobody has, with the points that count.

    What is served to all at once has the same order in the lists of all: own wishes have their rank, and those that
    extension adds their place in the one table in which all of a link enter.
    """
    of_row = pl.Series("link", np.append(link, np.full(int(rows["candidate"].max() or 0) + 1, -1)))  # type: ignore[arg-type]
    rows = rows.with_columns(of_row.gather(rows["candidate"])).with_row_index("#")
    linked = rows.filter((pl.col("link") >= 0) & (pl.col("phase") != "stay"))
    members = pl.Series("members", np.bincount(link[link >= 0]))
    linked = linked.with_columns(members.gather(linked["link"]))
    whole = linked.filter(pl.len().over("link", "order") == pl.col("members"))
    whole = whole.with_columns(points=points_of_links(("link", "order"), how))
    kept = np.ones(rows.height, dtype=np.bool_)
    kept[linked["#"].to_numpy()] = False
    kept[whole["#"].to_numpy()] = True
    asked = whole.filter(pl.col("phase") == "main").select("candidate", "rank").unique()
    rows = _put(rows, whole, ("points",)).filter(pl.Series(kept)).drop("link", "#")
    return rows, _set_aside_together(wishes, asked, how)


def _put(table: pl.DataFrame, changed: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """The table with the cells of some columns as they are in the changed rows, whose numbers are in ``#``."""
    return table.with_columns(table[name].clone().scatter(changed["#"], changed[name]) for name in columns)


def _set_aside_together(wishes: pl.DataFrame, asked: pl.DataFrame, how: Counted) -> pl.DataFrame:
    """The wishes, linked ones that lead to no contract made inadmissible, with the points that count.

    Parameters
    ----------
    asked : candidate, rank: the linked wishes that lead to some contract
    """
    linked = wishes.with_row_index("#").filter(pl.col("link") >= 0)
    together = with_the_others(pl.struct("link", "rank"), SET_ASIDE)
    linked = linked.with_columns(reason=together)
    asked = asked.with_columns(pl.col("rank").cast(pl.Int64), leads=True)
    linked = linked.join(asked, on=["candidate", "rank"], how="left", maintain_order="left")
    nowhere = pl.when(pl.col("leads").is_null()).then(pl.lit(NOTHING_IN_COMMON))
    linked = linked.with_columns(reason=pl.coalesce("reason", nowhere)).drop("leads")
    linked = linked.with_columns(admissible=pl.col("reason").is_null(), points=points_of_links(("link", "rank"), how))
    return _put(wishes, linked, ("reason", "admissible", "points"))
