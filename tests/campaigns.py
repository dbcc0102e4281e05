"""Small campaigns written by hand, for tests of everything above the arrays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

SETTINGS = """schema = 1
id = "by-hand"
movement = "inter"
rulebook = "inter"
session = 2025
seed = 7
"""

# Four académies, two disciplines. a leaves Créteil for Rennes (RC with children), b leaves Rennes for Nantes, where c, a
# month younger, ties with him; the seat of Versailles is to be closed; d and f are obliged; e's request comes too late.
TABLES = {
    "places": """place_id,kind,label
14,ACA,Rennes
17,ACA,Nantes
24,ACA,Créteil
25,ACA,Versailles
""",
    "posts": """post_id,place_id,discipline,seats
M-14,14,L1300,0
M-17,17,L1300,1
M-24,24,L1300,1
M-25,25,L1300,-1
A-14,14,L0422,0
A-24,24,L0422,1
""",
    "candidates": """candidate_id,discipline,held_post,mandatory,category,echelon,post_years,family,spouse_academy,children,birth_date,cancelled
a,L1300,M-24,false,titulaire,7,5,rapprochement_conjoints,14,2,1985-01-01,
b,L1300,M-14,false,titulaire,6,3,,,0,1980-01-01,
c,L1300,M-25,false,titulaire,6,3,,,0,1980-02-01,
d,L1300,,true,stagiaire,2,0,,,0,1999-01-01,
e,L0422,A-14,false,titulaire,6,3,,,0,1980-01-01,detachment
f,L0422,,true,stagiaire,2,0,,,0,1998-01-01,
""",
    "wishes": """candidate_id,rank,kind,code
a,1,ACA,14
a,2,ACA,17
b,1,ACA,17
c,1,ACA,17
c,2,ACA,25
c,3,ACA,24
d,1,ACA,14
e,1,ACA,24
f,1,ACA,14
""",
}


def write_campaign(folder: Path, settings: str = SETTINGS, **tables: str | None) -> Path:
    """A campaign folder with the tables above; `tables` replaces some of them, None leaves one out."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campaign.toml").write_text(settings, encoding="utf-8")
    for name, content in ({**TABLES, **tables}).items():
        if content is not None:
            (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


def with_row(table: str, row: str) -> Mapping[str, str]:
    """The table with one row more."""
    return {table: TABLES[table] + row + "\n"}


def with_cell(table: str, old: str, new: str) -> Mapping[str, str]:
    """The table with a piece of its text changed, once."""
    assert old in TABLES[table]
    return {table: TABLES[table].replace(old, new, 1)}
