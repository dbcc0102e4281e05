"""Links from specific posts and to the TZR adjustment, on the tables that those movements define."""

from __future__ import annotations

import polars as pl

from engine.model.schemas import empty_table
from engine.year.carried import Finished
from engine.year.departed import departed
from engine.year.entrants import entrants
from engine.year.replacement import replacement
from engine.year.retained import retained
from engine.year.tables import LINK_SCHEMAS, Tables


def frame(name: str, *rows: dict[str, object]) -> pl.DataFrame:
    """A table of a campaign, with more columns where rows have some."""
    empty = empty_table(name)
    made = pl.DataFrame(list(rows), infer_schema_length=None) if rows else pl.DataFrame()
    known = {column: kind for column, kind in empty.schema.items() if column in made.columns}
    return pl.concat([empty, made.cast(known)], how="diagonal")


def no_links() -> Tables:
    return {
        name: pl.DataFrame(schema={column: kind.dtype for column, kind in schema.columns().items()})
        for name, schema in LINK_SCHEMAS.items()
    }


def ended(tables: Tables, **outcomes: tuple[str, str | None, str | None]) -> Finished:
    rows = [(who, *what) for who, what in outcomes.items()]
    columns = ["candidate_id", "status", "place_id", "post_id"]
    return Finished("before", "any", tables, pl.DataFrame(rows, schema=columns, orient="row"))


SPECIFIC = {
    "candidates": frame(
        "candidates",
        {"candidate_id": "won", "discipline": "L1300"},
        {"candidate_id": "changed", "discipline": "L1300", "held_post": "P1"},
        {"candidate_id": "lost", "discipline": "L1300"},
        {"candidate_id": "kept", "discipline": "L1300", "held_post": "P2"},
        {"candidate_id": "elsewhere", "discipline": "L1300"},
    )
}
INTER = {
    "places": frame("places", {"place_id": "14", "kind": "ACA", "academy": "14"}),
    "posts": frame("posts", {"post_id": "L1300-14", "place_id": "14", "discipline": "L1300", "seats": -1}),
    "candidates": frame(
        "candidates",
        {"candidate_id": "won", "discipline": "L1300", "held_post": "L1300-14", "family": "mutation_simultanee"},
        {"candidate_id": "partner", "discipline": "L1300", "held_post": "L1300-14", "family": "mutation_simultanee"},
        {"candidate_id": "changed", "discipline": "L1300", "held_post": "L1300-14"},
        {"candidate_id": "lost", "discipline": "L1300", "held_post": "L1300-14"},
        {"candidate_id": "kept", "discipline": "L1300", "held_post": "L1300-14"},
    ),
    "wishes": frame(
        "wishes", *({"candidate_id": who, "rank": 1, "kind": "ACA", "code": "17"} for who in ("won", "lost"))
    ),
    "links": frame("links", *({"link_id": "1", "candidate_id": who} for who in ("won", "partner"))),
}
RETAINED = ended(
    SPECIFIC,
    won=("assigned", "S", "P3"),
    changed=("assigned", "S", "P4"),
    lost=("unassigned", None, None),
    kept=("kept", "S", "P2"),
    elsewhere=("assigned", "S", "P5"),
)


def test_who_is_retained_leaves_the_inter_and_his_ordinary_post_is_vacant() -> None:
    carried = retained(INTER, no_links(), RETAINED)
    assert carried.tables["candidates"]["candidate_id"].to_list() == ["partner", "lost", "kept"]
    assert carried.tables["wishes"]["candidate_id"].to_list() == ["lost"]
    assert carried.tables["posts"]["seats"].to_list() == [0]  # of won; changed leaves a specific post
    assert carried.passages.filter("seat_freed").select("candidate_id", "academy").rows() == [("won", "14")]


def test_a_partner_of_who_is_retained_is_alone() -> None:
    carried = retained(INTER, no_links(), RETAINED)
    assert carried.tables["links"].is_empty()
    people = dict(carried.tables["candidates"].select("candidate_id", "family").rows())
    assert people["partner"] is None
    assert ("partner", "unlinked") in carried.passages.select("candidate_id", "change").rows()


def test_who_is_retained_without_taking_part_frees_the_post_he_is_the_incumbent_of() -> None:
    own = {**no_links(), "incumbents": pl.DataFrame({"candidate_id": ["elsewhere"], "post_id": ["L1300-14"]})}
    carried = retained(INTER, own, RETAINED)
    assert carried.tables["posts"]["seats"].to_list() == [1]


def zone(code: str) -> dict[str, object]:
    return {"place_id": code, "kind": "ZR", "academy": "06", "department": "63"}


