"""Which posts a wish reaches, in which order, and where a candidate stands on each."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from engine.model.campaign import read_campaign
from engine.model.scoring import Scored, score
from tests.specific_campaigns import write_case


def scored(folder: Path) -> Scored:
    campaign = read_campaign(folder)
    return score(campaign, campaign.rules)


def posts(result: Scored, candidate: str, rank: int) -> list[str]:
    assert result.selection is not None
    own = result.selection.filter((pl.col("candidate_id") == candidate) & (pl.col("rank") == rank))
    return own.filter(pl.col("reason").is_null()).sort("part")["post_id"].to_list()


def reason(result: Scored, candidate: str, rank: int) -> str | None:
    own = result.wishes.filter((pl.col("candidate_id") == candidate) & (pl.col("rank") == rank))
    return str(own["reason"][0]) if own["reason"][0] is not None else None


def test_posts_of_the_stream_preferred_come_first(tmp_path: Path) -> None:
    assert posts(scored(write_case(tmp_path / "a")), "ana", 1) == ["LAF-MPSI", "LAF-PTSI"]
    other = write_case(tmp_path / "b", requests=("ana,1,CPGE,STI,MPSI", "ana,1,CPGE,STI,PTSI"))
    assert posts(scored(other), "ana", 1) == ["LAF-PTSI", "LAF-MPSI"]


def test_then_come_the_posts_that_rank_the_candidate_best(tmp_path: Path) -> None:
    plain = scored(write_case(tmp_path / "a"))
    assert posts(plain, "cem", 3) == ["LAF-MPSI", "BP-MPSI", "LAF-PTSI"]
    ranked = write_case(tmp_path / "b", opinions=("", "cem,LAF-PTSI,favourable,,1\n"))
    assert posts(scored(ranked), "cem", 3) == ["LAF-PTSI", "LAF-MPSI", "BP-MPSI"]


def test_an_ordered_zone_keeps_its_order(tmp_path: Path) -> None:
    zones = "zone_kind,zone_code,place_id,position\nGEO,G1,0630018C,1\nGEO,G1,0630021F,2\n"
    folder = write_case(tmp_path / "a", zones=("", zones), wishes=("cem,3,1,DPT,63", "cem,3,1,GEO,G1"))
    assert posts(scored(folder), "cem", 3) == ["BP-MPSI", "LAF-MPSI", "LAF-PTSI"]


def test_only_posts_of_the_type_and_discipline_of_the_request_are_reached(tmp_path: Path) -> None:
    result = scored(write_case(tmp_path / "a"))
    assert posts(result, "dia", 1) == ["LAF-CINE"]
    none = write_case(tmp_path / "b", wishes=("dia,1,1,ETB,0630021F", "dia,1,1,ETB,0690026D"))
    assert reason(scored(none), "dia", 1) == "no_post_of_the_type"


def test_the_opinion_on_the_post_takes_the_place_of_that_on_the_request(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "a", opinions=("", "eve,MAR-PTSI,reserved,,\n"))
    result = scored(folder)
    assert posts(result, "eve", 1) == ["MAR-PTSI"]
    assert reason(result, "eve", 1) is None


def test_who_is_ranked_needs_no_opinion_beside_it(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "a", opinions=("", "fay,MAR-PTSI,,,3\n"))
    assert posts(scored(folder), "fay", 1) == ["MAR-PTSI"]


@pytest.mark.parametrize(
    ("case", "changes", "candidate", "rank", "expected"),
    [
        ("specifique", {}, "ana", 3, "letter_missing"),
        ("specifique", {}, "eve", 1, "opinion_unfavourable"),
        ("specifique", {}, "fay", 1, "opinion_missing"),
        ("specifique", {"wishes": ("ben,1,1,ETB,0690026D", "ben,1,1,ETB,0630018C")}, "ben", 1, "already_held"),
        ("specifique", {"wishes": ("ben,1,1,ETB,0690026D", "ben,1,1,POST,PARC-MPSI")}, "ben", 1, "kind_not_admissible"),
        ("cio", {}, "kim", 1, "function_not_admissible"),
        ("cio", {}, "lou", 1, "file_missing"),
        ("cio", {"candidates": ("kim,COP,,psyen,COP", "kim,COP,,psyen,")}, "kim", 2, "function_not_admissible"),
        ("ddf", {}, "fred", 1, "teaching_years_short"),
        ("ddf", {}, "hal", 1, "corps_not_admissible"),
        ("ddf", {}, "jul", 1, "discipline_not_technological"),
        ("ddf", {"candidates": ("1963-11-01,L0202", "1963-11-01,L1412")}, "jul", 1, None),
        ("ddf", {"candidates": ("1963-11-01,L0202", "1963-11-01,")}, "jul", 1, None),
        ("ddf", {"candidates": ("jul,CHT,,certifie,,", "jul,CHT,,certifie,DDF,")}, "jul", 1, None),
        ("ddf", {"candidates": ("jul,CHT,,certifie,,", "jul,CHT,,plp,,")}, "jul", 1, None),
        ("ddf", {"candidates": ("fred,CHT,,plp,,4", "fred,CHT,,plp,DDF,4")}, "fred", 1, None),
        ("ddf", {"candidates": ("fred,CHT,,plp,,4", "fred,CHT,,plp,,5")}, "fred", 1, None),
    ],
)
def test_a_wish_set_aside_bears_its_reason(
    tmp_path: Path, case: str, changes: dict[str, tuple[str, str]], candidate: str, rank: int, expected: str | None
) -> None:
    assert reason(scored(write_case(tmp_path / "a", case, **changes)), candidate, rank) == expected


def test_fifteen_wishes_are_admissible_in_each_request(tmp_path: Path) -> None:
    many = "".join(f"fay,{rank},1,ETB,0690026D\n" for rank in range(2, 18))
    second = "".join(f"fay,{rank},2,ETB,0630021F\n" for rank in range(18, 20))
    folder = write_case(
        tmp_path / "a",
        wishes=("", many + second),
        requests=("fay,1,CPGE,STI,,true,", "fay,1,CPGE,STI,,true,favourable\nfay,2,CINEMA,L1414,,true,favourable"),
    )
    result = scored(folder)
    assert [reason(result, "fay", rank) for rank in (15, 16, 17, 18)] == [None, *["too_many_wishes"] * 2, None]


def test_points_are_counted_on_undifferentiated_posts_only(tmp_path: Path) -> None:
    result = scored(write_case(tmp_path / "a", "cio", candidates=("lou,COP,,psyen,COP,", "lou,COP,,psyen,COP,01")))
    points = {(who, rank): value for who, rank, value in result.wishes.select("candidate_id", "rank", "points").rows()}
    assert points["ida", 1] == 1_000_000
    assert points["jo", 1] == 0
    assert points["lou", 3] is None
    assert result.criteria["candidate_id"].to_list() == ["ida"]


def test_the_handicap_is_for_the_académies_named(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "a", "cio", wishes=("ida,1,1,ACA,10", "ida,1,1,COM,69383\nida,2,1,ACA,08"))
    points = scored(folder).wishes.filter(pl.col("candidate_id") == "ida").sort("rank")["points"].to_list()
    assert points == [1_000_000, 0]
