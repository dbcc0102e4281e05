"""Declared schemas of the campaign tables (DESIGN 4 and 5): names, types, bounds, and what each column means.

The data dictionary in ``docs/data-dictionary.md`` is generated from this file. Bounds catch absurd values; what depends
on the rulebook or on another table is a check of its own (`engine.model.checks`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import dataframely as dy
import polars as pl

PLACE_KINDS = ("ETB", "ZR", "ACA", "DPT")
WISH_KINDS = ("ETB", "COM", "GEO", "DPT", "ACA", "ZRE", "ZRD", "ZRA", "POST")
PROFILES = ("ordinary", "specific")
CORPS = ("certifie", "agrege", "plp", "eps", "cpe", "psyen", "pegc", "professeur_ecoles", "instituteur")
GRADES = ("normale", "hors_classe", "exceptionnelle")
DECISIONS = ("pin", "forbid", "exclude")
OPINIONS = ("very_favourable", "favourable", "reserved", "unfavourable")

NEED_KINDS = ("vacant", "freed", "fraction")

FIRST_DAY = dt.date(1990, 1, 1)
ID_PATTERN = r"^\S(.*\S)?$"  # no blank at either end


def _id(description: str, *, key: bool = False, optional: bool = False) -> dy.String:
    return dy.String(primary_key=key, nullable=optional, regex=ID_PATTERN, description=description)


def _text(description: str) -> dy.String:
    return dy.String(nullable=True, description=description)


def _choice(values: Sequence[str], description: str, *, key: bool = False, optional: bool = False) -> dy.String:
    allowed = list(values)
    return dy.String(
        primary_key=key,
        nullable=optional,
        check=lambda column: column.is_in(allowed),
        metadata={"values": allowed},
        description=description,
    )


def _count(description: str, high: int, *, low: int = 0) -> dy.Int64:
    return dy.Int64(nullable=True, min=low, max=high, description=description, metadata={"neutral": 0})


def _flag(description: str) -> dy.Bool:
    return dy.Bool(nullable=True, description=description, metadata={"neutral": False})


def _hours(description: str, *, optional: bool = True) -> dy.Int64:
    return dy.Int64(
        nullable=optional,
        min=1,
        max=100_000,
        metadata={"unit": "hours a week, at most three decimals; int64 thousandths inside the engine"},
        description=description,
    )


class Places(dy.Schema):
    """Where posts are: schools and zones de remplacement, académies or départements, according to the movement."""

    place_id = _id("identifier: UAI of a school, code of a ZR, code of an académie or of a département", key=True)
    kind = _choice(PLACE_KINDS, "ETB school, ZR zone de remplacement, ACA académie, DPT département")
    label = _text("name shown to people")
    school_type = _text("type of school (CLG, LYC, LP, SEGPA, ...)")
    commune = _id("INSEE code of the commune", optional=True)
    grouping = _id("groupement de communes", optional=True)
    department = _id("département, by its number", optional=True)
    academy = _id("académie, by its two digits", optional=True)
    lat = dy.Float64(nullable=True, min=-90, max=90, description="latitude, degrees WGS84")
    lon = dy.Float64(nullable=True, min=-180, max=180, description="longitude, degrees WGS84")
    priority_education = _text("REP, REP+ or empty")


class Zones(dy.Schema):
    """Zones that are not read off the columns of `places`; a position makes a zone an ordered list."""

    zone_kind = _choice(WISH_KINDS, "kind of wish that may name the zone", key=True)
    zone_code = _id("code of the zone", key=True)
    place_id = _id("a place of the zone", key=True)
    position = dy.Int64(
        nullable=True, min=1, max=100_000, description="place in the order of the list; empty = no order"
    )


class Posts(dy.Schema):
    """A post is (place, discipline, profile) and offers seats."""

    post_id = _id("identifier", key=True)
    place_id = _id("the place of the post")
    discipline = _id("discipline de mouvement")
    seats = dy.Int64(
        min=-100_000,
        max=100_000,
        description="vacant seats offered; negative = seats to be closed as they fall free",
    )
    profile = _choice(PROFILES, "ordinary or specific", optional=True)
    type = _id(
        "type of movement a specific post belongs to (CPGE, DDF, ...), for movements with requests", optional=True
    )
    preference = _id("stream of a post in preparatory classes (MPSI, PCSI, ...)", optional=True)
    exit_quota = dy.Int64(
        nullable=True,
        min=0,
        max=1_000_000,
        description="interdépartemental: how many may leave, seats being how many may enter; empty = seats are one net "
        "balance",
    )
    hours = dy.Float64(nullable=True, min=0, max=10_000, description="hours of teaching the post offers a week")
    positions = dy.Int64(
        nullable=True,
        min=0,
        max=1_000_000,
        description="seats that exist in all, held ones included; empty = not checked",
    )


class Candidates(dy.Schema):
    """Who takes part, with the facts the criteria read. An absent optional value is neutral: it earns nothing."""

    candidate_id = _id("identifier", key=True)
    discipline = _id("discipline de mouvement the candidate takes part in")
    held_post = _id("the post held, which may always be kept; empty = none", optional=True)
    mandatory = _flag("must leave the campaign with a post")
    category = _id("titulaire, stagiaire, stagiaire_ex_titulaire, stagiaire_ex_fonctionnaire", optional=True)
    corps = _choice(CORPS, "corps of the candidate", optional=True)
    recruitment_discipline = _id("discipline of recruitment", optional=True)
    grade = _choice(GRADES, "normale, hors_classe or exceptionnelle", optional=True)
    echelon = _count("échelon in the grade", 15)
    echelon_years = _count("full years in the échelon", 50)
    post_years = _count("full years in the post", 50)
    former_post_years = _count("full years in the post held before becoming stagiaire", 50)
    department_months = _count("first degree: months in the département", 600)
    zr_years = _count("years on a zone de remplacement", 50)
    family = _id("family strategy: one at most", optional=True)
    spouse_academy = _id("académie the family situation points to", optional=True)
    spouse_department = _id("département the family situation points to", optional=True)
    spouse_commune = _id("commune the family situation points to", optional=True)
    children = _count("dependent children under the age of the rulebook", 20)
    separation_years = _count("years of separation", 45)
    separation_half_years = _count("years of separation that count for half", 45)
    disability_zones = _id(
        "codes of the zones for which the bonus of disability is granted, separated by blanks", optional=True
    )
    boe = _flag("bénéficiaire de l'obligation d'emploi")
    priority_education = _id("REP, REP+, APV, ambition_reussite, CLA: where the candidate serves", optional=True)
    priority_education_years = _count("full years served there", 50)
    trainee_points = _flag("stagiaire who uses the points of trainees this year")
    training_academy = _id("stagiaire: académie of the training year", optional=True)
    former_contract_echelon = _count("stagiaire who was under contract: échelon of reclassification", 15)
    reinstatement_academy = _id("académie of the former post, for the bonuses of return", optional=True)
    overseas_interests = _id("overseas académie where moral and material interests are recognised", optional=True)
    preferential_years = _count("consecutive years of the same first wish, this one included", 50)
    closed_place = _id("place where the post is taken away", optional=True)
    closed_kind = _choice(("carte_scolaire", "greta"), "measure that takes the post away", optional=True)
    renewal_years = _count("first degree: the same first wish asked again", 50)
    evidence_missing = _id("criteria refused for want of evidence, separated by blanks", optional=True)
    request_date = dy.Date(nullable=True, description="day the request was made", min=FIRST_DAY)
    late_reason = _id("reason given for a late request", optional=True)
    confirmation_date = dy.Date(nullable=True, min=FIRST_DAY, description="day the signed confirmation came back")
    confirmation_excuse = _id("reason the services accepted for a late confirmation", optional=True)
    cancelled = _id("why the request is cancelled", optional=True)
    cancel_date = dy.Date(
        nullable=True, min=FIRST_DAY, description="day the candidate cancelled; empty = while he was free to"
    )
    cancel_reason = _id("reason given for a late cancellation", optional=True)
    hours = _hours("TZR: hours owed a week, where they are not those of the corps (part-time)")
    birth_date = dy.Date(nullable=True, min=dt.date(1920, 1, 1), max=dt.date(2015, 1, 1), description="date of birth")


class Wishes(dy.Schema):
    """Ranked requests of the candidates."""

    candidate_id = _id("who asks", key=True)
    rank = dy.Int64(primary_key=True, min=1, max=500, description="1 is the most wanted; no gaps")
    kind = _choice(WISH_KINDS, "kind of zone asked for")
    code = _id("code of the zone asked for")
    school_type = _id("only posts of this type of school; empty = any", optional=True)
    request = dy.Int64(
        nullable=True, min=1, max=500, description="the request the wish belongs to, where there are any"
    )
    points = dy.Int64(
        nullable=True,
        min=-10_000_000,
        max=1_000_000_000,
        metadata={"unit": "points, at most three decimals; int64 thousandths inside the engine"},
        description="points of the wish, only where the rulebook is none",
    )


class Requests(dy.Schema):
    """Requests (demandes) of the movements on specific posts: one for each type of movement and discipline."""

    candidate_id = _id("who asks", key=True)
    request = dy.Int64(primary_key=True, min=1, max=500, description="1 is the most wanted")
    type = _id("type of movement (CPGE, DDF, ...)")
    discipline = _id("discipline de mouvement of the posts asked for")
    preference = _id("preparatory classes: the stream preferred, as posts name it", optional=True)
    letter = _flag("the letter of motivation was written")
    file = _flag("the application file was sent")
    opinion = _choice(OPINIONS, "opinion of the inspection where no opinion on the post itself is given", optional=True)


class Links(dy.Schema):
    """Candidates who move together or not at all."""

    link_id = _id("identifier of the link", key=True)
    candidate_id = _id("a member", key=True)


class Opinions(dy.Schema):
    """What the inspection and the head of school say of a candidate for a specific post."""

    candidate_id = _id("who is judged", key=True)
    post_id = _id("for which post", key=True)
    opinion = _choice(OPINIONS, "the opinion of the inspection", optional=True)
    head_opinion = _choice(OPINIONS, "the opinion of the head of school, for movements with requests", optional=True)
    order = dy.Int64(nullable=True, min=1, max=100_000, description="rank of the candidate for the post")


class Extension(dy.Schema):
    """Order of the zones added to mandatory candidates; overrides the table of the rulebook, origin by origin."""

    origin_kind = _choice(WISH_KINDS, "kind of the first wish", key=True)
    origin_code = _id("code of the first wish", key=True)
    position = dy.Int64(primary_key=True, min=1, max=100_000, description="order in which the zones are examined")
    kind = _choice(WISH_KINDS, "kind of the zone added")
    code = _id("code of the zone added")
    school_type = _id("only posts of this type of school; empty = any", optional=True)


class Closures(dy.Schema):
    """Seats taken away where somebody holds them: the rulebook designates who loses his post (carte scolaire)."""

    post_id = _id("the post", key=True)
    seats = dy.Int64(min=1, max=100_000, description="seats to close; vacant ones are closed first")


class Needs(dy.Schema):
    """TZR adjustment: hours a school needs in a discipline for the year. A need is given whole or stays open."""

    need_id = _id("identifier", key=True)
    place_id = _id("the school")
    discipline = _id("discipline de mouvement")
    hours = _hours("hours of teaching a week", optional=False)
    kind = _choice(
        NEED_KINDS, "vacant post, post freed for the year, or fraction (bloc de moyens provisoires)", optional=True
    )


class Attachments(dy.Schema):
    """TZR adjustment: the school of attachment (établissement de rattachement), and those asked for in its place."""

    candidate_id = _id("the TZR", key=True)
    position = dy.Int64(
        primary_key=True, min=0, max=100, description="0 = the school of attachment; 1, 2 ... = asked for, in order"
    )
    place_id = _id("the school")


class Decisions(dy.Schema):
    """Decisions outside the barème: a candidate placed, kept from a placement, or excluded by an authority.

    A pin names a wish, a place or a post (a wish beside a post: that wish, on that post), a forbiddance one of them, an
    exclusion none.
    """

    decision_id = _id("identifier of the decision", key=True)
    candidate_id = _id("whom it is about")
    kind = _choice(DECISIONS, "pin: placed there; forbid: never placed there; exclude: the request takes no part")
    rank = dy.Int64(nullable=True, min=1, max=500, description="the wish, by its rank")
    place_id = _id("the place", optional=True)
    post_id = _id("the post", optional=True)
    reason = _id("why, in words")
    authority = _id("who decided")
    date = dy.Date(min=FIRST_DAY, description="day of the decision")
    ground = _id("revision of an assignment: the reason given, one of those of late requests", optional=True)
    asked = dy.Date(nullable=True, min=FIRST_DAY, description="revision of an assignment: day it was asked for")


class Evidence(dy.Schema):
    """Evidence (pièces justificatives) for a criterion: when it arrived, or that it did not."""

    candidate_id = _id("whose", key=True)
    criterion = _id("the criterion it is for", key=True)
    received = dy.Date(nullable=True, min=FIRST_DAY, description="day it arrived; empty = it did not")
    excuse = _id("reason the services accepted for the delay", optional=True)


class Amendments(dy.Schema):
    """Requests changed after they were made: all wishes as they are from then on, in the place of the first ones."""

    candidate_id = _id("who changes the request", key=True)
    rank = dy.Int64(primary_key=True, min=1, max=500, description="1 is the most wanted; no gaps")
    kind = _choice(WISH_KINDS, "kind of zone asked for")
    code = _id("code of the zone asked for")
    school_type = _id("only posts of this type of school; empty = any", optional=True)
    request = dy.Int64(
        nullable=True, min=1, max=500, description="the request the wish belongs to, where there are any"
    )
    date = dy.Date(min=FIRST_DAY, description="day of the change, the same in all rows of a candidate")
    ground = _id("reason given for a late change, the same in all rows of a candidate", optional=True)


class Corrections(dy.Schema):
    """Points corrected after they were shown: of one criterion, on one wish or on all that it covers."""

    correction_id = _id("identifier of the correction", key=True)
    candidate_id = _id("whose points")
    rank = dy.Int64(
        nullable=True, min=1, max=500, description="the wish, by its rank; empty = all the criterion covers"
    )
    criterion = _id("the criterion")
    points = dy.Int64(
        min=-10_000_000,
        max=1_000_000_000,
        metadata={"unit": "points, at most three decimals; int64 thousandths inside the engine"},
        description="what the criterion gives",
    )
    reason = _id("why, in words")
    authority = _id("who corrected")
    date = dy.Date(min=FIRST_DAY, description="day of the correction")


SCHEMAS: dict[str, type[dy.Schema]] = {
    "places": Places,
    "zones": Zones,
    "posts": Posts,
    "candidates": Candidates,
    "wishes": Wishes,
    "requests": Requests,
    "links": Links,
    "opinions": Opinions,
    "extension": Extension,
    "closures": Closures,
    "needs": Needs,
    "attachments": Attachments,
    "decisions": Decisions,
    "evidence": Evidence,
    "amendments": Amendments,
    "corrections": Corrections,
}
REQUIRED_TABLES = ("places", "posts", "candidates", "wishes")
REQUIRED_COLUMNS: dict[str, tuple[str, ...]] = {
    "places": ("place_id", "kind"),
    "zones": ("zone_kind", "zone_code", "place_id"),
    "posts": ("post_id", "place_id", "discipline", "seats"),
    "candidates": ("candidate_id", "discipline"),
    "wishes": ("candidate_id", "rank", "kind", "code"),
    "requests": ("candidate_id", "request", "type", "discipline"),
    "links": ("link_id", "candidate_id"),
    "opinions": ("candidate_id", "post_id"),
    "extension": ("origin_kind", "origin_code", "position", "kind", "code"),
    "closures": ("post_id", "seats"),
    "needs": ("need_id", "place_id", "discipline", "hours"),
    "attachments": ("candidate_id", "position", "place_id"),
    "decisions": ("decision_id", "candidate_id", "kind", "reason", "authority", "date"),
    "evidence": ("candidate_id", "criterion"),
    "amendments": ("candidate_id", "rank", "kind", "code", "date"),
    "corrections": ("correction_id", "candidate_id", "criterion", "points", "reason", "authority", "date"),
}


def key_columns(table: str) -> list[str]:
    """Names of the columns that identify a row of a table."""
    return [name for name, column in SCHEMAS[table].columns().items() if column.primary_key]


def column_metadata(column: dy.Column) -> dict[str, Any]:
    """What a schema says of a column beyond its type: admissible values, neutral value, unit."""
    return column.metadata or {}


def empty_table(table: str) -> pl.DataFrame:
    """A table without rows, with the columns and types of its schema."""
    return pl.DataFrame(schema={name: column.dtype for name, column in SCHEMAS[table].columns().items()})
