"""Real communes and schools: public ones are taken as they are, and files that cannot be used say all that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.figures import ScenarioError
from scenarios.generate import generate
from scenarios.intra.reading import read_sources
from tests.scenarios.intra.geographies import COMMUNES, REAL, default_schools, write_geography


def test_public_schools_and_their_communes_are_read(tmp_path: Path) -> None:
    sources = read_sources(write_geography(tmp_path / "geography"))
    assert sources.communes.height == 6
    assert sources.schools.height == 6 * 50
    assert set(sources.schools["form"]) == {"CLG", "LGT", "LPO", "LP"}
    assert sources.schools["priority_education"].drop_nulls().to_list() == ["REP"] * 6
    assert not sources.drawn


def test_a_commune_without_a_public_school_is_left_out(tmp_path: Path) -> None:
    communes = COMMUNES + "63000,Nowhere,63,10,45.8,3.1\n"
    assert read_sources(write_geography(tmp_path / "geography", communes)).communes.height == 6


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("63300,Riom", "63113,Riom", "communes.csv: 2 rows have no code, or one given twice (such as 63113, 63113)"),
        ("Riom,63", "Riom,99", "communes.csv: 1 rows name no département (such as 63300)"),
        ("Thiers,63,12000", "Thiers,63,many", "communes.csv: 1 rows have no whole number of inhabitants"),
        ("45.8564", "", "communes.csv: 1 rows have no latitude between -90 and 90 (such as 63430)"),
        ("3.5475", "200", "communes.csv: 1 rows have no longitude between -180 and 180 (such as 63430)"),
    ],
)
def test_a_defect_of_communes_is_named(tmp_path: Path, wrong: str, right: str, says: str) -> None:
    folder = write_geography(tmp_path / "geography", COMMUNES.replace(wrong, right))
    with pytest.raises(ScenarioError) as refused:
        read_sources(folder)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("63300LEGE1,", "63300LEGE2,", "2 rows have no UAI, or one given twice (such as 63300LEGE2, 63300LEGE2)"),
        ("Riom,LYCEE_GT", "Riom,EREA", "10 rows are of a type that is none of COLLEGE, LYCEE_GT"),
        ("LYCEE_GT,public,63300", "LYCEE_GT,state,63300", "10 rows are of a sector that is none of public, privé"),
        ("public,63430", "public,63431", "50 rows are in a commune that is not in communes.csv (such as 63430LEGE0"),
        (",REP\n", ",ZEP\n", "6 rows have a label that is none of REP, REP+"),
    ],
)
def test_a_defect_of_schools_is_named(tmp_path: Path, wrong: str, right: str, says: str) -> None:
    assert wrong in default_schools()
    folder = write_geography(tmp_path / "geography", schools=default_schools().replace(wrong, right))
    with pytest.raises(ScenarioError) as refused:
        read_sources(folder)
    assert f"etablissements.csv: {says}" in str(refused.value)


def test_all_defects_are_listed_at_once(tmp_path: Path) -> None:
    schools = default_schools().replace("public,63430", "state,63430")
    folder = write_geography(tmp_path / "geography", COMMUNES.replace("Riom,63", "Riom,99"), schools)
    with pytest.raises(ScenarioError) as refused:
        read_sources(folder)
    assert len(str(refused.value).splitlines()) == 3


def test_a_missing_file_or_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"communes\.csv.* cannot be read.*communes\.csv and etablissements\.csv"):
        read_sources(tmp_path / "nowhere")
    folder = write_geography(tmp_path / "geography", COMMUNES.replace("population", "inhabitants"))
    with pytest.raises(ScenarioError, match="has no column population; needed: code, name"):
        read_sources(folder)


def test_a_file_that_is_no_csv_is_refused_with_a_sentence(tmp_path: Path) -> None:
    folder = write_geography(tmp_path / "geography")
    (folder / "communes.csv").write_bytes(b"PAR1\x15\x04\xff\xfe" * 20)
    with pytest.raises(ScenarioError, match=r"communes\.csv"):
        read_sources(folder)


def test_a_geography_without_public_schools_is_refused(tmp_path: Path) -> None:
    folder = write_geography(tmp_path / "geography", schools=default_schools().replace("public", "privé"))
    with pytest.raises(ScenarioError, match="has no public school"):
        read_sources(folder)


def test_an_académie_without_a_school_is_named(tmp_path: Path) -> None:
    folder = write_geography(tmp_path / "geography")
    with pytest.raises(ScenarioError, match="académies without a public school: 01, 02, 03"):
        generate("intra-national", tmp_path / "campaign", scale=0.01, geography=folder)


def test_a_profile_without_schools_takes_no_geography(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="inter-2025 has no schools"):
        generate("inter-2025", tmp_path / "campaign", scale=0.01, geography=write_geography(tmp_path / "geography"))


def test_the_real_geography_can_be_read() -> None:
    if not REAL.exists():
        pytest.skip("the real communes and schools are not beside the repository")
    sources = read_sources(REAL)
    assert sources.schools.height > 7000
    assert sources.communes["department"].n_unique() == 101
    assert sources.schools["commune"].is_in(sources.communes["commune"].implode()).all()
