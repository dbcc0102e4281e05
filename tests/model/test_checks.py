"""Each cross-table check finds every row that breaks its sentence, and says what to try."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.campaign import read_campaign
from engine.model.defects import InputRefused
from tests.campaigns import SETTINGS, TABLES, with_cell, with_row, write_campaign


def refusal(folder: Path) -> str:
    with pytest.raises(InputRefused) as refused:
        read_campaign(folder)
    return str(refused.value)


@pytest.mark.parametrize(
    ("table", "old", "new", "expected"),
    [
        ("posts", "M-17,17", "M-17,18", 'posts row 2 (post M-17): place_id "18" names no place.'),
        ("wishes", "d,1", "dd,1", 'wishes row 7 (candidate dd, rank 1): candidate_id "dd" names no candidate.'),
        ("wishes", "d,1,ACA,14", "d,1,ACA,41", 'code "41" names no place of kind ACA.'),
        ("wishes", "d,1,ACA,14", "d,1,COM,35238", 'code "35238" names no zone: no place has it as its commune.'),
        ("wishes", "d,1,ACA,14", "d,1,POST,M-71", 'code "M-71" names no post.'),
        (
            "wishes",
            "c,2,ACA",
            "c,4,ACA",
            'rank "3" follows rank 1 of the same candidate: ranks are missing between them.',
        ),
        ("candidates", "a,L1300,M-24", "a,L1300,M-42", 'held_post "M-42" names no post.'),
        ("candidates", "a,L1300,M-24", "a,L1300,A-24", "is a post of L0422, and the candidate takes part in L1300."),
        (
            "candidates",
            "rapprochement_conjoints,14",
            "rapprochement_conjoints,05",
            'spouse_academy "05" was Caen until session 2022.',
        ),
        (
            "candidates",
            "rapprochement_conjoints,14",
            "rapprochement_conjoints,77777",
            "is no code in force in session 2025.",
        ),
        ("candidates", "rapprochement_conjoints", "parent_isole", "not in 2025."),
        (
            "candidates",
            "rapprochement_conjoints",
            "mutation_simultanee parent_isole",
            "holds several values, and family takes one",
        ),
        ("candidates", "rapprochement_conjoints", "rapprochement", 'family "rapprochement" is none of'),
        ("places", "17,ACA,Nantes", "17,ETB,Nantes", "is not ACA, the kind of place the movement inter assigns to."),
    ],
)
def test_a_row_that_breaks_a_check_is_shown(tmp_path: Path, table: str, old: str, new: str, expected: str) -> None:
    assert expected in refusal(write_campaign(tmp_path, **with_cell(table, old, new)))


def test_a_close_code_is_offered(tmp_path: Path) -> None:
    assert "Maybe M-24, which is in posts?" in refusal(
        write_campaign(tmp_path, **with_cell("candidates", "a,L1300,M-24", "a,L1300,M-24X"))
    )


def test_a_post_held_by_more_candidates_than_it_has_positions_is_refused(tmp_path: Path) -> None:
    posts = "post_id,place_id,discipline,seats,positions\n" + "".join(
        line + (",1" if line.startswith("M-24") else ",") + "\n" for line in TABLES["posts"].splitlines()[1:]
    )
    assert 'positions "1" are all there are, for 1 holders and 1 seats offered.' in refusal(
        write_campaign(tmp_path, posts=posts)
    )


def test_a_code_in_use_before_the_merger_is_refused_as_a_place(tmp_path: Path) -> None:
    text = refusal(write_campaign(tmp_path, **with_row("places", "21,ACA,Rouen")))
    assert 'place_id "21" was Rouen until session 2022.' in text


def test_points_must_come_with_the_wishes_where_there_is_no_rulebook(tmp_path: Path) -> None:
    settings = SETTINGS.replace('rulebook = "inter"', 'rulebook = "none"')
    text = refusal(write_campaign(tmp_path, settings))
    assert "wishes row 1 (candidate a, rank 1): points is empty." in text


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ("l1,a\nl1,zz\n", 'candidate_id "zz" names no candidate.'),
        ("l1,a\nl1,b\nl2,a\nl2,c\n", 'candidate_id "a" is in 2 links.'),
        ("l1,a\n", 'link_id "l1" has one member only.'),
    ],
)
def test_a_link_that_is_none_is_refused(tmp_path: Path, links: str, expected: str) -> None:
    assert expected in refusal(write_campaign(tmp_path, links="link_id,candidate_id\n" + links))


def test_a_wrong_row_hides_no_other_defect(tmp_path: Path) -> None:
    tables = with_cell("candidates", "b,L1300,M-14,false,titulaire,6", "b,L1300,M-14,false,titulaire,six")
    text = refusal(write_campaign(tmp_path, **tables, **with_row("wishes", "a,3,ACA,77")))
    assert 'echelon "six" is not a whole number.' in text
    assert 'code "77" names no place of kind ACA.' in text
    assert "names no candidate" not in text, "the wishes of a candidate with a defect are not orphans"
