"""The interdépartemental the whole way: folder, mutations, permutations, cutoffs of entry and exit, verdict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from engine.model.campaign import read_campaign
from engine.model.defects import InputRefused
from engine.pipeline import campaign_options, run, run_campaign
from engine.report.report import render_report
from engine.runaudit import audit_folder
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
    _, most, ranks, _, most_points = best_permutations(country, granted)
    assert (len(moved), -sum(rank for _, rank in moved), points) == (most, ranks, most_points)


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


@pytest.mark.parametrize("balanced", [False, True])
def test_random_countries_with_decisions_hold_the_verdict(tmp_path: Path, balanced: bool) -> None:
    rng = np.random.default_rng(77)
    pinned, rules = 0, set()
    for turn in range(25):
        country = random_country(rng, int(rng.integers(3, 8)), linked=0.2)
        if balanced:
            country = replace(country, quotas={code: int(rng.integers(-1, 3)) for code in country.quotas})
        settings = SETTINGS.replace("serial", "stable") if balanced else SETTINGS
        campaign = read_campaign(write_country(tmp_path / str(turn), country, settings))
        campaign = decided(campaign, *drawn_decisions(rng, campaign))
        try:
            done = run_campaign(campaign)
        except InputRefused as refused:
            rules |= set(refused.defects["rule"].str.slice(0, 3))
            continue
        assert not done.verdict.failed, done.verdict.to_dict()
        pinned += campaign.decisions["kind"].to_list().count("pin")
    assert pinned > 5
    assert rules <= {"C69"}


def with_pins(country: Country, pins: dict[str, int]) -> Country:
    """The country in which whoever is pinned asks for one wish alone, before everybody else."""
    told = dict(country.requests)
    for name, rank in pins.items():
        goal, points = country.requests[name].asked[rank - 1]
        told[name] = Request(country.requests[name].home, [(goal, 10_000_000 + points)])
    return replace(country, requests=told)


def open_at_their_turns(country: Country, granted: dict[str, int]) -> set[tuple[str, int]]:
    """The wishes, better than what each was granted, for which the quotas left something when the request came."""
    asked = {name: request.asked for name, request in country.requests.items()}
    quotas = {code: list(quota) for code, quota in country.quotas.items() if isinstance(quota, tuple)}
    found = set()
    for name in sorted(asked, key=lambda name: -asked[name][0][1]):
        home, rank = country.requests[name].home, granted.get(name, len(asked[name]) + 1)
        better = [r for r in range(1, rank) if quotas[asked[name][r - 1][0]][0] > 0 and quotas[str(home)][1] > 0]
        found |= {(name, r) for r in better}
        if name in granted:
            quotas[asked[name][rank - 1][0]][0] -= 1
            quotas[str(home)][1] -= 1
    return found


def test_pins_come_first_in_both_phases_and_their_claims_are_counted(tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    by_phase, refused, claims = {"mutation": 0, "permutation": 0}, 0, 0
    for turn in range(60):
        country = random_country(rng, int(rng.integers(3, 7)))
        names = rng.permutation(sorted(country.requests)).tolist()[: int(rng.integers(1, 3))]
        pins = {name: int(rng.integers(1, len(country.requests[name].asked) + 1)) for name in names}
        told = with_pins(country, pins)
        granted = plain_mutations(told)
        left = {name for name in pins if name not in granted}
        best = best_permutations(told, granted, left)
        campaign = read_campaign(write_country(tmp_path / str(turn), country))
        campaign = decided(campaign, *({"candidate_id": n, "kind": "pin", "rank": r} for n, r in pins.items()))
        if best[0] < len(left):
            with pytest.raises(InputRefused, match="neither the quotas of entry and exit nor an exchange"):
                run_campaign(campaign)
            refused += 1
            continue
        done = run_campaign(campaign)
        assert not done.verdict.failed, done.verdict.to_dict()
        granted = {name: pins.get(name, rank) for name, rank in granted.items()}
        assert rank_of(done, "before_rank") == granted
        moved = done.outcomes.filter(pl.col("phase") == "permutation")
        assert moved.height == best[1]
        assert sum(1 if n in pins else r for n, r in moved.select("candidate_id", "rank").iter_rows()) == -best[2]
        bare = open_at_their_turns(country, granted)
        assert {(row["candidate_id"]) for row in done.verdict["P15"].proofs.to_dicts()} == {name for name, _ in bare}
        assert done.verdict["P15"].proofs.height == len(bare)
        claims += len(bare)
        for name, phase in done.outcomes.select("candidate_id", "phase").iter_rows():
            if name in pins:
                by_phase[phase] += 1
    assert min(*by_phase.values(), refused, claims) > 5, (by_phase, refused, claims)


def test_a_quota_that_a_pin_uses_up_is_told_to_whoever_has_more_points(tmp_path: Path) -> None:
    country = Country(
        {"01": (0, 2), "38": (1, 0), "69": (0, 0)},
        {"a": Request("01", [("38", 100)]), "b": Request("01", [("38", 50)]), "c": Request("01", [("38", 20)])},
    )
    campaign = read_campaign(write_country(tmp_path / "one", country))
    done = run_campaign(decided(campaign, {"candidate_id": "b", "kind": "pin", "place_id": "38"}))
    assert done.verdict.holds
    assert rank_of(done) == {"b": 1}
    told = dict(done.wishes.select("candidate_id", "reason").iter_rows())
    assert told == {"a": "decision_taken", "b": None, "c": "entry_short"}
    (claim,) = done.verdict["P15"].proofs.to_dicts()
    assert claim["candidate_id"] == "a"
    assert (
        "claims DPT 38 (wish 1): at its turn 0 of 1 had entered, and 0 of 2 had left. Allowed by D1"
        in claim["sentence"]
    )


def test_a_pin_on_the_departement_held_keeps_its_candidate_there(tmp_path: Path) -> None:
    campaign = read_campaign(write_country(tmp_path / "ring", RING))
    done = run_campaign(decided(campaign, {"candidate_id": "a", "kind": "pin", "place_id": "01"}))
    assert done.verdict.holds
    told = done.outcomes.row(by_predicate=pl.col("candidate_id") == "a", named=True)
    assert (told["status"], told["reason"]) == ("kept", "decision_keeps")


def test_a_previous_run_is_compared_and_most_of_it_kept(tmp_path: Path) -> None:
    folder = write_country(tmp_path / "ring", RING)
    previous = read_previous(write_run(run(folder), tmp_path / "run"))
    assert run(folder, previous=previous).changes.is_empty()
    (folder / "decisions.csv").write_text(
        "decision_id,candidate_id,kind,reason,authority,date\nD1,a,exclude,raison,le ministre,2025-02-01\n", "utf-8"
    )
    done = run(folder, previous=previous)
    assert done.changes.filter("changed")["cause"].to_list() == ["request decision", "chain", "chain"]
    kept = run(folder, previous=previous, least_change=True)
    assert kept.summary["least_change"] == {"moved": 3, "bound": 3}
    details = kept.changes.filter("changed")["detail"].to_list()
    assert [detail.split("; ")[-1] for detail in details] == ["kept lost", "kept exchange", "kept exchange"]
    target = write_run(kept, tmp_path / "again", report=lambda made: render_report(made, "en"))
    assert "the exchanges that move most candidates are others" in (target / "report.html").read_text("utf-8")
    campaign = read_campaign(folder)
    told = read_manifest(target)
    audited, _ = audit_folder(campaign, target, told, campaign_options(campaign))
    assert audited.holds, audited.to_dict()


def test_least_change_after_net_balances_is_refused_with_permutations(tmp_path: Path) -> None:
    country = replace(RING, quotas=dict.fromkeys(RING.quotas, 0))
    folder = write_country(tmp_path / "ring", country, SETTINGS.replace("serial", "stable"))
    previous = read_previous(write_run(run(folder), tmp_path / "run"))
    with pytest.raises(InputRefused, match="here they are stable and permutations"):
        run(folder, previous=previous, least_change=True)


def test_of_the_best_exchanges_those_are_made_that_keep_most(tmp_path: Path) -> None:
    """a and b may change with c alike; the stronger does, unless the other did before."""
    requests = {"a": Request("01", [("38", 100)]), "b": Request("01", [("38", 90)]), "c": Request("38", [("01", 80)])}
    country = Country({"01": (0, 0), "38": (0, 0)}, requests)
    before = run(
        write_country(tmp_path / "b", replace(country, requests=requests | {"a": Request("01", [("38", 10)])}))
    )
    assert rank_of(before) == {"b": 1, "c": 1}
    previous = read_previous(write_run(before, tmp_path / "run"))
    folder = write_country(tmp_path / "a", country)
    assert rank_of(run(folder, previous=previous)) == {"a": 1, "c": 1}
    done = run(folder, previous=previous, least_change=True)
    assert rank_of(done) == {"b": 1, "c": 1}
    assert done.summary["least_change"] == {"moved": 0, "bound": 0}
    assert done.verdict.holds


@pytest.mark.parametrize("linked", [0.0, 0.4])
def test_nobody_moves_whom_another_set_of_best_exchanges_would_keep(tmp_path: Path, linked: float) -> None:
    rng = np.random.default_rng(5)
    moved = 0
    for turn in range(20):
        country = random_country(rng, int(rng.integers(4, 8)), places=3, linked=linked)
        before = run(write_country(tmp_path / f"{turn} before", country), link_points="mean")
        previous = read_previous(write_run(before, tmp_path / f"{turn} run"))
        other = random_country(rng, 1, places=3).quotas if turn % 2 else country.quotas
        weaker = str(rng.permutation(sorted(country.requests))[0])
        told = replace(country, quotas=other)
        if not any(weaker in names for names in country.links):
            asked = [(goal, points % 97 + 1) for goal, points in country.requests[weaker].asked]
            told = replace(told, requests=country.requests | {weaker: Request(country.requests[weaker].home, asked)})
        folder = write_country(tmp_path / f"{turn} after", told)
        same = run(
            write_country(tmp_path / f"{turn} same", country), previous=previous, least_change=True, link_points="mean"
        )
        assert same.changes.is_empty()
        done = run(folder, previous=previous, least_change=True, link_points="mean")
        assert not done.verdict.failed, done.verdict.to_dict()
        had = rank_of(before)
        *_, kept, _ = best_permutations(told, plain_mutations(told), (), had)
        assert done.summary["least_change"]["moved"] == len(told.requests) - kept
        moved += len(told.requests) - kept
    assert moved > 5
