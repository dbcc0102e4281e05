"""The rulebook `inter` says what holds in each session and where it was read; broken rule files are refused by name."""

import re
from pathlib import Path

import pytest

from engine.model.criteria.registry import CRITERIA
from engine.model.geography import academies, departments, touching_departments
from engine.model.rulebook import Rulebook, RulebookError, rulebooks, shipped_sources
from engine.model.rulefile import Source
from engine.model.schemas import SCHEMAS
from engine.model.sessionrules import SessionRules

INTER = Rulebook.load("inter")
SESSIONS = range(INTER.manifest.first_session, INTER.manifest.last_session + 1)


@pytest.fixture(params=SESSIONS, ids=str)
def rules(request: pytest.FixtureRequest) -> SessionRules:
    return INTER.at(request.param)


# What holds when

AGREGE_2024 = "[échelon 4, 2 years: 98] [échelon 4, 3 years: 105]"


@pytest.mark.parametrize(
    ("session", "block", "key", "text", "source", "confidence"),
    [
        (2010, "rapprochement_conjoints", "points", "150.2", "S4", "read"),
        (2010, "enfants", "per_child", "75", "S4", "read"),
        (2012, "enfants", "per_child", "75", "S4", "recalled"),
        (2014, "enfants", "per_child", "100", "D", "derived"),
        (2015, "enfants", "per_child", "100", "R16", "read"),
        (2017, "echelon", "floor", "21", "R17", "read"),
        (2018, "echelon", "floor", "14", "R-doc-2018", "read"),
        (2018, "anciennete_poste", "per_year", "10", "R-doc-2018", "read"),
        (2019, "anciennete_poste", "per_year", "20", "R22", "read"),
        (2019, "stagiaire", "points", "10", "M", "recalled"),
        (2020, "stagiaire", "points", "10", "R20", "read"),
        (2010, "separation", "by_half_years", "0 50 50 275 275 400 400 400", "S4", "read"),
        (2022, "wishes", "max_wishes", "31", "R26", "derived"),
        (2023, "wishes", "max_wishes", "30", "D", "derived"),
        (2010, "calendar", "late_limit", "2010-02-27", "S4", "read"),
        (2015, "calendar", "server_close", "-", "M", "recalled"),
        (2021, "calendar", "server_close", "2020-12-08", "S0", "read"),
        (
            2024,
            "echelon",
            "hors_classe_agrege_steps",
            "[échelon 4, 2 years: 98] [échelon 4, 3 years: 105]",
            "R19",
            "read",
        ),
        (2025, "wishes", "typed", "no", "D", "derived"),
    ],
)
def test_a_value_has_its_session_its_source_and_its_confidence(
    session: int, block: str, key: str, text: str, source: str, confidence: str
) -> None:
    value = INTER.at(session).value(block, key)
    assert (value.text, value.source, value.confidence) == (text, source, confidence)
    assert value.source_title == shipped_sources()[source].title


@pytest.mark.parametrize(
    ("block", "first", "last"),
    [
        ("residence_enfant", 2010, 2015),
        ("parent_isole", 2010, 2021),
        ("autorite_parentale_conjointe", 2016, 2026),
        ("boe", 2016, 2026),
        ("non_limitrophe", 2014, 2026),
        ("mayotte_guyane", 2020, 2026),
        ("stabilisation_tzr", 2010, 2018),
        ("rapprochement_conjoints", 2010, 2026),
    ],
)
def test_a_block_exists_in_its_sessions_only(block: str, first: int, last: int) -> None:
    assert [s for s in SESSIONS if block in INTER.at(s).blocks] == list(range(first, last + 1))


def test_a_family_strategy_is_in_the_domain_exactly_when_its_block_exists() -> None:
    for strategy, (first, last) in INTER.at(2025).domains["family"].items():
        exists = [session for session in SESSIONS if strategy in INTER.at(session).blocks]
        assert exists == [session for session in SESSIONS if first <= session <= last]


