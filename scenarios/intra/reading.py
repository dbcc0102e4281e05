"""Real communes and schools, read from a folder with the files ``communes.csv`` and ``etablissements.csv``.

The files are public ones that a user downloads (INSEE, IGN, the ministry's open data) and brings to this shape; the
package ships none. Columns read: code, name, departement, population, lat, lon of communes; uai, name, type (COLLEGE,
LYCEE_GT, LYCEE_POLYVALENT, LYCEE_PRO), secteur (public or privé), commune, lat, lon, education_prioritaire of schools.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from engine.model.geography import all_departments
from scenarios.figures import ScenarioError
from scenarios.intra.sources import COMMUNE_COLUMNS, SCHOOL_COLUMNS, Sources

FORM_OF_TYPE = {"COLLEGE": "CLG", "LYCEE_GT": "LGT", "LYCEE_POLYVALENT": "LPO", "LYCEE_PRO": "LP"}
SECTORS = ("public", "privé")
LABELS = ("REP", "REP+")
COLUMNS = {
    "communes.csv": ("code", "name", "departement", "population", "lat", "lon"),
    "etablissements.csv": ("uai", "name", "type", "secteur", "commune", "lat", "lon", "education_prioritaire"),
}
NUM_SHOWN = 5


def read_sources(folder: Path) -> Sources:
    """The public schools of a folder and the communes they are in.

    Raises
    ------
    ScenarioError
        For a file or a column that is missing, or for values that cannot be used: each kind of them with how many rows
        it concerns and examples.
    """
    tables = {name: _read(folder / name, columns) for name, columns in COLUMNS.items()}
    communes, schools = tables["communes.csv"], tables["etablissements.csv"]
    _require_sound(folder, communes, schools)
    public = _public(schools).select(SCHOOL_COLUMNS).sort("place_id")
    inhabited = _located(communes).join(public, on="commune", how="semi")
    return Sources(inhabited.select(COMMUNE_COLUMNS).sort("commune"), public, drawn=False)


def _public(schools: pl.DataFrame) -> pl.DataFrame:
    return schools.filter(pl.col("secteur") == "public").select(
        place_id="uai",
        label="name",
        form=pl.col("type").replace_strict(FORM_OF_TYPE),
        commune="commune",
        lat=pl.col("lat").cast(pl.Float64),
        lon=pl.col("lon").cast(pl.Float64),
        priority_education="education_prioritaire",
    )


def _located(communes: pl.DataFrame) -> pl.DataFrame:
    return communes.select(
        commune="code",
        label="name",
        department="departement",
        population=pl.col("population").cast(pl.Int64),
        lat=pl.col("lat").cast(pl.Float64),
        lon=pl.col("lon").cast(pl.Float64),
    )


def _read(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    """The columns of a file as text; empty cells are null."""
    try:
        table = pl.read_csv(path, infer_schema=False)
    except OSError as error:
        raise ScenarioError(
            f'geography: "{path}" cannot be read: {error.strerror or "it does not exist"}. '
            f"A geography folder has {' and '.join(COLUMNS)}."
        ) from error
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise ScenarioError(f'geography: "{path}" is not a UTF-8 CSV file with commas: {error}') from error
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise ScenarioError(f'geography: "{path}" has no column {", ".join(missing)}; needed: {", ".join(columns)}.')
    return table.select(columns)


def _require_sound(folder: Path, communes: pl.DataFrame, schools: pl.DataFrame) -> None:
    found = [
        *_defects("communes.csv", "code", communes, _commune_checks()),
        *_defects("etablissements.csv", "uai", schools, _school_checks(communes)),
    ]
    if found:
        raise ScenarioError(f'geography "{folder}" cannot be used:\n' + "\n".join(found))
    if schools.filter(pl.col("secteur") == "public").is_empty():
        raise ScenarioError(f'geography "{folder}" has no public school.')


Checks = Mapping[str, pl.Expr]


def _commune_checks() -> Checks:
    """What is wrong, in words, with the rows it is wrong for."""
    return {
        "have no code, or one given twice": pl.col("code").is_null() | pl.col("code").is_duplicated(),
        "name no département": ~pl.col("departement").is_in(list(all_departments())).fill_null(False),
        "have no whole number of inhabitants": _is_no(pl.col("population"), pl.Int64, 0, 100_000_000),
        **_coordinate_checks(),
    }


def _school_checks(communes: pl.DataFrame) -> Checks:
    known = communes["code"].drop_nulls().unique().implode()
    label = pl.col("education_prioritaire")
    return {
        "have no UAI, or one given twice": pl.col("uai").is_null() | pl.col("uai").is_duplicated(),
        f"are of a type that is none of {', '.join(FORM_OF_TYPE)}": ~_is_one_of("type", list(FORM_OF_TYPE)),
        f"are of a sector that is none of {', '.join(SECTORS)}": ~_is_one_of("secteur", list(SECTORS)),
        "are in a commune that is not in communes.csv": ~pl.col("commune").is_in(known).fill_null(False),
        f"have a label that is none of {', '.join(LABELS)}": label.is_not_null() & ~label.is_in(LABELS),
        **_coordinate_checks(),
    }


def _coordinate_checks() -> Checks:
    return {
        "have no latitude between -90 and 90": _is_no(pl.col("lat"), pl.Float64, -90, 90),
        "have no longitude between -180 and 180": _is_no(pl.col("lon"), pl.Float64, -180, 180),
    }


def _is_one_of(column: str, values: list[str]) -> pl.Expr:
    return pl.col(column).is_in(values).fill_null(False)


def _is_no(text: pl.Expr, dtype: type[pl.Int64] | type[pl.Float64], low: float, high: float) -> pl.Expr:
    return ~text.cast(dtype, strict=False).is_between(low, high).fill_null(False)


def _defects(name: str, key: str, table: pl.DataFrame, checks: Checks) -> Iterator[str]:
    for problem, wrong in checks.items():
        rows = table.filter(wrong)
        if rows.height:
            examples = ", ".join(str(value) for value in rows[key].head(NUM_SHOWN))
            yield f"{name}: {rows.height} rows {problem} (such as {examples})."
