"""Decisions outside the barème at the input: each that says nothing sensible gets its sentence, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.campaign import read_campaign
from engine.model.defects import InputRefused
from engine.pipeline import run
from tests.campaigns import TABLES, write_campaign

HEAD = "decision_id,candidate_id,kind,rank,place_id,post_id,reason,authority,date\n"
SIGNED = "raison,le recteur,2025-03-01\n"

WRONG = {
    "D1,zz,exclude,,,,": "C61",
    "D2,a,exclude,1,,,": "C62",
    "D3,a,pin,,,,": "C62",
    "D4,a,forbid,1,14,,": "C62",
    "D5,a,pin,9,,,": "C63",
    "D6,a,pin,,,A-14,": "C63",
    "D7,f,forbid,,17,,": "C63",
    "D8,a,forbid,,,M-24,": "C67",
    "D9,a,moved,,,,": "F7",
}


@pytest.mark.parametrize("row", WRONG)
def test_a_decision_that_names_nothing_sensible_is_refused(tmp_path: Path, row: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read_campaign(write_campaign(tmp_path, decisions=HEAD + row + SIGNED))
    assert refused.value.defects["rule"].str.starts_with(WRONG[row] + ":").any(), str(refused.value)


def test_all_defects_of_decisions_are_listed(tmp_path: Path) -> None:
    rows = "".join(row + SIGNED for row in WRONG if "moved" not in row)
    with pytest.raises(InputRefused) as refused:
        read_campaign(write_campaign(tmp_path, decisions=HEAD + rows))
    assert {f"decisions row {row}" for row in range(1, 9)} <= set(str(refused.value).replace(" (", "\n").splitlines())


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (("D1,a,pin,1,,,", "D2,a,pin,2,,,"), "is there more than once for the candidate."),
        (("D1,a,exclude,,,,", "D2,a,forbid,1,,,"), "stands beside an exclusion of the candidate."),
        (("D1,d,forbid,,,M-14,", "D2,d,pin,,,M-14,"), "is forbidden to the candidate by another decision."),
        (("D1,a,pin,,,M-14,", "D2,d,pin,,,M-14,"), "has 1 seats in all, and 2 decisions pin it."),
    ],
)
def test_decisions_that_exclude_each_other_are_refused(tmp_path: Path, rows: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(InputRefused, match=sentence):
        read_campaign(write_campaign(tmp_path, decisions=HEAD + "".join(row + SIGNED for row in rows)))


def test_links_are_decided_whole(tmp_path: Path) -> None:
    links = "link_id,candidate_id\nL,b\nL,g\n"
    candidates = TABLES["candidates"] + "g,L0422,A-24,false,titulaire,6,3,,,0,1980-01-01,\n"
    wishes, posts = TABLES["wishes"] + "g,1,ACA,17\n", TABLES["posts"] + "A-17,17,L0422,1\n"
    tables = {"links": links, "candidates": candidates, "wishes": wishes, "posts": posts}
    for row, sentence in {
        "D1,b,exclude,,,,": "is linked to somebody who is not excluded.",
        "D1,b,pin,1,,,": "is linked to somebody not pinned on the same wish.",
        "D1,b,forbid,1,,,": "is linked.",
    }.items():
        with pytest.raises(InputRefused, match=sentence):
            read_campaign(write_campaign(tmp_path, decisions=HEAD + row + SIGNED, **tables))
    both = HEAD + "D1,b,pin,1,,," + SIGNED + "D2,g,pin,1,,," + SIGNED
    done = run(write_campaign(tmp_path, decisions=both, **tables))
    assert done.verdict.holds
    assert dict(done.outcomes.select("candidate_id", "post_id").iter_rows())["g"] == "A-17"
