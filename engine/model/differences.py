"""The details of the table `changes` in words, French or English (``changes.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from engine.model.reasons import reason_codes, reason_sentence

WORDS = {"points": 3, "criterion": 4, "cutoff": 3, "closed": 2, "service": 2}
"""How many words follow the code of a detail; all that follows is one word of the others."""


def told_details(detail: str, language: str, titles: Mapping[str, str]) -> str:
    """The details of a change in words.

    Parameters
    ----------
    detail : of the table `changes`: parts with ``;`` between, each a code and its words
    titles : of the criteria, by name
    """
    mark = " ; " if language == "fr" else "; "
    return mark.join(_told(part, language, titles) for part in detail.split("; ") if part)


def _told(part: str, language: str, titles: Mapping[str, str]) -> str:
    code, _, rest = part.partition(" ")
    words = rest.split(" ", WORDS[code] - 1) if code in WORDS else [rest]
    return _phrases()[code][language].format(*(_word(word, language, titles) for word in words))


def _word(word: str, language: str, titles: Mapping[str, str]) -> str:
    phrase = _phrases().get(f"word_{word}")
    if phrase is not None:
        return phrase[language]
    if word in titles:
        return titles[word]
    if word in reason_codes():
        return reason_sentence(word, language).rstrip(".")
    number = word.lstrip("-").replace(".", "", 1).isdigit()
    return word.replace(".", ",") if number and language == "fr" else word


@cache
def _phrases() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("engine.model") / "changes.toml").read_text(encoding="utf-8"))
