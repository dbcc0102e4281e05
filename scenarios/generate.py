"""`generate`: a campaign folder from a profile, or a copy of a ready campaign.

profile -> people, careers, situations, wishes, seats -> tables -> folder
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import polars as pl

from scenarios.careers import draw_careers
from scenarios.choices import draw_wishes
from scenarios.draws import Streams, choose
from scenarios.figures import Header, ScenarioError
from scenarios.interdepartemental.generate import interdepartemental_tables
from scenarios.interdepartemental.profile import InterdepartementalProfile
from scenarios.intra.generate import intra_tables
from scenarios.intra.profile import IntraProfile
from scenarios.later import with_later
from scenarios.links import MOST_PAIRS, with_links
from scenarios.loading import CampaignProfile, load_profile
from scenarios.people import draw_people
from scenarios.profile import Profile
from scenarios.seats import draw_seats
from scenarios.situations import draw_bonuses, draw_families
from scenarios.specifique.generate import specifique_tables
from scenarios.specifique.profile import SpecifiqueProfile
from scenarios.tables import Drawn, campaign_tables
from scenarios.territory import Territory, territory
from scenarios.tzr.generate import tzr_tables
from scenarios.tzr.profile import TzrProfile
from scenarios.writing import copy_campaign, new_folder, ready_campaigns, write_campaign
from scenarios.year.generate import year_campaigns, year_toml
from scenarios.year.profile import YearProfile

__all__ = ["Format", "ScenarioError", "draw", "generate"]

Format = Literal["parquet", "csv"]


def generate(
    profile: str | Path,
    folder: Path,
    seed: int | None = None,
    scale: float = 1.0,
    format: Format = "parquet",
    geography: Path | None = None,
    links: int | None = None,
    later: bool = False,
) -> Path:
    """Write a campaign folder.

    Parameters
    ----------
    profile : name of a profile that ships (``"inter-2025"``), path of a TOML profile, or name of a ready campaign or
        legal case (``"tiny"``, ``"W1"``), which is copied as it is: nothing else is then of any effect.
    folder : where to write; must not exist.
    seed : of every draw; by default the profile's.
    scale : size relative to the profile's population; 0.01 for a try, 10 for a stress test.
    geography : folder with the real communes and schools (`scenarios.intra.reading`), for an intra profile; without it
        they are drawn.
    links : pairs of linked requests; by default the profile's, in proportion to the scale, 1,500 at the most.
    later : whether a small assumed share of the requests is late, changed, cancelled, corrected or decided on
        (`scenarios.later`): inter, intra and interdépartemental.

    Returns
    -------
    The folder. The same profile, seed, scale and geography always give the same tables.

    Raises
    ------
    ScenarioError
        Unknown or unreadable profile or geography, absurd scale or seed, folder that exists or cannot be written.
    """
    if str(profile) in ready_campaigns():
        return copy_campaign(str(profile), Path(folder))
    plan = load_profile(profile, others=ready_campaigns())
    seed = plan.seed if seed is None else seed
    if not 0 < scale <= 1000 or seed < 0:
        raise ScenarioError(f"scale {scale}, seed {seed}: the scale is above 0, at most 1000; the seed 0 or more.")
    if isinstance(plan, YearProfile):
        return _year(plan, Path(folder), seed, scale, format, geography, links)
    tables = _tables(plan, seed, scale, geography, _num_links(plan, scale, links))
    if later:
        tables = _with_later(plan, tables, seed, scale)
    return write_campaign(Path(folder), plan, seed, scale, tables, format, _about_places(plan, geography))


def _with_later(
    plan: CampaignProfile, tables: dict[str, pl.DataFrame], seed: int, scale: float
) -> dict[str, pl.DataFrame]:
    if plan.movement not in ("inter", "intra", "interdepartemental"):
        raise ScenarioError(f"{plan.id}: nothing is drawn to come later at the movement {plan.movement}.")
    return with_later(tables, plan.rulebook, plan.session, seed, scale)


def _num_links(plan: CampaignProfile, scale: float, links: int | None) -> int:
    """Pairs of linked requests: those asked for, else the profile's, 1,500 at the most."""
    if isinstance(plan, SpecifiqueProfile | TzrProfile):
        if links:
            raise ScenarioError(f"{plan.id}: a request of this movement is one person's, and there are no links.")
        return 0
    return _num_pairs(plan.links.pairs.value, scale) if links is None else links


def _num_pairs(pairs: int, scale: float) -> int:
    return min(round(pairs * scale), MOST_PAIRS)


def _year(
    plan: YearProfile,
    folder: Path,
    seed: int,
    scale: float,
    format: Format,
    geography: Path | None,
    links: int | None,
) -> Path:
    """Write a year folder: year.toml and its campaigns. The number of links is that of the inter."""

    def alone(profile: Header, seed: int, scale: float) -> dict[str, pl.DataFrame]:
        assert isinstance(profile, CampaignProfile)
        if profile.movement != "inter":
            return _tables(profile, seed, scale, None, _num_links(profile, scale, None))
        pairs = _num_pairs(plan.links.pairs.value, scale) if links is None else links
        return _tables(profile, seed, scale, None, pairs)

    campaigns = year_campaigns(plan, seed, scale, geography, alone)
    with new_folder(folder) as draft:
        (draft / "year.toml").write_text(year_toml(plan, campaigns, seed, scale), encoding="utf-8", newline="\n")
        for name, (profile, tables) in campaigns.items():
            assert isinstance(profile, CampaignProfile)
            about = _about_places(profile, geography)
            write_campaign(draft / name, profile, seed, scale, tables, format, about)
    return folder


def _about_places(plan: CampaignProfile, geography: Path | None) -> str:
    if isinstance(plan, Profile):
        return "Académies are real."
    if isinstance(plan, SpecifiqueProfile):
        return "Académies and départements are real, schools fictitious."
    if isinstance(plan, InterdepartementalProfile):
        return "Départements are real."
    return "Communes and schools are " + ("fictitious." if geography is None else "those of a geography that was read.")


def _tables(
    plan: CampaignProfile, seed: int, scale: float, geography: Path | None, pairs: int
) -> dict[str, pl.DataFrame]:
    if isinstance(plan, IntraProfile):
        return with_links(intra_tables(plan, seed, scale, geography), plan.links, pairs, Streams(seed))
    if isinstance(plan, TzrProfile):
        return tzr_tables(plan, seed, scale, geography)
    if geography is not None:
        raise ScenarioError(f"{plan.id} has no schools: it takes no geography.")
    if isinstance(plan, SpecifiqueProfile):
        return specifique_tables(plan, seed, scale)
    if isinstance(plan, InterdepartementalProfile):
        return interdepartemental_tables(plan, seed, scale, pairs)
    land = territory(plan.session)
    tables = campaign_tables(plan, land, draw(plan, land, seed, scale))
    return with_links(tables, plan.links, pairs, Streams(seed))


def draw(profile: Profile, land: Territory, seed: int, scale: float) -> Drawn:
    """Draw a whole inter-académique population in memory; each subject has its own stream of random numbers."""
    streams = Streams(seed)
    people = draw_people(profile, land, streams, scale)
    kinds = choose([row.corps for row in profile.population.disciplines.value.values()], people.discipline)
    career = draw_careers(profile.careers, profile.session, kinds, people, streams)
    family = draw_families(profile, land, people, career, streams)
    bonuses = draw_bonuses(profile, land, people, career, family, streams)
    ranking, length = draw_wishes(profile, land, people, family, bonuses, streams)
    seats = draw_seats(profile, land, people, streams)
    return Drawn(people, career, family, bonuses, ranking, length, seats)
