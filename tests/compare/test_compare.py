"""What a comparison counts agrees with the tables of the runs; what changes nothing is seen to change nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from engine.compare.compare import Comparison, compare
from engine.compare.differences import differences
from engine.compare.fates import FATES, SATISFIED
from engine.compare.running import Asked, sides_of
from engine.compare.writing import comparison_record, tables_of_comparison
from engine.model.defects import InputRefused
from engine.pipeline import run
from tests.campaigns import write_campaign
from tests.compare.runs import compared, variant


def test_the_campaign_comes_first_and_its_variants_in_their_order(comparison: Comparison) -> None:
    assert comparison.names == ("inter-2025", "children", "nothing", "half", "three")
    assert comparison.level == "academy"


def test_figures_agree_with_the_outcomes_tables(comparison: Comparison) -> None:
    for side in comparison.sides:
        figures, status = comparison.figures[side.name], side.outcomes["status"]
        assert figures["candidates"] == side.outcomes.height == side.summary["candidates"]
        assert figures["satisfied"] == (status == "assigned").sum()
        assert figures["moved"] == side.summary["holders"]["moved"]
        for name in ("extended", "kept", "unassigned", "excluded"):
            assert figures[name] == (status == name).sum()
        ranks = side.outcomes.filter(status="assigned")["rank"]
        assert figures["wish_1"] == (ranks == 1).sum()
        assert figures["wish_4_on"] == (ranks > 3).sum()
        assert figures["mean_rank"] == pytest.approx(float(ranks.mean()), abs=1e-4)  # type: ignore[arg-type]


def test_every_grouping_counts_every_candidate_once(comparison: Comparison) -> None:
    for side in comparison.sides:
        own = comparison.satisfaction.filter(variant=side.name)
        for grouping in ("all", "category", "family", "age", "discipline"):
            rows = own.filter(grouping=grouping)
            assert rows["candidates"].sum() == side.outcomes.height, grouping
            assert rows["satisfied"].sum() == comparison.figures[side.name]["satisfied"], grouping
        held = own.filter(grouping="origin")["candidates"].sum()
        assert held == side.people["holder"].sum()
        moved = side.outcomes.filter(pl.col("status").is_in(["assigned", "extended"])).height
        assert own.filter(grouping="arrival")["candidates"].sum() == moved
        assert own.select(pl.sum_horizontal(*FATES) - pl.col("candidates")).to_series().to_list() == [0] * own.height
        assert own.select(pl.sum_horizontal(*SATISFIED) - pl.col("satisfied")).to_series().to_list() == [0] * own.height


def test_winners_and_losers_are_told_person_by_person(comparison: Comparison) -> None:
    for first, second in comparison.pairs.select("first", "second").unique().rows():
        one, other = ({row["candidate_id"]: row for row in side_rows(comparison, name)} for name in (first, second))
        counts = dict.fromkeys(("better", "worse", "elsewhere", "same", "entered", "left_out", "withheld"), 0)
        told = {row["candidate_id"]: row for row in comparison.changes_of(first, second).iter_rows(named=True)}
        for candidate in one.keys() | other.keys():
            change = change_of(one.get(candidate), other.get(candidate))
            counts[change] += 1
            assert told.get(candidate, {"change": "same"})["change"] == change
        pairs = comparison.pairs.filter(first=first, second=second)
        assert dict(pairs.select("change", "candidates").iter_rows()) == counts


def side_rows(comparison: Comparison, name: str) -> list[dict[str, object]]:
    (side,) = (side for side in comparison.sides if side.name == name)
    joined = side.outcomes.join(side.people.select("candidate_id", "holder"), on="candidate_id")
    return joined.to_dicts()


def change_of(before: dict[str, object] | None, now: dict[str, object] | None) -> str:
    """The change of one candidate, by hand: what he has is put in his own order."""
    if before is None or now is None:
        return "entered" if before is None else "left_out"
    was, is_ = (place_of(row) for row in (before, now))
    if was != is_:
        return "better" if is_ < was else "worse"
    return "same" if before["post_id"] == now["post_id"] else "elsewhere"


def place_of(row: dict[str, object]) -> tuple[int, int]:
    if row["status"] == "assigned":
        assert isinstance(row["rank"], int)
        return (0, row["rank"])
    if row["status"] == "kept" or (row["status"] == "excluded" and row["holder"]):
        return (1, 0)
    return (2, 0) if row["status"] == "extended" else (3, 0)


def test_a_variant_that_changes_nothing_has_neither_winners_nor_losers(comparison: Comparison) -> None:
    assert comparison.changes_of("inter-2025", "nothing").is_empty()
    assert comparison.figures["nothing"] == comparison.figures["inter-2025"]
    assert set(comparison.cutoffs.filter(variant="nothing")["change"].drop_nulls()) == {"same"}


def test_who_is_left_out_takes_part_in_the_first_only(comparison: Comparison) -> None:
    changes = comparison.changes_of("inter-2025", "half").filter(change="left_out")
    first, half = (comparison.sides[place].people["candidate_id"] for place in (0, 3))
    assert set(changes["candidate_id"]) == set(first) - set(half)
    assert changes["status"].null_count() == changes.height
    assert comparison.figures["half"]["candidates"] == len(half)


def test_cutoffs_stand_beside_those_of_the_first_run(comparison: Comparison) -> None:
    key = ["discipline", "kind", "code", "school_type", "post_id"]
    rows = comparison.cutoffs.filter(variant="children")
    for prefix, side in (("before_", comparison.sides[0]), ("", comparison.sides[1])):
        own = side.cutoffs.select(*key, told="cutoff_points")
        both = rows.join(own, on=key, nulls_equal=True)
        assert both.height == rows.height == own.height
        assert both[f"{prefix}cutoff_points"].equals(both["told"])
    points = rows.filter(cutoff_kind="wish", before_cutoff_kind="wish")
    difference = points["cutoff_points"] - points["before_cutoff_points"]
    assert points["difference"].equals(difference, check_names=False)
    assert points.filter(difference > 0)["change"].unique().to_list() in ([], ["harder"])
    opened = rows.filter(cutoff_kind="free", before_cutoff_kind="wish")
    assert set(opened["change"]) <= {"easier"}


def test_who_arrives_and_who_leaves_is_counted_with_his_experience(comparison: Comparison) -> None:
    for side in comparison.sides:
        rows = comparison.experience.filter(variant=side.name)
        people = side.people.join(side.outcomes.select("candidate_id", "status"), on="candidate_id")
        moved = people.filter(pl.col("status").is_in(["assigned", "extended"]))
        crossed = moved.filter(pl.col("arrival_academy").ne_missing(pl.col("origin_academy")))
        assert rows["arrivals"].sum() == crossed.height
        assert rows["departures"].sum() == crossed["origin_academy"].count()
        creteil = crossed.filter(arrival_academy="24")["experience_months"]
        (row,) = rows.filter(area="24").to_dicts()
        assert row["arrivals_months"] == creteil.sum()
        assert row["arrivals_little"] == (creteil < 60).sum()


def test_differences_name_what_was_told_differently(comparison: Comparison) -> None:
    told = {(item.kind, item.name): item.values for item in comparison.differences}
    assert told["rule", "inter.enfants.per_child"] == ("100", "300", "100", "100", "100")
    assert told["population", "candidates"][3] == "where = { holder = true }; share = 0.5; leave_out = true"
    assert told["eligibility", "requires"][4].endswith("requires = { post_years = { min = 3 } }")
    assert len(told) == 3


def test_rules_of_two_rulebooks_are_told_apart_by_their_values_and_not_by_their_names(comparison: Comparison) -> None:
    first, children, *_ = comparison.sides
    told = {**children.told, "campaign": {**children.settings, "rulebook": "intra/rennes"}}
    found = differences((first, replace(children, told=told)))
    assert [(item.name, item.values) for item in found] == [("enfants.per_child", ("100", "300"))]


def test_runs_made_and_runs_read_compare_alike(comparison: Comparison, national: Path, tmp_path: Path) -> None:
    from engine.runfolder import write_run

    for form in ("parquet", "csv"):
        folders = [write_run(run(national), tmp_path / form / "inter-2025", table_format=form)]  # type: ignore[arg-type]
        children = variant("children", 'description = "More for children"\nrules.enfants.per_child = 300')
        folders.append(write_run(run(national, variant=children), tmp_path / form / "children", table_format=form))  # type: ignore[arg-type]
        read = compare(sides_of(Asked(runs=tuple(folders), ground=national)))
        made = compare(comparison.sides[:2])
        assert comparison_record(read) == comparison_record(made)
        for name, table in tables_of_comparison(made).items():
            assert tables_of_comparison(read)[name].equals(table), name


def test_a_comparison_gives_the_same_tables_every_time(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path / "campaign")
    one, other = (compared(folder, variant("v", "population.seats.add = 1")) for _ in range(2))
    assert comparison_record(one) == comparison_record(other)
    assert all(tables_of_comparison(other)[name].equals(table) for name, table in tables_of_comparison(one).items())


def test_runs_of_other_tables_or_another_seed_are_said_to_compare_by_identifier_only(tmp_path: Path) -> None:
    from engine.compare.side import side_of_run
    from engine.runs import Run

    base = write_campaign(tmp_path / "campaign")
    fewer = write_campaign(tmp_path / "fewer", links=None, candidates=TWO, wishes=THEIRS)
    sides = []
    for name, done in (("one", run(base)), ("seed", run(base, seed=8)), ("fewer", run(fewer))):
        assert isinstance(done, Run)
        sides.append(side_of_run(done, name))
    found = {remark.key: remark.values for remark in compare(sides).remarks}
    assert found["other_settings"]["changed"] == "seed: 7, 8"
    assert (found["other_tables"]["common"], found["other_tables"]["first_only"]) == (1, 5)


TWO = """candidate_id,discipline,held_post,mandatory
a,L1300,M-24,false
z,L1300,,true
"""
THEIRS = """candidate_id,rank,kind,code
a,1,ACA,14
z,1,ACA,17
"""


def test_two_variants_of_one_name_are_refused(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path / "campaign")
    with pytest.raises(InputRefused, match="is the id of two variants"):
        compared(folder, variant("v"), variant("v"))
    with pytest.raises(InputRefused, match="or of the campaign itself"):
        compared(folder, variant("by-hand"))


def test_every_variant_is_looked_at_before_anything_is_run(tmp_path: Path) -> None:
    folder, said = write_campaign(tmp_path / "campaign"), list[str]()
    bad = variant("bad", 'options.improvement = "permutations"')
    with pytest.raises(InputRefused, match=r"options\.improvement"):
        sides_of(Asked(folder, (variant("good"), bad)), said.append)
    assert said == ["read"]
