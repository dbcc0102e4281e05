"""From services to the tables people read: outcomes, preferences with their result, TZR, needs, blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.model.campaign import Campaign
from engine.model.decisions import PINNED, SERVICE
from engine.model.market import Ints
from engine.model.scoring import Scored
from engine.model.tzr.blocks import UNRANKED, Block, staff_of


class Chosen(Protocol):
    """What a solver says of a block (`engine.solvers.services.Services`)."""

    @property
    def lots(self) -> tuple[Ints, ...]: ...
    @property
    def offered(self) -> npt.NDArray[np.bool_]: ...
    @property
    def open(self) -> npt.NDArray[np.bool_]: ...
    @property
    def listed(self) -> npt.NDArray[np.bool_]: ...
    @property
    def hours(self) -> int: ...
    @property
    def employed(self) -> int: ...
    @property
    def hours_bound(self) -> int: ...
    @property
    def employed_bound(self) -> int: ...
    @property
    def lot_price(self) -> Ints: ...
    @property
    def kind_price(self) -> Ints: ...
    @property
    def price_units(self) -> tuple[int, int, int]: ...
    @property
    def settled(self) -> int: ...
    @property
    def num_services(self) -> int: ...


@dataclass(frozen=True, eq=False)
class Adjusted:
    """The tables of an adjustment; columns in ``docs/data-dictionary.md``."""

    outcomes: pl.DataFrame
    wishes: pl.DataFrame
    tzr: pl.DataFrame
    needs: pl.DataFrame
    blocks: pl.DataFrame


@dataclass(frozen=True, eq=False)
class Decided:
    """A block of pinned TZR alone, and for each the lots of his service."""

    block: Block
    lots: tuple[Ints, ...]


def read_adjustment(
    campaign: Campaign,
    scored: Scored,
    attached: pl.DataFrame,
    blocks: Sequence[Block],
    chosen: Sequence[Chosen],
    decided: Sequence[Decided] = (),
) -> Adjusted:
    """The tables of a run.

    Parameters
    ----------
    attached : `engine.model.tzr.attachments.attachments`
    blocks, chosen : the blocks of the campaign, and what was chosen for each
    decided : what decisions gave before; these TZR and needs are in none of the blocks
    """
    staff = staff_of(campaign, scored)
    solved = [(one, found, i) for i, (one, found) in enumerate(zip(blocks, chosen, strict=True), 1)]
    people = pl.concat([_PEOPLE, *(_people(*each) for each in solved), *(_people_decided(each) for each in decided)])
    given = pl.concat([_GIVEN, *(_given(*each) for each in solved), *(needs_decided(each) for each in decided)])
    told = staff.join(people, on="candidate", how="left", maintain_order="left").sort("candidate_id")
    tzr = _tzr(told, attached)
    needs = _needs(campaign, told, given)
    outcomes = _outcomes(campaign, told, needs, attached)
    return Adjusted(
        outcomes=outcomes,
        wishes=_wishes(scored, told),
        tzr=tzr,
        needs=needs.drop("#listed"),
        blocks=_blocks(campaign, blocks, chosen, staff),
    )


_PEOPLE = pl.DataFrame(
    schema={
        "candidate": pl.Int64,
        "block": pl.Int64,
        "price": pl.Int64,
        "hours": pl.Int64,
        "num_schools": pl.Int64,
        "metres": pl.Int64,
        "rank": pl.Int64,
        "offered": pl.List(pl.Boolean),
        "open": pl.List(pl.Boolean),
    }
)
_GIVEN = pl.DataFrame(
    schema={"need": pl.Int64, "block": pl.Int64, "price": pl.Int64, "candidate": pl.Int64, "#listed": pl.Boolean}
)


def needs_decided(decided: Decided) -> pl.DataFrame:
    """need, candidate (rows of their tables): the needs that decisions give, of no block."""
    rows = _owned(decided.block, decided.lots).drop_nulls("candidate")
    return rows.select(
        pl.col(name) if name in rows.columns else pl.lit(None, kind).alias(name) for name, kind in _GIVEN.schema.items()
    )


def given_by_decisions(campaign: Campaign, decided: Sequence[Decided]) -> pl.DataFrame:
    """need_id, candidate_id."""
    rows = pl.concat([_GIVEN, *map(needs_decided, decided)])
    names = (
        (campaign.needs.select("need_id").with_row_index("need"), "need"),
        (campaign.candidates.select("candidate_id").with_row_index("candidate"), "candidate"),
    )
    for table, number in names:
        rows = rows.join(table.with_columns(pl.col(number).cast(pl.Int64)), on=number)
    return rows.select("need_id", "candidate_id")


def _people_decided(decided: Decided) -> pl.DataFrame:
    rows = _services(decided.block, decided.lots)
    return rows.select(
        pl.col(name) if name in rows.columns else pl.lit(None, kind).alias(name)
        for name, kind in _PEOPLE.schema.items()
    )


def _people(block: Block, chosen: Chosen, number: int) -> pl.DataFrame:
    rows = _services(block, chosen.lots).with_columns(
        block=pl.lit(number, pl.Int64),
        price=pl.Series(chosen.kind_price[block.kind], dtype=pl.Int64),
        offered=pl.Series(chosen.offered.tolist(), dtype=pl.List(pl.Boolean)),
        open=pl.Series(chosen.open.tolist(), dtype=pl.List(pl.Boolean)),
    )
    return rows.select(_PEOPLE.columns)


def _services(block: Block, chosen: Sequence[Ints]) -> pl.DataFrame:
    """candidate, hours, num_schools, metres, rank of the TZR of a block; null where they have no service."""
    rows = []
    for i, lots in enumerate(chosen):
        schools = np.unique(block.school[lots])
        has = len(lots) > 0
        rank = int(block.rank[i, schools].max()) if has else UNRANKED
        rows.append(
            (
                int(block.tzr[i]),
                int(block.hours[lots].sum()) if has else None,
                len(schools) if has else None,
                int(block.metres[i, schools].sum()) if has else None,
                rank if rank < UNRANKED else None,
            )
        )
    names = ("candidate", "hours", "num_schools", "metres", "rank")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64), orient="row")


def _given(block: Block, chosen: Chosen, number: int) -> pl.DataFrame:
    """The needs of a block, each with the TZR who has it."""
    return _owned(block, chosen.lots).with_columns(
        pl.lit(number, pl.Int64).alias("block"),
        pl.Series("price", np.repeat(chosen.lot_price, block.pieces), dtype=pl.Int64),
        pl.Series("#listed", np.repeat(chosen.listed, block.pieces)),
    )[_GIVEN.columns]


def _owned(block: Block, chosen: Sequence[Ints]) -> pl.DataFrame:
    """need, candidate: who has each need of a block; of a lot the first pieces go to the strongest."""
    owner = np.full(len(block.need), -1, dtype=np.int64)
    taken = np.zeros(len(block.pieces), dtype=np.int64)
    for i, lots in enumerate(chosen):
        for lot in lots.tolist():
            owner[block.need_ptr[lot] + taken[lot]] = block.tzr[i]
            taken[lot] += 1
    rows = pl.DataFrame({"need": block.need, "candidate": pl.Series(owner).replace(-1, None)})
    return rows.cast({"need": pl.Int64, "candidate": pl.Int64})


def _tzr(told: pl.DataFrame, attached: pl.DataFrame) -> pl.DataFrame:
    change = attached.select("candidate_id", attached_before="before", attached="place_id", attachment_reason="reason")
    return told.join(change, on="candidate_id", maintain_order="left").select(
        *("candidate_id", "zone", "points", pl.col("order").cast(pl.Int64), "owed", "hours", "num_schools", "metres"),
        *("attached_before", "attached", "attachment_reason", "block", "price"),
    )


def _needs(campaign: Campaign, told: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
    people = told.select(pl.col("candidate").cast(pl.Int64), "candidate_id")
    rows = campaign.needs.with_row_index("need").with_columns(pl.col("need").cast(pl.Int64))
    table = rows.join(given, on="need", how="left").join(people, on="candidate", how="left").sort("need_id")
    idle = told.filter(pl.col("hours").is_null() & pl.col("block").is_not_null())["block"].unique()
    reason = (
        pl.when(pl.col("candidate_id").is_not_null())
        .then(None)
        .when(pl.col("block").is_null())
        .then(pl.lit("no_tzr_there"))
        .when(~pl.col("#listed"))
        .then(pl.lit("hours_fit_no_service"))
        .when(pl.col("block").is_in(idle.implode()))
        .then(pl.lit("covers_fewer_hours"))
        .otherwise(pl.lit("every_tzr_employed"))
    )
    columns = ("need_id", "place_id", "discipline", "hours", "candidate_id", "block", "price", "#listed")
    return table.select(*columns, reason=reason)


def _outcomes(campaign: Campaign, told: pl.DataFrame, needs: pl.DataFrame, attached: pl.DataFrame) -> pl.DataFrame:
    """Who has a service is `assigned`, the others are `kept` on their zone, for short replacements."""
    main = needs.drop_nulls("candidate_id").group_by("candidate_id", "place_id").agg(pl.col("hours").sum())
    main = main.sort("candidate_id", "hours", "place_id", descending=[False, True, False])
    main = main.unique("candidate_id", keep="first", maintain_order=True).select("candidate_id", main="place_id")
    held = campaign.candidates.select("candidate_id", post_id="held_post")
    met = campaign.wishes.select("candidate_id", "rank", "kind", "code")
    rows = told.join(main, on="candidate_id", how="left", maintain_order="left").join(held, on="candidate_id")
    rows = rows.join(attached.select("candidate_id", attached="place_id"), on="candidate_id").join(
        met, on=["candidate_id", "rank"], how="left", maintain_order="left"
    )
    has = pl.col("hours").is_not_null()
    reason = (
        pl.when(has & pl.col("block").is_null())
        .then(pl.lit(SERVICE))
        .when(has)
        .then(None)
        .when(pl.col("block").is_null())
        .then(pl.lit("no_need_in_zone"))
        .when(~pl.col("offered").list.first())
        .then(pl.lit("no_service_fits"))
        .when(~pl.col("open").list.first())
        .then(pl.lit("needs_taken_by_stronger"))
        .otherwise(pl.lit("cover_comes_first"))
    )
    nothing = pl.lit(None, pl.String)
    return rows.select(
        *("candidate_id", pl.when(has).then(pl.lit("assigned")).otherwise(pl.lit("kept")).alias("status")),
        *("rank", "kind", "code", pl.coalesce("main", "attached").alias("place_id"), "post_id"),
        *(pl.when(has).then(pl.lit("main")).otherwise(pl.lit("stay")).alias("phase"), reason.alias("reason")),
        *(pl.lit(None, pl.Int64).alias("before_rank"), nothing.alias("before_post_id")),
    ).sort("candidate_id")


def _wishes(scored: Scored, told: pl.DataFrame) -> pl.DataFrame:
    """Every preference with its result: met, or why no service within it could be given."""
    people = told.select("candidate_id", met="rank", offered="offered", open="open", has=pl.col("hours").is_not_null())
    decided = told.filter(pl.col("hours").is_not_null() & pl.col("block").is_null())["candidate_id"]
    rows = scored.wishes.join(people, on="candidate_id", how="left", maintain_order="left")
    met, rank = pl.col("met").fill_null(2**31), pl.col("rank")
    result = (
        pl.when(~pl.col("admissible"))
        .then(pl.lit("inadmissible"))
        .when(rank < met)
        .then(pl.lit("refused"))
        .when(rank == met)
        .then(pl.lit("obtained"))
        .otherwise(pl.lit("not_reached"))
    )
    at = {name: pl.col(name).list.get(rank, null_on_oob=True).fill_null(False) for name in ("offered", "open")}
    why = (
        pl.when(pl.col("candidate_id").is_in(decided.implode()))
        .then(pl.lit(PINNED))
        .when(~at["offered"])
        .then(pl.lit("no_service_within"))
        .when(~at["open"])
        .then(pl.lit("needs_taken_by_stronger"))
        .otherwise(pl.lit("cover_comes_first"))
    )
    rows = rows.with_columns(result=result)
    nothing = pl.lit(None, pl.Int64)
    return rows.select(
        *("candidate_id", "rank", "kind", "code", "school_type", "points", "admissible"),
        *(nothing.alias("cutoff_points"), "result", nothing.alias("missing_points")),
        pl.when(pl.col("result") == "refused").then(why).otherwise("reason").alias("reason"),
    ).sort("candidate_id", "rank")


def _blocks(campaign: Campaign, blocks: Sequence[Block], chosen: Sequence[Chosen], staff: pl.DataFrame) -> pl.DataFrame:
    zone = staff.select(pl.col("candidate").cast(pl.Int64), "zone", "discipline")
    rows = []
    for number, (block, found) in enumerate(zip(blocks, chosen, strict=True), 1):
        own = zone.filter(pl.col("candidate").is_in(pl.Series(block.tzr).implode()))
        needed = int((block.hours * block.pieces).sum())
        rows.append(
            (
                *(number, own["discipline"][0], " ".join(own["zone"].unique().sort())),
                *(len(block.tzr), len(block.need), found.num_services, needed, found.hours, found.hours_bound),
                *(found.employed, found.employed_bound, found.settled, *found.price_units),
            )
        )
    names = ("num_tzr", "num_needs", "num_services", "hours_needed", "hours_covered", "hours_bound")
    last = ("num_employed", "employed_bound", "num_settled", "price_unit", "price_weight", "price_scale")
    schema = {"block": pl.Int64, "discipline": pl.String, "zones": pl.String} | dict.fromkeys((*names, *last), pl.Int64)
    return pl.DataFrame(rows, schema=schema, orient="row")
