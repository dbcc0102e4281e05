"""A year folder: its campaigns, year.toml, and what the links between them read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from scenarios.draws import Streams
from scenarios.figures import Figure, Header
from scenarios.interdepartemental.profile import InterdepartementalProfile
from scenarios.intra.generate import draw_intra
from scenarios.intra.profile import IntraProfile
from scenarios.intra.tables import Drawn, campaign_tables
from scenarios.links import with_links
from scenarios.loading import load_profile
from scenarios.profile import Profile
from scenarios.specifique.profile import SpecifiqueProfile
from scenarios.tzr.profile import TzrProfile
from scenarios.year.entrants import entrant_tables
from scenarios.year.profile import YearProfile
from scenarios.year.replacement import replacement_of_year
from scenarios.year.same import Tables, as_in_inter, holders_in_intra, renamed
from scenarios.year.specific import specific_of_year

Others = Callable[[Header, int, float], Tables]
Campaign = tuple[Header, Tables]

LINKS = (
    ("retained", "specifique", "inter"),
    ("retained", "specifique", "intra"),
    ("departed", "specifique", "tzr"),
    ("entrants", "inter", "intra"),
    ("departed", "inter", "tzr"),
    ("replacement", "intra", "tzr"),
)
"""Name, source and target of the links of a year (`engine.year.links`)."""

NOBODY = pl.DataFrame(schema={"candidate_id": pl.String, "person": pl.String})


def year_campaigns(
    plan: YearProfile, seed: int, scale: float, geography: Path | None, tables_of: Others
) -> dict[str, Campaign]:
    """The campaigns of a year by movement, with the profile each was drawn from.

    Parameters
    ----------
    tables_of : draws the population of a profile that stands for itself
    """
    inter_plan, intra_plan = _profiles(plan)
    inter = tables_of(inter_plan, seed, scale)
    drawn, intra = _intra(plan, intra_plan, inter, seed, scale, geography)
    specific_plan, tzr_plan = load_profile(plan.campaigns.specifique), load_profile(plan.campaigns.tzr)
    assert isinstance(specific_plan, SpecifiqueProfile)
    assert isinstance(tzr_plan, TzrProfile)
    specific_plan = specific_plan.dated(plan.session, seed)
    streams = Streams(seed)
    specific = tables_of(specific_plan, seed, scale)
    specific, inter, intra = specific_of_year(specific, inter, intra, plan.same, streams)
    dated_tzr = tzr_plan.model_copy(update={"session": plan.session, "seed": seed})
    tzr_plan, tzr = replacement_of_year(dated_tzr, plan.replacement.academies.value, drawn, intra, inter, streams)
    first_degree = load_profile(plan.campaigns.interdepartemental)
    assert isinstance(first_degree, InterdepartementalProfile)
    dated = first_degree.model_copy(update={"session": plan.session, "seed": seed})
    people = renamed(tables_of(dated, seed, scale), NOBODY, "P")
    return {
        "specifique": (specific_plan, specific),
        "inter": (inter_plan, inter),
        "intra": (intra_plan, intra),
        "tzr": (tzr_plan, tzr),
        "interdepartemental": (dated, people),
    }


def year_toml(plan: YearProfile, campaigns: dict[str, Campaign], seed: int, scale: float) -> str:
    """The text of ``year.toml``."""
    links = "".join(
        f'\n[[links]]\nlink = "{link}"\nfrom = "{source}"\nto = "{target}"\n' for link, source, target in LINKS
    )
    folders = "\n".join(f'{movement} = "{movement}"' for movement in campaigns)
    return f"""\
# Synthetic year: no candidate is a real person. Profile {plan.id}, seed {seed}, scale {scale:g}. Each figure it was
# drawn from is tagged published, derived or assumed in the profiles.
schema = 1
id = "{plan.id}"

[campaigns]
{folders}
{links}"""


def _profiles(plan: YearProfile) -> tuple[Profile, IntraProfile]:
    """The profiles of inter and intra, of the same disciplines, the intra without entrants of its own."""
    inter, intra = load_profile(plan.campaigns.inter), load_profile(plan.campaigns.intra)
    assert isinstance(inter, Profile)
    assert isinstance(intra, IntraProfile)
    subjects = inter.population.disciplines
    shared = {code: row for code, row in subjects.value.items() if code in intra.population.disciplines.value}
    fewer = subjects.model_copy(update={"value": shared})
    others: dict[str, Figure[object]] = {name: getattr(plan.intra, name) for name in type(plan.intra).model_fields}
    inter = inter.model_copy(update={"population": inter.population.model_copy(update={"disciplines": fewer})})
    return inter, intra.model_copy(update={"population": intra.population.model_copy(update=others)})


def _intra(
    plan: YearProfile, profile: IntraProfile, inter: Tables, seed: int, scale: float, geography: Path | None
) -> tuple[Drawn, Tables]:
    """The intra, which offers the seats the inter offered, to those who will come."""
    streams = Streams(seed)
    drawn = draw_intra(profile, streams, scale, geography, _offered(inter))
    tables = campaign_tables(profile, drawn, streams)
    tables = with_links(tables, profile.links, round(profile.links.pairs.value * scale), streams)
    names, incumbents = holders_in_intra(inter, tables, plan.same.inter_in_intra.value, streams)
    tables = renamed(tables, names, "I")
    tables["candidates"] = as_in_inter(tables["candidates"], inter["candidates"])
    return drawn, {**tables, "incumbents": incumbents, **entrant_tables(profile, drawn, inter, streams)}


def _offered(inter: Tables) -> dict[tuple[str, str], int]:
    """Académie and discipline -> seats the inter offers."""
    rows = inter["posts"].filter(pl.col("seats") > 0).select("place_id", "discipline", "seats")
    return {(academy, discipline): seats for academy, discipline, seats in rows.iter_rows()}
