"""Draws: the same bytes wherever they are made, however often they are interrupted; stopped early by rule."""

from __future__ import annotations

import inspect
import json
import os
import shutil
import signal
import time
from itertools import permutations
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from engine import cli
from engine.model import contracts
from engine.model.campaign import read_campaign
from engine.model.defects import InputRefused, Rule, defects
from engine.model.priorities import lots
from engine.pipeline import run, run_campaign
from engine.simulation.drawn import Drawn, drawn_campaign
from engine.simulation.experiment import Experiment
from engine.simulation.page import render_simulation
from engine.simulation.plan import NOISE
from engine.simulation.simulate import simulate
from engine.simulation.statistics import half_width, wilson
from tests.campaigns import write_campaign
from tests.commands import ended, mouvement, python
from tests.simulation.simulations import content, equals

ALL = ("lots", "preferences", "population")


@pytest.fixture(scope="module")
def twelve(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve draws of the ready campaign, everything drawn, made in this process."""
    folder = tmp_path_factory.mktemp("simulations") / "twelve"
    simulate(tiny, folder, draws=12, vary=ALL, workers=1, page=render_simulation)
    return folder


def test_two_processes_give_the_same_bytes_as_one(tiny: Path, twelve: Path, tmp_path: Path) -> None:
    simulate(tiny, tmp_path / "two", draws=12, vary=ALL, workers=2, page=render_simulation)
    assert content(tmp_path / "two") == content(twelve)


def test_a_killed_simulation_resumed_gives_the_same_bytes(tiny: Path, twelve: Path, tmp_path: Path) -> None:
    out = tmp_path / "killed"
    command = ("-m", "engine.cli", "simulate", tiny, "-o", out, "--draws", 12, "--vary", ",".join(ALL), "--workers", 2)
    killed = python(*command)
    kept = _after_some_draws(out, 3)
    killed.send_signal(signal.SIGKILL)
    ended(killed)
    assert not out.exists()
    resumed = ended(python(*command[:-1], 1))
    assert resumed.code == 0, resumed.err
    assert content(out) == content(twelve)
    assert not (tmp_path / "killed.partial").exists()
    assert len(kept) >= 3


def _after_some_draws(out: Path, count: int) -> list[Path]:
    folder = out.with_name(f"{out.name}.partial") / "draws"
    for _ in range(1200):
        found = sorted(folder.glob("*.npz")) if folder.is_dir() else []
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError("no draw was finished in a minute")


def test_finished_draws_are_not_made_again(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import engine.simulation.workers as workers

    made = list[int]()

    def counted(experiment: object, number: int) -> bytes:
        if len(made) == 4:
            raise KeyboardInterrupt
        made.append(number)
        return draw(experiment, number)

    draw = workers.draw
    monkeypatch.setattr(workers, "draw", counted)
    with pytest.raises(KeyboardInterrupt):
        simulate(tiny, tmp_path / "out", draws=6, workers=1)
    monkeypatch.setattr(workers, "draw", lambda experiment, number: made.append(number) or draw(experiment, number))
    simulate(tiny, tmp_path / "out", draws=6, workers=1)
    assert made == [1, 2, 3, 4, 5, 6]


def test_an_interrupted_simulation_says_how_to_go_on(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "stopped"
    process = python("-m", "engine.cli", "simulate", tiny, "-o", out, "--draws", 5000, "--workers", 2)
    _after_some_draws(out, 2)
    process.send_signal(signal.SIGINT)
    stopped = ended(process)
    assert stopped.code == 130
    assert "finished draws are kept in" in stopped.err
    assert "The same command goes on from there" in stopped.err
    assert "Traceback" not in stopped.err


def test_a_stopped_simulation_does_not_go_on_as_another(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = python("-m", "engine.cli", "simulate", tiny, "-o", out, "--draws", 5000, "--workers", 2)
    _after_some_draws(out, 1)
    alone = mouvement("simulate", tiny, "-o", out, "--draws", 5000)
    assert (alone.code, "another process is making these draws" in alone.err) == (1, True)
    process.kill()
    ended(process)
    other = mouvement("simulate", tiny, "-o", out, "--draws", 3, "--seed", 1, "--set", "extension=none")
    assert other.code == 1
    for name in ("draws", "seed", "options"):
        assert f"{name} " in other.err
    assert "--replace begins anew" in other.err
    assert mouvement("simulate", tiny, "-o", out, "--draws", 3, "--seed", 1, "--replace", "--no-report").code == 0
    assert mouvement("simulate", tiny, "-o", out, "--draws", 3, "--seed", 1).code == 2


def test_draws_stop_at_the_precision_asked_for_judged_in_their_order(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.simulation.simulate.JUDGED_EVERY", 5)
    every = simulate(tiny, tmp_path / "all", draws=15, vary=["population"], workers=1)
    shares = every.draws["share_moved"].to_list()
    widths = {n: half_width(shares[:n]) for n in range(5, 16, 5)}
    asked = widths[10]
    due = next(n for n, width in widths.items() if width <= asked)
    early = {
        workers: simulate(
            tiny, tmp_path / f"early{workers}", draws=15, vary=["population"], precision=asked, workers=workers
        )
        for workers in (1, 2)
    }
    assert early[1].manifest["draws_made"] == due
    assert early[1].manifest["stopped_early"]
    assert early[1].draws.equals(every.draws.head(due).select(early[1].draws.columns))
    assert content(early[1].folder) == content(early[2].folder)


def test_probabilities_are_those_of_all_orders_of_the_lots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = read_campaign(equals(tmp_path / "equals"))
    ids = campaign.candidates["candidate_id"]
    outcome, exact = {}, dict[tuple[str, int], float]()
    for order in permutations(range(ids.len())):
        with monkeypatch.context() as patched:
            patched.setattr(contracts, "draws", lambda ids, seed, order=order: pl.Series("draw", order))
            outcome[order] = run_campaign(campaign).outcomes.select("candidate_id", "rank").rows()
        for candidate, rank in outcome[order]:
            exact[candidate, rank] = exact.get((candidate, rank), 0) + 1 / 24
    done = simulate(campaign, tmp_path / "out", draws=60, workers=1)
    counted = dict.fromkeys(exact, 0)
    for seed in done.draws["seed"]:
        order = tuple(np.argsort(np.argsort(lots(ids, seed).to_numpy())).tolist())
        for key in outcome[order]:
            counted[key] += 1
    for row in done.wishes.iter_rows(named=True):
        key = row["candidate_id"], row["rank"]
        assert row["obtained"] == counted.get(key, 0)
        low, high = wilson(row["obtained"], 60)
        margin = 2 * (float(high) - float(low))
        assert abs(row["probability"] - exact.get(key, 0.0)) < margin


def test_a_draw_of_lots_is_the_run_with_its_seed(tiny: Path, tmp_path: Path) -> None:
    done = simulate(tiny, tmp_path / "out", draws=3, workers=1)
    for row in done.draws.iter_rows(named=True):
        run = run_campaign(read_campaign(tiny).with_seed(row["seed"]))
        assert row["holders.moved"] == run.summary["holders"]["moved"]
        assert row["chains.number"] == run.summary["chains"]["number"]


def test_the_order_of_rows_changes_no_byte(tmp_path: Path) -> None:
    campaign = equals(tmp_path / "one")
    other = equals(tmp_path / "other")
    for name in ("candidates", "wishes", "posts"):
        lines = (other / f"{name}.csv").read_text().splitlines()
        (other / f"{name}.csv").write_text("\n".join([lines[0], *lines[:0:-1]]) + "\n")
    simulate(campaign, tmp_path / "a", draws=5, vary=ALL, workers=1)
    simulate(other, tmp_path / "b", draws=5, vary=ALL, workers=1)
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_a_draw_that_fails_its_verdict_is_kept_counted_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.test_cli import solving_by, who_gains_most_is_forgotten

    solving_by(monkeypatch, who_gains_most_is_forgotten)
    folder = write_campaign(tmp_path / "campaign")
    ended_ = mouvement("simulate", folder, "-o", tmp_path / "out", "--draws", 2, "--workers", 1, "--json")
    told = json.loads(ended_.out)
    assert ended_.code == 3
    assert (told["draws"], told["draws_failed"]) == (2, 2)
    assert [row["draw"] for row in told["failed"]] == [1, 2]
    assert all(row["seed"] > 0 and "P3" in row["failed"] for row in told["failed"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"vary": ["lot"]}, "lot"),
        ({"vary": []}, "names nothing"),
        ({"draws": 0}, "is below 1"),
        ({"precision": 2.0}, "is not below 1"),
        ({"noise": -1.0}, "noise"),
        ({"mechanism": "magic"}, "magic"),
    ],
)
def test_what_is_no_plan_is_refused_with_a_sentence(
    tiny: Path, tmp_path: Path, options: dict[str, object], words: str
) -> None:
    with pytest.raises(InputRefused, match=words):
        simulate(tiny, tmp_path / "out", **{"draws": 2, "workers": 1, **options})  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_services_for_a_year_are_not_drawn(tmp_path: Path) -> None:
    from tests.adjustment_campaigns import write as write_adjustment

    with pytest.raises(InputRefused, match="services for a year are searched"):
        simulate(write_adjustment(tmp_path / "tzr"), tmp_path / "out", draws=2)


def test_a_lost_process_costs_its_running_draws_only(tiny: Path, twelve: Path, tmp_path: Path) -> None:
    out, pids = tmp_path / "lost", set[int]()

    def kill_one(finished: int, planned: int) -> None:
        if finished >= 5 and not pids:
            pids.add(_child())
            os.kill(next(iter(pids)), signal.SIGKILL)

    simulate(tiny, out, draws=12, vary=ALL, workers=2, progress=kill_one, page=render_simulation)
    assert pids
    assert content(out) == content(twelve)


def _child() -> int:
    import multiprocessing

    return next(child.pid for child in multiprocessing.active_children() if child.pid is not None)


def test_a_variant_is_drawn_as_the_campaign_it_makes(tiny: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "more.toml"
    overlay.write_text('id = "more"\n[population.seats]\nadd = 1\n', encoding="utf-8")
    plain = simulate(tiny, tmp_path / "plain", draws=3, workers=1)
    more = simulate(tiny, tmp_path / "more", draws=3, workers=1, variant=overlay)
    assert more.manifest["variant"]["id"] == "more"
    assert more.manifest["variant"]["population"]["seats"] == [{"add": 1}]
    assert "variante « more »" in render_simulation(more).replace("\u202f", " ").replace("\u00a0", " ")
    seed = int(more.draws["seed"][0])
    done = run(tiny, variant=overlay, seed=seed)
    assert more.draws["holders.moved"][0] == done.summary["holders"]["moved"]
    assert plain.manifest["variant"] is None


def test_zones_read_a_few_at_a_time_give_the_same_tables(
    tiny: Path, twelve: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.simulation.gather.CELLS", 36)
    simulate(tiny, tmp_path / "blocks", draws=12, vary=ALL, workers=1, page=render_simulation)
    assert content(tmp_path / "blocks") == content(twelve)


def test_a_draw_that_gives_no_campaign_is_kept_counted_and_named(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import engine.simulation.draw as module

    def refused(experiment: Experiment, number: int) -> Drawn:
        if number == 2:
            raise InputRefused(defects(Rule("C0", "A reason."), "links", problem="are parted by a closure."))
        return drawn_campaign(experiment, number)

    monkeypatch.setattr(module, "drawn_campaign", refused)
    done = simulate(tiny, tmp_path / "out", draws=3, workers=1, page=render_simulation)
    assert done.draws["verdict"].to_list() == ["holds", "refused", "holds"]
    assert "parted by a closure" in done.summary["failed"][0]["failed"]
    assert done.draws["share_moved"].null_count() == 1
    assert done.figures["draws"].unique().to_list() == [2]
    assert done.candidates["draws"].unique().to_list() == [2]
    alone = simulate(tiny, tmp_path / "alone", draws=2, seed=5, workers=1, page=render_simulation)
    assert (alone.num_failed, alone.draws.height) == (1, 2)


def test_a_simulation_of_which_no_draw_can_be_run_says_so(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import engine.simulation.draw as module

    def refused(experiment: Experiment, number: int) -> Drawn:
        raise InputRefused(defects(Rule("C0", "A reason."), "links", problem="are parted by a closure."))

    monkeypatch.setattr(module, "drawn_campaign", refused)
    done = mouvement("simulate", tiny, "-o", tmp_path / "out", "--draws", 2, "--workers", 1)
    assert (done.code, "2 of 2 draws do not hold" in done.out) == (3, True)


def test_the_command_has_the_noise_of_the_library() -> None:
    assert inspect.signature(cli.laboratory.simulate).parameters["noise"].default == NOISE


def test_a_damaged_record_is_made_again(
    tiny: Path, twelve: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    with monkeypatch.context() as stop:
        stop.setattr("engine.simulation.simulate.gather", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            simulate(tiny, target, draws=12, vary=ALL, workers=1, page=render_simulation)
    first, second = sorted((tmp_path / "out.partial" / "draws").iterdir())[:2]
    first.write_bytes(b"junk")
    second.write_bytes(second.read_bytes()[:-30])
    simulate(tiny, target, draws=12, vary=ALL, workers=1, page=render_simulation)
    assert content(target) == content(twelve)


def test_a_simulation_stopped_before_its_first_draw_leaves_nothing(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(experiment: Experiment, number: int) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.simulation.workers.draw", interrupted)
    end = mouvement("simulate", tiny, "-o", tmp_path / "out", "--draws", 2, "--workers", 1)
    assert (end.code, end.err) == (130, "interrupted; nothing half-written remains.\n")
    assert list(tmp_path.iterdir()) == []


def test_a_table_changed_since_is_refused_by_name(twelve: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(twelve, tmp_path / "edited")
    shutil.copy(folder / "cutoffs.parquet", folder / "wishes.parquet")
    end = mouvement("chances", folder, "--candidate", "alba")
    assert end.code == 1
    assert "wishes.parquet" in end.err
    assert "is not the table that was written" in end.err


def test_a_year_is_not_drawn(tmp_path: Path) -> None:
    (tmp_path / "year.toml").touch()
    end = mouvement("simulate", tmp_path, "-o", tmp_path / "out", "--draws", 2)
    assert end.code == 2
    assert "is a year: name the folder of one of its campaigns" in end.err
