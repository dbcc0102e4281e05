"""The verdict on hand-overs: it holds on our own years, and each property catches the year that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from engine.verify.verdict import Verdict
from engine.verify.year.stages import Handover, Stage
from engine.verify.year.verify import verify_handovers
from engine.year.audit import handovers
from engine.year.plan import read_plan
from tests.commands import mouvement
from tests.year.years import write_year

Year = tuple[tuple[Stage, ...], tuple[Handover, ...]]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """A drawn year in which somebody goes through every link, run."""
    folder = tmp_path_factory.mktemp("handovers")
    assert mouvement("generate", "year-2025", "-o", folder / "year", "--scale", 0.1).code == 0
    assert mouvement("run", folder / "year", "-o", folder / "run", "--no-report").code == 0
    return handovers(read_plan(folder / "year"), folder / "run")


def stage(year: Year, name: str) -> Stage:
    return next(each for each in year[0] if each.name == name)


def with_table(year: Year, name: str, table: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Year:
    """The year with a table changed that a campaign was run on."""
    old = stage(year, name)
    return exchanged(year, replace(old, given={**old.given, table: change(old.given[table])}))


def exchanged(year: Year, new: Stage) -> Year:
    stages = {each.name: new if each.name == new.name else each for each in year[0]}
    links = [Handover(link.link, stages[link.source.name], stages[link.target.name]) for link in year[1]]
    return tuple(stages.values()), tuple(links)


def verdict(year: Year) -> Verdict:
    return verify_handovers(*year)


def test_our_own_year_holds_and_somebody_goes_through_every_link(drawn: Year) -> None:
    told = verdict(drawn)
    assert told.holds, [item.violations for item in told.failed]
    assert {item.status for item in told.properties} == {"holds"}
    assert [item.name for item in told.properties] == ["H1", "H2", "H3", "H4", "H5", "H6"]
    for name in ("specifique", "inter"):
        assert stage(drawn, name).gained.height
    zones = stage(drawn, "tzr").before["places"].filter(pl.col("kind") == "ZR")
    assert stage(drawn, "intra").gained.join(zones, on="place_id").height


def retained(year: Year) -> pl.DataFrame:
    """candidate_id of who is retained and took part in the inter."""
    there = stage(year, "inter").before["candidates"]
    return stage(year, "specifique").gained.join(there, on="candidate_id").select("candidate_id").sort("candidate_id")


def entrant(year: Year) -> str:
    people = stage(year, "inter").gained.join(stage(year, "intra").given["candidates"], on="candidate_id")
    return str(people["candidate_id"].sort()[0])


def on_zone(year: Year) -> str:
    zones = stage(year, "tzr").before["places"].filter(pl.col("kind") == "ZR")
    people = stage(year, "intra").gained.join(zones, on="place_id", how="semi")
    return str(people.join(stage(year, "tzr").given["candidates"], on="candidate_id")["candidate_id"].sort()[0])


def put(who: str, **values: object) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Cells of somebody set."""

    def change(table: pl.DataFrame) -> pl.DataFrame:
        cells = [
            pl.when(pl.col("candidate_id") == who).then(pl.lit(value)).otherwise(name).alias(name)
            for name, value in values.items()
        ]
        return table.with_columns(cells)

    return change


