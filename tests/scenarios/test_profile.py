"""Profiles: every number says what it is worth, and a wrong profile is refused with the reason."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from scenarios.figures import ScenarioError
from scenarios.loading import load_profile, profile_text, shipped_profiles
from scenarios.profile import Profile

IDENTIFIERS = {"session", "seed"}  # numbers that name things and measure nothing


def untagged_numbers(node: Any, path: str = "") -> list[str]:
    """Paths of the numbers of a TOML tree that no enclosing table tags with a status."""
    if isinstance(node, dict):
        if "status" in node:
            return []
        return [found for key, value in node.items() for found in untagged_numbers(value, f"{path}.{key}")]
    return [path] if isinstance(node, int | float) and path.lstrip(".") not in IDENTIFIERS else []


@pytest.fixture
def profile() -> Profile:
    return load_profile("inter-2025")


@pytest.mark.parametrize("name", shipped_profiles())
def test_every_number_of_a_shipped_profile_says_what_it_is_worth(name: str) -> None:
    assert untagged_numbers(tomllib.loads(profile_text(name))) == []


def test_the_numbers_of_participants_are_the_published_ones(profile: Profile) -> None:
    population = profile.population
    assert (population.holders.value, population.mandatory.value) == (13661, 9379)
    assert {population.holders.status, population.mandatory.status} == {"published"}


def test_published_figures_name_their_source(profile: Profile) -> None:
    for name in type(profile.outcome).model_fields:
        figure = getattr(profile.outcome, name)
        assert figure.status in ("published", "derived")
        assert figure.source


def test_there_are_about_sixty_disciplines_with_a_heavy_tail(profile: Profile) -> None:
    sizes = sorted((d.holders + d.mandatory for d in profile.population.disciplines.value.values()), reverse=True)
    assert 55 <= len(sizes) <= 65
    assert sum(sizes[:10]) > 0.6 * sum(sizes)
    assert sum(sizes[len(sizes) // 2 :]) < sum(sizes) / 8


def test_wishes_are_as_many_as_suggested(profile: Profile) -> None:
    few, many = profile.choices.holder_wishes.value, profile.choices.mandatory_wishes.value
    assert sum(count * weight for count, weight in few.items()) / sum(few.values()) == pytest.approx(2, abs=0.1)
    long_lists = sum(weight for count, weight in many.items() if count >= 20) / sum(many.values())
    assert long_lists == pytest.approx(1 / 3, abs=0.01)
    assert (min(few), max(few), min(many), max(many)) == (1, 4, 1, 30)


def test_an_unknown_name_lists_the_profiles_there_are() -> None:
    with pytest.raises(ScenarioError, match="There are: inter-2025"):
        load_profile("inter-2052")


def test_a_profile_with_defects_is_refused_with_all_of_them(tmp_path: Path) -> None:
    text = profile_text("inter-2025").replace('movement = "inter"', 'movement = "outer"')
    path = tmp_path / "wrong.toml"
    path.write_text(text.replace("session = 2025", "session = 1999"), encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load_profile(path)
    assert "movement:" in str(refused.value)
    assert "session:" in str(refused.value)


def test_a_negative_weight_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(profile_text("inter-2025").replace("01 = 2.1", "01 = -2.1"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"places\.inhabitants: weights must be 0 or more"):
        load_profile(path)


def test_a_file_that_is_no_toml_or_missing_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_profile(path)
    path.write_text("id = ", encoding="utf-8")
    with pytest.raises(ScenarioError, match="is not UTF-8 TOML"):
        load_profile(path)