def test_a_domain_names_the_sessions_a_value_exists_in() -> None:
    domains = INTER.at(2025).domains
    assert domains["family"]["parent_isole"] == (2010, 2021)
    assert domains["priority_education"]["CLA"][0] == 2024
    assert domains["priority_education"]["APV"] == (2010, 2019)
    assert set(domains) <= set(SCHEMAS["candidates"].columns())


def test_a_session_before_the_first_is_refused_and_the_sessions_are_named() -> None:
    with pytest.raises(RulebookError, match="no session 2009: it holds sessions 2010 to 2026"):
        INTER.at(2009)


def test_a_later_session_carries_the_last_values_and_says_that_none_was_read() -> None:
    later = INTER.at(2030)
    assert later.notes == ("rulebook inter ends with session 2026: its values are carried on to 2030, unread",)
    assert all(value.confidence != "read" for value in later.values_used)
    assert [v.value for v in later.values_used] == [v.value for v in INTER.at(2026).values_used]


def test_a_value_that_does_not_exist_is_an_error_that_names_it() -> None:
    with pytest.raises(RulebookError, match=r"session 2025 has no residence_enfant\.points"):
        INTER.at(2025).points("residence_enfant", "points")
    with pytest.raises(RulebookError, match=r"echelon\.floor is no tuple"):
        INTER.at(2025).codes("echelon", "floor")


def test_an_unknown_rulebook_is_refused_and_the_known_ones_are_listed() -> None:
    assert "inter" in rulebooks()
    with pytest.raises(RulebookError, match=r"no rulebook 'intre'.*inter.*none"):
        Rulebook.load("intre")


def test_without_a_rulebook_there_are_no_rules() -> None:
    none = Rulebook.load("none").at(1995)
    assert none.is_none
    assert none.criteria == ()
    assert none.values_used == ()
    assert none.named_columns == {}


# What every session must satisfy


def test_every_criterion_of_a_session_has_a_function_and_every_function_a_file(rules: SessionRules) -> None:
    assert set(rules.criteria) <= set(CRITERIA)
    assert set(CRITERIA) == {name for name, file in INTER.files.items() if file.criterion}


def test_every_input_column_a_block_names_is_a_column_of_candidates(rules: SessionRules) -> None:
    known = set(SCHEMAS["candidates"].columns()) | set(rules.named_columns)
    assert {column for block in rules.blocks.values() for column in block.columns} <= known


def test_every_value_used_has_a_known_source_and_a_unit(rules: SessionRules) -> None:
    for value in rules.values_used:
        assert value.source in shipped_sources()
        assert value.unit


def test_a_value_is_read_only_in_the_years_of_its_text() -> None:
    for session in SESSIONS:
        for value in INTER.at(session).values_used:
            source = shipped_sources()[value.source]
            if value.confidence == "read" and source.year:
                assert (source.first_year or source.year) <= session <= source.year, (session, value)


def test_what_was_recalled_never_claims_to_be_read() -> None:
    tags = {
        value.source: value.confidence for s in SESSIONS for value in INTER.at(s).values_used if value.source in "MD"
    }
    assert tags == {"M": "recalled", "D": "derived"}


def test_every_source_a_note_names_is_known() -> None:
    for timeline in INTER.values.values():
        for value in timeline:
            assert set(re.findall(r"\b[RS]\d+\b", value.note)) <= set(shipped_sources())


def test_more_years_of_separation_never_give_fewer_points(rules: SessionRules) -> None:
    series = rules.series("separation", "by_half_years")
    assert list(series) == sorted(series)


@pytest.mark.parametrize(
    ("block", "key"),
    [
        ("education_prioritaire", "apv"),
        ("education_prioritaire", "rep_plus"),
        ("ex_contractuel", "by_echelon"),
        ("echelon", "hors_classe_agrege_steps"),
    ],
)
def test_higher_steps_give_more_points(rules: SessionRules, block: str, key: str) -> None:
    steps = rules.steps(block, key)
    thresholds = [(step.echelon, step.years, step.points) for step in steps]
    assert thresholds == sorted(thresholds)
    assert [step.points for step in steps] == sorted({step.points for step in steps})


