"""What the verdict says, in French and in English: sentences by the keys of ``words.toml``, alone and in columns.

A sentence is kept by its key and values, and written where it is shown. Where each row of a table has one, both
languages are written at once: a column of texts has a field for each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType
from typing import Protocol

import polars as pl

from engine.model.words import Counted, Language, Words, words_of

SENTENCE: Mapping[Language, str] = MappingProxyType({"en": "sentence", "fr": "sentence_fr"})
"""Columns of violations and proofs that hold the sentence."""

TEXT = pl.Struct(dict.fromkeys(SENTENCE, pl.String))
"""Type of columns with a text in each language."""


EMPTY = "empty text"  # a column of nothing else, so that a phrase without values is as long as its table


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


def texts(rows: pl.DataFrame, key: str, **values: str | pl.Expr | Told) -> pl.Series:
    """The phrase under a key for each row, in both languages: a series of `TEXT`.

    Parameters
    ----------
    values : columns or expressions over `rows`, of text, numbers or `TEXT`; or what is the same for all rows
    """
    columns = {name: pl.col(value) if isinstance(value, str) else value for name, value in values.items()}
    own = {name: value for name, value in columns.items() if isinstance(value, pl.Expr)}
    alike = {name: value for name, value in columns.items() if not isinstance(value, pl.Expr)}
    shown = rows.select(pl.repeat("", pl.len(), dtype=pl.String).alias(EMPTY), **own)
    written = {language: _written(shown, alike, key, verify_words(language)) for language in SENTENCE}
    return pl.DataFrame(written).to_struct("text")


def either(condition: pl.Series, one: pl.Series, other: pl.Series) -> pl.Series:
    """Of two texts for each row the one where the condition is met, else the other."""
    rows = pl.DataFrame({"condition": condition, "one": one, "other": other})
    return rows.select(pl.when("condition").then("one").otherwise("other")).to_series()


def joined_texts(column: str, key: str) -> pl.Expr:
    """Aggregation: the texts of a group one after the other, the phrase under a key between."""
    parts = {language: verify_words(language)(key) for language in SENTENCE}
    fields = pl.col(column).struct
    return pl.struct(fields.field(language).str.join(between).alias(language) for language, between in parts.items())


def codes_named(codes: pl.Series, prefix: str) -> pl.Series:
    """Codes as the phrases ``prefix_code`` say them, a series of `TEXT`; codes without a phrase as they are."""
    return codes_told(codes, lambda code, language: verify_words(language).named(prefix, code))


def codes_told(codes: pl.Series, say: Callable[[str, Language], str]) -> pl.Series:
    """Codes as a function says them, a series of `TEXT`."""
    found = codes.unique().drop_nulls().to_list()
    told = {language: _replaced(codes, found, [say(code, language) for code in found]) for language in SENTENCE}
    return pl.DataFrame(told).to_struct()


def _written(shown: pl.DataFrame, alike: Mapping[str, Told], key: str, words: Words) -> pl.Series:
    """The phrase in one language, row by row. Nothing stands for what is null."""
    columns, parts = [shown[EMPTY]], [pl.col(EMPTY)]
    for literal, name, forms, _ in Formatter().parse(words.phrases[key]):
        parts.append(pl.lit(literal))
        if name is not None and name in alike:
            parts.append(pl.lit(alike[name].told(words)))
        elif name is not None:
            column = _value(shown[name], forms or "", words).fill_null(words("nothing"))
            columns.append(column.alias(str(len(columns))))
            parts.append(pl.col(columns[-1].name))
    return pl.DataFrame(columns).select(pl.concat_str(parts)).to_series()


def _value(column: pl.Series, forms: str, words: Words) -> pl.Series:
    """What a column shows in a language: numbers as the language writes them, or the word that goes with them."""
    if isinstance(column.dtype, pl.Struct):
        return column.struct.field(words.language)
    if not column.dtype.is_numeric():
        return column.cast(pl.String)
    found = column.unique().drop_nulls().to_list()
    if column.dtype.is_float():
        return _replaced(column, found, [words.points(round(1000 * value)) for value in found])
    return _replaced(column, found, [format(Counted(value, words), forms) for value in found])


def _replaced(column: pl.Series, found: Sequence[object], names: Sequence[str]) -> pl.Series:
    return column.replace_strict(found, names, return_dtype=pl.String).cast(pl.String)


def _plain(value: str | int | Told, words: Words) -> str | int:
    return value if isinstance(value, str | int) else value.told(words)
