"""H3, H4: seats that fall free between campaigns, and nobody on two of them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from engine.verify.sentences import Listed, Sentence, sentence
from engine.verify.verdict import Property, checked, not_applicable, violations
from engine.verify.year.stages import GAINED, Handover, Stage, academies, targets

H3, H4 = sentence("h3_title"), sentence("h4_title")


def h3_seats(links: Sequence[Handover]) -> Property:
    """Every post has one more seat for each of its holders who left by a link, and no other seat was added or lost."""
    judged = targets(links)
    if not judged:
        return not_applicable("H3", H3, sentence("nothing_follows"))
    found, told = [], list[Sentence]()
    for target, into in judged:
        freed = _freed(target, into)
        told.append(sentence("h3_freed_in", seats=freed.height, target=target.name))
        more = freed.group_by("post_id").agg(right=pl.len().cast(pl.Int64))
        added = (
            _added(target)
            .join(more, on="post_id", how="full", coalesce=True)
            .with_columns(pl.col("right").fill_null(0))
        )
        wrong = added.filter(pl.col("added").fill_null(0) != pl.col("right"))
        found.append(
            violations(
                wrong,
                "other_seats",
                post="post_id",
                target=pl.lit(target.name),
                added="added",
                left="right",
            )
        )
    return checked("H3", H3, [sentence("h3_freed", seats=Listed(tuple(told)))], *found)


def _freed(target: Stage, into: Sequence[Handover]) -> pl.DataFrame:
    """candidate_id, post_id: whose seat falls free here, each once. The adjustment offers none."""
    held = target.before["candidates"].select("candidate_id", post_id="held_post")
    both = pl.concat([held, target.before["incumbents"].select("candidate_id", "post_id")]).drop_nulls()
    gone = [_leaving(link) for link in into if target.movement != "tzr"]
    everybody = pl.concat([held.select("candidate_id").clear(), *gone]).unique()
    return both.join(everybody, on="candidate_id", how="semi").unique("candidate_id")


def _leaving(link: Handover) -> pl.DataFrame:
    """candidate_id of those whose post here falls free: who held a specific post left that one, not one of these."""
    gone = link.source.gained.select("candidate_id")
    if link.link != "retained":
        return gone
    held = link.source.given["candidates"].filter(pl.col("held_post").is_not_null())
    return gone.join(held, on="candidate_id", how="anti")


def _added(target: Stage) -> pl.DataFrame:
    """post_id, added: seats it was run with less those of its folder; of posts of either."""
    old, new = (tables["posts"].select("post_id", "seats") for tables in (target.before, target.given))
    both = old.join(new, on="post_id", how="full", suffix="_new", coalesce=True)
    seats = pl.col("seats_new").fill_null(0) - pl.col("seats").fill_null(0)
    return both.select("post_id", added=seats)


def h4_once(stages: Sequence[Stage], links: Sequence[Handover]) -> Property:
    """Nobody obtains two permanent posts, or one in another académie than the inter gave him."""
    permanent = [stage for stage in stages if stage.movement in ("specifique", "ddf", "intra")]
    rows = pl.concat(
        [stage.gained.select("candidate_id", "post_id", campaign=pl.lit(stage.name)) for stage in permanent]
        or [pl.DataFrame(schema={"candidate_id": pl.String, "post_id": pl.String, "campaign": pl.String})]
    )
    twice = (
        rows.filter(pl.len().over("candidate_id") > 1)
        .group_by("candidate_id")
        .agg(both=pl.format("{} ({})", "post_id", "campaign").sort().str.join(", "))
    )
    inter = [link for link in links if link.link == "entrants"]
    found = [violations(twice, "two_posts", posts="both"), *(_elsewhere(link) for link in inter)]
    return checked("H4", H4, [sentence("h4_posts", posts=rows.height)], *found)


def _elsewhere(link: Handover) -> pl.DataFrame:
    """Who has a post of another académie than the one entered, by what he obtained or by what he held."""
    posts = link.target.given["posts"].join(link.target.given["places"].select("place_id", "academy"), on="place_id")
    has = link.target.outcomes.filter(pl.col("status").is_in([*GAINED, "kept"])).select("candidate_id", "post_id")
    rows = academies(link).join(has, on="candidate_id").join(posts.select("post_id", "academy"), on="post_id")
    wrong = rows.filter(pl.col("academy") != pl.col("place_id"))
    return violations(wrong, "other_academy", place="place_id", post="post_id", academy="academy")
