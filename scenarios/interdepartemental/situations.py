"""Family strategies and the other situations that earn points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.careers import Career
from scenarios.draws import Flags, Ints, Streams, Words, choose, only_where
from scenarios.interdepartemental.land import Land
from scenarios.interdepartemental.people import ALONE, People
from scenarios.interdepartemental.profile import InterdepartementalProfile

NOWHERE = -1
MONTHS = 12


@dataclass(frozen=True, eq=False)
class Situations:
    """One entry per candidate; départements are indices, `NOWHERE` where there is none.

    Attributes
    ----------
    department_months : int64[n], months in the département
    strategy : object[n], family strategy or None
    family : int64[n], département of the spouse or of the child
    children, separation_years, separation_half_years, renewal_years, profile_post_years : int64[n]
    overseas_interests : int64[n], département of origin overseas
    disability, boe : bool[n]; the département of the disability bonus is the first wish
    priority_education : object[n], REP, REP+, CLA or None
    priority_education_years : int64[n]
    """

    department_months: Ints
    strategy: Words
    family: Ints
    children: Ints
    separation_years: Ints
    separation_half_years: Ints
    renewal_years: Ints
    profile_post_years: Ints
    overseas_interests: Ints
    disability: Flags
    boe: Flags
    priority_education: Words
    priority_education_years: Ints


def draw_situations(
    profile: InterdepartementalProfile, land: Land, people: People, career: Career, streams: Streams
) -> Situations:
    """Draw the situations of everybody. Who is linked to another asks with him, not for his family."""
    families, bonuses, count = profile.families, profile.bonuses, len(people)
    alone = people.link == ALONE
    strategy = only_where(alone, streams.label("family", count, families.strategies.value))
    strategy[strategy == "none"] = None
    some = strategy.astype(str) != "None"
    children = streams.number("children", count, families.children.value)
    children = np.where(strategy == "autorite_parentale_conjointe", np.maximum(children, 1), children)
    years = np.minimum(streams.number("separation", count, families.separation_years.value), career.post_years)
    half = streams.flags("half_year", count, families.half_year_share.value) & (years > 0)
    school, school_years = _priority_education(profile, land, people, career, streams)
    renewals = np.minimum(streams.number("renewal_years", count, bonuses.renewal_years.value), career.post_years)
    disability = streams.flags("disability", count, bonuses.disability_share.value)
    native = land.overseas[people.home] & alone
    interests = streams.flags("overseas_interests", count, bonuses.overseas_interests_share.value) & native & ~some
    at_profile_post = streams.flags("profile_post", count, bonuses.profile_post_share.value)
    return Situations(
        department_months=career.post_years * MONTHS + _months(count, streams),
        strategy=strategy,
        family=np.where(some, _spouse(profile, land, people, streams), NOWHERE),
        children=np.where(some, children, 0),
        separation_years=np.where(some, years, 0),
        separation_half_years=np.where(some & half, 1, 0),
        renewal_years=np.where(streams.flags("renewal", count, bonuses.renewal_share.value), renewals, 0),
        profile_post_years=np.where(at_profile_post, career.post_years, 0),
        overseas_interests=np.where(interests, people.home, NOWHERE),
        disability=disability,
        boe=disability | streams.flags("boe", count, bonuses.boe_share.value),
        priority_education=school,
        priority_education_years=school_years,
    )


def _months(count: int, streams: Streams) -> Ints:
    """Months beyond full years: most arrive in September."""
    late = streams.flags("arrived_during_the_year", count, 0.15)
    return np.where(late, np.floor(streams.uniform("months", count) * MONTHS), 0).astype(np.int64)


def _spouse(profile: InterdepartementalProfile, land: Land, people: People, streams: Streams) -> Ints:
    """Where the spouse is: at home in the share of the profile, else by inhabitants and distance; never where held."""
    families = profile.families
    inhabitants = land.values("inhabitants", profile.places.inhabitants.value)
    nearness = np.exp(-land.kilometres / families.spouse_distance_scale_km.value)
    np.fill_diagonal(nearness, 0.0)
    elsewhere = streams.pick_rows("spouse", inhabitants * nearness, people.held)
    at_home = streams.flags("spouse_at_home", len(people), families.spouse_at_home_share.value)
    return np.where(at_home & (people.home != people.held), people.home, elsewhere)


def _priority_education(
    profile: InterdepartementalProfile, land: Land, people: People, career: Career, streams: Streams
) -> tuple[Words, Ints]:
    """REP, REP+ or CLA school, and the years served there: those in the département."""
    share = land.values("priority_education_share", profile.places.priority_education_share.value, 0.12)
    count = len(people)
    concerned = streams.flags("priority_education", count, share[people.held])
    plus = streams.flags("rep_plus", count, profile.careers.rep_plus_share.value)
    contract = streams.flags("cla", count, profile.bonuses.locally_contracted_share.value) & ~concerned
    label = only_where(concerned | contract, choose(["REP", "REP+", "CLA"], np.where(contract, 2, plus)))
    return label, np.where(concerned | contract, career.post_years, 0)
