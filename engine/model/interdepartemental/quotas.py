"""Whether the phases of a campaign can be run: what the interdépartemental asks of options, posts and wishes."""

from __future__ import annotations

import polars as pl

from engine.model.campaign import Campaign
from engine.model.defects import Rule, defects, no_defects
from engine.model.settings import Options

C37 = Rule(
    "C37",
    "The interdépartemental runs `serial` within quotas of entry and exit, or `stable` on net balances; permutations "
    "follow, and no extension.",
)
C38 = Rule(
    "C38",
    "At the interdépartemental all posts are of one discipline, a département has one of them and is a zone by itself, "
    "and wishes are for other départements.",
)

MOVEMENT = "interdepartemental"
MECHANISMS = ("serial", "stable")
IMPROVEMENTS = ("none", "permutations")


def phase_defects(campaign: Campaign, options: Options) -> pl.DataFrame:
    """What of a campaign does not go with its mechanism and its improvement."""
    if campaign.settings.movement != MOVEMENT:
        return _of_other_movements(campaign, options)
    found = [no_defects()]
    if options.mechanism not in MECHANISMS:
        found.append(_option("mechanism", options.mechanism, f"is none of {', '.join(MECHANISMS)}."))
    if options.improvement not in IMPROVEMENTS:
        found.append(_option("improvement", options.improvement, f"is none of {', '.join(IMPROVEMENTS)}."))
    if options.extension != "none":
        found.append(_option("extension", options.extension, "is not none, and this movement extends no wishes."))
    return pl.concat([*found, _quotas(campaign, options), _posts(campaign), _wishes(campaign)])


def _of_other_movements(campaign: Campaign, options: Options) -> pl.DataFrame:
    found = [no_defects()]
    if options.improvement == "permutations":
        found.append(_option("improvement", "permutations", "is of the interdépartemental."))
    limited = campaign.posts.filter(pl.col("exit_quota").is_not_null())
    if limited.height:
        found.append(_post_defects(limited, "exit_quota", "is set, and only the interdépartemental limits departures."))
    return pl.concat(found)


def _option(name: str, value: str, problem: str) -> pl.DataFrame:
    return defects(C37, "campaign.toml", column=f"options.{name}", value=value, problem=problem)


def _quotas(campaign: Campaign, options: Options) -> pl.DataFrame:
    """Quotas of entry and exit for `serial`, none for `stable`."""
    posts = campaign.posts
    if options.mechanism == "stable":
        hint = 'Leave the column out: seats are then balances; or take mechanism = "serial".'
        return _post_defects(
            posts.filter(pl.col("exit_quota").is_not_null()), "exit_quota", "is set, and stable reads balances.", hint
        )
    hint = 'Where seats are net balances, write mechanism = "stable" under [options].'
    return pl.concat(
        [
            _post_defects(posts.filter(pl.col("exit_quota").is_null()), "exit_quota", "is empty.", hint),
            _post_defects(posts.filter(pl.col("seats") < 0), "seats", "is negative: it is a quota of entry.", hint),
        ]
    )


def _posts(campaign: Campaign) -> pl.DataFrame:
    twice = campaign.posts.filter(pl.struct("place_id", "discipline").is_duplicated())
    problem = "is one of several posts of its département: one post stands for all seats of a département."
    found = [_post_defects(twice, "post_id", problem)]
    disciplines = campaign.posts["discipline"].unique().sort().to_list()
    if len(disciplines) > 1:
        several = f"are {len(disciplines)} disciplines: {', '.join(disciplines[:5])}."
        found.append(defects(C38, "posts", column="discipline", problem=several))
    if campaign.zones.height:
        found.append(defects(C38, "zones", problem="has rows, and a département is a zone by itself."))
    return pl.concat(found)


def _wishes(campaign: Campaign) -> pl.DataFrame:
    """Wishes that a rulebook would set aside, where there is none to do so."""
    if not campaign.rules.is_none:
        return no_defects()
    posts = campaign.posts.select(held_post="post_id", home="place_id")
    people = campaign.candidates.select("candidate_id", "held_post").join(posts, on="held_post", how="left")
    rows = campaign.wishes.join(people, on="candidate_id", how="left", maintain_order="left")
    who = pl.format("candidate {}, rank {}", "candidate_id", "rank")
    wide, own = rows.filter(pl.col("kind") != "DPT"), rows.filter(pl.col("code") == pl.col("home"))
    kinds = defects(C38, "wishes", wide, column="kind", value=pl.col("kind"), who=who, problem="is not DPT.")
    problem = "is the département the candidate is in."
    return pl.concat(
        [kinds, defects(C38, "wishes", own, column="code", value=pl.col("code"), who=who, problem=problem)]
    )


def _post_defects(rows: pl.DataFrame, column: str, problem: str, hint: str = "") -> pl.DataFrame:
    rule = C38 if column == "post_id" else C37
    value, who = pl.col(column).cast(pl.String), pl.format("post {}", "post_id")
    return defects(rule, "posts", rows, column=column, value=value, who=who, problem=problem, hint=hint)
