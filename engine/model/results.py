"""Declared schemas of the tables of a run folder (DESIGN 9); the data dictionary is generated from them.

Points are exact decimals in the files and int64 thousandths inside the engine.
"""

from __future__ import annotations

from enum import Enum

import dataframely as dy
import polars as pl

STATUSES = ("assigned", "kept", "extended", "unassigned", "excluded", "withheld")
RESULTS = ("obtained", "refused", "not_reached", "inadmissible", "withheld")
CUTOFF_KINDS = ("free", "wish", "stay", "closing", "no_seat")


def _text(description: str, *, key: bool = False, optional: bool = True) -> dy.String:
    return dy.String(primary_key=key, nullable=optional and not key, description=description)


def _number(description: str, *, key: bool = False, optional: bool = True) -> dy.Int64:
    return dy.Int64(primary_key=key, nullable=optional and not key, description=description)


def _flag(description: str) -> dy.Bool:
    return dy.Bool(nullable=True, description=description)


def _points(description: str) -> dy.Int64:
    return dy.Int64(nullable=True, description=description, metadata={"unit": "points, three decimals"})


def _hours(description: str) -> dy.Int64:
    return dy.Int64(nullable=True, description=description, metadata={"unit": "hours a week, three decimals"})


def _one_of(values: tuple[str, ...], description: str) -> dy.String:
    allowed = list(values)
    return dy.String(check=lambda c: c.is_in(allowed), metadata={"values": allowed}, description=description)


class Outcomes(dy.Schema):
    """One row per candidate of the campaign: what became of him."""

    candidate_id = _text("the candidate", key=True)
    status = _one_of(
        STATUSES,
        "assigned: on a wish; kept: on the post held; extended: by extension; unassigned; excluded: the request was "
        "not "
        "admissible; withheld: a check of the result failed",
    )
    rank = _number("rank of the wish granted")
    kind = _text("kind of the zone granted, by wish or by extension")
    code = _text("code of the zone granted")
    place_id = _text("place of the post the candidate leaves the campaign with")
    post_id = _text("that post")
    phase = _text("what gave it: main, extension, stay; at the interdépartemental mutation, permutation, stay")
    reason = _text("code of the reason; sentences in `mouvement explain`")
    before_rank = _number("rank of the wish the mechanism gave, before improvement; empty = none, or no improvement")
    before_post_id = _text("the post the mechanism gave, before improvement; empty = none, or no improvement")


class ResultWishes(dy.Schema):
    """One row per wish of the campaign, admissible or not."""

    candidate_id = _text("the candidate", key=True)
    rank = _number("rank of the wish", key=True)
    kind = _text("kind of zone asked for", optional=False)
    code = _text("code of the zone", optional=False)
    school_type = _text("type of school asked for")
    points = _points("points of the wish (barème)")
    admissible = dy.Bool(description="whether the wish took part")
    cutoff_points = _points(
        "points of the last to enter the zone, before improvement; empty = free seat, or nobody entered on points"
    )
    result = _one_of(RESULTS, "not_reached: a better wish was obtained")
    missing_points = _points("how many points a refused wish lacked; 0 = lost on a tie")
    reason = _text("code of the reason why it was refused or set aside")


class Cutoffs(dy.Schema):
    """What it took to enter: one row per post, and one per zone of several posts that a wish names.

    Cutoffs are those of the mechanism, before improvement and before the extension that follows it. The cutoff of a
    zone is the lowest of its posts: who beats it has a seat there, if need be because others move inside their zones.
    """

    discipline = _text("discipline", optional=False)
    kind = _text("kind of wish that names the zone, or the post alone", optional=False)
    code = _text("code of that wish", optional=False)
    school_type = _text("type of school of that wish")
    post_id = _text("the post; empty = a zone of several posts")
    seats = _number("seats in all: those offered and those of participating holders", optional=False)
    wanted_by = _number("candidates with an admissible wish that covers the post, or names the zone", optional=False)
    entered = _number("candidates who entered, by wish or extension", optional=False)
    left = _number("holders who left", optional=False)
    closed = _number("seats closed as they fell free", optional=False)
    cutoff_points = _points("points of the last entrant; empty = free seat, or nobody entered on points")
    cutoff_kind = _one_of(
        CUTOFF_KINDS,
        "free: a seat is left; wish: the last entrant's points; stay: only holders who stay; closing: what fell free "
        "was "
        "closed; no_seat: there is none",
    )
    last_candidate_id = _text("the last entrant: with his points, tie-breaks and lot the cutoff is exact")


