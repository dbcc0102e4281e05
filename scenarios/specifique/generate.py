"""The way of a population on specific posts: posts, people, wishes, opinions, tables."""

from __future__ import annotations

import polars as pl

from scenarios.draws import Streams
from scenarios.specifique import tables
from scenarios.specifique.choices import draw_wishes
from scenarios.specifique.land import draw_land
from scenarios.specifique.opinions import draw_post_opinions, draw_request_opinions
from scenarios.specifique.people import draw_people
from scenarios.specifique.profile import SpecifiqueProfile


def specifique_tables(profile: SpecifiqueProfile, seed: int, scale: float) -> dict[str, pl.DataFrame]:
    """Draw a population on specific posts and lay it out as tables; each subject has its own stream of numbers."""
    streams = Streams(seed)
    population = profile.population
    holders, newcomers = (max(1, round(n.value * scale)) for n in (population.changes, population.first_requests))
    land = draw_land(profile, streams, holders + max(1, round(profile.posts.vacant.value * scale)), scale)
    people = draw_people(profile, land, streams, holders, holders + newcomers)
    wishes = draw_wishes(profile, land, people, streams)
    places = tables.places_table(profile, land)
    opinion = draw_request_opinions(profile, people, streams)
    reached = tables.reached_posts(wishes, places, land)
    told = draw_post_opinions(profile, people, reached, opinion, streams)
    names, posts = tables.candidate_ids(len(people)), tables.posts_table(profile, land, people)
    return {
        "places": places,
        "posts": posts,
        "candidates": tables.candidates_table(profile, people),
        "wishes": tables.wishes_table(wishes, places, len(people)),
        "requests": tables.requests_table(profile, people, wishes, opinion),
        "opinions": told.select(
            candidate_id=names.gather(told["candidate"]),
            post_id=posts["post_id"].gather(told["post"]),
            head_opinion="head_opinion",
            order="order",
        ),
    }
