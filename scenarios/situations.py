"""Family strategies and the other situations that earn points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.model.geography import INNER_PARIS
from scenarios.careers import Career
from scenarios.draws import Flags, Ints, Streams, Words, choose, only_where
from scenarios.people import NOWHERE, People
from scenarios.profile import Profile
from scenarios.territory import Territory

FAMILIES = ("rapprochement_conjoints", "autorite_parentale_conjointe")


@dataclass(frozen=True, eq=False)
class Family:
    """Family strategy of each candidate, and where it points to.

    Attributes
    ----------
    strategy : object[n], a member of `FAMILIES` or None
    academy : int64[n], index of the académie of the spouse or of the child, `NOWHERE` without strategy
    department : object[n], its département, or None
    service_department : object[n], département holders work in, None for the others
    children, separation_years, separation_half_years : int64[n]
    """

    strategy: Words
    academy: Ints
    department: Words
    service_department: Words
    children: Ints
    separation_years: Ints
    separation_half_years: Ints


@dataclass(frozen=True, eq=False)
class Bonuses:
    """Situations outside family and career; académies are indices, `NOWHERE` where there is none.

    Attributes
    ----------
    overseas_interests, reinstatement : int64[n], académies
    disability, boe, trainee_points : bool[n]; the académie of the disability bonus is the first wish
    preferential_years, former_contract_echelon, priority_education_years : int64[n]
    priority_education : object[n], REP, REP+ or None
    """

    overseas_interests: Ints
    reinstatement: Ints
    disability: Flags
    boe: Flags
    trainee_points: Flags
    preferential_years: Ints
    former_contract_echelon: Ints
    priority_education: Words
    priority_education_years: Ints


def draw_families(profile: Profile, land: Territory, people: People, career: Career, streams: Streams) -> Family:
    """Draw the family strategies."""
    families, count = profile.families, len(people)
    strategy = np.where(
        people.mandatory,
        streams.label("family_mandatory", count, families.mandatory.value),
        streams.label("family_holders", count, families.holders.value),
    )
    strategy[strategy == "none"] = None
    some = np.isin(strategy.astype(str), FAMILIES)
    academy = np.where(some, _spouse(profile, land, people, streams), NOWHERE)
    children = streams.number("children", count, families.children.value)
    children = np.where(strategy == "autorite_parentale_conjointe", np.maximum(children, 1), children)
    department = draw_departments(land, academy, "spouse_department", streams)
    service = draw_departments(land, people.held, "service_department", streams)
    together = np.isin(department.astype(str), INNER_PARIS) & np.isin(service.astype(str), INNER_PARIS)
    years, halves = _separation(profile, people, career, academy, together, streams)
    return Family(
        strategy=strategy,
        academy=academy,
        department=department,
        service_department=service,
        children=np.where(some, children, 0),
        separation_years=np.where(some, years, 0),
        separation_half_years=np.where(some, halves, 0),
    )


def draw_bonuses(
    profile: Profile, land: Territory, people: People, career: Career, family: Family, streams: Streams
) -> Bonuses:
    """Draw the other situations."""
    bonuses, count = profile.bonuses, len(people)
    trainee = people.mandatory & (people.category != "titulaire")
    under_contract = (people.category == "stagiaire") & streams.flags(
        "former_contract", count, bonuses.former_contract_share.value
    )
    contract_echelon = streams.number("former_contract_echelon", count, bonuses.former_contract_echelons.value)
    used = streams.flags("trainee_points", count, bonuses.trainee_points_share.value)
    disability = streams.flags("disability", count, bonuses.disability_share.value)
    school, school_years = _priority_education(profile, land, people, career, streams)
    return Bonuses(
        overseas_interests=_overseas(profile, land, people, streams),
        reinstatement=_reinstatement(profile, people, streams),
        disability=disability,
        boe=disability | streams.flags("boe", count, bonuses.boe_share.value),
        trainee_points=trainee & ~under_contract & used,
        preferential_years=_preferential_years(profile, people, career, family, streams),
        former_contract_echelon=np.where(under_contract, contract_echelon, 0),
        priority_education=school,
        priority_education_years=school_years,
    )


def _spouse(profile: Profile, land: Territory, people: People, streams: Streams) -> Ints:
    """Where the spouse is: at home in the share of the profile, else by inhabitants and distance; never where held."""
    families = profile.families
    inhabitants = land.weights("inhabitants", profile.places.inhabitants.value)
    nearness = np.exp(-land.kilometres / families.spouse_distance_scale_km.value)
    np.fill_diagonal(nearness, 0.0)
    weights = np.vstack([inhabitants * nearness, inhabitants])
    elsewhere = streams.pick_rows("spouse", weights, people.held)
    at_home = streams.flags("spouse_at_home", len(people), families.spouse_at_home_share.value)
    return np.where(at_home, people.home, elsewhere)


def draw_departments(land: Territory, academy: Ints, subject: str, streams: Streams) -> Words:
    """One of the départements of each académie, all as likely; None where there is no académie."""
    sizes = np.array([len(names) for names in land.departments])
    position = np.floor(streams.uniform(subject, len(academy)) * sizes[academy]).astype(np.int64)
    starts = np.cumsum(sizes) - sizes
    names = [name for group in land.departments for name in group]
    return only_where(academy != NOWHERE, choose(names, starts[academy] + position))


def _separation(
    profile: Profile, people: People, career: Career, academy: Ints, together: Flags, streams: Streams
) -> tuple[Ints, Ints]:
    """Full years of separation, and years that count for half.

    Holders: at most the years in the post, none where both work in 75, 92, 93 or 94, which are one entity (RULES 1.3).
    Trainees: at most the training year, where the spouse is in another académie.
    """
    families, count = profile.families, len(people)
    drawn = np.minimum(streams.number("separation", count, families.separation_years.value), career.post_years)
    trainee = people.category != "titulaire"
    one = streams.flags("trainee_separation", count, families.trainee_separation_share.value)
    base = np.where(people.mandatory, people.training, people.held)
    apart = (base != academy) & (base != NOWHERE) & ~together
    years = np.where(apart, np.where(trainee, one, drawn), 0)
    half = streams.flags("half_year", count, families.half_year_share.value)
    return years, np.where(half & (years > 0) & ~trainee, 1, 0)


def _priority_education(
    profile: Profile, land: Territory, people: People, career: Career, streams: Streams
) -> tuple[Words, Ints]:
    """REP or REP+ school of holders, and the years served there: those in the post."""
    share = land.weights("priority_education_share", profile.places.priority_education_share.value)
    concerned = streams.flags("priority_education", len(people), share[people.held]) & ~people.mandatory
    plus = streams.flags("rep_plus", len(people), profile.careers.rep_plus_share.value)
    label = only_where(concerned, choose(["REP", "REP+"], plus.astype(np.int64)))
    return label, np.where(concerned, career.post_years, 0)


def _overseas(profile: Profile, land: Territory, people: People, streams: Streams) -> Ints:
    """The overseas académie where interests are recognised: that of origin."""
    recognised = streams.flags("overseas_interests", len(people), profile.bonuses.overseas_interests_share.value)
    return np.where(recognised & land.overseas[people.home], people.home, NOWHERE)


def _reinstatement(profile: Profile, people: People, streams: Streams) -> Ints:
    """The académie a mandatory candidate has a right to return to: that of origin.

    Stagiaires who were civil servants all have one, titulaires without a post in a share.
    """
    right = streams.flags("reinstatement", len(people), profile.bonuses.reinstatement_share.value)
    servant = people.category == "stagiaire_ex_fonctionnaire"
    returning = people.mandatory & (servant | ((people.category == "titulaire") & right))
    return np.where(returning, people.home, NOWHERE)


def _preferential_years(profile: Profile, people: People, career: Career, family: Family, streams: Streams) -> Ints:
    """Consecutive years of the same first wish, for holders without a family strategy."""
    bonuses, count = profile.bonuses, len(people)
    concerned = streams.flags("preferential", count, bonuses.preferential_share.value)
    concerned &= ~people.mandatory & (family.academy == NOWHERE)
    drawn = streams.number("preferential_years", count, bonuses.preferential_years.value)
    return np.where(concerned, np.minimum(drawn, career.post_years), 0)
