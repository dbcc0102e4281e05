"""Chances in words a teacher understands, in French or in English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.model.words import Language, Words, words_of
from engine.simulation.chances import Chance, Chances
from engine.simulation.folder import Simulation

TELLING = 0.0005
"""Shares below this are not worth a line."""


def simulation_words(language: Language) -> Words:
    """The phrases of reports and those of draws."""
    return words_of(language, "engine.report", "engine.simulation")


def percent(share: float, said: Words) -> str:
    """A share in per cent with one decimal; never a bare 0 or 100 % for what is only near it."""
    rounded = min(max(round(1000 * share), 1 if share > 0 else 0), 999 if share < 1 else 1000)
    return said.share(rounded, 1000)


def named(manifest: dict[str, Any], said: Words) -> str:
    """The campaign of a simulation, and the variant laid on it."""
    name, overlay = str(manifest["campaign"]["id"]), manifest["variant"]
    return name if overlay is None else said("subtitle_variant", subtitle=name, variant=overlay["id"])


def varied(manifest: dict[str, Any], said: Words) -> str:
    """What a simulation draws, in words."""
    noise = f"{manifest['noise']:g}".replace(".", "," if said.language == "fr" else ".")
    return " ; ".join(said(f"vary_{name}", noise=noise) for name in manifest["vary"]).replace(" ;", ",")


def chances_in_words(chances: Chances, simulation: Simulation, language: Language, origin: str | None = None) -> str:
    """The chances as text, wish by wish, with what the numbers mean and what they leave out."""
    said = simulation_words(language)
    return "\n".join(_lines(chances, simulation, said, origin))


def _lines(chances: Chances, simulation: Simulation, said: Words, origin: str | None) -> Iterator[str]:
    draws = simulation.manifest["draws_made"]
    if chances.candidate_id is None:
        points = said.points(chances.wishes[0].points) if chances.wishes else ""
        yield said("chances_of_points", points=points, discipline=chances.discipline, draws=draws)
    else:
        yield said("chances_of_candidate", id=chances.candidate_id, discipline=chances.discipline, draws=draws)
    yield ""
    for wish in chances.wishes:
        yield f"  {_name(wish, said)} : {_likely(wish, said)}".replace(
            " :", "\u00a0:" if said.language == "fr" else ":"
        )
        yield from (f"      {line}" for line in _basis(wish, said))
    for name, share in chances.shares.items():
        if share > TELLING:
            yield "  " + said(f"chance_{name}", share=percent(share, said))
    yield ""
    yield said("chance_means")
    yield said("chance_of_points_means" if chances.candidate_id is None else "chance_of_wishes_means")
    if origin is not None:
        yield said("chance_from", origin=origin)
    what = varied(simulation.manifest, said)
    yield said("chance_varies", what=what, session=str(simulation.manifest["campaign"]["session"]))


def _name(wish: Chance, said: Words) -> str:
    """Rank, name and code of the zone, and the points."""
    place = f"{wish.label} ({wish.code})" if wish.label else f"{wish.kind} {wish.code}"
    place += f" {wish.school_type}" if wish.school_type else ""
    if wish.rank is None:
        return place
    return f"{said('chance_wish', rank=wish.rank)}, {place}, {said.points(wish.points)} pts"


def _likely(wish: Chance, said: Words) -> str:
    if not wish.admissible:
        return said("chance_set_aside")
    if wish.probability is None:
        return said("chance_unknown")
    low, high = percent(wish.low, said), percent(wish.high, said)
    return said("chance_probability", share=percent(wish.probability, said), low=low, high=high)


def _basis(wish: Chance, said: Words) -> Iterator[str]:
    """What the chance rests on: the cutoffs of the draws, free seats, equals."""
    if wish.cutoff is not None and wish.cutoff_low is not None and wish.cutoff_high is not None:
        low, middle, high = (said.points(value) for value in (wish.cutoff_low, wish.cutoff, wish.cutoff_high))
        key = "chance_cutoff_fixed" if low == high else "chance_cutoff"
        yield said(key, low=low, middle=middle, high=high)
    if wish.share_free:
        yield said("chance_free", share=percent(wish.share_free, said))
    if wish.share_closed:
        yield said("chance_closed", share=percent(wish.share_closed, said))
    if wish.tied:
        yield said("chance_tied", share=percent(wish.tied, said))