TZR = {
    "places": frame("places", zone("ZR-1"), zone("ZR-2"), {"place_id": "E", "kind": "ETB", "academy": "06"}),
    "posts": frame("posts", {"post_id": "M-1", "place_id": "ZR-1", "discipline": "L1300", "seats": 0}),
    "candidates": frame(
        "candidates",
        {"candidate_id": "stays", "discipline": "L1300", "held_post": "M-1", "zr_years": 4},
        {"candidate_id": "gone", "discipline": "L1300", "held_post": "M-1", "zr_years": 2},
        {"candidate_id": "shifts", "discipline": "L1300", "held_post": "M-1", "zr_years": 3},
    ),
    "wishes": frame(
        "wishes", *({"candidate_id": who, "rank": 1, "kind": "ETB", "code": "E"} for who in ("stays", "gone"))
    ),
    "attachments": pl.DataFrame({"candidate_id": ["stays", "shifts"], "position": [0, 0], "place_id": ["E", "E"]}),
}
INTRA = {
    "candidates": frame(
        "candidates",
        {"candidate_id": "new", "discipline": "L1300", "corps": "certifie", "mandatory": True, "echelon": 2},
        {"candidate_id": "gone", "discipline": "L1300", "held_post": "M-1"},
        {"candidate_id": "shifts", "discipline": "L1300", "held_post": "M-1"},
        {"candidate_id": "far", "discipline": "L1300"},
        {"candidate_id": "school", "discipline": "L1300"},
    )
}
ASSIGNED = ended(
    INTRA,
    new=("extended", "ZR-1", "M-1-INTRA"),
    gone=("assigned", "E", "M-E"),
    shifts=("assigned", "ZR-2", "M-2"),
    far=("assigned", "ZR-99", "M-99"),
    school=("assigned", "E", "M-E"),
)


def test_who_lands_on_a_zone_goes_to_the_adjustment_and_who_left_it_does_not() -> None:
    carried = replacement(TZR, no_links(), ASSIGNED)
    people = carried.tables["candidates"].sort("candidate_id").select("candidate_id", "held_post", "zr_years").rows()
    assert people == [("new", "M-1", 0), ("shifts", "M-2", 0), ("stays", "M-1", 4)]
    assert carried.tables["wishes"]["candidate_id"].to_list() == ["stays"]
    assert carried.tables["attachments"]["candidate_id"].to_list() == ["stays"]


def test_a_zone_that_had_no_tzr_of_the_discipline_gets_a_post() -> None:
    posts = replacement(TZR, no_links(), ASSIGNED).tables["posts"]
    assert posts.select("post_id", "place_id", "discipline", "seats").rows() == [
        ("M-1", "ZR-1", "L1300", 0),
        ("M-2", "ZR-2", "L1300", 0),
    ]


def test_who_moved_in_another_movement_holds_no_zone_any_more() -> None:
    carried = departed(TZR, no_links(), ended(INTRA, gone=("assigned", "14", "P1"), stays=("kept", "06", None)))
    assert carried.tables["candidates"]["candidate_id"].to_list() == ["stays", "shifts"]
    assert carried.tables["wishes"]["candidate_id"].to_list() == ["stays"]
    assert carried.tables["posts"].equals(TZR["posts"])
    assert carried.passages.select("candidate_id", "change", "reason", "seat_freed").rows() == [
        ("gone", "removed", "left_zone", False)
    ]


PAIR = {
    "places": frame("places", *({"place_id": code, "kind": "ACA", "academy": code} for code in ("14", "17"))),
    "candidates": frame(
        "candidates",
        *(
            {"candidate_id": who, "discipline": "L1300", "mandatory": True, "family": "mutation_simultanee"}
            for who in ("a1", "a2", "b1", "b2")
        ),
    ),
    "links": frame("links", *({"link_id": who[0], "candidate_id": who} for who in ("a1", "a2", "b1", "b2"))),
}
INTO = {
    "places": frame("places", *({"place_id": f"E{c}", "kind": "ETB", "academy": c} for c in ("14", "17"))),
    "posts": frame("posts"),
    "candidates": frame("candidates", {"candidate_id": "here", "discipline": "L1300"}),
    "wishes": frame("wishes"),
    "links": frame("links"),
}


def test_who_entered_one_académie_together_stays_linked_and_others_do_not() -> None:
    apart = {"a1": ("assigned", "14", "x"), "a2": ("assigned", "14", "y")}
    apart |= {"b1": ("assigned", "14", "x"), "b2": ("assigned", "17", "z")}
    carried = entrants(INTO, no_links(), ended(PAIR, **apart))
    assert carried.tables["links"].rows() == [("inter-a", "a1"), ("inter-a", "a2")]
    families = dict(carried.tables["candidates"].select("candidate_id", "family").rows())
    assert families == {"here": None, "a1": "mutation_simultanee", "a2": "mutation_simultanee", "b1": None, "b2": None}
    ended_links = carried.passages.filter(pl.col("change") == "unlinked")["candidate_id"].to_list()
    assert ended_links == ["b1", "b2"]


def test_who_has_no_list_asks_for_the_whole_académie() -> None:
    one = ended({**PAIR, "links": frame("links")}, a1=("extended", "17", "z"))
    wishes = entrants(INTO, no_links(), one).tables["wishes"].select("candidate_id", "rank", "kind", "code").rows()
    assert wishes == [("a1", 1, "ACA", "17"), ("a1", 2, "ZRA", "17")]
