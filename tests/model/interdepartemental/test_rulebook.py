"""The rulebook `interdepartemental` says what holds in each session and where it was read."""

import re
from pathlib import Path

import dataframely as dy
import pytest

from engine.model.geography import departments
from engine.model.interdepartemental.neighbours import touching, touching_academies
from engine.model.interdepartemental.registry import INTERDEPARTEMENTAL_CRITERIA
from engine.model.reasons import reason_codes
from engine.model.rulebook import Rulebook, shipped_sources
from engine.model.schemas import SCHEMAS, WISH_KINDS
from engine.model.sessionrules import SessionRules

BOOK = Rulebook.load("interdepartemental")
SESSIONS = range(BOOK.manifest.first_session, BOOK.manifest.last_session + 1)
STRATEGIES = {"rapprochement_conjoints", "autorite_parentale_conjointe", "residence_enfant", "parent_isole"}


@pytest.fixture(params=SESSIONS, ids=str)
def rules(request: pytest.FixtureRequest) -> SessionRules:
    return BOOK.at(request.param)


@pytest.mark.parametrize(
    ("session", "block", "key", "text", "source", "confidence"),
    [
        (2016, "wishes", "max_wishes", "6", "S3", "read"),
        (2016, "enfants", "age_limit", "20", "S3", "read"),
        (2016, "education_prioritaire", "rep", "[5 years: 45]", "S3", "read"),
        (2016, "education_prioritaire", "rep_plus", "[5 years: 90]", "S3", "read"),
        (2016, "handicap", "points", "800", "S3", "read"),
        (2016, "boe", "points", "100", "S3", "read"),
        (2016, "links", "points", "mean", "S3", "read"),
        (2016, "calendar", "late_limit", "2016-01-31", "S3", "read"),
        (2016, "echelon", "classe_exceptionnelle", "-", "M", "recalled"),
        (2018, "echelon", "instituteur", "18 18 22 22 26 29 31 33 33 36 39", "R-snuipp-2018", "read"),
        (2018, "echelon", "classe_normale", "0 0 22 26 29 33 36 39 39 39 39", "R-snuipp-2018", "read"),
        (2021, "echelon", "classe_normale", "0 0 22 26 29 33 36 39 39 39 39", "R-snuipp-2018", "recalled"),
        (2024, "echelon", "classe_normale", "0 22 22 26 29 33 36 39 39 39 42", "R-snuipp-2024", "read"),
        (2025, "echelon", "hors_classe", "39 39 39 42 45 48 48", "R-snuipp-2025", "read"),
        (2025, "echelon", "classe_exceptionnelle", "39 42 45 48 53", "R-snuipp-2025", "read"),
        (2025, "anciennete_departement", "per_slice", "10", "R-snuipp-2025", "read"),
        (2024, "separation", "by_half_years", "25 50 75 200 225 350 375 450", "R-snuipp-2024", "derived"),
        (2024, "outre_mer", "points", "600", "R-snuipp-2024", "read"),
        (2025, "links", "points", "mean", "R-snuipp-2025", "read"),
        (2025, "mutations", "order", "points", "R-snuipp-2025", "read"),
        (2025, "poste_a_profil", "points", "27", "R40", "read"),
        (2026, "calendar", "server_close", "2025-11-26", "R-fo-2026", "read"),
        (2026, "rapprochement_conjoints", "points", "150", "R44", "recalled"),
    ],
)
def test_a_value_has_its_session_its_source_and_its_confidence(
    session: int, block: str, key: str, text: str, source: str, confidence: str
) -> None:
    value = BOOK.at(session).value(block, key)
    assert (value.text, value.source, value.confidence) == (text, source, confidence)


@pytest.mark.parametrize(
    ("block", "first", "last"),
    [
        ("residence_enfant", 2016, 2017),
        ("autorite_parentale_conjointe", 2018, 2026),
        ("parent_isole", 2018, 2021),
        ("poste_a_profil", 2025, 2026),
        ("rapprochement_conjoints", 2016, 2026),
    ],
)
def test_a_block_exists_in_its_sessions_only(block: str, first: int, last: int) -> None:
    assert [session for session in SESSIONS if block in BOOK.at(session).blocks] == list(range(first, last + 1))


