"""Phrases in one language, and how that language writes numbers, plurals, shares and points.

A package has its phrases in a ``words.toml`` beside its modules, one key per phrase with its French and its English.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from engine.model.points import format_points

Language = Literal["fr", "en"]

NARROW = "\u202f"
"""Narrow no-break space: French groups digits with it and puts it before high punctuation."""

DIGIT_GROUPS: Mapping[Language, str] = {"fr": NARROW, "en": ","}
DECIMAL_MARK: Mapping[Language, str] = {"fr": ",", "en": "."}
PERCENT: Mapping[Language, str] = {"fr": NARROW + "%", "en": "%"}
MINUS = "\u2212"
NOTHING = "–"


@dataclass(frozen=True)
class Words:
    """Phrases by key: ``words("tile_moved")``, ``words("flows_lead", leave=2812)``, digits in groups."""

    language: Language
    phrases: Mapping[str, str]

    def __call__(self, key: str, **values: str | int | None) -> str:
        """The phrase under `key` with its {names} replaced. Raises KeyError for a key that is not in words.toml.

        ``{count}`` writes a number, ``{count:seat|seats}`` the word that goes with it.
        """
        counted = {name: value if isinstance(value, str) else Counted(value, self) for name, value in values.items()}
        return self.phrases[key].format(**counted)

    def named(self, prefix: str, code: str) -> str:
        """The phrase ``prefix_code``, or the code itself where words.toml has none."""
        return self.phrases.get(f"{prefix}_{code}", code)

    def number(self, value: int | None, *, signed: bool = False) -> str:
        """A whole number with its digits in groups: ``23 040`` or ``23,040``; a dash for None."""
        if value is None:
            return NOTHING
        digits = f"{abs(value):,}".replace(",", DIGIT_GROUPS[self.language])
        sign = MINUS if value < 0 else "+" if signed and value else ""
        return sign + digits

    def is_one(self, value: int) -> bool:
        """Whether what is counted stands in the singular: French has it below two, English for one alone."""
        return abs(value) < 2 if self.language == "fr" else value == 1

    def share(self, part: int, whole: int, decimals: int = 1) -> str:
        """A share in per cent: ``43,6 %`` or ``43.6%``; a dash where there is nothing to divide by."""
        if not whole:
            return NOTHING
        return f"{100 * part / whole:.{decimals}f}".replace(".", DECIMAL_MARK[self.language]) + PERCENT[self.language]

    def points(self, thousandths: int) -> str:
        """Exact points, digits in groups: ``1 054,2`` or ``1,054.2``."""
        whole, _, decimals = format_points(abs(thousandths)).partition(".")
        sign = MINUS if thousandths < 0 else ""
        return sign + self.number(int(whole)) + (DECIMAL_MARK[self.language] + decimals if decimals else "")


@dataclass(frozen=True)
class Counted:
    """A number inside a phrase: written as it is, or the word of two that goes with it."""

    value: int | None
    words: Words

    def __format__(self, forms: str) -> str:
        if not forms:
            return self.words.number(self.value)
        one, several = forms.split("|")
        return one if self.words.is_one(self.value or 0) else several


@cache
def words_of(language: Language, *packages: str) -> Words:
    """The phrases of some packages; where two have one key, the last."""
    spaced = french_spaces if language == "fr" else str
    content = {key: phrase for package in packages for key, phrase in _phrases(package).items()}
    return Words(language, {key: spaced(phrase[language]) for key, phrase in content.items()})


def _phrases(package: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((files(package) / "words.toml").read_text(encoding="utf-8"))


def french_spaces(text: str) -> str:
    """No-break spaces where French puts a space that no line may break: before ``: ; ! ? %`` and inside ``« »``."""
    text = re.sub(r" ([:»])", "\u00a0\\1", text)
    return re.sub(r" ([;!?%])", NARROW + r"\1", text.replace("« ", "«\u00a0"))
