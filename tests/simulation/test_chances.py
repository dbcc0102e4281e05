"""Chances: the share of draws, its interval, and sentences for what cannot be told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.campaign import read_campaign
from engine.model.defects import InputRefused
from engine.simulation.chances import chances_of_candidate, chances_of_points
from engine.simulation.curves import chance
from engine.simulation.folder import Simulation, read_simulation
from engine.simulation.said import chances_in_words, percent, simulation_words
from engine.simulation.simulate import simulate
from engine.simulation.statistics import quantiles_of_columns, wilson
from tests.commands import mouvement
from tests.simulation.simulations import equals


@pytest.fixture(scope="module")
def drawn(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    """Sixteen draws of the ready campaign, with preferences and population drawn."""
    folder = tmp_path_factory.mktemp("chances") / "drawn"
    return simulate(tiny, folder, draws=16, vary=["preferences", "population"], workers=1)


@given(st.integers(0, 200), st.integers(1, 200))
def test_the_interval_holds_the_share_and_is_inside_zero_and_one(part: int, whole: int) -> None:
    part = min(part, whole)
    low, high = (float(edge) for edge in wilson(part, whole))
    assert 0 <= low <= part / whole <= high <= 1
    assert (low == 0) == (part == 0)
    assert (high == 1) == (part == whole)


def test_the_interval_is_that_of_a_printed_table() -> None:
    low, high = wilson([0, 5, 81], [10, 10, 263])
    assert np.round(low, 4).tolist() == [0.0, 0.2366, 0.2553]  # 81 of 263: Newcombe 1998, table I, method 3
    assert np.round(high, 4).tolist() == [0.2775, 0.7634, 0.3662]


@given(st.lists(st.integers(0, 8), min_size=1, max_size=30), st.integers(0, 5), st.integers(0, 5), st.integers(-1, 9))
def test_chances_of_points_are_counts_of_the_draws_they_beat(
    cutoffs: list[int], free: int, closed: int, points: int
) -> None:
    values, draws = np.unique(cutoffs, return_counts=True)
    total = len(cutoffs) + free + closed
    sure, tied = chance(points, values, draws, free, total)
    assert sure == pytest.approx((free + sum(points > cutoff for cutoff in cutoffs)) / total)
    assert tied == pytest.approx(sum(points == cutoff for cutoff in cutoffs) / total)


@given(st.lists(st.one_of(st.none(), st.integers(-5, 5)), min_size=1, max_size=20))
def test_quantiles_of_cutoffs_are_values_that_occurred(cells: list[int | None]) -> None:
    there = np.array([[cell is not None] for cell in cells])
    found = quantiles_of_columns(np.array([[cell or 0] for cell in cells], np.int64), there)[:, 0]
    known = sorted(cell for cell in cells if cell is not None)
    expected = np.quantile(known, [0.025, 0.25, 0.5, 0.75, 0.975], method="inverted_cdf") if known else np.zeros(5)
    assert found.tolist() == expected.tolist()


def test_points_are_compared_with_the_cutoff_of_every_draw(tiny: Path, drawn: Simulation) -> None:
    values = drawn.cutoff_values
    for row in drawn.cutoffs.iter_rows(named=True):
        occurred = values.filter((values["discipline"] == row["discipline"]) & (values["code"] == row["code"]))
        free = round(row["share_free"] * row["draws"])
        for points in (0, 14_000, 164_000, 10**7):
            found = chances_of_points(drawn, row["discipline"], points, to=row["code"]).wishes[0]
            beaten = occurred.filter(occurred["cutoff_points"] < points)["draws"].sum() + free
            equal = occurred.filter(occurred["cutoff_points"] == points)["draws"].sum()
            assert found.probability == pytest.approx((beaten + equal / 2) / row["draws"])
            assert found.low <= (found.probability or 0) <= found.high


def test_more_points_never_have_a_smaller_chance(drawn: Simulation) -> None:
    for code in drawn.cutoffs["code"].unique():
        chances = [
            chances_of_points(drawn, "L1300", p * 1000, to=code).wishes[0].probability for p in range(0, 900, 50)
        ]
        assert chances == sorted(chances)  # type: ignore[type-var]
    for (_,), curve in drawn.curves.group_by("code"):
        assert curve.sort("points")["probability"].is_sorted()


def test_a_candidate_of_a_market_of_equals_is_told_his_share_of_the_draws(tmp_path: Path) -> None:
    done = simulate(read_campaign(equals(tmp_path / "equals")), tmp_path / "out", draws=60, workers=1)
    found = chances_of_candidate(done, "c")
    assert [wish.rank for wish in found.wishes] == [1, 2, 3]
    assert sum(wish.probability or 0 for wish in found.wishes) == pytest.approx(found.shares["some"])
    assert found.shares["some"] + found.shares["unassigned"] == pytest.approx(1)
    assert all(wish.low <= (wish.probability or 0) <= wish.high for wish in found.wishes)
    tied = chances_of_points(done, "L1300", 20_000, to="14").wishes[0]
    assert (tied.probability, tied.low < 0.1, tied.high > 0.9) == (0.5, True, True)


def test_words_are_those_of_a_teacher_in_french_and_in_english(drawn: Simulation) -> None:
    french = chances_in_words(chances_of_candidate(drawn, "denis"), drawn, "fr")
    assert "vœu 1, Rennes (14), 513 pts" in french
    assert "de chances (entre" in french
    assert "n’est obtenu que si aucun vœu mieux classé" in french
    english = chances_in_words(chances_of_points(drawn, "L1300", 200_500, origin="24"), drawn, "en", "24")
    assert english.startswith("200.5 points in L1300: 16 draws")
    assert "Lyon (10)" in english
    assert "Créteil" not in english
    assert "does not change the cutoff" in english


def test_a_share_that_is_only_near_none_or_all_does_not_read_as_such() -> None:
    said = simulation_words("en")
    assert [percent(share, said) for share in (0, 1e-6, 0.5, 1 - 1e-6, 1)] == [
        "0.0%",
        "0.1%",
        "50.0%",
        "99.9%",
        "100.0%",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--candidate", "deniss"), "Maybe denis"),
        (("--discipline", "L1200", "--points", "20"), "Maybe L1300"),
        (("--discipline", "L1300", "--points", "20", "--to", "Renes"), "Maybe Rennes"),
        (("--discipline", "L1300", "--points", "20", "--from", "Rene"), "Rennes"),
        (("--discipline", "L1300", "--points", "20", "--from", "14", "--to", "rennes"), "one's own zone is no wish"),
    ],
)
def test_what_is_not_in_the_simulation_is_told_with_what_is_near(
    drawn: Simulation, arguments: tuple[str, ...], words: str
) -> None:
    refused = mouvement("chances", drawn.folder, *arguments)
    assert (refused.code, words in refused.err) == (1, True), refused.err


def test_wrong_usage_is_told_in_a_sentence(drawn: Simulation) -> None:
    for arguments in ((), ("--candidate", "denis", "--points", "3"), ("--discipline", "L1300"), ("--points", "3")):
        assert mouvement("chances", drawn.folder, *arguments).code == 2
    assert mouvement("chances", drawn.folder, "--candidate", "denis", "--to", "14").code == 2
    assert mouvement("chances", drawn.folder, "--discipline", "L1300", "--points", "a lot").code == 2


def test_machines_are_told_in_json(drawn: Simulation) -> None:
    told = json.loads(mouvement("chances", drawn.folder, "--candidate", "denis", "--json").out)
    assert told["candidate_id"] == "denis"
    assert set(told["wishes"][0]) >= {"probability", "low", "high", "kind", "code", "points"}


def test_a_folder_that_is_no_simulation_is_refused(tmp_path: Path, drawn: Simulation) -> None:
    with pytest.raises(InputRefused, match="is missing"):
        read_simulation(tmp_path)
    (tmp_path / "summary.json").write_text("{}")
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(InputRefused, match="is not one of a simulation"):
        read_simulation(tmp_path)


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ({"campaign": {"movement": "interdepartemental"}, "options": {"mechanism": "serial"}}, "has two phases"),
        ({"campaign": {"movement": "specifique"}, "options": {"mechanism": "stable"}}, "an order of its own"),
        ({"campaign": {"movement": "inter"}, "options": {"mechanism": "exchange"}}, "gives that property up"),
    ],
)
def test_where_points_alone_do_not_decide_a_sentence_says_why(
    drawn: Simulation, manifest: dict[str, dict[str, str]], words: str
) -> None:
    with pytest.raises(InputRefused, match=words):
        chances_of_points(Simulation(drawn.folder, manifest, {}), "L1300", 1000)
