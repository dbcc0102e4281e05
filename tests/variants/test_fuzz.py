"""Malformed variants: whatever a person writes, he reads sentences of ours, never a traceback or a library's words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.model.campaign import Campaign
from engine.model.defects import InputRefused
from engine.model.rulebook import Rulebook
from engine.pipeline import campaign_under
from tests.variants.campaigns import by_hand

FOREIGN = ("nput should", "Extra inputs", "Field required", "Value error", "validation", "pydantic", "Traceback")
FOREIGN += ("Decimal(", "datetime.", "isoformat", "{'", "['", "True", "False", "None", "NaN", "Infinity")

ODD = """
0 | 1 | -1 | 3 | 9223372036854775808 | 10000000000000000000000000000000000000000 | 0.5 | 1.5 | -0.5 | 1e308 | nan | inf
true | false | "" | "x" | "0.5" | "2000-01-01" | "titulaire" | "L1300" | "none" | "zone" | "\\u0007\\n" | 2000-01-31
2000-01-31T08:00:00 | 08:00:00 | [] | {} | {absent = true} | ["L1300"] | ["x", 1] | [[]] | [{points = 1, echelon = "x"}]
{min = 1} | {min = 3, max = 1} | {min = "2000-01-01", max = 1999-01-01} | {min = ""} | {max = nan} | {least = 1}
{min = 2000-01-31T08:00:00, max = 2000-01-31} | {min = "L1300"} | [true, ""] | [2000-01-31]
"""
VALUES = st.sampled_from([value.strip() for value in ODD.strip().replace("\n", "|").split("|")])
COLUMNS = st.sampled_from(
    [
        "discipline",
        "category",
        "birth_date",
        "post_years",
        "mandatory",
        "age",
        "academy",
        "held_post",
        "candidate_id",
        "seats",
        "post_id",
        "profile",
        "lat",
        "children",
        "disciplin",
        "a.b",
        "cancelled",
        "hours",
        "exit_quota",
        "family",
    ]
)
PARTS = st.sampled_from(["where", "share", "leave_out", "set", "draw", "factor", "add", "number", "requires", "shar"])
OPTIONS = st.sampled_from(["mechanism", "improvement", "extension", "placement", "gap", "time_limit_s", "mechanim"])
RULES = [f"{block}.{key}" for block, key in Rulebook.load("inter").values]
NAMES = st.sampled_from(
    [*RULES, "enfants.per_chld", "inter", "enfants", "children.points", "x.y.z.w", '"inter.enfants"']
)


def table(content: Mapping[str, str]) -> str:
    """A table of values that are TOML already."""
    return "{" + ", ".join(f"{json.dumps(key)} = {value}" for key, value in content.items()) + "}"


def tables(keys: st.SearchStrategy[str], values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.dictionaries(keys, values, max_size=3).map(table)


CONDITIONS = tables(COLUMNS, VALUES) | VALUES
GOOD = st.sampled_from(['{where = {discipline = "L1300"}, factor = 2}', "{leave_out = true}", "{set = {children = 2}}"])
CHANGE = tables(PARTS, VALUES | CONDITIONS) | GOOD | VALUES
CHANGES = CHANGE | st.lists(CHANGE, max_size=3).map(lambda some: f"[{', '.join(some)}]")
VARIANTS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just('"v"') | VALUES,
        "description": VALUES,
        "options": tables(OPTIONS, VALUES) | VALUES,
        "quotas": tables(st.sampled_from(["entry", "exit", "exits"]), CHANGES) | VALUES,
        "eligibility": CHANGES,
        "population": tables(st.sampled_from(["seed", "candidates", "seats", "people"]), CHANGES) | VALUES,
        "colour": VALUES,
    },
)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return by_hand(tmp_path_factory.mktemp("fuzz"))


def told(campaign: Campaign, path: Path, text: str) -> list[dict[str, str]]:
    """The defects of a variant."""
    path.write_text(text, encoding="utf-8")
    try:
        campaign_under(campaign, path)
    except InputRefused as refused:
        return refused.defects.to_dicts()
    return []


def require_own_words(defects: list[dict[str, str]]) -> None:
    for defect in defects:
        said = f"{defect['problem']} {defect['hint']}"
        assert not [words for words in FOREIGN if words in said], said
        assert "not what stands here" not in said, "a type of error without a sentence of its own"
        assert defect["column"] or "campaign" in defect["table"], said


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(content=VARIANTS, rules=st.dictionaries(NAMES, VALUES, max_size=3))
def test_whatever_is_written_is_taken_or_refused_in_our_own_words(
    content: Mapping[str, str], rules: Mapping[str, str], campaign: Campaign, tmp_path: Path
) -> None:
    parts = [f"{key} = {value}" for key, value in content.items()]
    names = [f"{key} = {value}" for key, value in rules.items()]
    require_own_words(told(campaign, tmp_path / "v.toml", "\n".join([*parts, "[rules]", *names])))


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(column=COLUMNS, value=VALUES, part=st.sampled_from(["where", "set"]))
def test_one_odd_value_in_a_good_variant_is_told_alone(
    column: str, value: str, part: str, campaign: Campaign, tmp_path: Path
) -> None:
    change = f'leave_out = true\nwhere."{column}" = {value}' if part == "where" else f'set."{column}" = {value}'
    require_own_words(told(campaign, tmp_path / "v.toml", f'id = "v"\n[population.candidates]\n{change}'))


def test_what_no_parser_takes_is_refused_by_a_sentence(campaign: Campaign, tmp_path: Path) -> None:
    for text in ("a = " + "9" * 5000, "a = " + "[" * 5000, "a = 1\na = 2", "\x00", "id"):
        (tmp_path / "v.toml").write_text(text)
        with pytest.raises(InputRefused, match="is not TOML"):
            campaign_under(campaign, tmp_path / "v.toml")
