"""What the result rests on: rule values and how sure they are, options, notes, and how to make the run again."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

from engine.model.rulebook import RuleValue, shipped_sources
from engine.report.facts import Facts
from engine.report.parts import Block, Cell, Column, Commands, Section, Table, Text
from engine.report.words import Words

LIBRARIES = ("numpy", "polars", "numba")
CONFIDENCE = {"read": "good", "derived": "quiet", "recalled": "bad"}
DOUBTFUL_FIRST = {"recalled": 0, "derived": 1, "read": 2}


def rules_section(facts: Facts) -> Section:
    """Rule values of the session: first those that were not read in a text, then those that were."""
    words, values = facts.words, facts.run.campaign.rules.values_used
    if not values:
        return Section("rules", words("rules"), (Text(words("empty_rules"), "empty"),))
    unread = sorted((v for v in values if v.confidence != "read"), key=_doubt)
    read = sorted((v for v in values if v.confidence == "read"), key=_doubt)
    blocks: list[Block] = [Text(words("lead_rules", unread=len(unread), values=len(values)), "lead")]
    if unread:
        blocks.append(_values(unread, words("caption_unread"), words, folded=False))
    if read:
        blocks.append(_values(read, words("caption_read", count=len(read)), words, folded=True))
    return Section("rules", words("rules"), tuple(blocks))


def _doubt(value: RuleValue) -> tuple[int, str, str]:
    return DOUBTFUL_FIRST[value.confidence], value.block, value.name


def _values(values: Iterable[RuleValue], caption: str, words: Words, *, folded: bool) -> Table:
    keys = ("rule_block", "rule_name", "rule_value", "rule_since", "rule_confidence", "rule_source")
    heads = tuple(Column(words(key), numeric=key in ("rule_since",)) for key in keys)
    return Table(caption, heads, tuple(_value(value, words) for value in values), folded=folded)


def _value(value: RuleValue, words: Words) -> tuple[str | Cell, ...]:
    told = Cell(words(f"confidence_{value.confidence}"), tone=CONFIDENCE[value.confidence])
    source = shipped_sources().get(value.source)
    title = f"{value.source_title} ({value.source})" + (f" : {value.note}" if value.note else "")
    link = source.address if source else ""
    return (
        value.block,
        value.name,
        _written(value, words),
        str(value.session_from),
        told,
        Cell(title, link, foreign=True),
    )


def _written(value: RuleValue, words: Words) -> str:
    """The value in the language of the page where it is points or a flag; other texts are codes and numbers."""
    if isinstance(value.value, bool):
        return words("yes" if value.value else "no")
    if isinstance(value.value, int) and value.unit == "points":
        return words.points(value.value)
    return value.text


def options_section(facts: Facts) -> Section:
    """The options in force, what the mechanism said of its result, and the notes on the input."""
    words, run = facts.words, facts.run
    chosen = run.options.model_dump()
    rows = tuple((name, words(f"option_{name}"), _option(value)) for name, value in chosen.items())
    heads = (
        Column(words("option"), numeric=False),
        Column(words("meaning"), numeric=False),
        Column(words("value"), numeric=False),
    )
    stop, worth = words(f"stop_{run.matching.stop}"), words(f"worth_{run.matching.worth}")
    blocks: list[Block] = [
        Table(words("caption_options"), heads, rows),
        Text(words("mechanism_said", stop=stop, worth=worth)),
    ]
    notes = (*run.campaign.notes, *run.scored.notes)
    if notes:
        blocks.append(
            Table(
                words("caption_notes"),
                (Column(words("note"), numeric=False),),
                tuple((Cell(note, foreign=True),) for note in notes),
            )
        )
    return Section("options", words("options"), tuple(blocks))


def _option(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def reproduction_section(facts: Facts) -> Section:
    """The commands that make the run again, and what they need to give the same bytes."""
    words, run = facts.words, facts.run
    folder, out, someone = words("folder"), words("run_folder"), words("a_candidate")
    settings = " ".join(
        f"--set {shlex.quote(f'{name}={_option(value)}')}" for name, value in run.options.model_dump().items()
    )
    lines = (
        f"mouvement check {folder}",
        f"mouvement run {folder} -o {out} --seed {run.campaign.settings.seed} {settings}",
        f"mouvement verify {folder} {out}",
        f"mouvement explain {folder} {out} {someone}",
    )
    known = [(words("seed"), str(run.campaign.settings.seed)), (words("digest"), run.campaign.digest())]
    known += [
        (words("python"), platform.python_version()),
        *((name, _version(name)) for name in ("mouvement", *LIBRARIES)),
    ]
    heads = (Column(words("what"), numeric=False), Column(words("value"), numeric=False))
    blocks = (Text(words("note_reproduction")), Commands(lines), Table(words("caption_versions"), heads, tuple(known)))
    return Section("reproduction", words("reproduction"), blocks)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "–"
