"""Intra profiles: sections taken from another, kinds and types that exist, a list for everybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.figures import ScenarioError
from scenarios.generate import generate
from scenarios.intra.profile import IntraProfile
from scenarios.loading import load_profile, profile_text


def loaded(name: str | Path) -> IntraProfile:
    profile = load_profile(name)
    assert isinstance(profile, IntraProfile)
    return profile


def refused(tmp_path: Path, wrong: str, right: str, name: str = "intra-national") -> str:
    """What is said of a profile in which some text is replaced."""
    text = profile_text(name)
    assert wrong in text
    path = tmp_path / "wrong.toml"
    path.write_text(text.replace(wrong, right), encoding="utf-8")
    with pytest.raises(ScenarioError) as found:
        load_profile(path)
    return str(found.value)


def test_the_national_profile_has_sixty_disciplines_and_a_hundred_thousand_candidates() -> None:
    population = loaded("intra-national").population
    assert len(population.disciplines.value) == 60
    assert population.holders.value + population.mandatory.value == 100_000


def test_a_section_taken_from_another_profile_keeps_what_it_says_itself() -> None:
    national, clermont = loaded("intra-national"), loaded("intra-clermont-2016")
    assert clermont.choices.lists == national.choices.lists
    assert clermont.schools.rep_share != national.schools.rep_share
    assert clermont.schools.colleges == national.schools.colleges
    assert clermont.careers == load_profile("inter-2025").careers


def test_disciplines_of_both_profiles_are_the_same_where_they_meet() -> None:
    national, clermont = loaded("intra-national"), loaded("intra-clermont-2016")
    known = national.population.disciplines.value
    for code, discipline in clermont.population.disciplines.value.items():
        assert (discipline.name, discipline.corps, discipline.posts) == (
            known[code].name,
            known[code].corps,
            known[code].posts,
        )


def test_a_section_of_an_unknown_profile_is_refused(tmp_path: Path) -> None:
    assert "a table of names among" in refused(tmp_path, '{ careers = "inter-2025" }', '{ careers = "inter-2052" }')


def test_a_type_of_school_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    message = refused(tmp_path, "posts = { LYC = 3.4 }", "posts = { EREA = 3.4 }")
    assert "population.disciplines.value.L0100.posts.EREA" in message


def test_a_situation_without_a_list_is_refused(tmp_path: Path) -> None:
    text = profile_text("intra-national")
    lists = text[text.index("carte_scolaire = [") : text.index("# ---", text.index("carte_scolaire = ["))]
    assert "choices: Value error, lists: none for carte_scolaire" in refused(tmp_path, lists, "")


def test_an_académie_that_does_not_exist_in_the_session_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "caen.toml"
    text = profile_text("intra-clermont-2016").replace('value = ["06"]', 'value = ["70"]')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match="no académie of session 2016: 70"):
        generate(path, tmp_path / "campaign")
