"""Comparisons that several tests look at and none changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.compare.compare import Comparison
from tests.compare.runs import compared, variant

HALF = "[population.candidates]\nwhere = { holder = true }\nshare = 0.5\nleave_out = true"


@pytest.fixture(scope="session")
def comparison(national: Path) -> Comparison:
    """The national campaign at a fiftieth, beside four variants of it."""
    return compared(
        national,
        variant("children", 'description = "More for children"\nrules.enfants.per_child = 300'),
        variant("nothing"),
        variant("half", HALF),
        variant("three", "[eligibility]\nwhere = { mandatory = false }\nrequires = { post_years = { min = 3 } }"),
    )
