"""Numbers, plurals and spaces are written as each language writes them."""

from __future__ import annotations

import pytest

from engine.model.words import Language, Words, french_spaces, words_of


def words(language: Language) -> Words:
    return words_of(language, "engine.report")


def test_numbers_are_written_as_the_language_writes_them() -> None:
    french, english = words("fr"), words("en")
    assert french.number(23040) == "23\u202f040"
    assert english.number(-23040) == "\u221223,040"
    assert english.number(12, signed=True) == "+12"
    assert french.number(None) == "–"
    assert french.share(4, 9) == "44,4\u202f%"
    assert english.share(4, 9, 0) == "44%"
    assert french.share(1, 0) == "–"
    assert french.points(1_054_200) == "1\u202f054,2"
    assert english.points(-14_000) == "\u221214"


def test_french_punctuation_does_not_break_from_its_word() -> None:
    assert french_spaces("« oui » : 3 %; non ; vu ?") == "«\u00a0oui\u00a0»\u00a0: 3\u202f%; non\u202f; vu\u202f?"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", ["0 place", "1 place", "2 places", "1\u202f500 places"]),
        ("en", ["0 seats", "1 seat", "2 seats", "1,500 seats"]),
    ],
)
def test_a_word_goes_with_its_number(language: Language, told: list[str]) -> None:
    phrase = {"fr": "{count} {count:place|places}", "en": "{count} {count:seat|seats}"}[language]
    phrases = Words(language, {"seats": phrase})
    assert [phrases("seats", count=count) for count in (0, 1, 2, 1500)] == told


def test_the_phrases_of_a_package_come_before_those_it_stands_beside() -> None:
    both = words_of("en", "engine.report", "engine.compare")
    assert both("scroll") == words("en")("scroll")
    assert both("evidence") == "Evidence"
