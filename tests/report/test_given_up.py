"""What the mechanism gives up is shown with examples: on the page, on the terminal, in verdict.json."""

from __future__ import annotations

import pytest

from engine.model.campaign import read_campaign
from engine.pipeline import run_campaign
from engine.report.report import render_report
from engine.runs import Run
from engine.terminal import print_verdict
from scenarios.closed_market import write_closed_market


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = write_closed_market(tmp_path_factory.mktemp("given-up") / "market", seed=1, holders=150)
    return run_campaign(read_campaign(folder), mechanism="trade")


def test_the_page_shows_examples_folded_away(done: Run) -> None:
    page = render_report(done, "en")
    assert "Examples of what the mechanism gives up: 20" in page
    assert done.verdict["P3"].proofs["sentence"][0].replace("'", "&#39;") in page
    assert "given up by the mechanism" in page


def test_the_terminal_shows_two(done: Run, capsys: pytest.CaptureFixture[str]) -> None:
    print_verdict(done.verdict)
    shown = [line.strip() for line in capsys.readouterr().out.splitlines() if "e.g." in line]
    first = done.verdict["P3"].proofs.row(0, named=True)
    assert shown[0] == f"e.g. {first['candidate_id']} {first['sentence']}"
    assert len(shown) == 2 * sum(item.status == "given_up" for item in done.verdict.properties)


def test_the_verdict_says_what_is_promised(done: Run) -> None:
    told = {item["name"]: item["promised"] for item in done.verdict.to_dict()["properties"]}
    assert [name for name, promised in told.items() if not promised] == ["P3", "P6", "P8", "P11"]
