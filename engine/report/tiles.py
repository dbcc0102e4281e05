"""The key figures of a run, as tiles."""

from __future__ import annotations

import polars as pl

from engine.report.facts import Facts, fate_counts, obtained
from engine.report.parts import Tile


def tiles(facts: Facts) -> tuple[Tile, ...]:
    """Candidates, moves, first wishes, extension, seats, chains; who is withheld counts among the candidates only."""
    holders, mandatory = facts.people.filter("holder"), facts.people.filter("mandatory")
    return (_candidates(facts), *_holders(facts, holders), *_mandatory(facts, mandatory), *_seats(facts))


def _candidates(facts: Facts) -> Tile:
    words, everyone = facts.words, facts.run.campaign.candidates
    holders, mandatory = everyone["held_post"].count(), int(everyone["mandatory"].sum())
    note = words("tile_candidates_note", holders=holders, mandatory=mandatory, disciplines=facts.disciplines)
    return Tile(words("candidates"), words.number(everyone.height), note)


def _holders(facts: Facts, holders: pl.DataFrame) -> tuple[Tile, Tile]:
    words, fates, moved = facts.words, fate_counts(holders), holders.filter("moved").height
    first, granted = fates["wish_1"], obtained(fates)
    return (
        Tile(
            words("tile_moved"), words.number(moved), words("tile_moved_note", share=words.share(moved, holders.height))
        ),
        Tile(words("tile_first"), words.share(first, granted), words("tile_first_note", first=first, granted=granted)),
    )


def _mandatory(facts: Facts, mandatory: pl.DataFrame) -> tuple[Tile, Tile, Tile]:
    words, fates, count = facts.words, fate_counts(mandatory), mandatory.height
    first, extended, nothing = fates["wish_1"], fates["extended"], fates["unassigned"]
    return (
        Tile(
            words("tile_mandatory"), words.share(first, count), words("tile_mandatory_note", first=first, count=count)
        ),
        Tile(
            words("tile_extended"),
            words.number(extended),
            words("tile_extended_note", share=words.share(extended, count)),
        ),
        Tile(words("tile_unassigned"), words.number(nothing), words("tile_unassigned_note")),
    )


def _seats(facts: Facts) -> tuple[Tile, Tile]:
    words, run = facts.words, facts.run
    offered = int(run.campaign.posts["seats"].clip(lower_bound=0).sum())
    closing = int((-run.campaign.posts["seats"]).clip(lower_bound=0).sum())
    chains = run.chains
    freed = int(chains["freed_by"].is_not_null().sum())
    note = words("tile_chains_note", share=words.share(freed, chains.height))
    return (
        Tile(words("tile_seats"), words.number(offered), words("tile_seats_note", closing=closing)),
        Tile(words("chains"), words.number(chains["chain_id"].n_unique()), note),
    )
