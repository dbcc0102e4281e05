"""What the result rests on: rule values and how sure they are, options, notes, and how to make the run again."""

from __future__ import annotations

import platform
import shlex
from collections import Counter

from engine.model.rulebook import RuleValue, shipped_sources
from engine.report.facts import Told
from engine.report.parts import Block, Cell, Column, Commands, Section, Table, Text
from engine.report.words import NOTHING, Words
from engine.versions import versions

CONFIDENCE = {"read": "good", "derived": "quiet", "recalled": "bad", "assumed": "bad"}


def rules_section(facts: Told) -> Section:
    """Rule values of the session: first those that were not read in a text, then those that were."""
    words, values = facts.words, facts.run.campaign.rules.values_used
    if not values:
        return Section("rules", words("rules"), (Text(words("empty_rules"), "empty"),))
    counts = Counter(value.confidence for value in values)
    assumed, unread, read = counts["assumed"], counts["recalled"] + counts["derived"], counts["read"]
    lead = words(
        "lead_rules", unread=unread, values=len(values), recalled=counts["recalled"], derived=counts["derived"]
    )
    blocks: list[Block] = [Text(lead, "lead")]
    if assumed:
        blocks.append(_values(facts, ("assumed",), words("caption_assumed", count=assumed)))
    if unread:
        blocks.append(_values(facts, ("recalled", "derived"), words("caption_unread", count=unread)))
    if read:
        blocks.append(_values(facts, ("read",), words("caption_read", count=read)))
    return Section("rules", words("rules"), tuple(blocks))


def _values(facts: Told, told: tuple[str, ...], caption: str) -> Table:
    """The values known in one of some ways, the least sure first, block by block."""
    words, rules = facts.words, facts.run.campaign.rules
    keys = ("rule_block", "rule_name", "rule_value", "rule_since", "rule_confidence", "rule_source")
    heads = tuple(Column(words(key), numeric=key == "rule_since") for key in keys)
    titles = {name: block.title for name, block in rules.blocks.items()}
    chosen = sorted(
        (value for value in rules.values_used if value.confidence in told),
        key=lambda value: (told.index(value.confidence), value.block, value.name),
    )
    rows = tuple((titles.get(value.block, value.block), *_value(value, words)) for value in chosen)
    return Table(caption, heads, rows, folded=True)


def _value(value: RuleValue, words: Words) -> tuple[str | Cell, ...]:
    told = Cell(words(f"confidence_{value.confidence}"), tone=CONFIDENCE[value.confidence])
    source = shipped_sources().get(value.source)
    text = f"{value.source_title} ({value.source})"
    cell = Cell(text, source.address if source else "", after=value.note, foreign=True)
    return (value.name, _written(value, words), str(value.session_from), told, cell)


def _written(value: RuleValue, words: Words) -> str:
    """The value in the language of the page where it is points or a flag; other texts are codes and numbers."""
    if isinstance(value.value, bool):
        return words("yes" if value.value else "no")
    if isinstance(value.value, int) and value.unit == "points":
        return words.points(value.value)
    return NOTHING if value.value is None else value.text


def options_section(facts: Told) -> Section:
    """The options in force, what the mechanism said of its result, and the notes on the input."""
    words, run = facts.words, facts.run
    chosen = run.options.model_dump()
    rows = tuple((name, words(f"option_{name}"), _option(value)) for name, value in chosen.items())
    heads = (
        Column(words("option"), numeric=False),
        Column(words("meaning"), numeric=False),
        Column(words("value"), numeric=False),
    )
    stop, worth = words(f"stop_{run.stop}"), words(f"worth_{run.worth}")
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
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def reproduction_section(facts: Told) -> Section:
    """The commands that make the run again, and what they need to give the same bytes."""
    words, run = facts.words, facts.run
    folder, out, someone = words("folder"), words("run_folder"), words("a_candidate")
    settings = " ".join(
        f"--set {shlex.quote(f'{name}={_option(value)}')}" for name, value in run.options.model_dump().items()
    )
    overlay = run.campaign.overlay
    varied = f" --variant {shlex.quote(overlay.name)}.toml" if overlay else ""
    lines = (
        f"mouvement check {folder}{varied}",
        f"mouvement run {folder} -o {out}{varied} --seed {run.campaign.settings.seed} {settings}",
        f"mouvement verify {folder} {out}",
        f"mouvement explain {folder} {out} {someone}",
    )
    known = [(words("seed"), str(run.campaign.settings.seed)), (words("digest"), run.campaign.digest())]
    known += [(words("python"), platform.python_version()), *versions().items()]
    heads = (Column(words("what"), numeric=False), Column(words("value"), numeric=False))
    blocks = (Text(words("note_reproduction")), Commands(lines), Table(words("caption_versions"), heads, tuple(known)))
    return Section("reproduction", words("reproduction"), blocks)
