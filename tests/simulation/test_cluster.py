"""The same draws on a Dask cluster: a real scheduler and two workers, one of which is lost on the way."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen
from time import monotonic, sleep

import pytest

from engine.simulation.cluster import ClusterUnreachable
from engine.simulation.page import render_simulation
from engine.simulation.simulate import simulate
from tests.commands import ROOT, mouvement
from tests.simulation.simulations import content

pytest.importorskip("distributed", reason="the extra cluster is not installed")

ALL = ("lots", "preferences", "population")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[Popen[bytes]]]]:
    """The address of a scheduler with two workers, and the processes of these."""
    with _cluster(tmp_path_factory.mktemp("cluster"), 2) as (address, _, workers):
        yield address, workers


@contextmanager
def _cluster(folder: Path, count: int) -> Iterator[tuple[str, Popen[bytes], list[Popen[bytes]]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    port = address.rsplit(":", 1)[1]
    scheduler = _started("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard", cwd=folder)
    workers = [_started("worker", address, "--nthreads", "1", "--no-nanny", cwd=folder) for _ in range(count)]
    try:
        _wait_for_workers(address, count)
        yield address, scheduler, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def _started(role: str, *arguments: str, cwd: Path) -> Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{role}", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__ADMIN__PREDICTED_SHUTDOWN": "0"}
    return Popen(command, cwd=cwd, env=environment, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)


def _wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    limit = monotonic() + 90
    while True:
        try:
            with Client(address, timeout=5, set_as_default=False) as client:
                client.wait_for_workers(count, timeout=60)
            return
        except OSError:
            if monotonic() > limit:
                raise
            sleep(0.2)


def test_a_cluster_of_another_version_is_refused(
    tiny: Path, tmp_path: Path, cluster: tuple[str, list[Popen[bytes]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.versions._version", lambda name: "0.0")
    with pytest.raises(ClusterUnreachable, match=r"polars .* \(here 0\.0\).*same draws need the same versions"):
        simulate(tiny, tmp_path / "out", draws=2, cluster=cluster[0])


def test_a_cluster_gives_the_same_bytes_and_a_lost_worker_costs_its_running_draws(
    tiny: Path, tmp_path: Path, cluster: tuple[str, list[Popen[bytes]]]
) -> None:
    address, workers = cluster
    killed = list[int]()

    def lose_one(finished: int, planned: int) -> None:
        if finished >= 4 and not killed:
            killed.append(workers[0].pid)
            os.kill(workers[0].pid, signal.SIGKILL)

    simulate(tiny, tmp_path / "there", draws=12, vary=ALL, cluster=address, progress=lose_one, page=render_simulation)
    assert killed
    simulate(tiny, tmp_path / "here", draws=12, vary=ALL, workers=1, page=render_simulation)
    assert content(tmp_path / "there") == content(tmp_path / "here")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_a_lost_scheduler_is_told_in_a_sentence_and_costs_no_finished_draw(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("engine.simulation.cluster.CONNECT_S", 3)
    with _cluster(tmp_path, 1) as (address, scheduler, _):

        def lose_it(finished: int, planned: int) -> None:
            if finished == 3:
                scheduler.kill()

        with pytest.raises(ClusterUnreachable, match=r"lost .*finished draws are kept: give the same command again"):
            simulate(tiny, tmp_path / "out", draws=500, cluster=address, progress=lose_it)
    assert len(list((tmp_path / "out.partial" / "draws").glob("*.npz"))) >= 3
    assert simulate(tiny, tmp_path / "out", draws=500, precision=0.5, workers=1, replace=True).manifest["draws"] >= 2
    assert not [record for record in caplog.records if record.name == "distributed.client"]


def test_an_address_where_nothing_answers_is_told_in_a_sentence(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.simulation.cluster.CONNECT_S", 1)
    command = ("simulate", tiny, "-o", tmp_path / "out", "--draws", 2)
    nobody = mouvement(*command, "--cluster", "tcp://127.0.0.1:9")
    assert (nobody.code, "no Dask scheduler answers there" in nobody.err) == (1, True)
    wrong = mouvement(*command, "--cluster", "nowhere at all")
    assert (wrong.code, "nowhere at all: is no address" in wrong.err) == (1, True)


def test_without_the_library_a_sentence_says_what_to_install(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterUnreachable, match=r"pip install 'mouvement\[cluster\]'"):
        simulate(tiny, tmp_path / "out", draws=2, cluster="tcp://127.0.0.1:9")


def test_what_is_no_address_is_told_at_once(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(ClusterUnreachable, match="--cluster foo: is no address"):
        simulate(tiny, tmp_path / "out", draws=2, cluster="foo")
    assert list(tmp_path.iterdir()) == []
