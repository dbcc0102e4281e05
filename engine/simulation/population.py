"""A population drawn from the one there is: a bootstrap of candidates within discipline and status.

Whoever is drawn twice takes part twice, under two names, with the same facts, wishes and post; whoever is not drawn
does not take part, and his seat neither. Members of a link are drawn together, among links of the same disciplines and
statuses: one that is alone of its kind is in every draw. In each discipline there are as many holders, obliged and
others as before; vacant seats, seats to be closed and quotas are those of the campaign. It is the sampling of
candidates that this varies, not what another year would bring (Efron 1979).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.market import Ints
from engine.model.schemas import key_columns

COPY = "~"


def everyone(campaign: Campaign) -> pl.DataFrame:
    """Each candidate once: source (his row in the campaign's candidates), copy (1), candidate_id."""
    people = campaign.candidates.select("candidate_id").with_row_index("source")
    return people.select("source", "candidate_id", copy=pl.lit(1, pl.Int64))


def resampled(campaign: Campaign, seed: int) -> tuple[Campaign, pl.DataFrame]:
    """The campaign of a population drawn from its own, and who is in it.

    Returns
    -------
    The campaign, and one row per candidate of it, in its order: source, copy, candidate_id.
    """
    mark = COPY
    while campaign.candidates["candidate_id"].str.contains(mark, literal=True).any():
        mark += COPY
    people = _people(campaign)
    times = _times(people, seed)
    drawn = people[np.repeat(np.arange(people.height), times)]
    copy = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("source")
    again = pl.format("{}{}{}", "candidate_id", pl.lit(mark), "copy")
    renamed = pl.when(pl.col("copy") == 1).then("candidate_id").otherwise(again)
    drawn = drawn.with_columns(copy=copy).with_columns(renamed=renamed)
    tables = {name: table for name, table in campaign.tables.items() if "candidate_id" in table.columns}
    copied = {name: _copied(table, key_columns(name), drawn, mark) for name, table in tables.items()}
    who = drawn.select("source", "copy", candidate_id="renamed").sort("candidate_id")
    return campaign.with_tables(**copied), who


def _people(campaign: Campaign) -> pl.DataFrame:
    """Candidates with what they are drawn by: unit (they and those linked to them) and its stratum."""
    status = pl.concat_str(pl.col("held_post").is_not_null(), "mandatory", "discipline", separator="|")
    people = campaign.candidates.select("candidate_id", status=status).with_row_index("source")
    people = people.join(
        campaign.links.select("candidate_id", "link_id"), on="candidate_id", how="left", maintain_order="left"
    )
    unit = pl.coalesce(pl.format("link {}", "link_id"), pl.format("candidate {}", "candidate_id"))
    people = people.with_columns(unit=unit)
    return people.with_columns(stratum=pl.col("status").sort().str.join(" ").over("unit"))


def _times(people: pl.DataFrame, seed: int) -> Ints:
    """int64[n]: how often each candidate is drawn: as often as his unit, with replacement in its stratum."""
    units = people.select("stratum", "unit").unique().sort("stratum", "unit").with_row_index("number")
    number = people.join(units, on="unit", how="left", maintain_order="left")["number"].to_numpy()
    sizes = units.group_by("stratum", maintain_order=True).len()["len"].to_numpy().astype(np.int64)
    first, size = np.repeat(np.cumsum(sizes) - sizes, sizes), np.repeat(sizes, sizes)
    uniform = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed))).random(units.height)
    chosen = first + np.floor(uniform * size).astype(np.int64)
    times: Ints = np.bincount(chosen, minlength=units.height)[number].astype(np.int64)
    return times


def _copied(table: pl.DataFrame, key: list[str], drawn: pl.DataFrame, mark: str) -> pl.DataFrame:
    """The rows of a table once for each copy of the candidate they speak of, under the name of the copy."""
    rows = table.join(drawn.select("candidate_id", "copy", "renamed"), on="candidate_id")
    rows = rows.with_columns(candidate_id="renamed")
    if "link_id" in table.columns:
        again = pl.format("{}{}{}", "link_id", pl.lit(mark), "copy")
        rows = rows.with_columns(link_id=pl.when(pl.col("copy") == 1).then("link_id").otherwise(again))
    return rows.select(table.columns).sort(key)
