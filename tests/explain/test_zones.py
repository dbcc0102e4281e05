"""A wish for a zone is told with its posts, an improvement with its exchange, an extension with its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl
import pytest

from engine.explain.cover import Cover, PostLine
from engine.explain.decision import decision
from engine.explain.exchange import Exchange, Move, exchange_of
from engine.explain.explain import Language, explain_candidate
from engine.pipeline import run
from engine.runs import Run
from tests.campaigns import write_campaign
from tests.explain.rouen import SETTINGS, TABLES

ONE, TWO, THREE = "Collège Un (E1)", "Collège Deux (E2)", "Collège Trois (E3)"


@pytest.fixture(scope="module")
def rouen(tmp_path_factory: pytest.TempPathFactory) -> Run:
    done = run(write_campaign(tmp_path_factory.mktemp("rouen"), SETTINGS, **TABLES))
    assert done.verdict.holds
    return done


def tables(done: Run) -> Mapping[str, pl.DataFrame]:
    return {"outcomes": done.outcomes, "wishes": done.wishes, "cutoffs": done.cutoffs, "criteria": done.criteria}


def told(done: Run, candidate: str, language: Language) -> str:
    return explain_candidate(done.campaign, tables(done), candidate, language, residual=True)


def cover(done: Run, candidate: str, rank: int) -> Cover | None:
    wishes = decision(done.campaign, tables(done), candidate, residual=True).wishes
    return next(wish.cover for wish in wishes if wish.rank == rank)


def test_a_zone_wish_is_told_with_its_posts_their_cutoffs_and_how_far_the_indicative_wish_is(rouen: Run) -> None:
    assert cover(rouen, "c1", 2) == Cover(
        num_posts=3,
        num_seated=2,
        num_reached=1,
        posts=(
            PostLine(TWO, "stay", None, "seated", 1),
            PostLine(ONE, "wish", 200_000, "reached", 1),
        ),
        guide="ETB Lycée Quatre (E4)",
        parts=(),
    )


def test_posts_of_a_refused_wish_are_out_of_reach_and_the_easiest_comes_first(rouen: Run) -> None:
    found = cover(rouen, "c2", 1)
    assert found is not None
    assert found.guide is None
    assert [(post.name, post.standing) for post in found.posts] == [(ONE, "out_of_reach"), (TWO, "out_of_reach")]


def test_a_wish_for_one_post_needs_no_list(rouen: Run) -> None:
    assert cover(rouen, "c3", 1) is None


def test_an_ordered_list_is_told_in_its_order(rouen: Run) -> None:
    found = cover(rouen, "d", 1)
    assert found is not None
    assert found.parts == ("COM 76540", "COM 76351")
    assert "In this order: COM 76540, COM 76351." in told(rouen, "d", "en")


def test_a_type_of_school_is_told_in_words(rouen: Run) -> None:
    assert "DPT Seine-Maritime (76), collèges seulement :" in told(rouen, "d", "fr")
    assert "DPT Seine-Maritime (76), collèges only:" in told(rouen, "d", "en")


def test_only_some_posts_of_a_large_zone_are_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    schools = "".join(f"S{n},ETB,School {n},CLG,76540,ROUEN,76,21,49.{n},1.1\n" for n in range(10, 30))
    posts = "".join(f"S{n}-M,S{n},M,1\n" for n in range(10, 30))
    more = {"places": TABLES["places"] + schools, "posts": TABLES["posts"] + posts, "zones": None}
    alone = {"wishes": TABLES["wishes"].replace("GEO,SEINE", "DPT,76"), "extension": None}
    done = run(write_campaign(tmp_path_factory.mktemp("many"), SETTINGS, **{**TABLES, **more, **alone}))
    found = cover(done, "c2", 1)
    assert found is not None
    assert (found.num_posts, found.num_seated, found.num_reached, len(found.posts)) == (23, 22, 22, 6)
    assert "The easiest to enter:" in told(done, "c2", "en")


def test_an_improvement_is_told_as_the_exchange_that_made_it(rouen: Run) -> None:
    moves = (Move(False, ONE, TWO), Move(True, TWO, ONE))
    assert exchange_of(rouen.campaign, tables(rouen), "c3") == Exchange(None, TWO, True, moves, 2, ring=True)
    text = told(rouen, "c3", "en")
    assert f"Improvement: before it, the post held, {TWO}, was to be kept. Nobody loses by the exchange:" in text
    assert f"    this candidate     {TWO} -> {ONE}\n" in text
    assert "OBTAINED by improvement. Cutoff before it: 200." in text


def test_the_others_of_an_exchange_have_no_name(rouen: Run) -> None:
    for candidate, other in (("c3", "c1"), ("c1", "c3")):
        assert other not in told(rouen, candidate, "fr")


def test_who_makes_room_for_another_is_told_so(rouen: Run) -> None:
    assert f"elle déplace ce candidat depuis {ONE}, sur le même vœu" in told(rouen, "c1", "fr")


def test_an_exchange_that_ends_on_a_free_seat_says_so(rouen: Run) -> None:
    """One who moved from E1 to E2 while nobody took his seat: it was free before."""
    only = pl.col("candidate_id") == "c1"
    known = rouen.outcomes.with_columns(before_post_id=pl.when(only).then("before_post_id"))
    seats = rouen.cutoffs.with_columns(seats=pl.when(pl.col("post_id") == "E2-M").then(2).otherwise("seats"))
    told_of = {**tables(rouen), "outcomes": known, "cutoffs": seats}
    found = exchange_of(rouen.campaign, told_of, "c1")
    assert found is not None
    assert not found.ring
    assert found.moves == (Move(True, ONE, TWO),)
    assert "(the seat was free)" in explain_candidate(rouen.campaign, told_of, "c1", "en")


def test_who_was_not_touched_by_improvement_has_no_exchange(rouen: Run) -> None:
    assert exchange_of(rouen.campaign, tables(rouen), "c2") is None
    assert exchange_of(rouen.campaign, tables(rouen), "d") is None


def test_an_extension_is_told_zone_by_zone_with_the_points_kept(rouen: Run) -> None:
    text = told(rouen, "d", "en")
    assert "Extension from SEINE, with 40 points" in text
    assert "DPT Seine-Maritime (76): no seat left for these points\n    ZRA Rouen (21): OBTAINED" in text


def test_a_post_lost_by_a_measure_is_told_with_the_reason(rouen: Run) -> None:
    row = {"candidate_id": ["c1"], "closed_place": ["E3"], "closed_kind": ["carte_scolaire"]}
    designated = pl.DataFrame({**row, "reason": ["designated_least_seniority"]})
    campaign = replace(rouen.campaign, designated=designated)
    text = explain_candidate(campaign, tables(rouen), "c1", "en")
    assert f"Lost the post held in {THREE}: a post was closed there (mesure de carte scolaire)." in text
    assert "The least seniority in the post." in text


@pytest.mark.parametrize("candidate", ["c1", "c2", "c3", "d"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_everybody_of_a_zone_campaign_can_be_told(rouen: Run, candidate: str, language: Language) -> None:
    text = told(rouen, candidate, language)
    assert "None" not in text
    assert "{" not in text
