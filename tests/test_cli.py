"""The command line: exit codes, sentences instead of tracebacks, JSON for machines, silence in a pipe."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.model.market import Market, Matching
from engine.solvers.mechanisms import MECHANISMS, SolveOptions
from engine.solvers.stable import stable
from tests.campaigns import SETTINGS, TABLES, with_cell, with_row, write_campaign
from tests.commands import ended, mouvement, python

OFFERED = ("check", "score", "run", "verify", "explain", "generate", "simulate", "chances", "rules")


def solving_by(monkeypatch: pytest.MonkeyPatch, mechanism: Callable[[Market], Matching]) -> None:
    monkeypatch.setitem(MECHANISMS, "stable", lambda market, options: mechanism(market))


def who_gains_most_is_forgotten(market: Market) -> Matching:
    """Stable, but for the holder who leaves with the strongest wish: he is left where he was."""
    matching = stable(market)
    moved = (market.stay >= 0) & (matching.contract >= 0) & (matching.contract != market.stay)
    strength = market.wish_priority[matching.contract]
    victim = int((moved * strength).argmax())
    contract, post = matching.contract.copy(), matching.post.copy()
    contract[victim] = market.stay[victim]
    post[victim] = market.zone_post[market.wish_zone[market.stay[victim]]]
    return replace(matching, contract=contract, post=post)


def test_the_commands_go_the_whole_way(tmp_path: Path) -> None:
    folder, run = tmp_path / "tiny", tmp_path / "run"
    assert mouvement("generate", "tiny", "-o", folder).out == f"{folder}\n"
    assert mouvement("check", folder).out.startswith("tiny: no defect. 5 places, 10 posts, 13 candidates, 22 wishes")
    assert mouvement("score", folder, "-o", tmp_path / "points").out == f"22 wishes scored: {tmp_path / 'points'}\n"
    assert mouvement("run", folder, "-o", run).code == 0
    assert mouvement("verify", folder, run).out.splitlines()[-1] == "The verdict holds."
    assert "Décision" in mouvement("explain", folder, run, "chloe").out
    assert "Decision" in mouvement("explain", folder, run, "chloe", "--lang", "en").out
    assert "inter" in mouvement("rules").out.splitlines()
    assert "150.2" in mouvement("rules", "inter", "--session", 2025).out


def test_points_are_written_with_their_breakdown_and_replaced_when_asked(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "points"
    assert mouvement("score", tiny, "-o", out).code == 0
    assert mouvement("score", tiny, "-o", out).code == 2
    assert mouvement("score", tiny, "-o", out, "--csv", "--replace").code == 0
    assert {path.name for path in out.iterdir()} == {"wishes.csv", "criteria.csv", "requests.csv"}
    chloe = pl.read_csv(out / "wishes.csv", infer_schema=False).filter(pl.col("candidate_id") == "chloe")
    assert chloe["points"].to_list() == ["870.200"]


@pytest.mark.parametrize("command", [(), *[(name,) for name in OFFERED]])
def test_every_command_has_its_help(command: tuple[str, ...]) -> None:
    end = mouvement(*command, "--help")
    assert (end.code, end.err) == (0, "")
    assert "Usage" in end.out


def test_help_loads_nothing_heavy() -> None:
    show = "import sys; from engine.cli import app; app(['--help'], standalone_mode=False); print(*sys.modules)"
    end = ended(python("-c", show))
    loaded = set(end.out.splitlines()[-1].split())
    assert (
        loaded & {"polars", "numba", "numpy", "scipy", "dataframely", "pydantic", "scenarios", "engine.pipeline"}
        == set()
    )
    assert "engine.cli" in loaded


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "TINY"),
        ("verify", "TINY", "RUN"),
        ("run", "TINY", "-o", "NEW", "--no-report"),
        ("rules",),
        ("rules", "inter"),
        ("rules", "inter", "--session", "2012"),
    ],
)
def test_json_is_all_there_is_on_the_output(
    arguments: tuple[str, ...], tiny: Path, tiny_folder: Path, tmp_path: Path
) -> None:
    names = {"TINY": tiny, "RUN": tiny_folder, "NEW": tmp_path / "run"}
    end = mouvement(*[names.get(argument, argument) for argument in arguments], "--json")
    assert (end.code, end.err) == (0, "")
    assert json.loads(end.out)


def test_json_lists_every_defect(tmp_path: Path) -> None:
    bad = write_campaign(tmp_path / "bad", **with_row("wishes", "nobody,1,ACA,99"))
    for command in (("check", bad), ("run", bad, "-o", tmp_path / "run"), ("verify", bad, tmp_path)):
        end = mouvement(*command, "--json")
        found = json.loads(end.out)["defects"]
        assert (end.code, end.err) == (1, "")
        assert [(item["table"], item["row"], item["column"]) for item in found] == [
            ("wishes", 10, "candidate_id"),
            ("wishes", 10, "code"),
        ]
        assert all(item["problem"] and item["rule"] for item in found)


def test_a_run_in_a_pipe_says_nothing_but_its_result(tiny: Path, tmp_path: Path) -> None:
    end = mouvement("run", tiny, "-o", tmp_path / "run", "--no-report")
    assert end.err == ""
    assert "\r" not in end.out
    assert "\x1b" not in end.out
    assert "The verdict holds." in end.out


def test_letters_a_terminal_does_not_have_are_no_reason_to_fail(tiny: Path, tiny_folder: Path) -> None:
    """The œ of vœu is not in Latin 1."""
    command = ("-m", "engine", "explain", tiny, tiny_folder, "ines")
    end = ended(python(*command, PYTHONIOENCODING="latin-1:strict", PYTHONUTF8="0"))
    assert (end.code, end.err) == (0, "")


def test_an_option_replaces_that_of_the_campaign(tiny: Path, tmp_path: Path) -> None:
    end = mouvement("run", tiny, "-o", tmp_path / "run", "--set", "extension=none", "--no-report", "--json")
    figures = json.loads(end.out)["summary"]["mandatory"]
    assert (figures["extended"], figures["unassigned"]) == (0, 2)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("nonsense=1", 'campaign.toml: options.nonsense "1" is no key that campaign.toml knows.'),
        (
            "improvement=best",
            "options.improvement \"best\" is none of 'none', 'stable', 'zone', 'full' or 'permutations'.",
        ),
        ("mechanism=magic", 'options.mechanism "magic" is none of stable'),
        ("extension=sometimes", "options.extension"),
        ("time_limit_s=-1", "options.time_limit_s"),
        ("time_limit_s=soon", "options.time_limit_s"),
        ("extension=[1, 2]", "options.extension"),
    ],
)
def test_an_option_that_is_none_is_refused(setting: str, expected: str, tiny: Path, tmp_path: Path) -> None:
    end = mouvement("run", tiny, "-o", tmp_path / "run", "--set", setting)
    assert end.code == 1
    assert expected in end.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("run", "TINY"), "Missing option"),
        (("run", "TINY", "-o", "NEW", "--set", "extension"), "an option and its value, such as --set extension="),
        (("run", "TINY", "-o", "NEW", "--set", "=residual"), "an option and its value, such as --set extension="),
        (("run", "TINY", "-o", "NEW", "--lang", "de"), "--lang de: one of fr, en is expected."),
        (("run", "TINY", "-o", "NEW", "--seed", "-1"), "Invalid value for '--seed'"),
        (("run", "TINY", "-o", "NEW", "--seed", "9" * 30), "Invalid value for '--seed'"),
        (("run", "TINY", "-o", "NEW", "--seed", "seven"), "Invalid value for '--seed'"),
        (("run", "TINY", "-o", "RUN"), "exists already. Choose another name, or say --replace"),
        (("score", "TINY", "-o", "RUN"), "exists already. Choose another name, or say --replace"),
        (("score", "TINY", "-o", "RUN", "--replace"), "which is no part of what would be written"),
        (("verify", "TINY", "RUN", "--set", "extension"), "an option and its value, such as --set extension="),
        (("explain", "TINY", "RUN", "inez"), "there is no candidate inez in tiny. Maybe ines?"),
        (("explain", "TINY", "RUN", "ines", "--lang", "de"), "--lang de: one of fr, en is expected."),
        (("generate", "inter-2052", "-o", "NEW"), 'no profile is named "inter-2052". There are: inter-2025'),
        (("generate", "inter-2025", "-o", "NEW", "--scale", "0"), "Invalid value for '--scale'"),
        (("generate", "inter-2025", "-o", "NEW", "--scale", "2000"), "at most 1000"),
        (("generate", "tiny", "-o", "RUN"), "exists already"),
        (("rules", "intre"), "there is no rulebook 'intre'; there are ddf, inter,"),
        (("rules", "inter", "--session", "1998"), "has no session 1998: it holds sessions 2010 to 2026"),
        (("solve", "TINY"), "No such command"),
        (("check", "TINY", "--fast"), "No such option"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_sentence(
    arguments: tuple[str, ...], expected: str, tiny: Path, tiny_folder: Path, tmp_path: Path
) -> None:
    names = {"TINY": tiny, "RUN": tiny_folder, "NEW": tmp_path / "new"}
    end = mouvement(*[names.get(argument, argument) for argument in arguments])
    assert (end.code, end.out) == (2, "")
    assert expected in " ".join(end.err.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == []


def no_folder(folder: Path) -> None:
    return None


def a_file(folder: Path) -> None:
    folder.write_text("not a folder")


def campaign(settings: str = SETTINGS, **tables: str | None) -> Callable[[Path], object]:
    return lambda folder: write_campaign(folder, settings, **tables)


def with_file(name: str, content: bytes, **tables: str | None) -> Callable[[Path], object]:
    return lambda folder: (write_campaign(folder, **tables) / name).write_bytes(content)


def with_directory(name: str) -> Callable[[Path], object]:
    return lambda folder: (write_campaign(folder, **{name.removesuffix(".csv"): None}) / name).mkdir()


def settings(old: str, new: str) -> Callable[[Path], object]:
    return campaign(SETTINGS.replace(old, new))


def more(table: str, row: str) -> Callable[[Path], object]:
    return campaign(**with_row(table, row))


def cell(table: str, old: str, new: str) -> Callable[[Path], object]:
    return campaign(**with_cell(table, old, new))


BAD: dict[str, Callable[[Path], object]] = {
    "no folder": no_folder,
    "a file": a_file,
    "an empty folder": lambda folder: folder.mkdir(),
    "no settings": lambda folder: (write_campaign(folder) / "campaign.toml").unlink(),
    "settings that are not TOML": settings("seed = 7", "seed = "),
    "settings in another encoding": with_file("campaign.toml", b'id = "Cr\xe9teil"'),
    "settings that are a folder": lambda folder: (folder / "campaign.toml").mkdir(parents=True),
    "an unknown key": settings("seed = 7", 'seed = 7\ncolour = "red"'),
    "an unknown option": settings("seed = 7", "seed = 7\n[options]\nfast = true"),
    "an unknown movement": settings('"inter"\nrulebook', '"across"\nrulebook'),
    "an unknown rulebook": settings('rulebook = "inter"', 'rulebook = "../inter"'),
    "a session before the first": settings("2025", "1998"),
    "a seed that is too large": settings("seed = 7", "seed = 9223372036854775808"),
    "a seed below 0": settings("seed = 7", "seed = -7"),
    "a missing table": campaign(posts=None),
    "a missing column": cell("wishes", "rank", "row"),
    "a repeated column": cell("wishes", "kind", "code"),
    "a table twice": with_file("posts.parquet", b"PAR1"),
    "a table that is a folder": with_directory("wishes.csv"),
    "an empty file": campaign(wishes=""),
    "a blank line for a header": campaign(wishes="\n"),
    "no Parquet file": with_file("wishes.parquet", b"candidate_id,rank,kind,code\n", wishes=None),
    "half a Parquet file": with_file("wishes.parquet", b"PAR1\x15\x04\x15", wishes=None),
    "another encoding": with_file("places.csv", TABLES["places"].encode("cp1252")),
    "sixteen bits to a letter": with_file("places.csv", TABLES["places"].encode("utf-16")),
    "semicolons": campaign(posts=TABLES["posts"].replace(",", ";")),
    "lines of other lengths": more("wishes", "a,3"),
    "a quote that is not closed": more("wishes", 'a,3,ACA,"24'),
    "a rank that is no number": cell("wishes", "a,2,", "a,two,"),
    "a rank beyond all bounds": cell("wishes", "a,2,", f"a,{'9' * 30},"),
    "a gap in the ranks": cell("wishes", "a,2,", "a,3,"),
    "a rank twice": cell("wishes", "a,2,", "a,1,"),
    "a rank of 0": cell("wishes", "a,1,", "a,0,"),
    "a wish of nobody": more("wishes", "nobody,1,ACA,14"),
    "an unknown kind of wish": cell("wishes", "a,2,ACA", "a,2,ACADEMIE"),
    "an unknown code": cell("wishes", "a,2,ACA,17", "a,2,ACA,71"),
    "a code without its zero": more("places", "4,ACA,Bordeaux"),
    "a candidate twice": more("candidates", "a,L1300,,false,titulaire,7,5,,,0,1985-01-01,"),
    "a candidate without a discipline": cell("candidates", "a,L1300", "a,"),
    "an unknown post held": cell("candidates", "M-14,false", "M-41,false"),
    "a post held in another discipline": cell("candidates", "M-14,false", "A-14,false"),
    "a date of another country": cell("candidates", "1985-01-01", "01/01/1985"),
    "a day that never was": cell("candidates", "1985-01-01", "1985-02-30"),
    "a flag that is neither": cell("candidates", "M-24,false", "M-24,perhaps"),
    "an échelon nobody has": cell("candidates", "titulaire,7,5", "titulaire,70,5"),
    "years below 0": cell("candidates", "titulaire,7,5", "titulaire,7,-5"),
    "a family situation that is none": cell("candidates", "rapprochement_conjoints", "rapprochement"),
    "an académie of another session": cell("candidates", "conjoints,14", "conjoints,05"),
    "a post nowhere": more("posts", "M-99,99,L1300,1"),
    "seats beyond all bounds": cell("posts", "L1300,-1", f"L1300,-{'9' * 12}"),
    "more holders than positions": campaign(posts="post_id,place_id,discipline,seats,positions\nM-14,14,L1300,0,0\n"),
    "a school in a movement of académies": more("places", "0630021X,ETB,Lycée"),
    "links": with_file("links.csv", b"link_id,candidate_id\n1,a\n1,b\n"),
    "ten thousand defects": campaign(wishes=TABLES["wishes"] + "".join(f"x{n},1,ACA,99\n" for n in range(5_000))),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_of_every_kind_gets_its_sentences_and_no_traceback(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    BAD[name](folder)
    end = mouvement("run", folder, "-o", tmp_path / "run", "--no-report")
    assert (end.code, end.out) == (1, "")
    assert end.err.splitlines()[-1].endswith("nothing was changed or written.")
    assert len(end.err) < 50_000
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("command", ["check", "score", "verify", "explain"])
def test_every_command_that_reads_a_campaign_lists_its_defects(command: str, tiny_folder: Path, tmp_path: Path) -> None:
    bad = write_campaign(tmp_path / "bad", **with_row("wishes", "nobody,1,ACA,14"))
    others = {"score": ["-o", tmp_path / "out"], "verify": [tiny_folder], "explain": [tiny_folder, "a"]}
    end = mouvement(command, bad, *others.get(command, []))
    assert (end.code, end.out) == (1, "")
    assert 'wishes row 10 (candidate nobody, rank 1): candidate_id "nobody" names no candidate.' in end.err
    assert end.err.endswith("1 defect; nothing was changed or written.\n")


def test_a_broken_mechanism_ends_with_3_and_only_what_it_touches_is_withheld(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mouvement("run", tiny, "-o", tmp_path / "right", "--no-report")
    solving_by(monkeypatch, who_gains_most_is_forgotten)
    end = mouvement("run", tiny, "-o", tmp_path / "wrong")
    assert end.code == 3
    assert "P3  FAILS" in end.out
    assert "The verdict FAILS" in end.out
    right, wrong = (pl.read_parquet(tmp_path / name / "outcomes.parquet") for name in ("right", "wrong"))
    people = pl.read_csv(tiny / "candidates.csv", infer_schema=False).select("candidate_id", "discipline")
    touched = wrong.join(people.filter(pl.col("discipline") == "L1300"), on="candidate_id", how="semi")
    assert touched["status"].unique().to_list() == ["withheld"]
    assert touched.select("rank", "code", "place_id", "post_id").null_count().row(0) == (touched.height,) * 4
    assert all("P3" in reason for reason in touched["reason"])
    spared = people.filter(pl.col("discipline") == "L0202")
    assert wrong.join(spared, on="candidate_id", how="semi").equals(right.join(spared, on="candidate_id", how="semi"))
    assert pl.read_parquet(tmp_path / "wrong" / "cutoffs.parquet")["discipline"].unique().to_list() == ["L0202"]
    told = json.loads((tmp_path / "wrong" / "verdict.json").read_text())
    assert told["holds"] is False


def test_nothing_of_what_is_withheld_is_told(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    solving_by(monkeypatch, who_gains_most_is_forgotten)
    mouvement("run", tiny, "-o", tmp_path / "run")
    wishes = pl.read_parquet(tmp_path / "run" / "wishes.parquet").filter(pl.col("candidate_id") == "chloe")
    assert wishes.select("result", "cutoff_points", "missing_points").rows() == [("withheld", None, None)]
    chains = pl.read_parquet(tmp_path / "run" / "chains.parquet")
    assert chains.filter(pl.col("post_id").str.starts_with("L1300")).is_empty()
    for language in ("fr", "en"):
        assert mouvement("explain", tiny, tmp_path / "run", "chloe", "--lang", language).code == 0


def test_a_mechanism_that_depends_on_the_order_of_candidates_is_caught(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def whoever_comes_first_is_forgotten(market: Market) -> Matching:
        matching = stable(market)
        first = int((market.stay >= 0).argmax())
        contract, post = matching.contract.copy(), matching.post.copy()
        contract[first] = market.stay[first]
        post[first] = market.zone_post[market.wish_zone[market.stay[first]]]
        return replace(matching, contract=contract, post=post)

    solving_by(monkeypatch, whoever_comes_first_is_forgotten)
    end = mouvement("run", tiny, "-o", tmp_path / "run", "--no-report")
    assert end.code == 3
    assert "P13 FAILS" in end.out
    outcomes = pl.read_parquet(tmp_path / "run" / "outcomes.parquet")
    assert outcomes["status"].unique().to_list() == ["withheld"]


def test_a_time_limit_that_was_reached_ends_with_4_and_the_best_found(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solving_by(monkeypatch, lambda market: replace(stable(market), stop="time_limit", worth="feasible"))
    assert mouvement("run", tiny, "-o", tmp_path / "run", "--no-report").code == 4
    assert mouvement("verify", tiny, tmp_path / "run").code == 0


def test_the_time_limit_of_the_options_reaches_the_mechanism(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[float] = []

    def watched(market: Market, options: SolveOptions) -> Matching:
        seen.append(options.time_limit_s)
        return stable(market)

    monkeypatch.setitem(MECHANISMS, "stable", watched)
    mouvement("run", tiny, "-o", tmp_path / "run", "--no-report", "--set", "time_limit_s=7.5")
    assert set(seen) == {7.5}


def test_the_page_is_written_in_the_language_asked_for_or_not_at_all(tiny: Path, tmp_path: Path) -> None:
    languages: dict[str, list[Any]] = {"fr": [], "en": ["--lang", "en"], "none": ["--no-report"]}
    for name, options in languages.items():
        assert mouvement("run", tiny, "-o", tmp_path / name, *options).code == 0
    assert '<html lang="fr"' in (tmp_path / "fr" / "report.html").read_text()
    assert '<html lang="en"' in (tmp_path / "en" / "report.html").read_text()
    assert not (tmp_path / "none" / "report.html").exists()
