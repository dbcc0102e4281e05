"""The sections of a TZR adjustment: cover, preferences, who stays on short replacements, needs left open."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from engine.model.reasons import reason_sentence
from engine.report.parts import Block, Column, Section, Table, Text, Tile
from engine.report.words import Words
from engine.runs import AdjustmentRun

HOUR = 1000


@dataclass(frozen=True, eq=False)
class ServiceFacts:
    """A run of the adjustment as its report counts it."""

    run: AdjustmentRun
    words: Words

    @property
    def withheld(self) -> tuple[str, ...]:
        """Disciplines whose result is withheld, in order."""
        lost = self.run.outcomes.filter(pl.col("status") == "withheld").select("candidate_id")
        found = self.run.campaign.candidates.join(lost, on="candidate_id", how="semi")["discipline"]
        return tuple(sorted(found.unique()))

    @property
    def disciplines(self) -> int:
        return int(self.run.campaign.candidates["discipline"].n_unique())

    def hours(self, thousandths: int) -> str:
        """Hours with their decimals, where there are some."""
        return self.words.points(thousandths)


def service_tiles(facts: ServiceFacts) -> tuple[Tile, ...]:
    """Hours covered, TZR employed, services split, short replacements, needs left open."""
    words, figures = facts.words, facts.run.summary
    covered, needed, employed = figures["hours_covered"], figures["hours_within_reach"], figures["employed"]
    cover = words(
        "tile_covered_note",
        share=words.share(covered, needed),
        needed=facts.hours(needed),
        bound=facts.hours(figures["hours_bound"]),
    )
    left = facts.hours(figures["hours_needed"] - covered)
    split = words("tile_split_note", share=words.share(figures["split"], employed))
    return (
        Tile(words("tile_covered"), facts.hours(covered), cover),
        Tile(
            words("tile_employed"),
            words.number(employed),
            words("tile_employed_note", share=words.share(employed, figures["tzr"]), tzr=figures["tzr"]),
        ),
        Tile(words("tile_split"), words.number(figures["split"]), split),
        Tile(words("tile_idle"), words.number(figures["on_short_replacements"]), words("tile_idle_note")),
        Tile(words("tile_open"), words.number(_open_needs(facts).height), words("tile_open_note", hours=left)),
    )


def cover_section(facts: ServiceFacts) -> Section:
    """Hours covered, by discipline, with the most that can be."""
    words, figures = facts.words, facts.run.summary
    told = {name: facts.hours(figures[f"hours_{name}"]) for name in ("covered", "bound")}
    lead = words("lead_services", needed=facts.hours(figures["hours_within_reach"]), **told)
    proven = words("lead_services_proven", proven=figures["blocks_proven"], blocks=figures["blocks"])
    keys = ("discipline", "tzr_short", "tzr_employed", "tzr_split", "hours_needed", "hours_covered", "hours_at_most")
    heads = tuple(Column(words(key), numeric=key != "discipline") for key in (*keys, "share_covered"))
    rows = tuple(_cover_row(facts, row) for row in _by_discipline(facts).iter_rows(named=True))
    table = Table(words("caption_services"), heads, rows)
    return Section("services", words("services"), (Text(lead, "lead"), Text(proven, "note"), table))


def _by_discipline(facts: ServiceFacts) -> pl.DataFrame:
    blocks = facts.run.blocks.group_by("discipline").agg(pl.col("^hours_.*$", "num_employed").sum())
    names = facts.run.campaign.candidates.select("candidate_id", "discipline")
    people = facts.run.tzr.join(names, on="candidate_id").group_by("discipline")
    counts = people.agg(tzr=pl.len(), split=(pl.col("num_schools") > 1).sum())
    return counts.join(blocks, on="discipline", how="left").sort("discipline").fill_null(0)


def _cover_row(facts: ServiceFacts, row: dict[str, int]) -> tuple[str, ...]:
    words = facts.words
    counts = (words.number(row[name]) for name in ("tzr", "num_employed", "split"))
    hours = (facts.hours(row[f"hours_{name}"]) for name in ("needed", "covered", "bound"))
    return (str(row["discipline"]), *counts, *hours, words.share(row["hours_covered"], row["hours_needed"]))


def preferences_section(facts: ServiceFacts) -> Section:
    """Which preference was met, and why the others were not."""
    words = facts.words
    employed = facts.run.outcomes.filter(pl.col("status") == "assigned")
    counts = dict(employed["rank"].value_counts().iter_rows())
    met = employed["rank"].count()
    lead = words("lead_preferences", met=met, employed=employed.height, first=counts.get(1, 0))
    ranks = sorted(counts, key=lambda rank: (rank is None, rank))
    rows = tuple(
        (words("preference_none") if rank is None else str(rank), words.number(counts[rank])) for rank in ranks
    )
    heads = (Column(words("preference_rank")), Column(words("tzr_short")))
    aside = facts.run.wishes.filter(pl.col("result").is_in(["refused", "inadmissible"]))
    blocks: tuple[Block, ...] = (Text(lead, "lead"), Table(words("caption_preferences"), heads, rows))
    if aside.height:
        blocks = (*blocks, _reasons(facts, aside["reason"], words("caption_preferences_reasons")))
    return Section("preferences", words("preferences"), blocks)


def idle_section(facts: ServiceFacts) -> Section:
    """TZR without a service, by reason."""
    words, idle = facts.words, facts.run.outcomes.filter(pl.col("status") == "kept")
    if idle.is_empty():
        return Section("idle", words("idle"), (Text(words("empty_idle"), "empty"),))
    blocks = (
        Text(words("lead_idle", idle=idle.height), "lead"),
        _reasons(facts, idle["reason"], words("caption_idle")),
    )
    return Section("idle", words("idle"), blocks)


def open_needs_section(facts: ServiceFacts) -> Section:
    """Needs left open, by reason."""
    words, needs = facts.words, _open_needs(facts)
    if needs.is_empty():
        return Section("open-needs", words("open_needs"), (Text(words("empty_open_needs"), "empty"),))
    lead = words("lead_open_needs", needs=needs.height, hours=facts.hours(int(needs["hours"].sum())))
    table = _reasons(facts, needs["reason"], words("caption_open_needs"))
    return Section("open-needs", words("open_needs"), (Text(lead, "lead"), table))


def attachments_section(facts: ServiceFacts) -> Section:
    """Schools of attachment kept and changed."""
    words = facts.words
    table = _reasons(facts, facts.run.tzr["attachment_reason"], words("caption_attachments"), words("attachment_kept"))
    return Section("attachments", words("attachments"), (table,))


def _open_needs(facts: ServiceFacts) -> pl.DataFrame:
    return facts.run.needs.filter(pl.col("candidate_id").is_null() & pl.col("reason").is_not_null())


def _reasons(facts: ServiceFacts, codes: pl.Series, caption: str, otherwise: str = "") -> Table:
    """How many have each reason, the most frequent first."""
    words = facts.words
    counts = sorted(codes.value_counts().iter_rows(), key=lambda row: (-row[1], row[0] or ""))
    told = ((otherwise if code is None else reason_sentence(code, words.language), count) for code, count in counts)
    rows = tuple((sentence, words.number(count)) for sentence, count in told if sentence)
    return Table(caption, (Column(words("why")), Column(words("number_of"))), rows)
