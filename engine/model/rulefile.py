"""One rule file: one legal block, its values keyed by the first session they hold for, each with its source.

This module knows the form of the files and refuses what does not have it, naming file and key. What the values mean
is the business of the criteria; which of them hold in a session, that of `engine.model.rulebook`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.model.rulevalues import Confidence, parse_value

FLAGS = ("in_force", "kept_in_extension")
"""Keys every block may have: whether it exists in a session, whether its points count in extension."""

Form = TypeVar("Form", bound=BaseModel)


class RulebookError(ValueError):
    """A rulebook cannot be used; the message lists every defect with its file and key."""


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Source(_Form):
    """Where a value was read: a title a person recognises, the year of the rentrée it is for, its public address.

    Pages of several years have the first in `first_year`, the last in `year`.
    """

    title: str
    first_year: int | None = None
    year: int | None = None
    address: str = ""


class Entry(_Form):
    """A value, from a session on. `absent` says that the rule does not exist from then on."""

    session: int = Field(alias="from")
    value: Any = None
    absent: bool = False
    source: str
    confidence: Confidence
    note: str = ""


class RuleFile(_Form):
    """One legal block as written."""

    title: str
    criterion: str | None = None
    covers: str
    columns: tuple[str, ...] = Field(default=(), strict=False)
    units: dict[str, str] = {}
    values: dict[str, list[Entry]]
    note: str = ""


class Override(_Form):
    """What a rulebook says otherwise than the block of its base: values that take the place of those of that name."""

    covers: str | None = None
    note: str | None = None
    units: dict[str, str] = {}
    values: dict[str, list[Entry]]

    def of(self, base: RuleFile) -> RuleFile:
        """The block of the base with what is said otherwise."""
        words = {name: text for name in ("covers", "note") if (text := getattr(self, name)) is not None}
        changed = {"units": base.units | self.units, "values": base.values | self.values}
        return base.model_copy(update={**words, **changed})


class NamedColumn(_Form):
    """A column of candidates that this rulebook reads beside the common ones."""

    type: Literal["code", "integer", "flag"]
    description: str
    max: int = 50


class Manifest(_Form):
    """``rulebook.toml``: what the rulebook is, its sessions, its defaults for options, the extra columns it reads.

    `base` names the rulebook whose blocks, options and columns hold where this one says nothing else.
    """

    title: str
    movement: str
    base: str = ""
    first_session: int
    last_session: int
    options: dict[str, str] = {}
    columns: dict[str, NamedColumn] = {}
    note: str = ""


def read_form(path: Traversable, form: type[Form]) -> Form:
    """Read one TOML file as `form`. Numbers with a decimal point stay exact.

    Raises
    ------
    RulebookError
        With one line per defect, each naming the file and the key.
    """
    content = read_toml(path)
    try:
        return form.model_validate(content)
    except ValidationError as error:
        lines = (f"{path.name}: {_address(e['loc'])}: {e['msg']}" for e in error.errors())
        raise RulebookError("\n".join(lines)) from None


def read_toml(path: Traversable) -> dict[str, Any]:
    """Content of one TOML file, decimals exact. Raises RulebookError where it is not TOML in UTF-8."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulebookError(f"{path.name}: {error}") from None


def defects(
    name: str, file: RuleFile, sources: Mapping[str, Source], sessions: range, keys: Collection[str] | None = None
) -> Iterator[str]:
    """Every defect of a block that its form alone does not show; of its values, only those of `keys` where given."""
    if file.criterion not in (None, name):
        yield f"{name}.toml: criterion: {file.criterion!r} is not the name of the file, {name!r}"
    if file.criterion and "kept_in_extension" not in file.values:
        yield f"{name}.toml: values.kept_in_extension: missing; does the criterion count in extension?"
    for key in file.units.keys() - file.values.keys():
        yield f"{name}.toml: units.{key}: there is no such value"
    start = _first_session_in_force(file, sessions)
    for key, entries in file.values.items():
        if keys is not None and key not in keys:
            continue
        first = sessions.start if key == "in_force" else start
        for defect in _timeline_defects(entries, first, sessions):
            yield f"{name}.toml: values.{key}{defect}"
        unit = unit_of(file, key)
        for i, entry in enumerate(entries):
            for defect in _entry_defects(entry, unit, sources):
                yield f"{name}.toml: values.{key}[{i}]{defect}"


def unit_of(file: RuleFile, key: str) -> str:
    """Unit of a value; empty where the file forgot it."""
    return "flag" if key in FLAGS else file.units.get(key, "")


def _first_session_in_force(file: RuleFile, sessions: range) -> int:
    in_force = [entry.session for entry in file.values.get("in_force", ()) if entry.value is True]
    return max(min(in_force, default=sessions.start), sessions.start)


def _timeline_defects(entries: list[Entry], first: int, sessions: range) -> Iterator[str]:
    if not entries or entries[0].session > first:
        yield f": the first value must hold from session {first} on"
    for i, entry in enumerate(entries):
        if entry.session not in sessions:
            yield f"[{i}].from: session {entry.session} is outside {sessions.start} to {sessions.stop - 1}"
        if i and entry.session <= entries[i - 1].session:
            yield f"[{i}].from: session {entry.session} does not come after {entries[i - 1].session}"


def _entry_defects(entry: Entry, unit: str, sources: Mapping[str, Source]) -> Iterator[str]:
    if entry.source not in sources:
        yield f".source: {entry.source!r} is not in sources.toml"
    if entry.absent and entry.value is not None:
        yield ": both a value and absent"
    if not entry.absent:
        try:
            parse_value(entry.value, unit)
        except ValueError as error:
            yield f".value: {error}"


def _address(loc: tuple[int | str, ...]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return text.removeprefix(".") or "file"
