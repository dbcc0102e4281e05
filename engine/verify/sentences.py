"""What the verdict says: phrases of ``words.toml`` with their values, written where they are shown, in its language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from engine.model.words import Language, Words, words_of

SENTENCE: Mapping[Language, str] = MappingProxyType({"en": "sentence", "fr": "sentence_fr"})
"""Columns of violations and proofs that hold the sentence."""


class Told(Protocol):
    """What a language writes in its own way."""

    def told(self, words: Words) -> str: ...


@dataclass(frozen=True)
class Sentence:
    """A phrase of ``words.toml`` with its values.

    Attributes
    ----------
    key : of the phrase
    values : what its {names} stand for: names of people and places, numbers, and what languages write in their own way
    """

    key: str
    values: tuple[tuple[str, str | int | Told], ...] = ()

    def told(self, words: Words) -> str:
        return words(self.key, **{name: _plain(value, words) for name, value in self.values})

    def told_in(self, language: Language) -> str:
        return self.told(verify_words(language))


Replays = Mapping[Sentence, str] | Mapping[str, str]
"""Digests of a result made again, by what is said of the way."""


@dataclass(frozen=True)
class Listed:
    """Things one after the other, commas between."""

    things: tuple[str | Told, ...]

    def told(self, words: Words) -> str:
        return ", ".join(str(_plain(thing, words)) for thing in self.things)


@dataclass(frozen=True)
class Thousandths:
    """A number with up to three decimals: points, hours."""

    value: int

    def told(self, words: Words) -> str:
        return words.points(self.value)


@dataclass(frozen=True)
class Share:
    """A share in per cent, with two decimals."""

    part: int
    whole: int

    def told(self, words: Words) -> str:
        return words.share(self.part, self.whole, 2)


@dataclass(frozen=True)
class Quoted:
    """A text that stands in a table in both languages."""

    texts: tuple[tuple[Language, str], ...]

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Quoted:
        """The sentence of a row of violations or proofs."""
        return cls(tuple((language, row[column]) for language, column in SENTENCE.items()))

    def told(self, words: Words) -> str:
        return dict(self.texts)[words.language]


def sentence(key: str, **values: str | int | Told) -> Sentence:
    """The phrase under a key with its values."""
    return Sentence(key, tuple(values.items()))


def in_words(sentences: Sequence[Sentence], language: Language) -> str:
    """Sentences one after the other."""
    return " ".join(each.told_in(language) for each in sentences)


def verify_words(language: Language) -> Words:
    """The phrases of the verdict."""
    return words_of(language, "engine.verify")


def _plain(value: str | int | Told, words: Words) -> str | int:
    return value if isinstance(value, str | int) else value.told(words)
