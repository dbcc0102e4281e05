"""A small geography on disk, in the shape a user brings."""

from __future__ import annotations

from pathlib import Path

REAL = Path(__file__).parents[4] / "shared" / "data"

COMMUNES = """\
code,name,departement,population,lat,lon
03190,Moulins,03,20000,46.5667,3.3333
15014,Aurillac,15,26000,44.9286,2.4433
43157,Le Puy-en-Velay,43,19000,45.0442,3.8858
63113,Clermont-Ferrand,63,147000,45.7797,3.0869
63300,Riom,63,19000,45.8936,3.1125
63430,Thiers,63,12000,45.8564,3.5475
"""
SCHOOLS_HEADER = "uai,name,type,secteur,commune,lat,lon,education_prioritaire"


def write_geography(folder: Path, communes: str = COMMUNES, schools: str | None = None) -> Path:
    """Twenty collèges, ten lycées, ten polyvalent and ten professional ones around each commune of `COMMUNES`."""
    folder.mkdir()
    (folder / "communes.csv").write_text(communes, encoding="utf-8")
    (folder / "etablissements.csv").write_text(schools or default_schools(), encoding="utf-8")
    return folder


def default_schools() -> str:
    rows = [SCHOOLS_HEADER]
    for line in COMMUNES.splitlines()[1:]:
        commune, name, _, _, lat, lon = line.split(",")
        for kind, count in (("COLLEGE", 20), ("LYCEE_GT", 10), ("LYCEE_POLYVALENT", 10), ("LYCEE_PRO", 10)):
            for number in range(count):
                label = "REP" if kind == "COLLEGE" and number == 0 else ""
                rows.append(f"{commune}{kind[-4:]}{number},{kind} {name},{kind},public,{commune},{lat},{lon},{label}")
        rows.append(f"{commune}PRIV,Saint-Joseph {name},COLLEGE,privé,{commune},{lat},{lon},")
    return "\n".join(rows) + "\n"
