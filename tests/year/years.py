"""A small year written by hand: an inter of four académies, an intra of two of them, and what links read."""

from __future__ import annotations

from pathlib import Path

from tests.campaigns import TABLES as INTER
from tests.campaigns import write_campaign
from tests.model.intra_folder import write_intra

YEAR = """schema = 1
id = "small-year"

[campaigns]
intra = "intra-2025"
inter = "inter-2025"

[[links]]
link = "entrants"
from = "inter"
to = "intra"
"""

SETTINGS = """schema = 1
id = "small-intra"
movement = "intra"
rulebook = "intra/common"
session = 2025
seed = 7
"""

# Beside the inter of tests.campaigns (a leaves Créteil for Rennes, b leaves Rennes for Nantes, d and f are obliged): a
# takes part in the intra of Créteil too, b holds a lycée in Rennes and does not; g, trained in Créteil, finds no seat
# in his discipline; h takes part in the intra only.
INTER_MORE = {
    "candidates": INTER["candidates"].replace("birth_date,cancelled", "birth_date,cancelled,training_academy", 1)
    .replace("-01,\n", "-01,,\n").replace("detachment\n", "detachment,\n")
    + "g,L7100,,true,stagiaire,2,0,,,0,1997-01-01,,24\n",
    "wishes": INTER["wishes"] + "g,1,ACA,14\n",
    "posts": INTER["posts"] + "B-14,14,L7100,0\n",
}  # fmt: skip
INTRA = {
    "places": """place_id,kind,school_type,commune,department,academy,lat,lon
CLG-RENNES,ETB,CLG,35238,35,14,48.11,-1.68
LYC-RENNES,ETB,LYC,35238,35,14,48.12,-1.66
ZR-35,ZR,,,35,14,,
CLG-CRETEIL,ETB,CLG,94028,94,24,48.79,2.45
LYC-CRETEIL,ETB,LYC,94028,94,24,48.78,2.46
ZR-94,ZR,,,94,24,,
""",
    "posts": """post_id,place_id,discipline,seats,profile,positions
R-CLG,CLG-RENNES,L1300,0,,3
R-LYC,LYC-RENNES,L1300,0,,2
R-ZR,ZR-35,L1300,1,,
A-CLG,CLG-RENNES,L0422,0,,1
C-CLG,CLG-CRETEIL,L1300,0,,2
C-LYC,LYC-CRETEIL,L1300,0,,1
C-ANG,LYC-CRETEIL,L0422,1,,1
C-ZR,ZR-94,L0422,1,,
C-BIO,LYC-CRETEIL,L7100,1,,1
""",
    "candidates": """candidate_id,discipline,held_post,mandatory,category,echelon,post_years,birth_date
a,L1300,C-LYC,false,titulaire,7,5,1985-01-01
h,L1300,C-CLG,false,titulaire,9,9,1970-01-01
""",
    "wishes": "candidate_id,rank,kind,code,school_type\na,1,ETB,CLG-CRETEIL,\nh,1,ETB,LYC-CRETEIL,\n",
    "incumbents": "candidate_id,post_id\nb,R-LYC\nc,C-CLG\n",
    "entrant_wishes": """candidate_id,academy,rank,kind,code,school_type
a,14,1,ETB,LYC-RENNES,
a,14,2,DPT,35,
a,17,1,DPT,44,
""",
    "entrant_facts": "candidate_id,spouse_department,spouse_commune\na,35,35238\n",
    "opinions": None,
}


def write_year(folder: Path, year: str = YEAR, inter: dict[str, str] = INTER_MORE, **intra: str | None) -> Path:
    """A year folder; tables of the intra may be replaced, None leaves one out."""
    write_campaign(folder / "inter-2025", **inter)
    write_intra(folder / "intra-2025", SETTINGS, **{**INTRA, **intra})
    (folder / "year.toml").write_text(year, encoding="utf-8")
    return folder
