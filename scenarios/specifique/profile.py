"""The profile of a population on specific posts: who asks, which posts there are, how candidates are judged."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from scenarios.figures import ByCode, ByCount, Count, Header, Number, Record, Target
from scenarios.territory import succeeded


class Population(Record):
    """How many make requests, those who change post and those who ask for the first time."""

    changes: Count
    first_requests: Count
    agrege_share: Number
    second_request_share: Number
    letter_missing_share: Number
    ages: ByCount


class Posts(Record):
    """Where the posts are: only those vacant and those held by participants count."""

    type: Literal["CPGE"]
    discipline: str
    schools: Count
    vacant: Count
    prestige_in_size: Number
    schools_by_academy: ByCode
    streams: ByCode


class Choices(Record):
    """Random utility of a school, in units of the scale of its Gumbel noise."""

    attractiveness: ByCode
    prestige: Number
    home: Number
    distance_per_100_km: Number
    preferred_stream: Number
    wishes: ByCount
    kinds: ByCode


class Judgements(Record):
    """Opinions and orders; the merit behind them is drawn."""

    opinions: ByCode
    experience: Number
    noise: Number
    ranked_per_post: Count
    head_opinion_share: Number
    head_opinions: ByCode


class Outcome(Record):
    """Published results the campaign is held to by tests; nothing here is read by the generator."""

    appointments: Target
    success: Target


class SpecifiqueProfile(Header):
    """Everything the generator knows of a population on specific posts."""

    signed: ClassVar[frozenset[str]] = frozenset({"attractiveness"})

    movement: Literal["specifique"]
    session: int = Field(ge=2010)
    population: Population
    posts: Posts
    choices: Choices
    judgements: Judgements
    outcome: Outcome

    def dated(self, session: int, seed: int) -> SpecifiqueProfile:
        """The profile for another session, its schools in the académies of that one; a worth is no sum and stays."""
        schools = self.posts.schools_by_academy
        there = schools.model_copy(update={"value": succeeded(schools.value, session)})
        posts = self.posts.model_copy(update={"schools_by_academy": there})
        named = f"{self.movement}-{session}"
        return self.model_copy(update={"id": named, "session": session, "seed": seed, "posts": posts})
