"""``year.toml``: the campaigns of a year and the links between them, checked before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from engine.model.defects import InputRefused, Rule, defects, no_defects
from engine.model.forms import invalid_values, toml_of
from engine.model.movements import MOVEMENTS
from engine.model.rulebook import Rulebook, RulebookError
from engine.model.settings import Settings, read_settings
from engine.year.links import LINKS

YEAR_FILE = "year.toml"

Y1 = Rule("Y1", "A year is a folder; its year.toml names the year, its campaigns by their folders, and the links.")
Y2 = Rule("Y2", "A campaign of a year is a campaign folder beside year.toml, of a movement that this version runs.")
Y3 = Rule("Y3", "A link has a name that is known, and leads between two campaigns of the movements it is made for.")
Y4 = Rule("Y4", "The links of a year have no ring: what a campaign needs is made before it.")

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]


class Link(BaseModel):
    """A link as ``year.toml`` writes it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    link: str = Field(description="what is carried over: " + ", ".join(sorted(LINKS)))
    source: Name = Field(alias="from", description="name of the campaign whose results are read")
    target: Name = Field(alias="to", description="name of the campaign whose input is changed")


class Year(BaseModel):
    """The content of ``year.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Literal[1] = Field(alias="schema", description="version of the year folder")
    id: str = Field(min_length=1, description="name of the year")
    campaigns: dict[Name, str] = Field(min_length=1, description="folder of each campaign, by its name")
    links: tuple[Link, ...] = Field((), description="what is carried from one campaign into another")


@dataclass(frozen=True)
class Step:
    """One campaign of a year.

    Attributes
    ----------
    name, folder, movement, session : of the campaign
    links : those that lead into it, in the order of the campaigns they come from
    """

    name: str
    folder: Path
    movement: str
    session: int
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Plan:
    """The campaigns of a year in the order they run in."""

    id: str
    steps: tuple[Step, ...]


def is_year(folder: Path) -> bool:
    """Whether a folder is that of a year."""
    return (folder / YEAR_FILE).exists()


def read_plan(folder: Path) -> Plan:
    """The campaigns of the year in a folder, in their order.

    Raises
    ------
    InputRefused
        With every defect of ``year.toml`` and of what it names.
    """
    year = _read_year(folder / YEAR_FILE)
    movements, found = _movements(folder, year)
    found = pl.concat([found, *_wrong_links(year, movements)])
    if found.height:
        raise InputRefused(found)
    order = _order(year)
    place = {name: number for number, name in enumerate(order)}
    steps = [
        Step(
            name,
            folder / year.campaigns[name],
            movements[name],
            read_settings(folder / year.campaigns[name] / "campaign.toml")[0].session or 0,
            tuple(sorted((link for link in year.links if link.target == name), key=lambda link: place[link.source])),
        )
        for name in order
    ]
    return Plan(year.id, tuple(steps))


def _read_year(path: Path) -> Year:
    content, problem, hint = toml_of(path)
    if problem:
        raise InputRefused(_defect(Y1, problem, hint=hint))
    try:
        return Year.model_validate(content)
    except ValidationError as error:
        raise InputRefused(invalid_values(error, Year, YEAR_FILE, Y1, content=content)) from None


def _movements(folder: Path, year: Year) -> tuple[dict[str, str], pl.DataFrame]:
    """The movement of each campaign, with the defects of those that cannot be run."""
    movements, found = {}, [no_defects()]
    for name, place in year.campaigns.items():
        column = f"campaigns.{name}"
        if not (folder / place).is_dir():
            found.append(_defect(Y2, "is no folder beside year.toml.", column, place))
            continue
        written, wrong = read_settings(folder / place / "campaign.toml")
        found.append(wrong.with_columns(table=pl.format("{}/campaign.toml", pl.lit(place))))
        movements[name] = written.movement
        if not wrong.height and written.movement not in MOVEMENTS:
            known = f"This version runs: {', '.join(MOVEMENTS)}."
            found.append(_defect(Y2, f"is of the movement {written.movement}.", column, place, known))
        elif written.settings is not None:
            found.append(_without_rules(written.settings, column, place))
    return movements, pl.concat(found)


def _without_rules(settings: Settings, column: str, place: str) -> pl.DataFrame:
    try:
        Rulebook.load(settings.rulebook).at(settings.session)
    except RulebookError as error:
        return _defect(Y2, f"has no rules: {error}.", column, place)
    return no_defects()


def _wrong_links(year: Year, movements: dict[str, str]) -> Iterator[pl.DataFrame]:
    for number, link in enumerate(year.links, start=1):
        column = f"links[{number}]"
        ends = {"from": link.source, "to": link.target}
        unknown = [f"{end} = {name}" for end, name in ends.items() if name not in year.campaigns]
        if link.link not in LINKS:
            yield _defect(Y3, f"is none of {', '.join(sorted(LINKS))}.", f"{column}.link", link.link)
        elif unknown:
            yield _defect(Y3, "names no campaign of the year.", column, ", ".join(unknown))
        elif not {link.source, link.target} - movements.keys():
            yield from _between_others(column, link, movements)
    twice = [link for number, link in enumerate(year.links) if link in year.links[:number]]
    yield from (_defect(Y3, "is there twice.", "links", f"{a.link} from {a.source} to {a.target}") for a in twice)


def _between_others(column: str, link: Link, movements: dict[str, str]) -> Iterator[pl.DataFrame]:
    kind, ends = LINKS[link.link], (movements[link.source], movements[link.target])
    if ends[0] not in kind.sources or ends[1] not in kind.targets:
        made_for = f"It leads from {' or '.join(kind.sources)} to {' or '.join(kind.targets)}."
        yield _defect(Y3, f"leads from {ends[0]} to {ends[1]}.", f"{column}.link", link.link, made_for)


def _order(year: Year) -> tuple[str, ...]:
    """The campaigns, each after those it needs, else as they are written."""
    needs: dict[str, set[str]] = {name: set() for name in year.campaigns}
    for link in year.links:
        needs[link.target].add(link.source)
    sorter, order, place = TopologicalSorter(needs), list[str](), list(year.campaigns)
    try:
        sorter.prepare()
    except CycleError as error:
        ring = " -> ".join(reversed(error.args[1]))
        raise InputRefused(_defect(Y4, f"form a ring: {ring}.", "links")) from None
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=place.index)
        order += ready
        sorter.done(*ready)
    return tuple(order)


def _defect(rule: Rule, problem: str, column: str = "", value: str = "", hint: str = "") -> pl.DataFrame:
    return defects(rule, YEAR_FILE, column=column, value=value, problem=problem, hint=hint)
