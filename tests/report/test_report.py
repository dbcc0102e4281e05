"""The page as a whole: complete, offline, the same every time, safe, silent about what is secret or withheld."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest

from engine.report.report import SECTIONS, render_report
from engine.report.words import Language
from engine.runs import Run
from tests.report.runs import Bar, Person, Story, make, ordinary

VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}
HOSTILE = "<script>alert('&\"')</script>"


def nobody_moves() -> Story:
    people = [
        Person("a", "D", "kept", "14", "14", wishes=[("17", "refused", None)]),
        Person("b", "D", "kept", "17", "17"),
    ]
    return Story(people, [Bar("D", "14", 0, None, "stay"), Bar("D", "17", 0, None, "stay")])


def schools() -> Story:
    """More schools than fit a table, in no territory, with posts of one name."""
    names = {f"{number:07d}X": "Collège" for number in range(60)}
    held = list(names)
    people = [Person(f"c{n}", "D", "assigned", held[n], held[n + 1], 1) for n in range(59)]
    return Story(people, [Bar("D", name, 2, 10_000 * n + 500) for n, name in enumerate(names)], names, "ETB", "intra")


RUNS = {
    "ordinary": lambda: make(ordinary()),
    "withheld in part": lambda: make(ordinary(), withheld=["L0422"]),
    "withheld": lambda: make(ordinary(), withheld=["L0422", "L1300"]),
    "without candidates": lambda: make(Story((), ordinary().bars)),
    "without anything": lambda: make(Story((), ())),
    "without movers": lambda: make(nobody_moves()),
    "on schools": lambda: make(schools()),
    "on départements": lambda: make(
        Story(ordinary().people, ordinary().bars, kind="DPT", movement="interdepartemental")
    ),
    "under a rulebook": lambda: make(replace(ordinary(), rulebook="inter")),
    "stopped": lambda: make(replace(ordinary(), stop="time_limit")),
}


class Outline(HTMLParser):
    """Checks that elements close in the order they opened; collects anchors, addresses and visible text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "srcset", "data", "action")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data + "\n"


def section(page: str, key: str) -> str:
    return page.split(f'<section id="{key}">')[1].split("</section>")[0]


@pytest.mark.parametrize("name", list(RUNS))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_run_has_its_page(name: str, language: Language) -> None:
    page = render_report(RUNS[name](), language)
    outline = Outline(page)
    assert outline.open == []
    assert page.startswith(f'<!DOCTYPE html>\n<html lang="{language}">')
    assert len(outline.ids) == len(set(outline.ids)) <= len(SECTIONS)
    assert {f"#{key}" for key in outline.ids} == {link for link in outline.addresses if link.startswith("#")}
    assert "None" not in outline.text
    assert "nan" not in outline.text.split()


@pytest.mark.parametrize("name", list(RUNS))
def test_the_page_fetches_nothing(name: str) -> None:
    page = render_report(RUNS[name]())
    outline = Outline(page)
    assert not outline.tags & {"script", "link", "img", "iframe", "object", "form", "image", "use"}
    assert not re.search(r"url\(|@import|javascript:|xmlns|\son\w+=", page)
    sources = [link for link in outline.addresses if not link.startswith("#")]
    assert all(link.startswith(("http://", "https://")) for link in sources)
    assert not sources or name == "under a rulebook"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_same_run_gives_the_same_bytes(language: Language) -> None:
    assert render_report(make(ordinary()), language) == render_report(make(ordinary()), language)


def test_rows_in_another_order_give_the_same_bytes() -> None:
    run = make(ordinary())
    shuffled = {name: getattr(run.tables, name).reverse() for name in ("outcomes", "wishes", "cutoffs", "chains")}
    assert render_report(replace(run, tables=replace(run.tables, **shuffled))) == render_report(run)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_cutoff_with_one_entrant_is_nowhere_in_the_page(language: Language) -> None:
    page = render_report(make(ordinary()), language)
    mark = "," if language == "fr" else "."
    assert f"164{mark}2" in page
    assert f"77{mark}777" not in page
    assert f"88{mark}888" not in page
    assert page.count('<td class="secret') == 2


def test_what_is_withheld_is_nowhere_in_the_page() -> None:
    page = render_report(make(ordinary(), withheld=["L1300"]))
    banner = page.split('<div class="banner')[1].split("</div>")[0]
    assert banner.startswith(" bad")
    assert "P3" in banner
    assert "L1300" in banner
    assert "164,2" not in page
    result = page.split('<section id="verdict">')[0].split("</header>")[1]
    assert "L1300" not in result
    assert "L0422" in result


def test_a_result_withheld_as_a_whole_shows_no_figure() -> None:
    page = render_report(make(ordinary(), withheld=["L0422", "L1300"]), "en")
    assert "Result withheld as a whole" in page
    assert "<svg" not in page
    for key in ("moves", "disciplines", "areas", "cutoffs", "flows", "chains"):
        assert "Nothing to show: the result is withheld." in section(page, key)


