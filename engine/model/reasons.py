"""Sentences of the reason codes, in French and English (``reasons.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

LANGUAGES = ("fr", "en")


def reason_sentence(code: str, language: str) -> str:
    """The sentence of a reason code for a person.

    Raises
    ------
    KeyError
        For a code or a language that ``reasons.toml`` does not have.
    """
    return _sentences()[code][language]


def reason_codes() -> tuple[str, ...]:
    """Every reason code that has a sentence."""
    return tuple(_sentences())


@cache
def _sentences() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("engine.model") / "reasons.toml").read_text(encoding="utf-8"))
