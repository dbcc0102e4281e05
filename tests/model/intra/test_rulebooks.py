"""The rulebooks of the intra: what each académie's text says, what the common part lends it, what is assumed."""

import re
from pathlib import Path

import dataframely as dy
import pytest

from engine.model.geography import academies
from engine.model.intra.family import TOWARDS
from engine.model.intra.registry import INTRA_CRITERIA
from engine.model.rulebook import Rulebook, RulebookError, rulebooks, shipped_sources
from engine.model.rulefile import Source
from engine.model.schemas import SCHEMAS, WISH_KINDS
from engine.model.sessionrules import SessionRules

INTRA = [name for name in rulebooks() if name.startswith("intra/")]
COMMON = "intra/common"
SESSIONS = [
    (name, session)
    for name in INTRA
    for manifest in [Rulebook.load(name).manifest]
    for session in range(manifest.first_session, manifest.last_session + 1)
]


@pytest.fixture(params=SESSIONS, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def rules(request: pytest.FixtureRequest) -> SessionRules:
    name, session = request.param
    return Rulebook.load(name).at(session)


# What each text says


@pytest.mark.parametrize(
    ("name", "session", "block", "key", "text", "source", "confidence"),
    [
        ("clermont-ferrand", 2016, "wishes", "max_wishes", "20", "S2", "read"),
        ("clermont-ferrand", 2016, "carte_scolaire", "points", "1500", "S2", "read"),
        ("clermont-ferrand", 2016, "carte_scolaire", "kinds", "ETB COM DPT ACA", "S2", "read"),
        ("clermont-ferrand", 2016, "greta", "points", "1000", "S2", "read"),
        ("clermont-ferrand", 2016, "calendar", "server_close", "2016-04-07", "S2", "read"),
        ("clermont-ferrand", 2016, "enfants", "kept_in_extension", "yes", "S2", "read"),
        ("clermont-ferrand", 2016, "residence_enfant", "in_force", "yes", "S2", "read"),
        ("clermont-ferrand", 2016, "rapprochement_conjoints", "first_wish", "department", "A", "recalled"),
        ("clermont-ferrand", 2016, "echelon", "per_echelon", "7", "R28", "derived"),
        (
            "besancon",
            2024,
            "rapprochement_conjoints",
            "points",
            "COM: 75.2; GEO: 125.2; DPT: 200.2",
            "R23",
            "derived",
        ),
        ("besancon", 2024, "enfants", "kept_in_extension", "no", "R35", "read"),
        ("besancon", 2024, "agrege_lycee", "points", "150", "R23", "derived"),
        ("besancon", 2024, "extension", "form", "schools_first", "R35", "read"),
        ("besancon", 2024, "voeu_preferentiel", "kinds", "GEO", "R-besancon-2023", "recalled"),
        ("amiens", 2026, "entree_education_prioritaire", "rep_plus", "600", "R29", "read"),
        ("amiens", 2026, "voeu_preferentiel", "cap", "-", "R29", "read"),
        ("rennes", 2018, "wishes", "max_wishes", "20", "R9", "read"),
        ("rennes", 2019, "wishes", "max_wishes", "30", "R9", "read"),
        (
            "rennes",
            2019,
            "extension",
            "lines",
            "22: 35 29 56; 29: 22 56 35; 35: 22 56 29; 56: 29 35 22",
            "R35",
            "read",
        ),
    ],
)
def test_a_value_has_its_source_and_its_confidence(
    name: str, session: int, block: str, key: str, text: str, source: str, confidence: str
) -> None:
    value = Rulebook.load(f"intra/{name}").at(session).value(block, key)
    assert (value.text, value.source, value.confidence) == (text, source, confidence)


def test_what_a_text_does_not_say_is_what_the_common_part_says() -> None:
    rennes, common = Rulebook.load("intra/rennes").at(2019), Rulebook.load(COMMON).at(2019)
    said = {("wishes", "max_wishes"), ("extension", "form"), ("extension", "lines")}
    own = {(v.block, v.name): v for v in rennes.values_used}
    shared = {(v.block, v.name): v for v in common.values_used}
    assert own.keys() == shared.keys()
    assert {key for key, value in own.items() if value != shared[key]} == said
    assert rennes.options == common.options
    assert rennes.named_columns.keys() == common.named_columns.keys()


def test_the_common_part_of_the_bareme_changes_with_the_sessions_of_the_inter() -> None:
    inter, common = Rulebook.load("inter"), Rulebook.load(COMMON)
    shared = [("echelon", "per_echelon"), ("echelon", "floor"), ("echelon", "hors_classe_base")]
    shared += [("echelon", "hors_classe_base_agrege"), ("echelon", "exceptionnelle_base")]
    shared += [("anciennete_poste", key) for key in ("per_year", "per_slice", "slice_years", "ex_titulaire_flat")]
    for session in range(2016, 2027):
        for block, key in shared:
            assert common.at(session).value(block, key).value == inter.at(session).value(block, key).value


# What every rulebook must satisfy


def test_every_criterion_has_a_function_and_every_function_a_file(rules: SessionRules) -> None:
    assert set(rules.criteria) <= set(INTRA_CRITERIA)
    assert set(INTRA_CRITERIA) == {name for name, file in Rulebook.load(COMMON).files.items() if file.criterion}


def test_every_input_column_a_block_names_is_a_column_of_candidates(rules: SessionRules) -> None:
    known = set(SCHEMAS["candidates"].columns()) | set(rules.named_columns)
    assert {column for block in rules.blocks.values() for column in block.columns} <= known
    assert set(rules.domains) <= known


def test_kinds_are_kinds_of_wishes(rules: SessionRules) -> None:
    for name, block in rules.blocks.items():
        for key in block.values:
            if key.endswith("kinds") and block.values[key].unit == "codes":
                assert set(rules.codes(name, key)) <= set(WISH_KINDS), (name, key)


def test_a_precise_wish_is_covered_by_few_criteria_only(rules: SessionRules) -> None:
    precise = {
        name for name, block in rules.blocks.items() if "kinds" in block.values and "ETB" in rules.codes(name, "kinds")
    }
    assert precise - {"wishes"} <= {"agrege_lycee", "carte_scolaire", "entree_education_prioritaire"}


def test_the_first_wish_leads_somewhere_known(rules: SessionRules) -> None:
    wanted = {rules.code(name, "first_wish") for name, block in rules.blocks.items() if "first_wish" in block.values}
    assert wanted <= {*TOWARDS, ""}


def test_lines_of_extension_stay_in_one_academie(rules: SessionRules) -> None:
    assert rules.code("extension", "form") in ("by_department", "schools_first")
    for origin, others in rules.code_lists("extension", "lines").items():
        home = {a.code for a in academies(rules.session).values() if origin in a.departments}
        assert all(
            {a.code for a in academies(rules.session).values() if other in a.departments} == home for other in others
        )


def test_a_family_strategy_is_in_the_domain_exactly_when_its_block_exists() -> None:
    for name, session in SESSIONS:
        rules = Rulebook.load(name).at(session)
        strategies = rules.domains["inter_family"]
        listed = {s for s, (first, last) in rules.domains["family"].items() if first <= session <= last}
        assert listed == {strategy for strategy in strategies if strategy in rules.blocks}, (name, session)


def test_a_value_is_read_only_in_the_years_of_its_text() -> None:
    for name, session in SESSIONS:
        for value in Rulebook.load(name).at(session).values_used:
            source = shipped_sources()[value.source]
            if value.confidence == "read" and source.year:
                assert (source.first_year or source.year) <= session <= source.year, (name, session, value)


def test_the_common_part_was_read_in_no_text_and_what_is_assumed_says_so() -> None:
    for name, session in SESSIONS:
        values = Rulebook.load(name).at(session).values_used
        assert all(value.confidence == "recalled" for value in values if value.source in ("A", "M"))
        assert name != COMMON or all(value.confidence != "read" for value in values)


def test_every_source_a_note_names_is_known() -> None:
    for name in INTRA:
        for timeline in Rulebook.load(name).values.values():
            for value in timeline:
                assert set(re.findall(r"\b[RS]\d+\b", value.note)) <= set(shipped_sources())


def test_the_page_on_the_movement_names_every_criterion_and_rulebook() -> None:
    page = (Path(__file__).parents[3] / "docs" / "movements" / "intra.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in (*INTRA_CRITERIA, *INTRA))


def test_columns_that_a_rulebook_names_have_their_type_and_their_neutral_value() -> None:
    columns = Rulebook.load("intra/rennes").named_columns()
    assert isinstance(columns["volunteer"], dy.Bool)
    assert columns["volunteer"].metadata == {"neutral": False}
    assert isinstance(columns["inter_family"], dy.String)


# A rulebook on a base

MANIFEST = 'title = "t"\nmovement = "intra"\nbase = "intra/common"\nfirst_session = 2018\nlast_session = 2020\n'
SOURCES = {**shipped_sources(), "S": Source(title="a text", year=2018)}


def based(folder: Path, text: str, manifest: str = MANIFEST) -> Rulebook:
    (folder / "rulebook.toml").write_text(manifest, encoding="utf-8")
    (folder / "enfants.toml").write_text(text, encoding="utf-8")
    return Rulebook.read(folder, "small", SOURCES)


def value(worth: str, session: int = 2018) -> str:
    return f'[values]\nper_child = [{{ from = {session}, value = {worth}, source = "S", confidence = "read" }}]\n'


def test_a_value_takes_the_place_of_that_of_the_base(tmp_path: Path) -> None:
    small, common = based(tmp_path, value("75")).at(2019), Rulebook.load(COMMON).at(2019)
    assert small.points("enfants", "per_child") == 75_000
    assert small.value("enfants", "age_limit") == common.value("enfants", "age_limit")
    assert small.blocks["enfants"].covers == common.blocks["enfants"].covers
    assert small.criteria == common.criteria


def test_what_a_block_covers_may_be_said_otherwise(tmp_path: Path) -> None:
    assert based(tmp_path, 'covers = "Nothing."\n' + value("0")).at(2018).blocks["enfants"].covers == "Nothing."


def test_later_sessions_carry_own_values_and_follow_the_base(tmp_path: Path) -> None:
    later = based(tmp_path, value("75")).at(2023)
    assert later.value("enfants", "per_child").confidence == "recalled"
    assert later.value("echelon", "exceptionnelle_cap").text == "105"


@pytest.mark.parametrize(
    ("text", "manifest", "message"),
    [
        (value("75", 2019), MANIFEST, r"values\.per_child: the first value must hold from session 2018"),
        (value("75", 2021), MANIFEST, r"values\.per_child\[0\]\.from: session 2021 is outside 2018 to 2020"),
        (value('"x"'), MANIFEST, r"values\.per_child\[0\]\.value: \"x\" is not a number of points"),
        ('title = "t"\n' + value("75"), MANIFEST, r"enfants\.toml: title: Extra inputs"),
        (value("75"), MANIFEST.replace("2018", "2010"), r"base: intra/common holds sessions 2016 to 2026, not 2010"),
        (value("75"), MANIFEST.replace("common", "commun"), r"there is no rulebook 'intra/commun'"),
        (value("75"), MANIFEST.replace("common", "rennes"), r"base: intra/rennes has a base itself"),
    ],
)
def test_a_defect_of_a_rulebook_on_a_base_is_named(tmp_path: Path, text: str, manifest: str, message: str) -> None:
    with pytest.raises(RulebookError, match=message):
        based(tmp_path, text, manifest)


@pytest.mark.parametrize(
    ("unit", "worth", "message"),
    [
        ("points_by_kind", "{ TOWN = 3 }", "is not a table of points by kind of wish"),
        ("points_by_kind", '{ COM = "3" }', "is not a number of points"),
        ("points_by_kind", "3", "is not a table of points by kind of wish"),
        ("code", '["a"]', "is not a code"),
        ("code", '""', "is not a code"),
    ],
)
def test_a_value_that_does_not_fit_its_unit_is_refused(tmp_path: Path, unit: str, worth: str, message: str) -> None:
    text = f'[units]\nper_child = "{unit}"\n' + value(worth)
    with pytest.raises(RulebookError, match=message):
        based(tmp_path, text)
