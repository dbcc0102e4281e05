"""The phrases of the report (``words.toml``), and what is needed to write with them."""

from __future__ import annotations

from engine.model.words import MINUS, NOTHING, Language, Words, words_of

__all__ = ["MINUS", "NOTHING", "Language", "Words", "words"]


def words(language: Language) -> Words:
    """The phrases of a language."""
    return words_of(language, "engine.report")
