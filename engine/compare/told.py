"""What every section of the page needs: the comparison, the language, how groups are called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from engine.compare.areas import area_names
from engine.compare.compare import Comparison
from engine.compare.groups import UNKNOWN
from engine.report.words import MINUS, NOTHING, Words

MOST_DRAWN = 4
"""Runs drawn beside the first; tables have all of them."""


@dataclass(frozen=True, eq=False)
class Told:
    """A comparison in a language."""

    done: Comparison
    words: Words

    @property
    def first(self) -> str:
        return self.done.names[0]

    @property
    def others(self) -> tuple[str, ...]:
        return self.done.names[1:]

    @property
    def drawn(self) -> tuple[str, ...]:
        """The runs compared with the first that charts have room for."""
        return self.others[:MOST_DRAWN]

    @cached_property
    def areas(self) -> dict[str, str]:
        """Name of every académie or département, by code."""
        names = dict[str, str]()
        for side in reversed(self.done.sides):  # académies change names and codes from session to session
            names |= area_names(self.done.level, int(side.settings["session"]))
        return names

    def group(self, grouping: str, code: str) -> str:
        """A group in words."""
        if grouping in ("origin", "arrival"):
            return self.areas.get(code, code)
        if grouping == "status":
            return self.words(f"group_{code}")
        if grouping == "age" and code != UNKNOWN:
            low, _, high = code.partition("-")
            key = "age_up_to" if not low else "age_from" if not high else "age_between"
            return self.words(key, low=low, high=high)
        if code == UNKNOWN:
            return self.words("group_unknown", grouping=self.words(f"grouping_{grouping}"))
        return self.words.named(grouping, code)

    def counts(self, grouping: str) -> pl.DataFrame:
        """The rows of `Comparison.satisfaction` of one grouping."""
        return self.done.satisfaction.filter(pl.col("grouping") == grouping).drop("grouping")

    def decimal(self, value: float | None, decimals: int = 1, *, signed: bool = False) -> str:
        """A number with decimals as the language writes it; a dash for None."""
        if value is None:
            return NOTHING
        rounded = round(value, decimals) + 0.0
        mark = "," if self.words.language == "fr" else "."
        sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
        whole, _, rest = f"{abs(rounded):.{decimals}f}".partition(".")
        return sign + self.words.number(int(whole)) + (mark + rest if rest else "")


def share(part: int, whole: int) -> float:
    """A share of 1; 0 of nothing."""
    return part / whole if whole else 0.0
