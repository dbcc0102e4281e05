"""Who takes part: discipline, what is held, where people come from, where they were trained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.draws import Flags, Floats, Ints, Streams, Words, apportion
from scenarios.figures import ScenarioError
from scenarios.profile import Profile
from scenarios.territory import Territory

NOWHERE = -1


@dataclass(frozen=True, eq=False)
class People:
    """One entry per candidate, in an order that means nothing.

    Attributes
    ----------
    mandatory : bool[n]; the others hold a post
    discipline : int64[n], index into the disciplines of the profile
    held : int64[n], index of the académie of the post held, `NOWHERE` for mandatory candidates
    home : int64[n], index of the académie they come from
    training : int64[n], index of the académie of the training year, `NOWHERE` where there is none
    category : object[n], titulaire, stagiaire ...
    """

    mandatory: Flags
    discipline: Ints
    held: Ints
    home: Ints
    training: Ints
    category: Words

    def __len__(self) -> int:
        return len(self.mandatory)


def draw_people(profile: Profile, land: Territory, streams: Streams, scale: float) -> People:
    """Draw the candidates of a population; numbers per discipline are exact, the rest is random."""
    mandatory, discipline = _enrolled(profile, streams, scale)
    count = len(mandatory)
    held = np.full(count, NOWHERE)
    held[~mandatory] = _held(profile, land, streams, int((~mandatory).sum()))
    category = np.where(
        mandatory,
        streams.label("mandatory_category", count, profile.population.mandatory_categories.value),
        streams.label("holder_category", count, profile.population.holder_categories.value),
    )
    training = streams.pick("training", count, land.weights("training", profile.places.training.value))
    training = np.where(mandatory & (category != "titulaire"), training, NOWHERE)
    return People(
        mandatory=mandatory,
        discipline=discipline,
        held=held,
        home=_home(profile, land, streams, held, training),
        training=training,
        category=category,
    )


def _enrolled(profile: Profile, streams: Streams, scale: float) -> tuple[Flags, Ints]:
    """Mandatory or not, and the discipline of each, shuffled."""
    disciplines = profile.population.disciplines.value.values()
    totals = {
        False: (profile.population.holders.value, [d.holders for d in disciplines]),
        True: (profile.population.mandatory.value, [d.mandatory for d in disciplines]),
    }
    parts = [
        (flag, apportion(round(total * scale), np.array(weights, dtype=np.float64)))
        for flag, (total, weights) in totals.items()
    ]
    mandatory = np.concatenate([np.full(counts.sum(), flag) for flag, counts in parts])
    discipline = np.concatenate([np.repeat(np.arange(len(counts)), counts) for _, counts in parts])
    if len(mandatory) == 0:
        raise ScenarioError(f"scale {scale} leaves nobody; the profile has {totals[False][0] + totals[True][0]} people")
    order = np.argsort(streams.uniform("order", len(mandatory)), kind="stable")
    return mandatory[order], discipline[order]


def _held(profile: Profile, land: Territory, streams: Streams, count: int) -> Ints:
    """The académie each holder holds a post in: Île-de-France in the published share, exactly; then by weights."""
    places = profile.places
    inside = land.weights("holders_ile_de_france", places.holders_ile_de_france.value, complete=False)
    outside = land.weights("holders_elsewhere", places.holders_elsewhere.value, complete=False)
    share = places.holders_ile_de_france_share.value
    return streams.allot("held", count, share * inside / inside.sum() + (1 - share) * outside / outside.sum())


def _home(profile: Profile, land: Territory, streams: Streams, held: Ints, training: Ints) -> Ints:
    """Where each comes from.

    Holders: by inhabitants and pull, never where the post is held, since they ask to leave it. Mandatory candidates:
    where they are trained in the share of the profile, else by inhabitants.
    """
    inhabitants = land.weights("inhabitants", profile.places.inhabitants.value)
    attractiveness = land.weights("attractiveness", profile.places.attractiveness.value)
    pulled = inhabitants * np.exp(profile.choices.home_pull.value * attractiveness)
    elsewhere = streams.pick_rows("home", rows_by_post_held(pulled, inhabitants), held)
    stayed = streams.flags("trained_at_home", len(held), profile.choices.trained_at_home_share.value)
    return np.where(stayed & (training != NOWHERE), training, elsewhere)


def rows_by_post_held(holder: Floats, mandatory: Floats) -> Floats:
    """float64[a + 1, a]: weights by académie held, which is left out; the last row for those who hold nothing."""
    rows = np.tile(holder, (len(holder), 1))
    np.fill_diagonal(rows, 0.0)
    return np.vstack([rows, mandatory])
