"""From a scored campaign to the arrays of a Market, with what is needed to read a Matching back.

Three kinds of contracts meet in a market: wishes (own ones, then those extension adds), the closing of a seat (a
phantom
candidate that wants one post only), and the stay of a holder on his post.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.defects import InputRefused, Rule, defects
from engine.model.market import Market
from engine.model.priorities import ContractClass, lots, tie_columns, with_priority
from engine.model.reading import row_owner
from engine.model.scoring import Scored
from engine.model.zones import ZONE, zone_posts

AFTER_OWN_WISHES = 1_000_000  # rank of added wishes and stays: behind every rank a candidate can give
NO_POSTS = "zone_without_posts"
SINGLE = Rule("C20", "This version assigns to zones of one post (académies, départements, single schools or ZR).")
UNLINKED = Rule("C21", "This version does not yet serve linked requests.")


@dataclass(frozen=True, eq=False)
class Compiled:
    """A market and the names behind its numbers.

    Attributes
    ----------
    market : Market; its first candidates are those of `candidates`, the rest are phantoms (seats to be closed)
    candidates : candidate_id, discipline, held_post, mandatory of each candidate of the market, in its order
    contracts : one row per contract of the market, in its order: candidate_id, phase (main, extension, stay, closing),
        rank (of an own wish), position (of an added one), kind, code, school_type, points, priority, post_id
    posts : post_id, place_id, discipline, seats of each post, in the order of the market
    wishes : the wishes of the campaign as scored, with those on zones without posts made inadmissible
    """

    market: Market
    candidates: pl.DataFrame
    contracts: pl.DataFrame
    posts: pl.DataFrame
    wishes: pl.DataFrame


def compile_market(campaign: Campaign, scored: Scored, extension: pl.DataFrame | None = None) -> Compiled:
    """The market of a scored campaign.

    Parameters
    ----------
    extension : wishes added for mandatory candidates before the run (`engine.extension.contracts`), or None.

    Raises
    ------
    InputRefused
        For links and for zones of several posts, which this version does not assign.
    """
    candidates = _participants(campaign, scored)
    wishes, posts_of_wish = _resolve(campaign, scored)
    contracts = _ranked(_all_contracts(campaign, candidates, wishes, extension), candidates)
    contracts = _on_posts(campaign, contracts, posts_of_wish)
    posts = _with_seats(campaign, candidates)
    return Compiled(_arrays(contracts, candidates, posts), candidates, _published(contracts), posts, wishes)


def _participants(campaign: Campaign, scored: Scored) -> pl.DataFrame:
    """Candidates whose request is admissible, by id; the lots of the campaign with them."""
    admitted = scored.requests.filter("admissible").select("candidate_id")
    columns = ["candidate_id", "discipline", "held_post", "mandatory"]
    rows = campaign.candidates.select(columns).join(admitted, on="candidate_id", maintain_order="left")
    return rows.with_columns(lots(rows["candidate_id"], campaign.settings.seed))


def _resolve(campaign: Campaign, scored: Scored) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Scored wishes (those on a zone without posts made inadmissible), and the post of each zone they name."""
    disciplines = campaign.candidates.select("candidate_id", "discipline")
    wishes = scored.wishes.join(disciplines, on="candidate_id", maintain_order="left")
    covered = zone_posts(campaign, wishes.select(ZONE).unique())
    _require_supported(campaign, wishes, covered)
    empty = wishes.select(ZONE).unique().join(covered, on=ZONE, how="anti", nulls_equal=True).with_columns(empty=True)
    resolved = wishes.join(empty, on=ZONE, how="left", nulls_equal=True, maintain_order="left")
    lost = pl.col("admissible") & pl.col("empty").fill_null(value=False)
    resolved = resolved.with_columns(
        reason=pl.when(lost).then(pl.lit(NO_POSTS)).otherwise("reason"), admissible=pl.col("admissible") & ~lost
    )
    return resolved.drop("empty"), covered


