"""Columns of texts: where each row of a table has a sentence, it is written in both languages at once.

A *text* is a struct with a field for each language. Numbers are written as `engine.model.words` writes them, each that
occurs once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from string import Formatter

import polars as pl

from engine.model.words import Counted, Language, Words
from engine.verify.sentences import SENTENCE, Told, verify_words

EMPTY = "empty text"  # a column of nothing else, so that a phrase without values is as long as its table


def texts(rows: pl.DataFrame, key: str, **values: str | pl.Expr | Told) -> pl.Series:
    """The phrase under a key for each row, in both languages: a series of texts.

    Parameters
    ----------
    values : columns or expressions over `rows`, of strings, numbers or texts; or what is the same for all rows
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
    """Codes as the phrases ``prefix_code`` say them, a series of texts; codes without a phrase as they are."""
    return codes_told(codes, lambda code, language: verify_words(language).named(prefix, code))


def codes_told(codes: pl.Series, say: Callable[[str, Language], str]) -> pl.Series:
    """Codes as a function says them, a series of texts."""
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
