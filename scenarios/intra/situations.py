"""Family strategies and the other situations that earn points at the intra."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scenarios.careers import Career
from scenarios.draws import Flags, Ints, Streams, Words, choose
from scenarios.intra.atlas import NOWHERE, Atlas
from scenarios.intra.people import People
from scenarios.intra.posts import Posts
from scenarios.intra.profile import PLACE_TYPES, REPLACEMENT, Discipline, IntraProfile
from scenarios.intra.profile import Bonuses as Shares
from scenarios.intra.scene import Tastes

CHILD_STRATEGIES = ("autorite_parentale_conjointe", "residence_enfant", "parent_isole")


@dataclass(frozen=True, eq=False)
class Family:
    """Family strategy of each candidate; the spouse or the child lives in the commune of his home.

    Attributes
    ----------
    strategy : object[n], or None
    children, separation_years, separation_half_years : int64[n]
    """

    strategy: Words
    children: Ints
    separation_years: Ints
    separation_half_years: Ints

    @property
    def has_strategy(self) -> Flags:
        """bool[n]: those who have one."""
        return self.strategy.astype(np.bool_)  # a word is true, None is not


@dataclass(frozen=True, eq=False)
class Bonuses:
    """Situations outside family and career.

    Attributes
    ----------
    disability, boe, trainee_points, returns : bool[n]; who has a right of return has it to the département of his home
    preferential_years, former_contract_echelon, zr_years : int64[n]
    recruitment : object[n], discipline of recruitment where it matters, else None
    """

    disability: Flags
    boe: Flags
    trainee_points: Flags
    returns: Flags
    preferential_years: Ints
    former_contract_echelon: Ints
    zr_years: Ints
    recruitment: Words


def draw_families(
    profile: IntraProfile, atlas: Atlas, posts: Posts, people: People, career: Career, streams: Streams
) -> Family:
    """Draw the family strategies."""
    families, count = profile.families, len(people)
    strategy = np.where(
        people.mandatory,
        streams.label("family_mandatory", count, families.mandatory.value),
        streams.label("family_holders", count, families.holders.value),
    )
    some = strategy != "none"
    strategy[~some] = None
    children = streams.number("children", count, families.children.value)
    children = np.where(np.isin(strategy.astype(str), CHILD_STRATEGIES), np.maximum(children, 1), children)
    years, halves = _separation(profile, atlas, posts, people, career, streams)
    return Family(
        strategy=strategy,
        children=np.where(some, children, 0),
        separation_years=np.where(some, years, 0),
        separation_half_years=np.where(some, halves, 0),
    )


def _separation(
    profile: IntraProfile, atlas: Atlas, posts: Posts, people: People, career: Career, streams: Streams
) -> tuple[Ints, Ints]:
    """Full years of separation, and years that count for half.

    Holders: at most the years in the post, where it is in another département than the family. Stagiaires: at most the
    training year, which was elsewhere.
    """
    families, count = profile.families, len(people)
    drawn = np.minimum(streams.number("separation", count, families.separation_years.value), career.post_years)
    trainee = people.category != "titulaire"
    one = streams.flags("trainee_separation", count, families.trainee_separation_share.value)
    served = np.where(people.own == NOWHERE, NOWHERE, atlas.zone_of["DPT"][posts.place[people.own]])
    apart = served != atlas.commune_department[people.home]
    years = np.where(apart, np.where(trainee, one, drawn), 0)
    half = streams.flags("half_year", count, families.half_year_share.value)
    return years, np.where(half & (years > 0) & ~trainee, 1, 0)


def draw_bonuses(
    profile: IntraProfile,
    disciplines: list[Discipline],
    posts: Posts,
    people: People,
    career: Career,
    family: Family,
    streams: Streams,
) -> Bonuses:
    """Draw the other situations."""
    bonuses, count = profile.bonuses, len(people)
    newcomer = people.category == "stagiaire"
    contract = newcomer & streams.flags("former_contract", count, bonuses.former_contract_share.value)
    echelon = streams.number("former_contract_echelon", count, bonuses.former_contract_echelons.value)
    used = streams.flags("trainee_points", count, bonuses.trainee_points_share.value)
    disability = streams.flags("disability", count, bonuses.disability_share.value)
    again = streams.flags("preferential", count, bonuses.preferential_share.value)
    again &= ~people.mandatory & ~family.has_strategy
    years = streams.number("preferential_years", count, bonuses.preferential_years.value)
    on_replacement = (people.own != NOWHERE) & posts.replacement[people.own]
    return Bonuses(
        disability=disability,
        boe=disability | streams.flags("boe", count, bonuses.boe_share.value),
        trainee_points=(people.category != "titulaire") & ~contract & used,
        returns=_returns(profile, people, streams),
        preferential_years=np.where(again, np.minimum(years, career.post_years), 0),
        former_contract_echelon=np.where(contract, echelon, 0),
        zr_years=np.where(on_replacement, career.post_years, 0),
        recruitment=_recruitment(disciplines, people, career, streams),
    )


def _returns(profile: IntraProfile, people: People, streams: Streams) -> Flags:
    """Who comes back to a former post: all who were civil servants, titulaires without a post in a share."""
    right = streams.flags("reinstatement", len(people), profile.bonuses.reinstatement_share.value)
    servant = people.category == "stagiaire_ex_fonctionnaire"
    returning: Flags = servant | (people.mandatory & ~people.hit & (people.category == "titulaire") & right)
    return returning


def _recruitment(disciplines: list[Discipline], people: People, career: Career, streams: Streams) -> Words:
    """Discipline of recruitment where the discipline of the movement restricts it, by corps; else None."""
    uniform = streams.uniform("recruitment", len(people))
    found = np.full(len(people), None, dtype=np.object_)
    for number, discipline in enumerate(disciplines):
        for corps, codes in discipline.recruitment.items():
            rows = np.flatnonzero((people.discipline == number) & (career.corps == corps))
            found[rows] = choose(codes, np.floor(uniform[rows] * len(codes)).astype(np.int64))
    return found


def with_certified_in_lp(bonuses: Shares, career: Career, streams: Streams) -> Career:
    """The careers with some certifiés among those who take part in a discipline of the PLP."""
    some = streams.flags("certified_in_lp", len(career.corps), bonuses.certified_in_lp_share.value)
    return replace(career, corps=np.where(some & (career.corps == "plp"), "certifie", career.corps))


def draw_tastes(
    profile: IntraProfile, atlas: Atlas, posts: Posts, people: People, career: Career, family: Family, streams: Streams
) -> Tastes:
    """Draw what makes candidates differ in what they ask for.

    A type of school is named where the discipline is taught in schools of that type and of others.
    """
    choices, count = profile.choices, len(people)
    kinds = choices.type_asked.value
    number = np.array([NOWHERE if kind == "any" else PLACE_TYPES.index(kind) for kind in kinds])
    asked = number[streams.pick("asked_type", count, list(kinds.values()))]
    taught = np.zeros((posts.num_disciplines, len(PLACE_TYPES)), dtype=np.bool_)
    taught[posts.discipline, atlas.type_of[posts.place]] = True
    taught &= taught[:, : PLACE_TYPES.index(REPLACEMENT)].sum(axis=1)[:, None] > 1
    return Tastes(
        asked_type=np.where(taught[people.discipline, asked], asked, NOWHERE),
        lycee=np.where(career.corps == "agrege", choices.lycee_for_agreges.value, 0.0),
        town=np.where(people.mandatory, choices.town_for_mandatory.value, choices.town.value),
        department=np.where(family.has_strategy, choices.family_department.value, 0.0),
    )