def _require_supported(campaign: Campaign, wishes: pl.DataFrame, covered: pl.DataFrame) -> None:
    wide = covered.group_by(ZONE).agg(posts=pl.len()).filter(pl.col("posts") > 1)
    rows = wishes.join(wide, on=ZONE, nulls_equal=True, maintain_order="left").with_columns(pl.lit(None).alias("#row"))
    problem = pl.format("names a zone of {} posts.", "posts")
    found = [
        defects(
            SINGLE, "wishes", rows, column="code", value=pl.col("code"), who=row_owner(rows.columns), problem=problem
        )
    ]
    found.append(defects(UNLINKED, "links", problem="has rows.") if campaign.links.height else found[0].clear())
    if any(frame.height for frame in found):
        raise InputRefused(pl.concat(found))


def _all_contracts(
    campaign: Campaign, candidates: pl.DataFrame, wishes: pl.DataFrame, extension: pl.DataFrame | None
) -> pl.DataFrame:
    """Wishes, added wishes, closings and stays, one under the other."""
    own = wishes.filter("admissible").join(candidates.select("candidate_id"), on="candidate_id")
    parts = [own.with_columns(_class(ContractClass.WISH), phase=pl.lit("main"))]
    if extension is not None:
        added = extension.join(candidates.select("candidate_id", "discipline"), on="candidate_id")
        parts.append(added.with_columns(_class(ContractClass.WISH), phase=pl.lit("extension")))
    parts.append(_closings(campaign))
    holders = candidates.filter(pl.col("held_post").is_not_null())
    stays = holders.select("candidate_id", "discipline", kind=pl.lit("POST"), code="held_post")
    parts.append(stays.with_columns(_class(ContractClass.STAY), phase=pl.lit("stay")))
    return pl.concat(parts, how="diagonal")


def _closings(campaign: Campaign) -> pl.DataFrame:
    """One phantom per seat to be closed; its name cannot be that of a candidate, who has no blank at the end."""
    closing = campaign.posts.filter(pl.col("seats") < 0)
    seats = closing.select("discipline", "post_id", number=pl.int_ranges(0, -pl.col("seats"))).explode("number")
    name = pl.format("closing {} {} ", "post_id", pl.col("number").cast(pl.String).str.zfill(6))
    rows = seats.select("discipline", kind=pl.lit("POST"), code="post_id", candidate_id=name)
    return rows.with_columns(_class(ContractClass.CLOSING), phase=pl.lit("closing"))


def _class(value: ContractClass) -> pl.Expr:
    return pl.lit(int(value), pl.Int8).alias("class")


def _ranked(contracts: pl.DataFrame, candidates: pl.DataFrame) -> pl.DataFrame:
    """Contracts in the order of the market, candidate by candidate and best first, each with its priority."""
    named = contracts.join(
        candidates.select("candidate_id", "lot"), on="candidate_id", how="left", maintain_order="left"
    )
    ties = tie_columns(named)
    whole = named.with_columns(
        pl.col("points").fill_null(0), pl.col("lot").fill_null(0), *[pl.col(t).fill_null(0) for t in ties]
    )
    position = pl.col("position").fill_null(0) if "position" in whole.columns else pl.lit(0)
    ranked = with_priority(whole.with_columns(rank=pl.col("rank").fill_null(AFTER_OWN_WISHES + position)))
    phantom = pl.col("class") == int(ContractClass.CLOSING)
    return ranked.sort(phantom, "candidate_id", "class", "rank")


