"""Rule values of a variant: by the names `mouvement rules` shows, of their unit, assumed wherever they are listed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.model.rulebook import Rulebook, dotted_name, rulebooks
from engine.pipeline import run_campaign
from engine.report.report import render_report
from engine.runmanifest import rule_record
from tests.campaigns import SETTINGS
from tests.commands import mouvement
from tests.variants.campaigns import by_hand, refusal, under


@pytest.mark.parametrize(
    "written",
    [
        "rules.inter.enfants.per_child = 120",
        "rules.enfants.per_child = 120",
        "[rules.inter.enfants]\nper_child = 120.0",
        "[rules]\nenfants = { per_child = 120 }",
        '[rules]\n"inter.enfants.per_child" = 120',
        '[rules]\n"enfants.per_child" = 120',
        '[rules.inter]\n"enfants.per_child" = 120',
    ],
)
def test_a_rule_is_named_with_its_rulebook_or_without(written: str, tmp_path: Path) -> None:
    campaign = by_hand(tmp_path)
    varied = under(campaign, written)
    assert (campaign.rules.points("enfants", "per_child"), varied.rules.points("enfants", "per_child")) == (
        100000,
        120000,
    )
    value = varied.rules.value("enfants", "per_child")
    assert (value.text, value.confidence, value.source) == ("120", "assumed", "variant")
    assert value.note == "instead of 100, recalled in R29"


def test_a_value_written_twice_is_refused(tmp_path: Path) -> None:
    told = refusal(by_hand(tmp_path), '[rules]\n"inter.enfants.per_child" = 120\n[rules.enfants]\nper_child = 130')
    assert "rules.enfants.per_child is written before as inter.enfants.per_child." in told


def test_the_names_that_the_command_shows_can_be_pasted(tmp_path: Path) -> None:
    shown = mouvement("rules", "intra/clermont-ferrand", "--session", 2016).out
    assert "intra.clermont-ferrand.enfants.per_child" in shown
    for name in rulebooks():
        book = Rulebook.load(name)
        assert not set(name.split("/")) & set(book.files), "a block would be taken for its rulebook"
        assert all(
            dotted_name(name, *key).replace(".", "").replace("-", "").replace("_", "").isalnum() for key in book.values
        )


def test_points_of_wishes_follow_the_rule(tmp_path: Path) -> None:
    campaign = by_hand(tmp_path)
    before, after = run_campaign(campaign), run_campaign(under(campaign, "rules.inter.enfants.per_child = 120.5"))
    points = [done.criteria.filter(criterion="enfants")["points"].unique().to_list() for done in (before, after)]
    assert points == [[200000], [241000]]
    assert after.criteria.filter(criterion="enfants")["source"].unique().to_list() == ["variant"]


def test_a_changed_value_is_assumed_in_the_manifest_and_in_the_report(tmp_path: Path) -> None:
    done = run_campaign(under(by_hand(tmp_path), "rules.enfants.per_child = 120"))
    (record,) = (rule_record(value) for value in done.campaign.rules.values_used if value.confidence == "assumed")
    assert (record["block"], record["value"], record["confidence"]) == ("enfants", "120", "assumed (variant)")
    assert "supposée (variante)" in render_report(done)
    assert "assumed (variant)" in render_report(done, "en")


def test_a_criterion_may_be_abolished_and_a_ceiling_taken_away(tmp_path: Path) -> None:
    varied = under(by_hand(tmp_path), "rules.enfants.in_force = false\nrules.wishes.max_wishes = { absent = true }")
    assert "enfants" not in varied.rules.criteria
    assert varied.rules.value("wishes", "max_wishes").value is None


def test_values_are_of_the_unit_of_the_rule(tmp_path: Path) -> None:
    varied = under(by_hand(tmp_path), 'rules.calendar.server_close = 2024-11-27\nrules.wishes.kinds = ["ACA"]')
    assert varied.rules.day("calendar", "server_close") == date(2024, 11, 27)
    told = refusal(by_hand(tmp_path / "again"), 'rules.enfants.per_child = "many"\nrules.wishes.kinds = 3')
    assert 'rules.enfants.per_child "many" is of unit points' in told
    assert 'rules.wishes.kinds "3" is of unit codes' in told


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("rules.inter.enfants.per_chld = 1", "Maybe inter.enfants.per_child (now 100, unit points)?"),
        ("rules.inter.enfant.per_child = 1", "Maybe inter.enfants.per_child"),
        (
            "rules.inter.children.points = 120",
            "is no rule of inter.\n    Maybe inter.enfants.per_child (now 100, unit points) or ",
        ),
        ("rules.inter.enfants.points = 120", "Maybe inter.enfants.per_child (now 100, unit points)"),
        ("rules.max_wishs = 3", "Maybe inter.wishes.max_wishes (now 30, unit wishes)"),
        ("rules.parent_isole.pints = 3", "Maybe inter.parent_isole.points (not in force, unit points)?"),
        ("rules.zzz.yyy = 3", "See: mouvement rules inter."),
        ("rules.intra.enfants.per_child = 1", "is led by a rulebook that is not inter, the campaign's"),
        ("rules.enfants = 1", "is no rule of inter."),
    ],
)
def test_an_unknown_rule_is_refused_with_the_nearest(written: str, nearest: str, tmp_path: Path) -> None:
    assert nearest in refusal(by_hand(tmp_path), written)


def test_a_campaign_without_rules_has_none_to_change(tmp_path: Path) -> None:
    campaign = by_hand(
        tmp_path,
        settings=SETTINGS.replace('"inter"\nsession', '"none"\nsession'),
        wishes="candidate_id,rank,kind,code,points\na,1,ACA,14,3\n",
    )
    assert "its points come with the wishes" in refusal(campaign, "rules.enfants.per_child = 1")