def test_the_maximum_of_wishes_is_the_number_of_academies(rules: SessionRules) -> None:
    assert rules.count("wishes", "max_wishes") == len(academies(rules.session))


# Limitrophe table


def test_academies_touch_where_their_departements_do(rules: SessionRules) -> None:
    in_force, touching = academies(rules.session), touching_departments()
    for a in in_force.values():
        around = {d for department in a.departments for d in touching[department]}
        expected = [b.code for b in in_force.values() if b is not a and around & set(b.departments)]
        assert list(rules.code_lists("limitrophe", "borders").get(a.code, ())) == expected


def test_touching_is_mutual(rules: SessionRules) -> None:
    for key in ("borders", "corse"):
        table = rules.code_lists("limitrophe", key)
        assert all(code in table[other] for code, others in table.items() for other in others)


def test_there_are_51_pairs_until_normandie_replaces_caen_and_rouen() -> None:
    before, after = (INTER.at(s).code_lists("limitrophe", "borders") for s in (2022, 2023))
    assert sum(map(len, before.values())) == 2 * 51
    assert set(after["70"]) == (set(before["05"]) | set(before["21"])) - {"05", "21"}


def test_the_one_entity_of_paris_is_made_of_departements(rules: SessionRules) -> None:
    assert set(rules.codes("separation", "one_entity")) <= set(departments())


# Broken rule files

MANIFEST = 'title = "t"\nmovement = "inter"\nfirst_session = 2010\nlast_session = 2012\n'
GOOD = """
title = "t"
criterion = "enfants"
covers = "Every wish."
[units]
points = "points"
[values]
kept_in_extension = [{ from = 2010, value = true, source = "S", confidence = "read" }]
points = [{ from = 2010, value = 75.5, source = "S", confidence = "read" }]
"""
LATER = 'from = 2011, value = 1, source = "S", confidence = "read"'
SOURCES = {"S": Source(title="a text", year=2010)}


