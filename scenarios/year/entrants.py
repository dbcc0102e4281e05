"""What candidates of an inter would ask for in each académie they may enter, as the intra profile draws lists."""

from __future__ import annotations

import numpy as np
import polars as pl

from scenarios.careers import Career
from scenarios.draws import Flags, Ints, Streams, only_where, pick_within
from scenarios.intra.atlas import NOWHERE, numbers
from scenarios.intra.generate import most_wishes
from scenarios.intra.lists import draw_lists
from scenarios.intra.people import ENTRANT, People
from scenarios.intra.preferences import rank_choices
from scenarios.intra.profile import KINDS, PLACE_TYPES, TYPED_KINDS, IntraProfile
from scenarios.intra.situations import Family, draw_tastes
from scenarios.intra.tables import Drawn, zone_codes

Tables = dict[str, pl.DataFrame]


def entrant_tables(profile: IntraProfile, drawn: Drawn, inter: Tables, streams: Streams) -> Tables:
    """The tables `entrant_wishes` and `entrant_facts` of an intra.

    A list is drawn for every académie a candidate of the inter asks for; whom extension sends elsewhere has none. The
    family lives in the largest communes of its département more often, and is near to where he wants to be there.
    """
    spouse = _spouses(drawn, inter["candidates"], streams)
    pairs = _pairs(drawn, inter).join(spouse, on="candidate_id", how="left", maintain_order="left")
    facts = spouse.drop_nulls("commune").select("candidate_id", spouse_commune=_commune_names(drawn, "commune"))
    if pairs.is_empty():
        return {"entrant_facts": facts.sort("candidate_id")}
    lists = _with_shared_lists(_lists(profile, drawn, pairs, streams), inter.get("links"))
    return {"entrant_wishes": lists, "entrant_facts": facts.sort("candidate_id")}


def _spouses(drawn: Drawn, candidates: pl.DataFrame, streams: Streams) -> pl.DataFrame:
    """candidate_id, commune (row), of whom the family lives in a département of the land."""
    codes = drawn.atlas.codes["DPT"]
    department = numbers(candidates["spouse_department"], codes)
    starts = np.searchsorted(drawn.atlas.commune_department, np.arange(len(codes) + 1)).astype(np.int64)
    some = np.flatnonzero(department != NOWHERE)
    uniform = streams.uniform("entrant_spouse", candidates.height)[some]
    at = pick_within(uniform, drawn.atlas.inhabitants, starts, department[some])
    return pl.DataFrame({"candidate_id": candidates["candidate_id"].gather(some), "commune": at})


def _commune_names(drawn: Drawn, column: str) -> pl.Expr:
    names = pl.Series(drawn.atlas.codes["COM"])
    return pl.col(column).map_batches(lambda rows: names.gather(rows), return_dtype=pl.String)


def _pairs(drawn: Drawn, inter: Tables) -> pl.DataFrame:
    """candidate_id, academy, discipline (numbers), corps, category, family: who may enter where."""
    places = pl.DataFrame({"code": list(drawn.selection.academies)}).with_row_index("academy")
    subjects = pl.DataFrame({"discipline": list(drawn.selection.disciplines)}).with_row_index("subject")
    facts = inter["candidates"].select("candidate_id", "discipline", "corps", "category", "family")
    asked = inter["wishes"].select("candidate_id", "code").join(places, on="code", maintain_order="left")
    known = asked.join(facts, on="candidate_id", maintain_order="left").join(
        subjects, on="discipline", maintain_order="left"
    )
    return known.with_columns(pl.col("academy", "subject").cast(pl.Int64))


def _lists(profile: IntraProfile, drawn: Drawn, pairs: pl.DataFrame, streams: Streams) -> pl.DataFrame:
    people, near = _people(drawn, pairs, streams)
    strategy = only_where(near, pairs["family"].to_numpy().astype(object))
    nothing = np.zeros(len(people), dtype=np.int64)
    words = np.full(len(people), None, dtype=np.object_)
    corps = pairs["corps"].to_numpy().astype(object)
    born = np.full(len(people), np.datetime64("1990-01-01"))
    career = Career(corps, words, nothing, nothing, nothing, nothing, born)
    family = Family(strategy, nothing, nothing, nothing)
    tastes = draw_tastes(profile, drawn.atlas, drawn.posts, people, career, family, streams)
    best = rank_choices(profile.choices, drawn.atlas, drawn.posts, people, tastes, streams)
    nobody = np.zeros(len(people), dtype=np.bool_)
    wishes = draw_lists(profile.choices.lists.value, people, best, nobody, most_wishes(profile), streams)
    typed = np.isin(wishes.kind, [KINDS.index(kind) for kind in TYPED_KINDS])
    asked = pl.Series(np.where(typed, tastes.asked_type[wishes.candidate], NOWHERE))
    return pl.DataFrame(
        {
            "candidate_id": pairs["candidate_id"].gather(wishes.candidate),
            "academy": pairs["code"].gather(wishes.candidate),
            "rank": wishes.rank,
            "kind": pl.Series(KINDS).gather(wishes.kind),
            "code": zone_codes(drawn.atlas, wishes, pl.Series([], dtype=pl.String)),
            "school_type": pl.Series(PLACE_TYPES).gather(asked.set(asked == NOWHERE, None)),
        }
    )


def _people(drawn: Drawn, pairs: pl.DataFrame, streams: Streams) -> tuple[People, Flags]:
    """The pairs as entrants, and whose family lives in that académie."""
    academy, spouse = pairs["academy"].to_numpy(), pairs["commune"].fill_null(NOWHERE).to_numpy()
    anywhere = pick_within(
        streams.uniform("entrant_home", len(academy)), drawn.atlas.inhabitants, drawn.atlas.commune_ptr, academy
    )
    near = (spouse >= drawn.atlas.commune_ptr[academy]) & (spouse < drawn.atlas.commune_ptr[academy + 1])
    none: Ints = np.full(len(academy), NOWHERE, dtype=np.int64)
    people = People(
        situation=np.full(len(academy), ENTRANT),
        academy=academy,
        discipline=pairs["subject"].to_numpy(),
        held=none,
        closed=none,
        home=np.where(near, spouse, anywhere),
        category=pairs["category"].to_numpy().astype(object),
    )
    return people, near


def _with_shared_lists(lists: pl.DataFrame, links: pl.DataFrame | None) -> pl.DataFrame:
    """The lists, linked candidates asking for what the first of them asks for."""
    if links is None:
        return lists.sort("candidate_id", "academy", "rank")
    first = links.with_columns(first=pl.col("candidate_id").min().over("link_id")).select("candidate_id", "first")
    shared = first.join(lists, left_on="first", right_on="candidate_id").select(lists.columns)
    return pl.concat([lists.join(first, on="candidate_id", how="anti"), shared]).sort("candidate_id", "academy", "rank")
