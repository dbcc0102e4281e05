"""The tables of a run are those of the declared schemas, and every name is of one kind."""

from __future__ import annotations

from pathlib import Path

from engine.model.results import RESULT_SCHEMAS, Kind, columns_of
from engine.pipeline import run
from engine.runfolder import tables_of
from tests.campaigns import write_campaign


def test_the_tables_of_a_run_satisfy_their_schemas(tmp_path: Path) -> None:
    for name, table in tables_of(run(write_campaign(tmp_path))).items():
        assert table.columns == list(RESULT_SCHEMAS[name].columns()), name
        RESULT_SCHEMAS[name].validate(table)


def test_a_column_name_is_of_one_kind_in_all_tables() -> None:
    kinds = [columns_of(kind) for kind in Kind]
    assert sum(map(len, kinds)) == len(frozenset().union(*kinds))