def without(who: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda table: table.filter(pl.col("candidate_id") != who)


def one_seat_more(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(seats=pl.col("seats") + (pl.int_range(pl.len()) == 0).cast(pl.Int64))


def back_in_the_inter(year: Year) -> Year:
    who = retained(year)
    rows = stage(year, "inter").before["candidates"].join(who.head(1), on="candidate_id", how="semi")
    return with_table(year, "inter", "candidates", lambda table: pl.concat([table, rows.select(table.columns)]))


def given_a_second_post(year: Year) -> Year:
    who = retained(year).head(1)
    intra = stage(year, "intra")
    seat = intra.gained.head(1).select("place_id", "post_id")
    row = (
        who.hstack(seat).with_columns(status=pl.lit("assigned")).select("candidate_id", "status", "place_id", "post_id")
    )
    outcomes = pl.concat([intra.outcomes.select(row.columns), row])
    return exchanged(year, replace(intra, outcomes=outcomes))


def sent_elsewhere(year: Year) -> Year:
    """An entrant is given a post of another académie."""
    who, intra, inter = entrant(year), stage(year, "intra"), stage(year, "inter")
    own = inter.gained.filter(pl.col("candidate_id") == who)["place_id"][0]
    other = intra.given["places"].filter((pl.col("academy") != own) & (pl.col("kind") == "ETB"))["place_id"]
    post = intra.given["posts"].filter(pl.col("place_id").is_in(other.implode()))["post_id"][0]
    return exchanged(year, replace(intra, outcomes=put(who, post_id=post, status="assigned")(intra.outcomes)))


def asked_elsewhere(year: Year) -> Year:
    who, intra = entrant(year), stage(year, "intra")
    own = stage(year, "inter").gained.filter(pl.col("candidate_id") == who)["place_id"][0]
    other = intra.given["places"].filter(pl.col("academy") != own)["academy"][0]
    return with_table(year, "intra", "wishes", put(who, kind="ACA", code=other))


def of_entrant(table: str, **values: object) -> Callable[[Year], Year]:
    """Cells of an entrant of the intra set; without any he is left out."""
    return lambda year: with_table(
        year, "intra", table, put(entrant(year), **values) if values else without(entrant(year))
    )


def seat_more(name: str) -> Callable[[Year], Year]:
    return lambda year: with_table(year, name, "posts", one_seat_more)


def a_tzr_is_lost(year: Year) -> Year:
    return with_table(year, "tzr", "candidates", without(on_zone(year)))


def somebody_is_forgotten(year: Year) -> Year:
    link = [link for link in year[1] if link.target.name == "tzr"]
    tzr = stage(year, "tzr").before["candidates"]
    gone = pl.concat([each.source.gained.select("candidate_id") for each in link])
    who = tzr.join(gone, on="candidate_id", how="anti")["candidate_id"][0]
    return with_table(year, "tzr", "candidates", without(who))


def a_stranger_takes_part(year: Year) -> Year:
    return with_table(year, "inter", "candidates", put(entrant(year), candidate_id="ghost"))


BROKEN: dict[str, tuple[str, Callable[[Year], Year], str]] = {
    "who is retained is still at the inter": ("H1", back_in_the_inter, "is still in the candidates of inter"),
    "an entrant is not at the intra": ("H2", of_entrant("candidates"), "is not in intra"),
    "an entrant may stay without a post": ("H2", of_entrant("candidates", mandatory=False), "is not mandatory"),
    "an entrant already holds a post": ("H2", of_entrant("candidates", held_post="X"), "already holds X"),
    "an entrant changed his strategy": ("H2", of_entrant("candidates", inter_family="new"), "is said to have had new"),
    "an entrant has no wish": ("H2", of_entrant("wishes"), "has no wish"),
    "an entrant asks for another académie": ("H2", asked_elsewhere, "of another"),
    "a seat comes from nowhere": ("H3", seat_more("intra"), "more than before"),
    "a zone offers a seat": ("H3", seat_more("tzr"), "more than before"),
    "somebody has two posts": ("H4", given_a_second_post, "(specifique)"),
    "an entrant is placed in another académie": ("H4", sent_elsewhere, "entered the académie"),
    "a TZR is lost": ("H5", a_tzr_is_lost, "is not in tzr"),
    "somebody is forgotten": ("H6", somebody_is_forgotten, "was to take part in tzr"),
    "a stranger takes part": ("H6", a_stranger_takes_part, "no link brings him"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_year_is_caught(drawn: Year, what: str) -> None:
    name, change, sentence = BROKEN[what]
    told = verdict(change(drawn))[name]
    assert told.status == "fails"
    assert sentence in " ".join(told.violations["sentence"])


def test_a_year_whose_hand_overs_fail_ends_with_its_code_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.year import carried

    def nothing_freed(posts: pl.DataFrame, freed: pl.Series) -> pl.DataFrame:
        return posts

    monkeypatch.setattr(carried, "with_seats", nothing_freed)
    ended = mouvement("run", write_year(tmp_path / "year"), "-o", tmp_path / "run", "--lang", "en")
    assert ended.code == 3
    assert "of its holders left" in ended.out
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "As many seats are added as people left" in page
    assert "of its holders left" in page
    assert mouvement("verify", tmp_path / "year", tmp_path / "run").code == 3


def test_a_finished_year_is_audited_and_an_edited_file_is_found(tmp_path: Path) -> None:
    folder, target = write_year(tmp_path / "year"), tmp_path / "run"
    assert mouvement("run", folder, "-o", target, "--no-report").code == 0
    whole = mouvement("verify", folder, target)
    assert whole.code == 0
    assert "inter: holds" in whole.out
    path = target / "campaigns" / "intra" / "outcomes.parquet"
    path.write_bytes(path.read_bytes() + b" ")
    edited = mouvement("verify", folder, target)
    assert edited.code == 1
    assert "campaigns/intra/outcomes.parquet is not as it was written" in edited.err
    path.unlink()
    assert "campaigns/intra/outcomes.parquet is missing" in mouvement("verify", folder, target).err