class Criteria(dy.Schema):
    """The breakdown of every wish's points: one row per criterion that gives points or was refused."""

    candidate_id = _text("the candidate", key=True)
    rank = _number("rank of the wish", key=True)
    criterion = _text("criterion, a legal block of the rulebook", key=True)
    points = _points("points given")
    source = _text("tags of the texts the values come from")
    reason = _text("code of the reason why the criterion was refused")


class Chains(dy.Schema):
    """Who freed the seat that whom took: one row per candidate who moved or entered."""

    chain_id = _number("number of the chain", key=True)
    position = _number("1 = first to move", key=True)
    candidate_id = _text("who took the seat", optional=False)
    post_id = _text("the post taken", optional=False)
    freed_by = _text("who left that seat; empty = it was vacant")
    ring = dy.Bool(description="whether the chain closes on itself: an exchange")


class People(dy.Schema):
    """One row per candidate: who he is and where he goes, as `mouvement compare` groups candidates.

    The académie and the département are those of a post: the one held at first (origin), the one the candidate leaves
    the campaign with (arrival). Experience is read off grade and échelon (`engine/model/experience.toml`).
    """

    candidate_id = _text("the candidate", key=True)
    discipline = _text("discipline he takes part in", optional=False)
    category = _text("titulaire, stagiaire, ...")
    family = _text("family strategy")
    holder = _flag("whether he holds a post")
    mandatory = _flag("whether he must leave the campaign with a post")
    linked = _flag("whether he is linked with others")
    age = _number("full years at 1 September of the session; empty = birth date unknown")
    experience_months = _number("months of career that grade and échelon take at least; empty = échelon unknown")
    origin_academy = _text("académie of the post held")
    origin_department = _text("département of the post held")
    arrival_academy = _text("académie of the post he leaves the campaign with")
    arrival_department = _text("département of that post")


class Designated(dy.Schema):
    """One row per holder who lost his post where the campaign closes seats (mesure de carte scolaire)."""

    candidate_id = _text("who lost his post", key=True)
    closed_place = _text("the place of that post", optional=False)
    closed_kind = _text("the measure", optional=False)
    reason = _text("code of the reason why it was him")


class Selections(dy.Schema):
    """Who was considered for which specific post, in the order of the post: one row per wish and post it reaches."""

    post_id = _text("the post", key=True)
    position = _number("place in the order of the post, 1 the first; empty = could not be retained there")
    candidate_id = _text("the candidate", key=True)
    rank = _number("rank of the wish that reaches the post", key=True)
    request = _number("request of that wish")
    part = _number("place of the post among those the wish reaches, 1 the most wanted")
    opinion = _text("opinion of the inspection, on the post or else on the request")
    head_opinion = _text("opinion of the head of school")
    order = _number("rank given to the candidate for the post")
    result = _one_of(RESULTS, "obtained: retained here; not_reached: something the candidate prefers was obtained")
    reason = _text("code of the reason why he could not be retained")


class Departments(dy.Schema):
    """Interdépartemental: what each département let in and let go, with the cutoffs of the mutations.

    Cutoffs are the points of the last to enter and of the last to leave in the mutations; permutations move none. A
    request is examined by the points of its first wish (`turn_points`); the wish granted may have others.
    """

    discipline = _text("discipline", optional=False)
    department = _text("the département", key=True)
    post_id = _text("its post", optional=False)
    balance = _number("net balance, where it is that and not two quotas; negative = seats to be closed")
    entry_quota = _number("how many could enter in the mutations; empty = net balance")
    exit_quota = _number("how many could leave in the mutations; empty = net balance")
    asking_in = _number("candidates with an admissible wish for it", optional=False)
    asking_out = _number("its holders with an admissible wish", optional=False)
    entered_mutations = _number("who entered by mutation", optional=False)
    left_mutations = _number("who left by mutation", optional=False)
    entered_permutations = _number("who entered by permutation", optional=False)
    left_permutations = _number("who left by permutation: as many as entered", optional=False)
    entry_cutoff_points = _points("entry cutoff: points of the wish granted to the last to enter; empty = nobody")
    entry_turn_points = _points("points by which his request was examined")
    entry_last_candidate_id = _text("the last to enter")
    exit_cutoff_points = _points("exit cutoff: points of the wish granted to the last to leave; empty = nobody")
    exit_turn_points = _points("points by which his request was examined")
    exit_last_candidate_id = _text("the last to leave")


