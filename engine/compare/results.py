"""Declared schemas of the tables of a comparison; the data dictionary is generated from them."""

from __future__ import annotations

import dataframely as dy

from engine.compare.changes import CHANGES
from engine.compare.cutoffs import WAYS
from engine.compare.fates import FATES
from engine.compare.groups import GROUPINGS
from engine.model.results import CUTOFF_KINDS, STATUSES


def _text(description: str, *, key: bool = False, optional: bool = True) -> dy.String:
    return dy.String(primary_key=key, nullable=optional and not key, description=description)


def _number(description: str, *, key: bool = False, optional: bool = True) -> dy.Int64:
    return dy.Int64(primary_key=key, nullable=optional and not key, description=description)


def _flag(description: str) -> dy.Bool:
    return dy.Bool(nullable=True, description=description)


def _points(description: str) -> dy.Decimal:
    return dy.Decimal(18, 3, nullable=True, metadata={"unit": "points, three decimals"}, description=description)


def _one_of(values: tuple[str, ...], description: str, *, key: bool = False) -> dy.String:
    allowed = list(values)
    return dy.String(
        primary_key=key,
        nullable=not key,
        check=lambda c: c.is_in(allowed),
        metadata={"values": allowed},
        description=description,
    )


class Figures(dy.Schema):
    """One row per run and figure, as `comparison.json` has them."""

    variant = _text("the run: the campaign itself, a variant, a run folder", key=True)
    figure = _text("name of the figure", key=True)
    value = dy.Float64(nullable=True, description="its value; empty = it does not exist for the run")


class Satisfaction(dy.Schema):
    """One row per run and group of candidates: what they obtained. Groups of `arrival` count those who moved there."""

    variant = _text("the run", key=True)
    grouping = _one_of(
        GROUPINGS, "what the group is one of; origin and arrival are académies or départements", key=True
    )
    group = _text("the group", key=True)
    candidates = _number("candidates of the group", optional=False)
    satisfied = _number("with one of their own wishes", optional=False)
    wish_1 = _number("with their first wish", optional=False)
    wish_2 = _number("with their second", optional=False)
    wish_3 = _number("with their third", optional=False)
    wish_4_on = _number("with a later one", optional=False)
    extended = _number("placed by extension", optional=False)
    kept = _number("who keep their post", optional=False)
    unassigned = _number("without a post", optional=False)
    excluded = _number("whose request was set aside", optional=False)
    withheld = _number("whose result is withheld", optional=False)


class People(dy.Schema):
    """One row per run and candidate: who he is and what he obtained."""

    variant = _text("the run", key=True)
    candidate_id = _text("the candidate", key=True)
    discipline = _text("his discipline")
    category = _text("titulaire, stagiaire, ...")
    family = _text("family strategy")
    holder = _flag("whether he holds a post")
    mandatory = _flag("whether he must leave the campaign with a post")
    linked = _flag("whether he is linked with others")
    age = _number("full years at 1 September of the session")
    experience_months = _number("months of career that grade and échelon take at least")
    origin = _text("académie or département of the post held")
    arrival = _text("académie or département of the post he leaves the campaign with")
    status = _one_of(STATUSES, "as in the outcomes of the run")
    rank = _number("rank of the wish granted")
    place_id = _text("place of the post he leaves the campaign with")
    post_id = _text("that post")
    fate = _one_of(FATES, "what became of him, wishes by rank")


class Changes(dy.Schema):
    """Winners and losers: one row per pair of runs and candidate who has not the same in both."""

    first = _text("the run compared with", key=True)
    second = _text("the run compared", key=True)
    candidate_id = _text("the candidate", key=True)
    change = _one_of(CHANGES, "what the second run changes for him; entered, left_out: takes part in one of them only")
    discipline = _text("his discipline")
    category = _text("titulaire, stagiaire, ...")
    family = _text("family strategy")
    holder = _flag("whether he holds a post")
    mandatory = _flag("whether he must leave the campaign with a post")
    age = _number("full years at 1 September of the session")
    origin = _text("académie or département of the post held")
    before_status = _text("status in the first run")
    before_rank = _number("rank of the wish granted there")
    before_place_id = _text("place of the post he has there")
    before_post_id = _text("that post")
    status = _text("status in the second run")
    rank = _number("rank of the wish granted there")
    place_id = _text("place of the post he has there")
    post_id = _text("that post")


class Pairs(dy.Schema):
    """How many candidates of each change between two runs."""

    first = _text("the run compared with", key=True)
    second = _text("the run compared", key=True)
    change = _one_of(CHANGES, "better, worse, ... ; as in changes, and same", key=True)
    candidates = _number("how many", optional=False)


class Cutoffs(dy.Schema):
    """Points needed: every cutoff of a run beside that of the first run."""

    variant = _text("the run", optional=False)
    discipline = _text("discipline")
    kind = _text("kind of wish that names the zone, or the post alone")
    code = _text("code of that wish")
    school_type = _text("type of school of that wish")
    post_id = _text("the post; empty = a zone of several posts")
    way = _one_of(
        WAYS, "what the cutoff lets through; exit = who leaves, at the interdépartemental with quotas of exit"
    )
    seats = _number("seats in all; at the interdépartemental with quotas, the quota")
    wanted_by = _number("candidates with an admissible wish for it")
    entered = _number("who entered, or left; at the interdépartemental by mutation alone")
    cutoff_points = _points("points of the last entrant")
    cutoff_kind = _one_of(CUTOFF_KINDS, "as in the cutoffs of the run")
    before_seats = _number("seats in all, in the first run")
    before_wanted_by = _number("candidates with an admissible wish for it, in the first run")
    before_entered = _number("who entered, in the first run")
    before_cutoff_points = _points("points of the last entrant, in the first run")
    before_cutoff_kind = _one_of(CUTOFF_KINDS, "as in the cutoffs of the first run")
    difference = _points("points more than in the first run; empty = not points in both")
    change = _one_of(
        ("harder", "easier", "same"), "a seat left free is easier than any points; empty = neither, or a specific post"
    )


class Experience(dy.Schema):
    """Experience of those who arrive in each académie or département and of those who leave it."""

    variant = _text("the run", key=True)
    area = _text("académie or département", key=True)
    arrivals = _number("who come from elsewhere or had no post", optional=False)
    arrivals_known = _number("of them with a known échelon", optional=False)
    arrivals_months = _number("sum of their experience, in months", optional=False)
    arrivals_little = _number("of them with little experience", optional=False)
    departures = _number("who leave for elsewhere", optional=False)
    departures_known = _number("of them with a known échelon", optional=False)
    departures_months = _number("sum of their experience, in months", optional=False)
    departures_little = _number("of them with little experience", optional=False)


COMPARISON_SCHEMAS: dict[str, type[dy.Schema]] = {
    "figures": Figures,
    "satisfaction": Satisfaction,
    "people": People,
    "changes": Changes,
    "pairs": Pairs,
    "cutoffs": Cutoffs,
    "experience": Experience,
}
