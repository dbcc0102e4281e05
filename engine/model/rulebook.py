"""Rulebooks: the dated, sourced parameters of one movement, and those in force in one session.

    rules = Rulebook.load("inter").at(2025)
    rules.points("rapprochement_conjoints", "points")   # 150200 thousandths
    rules.values_used                                   # every value of the session with its source

The values are in ``engine/rulebooks``, one legal block per file; no number of a rule stands in code. A rulebook may
name a base: value by value, what it says takes the place of what the base says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import dataframely as dy

from engine.model.rulefile import Manifest, NamedColumn, RulebookError, RuleFile, Source, read_toml
from engine.model.rulereading import MANIFEST, Timelines, read_blocks, read_manifest, timelines
from engine.model.rulevalues import RuleValue
from engine.model.sessionrules import NONE, Block, SessionRules

__all__ = [
    "Block",
    "RuleValue",
    "Rulebook",
    "RulebookError",
    "SessionRules",
    "Source",
    "dotted_name",
    "rulebooks",
    "shipped_sources",
]

LAST = 9999
"""The last session of a value that is still in force."""


@dataclass(frozen=True)
class Rulebook:
    """All sessions of one movement's rules."""

    name: str
    manifest: Manifest
    files: Mapping[str, RuleFile] = field(repr=False)
    values: Timelines = field(repr=False)
    sources: Mapping[str, Source] = field(repr=False)

    @classmethod
    def load(cls, name: str) -> Rulebook:
        """The rulebook of that name among those shipped, or ``"none"``.

        Raises
        ------
        RulebookError
            For an unknown name (the message lists the known ones), or with every defect of the files.
        """
        return _load(name)

    @classmethod
    def read(cls, folder: Traversable, name: str, sources: Mapping[str, Source]) -> Rulebook:
        """A rulebook from a folder of rule files. Raises RulebookError with every defect."""
        try:
            manifest = read_manifest(folder)
            base = cls._base(manifest)
            own, said = read_blocks(folder, manifest, base.files, sources)
        except RulebookError as error:
            raise RulebookError("\n".join(f"rulebook {name}: {line}" for line in str(error).splitlines())) from None
        blocks = dict(sorted({**base.files, **own}.items()))
        values = {**base.values, **timelines(own, said, sources)}
        return cls(name, _over(manifest, base.manifest), blocks, values, sources)

    @classmethod
    def _base(cls, manifest: Manifest) -> Rulebook:
        """The rulebook whose blocks hold where this one says nothing else; an empty one where none is named."""
        if not manifest.base:
            return _load(NONE)
        base, (first, last) = cls.load(manifest.base), (manifest.first_session, manifest.last_session)
        if base.manifest.base:
            raise RulebookError(f"{MANIFEST}: base: {manifest.base} has a base itself")
        if first < base.manifest.first_session or last > base.manifest.last_session:
            held = f"{base.manifest.first_session} to {base.manifest.last_session}"
            raise RulebookError(f"{MANIFEST}: base: {manifest.base} holds sessions {held}, not {first} to {last}")
        return base

    def with_values(self, changed: Iterable[RuleValue]) -> Rulebook:
        """The same rules, some values others from their session on."""
        new = {(value.block, value.name): value for value in changed}
        earlier = {
            key: tuple(old for old in self.values.get(key, ()) if old.session_from < value.session_from)
            for key, value in new.items()
        }
        return replace(self, values={**self.values, **{key: (*earlier[key], value) for key, value in new.items()}})

    def named_columns(self) -> dict[str, dy.Column]:
        """Columns of candidates beyond the common ones that this rulebook reads, with their types."""
        return {name: _column(column) for name, column in self.manifest.columns.items()}

    def at(self, session: int) -> SessionRules:
        """The rules in force in a session (year of the rentrée).

        Values of the last session are carried on to later ones, with a note.

        Raises
        ------
        RulebookError
            For a session before the first; the message says which sessions exist.
        """
        first, last = self.manifest.first_session, self.manifest.last_session
        if session < first:
            raise RulebookError(f"rulebook {self.name} has no session {session}: it holds sessions {first} to {last}")
        carried = f"rulebook {self.name} ends with session {last}: its values are carried on to {session}, unread"
        blocks = {name: self._block(name, session) for name in self.files if self._in_force(name, session)}
        return SessionRules(
            rulebook=self.name,
            movement=self.manifest.movement,
            session=session,
            blocks=blocks,
            domains=self._domains(),
            values_used=tuple(self._values_used(session)),
            named_columns=self.named_columns(),
            options=self.manifest.options,
            notes=(carried,) if session > last else (),
        )

    def _block(self, name: str, session: int) -> Block:
        file = self.files[name]
        keys = (key for key in file.values if self._has(name, key, session))
        values = {key: self._value(name, key, session) for key in keys}
        return Block(name, file.title, file.criterion is not None, file.covers, file.columns, values)

    def _in_force(self, block: str, session: int) -> bool:
        if (block, "in_force") not in self.values:
            return True
        return self._value(block, "in_force", session).value is True

    def _has(self, block: str, key: str, session: int) -> bool:
        return self.values[block, key][0].session_from <= session

    def _value(self, block: str, key: str, session: int) -> RuleValue:
        value = next(v for v in reversed(self.values[block, key]) if v.session_from <= session)
        last = self.manifest.last_session
        if session <= last or value.confidence != "read":
            return value
        return replace(value, confidence="recalled", note=f"read for session {last} or before, carried on to {session}")

    def _values_used(self, session: int) -> Iterator[RuleValue]:
        for name, file in self.files.items():
            keys = file.values if self._in_force(name, session) else ("in_force",)
            yield from (self._value(name, key, session) for key in keys if self._has(name, key, session))

    def _domains(self) -> dict[str, Mapping[str, tuple[int, int]]]:
        columns = [key for block, key in self.values if block == "domains"]
        return {column: self._domain(column) for column in columns}

    def _domain(self, column: str) -> dict[str, tuple[int, int]]:
        timeline = self.values["domains", column]
        ends = [value.session_from - 1 for value in timeline[1:]] + [LAST]
        spans: dict[str, tuple[int, int]] = {}
        for value, end in zip(timeline, ends, strict=True):
            for code in value.value if isinstance(value.value, tuple) else ():
                first, _ = spans.get(str(code), (value.session_from, end))
                spans[str(code)] = (first, end)
        return spans


