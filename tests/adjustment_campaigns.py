"""A TZR campaign written by hand, and one drawn small, for tests of everything above the blocks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

SETTINGS = """schema = 1
id = "tzr-by-hand"
movement = "tzr"
rulebook = "tzr/clermont-ferrand"
session = 2016
seed = 3
"""

# One zone around Moulins with three schools, another around Vichy with one. In maths ann (stronger), bob and, as an
# agrégé, cid are in Moulins; the needs there make two services of 18 hours, one of them split. dot alone is in Vichy,
# where no need is long enough. eve teaches English, of which nobody needs any. bob asks for another attachment.
TABLES = {
    "places": """place_id,kind,label,school_type,commune,department,lat,lon
ZM,ZR,ZR Moulins,,,03,,
ZV,ZR,ZR Vichy,,,03,,
0030001A,ETB,Collège A,CLG,03190,03,46.56,3.33
0030002B,ETB,Collège B,CLG,03190,03,46.57,3.34
0030003C,ETB,Lycée C,LYC,03036,03,46.40,3.30
0030004D,ETB,Collège D,CLG,03310,03,46.13,3.43
""",
    "zones": """zone_kind,zone_code,place_id
ZRE,ZM,0030001A
ZRE,ZM,0030002B
ZRE,ZM,0030003C
ZRE,ZV,0030004D
""",
    "posts": """post_id,place_id,discipline,seats
ZM-M,ZM,L1300,0
ZV-M,ZV,L1300,0
ZM-A,ZM,L0422,0
""",
    "candidates": """candidate_id,discipline,held_post,corps,echelon,zr_years,birth_date
ann,L1300,ZM-M,certifie,9,6,1980-01-01
bob,L1300,ZM-M,certifie,5,1,1985-01-01
cid,L1300,ZM-M,agrege,4,0,1990-01-01
dot,L1300,ZV-M,certifie,7,2,1982-01-01
eve,L0422,ZM-A,certifie,7,2,1982-01-01
""",
    "wishes": """candidate_id,rank,kind,code,school_type
ann,1,ETB,0030001A,
ann,2,COM,03190,
bob,1,ETB,0030003C,
bob,2,ZRE,ZM,
cid,1,COM,03036,
cid,2,ETB,0030004D,
dot,1,ETB,0030004D,
""",
    "needs": """need_id,place_id,discipline,hours,kind
n1,0030001A,L1300,18,vacant
n2,0030002B,L1300,10,fraction
n3,0030003C,L1300,8,fraction
n4,0030003C,L1300,4.5,fraction
n5,0030004D,L1300,6,fraction
""",
    "attachments": """candidate_id,position,place_id
ann,0,0030002B
bob,0,0030001A
bob,1,0030003C
cid,0,0030003C
dot,0,0030004D
eve,0,0030001A
eve,1,0030002B
""",
}


def write(folder: Path, tables: Mapping[str, str] = TABLES, settings: str = SETTINGS) -> Path:
    """A campaign folder of CSV tables."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campaign.toml").write_text(settings, encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def changed(table: str, old: str, new: str) -> dict[str, str]:
    """The tables with a piece of one of them replaced."""
    assert old in TABLES[table], f"{old!r} is not in {table}"
    return {**TABLES, table: TABLES[table].replace(old, new)}
