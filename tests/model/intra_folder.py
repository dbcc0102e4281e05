"""A small intra campaign as files, for tests of what can be wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.campaign import Campaign, read_campaign
from engine.model.defects import InputRefused

SETTINGS = """schema = 1
id = "small-intra"
movement = "intra"
rulebook = "intra/clermont-ferrand"
session = 2016
seed = 7
"""

# Two collèges and a lycée around Riom, a lycée in Clermont-Ferrand, one in Aurillac; a ZR in each département; a
# specific post. lea holds Volvic and wants to come nearer to Riom; max lost his post in Aurillac; zoe and tim are new.
TABLES = {
    "places": """place_id,kind,school_type,commune,grouping,department,academy,lat,lon
CLG-RIOM,ETB,CLG,63300,RIOM,63,06,45.894,3.112
LYC-RIOM,ETB,LYC,63300,RIOM,63,06,45.891,3.115
CLG-VOLVIC,ETB,CLG,63470,RIOM,63,06,45.871,3.037
LYC-CLERMONT,ETB,LYC,63113,CLERMONT,63,06,45.780,3.087
LYC-AURILLAC,ETB,LYC,15014,,15,06,44.926,2.440
ZR-63,ZR,,,,63,06,,
ZR-15,ZR,,,,15,06,,
""",
    "posts": """post_id,place_id,discipline,seats,profile,positions
M-CR,CLG-RIOM,L1300,1,,2
M-LR,LYC-RIOM,L1300,0,ordinary,1
M-CV,CLG-VOLVIC,L1300,0,,1
M-LC,LYC-CLERMONT,L1300,1,,1
M-LA,LYC-AURILLAC,L1300,0,,2
M-SPE,LYC-CLERMONT,L1300,1,specific,1
M-Z63,ZR-63,L1300,2,,
M-Z15,ZR-15,L1300,1,,
A-LC,LYC-CLERMONT,L0422,1,,1
A-LA,LYC-AURILLAC,L0422,1,specific,1
""",
    "candidates": """candidate_id,discipline,held_post,mandatory,category,echelon,post_years,birth_date,family,spouse_commune,spouse_department,children,closed_place,closed_kind,disability_zones,evidence_missing
lea,L1300,M-CV,false,titulaire,7,5,1985-01-01,rapprochement_conjoints,63300,63,2,,,,
max,L1300,,true,titulaire,8,9,1975-05-05,,,,0,LYC-AURILLAC,carte_scolaire,,
zoe,L1300,,true,stagiaire,2,0,1995-05-05,,,,0,,,63 CLG-RIOM,echelon
tim,L0422,,true,stagiaire,2,0,1996-06-06,,,,0,,,,
""",  # noqa: E501
    "wishes": """candidate_id,rank,kind,code,school_type
lea,1,ETB,LYC-RIOM,
lea,2,GEO,CLERMONT,
max,1,ETB,LYC-AURILLAC,
max,2,COM,15014,
max,3,DPT,15,
max,4,ACA,06,
zoe,1,COM,63300,CLG
zoe,2,DPT,63,
zoe,3,ZRD,63,
zoe,4,POST,M-SPE,
tim,1,ETB,LYC-CLERMONT,
tim,2,ZRA,06,
""",
    "opinions": "candidate_id,post_id,opinion,order\nzoe,M-SPE,favourable,1\n",
}


def write_intra(folder: Path, settings: str = SETTINGS, **tables: str | None) -> Path:
    """A campaign folder with the tables above; `tables` replaces or adds some, None leaves one out."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campaign.toml").write_text(settings, encoding="utf-8")
    for name, content in {**TABLES, **tables}.items():
        if content is not None:
            (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


def changed(table: str, old: str, new: str) -> dict[str, str]:
    """The table with a piece of its text changed everywhere."""
    assert old in TABLES[table]
    return {table: TABLES[table].replace(old, new)}


def refusal(folder: Path, settings: str = SETTINGS, **tables: str | None) -> str:
    """What is said of a campaign with these tables in place of those above; it has to be refused."""
    with pytest.raises(InputRefused) as refused:
        read_campaign(write_intra(folder, settings, **tables))
    return str(refused.value)


def accepted(folder: Path, settings: str = SETTINGS, **tables: str | None) -> Campaign:
    return read_campaign(write_intra(folder, settings, **tables))
