"""Posts taken away, and specific posts: half a measure, seats that do not exist, opinions where points decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.model.intra_folder import SETTINGS, TABLES, accepted, changed, refusal

CLOSED = "post_id,seats\nM-LA,1\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "max,L1300,,",
            "max,L1300,M-LA,",
            'held_post "M-LA" is still held, and a measure (carte_scolaire) has taken it',
        ),
        ("LYC-AURILLAC,carte_scolaire", ",carte_scolaire", "(candidate max): closed_place is empty, and the bonus"),
        ("LYC-AURILLAC,carte_scolaire", "LYC-AURILLAC,", "closed_kind is empty, and closed_place is LYC-AURILLAC."),
        (
            "LYC-AURILLAC,carte",
            "LYC-AURILAC,carte",
            'closed_place "LYC-AURILAC" names no place.\n    Maybe LYC-AURILLAC,',
        ),
        ("carte_scolaire", "fermeture", 'closed_kind "fermeture" is none of carte_scolaire, greta.'),
    ],
)
def test_half_a_measure_is_refused(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert expected in refusal(tmp_path, **changed("candidates", old, new))


def test_who_is_named_before_the_measure_may_still_hold_the_post(tmp_path: Path) -> None:
    candidates = TABLES["candidates"].replace("max,L1300,,true", "max,L1300,M-LA,false")
    campaign = accepted(tmp_path, candidates=candidates, closures=CLOSED)
    assert campaign.candidates.filter(candidate_id="max")["held_post"].to_list() == [None]


@pytest.mark.parametrize(
    ("closures", "expected"),
    [
        ("M-ZZ,1", 'closures row 1 (post M-ZZ): post_id "M-ZZ" names no post.'),
        ("M-LA,3", 'seats "3" are more than the post has: 2 positions, of which 0 close as they fall free.'),
        ("M-LA,0", 'seats "0" is below 1'),
        ("M-LA,1\nM-LA,1", "repeats the post_id of row 1."),
    ],
)
def test_a_closure_of_what_does_not_exist_is_refused(tmp_path: Path, closures: str, expected: str) -> None:
    assert expected in refusal(tmp_path, closures=f"post_id,seats\n{closures}\n")


def test_seats_that_close_as_they_fall_free_are_counted_with_the_closures(tmp_path: Path) -> None:
    posts = TABLES["posts"].replace("M-LA,LYC-AURILLAC,L1300,0", "M-LA,LYC-AURILLAC,L1300,-2")
    assert "2 positions, of which 2 close as they fall free." in refusal(tmp_path, posts=posts, closures=CLOSED)


def test_a_rulebook_that_designates_nobody_takes_no_closures(tmp_path: Path) -> None:
    settings = SETTINGS.replace('"intra/clermont-ferrand"', '"none"')
    wishes = "candidate_id,rank,kind,code,points\nlea,1,COM,63300,10\n"
    text = refusal(tmp_path, settings, wishes=wishes, closures=CLOSED)
    assert "closures: has rows, and the rulebook none does not say who loses his post." in text


@pytest.mark.parametrize(
    ("opinions", "expected"),
    [
        ("zoe,M-CR,favourable,1", 'opinions row 1 (candidate zoe): post_id "M-CR" is an ordinary post: points decide'),
        ("zoe,M-LR,favourable,1", '"M-LR" is an ordinary post'),
        ("zoe,M-ZZ,favourable,1", 'post_id "M-ZZ" names no post.'),
        ("nobody,M-SPE,favourable,1", 'candidate_id "nobody" names no candidate.'),
        ("zoe,M-SPE,good,1", 'opinion "good" is none of very_favourable, favourable, reserved, unfavourable.'),
        ("zoe,M-SPE,favourable,0", 'order "0" is below 1'),
    ],
)
def test_an_opinion_on_no_specific_post_is_refused(tmp_path: Path, opinions: str, expected: str) -> None:
    assert expected in refusal(tmp_path, opinions=f"candidate_id,post_id,opinion,order\n{opinions}\n")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("DPT,63,1,POST,M-SPE,", 'extension row 1: code "M-SPE" is a specific post.'),
        ("DPT,63,1,DPT,99,", 'extension row 1: code "99" names no zone.'),
        ("DPT,63,1,DPT,15,LYCEE", 'school_type "LYCEE" is none of'),
    ],
)
def test_extension_reaches_ordinary_posts_that_exist(tmp_path: Path, row: str, expected: str) -> None:
    header = "origin_kind,origin_code,position,kind,code,school_type\n"
    assert expected in refusal(tmp_path, extension=header + row + "\n")