def test_empty_sections_say_so() -> None:
    page = render_report(make(nobody_moves()), "en")
    assert "Nobody moved." in section(page, "flows")
    assert "Nobody enters or leaves." in section(page, "areas")
    assert "there is no chain" in section(page, "chains")
    assert "No family request." in section(page, "family")
    assert "No rulebook" in section(page, "rules")


def hostile() -> Run:
    """Everything a person may write is hostile."""
    people = [
        Person(HOSTILE, HOSTILE, "assigned", "14", "17", 1, family=HOSTILE, wishes=[("17", "obtained", None)]),
        Person("b", HOSTILE, "excluded", "17", "17", reason=HOSTILE, wishes=[("14", "inadmissible", None)]),
    ]
    bars = [Bar(HOSTILE, "17", 2, 14_000), Bar(HOSTILE, "14", 0, None, "stay")]
    run = make(Story(people, bars, {"14": HOSTILE, "17": f"{HOSTILE}2"}))
    settings = run.campaign.settings.model_copy(update={"id": HOSTILE})
    return replace(run, campaign=replace(run.campaign, settings=settings, notes=(HOSTILE,)))


def test_hostile_text_stays_text() -> None:
    page = render_report(hostile())
    outline = Outline(page)
    assert "script" not in outline.tags
    assert "<script" not in page
    assert HOSTILE in outline.text
    assert section(page, "family").count("&lt;script") > 0


def test_key_figures_are_those_of_the_tables() -> None:
    page = render_report(make(ordinary()), "en")
    values = dict(re.findall(r'<dt>([^<]*)</dt><dd class="value">([^<]*)</dd>', page))
    assert values == {
        "Candidates": "8",
        "Holders who moved": "2",
        "Movers on wish 1": "50.0%",
        "Mandatory on wish 1": "33.3%",
        "Placed by extension": "1",
        "Mandatory left without a post": "1",
        "Vacant seats offered": "30",
        "Chains of moves": "1",
    }


def test_areas_count_who_comes_who_leaves_and_who_stays() -> None:
    page = render_report(make(ordinary()), "en")
    rows = re.findall(r'<tr><th scope="row">([^<]*)</th>(.*?)</tr>', section(page, "areas"))
    table = {name: re.findall(r">([^<]*)</td>", cells) for name, cells in rows}
    # vacant seats, first wishes, entries, of which no post before, departures, stay, balance
    assert table["Créteil"] == ["10", "1", "2", "2", "1", "0", "+1"]
    assert table["Versailles"] == ["5", "1", "0", "0", "0", "1", "0"]
    assert table["Total"] == ["30", "5", "5", "3", "2", "1", ""]


def test_flows_go_from_the_post_left_to_the_post_obtained() -> None:
    page = render_report(make(ordinary()), "en")
    hints = re.findall(r'title="([^"]*→[^"]*)"', section(page, "flows"))
    assert sorted(hints) == [
        "Créteil → Rennes: 1",
        "No post before → Créteil: 2",
        "No post before → Nantes: 1",
        "Rennes → Nantes: 1",
    ]
    assert "Holders who leave Île-de-France: 1, 50.0%" in page


def test_values_that_were_not_read_come_before_those_that_were() -> None:
    run = make(replace(ordinary(), rulebook="inter"))
    page = section(render_report(run, "en"), "rules")
    unread = [value for value in run.campaign.rules.values_used if value.confidence != "read"]
    assert f"{len(unread)} were not read" in page
    before, first, *_ = page.split("<details>")
    assert "<th" not in before
    assert first.count('<th scope="row">') == len(unread)
    assert 'badge good">read' not in first


def test_reasons_are_told_in_sentences() -> None:
    page = render_report(make(ordinary()), "fr")
    assert "Les points sont inférieurs à la barre." in section(page, "refusals")
    assert "La demande est annulée" in section(page, "set-aside")


def test_the_page_says_how_to_make_the_run_again() -> None:
    run = make(ordinary())
    page = section(render_report(run, "fr"), "reproduction")
    assert "mouvement run CAMPAGNE -o RESULTAT --seed 7 --set mechanism=stable" in page
    assert run.campaign.digest() in page


def test_a_search_stopped_by_time_is_told_in_the_banner() -> None:
    page = render_report(make(replace(ordinary(), stop="time_limit")), "en")
    assert "stopped at the time limit" in page.split("</header>")[0]


def test_an_unknown_reason_stands_as_it_is() -> None:
    run = make(ordinary())
    wishes = run.wishes.with_columns(reason=pl.lit("made elsewhere"))
    page = render_report(replace(run, tables=replace(run.tables, wishes=wishes)))
    assert "made elsewhere" in section(page, "refusals")
