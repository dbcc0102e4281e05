"""The key figures of a run, as tiles."""

from __future__ import annotations

import polars as pl

from engine.report.facts import Facts, fate_counts, obtained
from engine.report.parts import Tile
from engine.report.phases import WAYS, highest_cutoff
from engine.report.words import Words


def tiles(facts: Facts) -> tuple[Tile, ...]:
    """Candidates, moves, first wishes, extension, seats, chains; who is withheld counts among the candidates only."""
    holders, mandatory = facts.people.filter("holder"), facts.people.filter("mandatory")
    if facts.run.tables.departments is not None:
        return (_requests(facts), *_holders(facts, holders), *_phases(facts))
    people = (_retained(facts),) if facts.by_request else _mandatory(facts, mandatory)
    return (_candidates(facts), *_holders(facts, holders), *people, *_seats(facts))


def _requests(facts: Facts) -> Tile:
    words, everyone = facts.words, facts.run.campaign.candidates.height
    note = words("tile_requests_note", places=facts.run.departments.height)
    return Tile(words("candidates"), words.number(everyone), note)


def _phases(facts: Facts) -> tuple[Tile, ...]:
    """Who moved in which of the two phases."""
    words, departments = facts.words, facts.run.departments
    moved = facts.people.filter("moved").join(facts.run.outcomes.select("candidate_id", "phase"), on="candidate_id")
    later = moved.filter(pl.col("phase") == "permutation")
    first, quota = moved.height - later.height, departments["entry_quota"].drop_nulls()
    key = "tile_mutations_note" if len(quota) else "tile_mutations_alone"
    note = words(key, share=words.share(first, moved.height), quota=int(quota.sum()))
    rings = facts.run.chains.filter("ring")["chain_id"].n_unique()
    exchanges = words("tile_permutations_note", rings=rings, again=later["before_rank"].count())
    return (
        Tile(words("tile_mutations"), _counted(words, first, facts.people), note),
        Tile(words("tile_permutations"), _counted(words, later.height, facts.people), exchanges),
        *(Tile(words(f"tile_{way}"), *highest_cutoff(facts, way)) for way in WAYS),
        _families(facts),
    )


def _families(facts: Facts) -> Tile:
    """How many of those who ask for their family's sake moved."""
    words, asking = facts.words, facts.people.filter(pl.col("family").is_not_null())
    moved = asking.filter("moved").height
    note = words("tile_families_note", moved=moved, asking=asking.height)
    return Tile(words("tile_families"), words.share(moved, asking.height), note)


def _candidates(facts: Facts) -> Tile:
    words, everyone = facts.words, facts.run.campaign.candidates
    holders, mandatory = everyone["held_post"].count(), int(everyone["mandatory"].sum())
    note = words("tile_candidates_note", holders=holders, mandatory=mandatory, disciplines=facts.disciplines)
    return Tile(words("candidates"), words.number(everyone.height), note)


def _holders(facts: Facts, holders: pl.DataFrame) -> tuple[Tile, ...]:
    words, fates, moved = facts.words, fate_counts(holders), holders.filter("moved").height
    first, granted = fates["wish_1"], obtained(fates)
    share = words("tile_moved_note", share=words.share(moved, holders.height))
    on_first = words("tile_first_note", first=first, granted=granted)
    return (
        Tile(words("tile_moved"), _counted(words, moved, holders), share),
        Tile(words("tile_first"), words.share(first, granted), on_first),
    )


def _retained(facts: Facts) -> Tile:
    """Who is retained on a specific post, whether he held one or not."""
    words, moved = facts.words, facts.people.filter("moved").height
    share = words("tile_retained_note", share=words.share(moved, facts.people.height))
    return Tile(words("selection_retained"), _counted(words, moved, facts.people), share)


def _mandatory(facts: Facts, mandatory: pl.DataFrame) -> tuple[Tile, ...]:
    words, fates, count = facts.words, fate_counts(mandatory), mandatory.height
    first, extended, nothing = fates["wish_1"], fates["extended"], fates["unassigned"]
    on_first = words("tile_mandatory_note", first=first, count=count)
    share = words("tile_extended_note", share=words.share(extended, count))
    return (
        Tile(words("tile_mandatory"), words.share(first, count), on_first),
        Tile(words("tile_extended"), _counted(words, extended, mandatory), share),
        Tile(words("tile_unassigned"), _counted(words, nothing, mandatory), _left_over(facts, nothing)),
    )


def _left_over(facts: Facts, nothing: int) -> str:
    if not nothing:
        return facts.words("tile_unassigned_none")
    return facts.words("tile_unassigned_note" if facts.run.options.extension != "none" else "tile_unassigned_alone")


def _seats(facts: Facts) -> tuple[Tile, ...]:
    words, seats, chains = facts.words, facts.run.campaign.posts["seats"], facts.run.chains
    offered, closing = int(seats.clip(lower_bound=0).sum()), int((-seats).clip(lower_bound=0).sum())
    freed = chains["freed_by"].count()
    return (
        Tile(words("tile_seats"), words.number(offered), words("tile_seats_note", closing=closing)),
        Tile(
            words("chains"),
            _counted(words, chains.filter(pl.len().over("chain_id") > 1)["chain_id"].n_unique(), facts.people),
            words("tile_chains_note", share=words.share(freed, chains.height)),
        ),
    )


def _counted(words: Words, count: int, people: pl.DataFrame) -> str:
    """The count, or a dash where there is nobody to count, be it that his result is withheld."""
    return words.number(count if people.height else None)
