"""What can be wrong with links, each with the sentence a person reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.campaign import read_campaign
from engine.model.defects import InputRefused
from tests.campaigns import SETTINGS, TABLES, write_campaign
from tests.model import intra_folder

LINKS = "link_id,candidate_id\n"
PAIR = LINKS + "l1,g\nl1,h\n"
# Two holders who may be linked: g and h hold M-24 and A-24, and ask for Rennes, then Nantes.
PEOPLE = "g,L1300,M-24,false,titulaire,7,5,,,0,1985-01-01,\nh,L0422,A-24,false,titulaire,7,5,,,0,1985-01-01,\n"
WISHES = "g,1,ACA,14\ng,2,ACA,17\nh,1,ACA,14\nh,2,ACA,17\n"


def told(folder: Path, links: str = PAIR, people: str = PEOPLE, wishes: str = WISHES, settings: str = SETTINGS) -> str:
    """What is said of a campaign with two candidates more, and links; nothing where it is accepted."""
    tables = {"candidates": TABLES["candidates"] + people, "wishes": TABLES["wishes"] + wishes, "links": links}
    try:
        read_campaign(write_campaign(folder, settings, **tables))
    except InputRefused as refused:
        return str(refused)
    return ""


def test_two_holders_with_the_same_list_may_be_linked(tmp_path: Path) -> None:
    assert told(tmp_path) == ""


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ("l1,g\nl1,g\n", 'links row 2 (candidate g): candidate_id "g" is linked to itself in l1.'),
        ("l1,g\nl1,zz\n", 'links row 2 (candidate zz): candidate_id "zz" names no candidate.'),
        ("l1,g\nl1,h\nl2,g\nl2,h\nl3,g\nl3,h\n", 'links row 5 (candidate g): candidate_id "g" is in 3 links.'),
        ("l1,g\n", 'links row 1 (candidate g): link_id "l1" has one member only.'),
        (
            "l1,g\nl1,e\n",
            'links row 2 (candidate e): candidate_id "e" takes no part, and is linked. The request is cancelled: a '
            "detachment was obtained.",
        ),
    ],
)
def test_a_link_to_nobody_to_itself_or_to_an_excluded_candidate_is_refused(
    tmp_path: Path, links: str, expected: str
) -> None:
    assert expected in told(tmp_path, LINKS + links)


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ("g,1,ACA,14\nh,1,ACA,17\n", '"h" asks as wish 1 for ACA 17, and g, linked to it, for ACA 14.'),
        ("g,1,ACA,14\ng,2,ACA,17\nh,1,ACA,17\nh,2,ACA,14\n", '"h" asks as wish 1 for ACA 17, and g, linked'),
        ("g,1,ACA,14\ng,2,ACA,17\nh,1,ACA,14\n", '"h" asks as wish 2 for nothing, and g, linked to it, for ACA 17.'),
        ("g,1,ACA,14\n", '"h" asks as wish 1 for nothing, and g, linked to it, for ACA 14.'),
    ],
)
def test_lists_that_differ_are_refused_with_the_first_wish_that_does(
    tmp_path: Path, wishes: str, expected: str
) -> None:
    assert expected in told(tmp_path, wishes=wishes)


def test_every_member_that_differs_is_told(tmp_path: Path) -> None:
    text = told(tmp_path, LINKS + "l1,a\nl1,g\nl1,h\n", wishes="g,1,ACA,14\nh,1,ACA,17\n")
    assert '"g" asks as wish 2 for nothing, and a, linked to it, for ACA 17.' in text
    assert '"h" asks as wish 1 for ACA 17, and a, linked to it, for ACA 14.' in text


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("h,L0422,A-24,", "h,L0422,,", '"h" holds no post, and the other member one (linked to g).'),
        ("h,L0422,A-24,false", "h,L0422,A-24,true", '"h" must take part, and the other member need not (linked to g).'),
        ("5,,,0", "5,rapprochement_conjoints,14,0", '"g" has chosen rapprochement_conjoints and links the request'),
        (
            "5,,,0",
            "5,mutation_simultanee,14,0",
            '"h" asks for no mutation_simultanee, and a candidate linked to it does',
        ),
    ],
)
def test_members_stay_or_go_together_and_have_one_strategy(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert expected in told(tmp_path, people=PEOPLE.replace(old, new, 1))


def test_where_there_is_no_rulebook_lists_are_the_same_all_the_same(tmp_path: Path) -> None:
    settings = SETTINGS.replace('rulebook = "inter"', 'rulebook = "none"')
    assert "asks as wish 1 for ACA 17" in told(tmp_path, wishes="g,1,ACA,14\nh,1,ACA,17\n", settings=settings)


def test_every_defect_of_a_link_is_listed(tmp_path: Path) -> None:
    text = told(tmp_path, LINKS + "l1,g\nl1,d\nl1,zz\nl2,g\n")
    assert {rule for rule in ("C10", "C33", "C34") if f"{rule}:" in text} == {"C10", "C33", "C34"}


def test_who_chose_to_follow_a_spouse_at_the_inter_is_not_linked_at_the_intra(tmp_path: Path) -> None:
    head = intra_folder.TABLES["candidates"]
    first, *others = head.splitlines()
    people = "".join(f"{line}\n" for line in (f"{first},inter_family", *(f"{other}," for other in others)))
    people += "u,L1300,,true,stagiaire,2,0,1995-05-05,,,,0,,,,,rapprochement_conjoints\n"
    people += "v,L1300,,true,stagiaire,2,0,1995-05-05,,,,0,,,,,\n"
    wishes = intra_folder.TABLES["wishes"] + "u,1,DPT,63,\nv,1,DPT,63,\n"
    text = intra_folder.refusal(tmp_path, candidates=people, wishes=wishes, links=LINKS + "l1,u\nl1,v\n")
    assert '"u" has chosen rapprochement_conjoints at the inter and links the request to another.' in text