def test_a_family_strategy_is_in_the_domain_exactly_when_its_block_exists() -> None:
    for session in SESSIONS:
        rules = BOOK.at(session)
        listed = {s for s, (first, last) in rules.domains["family"].items() if first <= session <= last}
        assert listed == {strategy for strategy in STRATEGIES if strategy in rules.blocks}, session


def test_every_criterion_has_a_function_and_every_function_a_file(rules: SessionRules) -> None:
    assert set(rules.criteria) <= set(INTERDEPARTEMENTAL_CRITERIA)
    assert set(INTERDEPARTEMENTAL_CRITERIA) == {name for name, file in BOOK.files.items() if file.criterion}


def test_every_input_column_a_block_names_is_a_column_of_candidates(rules: SessionRules) -> None:
    known = set(SCHEMAS["candidates"].columns()) | set(rules.named_columns)
    assert {column for block in rules.blocks.values() for column in block.columns} <= known
    assert set(rules.domains) <= known


def test_nothing_is_kept_in_extension_since_there_is_none(rules: SessionRules) -> None:
    assert not any(rules.kept_in_extension(name) for name in rules.criteria)
    assert rules.options["extension"] == "none"


def test_linked_requests_count_the_mean_of_their_points(rules: SessionRules) -> None:
    assert rules.options["link_points"] == rules.code("links", "points") == "mean"


def test_kinds_and_departements_are_known(rules: SessionRules) -> None:
    assert set(rules.codes("wishes", "kinds")) <= set(WISH_KINDS)
    assert set(rules.codes("outre_mer", "departments")) <= set(departments())
    assert {code for pair in touching(rules) for code in pair} <= set(departments())


def test_higher_echelons_and_more_years_apart_never_give_fewer_points(rules: SessionRules) -> None:
    for table in ("instituteur", "classe_normale", "hors_classe", "classe_exceptionnelle"):
        series = rules.series("echelon", table)
        assert list(series) == sorted(series)
    assert list(rules.series("separation", "by_half_years")) == sorted(rules.series("separation", "by_half_years"))


def test_touching_is_mutual(rules: SessionRules) -> None:
    for pairs in (touching(rules), touching_academies(rules)):
        assert {(other, one) for one, other in pairs} == pairs


def test_academies_touch_as_at_the_inter(rules: SessionRules) -> None:
    inter = Rulebook.load("inter").at(rules.session)
    lists = [inter.code_lists("limitrophe", key) for key in inter.blocks["limitrophe"].values]
    official = {(code, other) for table in lists for code, others in table.items() for other in others}
    assert {(one, other) for one, other in touching_academies(rules) if one != other} == official


def test_every_cause_of_cancellation_has_a_sentence_and_is_in_the_domain(rules: SessionRules) -> None:
    causes = rules.codes("requests", "cancellations")
    assert {f"cancelled_{cause}" for cause in causes} <= set(reason_codes())
    in_domain = {c for c, (first, last) in rules.domains["cancelled"].items() if first <= rules.session <= last}
    assert set(causes) == in_domain


def test_a_value_is_read_only_in_the_years_of_its_text() -> None:
    for session in SESSIONS:
        for value in BOOK.at(session).values_used:
            source = shipped_sources()[value.source]
            if value.confidence == "read" and source.year:
                assert (source.first_year or source.year) <= session <= source.year, (session, value)


def test_what_was_recalled_never_claims_to_be_read() -> None:
    for session in SESSIONS:
        assert all(v.confidence == "recalled" for v in BOOK.at(session).values_used if v.source == "M")


def test_every_source_a_note_names_is_known() -> None:
    for timeline in BOOK.values.values():
        for value in timeline:
            assert set(re.findall(r"\b[RS]\d+\b", value.note)) <= set(shipped_sources())


def test_the_named_column_is_a_number_of_years() -> None:
    assert isinstance(BOOK.named_columns()["profile_post_years"], dy.Int64)


def test_the_page_on_the_movement_names_every_criterion() -> None:
    page = (Path(__file__).parents[3] / "docs" / "movements" / "interdepartemental.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in INTERDEPARTEMENTAL_CRITERIA)