def dotted_name(rulebook: str, block: str, key: str) -> str:
    """The name of a rule value as a variant may write it: ``inter.enfants.per_child``."""
    return ".".join((*rulebook.split("/"), block, key))


def rulebooks() -> tuple[str, ...]:
    """Names of the rulebooks shipped, in alphabetical order, ``"none"`` left out."""
    return tuple(sorted(_names(_root(), "")))


@cache
def _load(name: str) -> Rulebook:
    if name == NONE:
        manifest = Manifest(title="Points come with the wishes", movement="any", first_session=0, last_session=LAST)
        return Rulebook(NONE, manifest, {}, {}, {})
    if name not in rulebooks():
        raise RulebookError(f"there is no rulebook {name!r}; there are {', '.join((*rulebooks(), NONE))}")
    return Rulebook.read(_root().joinpath(*name.split("/")), name, shipped_sources())


@cache
def shipped_sources() -> Mapping[str, Source]:
    """Every source the shipped rulebooks name, by tag."""
    return {tag: Source.model_validate(row) for tag, row in read_toml(_root() / "sources.toml").items()}


def _column(column: NamedColumn) -> dy.Column:
    if column.type == "code":
        return dy.String(nullable=True, description=column.description)
    if column.type == "flag":
        return dy.Bool(nullable=True, metadata={"neutral": False}, description=column.description)
    neutral = {"neutral": 0}
    return dy.Int64(nullable=True, min=0, max=column.max, metadata=neutral, description=column.description)


def _over(manifest: Manifest, base: Manifest) -> Manifest:
    """A manifest with the options and columns of its base."""
    inherited = {"options": base.options | manifest.options, "columns": base.columns | manifest.columns}
    return manifest.model_copy(update=inherited)


def _root() -> Traversable:
    return files("engine") / "rulebooks"


def _names(folder: Traversable, prefix: str) -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_dir():
            if (entry / MANIFEST).is_file():
                yield prefix + entry.name
            yield from _names(entry, f"{prefix}{entry.name}/")
