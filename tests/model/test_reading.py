"""A bad file, column or cell is found and said so that a person can mend it; nothing is repaired in silence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from engine.model.campaign import read_campaign
from engine.model.defects import InputRefused
from tests.campaigns import SETTINGS, TABLES, with_cell, with_row, write_campaign


def refusal(folder: Path) -> str:
    with pytest.raises(InputRefused) as refused:
        read_campaign(folder)
    return str(refused.value)


def test_a_good_campaign_is_read_in_the_order_of_its_keys(tmp_path: Path) -> None:
    campaign = read_campaign(write_campaign(tmp_path))
    assert campaign.candidates["candidate_id"].to_list() == list("abcdef")
    assert campaign.candidates["children"].dtype == pl.Int64
    assert campaign.candidates["birth_date"][0] == dt.date(1985, 1, 1)
    assert campaign.links.is_empty()


def test_csv_and_parquet_give_the_same_campaign(tmp_path: Path) -> None:
    read = read_campaign(write_campaign(tmp_path / "csv"))
    (tmp_path / "parquet").mkdir()
    (tmp_path / "parquet" / "campaign.toml").write_text(SETTINGS)
    for name, table in read.tables.items():
        if table.height:
            table.write_parquet(tmp_path / "parquet" / f"{name}.parquet")
    assert read_campaign(tmp_path / "parquet").digest() == read.digest()


def test_the_order_of_rows_and_columns_does_not_change_the_digest(tmp_path: Path) -> None:
    header, *rows = TABLES["wishes"].splitlines()
    shuffled = "\n".join([header, *reversed(rows)]) + "\n"
    same = read_campaign(write_campaign(tmp_path / "b", wishes=shuffled)).digest()
    assert read_campaign(write_campaign(tmp_path / "a")).digest() == same


@pytest.mark.parametrize("name", ["places", "posts", "candidates", "wishes"])
def test_a_missing_table_is_named(tmp_path: Path, name: str) -> None:
    text = refusal(write_campaign(tmp_path, **{name: None}))
    assert f"{name}: is missing: neither {name}.parquet nor {name}.csv" in text


def test_a_table_in_both_forms_is_refused(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path)
    pl.read_csv(folder / "posts.csv").write_parquet(folder / "posts.parquet")
    assert "posts: is there twice, posts.parquet and posts.csv." in refusal(folder)


def test_a_missing_column_is_named_with_the_one_that_may_be_meant(tmp_path: Path) -> None:
    text = refusal(write_campaign(tmp_path, **with_cell("wishes", "candidate_id", "canditate_id")))
    assert "wishes: candidate_id is missing." in text
    assert 'Maybe the column "canditate_id" is meant?' in text


def test_an_optional_column_with_a_slip_in_its_name_is_not_ignored(tmp_path: Path) -> None:
    assert "very close to birth_date" in refusal(
        write_campaign(tmp_path, **with_cell("candidates", "birth_date", "birthdate"))
    )


def test_an_extra_column_is_kept_with_a_note(tmp_path: Path) -> None:
    campaign = read_campaign(write_campaign(tmp_path, **with_cell("places", "label", "remark")))
    assert "places: the column remark is ignored." in campaign.notes
    assert "remark" in campaign.places.columns


@pytest.mark.parametrize(
    ("table", "old", "new", "expected"),
    [
        (
            "wishes",
            "a,2,ACA,17",
            "a,two,ACA,17",
            'wishes row 2 (candidate a, rank two): rank "two" is not a whole number.',
        ),
        ("candidates", "M-24,false", "M-24,maybe", 'mandatory "maybe" is neither true nor false.'),
        ("candidates", "1985-01-01", "01/01/1985", 'birth_date "01/01/1985" is not a date of the form 2025-08-31.'),
        ("candidates", "titulaire,7,5", "titulaire,-1,5", 'echelon "-1" is below 0'),
        ("candidates", "titulaire,7,5", "titulaire,999,5", 'echelon "999" is above 15'),
        ("candidates", "1985-01-01", "1885-01-01", 'birth_date "1885-01-01" is below 1920-01-01'),
        ("places", "17,ACA", "17,ACAD", 'kind "ACAD" is none of ETB, ZR, ACA, DPT.\n    Maybe ACA?'),
        ("places", "17,ACA", ",ACA", "places row 2 (place ?): place_id is empty."),
        ("posts", "M-17,17,L1300,1", "M-17,17,L1300,9999999", 'seats "9999999" is above 100000'),
        ("posts", "M-17,17", "M-17 ,17", "is empty or has a blank at one end."),
        ("wishes", "a,2,ACA,17", "a,1,ACA,17", "repeats the candidate_id and rank of row 1."),
        ("places", "25,ACA", "24,ACA", "places row 4 (place 24): repeats the place_id of row 3."),
    ],
)
def test_a_bad_cell_is_shown_with_its_row_its_value_and_the_rule(
    tmp_path: Path, table: str, old: str, new: str, expected: str
) -> None:
    assert expected in refusal(write_campaign(tmp_path, **with_cell(table, old, new)))


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    assert "wishes: wishes.csv is empty, without even a header." in refusal(write_campaign(tmp_path, wishes=""))


def test_a_table_with_a_header_only_is_an_empty_table(tmp_path: Path) -> None:
    campaign = read_campaign(write_campaign(tmp_path, wishes="candidate_id,rank,kind,code\n"))
    assert campaign.wishes.is_empty()


def test_what_is_not_a_parquet_file_is_said_not_to_be_one(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path, wishes=None)
    (folder / "wishes.parquet").write_text(TABLES["wishes"])
    text = refusal(folder)
    assert "wishes.parquet is not a Parquet file" in text
    assert "A CSV file is to be called .csv." in text


def test_a_truncated_parquet_file_is_refused(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path)
    pl.read_csv(folder / "wishes.csv").write_parquet(folder / "wishes.parquet")
    (folder / "wishes.csv").unlink()
    whole = (folder / "wishes.parquet").read_bytes()
    (folder / "wishes.parquet").write_bytes(whole[: len(whole) // 2])
    assert "is not a Parquet file that can be read" in refusal(folder)


def test_a_windows_1252_file_gets_a_message_that_says_so(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path)
    (folder / "places.csv").write_bytes(TABLES["places"].encode("cp1252"))
    text = refusal(folder)
    assert "places row 3: places.csv is not UTF-8: byte 0xe9" in text
    assert 'Windows-1252 (read so, the line is "24,ACA,Créteil")' in text


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path)
    (folder / "places.csv").write_bytes(b"\xef\xbb\xbf" + TABLES["places"].encode())
    assert read_campaign(folder).places.height == 4


def test_semicolons_between_columns_are_recognised(tmp_path: Path) -> None:
    text = refusal(write_campaign(tmp_path, posts=TABLES["posts"].replace(",", ";")))
    assert "posts.csv has semicolons between its columns." in text


def test_lines_with_too_few_or_too_many_cells_are_each_named(tmp_path: Path) -> None:
    text = refusal(write_campaign(tmp_path, wishes=TABLES["wishes"] + "a,3,ACA\na,4,ACA,24,,x\n"))
    assert "wishes row 10: has 3 cells where the header has 4." in text
    assert "wishes row 11: has 6 cells where the header has 4." in text


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    text = refusal(write_campaign(tmp_path, **with_cell("wishes", "kind", "code")))
    assert "has the column code more than once" in text


def test_codes_read_as_numbers_are_refused_before_they_lose_their_zeros(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path)
    pl.read_csv(folder / "places.csv").write_parquet(folder / "places.parquet")
    (folder / "places.csv").unlink()
    text = refusal(folder)
    assert "places: place_id holds numbers (Int64) where codes are text: as numbers they lose their leading" in text
    assert text.count("place_id") == 1


def test_points_are_read_exactly_or_refused(tmp_path: Path) -> None:
    settings = SETTINGS.replace('rulebook = "inter"', 'rulebook = "none"')
    wishes = "candidate_id,rank,kind,code,points\na,1,ACA,14,174.3\nb,1,ACA,17,0.001\n"
    campaign = read_campaign(write_campaign(tmp_path / "good", settings, wishes=wishes))
    assert campaign.wishes["points"].to_list() == [174_300, 1]
    text = refusal(write_campaign(tmp_path / "bad", settings, wishes=wishes.replace("0.001", "0.0001")))
    assert 'points "0.0001" is not a number with at most three decimals' in text
    float_points = pl.DataFrame(
        {"candidate_id": ["a"], "rank": [1], "kind": ["ACA"], "code": ["14"], "points": [174.3]}
    )
    folder = write_campaign(tmp_path / "float", settings, wishes=None)
    float_points.write_parquet(folder / "wishes.parquet")
    assert read_campaign(folder).wishes["points"].to_list() == [174_300]


def test_ten_thousand_defects_are_all_found_and_the_first_hundred_shown(tmp_path: Path) -> None:
    rows = "".join(f"x{number},1,ACA,99\n" for number in range(5_000))
    with pytest.raises(InputRefused) as refused:
        read_campaign(write_campaign(tmp_path, wishes=TABLES["wishes"] + rows))
    assert refused.value.defects.height == 10_000
    text = str(refused.value)
    assert text.count("wishes row") == 100
    assert "and 9900 more:" in text


def test_defects_of_all_tables_and_settings_come_together(tmp_path: Path) -> None:
    text = refusal(
        write_campaign(
            tmp_path,
            SETTINGS + 'color = "red"\n',
            **with_row("wishes", "zz,1,ACA,14"),
            **with_row("posts", "M-99,99,L1300,1"),
        )
    )
    assert 'color "red" is no key that campaign.toml knows.' in text
    assert 'candidate_id "zz" names no candidate.' in text
    assert 'place_id "99" names no place.' in text


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("schema = 1\n", "", "campaign.toml: schema is missing."),
        ('movement = "inter"', 'movement = "across"', "movement"),
        ("session = 2025", "session = 1998", "has no session 1998: it holds sessions 2010 to 2026"),
        ('rulebook = "inter"', 'rulebook = "intre"', "there is no rulebook 'intre'"),
        ("seed = 7", "seed = ", "is not TOML"),
    ],
)
def test_bad_settings_are_refused_by_their_key(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert expected in refusal(write_campaign(tmp_path, SETTINGS.replace(old, new)))


def test_a_folder_without_settings_is_no_campaign(tmp_path: Path) -> None:
    assert "campaign.toml: is missing." in refusal(tmp_path)


def test_a_folder_that_is_not_there_is_the_only_defect(tmp_path: Path) -> None:
    text = refusal(tmp_path / "nowhere")
    assert "nowhere does not exist." in text
    assert "is missing" not in text


def test_defects_of_settings_come_all_at_once(tmp_path: Path) -> None:
    settings = 'schema = 2\nmovement = "foo"\nrulebook = "bar"\nsession = 2009\n[options]\nextention = "residual"\n'
    text = refusal(write_campaign(tmp_path, settings))
    for sentence in (
        'schema "2" is none of 1.',
        "id is missing.",
        "seed is missing.",
        'movement "foo" is none of',
        "there is no rulebook 'bar'",
        'options.extention "residual" is no key that campaign.toml knows.',
    ):
        assert sentence in text


def test_text_with_a_number_in_it_is_no_number(tmp_path: Path) -> None:
    text = refusal(write_campaign(tmp_path, SETTINGS.replace("session = 2025", 'session = "2025"')))
    assert 'session "2025" is not a whole number.\n    Write a whole number without quotes' in text


def test_what_is_lawful_and_worth_a_look_is_remarked(tmp_path: Path) -> None:
    candidates = TABLES["candidates"] + "g,L9999,,true,stagiaire,2,0,rapprochement_conjoints,,0,1999-01-01,\n"
    notes = read_campaign(write_campaign(tmp_path, candidates=candidates)).notes
    assert "candidates: 1 of a discipline without any post can be assigned nowhere (such as g)." in notes
    assert any(note.startswith("candidates: 1 with a family strategy name no place") for note in notes)
    assert any(note.startswith("candidates: 1 must take part and made no wish") for note in notes)
