"""The interdépartemental the whole way: folder, mutations, permutations, cutoffs of entry and exit, verdict."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from engine.model.defects import InputRefused
from engine.pipeline import run, run_campaign
from engine.runfolder import write_run
from engine.runmanifest import read_manifest
from engine.runreading import read_previous, read_result, read_tables
from engine.runs import Run
from tests.decided import decided, drawn_decisions
from tests.departments import (
    SETTINGS,
    Country,
    Request,
    best_permutations,
    plain_mutations,
    random_country,
    write_country,
)
from tests.model.interdepartemental.country import DEPARTMENTS
from tests.model.interdepartemental.country import country as country_of_the_rulebook

RING = Country(
    {"01": (0, 0), "38": (0, 0), "69": (0, 0), "75": (1, 1)},
    {
        "a": Request("01", [("38", 100)]),
        "b": Request("69", [("01", 90)]),
        "c": Request("38", [("69", 80)]),
        "d": Request("75", [("69", 70)]),
        "e": Request(None, [("38", 60), ("75", 50)]),
    },
)


@pytest.fixture
def ring(tmp_path: Path) -> Run:
    return run(write_country(tmp_path / "ring", RING))


def rank_of(done: Run, column: str = "rank") -> dict[str, int]:
    """Who has which wish, and after the mutations (before_rank)."""
    rows = done.outcomes.filter(pl.col(column).is_not_null())
    return dict(rows.select("candidate_id", column).iter_rows())


def agrees(country: Country, folder: Path) -> None:
    """The run gives what is told in plain words, and its verdict holds."""
    done = run(write_country(folder, country), link_points="mean")
    granted = plain_mutations(country)
    assert {p.status for p in done.verdict.properties} <= {"holds", "not_applicable"}
    assert rank_of(done, "before_rank") == granted
    moved = done.outcomes.filter(pl.col("phase") == "permutation").select("candidate_id", "rank").rows()
    pairs = {name: names for names in country.links for name in names}
    points = sum(
        2
        * sum(country.requests[mate].asked[rank - 1][1] for mate in pairs.get(name, [name]))
        // len(pairs.get(name, [name]))
        for name, rank in moved
    )
    assert (len(moved), -sum(rank for _, rank in moved), points) == best_permutations(country, granted)


@pytest.mark.parametrize("seed", range(40))
def test_both_phases_are_those_told_in_plain_words(seed: int, tmp_path: Path) -> None:
    agrees(random_country(np.random.default_rng(seed), people=7), tmp_path)


@pytest.mark.parametrize("seed", range(40))
def test_with_linked_requests_too(seed: int, tmp_path: Path) -> None:
    country = random_country(np.random.default_rng(100 + seed), people=8, linked=0.5)
    assert country.links or seed
    agrees(country, tmp_path)


def test_who_moves_in_which_phase_is_told(ring: Run) -> None:
    assert dict(ring.outcomes.select("candidate_id", "phase").iter_rows()) == {
        "a": "permutation",
        "b": "permutation",
        "c": "permutation",
        "d": "stay",
        "e": "mutation",
    }
    assert ring.summary["phases"]["mutations"]["moved"] == 1
    assert ring.summary["phases"]["permutations"]["moved"] == 3


def test_somebody_moved_on_a_later_wish_may_go_on_to_a_better_one(tmp_path: Path) -> None:
    country = Country(
        {"13": (0, 0), "59": (0, 0), "69": (1, 0), "75": (0, 1)},
        {
            "a": Request("75", [("13", 300), ("59", 300), ("69", 300)]),
            "b": Request("13", [("69", 10)]),
        },
    )
    done = run(write_country(tmp_path, country))
    row = done.outcomes.row(0, named=True)
    assert (row["before_rank"], row["rank"], row["phase"]) == (3, 1, "permutation")


def test_cutoffs_are_those_of_the_mutations_and_say_by_what_a_request_was_examined(tmp_path: Path) -> None:
    country = Country(
        {"29": (1, 0), "75": (0, 2), "35": (1, 0)},
        {
            "a": Request("75", [("29", 500)]),
            "b": Request("75", [("29", 400), ("35", 50)]),
            "c": Request("75", [("35", 300)]),
        },
    )
    done = run(write_country(tmp_path, country))
    rows = {row["department"]: row for row in done.departments.iter_rows(named=True)}
    assert (rows["35"]["entry_cutoff_points"], rows["35"]["entry_turn_points"]) == (50_000, 400_000)
    assert (rows["75"]["exit_cutoff_points"], rows["75"]["exit_last_candidate_id"]) == (50_000, "b")
    assert rows["75"]["entry_cutoff_points"] is None
    lost = done.wishes.filter(pl.col("result") == "refused")
    assert lost.select("candidate_id", "rank", "reason", "missing_points").rows() == [
        ("b", 1, "entry_short", 100_000),
        ("c", 1, "entry_and_exit_short", 100_000),
    ]


def test_permutations_are_told_as_rings_and_mutations_as_entries(ring: Run) -> None:
    chains = {key[0]: rows for key, rows in ring.chains.group_by("chain_id")}
    lengths = sorted((rows.height, rows["ring"].all()) for rows in chains.values())
    assert lengths == [(1, False), (3, True)]
    told = next(rows for rows in chains.values() if rows.height == 3).sort("position")
    assert told["freed_by"].to_list() == [told["candidate_id"][2], *told["candidate_id"][:2]]


def test_a_net_balance_is_stable_first(tmp_path: Path) -> None:
    country = Country(
        {"29": 1, "75": -1, "01": 0, "38": 0, "69": 0},
        {
            "a": Request("75", [("29", 500)]),
            "t1": Request("01", [("38", 200)]),
            "t2": Request("38", [("01", 100)]),
            "t3": Request("69", [("01", 300)]),
        },
    )
    done = run(write_country(tmp_path, country, SETTINGS.replace("serial", "stable")))
    assert done.verdict.holds
    phases = dict(done.outcomes.select("candidate_id", "phase").iter_rows())
    assert phases == {"a": "mutation", "t1": "permutation", "t2": "permutation", "t3": "stay"}
    rows = {row["department"]: row for row in done.departments.iter_rows(named=True)}
    assert (rows["75"]["balance"], rows["75"]["exit_quota"]) == (-1, None)
    assert (rows["29"]["entry_cutoff_points"], rows["75"]["exit_cutoff_points"]) == (500_000, 500_000)


def test_a_run_folder_reads_back_and_is_audited_the_same(ring: Run, tmp_path: Path) -> None:
    folder = write_run(ring, tmp_path / "out", table_format="csv")
    told = read_manifest(folder)
    assert told is not None
    assert read_tables(folder)["departments"].sort("department").equals(ring.departments.sort("department"))
    result = read_result(folder, told, ring.options)
    assert (result.mechanism, result.improvement) == ("serial", "permutations")
    assert result.departments is not None


def test_the_other_reading_examines_all_first_wishes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import engine.phases
    import engine.verify.mutations

    country = Country(
        {"29": (1, 0), "35": (1, 0), "75": (0, 2)},
        {
            "a": Request("75", [("29", 500)]),
            "b": Request("75", [("29", 400), ("35", 400)]),
            "c": Request("75", [("35", 300)]),
        },
    )
    folder = write_country(tmp_path, country)
    assert rank_of(run(folder), "before_rank") == {"a": 1, "b": 2}
    monkeypatch.setattr(engine.phases, "_order", lambda campaign: "rank")
    monkeypatch.setattr(engine.verify.mutations, "_order", lambda audit: "rank")
    done = run(folder)
    assert done.verdict.holds
    assert rank_of(done, "before_rank") == {"a": 1, "c": 1}


def refused(folder: Path) -> str:
    with pytest.raises(InputRefused) as error:
        run(folder)
    return str(error.value)


@pytest.mark.parametrize(
    ("tables", "settings", "expected"),
    [
        ({"posts": "post_id,place_id,discipline,seats\nP-01,01,1D,1\n"}, SETTINGS, "exit_quota is empty."),
        (
            {"posts": "post_id,place_id,discipline,seats,exit_quota\nP-01,01,1D,-1,0\n"},
            SETTINGS,
            'seats "-1" is negative: it is a quota of entry.',
        ),
        (
            {"posts": "post_id,place_id,discipline,seats,exit_quota\nP-01,01,1D,1,2\n"},
            SETTINGS.replace("serial", "stable"),
            'exit_quota "2" is set, and stable reads balances.',
        ),
        (
            {"posts": "post_id,place_id,discipline,seats,exit_quota\nP-01,01,1D,1,0\nQ-01,01,1D,0,0\n"},
            SETTINGS,
            "is one of several posts of its département",
        ),
        (
            {"zones": "zone_kind,zone_code,place_id\nDPT,99,01\nDPT,99,02\n"},
            SETTINGS,
            "has rows, and a département is a zone by itself.",
        ),
        (
            {"posts": "post_id,place_id,discipline,seats,exit_quota\nP-01,01,1D,1,0\nQ-01,01,2D,0,0\n"},
            SETTINGS,
            "are 2 disciplines: 1D, 2D.",
        ),
        ({}, SETTINGS.replace('improvement = "permutations"', 'improvement = "zone"'), "is none of none, permutations"),
        ({}, SETTINGS.replace('extension = "none"', ""), "this movement extends no wishes"),
        (
            {"wishes": "candidate_id,rank,kind,code,points\na,1,DPT,01,5\n"},
            SETTINGS,
            'code "01" is the département the candidate is in.',
        ),
    ],
)
def test_what_does_not_go_with_the_phases_is_refused_with_its_sentence(
    tables: dict[str, str], settings: str, expected: str, tmp_path: Path
) -> None:
    country = Country({"01": (1, 0), "02": (0, 1)}, {"a": Request("01", [("02", 5)])})
    posts = tables.get("posts", "")
    if posts:
        tables = {**tables, "posts": posts + "P-02,02,1D,0" + (",0\n" if "exit_quota" in posts else "\n")}
    assert expected in refused(write_country(tmp_path, country, settings, **tables))


def test_other_movements_have_neither_exit_quotas_nor_permutations(tmp_path: Path) -> None:
    from tests.campaigns import TABLES, write_campaign

    header, *rows = TABLES["posts"].splitlines()
    posts = "\n".join([f"{header},exit_quota", *(f"{row},3" for row in rows)]) + "\n"
    folder = write_campaign(tmp_path / "inter", posts=posts)
    assert "only the interdépartemental limits departures" in refused(folder)
    plain = write_campaign(tmp_path / "plain")
    with pytest.raises(InputRefused, match="is of the interdépartemental"):
        run(plain, improvement="permutations")


def test_the_order_of_rows_has_no_effect(tmp_path: Path) -> None:
    country = random_country(np.random.default_rng(7), people=12, linked=0.4)
    people = list(country.requests.items())
    shuffled = Country(
        dict(reversed(list(country.quotas.items()))),
        dict(reversed(people)),
        [names[::-1] for names in country.links[::-1]],
    )
    one = run(write_country(tmp_path / "one", country), link_points="mean")
    other = run(write_country(tmp_path / "other", shuffled), link_points="mean")
    for table in ("outcomes", "wishes", "cutoffs", "chains", "departments"):
        assert getattr(one, table).equals(getattr(other, table)), table


def test_linked_requests_that_differ_are_set_aside_with_their_reason() -> None:
    campaign = country_of_the_rulebook(
        2025,
        "home=75 echelon=6 wishes=29",
        "home=75 echelon=6 wishes=35",
        "home=93 echelon=6 wishes=29",
        links=[{"link_id": "L", "candidate_id": name} for name in ("C0", "C1")],
        posts=[
            {"post_id": f"P-{code}", "place_id": code, "discipline": "1D", "seats": 1, "exit_quota": 1}
            for code in DEPARTMENTS
        ],
    )
    done = run_campaign(campaign)
    assert done.verdict.holds
    told = dict(done.outcomes.select("candidate_id", "reason").iter_rows())
    assert told["C0"] == told["C1"] == "linked_lists_differ"
    assert done.outcomes.filter(pl.col("candidate_id") == "C2")["phase"].to_list() == ["mutation"]


def test_permutations_stopped_by_the_time_limit_are_left_open(tmp_path: Path) -> None:
    country = random_country(np.random.default_rng(2), people=12, linked=0.6)  # one that CP-SAT is asked about
    done = run(write_country(tmp_path / "hard", country), link_points="mean", time_limit_s=1e-9)
    assert done.matching.stop == "time_limit"
    assert done.verdict["P12"].status == "unproven"
    told = read_manifest(write_run(done, tmp_path / "out"))
    assert told is not None
    assert told.stopped


def test_both_phases_keep_decisions(tmp_path: Path) -> None:
    """c may not go to the Rhône: the ring of three is broken. a excluded stays where he is."""
    head = "decision_id,candidate_id,kind,place_id,reason,authority,date\n"
    kept_from = head + "D1,c,forbid,69,raison,le ministre,2025-02-01\n"
    folder = write_country(tmp_path / "kept", RING)
    (folder / "decisions.csv").write_text(kept_from, encoding="utf-8")
    done = run(folder)
    assert not done.verdict.failed, done.verdict.to_dict()
    assert rank_of(done) == {"d": 1, "e": 2} or "c" not in rank_of(done)
    assert done.wishes.filter(pl.col("candidate_id") == "c")["reason"].to_list() == ["decision_forbid"]
    (folder / "decisions.csv").write_text(kept_from.replace("D1,c,forbid,69", "D1,a,exclude,"), encoding="utf-8")
    done = run(folder)
    assert not done.verdict.failed, done.verdict.to_dict()
    assert done.outcomes.filter(pl.col("candidate_id") == "a")["status"].to_list() == ["excluded"]
    assert "a" not in rank_of(done)


def test_random_countries_with_decisions_hold_the_verdict(tmp_path: Path) -> None:
    rng = np.random.default_rng(77)
    for turn in range(12):
        folder = write_country(tmp_path / str(turn), random_country(rng, int(rng.integers(3, 8))))
        campaign = run(folder).campaign
        rows = [row for row in drawn_decisions(rng, campaign) if row["kind"] != "pin"]
        done = run_campaign(decided(campaign, *rows))
        assert not done.verdict.failed, done.verdict.to_dict()


def test_a_previous_run_is_compared_and_least_change_is_refused(tmp_path: Path) -> None:
    folder = write_country(tmp_path / "ring", RING)
    previous = read_previous(write_run(run(folder), tmp_path / "run"))
    assert run(folder, previous=previous).changes.is_empty()
    (folder / "decisions.csv").write_text(
        "decision_id,candidate_id,kind,reason,authority,date\nD1,a,exclude,raison,le ministre,2025-02-01\n", "utf-8"
    )
    done = run(folder, previous=previous)
    assert done.changes.filter("changed")["cause"].to_list() == ["request decision", "chain", "chain"]
    with pytest.raises(InputRefused, match="here they are serial and permutations"):
        run(folder, previous=previous, least_change=True)
