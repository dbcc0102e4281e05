"""The form of a variant file: what may be written, and the sentence for what may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.defects import InputRefused
from engine.variants.variant import Variant, as_variant, read_variant


def refused(content: dict[str, object]) -> str:
    with pytest.raises(InputRefused) as error:
        as_variant(content, "variant.toml")
    return str(error.value)


def test_a_variant_needs_an_id_and_nothing_else() -> None:
    assert as_variant({"id": "nothing"}) == Variant(id="nothing")
    assert "id is missing" in refused({})


def test_one_table_may_stand_where_a_list_of_tables_may(tmp_path: Path) -> None:
    one, many = tmp_path / "one.toml", tmp_path / "many.toml"
    one.write_text('id = "v"\n[population.seats]\nfactor = 2\n[eligibility]\nrequires = { boe = true }')
    many.write_text('id = "v"\n[[population.seats]]\nfactor = 2\n[[eligibility]]\nrequires = { boe = true }')
    assert read_variant(one) == read_variant(many)


def test_every_defect_of_form_is_told_with_the_nearest_key() -> None:
    told = refused({"id": "v", "option": {"mechanism": "flow"}, "population": {"candidates": {"shares": 0.5}}})
    assert "option" in told
    assert "Maybe options?" in told
    assert "population.candidates.shares" in told
    assert "Maybe share?" in told


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"population": {"seats": {"factor": 2, "add": 1}}}, "not exactly one of factor, add, number"),
        ({"population": {"seats": {}}}, "not exactly one of factor, add, number"),
        ({"population": {"candidates": {}}}, "not exactly one of leave_out = true and set"),
        ({"population": {"candidates": {"leave_out": True, "set": {"boe": True}}}}, "not exactly one of"),
        ({"population": {"candidates": {"leave_out": True, "share": 1.5}}}, "is above 1"),
        ({"population": {"candidates": {"leave_out": True, "share": 0}}}, "is not above 0"),
        ({"quotas": {"exit": {"factor": -1}}}, "is below 0"),
        ({"eligibility": {"where": {"boe": True}}}, "requires is missing"),
        ({"options": 3}, "is not a table"),
    ],
)
def test_what_a_change_says_is_one_thing_inside_its_bounds(content: dict[str, object], sentence: str) -> None:
    assert sentence in refused({"id": "v", **content})


def test_a_file_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("id = ")
    for name, sentence in (("none.toml", "is missing"), ("bad.toml", "is not TOML")):
        with pytest.raises(InputRefused, match=sentence) as error:
            read_variant(tmp_path / name)
        assert name in str(error.value)