def read(folder: Path, text: str = GOOD, manifest: str = MANIFEST) -> Rulebook:
    (folder / "rulebook.toml").write_text(manifest, encoding="utf-8")
    (folder / "enfants.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    return Rulebook.read(folder, "small", SOURCES)


def test_a_small_rulebook_is_read_with_exact_points(tmp_path: Path) -> None:
    assert read(tmp_path).at(2011).points("enfants", "points") == 75_500


VALUE = "from = 2010, value = 75.5"
DEFECTS = [
    ('title = "t"', "", r"enfants\.toml: title: Field required"),
    ('covers = "Every wish."', 'covers = "x"\ncolour = "red"', r"enfants\.toml: colour: Extra inputs"),
    ("value = 75.5, source", "worth = 3, source", r"values\.points\[0\]\.worth: Extra inputs"),
    ('criterion = "enfants"', 'criterion = "children"', r"criterion: 'children' is not the name of the file"),
    ("kept_in_extension = [", "in_force = [", r"values\.kept_in_extension: missing"),
    ('points = "points"', 'points = "stones"', r"values\.points\[0\]\.value: unit .stones. is unknown"),
    ('points = "points"', "", r"values\.points\[0\]\.value: unit .. is unknown"),
    ('points = "points"', 'points = "points"\nother = "years"', r"units\.other: there is no such value"),
    ("75.5", '"75.5"', r"values\.points\[0\]\.value: .75\.5. is not a number of points"),
    ("75.5", "75.55555", r"values\.points\[0\]\.value: .* more than three decimals"),
    ("75.5", "true", r"values\.points\[0\]\.value: true is not an exact number"),
    ('75.5, source = "S"', '75.5, source = "X"', r"values\.points\[0\]\.source: 'X' is not in sources\.toml"),
    ('confidence = "read"', 'confidence = "sure"', r"values\.kept_in_extension\[0\]\.confidence"),
    (VALUE, "from = 2011, value = 1", r"values\.points: the first value must hold from session 2010"),
    (VALUE, "from = 2010, absent = true, value = 1", r"values\.points\[0\]: both a value and absent"),
    (VALUE, 'from = "2010", value = 1', r"values\.points\[0\]\.from"),
    (VALUE, "from = 2009, value = 1", r"values\.points\[0\]\.from: session 2009 is outside 2010 to 2012"),
    (
        "points = [{",
        f"points = [{{ {LATER} }}, {{",
        r"values\.points\[1\]\.from: session 2010 does not come after 2011",
    ),
    ("value = 75.5", "value = 75.5, value = 3", r"enfants\.toml: .*line 9"),
    ("value = true", "value = 1", r"values\.kept_in_extension\[0\]\.value: 1 is neither true nor false"),
]


@pytest.mark.parametrize(("old", "new", "message"), DEFECTS)
def test_a_defect_of_a_rule_file_is_named_with_its_file_and_key(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in GOOD
    with pytest.raises(RulebookError, match=message):
        read(tmp_path, GOOD.replace(old, new, 1))


@pytest.mark.parametrize(
    ("unit", "value", "message"),
    [
        ("years", "-1", "not a whole number from 0"),
        ("years", "1.5", "not a whole number from 0"),
        ("date", "2010", "is not a date"),
        ("date", "2010-01-01T00:00:00", "is not a date"),
        ("codes", '"27"', "is not a list"),
        ("codes", "[27]", "not a list of codes"),
        ("steps", "[{ years = 5 }]", "is not a step"),
        ("steps", "[{ months = 5, points = 3 }]", "is not a step"),
        ("points_series", "[1, true]", "is not an exact number"),
        ("code_lists", '["27"]', "is not a table"),
    ],
)
def test_a_value_that_does_not_fit_its_unit_is_refused(tmp_path: Path, unit: str, value: str, message: str) -> None:
    text = GOOD.replace('points = "points"', f'points = "{unit}"').replace("75.5", value)
    with pytest.raises(RulebookError, match=rf"values\.points\[0\]\.value: .*{message}"):
        read(tmp_path, text)


def test_all_defects_are_listed_at_once(tmp_path: Path) -> None:
    broken = GOOD.replace('"S"', '"X"').replace("75.5", "true")
    with pytest.raises(RulebookError) as refused:
        read(tmp_path, broken)
    assert len(str(refused.value).splitlines()) == 3


def test_a_file_that_is_not_toml_in_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes("title = 'Éch'".encode("cp1252"))
    with pytest.raises(RulebookError, match=r"bad\.toml: .*utf-8"):
        read(tmp_path)


def test_a_broken_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match=r"rulebook\.toml: first_session: Field required"):
        read(tmp_path, manifest='title = "t"\nmovement = "inter"\nlast_session = 2012\n')


def test_a_block_that_starts_later_needs_no_value_before(tmp_path: Path) -> None:
    never = 'from = 2010, value = false, source = "S", confidence = "read"'
    then = 'from = 2012, value = true, source = "S", confidence = "read"'
    text = GOOD.replace("[values]", f"[values]\nin_force = [{{ {never} }}, {{ {then} }}]")
    rulebook = read(tmp_path, text.replace(VALUE, "from = 2012, value = 75.5"))
    assert rulebook.at(2011).criteria == ()
    assert [v.name for v in rulebook.at(2011).values_used] == ["in_force"]
    assert rulebook.at(2012).points("enfants", "points") == 75_500


def test_the_page_on_the_movement_names_every_criterion() -> None:
    page = (Path(__file__).parents[2] / "docs" / "movements" / "inter.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in CRITERIA)
