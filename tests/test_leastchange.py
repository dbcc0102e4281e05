"""`--least-change`: who need not move keeps what he had, and the outcome has no claim."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from engine.model.campaign import Campaign
from engine.model.changes import Previous
from engine.model.defects import InputRefused
from engine.model.market import Ints
from engine.pipeline import run, run_campaign
from engine.runfolder import write_run
from engine.runreading import read_previous
from engine.runs import Run
from tests.campaigns import with_cell, write_campaign
from tests.commands import mouvement
from tests.verify.linked_campaigns import linked
from tests.verify.zone_campaigns import Person, random_told, town

PLAIN = {"improvement": "none", "extension": "none"}


def previous(done: Run) -> Previous:
    settings = done.campaign.settings.model_dump(by_alias=True)
    return Previous(settings, PLAIN, {}, [], done.outcomes, done.wishes)


def again(campaign: Campaign, before: Run) -> Run:
    return run_campaign(campaign, previous=previous(before), least_change=True, **PLAIN)


def with_points(campaign: Campaign, rng: np.random.Generator) -> Campaign:
    """One wish with other points."""
    points = campaign.wishes["points"].to_list()
    points[int(rng.integers(len(points)))] = int(rng.integers(0, 40)) * 1000
    return replace(campaign, wishes=campaign.wishes.with_columns(points=pl.Series(points)))


def test_nobody_moves_where_nothing_changed() -> None:
    rng = np.random.default_rng(1)
    for family in ("single", "nested", "typed", "any"):
        first = run_campaign(random_told(rng, family).campaign, **PLAIN)
        done = again(first.campaign, first)
        assert done.changes.is_empty()
        assert done.summary["least_change"] == {"moved": 0, "bound": 0}


def test_who_sits_elsewhere_in_his_zone_keeps_his_seat() -> None:
    """The placement rule would seat CLARA in the other school of her commune."""
    people = {
        "ANNE": Person([("ETB", "E1", 30)]),
        "BRUNO": Person([("ETB", "E1", 20), ("COM", "11111", 20)]),
        "CLARA": Person([("COM", "22222", 10)]),
    }
    seats = {"E1": 1, "E2": 1, "E3": 1, "E4": 1}
    first = run_campaign(town(people, seats), **PLAIN)
    elsewhere = pl.col("candidate_id") == "CLARA"
    other = {"E3-M": "E4", "E4-M": "E3"}[first.outcomes.filter(elsewhere)["post_id"][0]]
    moved = first.outcomes.with_columns(
        post_id=pl.when(elsewhere).then(pl.lit(f"{other}-M")).otherwise("post_id"),
        place_id=pl.when(elsewhere).then(pl.lit(other)).otherwise("place_id"),
    )
    before = replace(previous(first), outcomes=moved)
    done = run_campaign(first.campaign, previous=before, least_change=True, **PLAIN)
    assert done.changes.is_empty()
    assert done.verdict.holds
    assert done.verdict["P9"].status == "not_applicable"
    assert not run_campaign(first.campaign, previous=before, **PLAIN).changes.is_empty()


def test_who_is_displaced_is_told_why() -> None:
    people = {"ANNE": Person([("ETB", "E1", 30), ("ETB", "E2", 30)]), "BRUNO": Person([("ETB", "E1", 20)])}
    first = run_campaign(town(people, {"E1": 1, "E2": 1}), **PLAIN)
    stronger = people | {"BRUNO": Person([("ETB", "E1", 40)])}
    done = again(town(stronger, {"E1": 1, "E2": 1}), first)
    told = {row["candidate_id"]: (row["cause"], row["detail"]) for row in done.changes.to_dicts()}
    assert told["ANNE"] == ("chain", "cutoff 1 30 40; cutoff 2 nocutoff 30; kept displaced")
    assert told["BRUNO"][0] == "points"
    assert done.summary["least_change"] == {"moved": 1, "bound": 1}


@pytest.mark.parametrize("seed", range(3))
def test_random_corrections_hold_the_verdict_and_the_bound(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(8):
        first = run_campaign(random_told(rng, str(rng.choice(["single", "nested", "typed", "any"]))).campaign, **PLAIN)
        if first.campaign.wishes.is_empty():
            continue
        done = again(with_points(first.campaign, rng), first)
        assert done.verdict.holds, done.verdict.to_dict()
        assert done.summary["least_change"]["moved"] >= done.summary["least_change"]["bound"]


def test_the_bound_holds_against_all_claim_free_outcomes() -> None:
    """Every claim-free outcome of small campaigns is listed: none moves fewer than the bound says."""
    rng = np.random.default_rng(9)
    looked_at = fewest = 0
    for _ in range(12):
        plain = random_told(rng, "single", closing=False, max_candidates=4, max_wishes=3).campaign
        if plain.wishes.is_empty():
            continue
        first = run_campaign(plain, **PLAIN)
        done = again(with_points(plain, rng), first)
        least = num_moved_at_least(done.campaign, first)
        figures = done.summary["least_change"]
        assert figures["bound"] <= least <= figures["moved"]
        fewest += figures["moved"] == least
        looked_at += 1
    assert looked_at >= 6
    assert fewest == looked_at


def num_moved_at_least(campaign: Campaign, first: Run) -> int:
    told = linked(campaign)
    lists = [
        [*range(told.market.wish_ptr[i], told.market.wish_ptr[i + 1]), -1] for i in range(campaign.candidates.height)
    ]
    post: Ints = told.market.zone_post[told.market.zone_ptr[told.market.wish_zone]].astype(np.int64)
    names = campaign.posts["post_id"].to_list()
    rows = told.contracts.rows
    before = first.outcomes.sort("candidate_id").select("rank", "post_id").rows()
    found = []
    for held in product(*lists):
        if told.oracle.seat([c for c in held if c >= 0]) is None or told.claims(held):
            continue
        if any(c < 0 <= told.market.stay[i] for i, c in enumerate(held)):
            continue
        now = [(rows["rank"][c], names[post[c]]) if c >= 0 else (None, None) for c in held]
        found.append(sum(was != is_ for was, is_ in zip(before, now, strict=True) if was[1] is not None))
    return min(found)


def test_what_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    first = run(write_campaign(tmp_path / "campaign"))
    folder = write_run(first, tmp_path / "before")
    with pytest.raises(InputRefused, match="needs a previous run"):
        run(tmp_path / "campaign", least_change=True)
    command = ("run", tmp_path / "campaign", "-o", tmp_path / "run", "--least-change")
    alone = mouvement(*command)
    assert (alone.code, "with --previous RUN" in alone.err) == (2, True)
    end = mouvement(*command, "--previous", folder, "--set", "improvement=zone")
    assert (end.code, "improvement" in end.err) == (1, True)
    other = write_campaign(tmp_path / "after", **with_cell("candidates", "false,titulaire,6,3", "false,titulaire,6,9"))
    end = mouvement("run", other, "-o", tmp_path / "run", "--previous", folder, "--least-change")
    assert end.code == 0, end.err
    assert "who had a place and moves: " in end.out
    same = run(tmp_path / "campaign", previous=read_previous(folder), least_change=True)
    assert same.summary["least_change"] == {"moved": 0, "bound": 0}  # e, set aside, keeps his post
    assert mouvement("verify", other, tmp_path / "run").code == 0
