"""The page of a simulation: whole, in both languages, for every kind of movement; and what stands on the terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.simulation.folder import Simulation
from engine.simulation.page import render_simulation
from engine.simulation.simulate import simulate
from scenarios.generate import generate
from tests.commands import mouvement

ALL = ("lots", "preferences", "population")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Simulation]:
    """A few draws of a small campaign of a profile."""
    made = dict[str, Simulation]()

    def of(profile: str) -> Simulation:
        if profile not in made:
            folder = tmp_path_factory.mktemp("pages")
            campaign = generate(profile, folder / "campaign", scale=0.02)
            made[profile] = simulate(campaign, folder / "drawn", draws=4, vary=ALL, workers=1)
        return made[profile]

    return of


@pytest.mark.parametrize("profile", ["inter-2025", "interdepartemental-2025", "intra-clermont-2016", "W4"])
def test_the_page_is_whole_in_both_languages(drawn: Callable[[str], Simulation], profile: str) -> None:
    for language in ("fr", "en"):
        page = render_simulation(drawn(profile), language)  # type: ignore[arg-type]
        assert page == render_simulation(drawn(profile), language)  # type: ignore[arg-type]
        assert "<script" not in page
        assert not re.search(r'src="|href="http', page)
        for section in ("distributions", "curves", "cutoffs", "wishes", "figures", "reading"):
            assert f'<section id="{section}"' in page
        assert not re.search(r"\{[a-z_]+\}", re.sub(r"<style>.*?</style>", "", page, flags=re.S))


def test_the_page_has_a_curve_for_every_academy_asked_for(drawn: Callable[[str], Simulation]) -> None:
    done = drawn("inter-2025")
    page = render_simulation(done, "fr")
    names = done.curves["label"].unique().drop_nulls()
    assert names.len() > 20
    assert all(page.count(name) >= 2 for name in names if "'" not in name)


def test_where_points_do_not_decide_no_curve_pretends_so(drawn: Callable[[str], Simulation]) -> None:
    assert "points alone do not decide" in render_simulation(drawn("interdepartemental-2025"), "en")


def test_the_command_prints_figures_with_their_intervals(tiny: Path, tmp_path: Path) -> None:
    done = mouvement("simulate", tiny, "-o", tmp_path / "out", "--draws", 3, "--vary", "population", "--workers", 1)
    assert done.code == 0
    assert "3 draws of population, seed 2025" in done.out
    assert "holders who moved" in done.out
    assert "The verdict of every draw holds." in done.out
    assert (tmp_path / "out" / "report.html").exists()
