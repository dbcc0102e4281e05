"""The phrases of the comparison beside those of reports."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from engine.report.words import Language, Words, french_spaces, words


@cache
def compare_words(language: Language) -> Words:
    """The phrases of reports and those of comparisons."""
    content = tomllib.loads((files("engine.compare") / "words.toml").read_text(encoding="utf-8"))
    spaced = french_spaces if language == "fr" else str
    own = {key: spaced(phrase[language]) for key, phrase in content.items()}
    return Words(language, {**words(language).phrases, **own})
