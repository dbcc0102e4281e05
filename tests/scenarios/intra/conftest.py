"""Small intra campaigns that several tests look at and none changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.generate import generate


@pytest.fixture(scope="session")
def national_intra(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The national intra campaign at a hundredth of its size, with drawn schools: 1,000 candidates."""
    return generate("intra-national", tmp_path_factory.mktemp("campaigns") / "national", scale=0.01)


@pytest.fixture(scope="session")
def clermont(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The académie of Clermont-Ferrand with drawn schools: 1,323 candidates."""
    return generate("intra-clermont-2016", tmp_path_factory.mktemp("campaigns") / "clermont")
