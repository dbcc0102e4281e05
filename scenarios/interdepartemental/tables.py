"""From draws to the tables of a campaign folder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from scenarios.careers import Career
from scenarios.draws import Ints
from scenarios.interdepartemental.land import Land
from scenarios.interdepartemental.people import ALONE, People
from scenarios.interdepartemental.situations import NOWHERE, Situations
from scenarios.tables import as_text, candidate_ids

DISCIPLINE = "1D"


@dataclass(frozen=True, eq=False)
class Drawn:
    """Everything drawn for a population, before it is written.

    Attributes
    ----------
    ranking : int64[n, r], indices of départements, best first
    length : int64[n], how many of them are wishes
    entry, exit : int64[d], quotas
    """

    people: People
    career: Career
    situations: Situations
    ranking: Ints
    length: Ints
    entry: Ints
    exit: Ints


def campaign_tables(land: Land, drawn: Drawn) -> dict[str, pl.DataFrame]:
    """The tables of a population; `links` where there are any."""
    tables = {
        "places": pl.DataFrame(
            {"place_id": land.codes, "kind": ["DPT"] * len(land), "label": land.names, "academy": land.academies}
        ),
        "posts": pl.DataFrame(
            {
                "post_id": [f"{DISCIPLINE}-{code}" for code in land.codes],
                "place_id": land.codes,
                "discipline": [DISCIPLINE] * len(land),
                "seats": drawn.entry,
                "exit_quota": drawn.exit,
            }
        ),
        "candidates": _candidates(land, drawn),
        "wishes": _wishes(land, drawn),
    }
    linked = np.flatnonzero(drawn.people.link != ALONE)
    if len(linked):
        names = candidate_ids(len(drawn.people)).gather(linked)
        numbers = pl.Series("link_id", drawn.people.link[linked] + 1).cast(pl.String).str.zfill(4)
        tables["links"] = pl.DataFrame({"link_id": "L" + numbers, "candidate_id": names}).sort(
            "link_id", "candidate_id"
        )
    return tables


def _candidates(land: Land, drawn: Drawn) -> pl.DataFrame:
    people, career, situations = drawn.people, drawn.career, drawn.situations
    first_wish = np.where(situations.disability, drawn.ranking[:, 0], NOWHERE)
    return pl.DataFrame(
        {
            "candidate_id": candidate_ids(len(people)),
            "discipline": pl.repeat(DISCIPLINE, len(people), eager=True),
            "held_post": DISCIPLINE + "-" + _codes(land, people.held),
            "mandatory": people.mandatory,
            "category": as_text(people.category),
            "birth_date": pl.Series(career.birth_date),
            "corps": as_text(people.corps),
            "grade": as_text(career.grade),
            "echelon": career.echelon,
            "department_months": situations.department_months,
            "family": as_text(situations.strategy),
            "spouse_department": _codes(land, situations.family),
            "children": situations.children,
            "separation_years": situations.separation_years,
            "separation_half_years": situations.separation_half_years,
            "disability_zones": _codes(land, first_wish),
            "boe": situations.boe,
            "priority_education": as_text(situations.priority_education),
            "priority_education_years": situations.priority_education_years,
            "overseas_interests": _codes(land, situations.overseas_interests),
            "renewal_years": situations.renewal_years,
            "profile_post_years": situations.profile_post_years,
        }
    )


def _wishes(land: Land, drawn: Drawn) -> pl.DataFrame:
    candidate, position = np.nonzero(np.arange(drawn.ranking.shape[1]) < drawn.length[:, None])
    return pl.DataFrame(
        {
            "candidate_id": candidate_ids(len(drawn.length)).gather(candidate),
            "rank": position + 1,
            "kind": pl.repeat("DPT", len(candidate), eager=True),
            "code": _codes(land, drawn.ranking[candidate, position]),
        }
    )


def _codes(land: Land, index: Ints) -> pl.Series:
    """The code of each département, null for `NOWHERE`."""
    position = pl.Series(index)
    return pl.Series(land.codes, dtype=pl.String).gather(position.set(position == NOWHERE, None))
