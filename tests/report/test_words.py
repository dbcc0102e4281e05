"""The phrases of the report: complete in both languages, all used."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from engine.model.market import Stop, Worth
from engine.model.settings import Movement, Options
from engine.report import words as module
from engine.report.words import words
from engine.verify.verdict import Status

FOLDER = Path(module.__file__).parent
SOURCES = [*sorted(FOLDER.glob("*.py")), FOLDER / "report.html.j2"]


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


def test_each_phrase_has_the_same_blanks_in_both_languages() -> None:
    french, english = words("fr").phrases, words("en").phrases
    assert french.keys() == english.keys()
    assert [key for key in french if fields(french[key]) != fields(english[key])] == []


def test_every_phrase_is_used() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    literal = set(re.findall(r'"(\w+)"', text))
    prefixes = tuple(
        set(re.findall(r'f"(\w+_)\{', text)) | {f"{name}_" for name in re.findall(r'named\("(\w+)"', text)}
    )
    assert [key for key in words("fr").phrases if key not in literal and not key.startswith(prefixes)] == []


@pytest.mark.parametrize(
    ("prefix", "codes"),
    [
        ("option", tuple(Options.model_fields)),
        ("movement", get_args(Movement)),
        ("stop", get_args(Stop)),
        ("worth", get_args(Worth)),
        ("status", get_args(Status)),
    ],
)
def test_every_code_has_its_phrase(prefix: str, codes: tuple[str, ...]) -> None:
    assert [code for code in codes if f"{prefix}_{code}" not in words("fr").phrases] == []
