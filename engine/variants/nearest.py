"""The rules whose names are nearest to a name that is none: by their words, in whatever order these were written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from unicodedata import normalize

from engine.model.rulebook import Rulebook
from engine.model.rulefile import unit_of

MOST = 3
"""Rules named."""

ALIKE, ALMOST = 0.75, 0.85
"""How alike two words are at least, from 0 to 1, so as to be taken for the same: one of the name, one around it."""

ENOUGH = 0.5
"""How near a rule is at least: the mean over the words that were written."""

BEHIND = 0.2
"""How far a rule named may be behind the nearest."""

NAME, UNIT, TITLE, COLUMNS = 1.0, 0.95, 0.8, 0.6
"""What a word counts by where the rule has it: in its name, its unit, the title of its block, the columns it reads."""

Name = tuple[str, str]
"""A block and one of its keys."""


def nearest(book: Rulebook, written: str) -> list[Name]:
    """The rules nearest to a dotted name, the nearest first; none where nothing is near.

    Every word that was written counts by the most alike word of the rule: of its block, its key, its unit, the title
    of its block, the columns of candidates it reads. So ``children.points`` finds ``enfants.per_child``, a rule per
    child whose unit is points.
    """
    wanted = [word for word in _words(written) if word not in _words(book.name)]
    if not wanted:
        return []
    near = {name: _nearness(wanted, words) for name, words in _rules(book)}
    best = max(near.values(), default=0.0)
    named = (name for name, value in near.items() if value >= max(ENOUGH, best - BEHIND))
    return sorted(named, key=lambda name: (-near[name], -_alike(".".join(name), written), name))[:MOST]


def _rules(book: Rulebook) -> Iterator[tuple[Name, Mapping[str, float]]]:
    """Every rule with its words and what each counts by."""
    for block, file in book.files.items():
        around = _counting(COLUMNS, file.columns) | _counting(TITLE, [file.title])
        for key in file.values:
            unit = _counting(UNIT, [unit_of(file, key)])
            yield (block, key), around | unit | _counting(NAME, [block, key])


def _counting(weight: float, texts: Iterable[str]) -> dict[str, float]:
    return {word: weight for text in texts for word in _words(text)}


def _nearness(wanted: Iterable[str], words: Mapping[str, float]) -> float:
    """The mean, over the words that were written, of the most alike word of a rule by what it counts."""
    best = [max(_counted(word, other, weight) for other, weight in words.items()) for word in wanted]
    return sum(best) / len(best)


def _counted(word: str, other: str, weight: float) -> float:
    alike = _alike(word, other)
    return alike * weight if alike >= (ALIKE if weight == NAME else ALMOST) else 0.0


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _words(text: str) -> list[str]:
    """The words of a name or a title, small letters without accents; those of one or two letters say nothing."""
    plain = normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return [word for word in re.findall(r"[a-z0-9]+", plain) if len(word) > 2]
