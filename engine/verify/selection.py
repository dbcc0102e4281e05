"""Specific posts: who is retained asked for such a post and could be retained there, and no better ranked one was.

Read off the tables requests, posts and opinions, and the rulebook, not off the contracts the run was made of.
"""

from __future__ import annotations

import polars as pl

from engine.model.decisions import posts_named
from engine.model.specifique.admissibility import EVERY
from engine.model.zones import places_of_zones
from engine.verify.audit import Audit
from engine.verify.verdict import no_violations, violations


def unlawfully_retained(audit: Audit) -> pl.DataFrame:
    """Who was retained on a post his request is not for, without the letter or file it demands, or against the opinion.

    Nothing in movements without requests.
    """
    if not _by_request(audit):
        return no_violations()
    kept = _retained(audit)
    other = kept.filter((pl.col("type") != pl.col("post_type")) | (pl.col("request_discipline") != pl.col("taught")))
    refused = pl.coalesce("post_opinion", "opinion").is_in(audit.campaign.rules.codes("classement", "refused"))
    silent = pl.all_horizontal(pl.col("post_opinion", "opinion", "order").is_null())
    unjudged = _of_types(audit, "classement", "opinion_needed") & silent
    return pl.concat(
        [
            violations(other, "retained_unlike", post="post_id", type="post_type", request="request"),
            violations(kept.filter(_lacks(audit, "letter")), "retained_without_letter", request="request"),
            violations(kept.filter(_lacks(audit, "file")), "retained_without_file", request="request"),
            violations(kept.filter(refused), "retained_refused", post="post_id"),
            violations(kept.filter(unjudged), "retained_unjudged", post="post_id"),
        ]
    )


def _free_of_decisions(audit: Audit, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of candidates whom no decision pins, without the posts that decisions keep them from."""
    decided = audit.campaign.decisions
    pinned = decided.filter(pl.col("kind") == "pin")
    rows = rows.join(pinned, on="candidate_id", how="anti", maintain_order="left")
    kept_from = posts_named(audit.campaign, "forbid").join(
        audit.campaign.posts.select("post_id").with_row_index("post"), on="post"
    )
    return rows.join(kept_from, on=["candidate_id", "post_id"], how="anti", maintain_order="left")


def _lacks(audit: Audit, name: str) -> pl.Expr:
    """Boolean: the type of the request demands a letter, or a file, and it is not there."""
    return _of_types(audit, "files", name) & ~_of_types(audit, "files", f"without_{name}") & ~pl.col(name)


def passed_over(audit: Audit) -> pl.DataFrame:
    """Candidates ranked for a post who preferred it to what they have, and somebody ranked behind them entered it.

    Who holds the function of the type by title may enter before those ranked better who do not. Posts inside one wish
    are not compared: the candidate named no order among them.
    """
    if not _by_request(audit):
        return no_violations()
    rules = audit.campaign.rules
    keys = rules.code_lists("classement", "keys")
    ranked_types = [kind for kind in _types(audit) if keys.get(kind, keys.get(EVERY, ()))[:1] == ("order",)]
    entered = _retained(audit).filter(pl.col("post_type").is_in(ranked_types))
    entered = entered.select("post_id", "post_type", entrant="candidate_id", behind="order", titular="function")
    asked = _reached(audit).join(entered, on="post_id").filter(pl.col("candidate_id") != pl.col("entrant"))
    first = [
        f"{kind} {function}" for kind, named in rules.code_lists("functions", "first").items() for function in named
    ]
    by_title = {
        name: pl.concat_str("post_type", column, separator=" ").is_in(first).fill_null(False)
        for name, column in (("mine", "function"), ("his", "titular"))
    }
    alike = asked.with_columns(**by_title).filter(pl.col("mine") >= pl.col("his"))
    before = (pl.col("order") < pl.col("behind")).fill_null(True)
    named = {"post": "post_id", **{name: name for name in ("order", "rank", "entrant", "behind")}}
    return violations(alike.filter(before).sort("candidate_id", "post_id"), "passed_over", **named)


def _by_request(audit: Audit) -> bool:
    campaign = audit.campaign
    return campaign.requests.height > 0 and "classement" in campaign.rules.blocks


def _types(audit: Audit) -> list[str]:
    return audit.campaign.posts["type"].drop_nulls().unique().sort().to_list()


def _of_types(audit: Audit, block: str, key: str) -> pl.Expr:
    """Boolean: the type of the request is in a list of the rulebook; False where there is no such list."""
    rules = audit.campaign.rules
    listed = rules.codes(block, key) if key in rules.blocks[block].values else ()
    return pl.lit(EVERY in listed) | pl.col("type").is_in(listed)


def _retained(audit: Audit) -> pl.DataFrame:
    """One row per candidate placed by a wish: his request, the post (post_type, taught), what was said of him there."""
    campaign = audit.campaign
    placed = audit.outcomes.filter((pl.col("status") == "assigned") & pl.col("candidate").is_not_null())
    placed = placed.select("candidate_id", "discipline", pl.col("rank").cast(pl.Int64), "post_id")
    placed = _free_of_decisions(audit, placed)
    return _with_opinions(audit, _with_requests(audit, placed)).join(
        campaign.posts.select("post_id", post_type="type", taught="discipline"), on="post_id"
    )


def _with_requests(audit: Audit, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows candidate_id, rank with the facts of the request of that wish, and what the candidate is and holds."""
    campaign = audit.campaign
    functions = campaign.candidates.select("candidate_id", "function", "held_post")
    requests = campaign.requests.rename({"discipline": "request_discipline"}).drop("preference")
    wishes = campaign.wishes.select("candidate_id", "rank", "request")
    named = rows.join(wishes, on=["candidate_id", "rank"]).join(requests, on=["candidate_id", "request"])
    return named.join(functions, on="candidate_id")


def _with_opinions(audit: Audit, rows: pl.DataFrame) -> pl.DataFrame:
    opinions = audit.campaign.opinions.rename({"opinion": "post_opinion"})
    return rows.join(opinions, on=["candidate_id", "post_id"], how="left")


def _reached(audit: Audit) -> pl.DataFrame:
    """Posts that admissible wishes reach and on which their candidates are ranked, where these wishes are better than
    what they have: the best wish for each."""
    campaign = audit.campaign
    has = audit.outcomes.filter(pl.col("admitted") & (pl.col("status") != "withheld")).select(
        "candidate_id", "discipline", has=pl.col("rank").cast(pl.Int64)
    )
    asked = audit.contracts.wishes.filter("admissible").select("candidate_id", "rank", "kind", "code")
    better = asked.join(has, on="candidate_id").filter((pl.col("rank") < pl.col("has")).fill_null(True))
    posts = campaign.posts.select("post_id", "place_id", type="type", request_discipline="discipline")
    reached = _with_requests(audit, better).join(places_of_zones(campaign), on=["kind", "code"])
    reached = _free_of_decisions(audit, reached.join(posts, on=["place_id", "type", "request_discipline"]))
    ranked = _with_opinions(audit, reached).filter(
        pl.col("order").is_not_null() & pl.col("post_id").ne_missing(pl.col("held_post"))
    )
    refused = pl.coalesce("post_opinion", "opinion").is_in(campaign.rules.codes("classement", "refused"))
    by_head = pl.col("head_opinion").is_in(campaign.rules.codes("classement", "refused_by_head"))
    open_to = ranked.filter(~refused.fill_null(False) & ~by_head.fill_null(False))
    return open_to.sort("candidate_id", "post_id", "rank").unique(["candidate_id", "post_id"], keep="first")
