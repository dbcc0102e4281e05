"""Laying a variant on a campaign: pure, checked, picklable, and the same when a run folder is read back."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import polars as pl
import pytest

from engine.model.campaign import read_campaign
from engine.model.defects import InputRefused
from engine.model.scoring import score
from engine.pipeline import run, run_campaign
from engine.runfolder import tables_of
from engine.variants.variant import as_variant, read_variant
from engine.variants.vary import vary
from tests.adjustment_campaigns import write as write_adjustment
from tests.campaigns import write_campaign
from tests.commands import mouvement
from tests.variants.campaigns import by_hand, refusal, under

TEXT = """id = "all"
description = "everything at once"
[options]
extension = "residual"
[rules]
inter.enfants.per_child = 120.5
calendar.server_close = 2024-11-27
[[eligibility]]
where = { mandatory = false }
requires = { post_years = { min = 2 } }
[[population.candidates]]
where = { discipline = "L1300" }
share = 0.5
set = { children = 1 }
[population.seats]
factor = 1.5
"""


@pytest.fixture
def variant(tmp_path: Path) -> Path:
    path = tmp_path / "all.toml"
    path.write_text(TEXT)
    return path


def test_the_campaign_stays_as_it_is_and_the_same_two_give_the_same(variant: Path, tmp_path: Path) -> None:
    campaign = by_hand(tmp_path)
    digest, rules = campaign.digest(), campaign.rules
    one, other = (vary(campaign, read_variant(variant)) for _ in range(2))
    assert (campaign.digest(), campaign.rules) == (digest, rules)
    assert campaign.overlay is None
    assert one.digest() == other.digest() != digest
    assert one.overlay == other.overlay
    assert one.notes == other.notes


def test_a_varied_campaign_survives_pickling(variant: Path, tmp_path: Path) -> None:
    varied = vary(by_hand(tmp_path), read_variant(variant))
    again = pickle.loads(pickle.dumps(varied))
    assert again.digest() == varied.digest()
    assert again.overlay == varied.overlay
    assert run_campaign(again).outcomes.equals(run_campaign(varied).outcomes)


def test_the_record_of_a_variant_gives_it_back_even_under_another_seed(variant: Path, tmp_path: Path) -> None:
    campaign = by_hand(tmp_path)
    varied = vary(campaign, read_variant(variant))
    assert varied.overlay is not None
    content = json.loads(json.dumps(varied.overlay.content))
    assert vary(campaign, as_variant(content)).digest() == varied.digest()
    other = varied.with_seed(99)
    assert other.overlay == varied.overlay
    assert vary(campaign.with_seed(99), as_variant(content)).digest() == other.digest()
    assert vary(campaign, as_variant(content)).rules.points("enfants", "per_child") == 120500


def test_every_part_is_told_in_the_notes(variant: Path, tmp_path: Path) -> None:
    notes = "\n".join(vary(by_hand(tmp_path), read_variant(variant)).notes)
    assert "variant all: enfants.per_child: 120.5 instead of 100." in notes
    assert "variant all: extension: residual." in notes
    assert "variant all: population.seats: 6 posts, their 2 become" in notes
    assert "variant all: eligibility: 0 of 4 candidates do not meet it." in notes


def test_all_defects_are_told_at_once(tmp_path: Path) -> None:
    told = refusal(
        by_hand(tmp_path),
        'options.mechanim = "flow"\nrules.inter.enfant.per_child = 1\nquotas.exit.add = 1\n'
        'population.candidates = { where = { disc = "x" }, leave_out = true }\n'
        "eligibility = { requires = { boe = 3 } }",
    )
    for place in (
        "options.mechanim",
        "rules.inter.enfant.per_child",
        "quotas.exit",
        "candidates.where.disc",
        "requires",
    ):
        assert place in told


def test_defects_of_form_are_told_beside_those_of_rules_options_and_columns(tmp_path: Path) -> None:
    folder, bad = write_campaign(tmp_path / "campaign"), tmp_path / "bad.toml"
    bad.write_text(
        'id = 3\ncolour = 1\noptions = { mechanism = "fair", gap = "0.5" }\nrules.inter.children.points = 120\n'
        "population.seats = { factor = -1, add = 1 }\n"
        'population.candidates = [{ where = { disc = "x" }, share = "0.5", leave_out = true }, { leave_out = 1 }]\n'
        'eligibility = { where = { boe = 3 } }\nquotas = "none"'
    )
    ended = mouvement("check", folder, "--variant", bad, "--json")
    defects = json.loads(ended.out)["defects"]
    assert ended.code == 1
    assert {defect["table"] for defect in defects} == {str(bad)}
    assert [defect["column"] for defect in defects] == [
        "id",
        "quotas",
        "eligibility.requires",
        "population.candidates.1.share",
        "population.candidates.2.leave_out",
        "population.seats.factor",
        "population.seats",
        "colour",
        "options.gap",
        "rules.inter.children.points",
        "population.candidates.1.where.disc",
        "eligibility.where.boe",
        "options.mechanism",
    ]
    assert all(defect["hint"] for defect in defects if defect["column"] != "options.mechanism")


def test_what_the_varied_campaign_breaks_is_told_beside_its_rules_and_options(tmp_path: Path) -> None:
    folder, bad = write_campaign(tmp_path / "campaign"), tmp_path / "bad.toml"
    bad.write_text(
        'id = "bad"\ndescription = 3\nrules.enfants.per_chld = 1\noptions.gap = 2\n'
        'population.candidates = { set = { category = "apprentice" } }'
    )
    told = mouvement("run", folder, "--variant", bad, "-o", tmp_path / "run").err
    for place in ("description", "rules.enfants.per_chld", "options.gap", "candidates under variant bad"):
        assert place in told


def test_points_are_scored_and_outcomes_audited_under_a_variant(variant: Path, tmp_path: Path) -> None:
    folder, points, out = write_campaign(tmp_path / "campaign"), tmp_path / "points", tmp_path / "run"
    assert mouvement("score", folder, "--variant", variant, "-o", points).code == 0
    varied = vary(read_campaign(folder), variant)
    table = pl.read_parquet(points / "wishes.parquet")
    scored = score(varied, varied.rules).wishes
    assert (table["points"] * 1000).cast(pl.Int64).to_list() == scored["points"].to_list()
    assert mouvement("run", folder, "--variant", variant, "-o", out, "--no-report").code == 0
    (out / "manifest.json").unlink()
    assert mouvement("verify", folder, out, "--variant", variant, "--set", "extension=residual").code == 0
    bad = tmp_path / "bad.toml"
    bad.write_text('id = "bad"\nrules.x.y = 1')
    for command in (("score", folder, "-o", tmp_path / "again"), ("verify", folder, out)):
        ended = mouvement(*command, "--variant", bad)
        assert (ended.code, "rules.x.y is no rule of inter." in ended.err) == (1, True)


def test_an_option_that_goes_not_with_the_movement_is_refused_under_the_name_of_the_variant(tmp_path: Path) -> None:
    campaign = under(by_hand(tmp_path), 'options.mechanism = "exchange"\noptions.improvement = "stable"')
    with pytest.raises(InputRefused, match=r'variant v: options\.improvement "stable"'):
        run_campaign(campaign)


def test_a_variant_is_laid_on_a_campaign_and_not_on_a_variant(tmp_path: Path) -> None:
    told = refusal(under(by_hand(tmp_path), ""), "")
    assert "cannot be laid on the variant v" in told


def test_the_verdict_of_a_variant_holds_when_its_run_folder_is_audited(variant: Path, tmp_path: Path) -> None:
    folder, out = write_campaign(tmp_path / "campaign"), tmp_path / "run"
    assert mouvement("check", folder, "--variant", variant).code == 0
    assert mouvement("run", folder, "--variant", variant, "-o", out, "--no-report").code == 0
    told = json.loads((out / "manifest.json").read_text())
    assert told["variant"]["population"]["seats"] == [{"factor": 1.5}]
    assert told["variant"]["population"]["seed"] == 7
    assert told["base_digest"] == read_campaign(folder).digest()
    assert told["input_digest"] == vary(read_campaign(folder), read_variant(variant)).digest()
    audited = mouvement("verify", folder, out)
    assert audited.code == 0
    assert "note" not in audited.out
    assert "120.5" in mouvement("explain", folder, out, "a", "--lang", "en").out


def test_a_run_under_a_variant_is_the_run_of_the_varied_campaign(variant: Path, tmp_path: Path) -> None:
    folder = write_campaign(tmp_path / "campaign")
    one = run(folder, variant=variant)
    other = run_campaign(vary(read_campaign(folder), read_variant(variant)))
    tables = zip(tables_of(one).values(), tables_of(other).values(), strict=True)
    assert all(table.equals(again) for table, again in tables)
    assert one.options.extension == "residual"


def test_the_commands_refuse_a_bad_variant_with_sentences(tmp_path: Path) -> None:
    folder, bad = write_campaign(tmp_path / "campaign"), tmp_path / "bad.toml"
    bad.write_text('id = "bad"\nrules.inter.enfants.per_chld = 3')
    for command in (("check", folder), ("run", folder, "-o", tmp_path / "run")):
        ended = mouvement(*command, "--variant", bad)
        assert ended.code == 1
        assert "Maybe inter.enfants.per_child (now 100, unit points)?" in ended.err
    assert not (tmp_path / "run").exists()


def test_a_variant_is_not_laid_on_a_year(variant: Path, tmp_path: Path) -> None:
    (tmp_path / "year").mkdir()
    (tmp_path / "year" / "year.toml").write_text("")
    for command in (("check",), ("run", "-o", tmp_path / "run")):
        ended = mouvement(command[0], tmp_path / "year", *command[1:], "--variant", variant)
        assert ended.code == 2
        assert "one campaign" in ended.err


def test_a_tzr_adjustment_is_run_under_a_variant_too(tmp_path: Path) -> None:
    folder, out, path = write_adjustment(tmp_path / "tzr"), tmp_path / "services", tmp_path / "v.toml"
    path.write_text('id = "v"\n[population.candidates]\nshare = 0.5\nleave_out = true')
    assert mouvement("run", folder, "--variant", path, "-o", out, "--no-report").code == 0
    assert mouvement("verify", folder, out).code == 0
    assert "schools have needs, not seats" in refusal(read_campaign(folder), "population.seats.add = 1")


def test_a_manifest_whose_variant_was_edited_is_refused(variant: Path, tmp_path: Path) -> None:
    folder, out = write_campaign(tmp_path / "campaign"), tmp_path / "run"
    assert mouvement("run", folder, "--variant", variant, "-o", out, "--no-report").code == 0
    told = json.loads((out / "manifest.json").read_text())
    told["variant"]["population"]["seats"] = [{"factor": -1}]
    (out / "manifest.json").write_text(json.dumps(told))
    ended = mouvement("verify", folder, out)
    assert ended.code == 1
    assert "variant in manifest.json" in ended.err
