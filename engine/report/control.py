"""The verdict, property by property, with its evidence and what breaks it; and the banner that sums it up."""

from __future__ import annotations

from collections.abc import Sequence

from engine.report.facts import Told
from engine.report.parts import Banner, Column, Finding, Findings, Section, Table, Text
from engine.report.words import Words
from engine.verify.sentences import SENTENCE, Sentence, in_words
from engine.verify.verdict import SHOWN, Property

TONES = {"holds": "good", "fails": "bad", "unproven": "quiet", "given_up": "quiet", "not_applicable": "quiet"}
LONG = 300
"""Letters from which an evidence is shown in part."""

NAMED = 12
"""Withheld disciplines named in the banner; the rest are counted."""


def banner(facts: Told) -> Banner:
    """Whether the result holds, and what is withheld."""
    words, verdict = facts.words, facts.run.verdict
    names = {status: [item.name for item in verdict.properties if item.status == status] for status in TONES}
    stopped = (words("banner_time_limit"),) if facts.run.stop == "time_limit" else ()
    checked = words("banner_checked", holds=_listed(names["holds"]), aside=_listed(names["not_applicable"]))
    if verdict.holds:
        still_open = (words("banner_unproven", names=_listed(names["unproven"])),) if names["unproven"] else ()
        given_up = (words("banner_given_up", names=_listed(names["given_up"])),) if names["given_up"] else ()
        return Banner("good", words("banner_holds"), (checked, *still_open, *given_up, *stopped))
    failed = words("banner_failed", names=_listed(names["fails"]))
    return Banner("bad", _what_is_withheld(facts), (failed, *_disciplines(facts), checked, *stopped))


def _what_is_withheld(facts: Told) -> str:
    everything = len(facts.withheld) == facts.disciplines
    return facts.words("banner_all_withheld" if everything else "banner_withheld")


def _disciplines(facts: Told) -> tuple[str, ...]:
    words, named = facts.words, facts.withheld[:NAMED]
    more = len(facts.withheld) - len(named)
    listed = ", ".join(named) + (words("and_more", count=more) if more else "")
    return (words("banner_disciplines", count=len(facts.withheld), of=facts.disciplines, names=listed),)


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "–"


def verdict_section(facts: Told) -> Section:
    """Every property with its status."""
    words = facts.words
    items = tuple(finding(item, words) for item in facts.run.verdict.properties)
    return Section("verdict", words("verdict"), (Text(words("note_verdict"), "note"), Findings(items)))


def finding(item: Property, words: Words) -> Finding:
    """A property as it is shown."""
    count = words("violations_count", count=item.violations.height) if item.violations.height else ""
    title = item.title.told_in(words.language)
    status = words(f"status_{item.status}")
    evidence, rest = _shortened(item.evidence, words)
    shown = _examples(item, words) if item.status == "given_up" else _violations(item, words)
    return Finding(item.name, title, TONES[item.status], status, evidence, rest, count, shown)


def _shortened(evidence: Sequence[Sentence], words: Words) -> tuple[str, str]:
    """An evidence; where it is long its first sentence, and the others."""
    whole = in_words(evidence, words.language)
    if len(whole) <= LONG:
        return whole, ""
    return in_words(evidence[:1], words.language), in_words(evidence[1:], words.language)


def _examples(item: Property, words: Words) -> Table:
    """Cases of what the mechanism gives up, folded away: nothing is wrong with them."""
    heads = (words("discipline"), words("candidate"), words("example"))
    rows = tuple(
        (row["component"] or words("whole_result"), row["candidate_id"] or "", row[SENTENCE[words.language]])
        for row in item.proofs.iter_rows(named=True)
    )
    caption = words("caption_examples", shown=len(rows))
    return Table(caption, tuple(Column(head, numeric=False) for head in heads), rows, folded=True)


def _violations(item: Property, words: Words) -> Table | None:
    if item.violations.is_empty():
        return None
    heads = (words("discipline"), words("candidate"), words("post"), words("violation"))
    rows = tuple(
        (
            row["component"] or words("whole_result"),
            row["candidate_id"] or "",
            row["post_id"] or "",
            row[SENTENCE[words.language]],
        )
        for row in item.violations.head(SHOWN).iter_rows(named=True)
    )
    caption = words("caption_violations", shown=len(rows), count=item.violations.height)
    return Table(caption, tuple(Column(head, numeric=False) for head in heads), rows)
