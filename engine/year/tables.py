"""The tables that links read beside those of a campaign, and the campaign tables as links change and write them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import dataframely as dy
import polars as pl

from engine.model.defects import InputRefused, Rule, defects, no_defects
from engine.model.reading import ROW, read_file, read_tables, type_columns
from engine.model.schemas import SCHEMAS, WISH_KINDS, column_metadata, key_columns

Tables = dict[str, pl.DataFrame]

ID_PATTERN = r"^\S(.*\S)?$"

Y5 = Rule("Y5", "The tables of links name posts of the campaign, and who is an incumbent takes no part himself.")

Y6 = Rule("Y6", "A table of links has the columns of its schema, filled, within their values, and no key twice.")


class Incumbents(dy.Schema):
    """Link tables: who holds a post of the campaign without taking part in it, so that leaving frees a seat."""

    candidate_id = dy.String(primary_key=True, regex=ID_PATTERN, description="who holds it, named as elsewhere")
    post_id = dy.String(regex=ID_PATTERN, description="the post held")


class EntrantWishes(dy.Schema):
    """Link tables: what who enters an académie asks for there; others ask for the whole académie, then its ZRs."""

    candidate_id = dy.String(primary_key=True, regex=ID_PATTERN, description="who asks, as named in the inter")
    academy = dy.String(primary_key=True, regex=ID_PATTERN, description="the académie entered")
    rank = dy.Int64(primary_key=True, min=1, max=500, description="1 is the most wanted; no gaps")
    kind = dy.String(
        check=lambda c: c.is_in(list(WISH_KINDS)), metadata={"values": list(WISH_KINDS)}, description="kind of zone"
    )
    code = dy.String(regex=ID_PATTERN, description="code of the zone asked for")
    school_type = dy.String(nullable=True, description="only posts of this type of school; empty = any")


class EntrantFacts(dy.Schema):
    """Link tables: facts that who enters states anew, in columns of `candidates`; empty: the former one is kept."""

    candidate_id = dy.String(primary_key=True, regex=ID_PATTERN, description="who enters, as named in the inter")


LINK_SCHEMAS: dict[str, type[dy.Schema]] = {
    "incumbents": Incumbents,
    "entrant_wishes": EntrantWishes,
    "entrant_facts": EntrantFacts,
}


def read_inputs(folder: Path, named_columns: Mapping[str, dy.Column]) -> tuple[Tables, Tables]:
    """The tables of a campaign folder as they stand in its files, and those that links read, both typed.

    Raises
    ------
    InputRefused
        With every defect of form; what depends on other tables is checked when the campaign runs.
    """
    tables, found, notes = read_tables(folder, named_columns)
    own, wrong = _link_tables(folder, named_columns)
    found = pl.concat([found, wrong])
    if found.height:
        raise InputRefused(found, notes)
    return {name: table.drop(ROW) for name, table in tables.items()}, own


def _link_tables(folder: Path, named_columns: Mapping[str, dy.Column]) -> tuple[Tables, pl.DataFrame]:
    tables, found = {}, [no_defects()]
    for name, schema in LINK_SCHEMAS.items():
        columns = schema.columns()
        if not any((folder / f"{name}.{form}").exists() for form in ("parquet", "csv")):
            tables[name] = pl.DataFrame(schema={column: kind.dtype for column, kind in columns.items()})
            continue
        raw, wrong = read_file(folder, name)
        found.append(wrong)
        if raw is None:
            continue
        if name == "entrant_facts":
            stated = SCHEMAS["candidates"].columns() | dict(named_columns)
            columns = {column: kind for column, kind in stated.items() if column in raw.columns}
        typed, wrong = type_columns(name, raw, columns)
        found += [wrong, _refused_rows(name, typed, schema)]
        tables[name] = typed.drop(ROW)
    return tables, pl.concat(found)


def _refused_rows(name: str, typed: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    """One defect for each rule of a schema that rows break."""
    missing = [column for column in schema.columns() if column not in typed.columns]
    if missing:
        return pl.concat(defects(Y6, name, column=column, problem="is missing.") for column in missing)
    _, failures = schema.filter(typed.select(list(schema.columns())))
    broken = [(rule.partition("|")[0], count) for rule, count in sorted(failures.counts().items())]
    found = [defects(Y6, name, column=rule, problem=f"is not as it must be in {n} rows.") for rule, n in broken]
    return pl.concat([no_defects(), *found])


def incumbents_checked(tables: Tables, incumbents: pl.DataFrame) -> None:
    """Raises InputRefused where incumbents hold posts nobody knows, or take part themselves."""
    posts, people = tables["posts"], tables["candidates"]
    nowhere = incumbents.join(posts, on="post_id", how="anti")
    taking_part = incumbents.join(people, on="candidate_id", how="semi")
    name, value = "incumbents", pl.col("candidate_id")
    found = [
        defects(Y5, name, nowhere, column="post_id", value=pl.col("post_id"), problem="names no post."),
        defects(Y5, name, taking_part, column="candidate_id", value=value, problem="is in candidates too."),
    ]
    if sum(each.height for each in found):
        raise InputRefused(pl.concat(found))


def write_inputs(folder: Path, tables: Tables) -> None:
    """Writes the tables of a campaign in a folder: rows in the order of their keys, units as in files."""
    for name, table in tables.items():
        if table.height or name in ("places", "posts", "candidates", "wishes"):
            columns = SCHEMAS[name].columns()
            exact = [c for c in table.columns if c in columns and "unit" in column_metadata(columns[c])]
            decimal = [(pl.col(c).cast(pl.Decimal(18, 3)) / 1000).cast(pl.Decimal(18, 3)) for c in exact]
            table.sort(key_columns(name)).with_columns(decimal).write_parquet(folder / f"{name}.parquet")
