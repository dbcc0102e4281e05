"""Preferences drawn anew: the same wishes in another order, none set aside for it, linked lists alike."""

from __future__ import annotations

from math import exp
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.campaign import Campaign, read_campaign
from engine.model.scoring import score
from engine.simulation.drawn import drawn_campaign
from engine.simulation.experiment import Experiment
from engine.simulation.plan import Plan
from engine.simulation.preferences import lists_of, redrawn_ranks, reordered
from scenarios.generate import generate
from tests.campaigns import TABLES, with_cell, write_campaign


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """The national campaign at a hundredth of its size, with linked requests."""
    folder = tmp_path_factory.mktemp("preferences") / "linked"
    return read_campaign(generate("inter-2025", folder, scale=0.01, links=8))


def ranks(campaign: Campaign, seed: int, scale: float) -> np.ndarray:
    return redrawn_ranks(lists_of(campaign, np.ones(campaign.wishes.height, bool)), seed, scale)


def with_ranks(campaign: Campaign, new: np.ndarray) -> Campaign:
    """The campaign with other ranks of its wishes."""
    rows = np.arange(len(new))
    order = np.empty_like(rows)
    order[rows - campaign.wishes["rank"].to_numpy() + new] = rows
    return reordered(campaign, order)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**63 - 1), scale=st.floats(0, 5))
def test_everybody_keeps_his_wishes_and_every_rank_is_there_once(linked: Campaign, seed: int, scale: float) -> None:
    drawn = with_ranks(linked, ranks(linked, seed, scale)).wishes
    key = ["candidate_id", "kind", "code"]
    assert drawn.select(key).sort(key).equals(linked.wishes.select(key).sort(key))
    assert drawn["rank"].equals(linked.wishes["rank"])


def test_without_noise_every_list_is_as_it_was(linked: Campaign) -> None:
    assert (ranks(linked, 5, 0.0) == linked.wishes["rank"].to_numpy()).all()


def test_linked_candidates_keep_the_same_lists(linked: Campaign) -> None:
    drawn = with_ranks(linked, ranks(linked, 3, 1.0))
    lists = drawn.links.join(drawn.wishes, on="candidate_id").sort("link_id", "candidate_id", "rank")
    moved = (ranks(linked, 3, 1.0) != linked.wishes["rank"].to_numpy()).any()
    for _, members in lists.group_by("link_id"):
        codes = [tuple(part["code"]) for _, part in members.group_by("candidate_id", maintain_order=True)]
        assert len(set(codes)) == 1
    assert moved


def test_two_neighbours_change_places_as_often_as_the_logit_says(tmp_path: Path) -> None:
    people = range(4000)
    candidates = "candidate_id,discipline,held_post\n" + "".join(f"{i},L1300,M-24\n" for i in people)
    wishes = "candidate_id,rank,kind,code\n" + "".join(f"{i},1,ACA,14\n{i},2,ACA,17\n" for i in people)
    campaign = read_campaign(write_campaign(tmp_path / "two", candidates=candidates, wishes=wishes))
    for scale in (0.5, 1.0):
        swapped = (ranks(campaign, 11, scale)[::2] == 2).mean()
        assert abs(swapped - 1 / (1 + exp(1 / scale))) < 0.02


def test_a_wish_changes_places_with_wishes_of_its_kind_only(tmp_path: Path) -> None:
    wishes = "candidate_id,rank,kind,code\na,1,DPT,35\na,2,ACA,17\na,3,ACA,14\na,4,DPT,44\n"
    frame = pl.read_csv(wishes.encode(), infer_schema=False).with_columns(pl.col("rank").cast(pl.Int64))
    campaign = read_campaign(write_campaign(tmp_path / "kinds"))
    mixed = frame.with_columns(school_type=pl.lit(None, pl.String), request=pl.lit(None, pl.Int64))
    drawn = {tuple(map(int, ranks(campaign.with_tables(wishes=mixed), seed, 50.0))) for seed in range(40)}
    assert drawn == {(1, 2, 3, 4), (1, 3, 2, 4)}


def test_a_wish_that_is_set_aside_stays_and_sets_no_other_aside(tmp_path: Path) -> None:
    campaign = read_campaign(write_campaign(tmp_path / "campaign", **with_cell("wishes", "c,2,ACA,25", "c,2,ACA,14")))
    own = "c,4,ACA,25\n"  # the wish for one's own académie, and all that would follow it
    campaign = read_campaign(
        write_campaign(tmp_path / "own", wishes=TABLES["wishes"].replace("c,2,ACA,25", "c,2,ACA,14") + own)
    )
    experiment = Experiment(campaign, Plan(draws=20, vary=("preferences",), seed=1, noise=20.0))
    before = experiment.scored.wishes
    seen = set()
    for number in range(1, 21):
        drawn = drawn_campaign(experiment, number)
        after = score(drawn.campaign, drawn.campaign.rules).wishes
        assert after["admissible"].sum() == before["admissible"].sum()
        mine = drawn.campaign.wishes.filter(pl.col("candidate_id") == "c")["code"].to_list()
        assert mine[-1] == "25"
        seen.add(tuple(mine))
        assert (drawn.campaign.wishes["code"] == campaign.wishes["code"][drawn.wish]).all()
    assert len(seen) > 1


def test_points_for_asking_the_same_first_wish_again_are_lost_with_it(tmp_path: Path) -> None:
    candidates = TABLES["candidates"].replace("birth_date,cancelled", "birth_date,cancelled,preferential_years")
    lines = [line if number == 0 else f"{line},4" for number, line in enumerate(candidates.splitlines())]
    campaign = read_campaign(write_campaign(tmp_path / "campaign", candidates="\n".join(lines) + "\n"))
    wishes = campaign.wishes
    swapped = wishes["rank"].to_numpy().copy()
    of_a = (wishes["candidate_id"] == "a").to_numpy()
    swapped[of_a] = [2, 1]
    years = dict(with_ranks(campaign, swapped).candidates.select("candidate_id", "preferential_years").rows())
    assert years == {"a": 0, "b": 4, "c": 4, "d": 4, "e": 4, "f": 4}


def test_another_candidate_changes_nobody_elses_draw(linked: Campaign) -> None:
    alone = linked.candidates["candidate_id"].filter(
        ~linked.candidates["candidate_id"].is_in(linked.links["candidate_id"].implode())
    )
    fewer = linked.with_tables(
        candidates=linked.candidates.filter(pl.col("candidate_id") != alone[0]),
        wishes=linked.wishes.filter(pl.col("candidate_id") != alone[0]),
    )
    kept = (linked.wishes["candidate_id"] != alone[0]).to_numpy()
    assert (ranks(linked, 9, 1.0)[kept] == ranks(fewer, 9, 1.0)).all()