def compile_residual(campaign: Campaign, compiled: Compiled, extension: pl.DataFrame, taken: pl.Series) -> Compiled:
    """The market of the extension that follows a run: who is left over, on the seats still free.

    Parameters
    ----------
    extension : wishes added for the candidates left over (`engine.extension.contracts`)
    taken : post_id of every seat that is not free any more, closed seats included
    """
    names = extension.select("candidate_id").unique()
    candidates = compiled.candidates.join(names, on="candidate_id", how="semi", maintain_order="left")
    candidates = candidates.with_columns(held_post=pl.lit(None, pl.String))
    added = extension.join(candidates.select("candidate_id", "discipline"), on="candidate_id")
    added = added.with_columns(_class(ContractClass.WISH), phase=pl.lit("extension"), rank=pl.lit(None, pl.Int64))
    nothing = compiled.contracts.select(ZONE).clear().with_columns(post_id=pl.lit(None, pl.String))
    contracts = _on_posts(campaign, _ranked(added, candidates), nothing)
    used = taken.drop_nulls().alias("post_id").to_frame().group_by("post_id").agg(used=pl.len().cast(pl.Int64))
    posts = compiled.posts.join(used, on="post_id", how="left", maintain_order="left")
    posts = posts.with_columns(seats=pl.col("seats") - pl.col("used").fill_null(0)).drop("used")
    return Compiled(_arrays(contracts, candidates, posts), candidates, _published(contracts), posts, compiled.wishes)


def _on_posts(campaign: Campaign, contracts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The contracts with the post of their zone; added ones whose zone has no post fall away."""
    posts = _posts_of(campaign, contracts, known)
    return contracts.join(posts, on=ZONE, how="inner", nulls_equal=True, maintain_order="left")


def _posts_of(campaign: Campaign, contracts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The post of every zone in the contracts: those of the wishes, and those that extension and stays add."""
    asked = contracts.select(ZONE).unique().join(known, on=ZONE, how="anti", nulls_equal=True)
    found = pl.concat([known, zone_posts(campaign, asked)])
    if found.select(ZONE).is_duplicated().any():
        raise InputRefused(defects(SINGLE, "extension", problem="adds zones of several posts."))
    return found


def _with_seats(campaign: Campaign, candidates: pl.DataFrame) -> pl.DataFrame:
    """Posts with the seats of the market: those offered and those of the holders who take part."""
    holders = candidates.drop_nulls("held_post").group_by("held_post").agg(holders=pl.len().cast(pl.Int64))
    posts = campaign.posts.join(holders, left_on="post_id", right_on="held_post", how="left", maintain_order="left")
    seats = pl.col("seats").clip(lower_bound=0) + pl.col("holders").fill_null(0)
    return posts.select("post_id", "place_id", "discipline", seats=seats)


def _arrays(contracts: pl.DataFrame, candidates: pl.DataFrame, posts: pl.DataFrame) -> Market:
    phantoms = contracts.filter(pl.col("phase") == "closing").select("candidate_id")
    everyone = pl.concat([candidates.select("candidate_id"), phantoms]).with_row_index("#candidate")
    owner = (
        contracts.select("candidate_id")
        .join(everyone, on="candidate_id", maintain_order="left")["#candidate"]
        .to_numpy()
    )
    index = posts.select("post_id").with_row_index("#post")
    post = contracts.select("post_id").join(index, on="post_id", maintain_order="left")["#post"].to_numpy()
    counts = np.bincount(owner, minlength=everyone.height)
    wish_ptr = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    stay = np.full(everyone.height, -1, dtype=np.int64)
    is_stay = (contracts["phase"] == "stay").to_numpy()
    stay[owner[is_stay]] = np.flatnonzero(is_stay)
    return Market(
        wish_ptr=wish_ptr,
        wish_zone=post.astype(np.int32),
        wish_priority=contracts["priority"].to_numpy().astype(np.int64),
        zone_ptr=np.arange(posts.height + 1, dtype=np.int64),
        zone_post=np.arange(posts.height, dtype=np.int32),
        seats=posts["seats"].to_numpy().astype(np.int32),
        stay=stay,
        link=np.full(everyone.height, -1, dtype=np.int32),
    )


def _published(contracts: pl.DataFrame) -> pl.DataFrame:
    own = pl.col("phase") == "main"
    return contracts.select(
        "candidate_id",
        "discipline",
        "phase",
        pl.when(own).then("rank").alias("rank"),
        _column(contracts, "position"),
        "kind",
        "code",
        "school_type",
        "points",
        "priority",
        "post_id",
    )


def _column(frame: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in frame.columns else pl.lit(None, pl.Int64).alias(name)