class Needs(dy.Schema):
    """TZR adjustment: one row per need: who teaches it for the year, or why it stays open."""

    need_id = _text("the need", key=True)
    place_id = _text("the school", optional=False)
    discipline = _text("discipline", optional=False)
    hours = _hours("hours of teaching a week")
    candidate_id = _text("the TZR who has it; empty = it stays open")
    block = _number("part of the adjustment it is in; empty = no TZR can have it, or given by a decision")
    price = _number("its part in the proof of the bound, in units of the block")
    reason = _text("code of the reason why it stays open")


class Tzr(dy.Schema):
    """TZR adjustment: one row per TZR: what he owes and has, his place in the order, his school of attachment."""

    candidate_id = _text("the TZR", key=True)
    zone = _text("his zone de remplacement")
    points = _points("his points (barème)")
    order = _number("his place in the order of all TZR; 1 = the strongest", optional=False)
    owed = _hours("hours owed a week")
    hours = _hours("hours of the service for the year; empty = none")
    num_schools = _number("schools of the service")
    metres = _number("from the school of attachment to the schools of the service, all together, as the crow flies")
    attached_before = _text("school of attachment so far")
    attached = _text("school of attachment from now on")
    attachment_reason = _text("code of the reason why it changes, does not, or is not known")
    block = _number(
        "part of the adjustment he is in; empty = no need of his discipline in his zone, or placed by a decision"
    )
    price = _number("his part in the proof of the bound, in units of the block")


class Blocks(dy.Schema):
    """TZR adjustment: one row per part that shares neither TZR nor need with another."""

    block = _number("number of the part", key=True)
    discipline = _text("discipline", optional=False)
    zones = _text("zones de remplacement, blanks between", optional=False)
    num_tzr = _number("TZR", optional=False)
    num_needs = _number("needs within their reach", optional=False)
    num_services = _number("services there can be", optional=False)
    hours_needed = _hours("hours of these needs")
    hours_covered = _hours("hours covered")
    hours_bound = _hours("hours no choice of services can exceed")
    num_employed = _number("TZR with a service", optional=False)
    employed_bound = _number("TZR with a service that no choice covering as many hours can exceed", optional=False)
    num_settled = _number("TZR proven to have the best service the order of points leaves them", optional=False)
    price_unit = _hours("hours that are one unit of worth")
    price_weight = _number("worth of one unit of hours; a service is worth 1 besides", optional=False)
    price_scale = _number("what a worth of 1 is in prices", optional=False)


class Changes(dy.Schema):
    """With `--previous`: one row per candidate whose outcome or input differs from that of the previous run."""

    candidate_id = _text("the candidate", key=True)
    changed = dy.Bool(description="whether the outcome differs; else the input alone does")
    cause = _text(
        "what differs in the input, separated by blanks: entered, left (the campaign), request (set aside, or no "
        "longer), wishes, points, admission (of a wish), decision; chain: nothing of his own",
        optional=False,
    )
    detail = _text("codes and words, `;` between: which wishes, criteria, points, cutoffs, decisions, and why")
    previous_status = _text("status in the previous run")
    previous_rank = _number("rank granted in the previous run")
    previous_place_id = _text("place in the previous run")
    previous_post_id = _text("post in the previous run")
    status = _text("status in this run")
    rank = _number("rank granted in this run")
    place_id = _text("place in this run")
    post_id = _text("post in this run")


class Kind(Enum):
    """What the cells of a column are, for who reads a table from a file without types."""

    TEXT = "text"
    NUMBER = "number"
    POINTS = "points"
    FLAG = "flag"


RESULT_SCHEMAS: dict[str, type[dy.Schema]] = {
    "outcomes": Outcomes,
    "wishes": ResultWishes,
    "cutoffs": Cutoffs,
    "criteria": Criteria,
    "chains": Chains,
    "people": People,
    "designated": Designated,
    "selections": Selections,
    "departments": Departments,
    "tzr": Tzr,
    "needs": Needs,
    "blocks": Blocks,
    "changes": Changes,
}


def empty_result(table: str) -> pl.DataFrame:
    """A table of a run folder without rows."""
    columns = RESULT_SCHEMAS[table].columns().items()
    return pl.DataFrame(schema={name: column.dtype for name, column in columns})


def columns_of(kind: Kind) -> frozenset[str]:
    """Names of the columns of one kind in the tables of a run folder; a name is of one kind in all of them."""
    columns = (item for schema in RESULT_SCHEMAS.values() for item in schema.columns().items())
    return frozenset(name for name, column in columns if _kind(column) is kind)


def _kind(column: dy.Column) -> Kind:
    if isinstance(column, dy.Bool):
        return Kind.FLAG
    if isinstance(column, dy.Int64):
        return Kind.POINTS if "unit" in (column.metadata or {}) else Kind.NUMBER
    return Kind.TEXT
