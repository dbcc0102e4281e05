"""The rules of one movement in force in one session: typed access to their values, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import dataframely as dy

from engine.model.rulefile import RulebookError
from engine.model.rulevalues import CodeLists, KindPoints, RuleValue, Step

NONE = "none"
"""Name of the rulebook of a campaign whose points come with the wishes."""

T = TypeVar("T")


@dataclass(frozen=True)
class Block:
    """One legal block as it stands in one session."""

    name: str
    title: str
    is_criterion: bool
    covers: str
    columns: tuple[str, ...]
    values: Mapping[str, RuleValue]


@dataclass(frozen=True)
class SessionRules:
    """The rules in force in one session.

    Attributes
    ----------
    rulebook, movement, session : what they are the rules of
    blocks : the legal blocks that exist in the session, by name
    domains : for columns of candidates, each value the rulebook knows with the first and last session it exists in
    values_used : every value of the session with its source, for listing
    named_columns : columns of candidates beyond the common ones that the rulebook reads
    options : the rulebook's defaults for the options of a run
    notes : what a reader of the results must know
    """

    rulebook: str
    movement: str
    session: int
    blocks: Mapping[str, Block]
    domains: Mapping[str, Mapping[str, tuple[int, int]]]
    values_used: tuple[RuleValue, ...]
    named_columns: Mapping[str, dy.Column]
    options: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether points come with the wishes and no input rule holds."""
        return self.rulebook == NONE

    @cached_property
    def criteria(self) -> tuple[str, ...]:
        """Names of the criteria in force, in alphabetical order."""
        return tuple(sorted(name for name, block in self.blocks.items() if block.is_criterion))

    def kept_in_extension(self, criterion: str) -> bool:
        return self.flag(criterion, "kept_in_extension")

    def points(self, block: str, key: str) -> int:
        """Thousandths of a point; 0 where the value does not exist."""
        return self._typed(block, key, int, 0)

    def count(self, block: str, key: str) -> int:
        """A whole number (years, children, wishes); 0 where the value does not exist."""
        return self._typed(block, key, int, 0)

    def limit(self, block: str, key: str) -> int | None:
        """A ceiling, in thousandths or as a count; None where there is none."""
        value = self.value(block, key).value
        return value if isinstance(value, int) else None

    def flag(self, block: str, key: str) -> bool:
        return self._typed(block, key, bool, False)

    def day(self, block: str, key: str) -> date | None:
        value = self.value(block, key).value
        return value if isinstance(value, date) else None

    def codes(self, block: str, key: str) -> tuple[str, ...]:
        return tuple(code for code in self._typed(block, key, tuple, ()) if isinstance(code, str))

    def series(self, block: str, key: str) -> tuple[int, ...]:
        return tuple(item for item in self._typed(block, key, tuple, ()) if isinstance(item, int))

    def steps(self, block: str, key: str) -> tuple[Step, ...]:
        return tuple(step for step in self._typed(block, key, tuple, ()) if isinstance(step, Step))

    def code(self, block: str, key: str) -> str:
        """One code; empty where the value does not exist."""
        return self._typed(block, key, str, "")

    def code_lists(self, block: str, key: str) -> CodeLists:
        table = self._typed(block, key, dict, {})
        return {name: item for name, item in table.items() if isinstance(item, tuple)}

    def points_by_kind(self, block: str, key: str) -> KindPoints:
        """Thousandths of a point by kind of wish; empty where the value does not exist."""
        table = self._typed(block, key, dict, {})
        return {kind: item for kind, item in table.items() if isinstance(item, int)}

    def hours(self, block: str, key: str) -> int:
        """Thousandths of an hour; 0 where the value does not exist."""
        return self._typed(block, key, int, 0)

    def hours_by_corps(self, block: str, key: str) -> KindPoints:
        """Thousandths of an hour by corps; empty where the value does not exist."""
        return self.points_by_kind(block, key)

    def value(self, block: str, key: str) -> RuleValue:
        """One value with its source. Raises RulebookError for a block or key that does not exist in the session."""
        try:
            return self.blocks[block].values[key]
        except KeyError:
            raise RulebookError(f"rulebook {self.rulebook}: session {self.session} has no {block}.{key}") from None

    def source(self, block: str, *keys: str) -> str:
        """Tags of the sources of some values of a block, each once, in the order of the keys."""
        values = (self.value(block, key) for key in keys)
        return " ".join(dict.fromkeys(value.source for value in values if value.value is not None))

    def _typed(self, block: str, key: str, kind: type[T], default: T) -> T:
        value = self.value(block, key).value
        if value is None:
            return default
        if not isinstance(value, kind):
            raise RulebookError(f"rulebook {self.rulebook}: {block}.{key} is no {kind.__name__}")
        return value
