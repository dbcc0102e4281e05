"""The audit of an adjustment: our own results hold, and each property catches the result that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from engine.adjustment import withhold_services
from engine.pipeline import run
from engine.runs import AdjustmentRun
from engine.verify.tzr.audit import AdjustmentResult
from engine.verify.tzr.verify import verify_adjustment
from engine.verify.verdict import Verdict
from tests.adjustment_campaigns import write


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> AdjustmentRun:
    done = run(write(tmp_path_factory.mktemp("adjustment") / "by-hand"))
    assert isinstance(done, AdjustmentRun)
    return done


def audited(done: AdjustmentRun, **tables: pl.DataFrame) -> Verdict:
    own = AdjustmentResult(done.outcomes, done.wishes, done.tzr, done.needs, done.blocks)
    return verify_adjustment(done.campaign, done.scored, replace(own, **tables))


def given(done: AdjustmentRun, **needs: str | None) -> pl.DataFrame:
    """The table of needs with some given to others."""
    owner = pl.col("candidate_id")
    for need, name in needs.items():
        owner = pl.when(pl.col("need_id") == need).then(pl.lit(name, pl.String)).otherwise(owner)
    return done.needs.with_columns(owner.alias("candidate_id"))


def set_to(table: pl.DataFrame, candidate: str, column: str, value: object) -> pl.DataFrame:
    return table.with_columns(
        pl.when(pl.col("candidate_id") == candidate).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
    )


def test_our_own_result_holds(by_hand: AdjustmentRun) -> None:
    assert by_hand.verdict.holds
    assert [item.name for item in by_hand.verdict.properties] == [f"P{number}" for number in range(1, 16)]


Broken = Callable[[AdjustmentRun], dict[str, pl.DataFrame]]
BROKEN: dict[str, tuple[str, Broken, str]] = {
    "a need is given to a stranger": ("P1", lambda r: {"needs": given(r, n4="nobody")}, "no such need, or no such TZR"),
    "a need is given twice": ("P1", lambda r: {"needs": pl.concat([r.needs, given(r, n1="bob").head(1)])}, "several"),
    "a need lies outside the zone": ("P1", lambda r: {"needs": given(r, n5="bob")}, "not in the zone ZM"),
    "a service is too long": ("P1", lambda r: {"needs": given(r, n4="bob")}, "has 22.5 hours, and may have 19."),
    "a service is too short": ("P1", lambda r: {"needs": given(r, n2=None)}, "has 8 hours, and a service has 16."),
    "a TZR loses his zone": ("P2", lambda r: {"outcomes": set_to(r.outcomes, "ann", "post_id", None)}, "holds ZM-M"),
    "an attachment changes unasked": (
        "P2",
        lambda r: {"tzr": set_to(r.tzr, "ann", "attached", "0030003C")},
        "is attached to 0030003C, and should be to 0030002B",
    ),
    "the weaker has the service the stronger likes better": (
        "P3",
        lambda r: {"needs": given(r, n1="bob", n2="ann", n3="ann")},
        "comes before bob, and would rather have his service",
    ),
    "open needs make a service for one who has none": (
        "P6",
        lambda r: {"needs": given(r, n2=None, n3=None)},
        "has no service, and the open needs of the zone make one",
    ),
    "a preference is said to be met that is not": (
        "P7",
        lambda r: {"outcomes": set_to(r.outcomes, "bob", "rank", 1)},
        "is said to have preference 1, and has 2",
    ),
    "hours published are not those given": (
        "P11",
        lambda r: {"tzr": set_to(r.tzr, "ann", "hours", 17_000)},
        "is said to have 17 hours in 1 school, and has 18 in 1.",
    ),
    "a block covers more than it says can be": (
        "P14",
        lambda r: {"blocks": r.blocks.with_columns(hours_bound=pl.lit(17_000))},
        "block 1 covers more than its bound",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_result_is_caught(by_hand: AdjustmentRun, name: str) -> None:
    which, broken, sentence = BROKEN[name]
    verdict = audited(by_hand, **broken(by_hand))
    assert not verdict.holds
    assert verdict[which].status == "fails"
    assert any(sentence in text for text in verdict[which].violations["sentence"])


def test_prices_that_prove_nothing_are_said_to_prove_nothing(by_hand: AdjustmentRun) -> None:
    cheap = by_hand.needs.with_columns(price=pl.lit(0))
    evidence = audited(by_hand, needs=cheap)["P14"].evidence_in("en")
    assert "Proven anew by prices: 40.5 at most" in evidence
    assert "bounds of 1 block rest on the search" in evidence


def test_what_fails_is_withheld_and_nothing_else(by_hand: AdjustmentRun) -> None:
    verdict = audited(by_hand, needs=given(by_hand, n4="bob"))
    tables = withhold_services(by_hand.campaign, by_hand.tables, verdict)
    status = dict(tables.outcomes.select("candidate_id", "status").iter_rows())
    assert status == {"ann": "withheld", "bob": "withheld", "cid": "withheld", "dot": "withheld", "eve": "kept"}
    assert tables.needs["candidate_id"].null_count() == tables.needs.height


def test_a_result_made_elsewhere_needs_only_say_who_has_which_need(by_hand: AdjustmentRun, tmp_path: Path) -> None:
    bare = AdjustmentResult(None, None, None, by_hand.needs.select("need_id", "candidate_id"), None)
    verdict = verify_adjustment(by_hand.campaign, by_hand.scored, bare)
    assert verdict.holds
    assert verdict["P1"].status == "holds"
    assert verdict["P14"].status == "not_applicable"
