"""The phrases of the comparison beside those of reports."""

from __future__ import annotations

from engine.model.words import Language, Words, words_of


def compare_words(language: Language) -> Words:
    """The phrases of reports and those of comparisons."""
    return words_of(language, "engine.report", "engine.compare")
