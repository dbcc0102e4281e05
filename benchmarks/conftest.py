"""Sizes of benchmarks: swept in full, or one small size with ``--smoke`` to see that they still run.

A benchmark that takes an argument ``size`` declares its sizes by a marker:
``@pytest.mark.sizes(10_000, 100_000, smoke=500)``. The fixture ``smoke`` tells the others.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--smoke", action="store_true", help="run each benchmark once, at its smallest size")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sizes(*sizes, smoke): the sizes a benchmark is run at, and the one for --smoke")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marker = metafunc.definition.get_closest_marker("sizes")
    if marker is not None:
        sizes = [marker.kwargs["smoke"]] if metafunc.config.getoption("--smoke") else marker.args
        metafunc.parametrize("size", sizes)


@pytest.fixture
def smoke(request: pytest.FixtureRequest) -> bool:
    """Whether only running matters, not how long it takes."""
    return bool(request.config.getoption("--smoke"))


@pytest.fixture
def rounds(smoke: bool) -> int:
    """How often to time a benchmark that takes long."""
    return 1 if smoke else 5
