"""Shares of the population: who is drawn depends on the seed and on himself alone; who may take part."""

from __future__ import annotations

import itertools
from pathlib import Path

import polars as pl
import pytest

from engine.model.campaign import Campaign, read_campaign
from engine.pipeline import run_campaign
from engine.variants.people import described
from scenarios.generate import generate
from tests.campaigns import with_cell
from tests.variants.campaigns import by_hand, refusal, under


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """The national campaign at a fiftieth of its size, with pairs of linked requests."""
    folder = tmp_path_factory.mktemp("linked") / "campaign"
    return read_campaign(generate("inter-2025", folder, scale=0.02, links=20))


def left_out(campaign: Campaign, varied: Campaign) -> set[str]:
    return set(campaign.candidates["candidate_id"]) - set(varied.candidates["candidate_id"])


def test_a_share_is_left_out_of_every_table(linked: Campaign) -> None:
    varied = under(linked, "[population.candidates]\nshare = 0.5\nleave_out = true")
    gone = left_out(linked, varied)
    assert 0.4 < len(gone) / linked.candidates.height < 0.6
    for table in ("candidates", "wishes", "links"):
        assert not set(varied.tables[table]["candidate_id"]) & gone
    assert run_campaign(varied).verdict.holds


def test_who_is_drawn_at_a_share_is_drawn_at_every_larger_one(linked: Campaign) -> None:
    gone = [
        left_out(linked, under(linked, f"[population.candidates]\nshare = {share}\nleave_out = true"))
        for share in (0.1, 0.2, 0.9, 1)
    ]
    assert all(smaller < larger for smaller, larger in itertools.pairwise(gone))
    assert gone[-1] == set(linked.candidates["candidate_id"])


def test_the_draw_depends_on_no_row_order_and_on_nobody_else(tmp_path: Path) -> None:
    national = generate("inter-2025", tmp_path / "national", scale=0.02, links=0)
    shuffled = tmp_path / "shuffled"
    shuffled.mkdir()
    (shuffled / "campaign.toml").write_text((national / "campaign.toml").read_text())
    for path in national.glob("*.parquet"):
        table = pl.read_parquet(path).sample(fraction=1, shuffle=True, seed=3)
        if path.stem in ("candidates", "wishes"):
            table = table.filter(pl.col("candidate_id") > "000050")
        table.write_parquet(shuffled / path.name)
    text = "[population.candidates]\nshare = 0.3\nset = { boe = true }"
    one, other = (under(read_campaign(folder), text).candidates for folder in (national, shuffled))
    kept = one.filter(pl.col("candidate_id") > "000050")
    assert kept.equals(other)


def test_draws_follow_the_seed_and_bear_a_name(linked: Campaign) -> None:
    share = "share = 0.3\nleave_out = true"
    own = left_out(linked, under(linked, f"[population.candidates]\n{share}"))
    other_seed = left_out(linked, under(linked, f"population.seed = 1\n[population.candidates]\n{share}"))
    other_draw = left_out(linked, under(linked, f'[population.candidates]\ndraw = "x"\n{share}'))
    again = left_out(linked, under(linked, f'[[population.candidates]]\ndraw = "x"\n{share}'))
    assert own != other_seed
    assert own != other_draw
    assert other_draw == again
    by_seed = left_out(linked, under(linked.with_seed(1), f"[population.candidates]\n{share}"))
    assert by_seed == other_seed


def test_linked_candidates_are_left_out_together(linked: Campaign) -> None:
    varied = under(linked, "[population.candidates]\nshare = 0.4\nleave_out = true")
    sizes = varied.links.group_by("link_id").len()["len"].to_list()
    assert sizes
    assert set(sizes) == {2}
    (member,) = linked.links["candidate_id"].head(1)
    alone = under(linked, f'[population.candidates]\nwhere = {{ candidate_id = "{member}" }}\nleave_out = true')
    assert len(left_out(linked, alone)) == 2


def test_candidates_become_mandatory_or_trainees(tmp_path: Path) -> None:
    campaign = by_hand(tmp_path)
    varied = under(
        campaign,
        '[[population.candidates]]\nwhere = { candidate_id = "b" }\nset = { mandatory = true, held_post = "" }\n'
        '[[population.candidates]]\nwhere = { mandatory = true, held_post = "" }\nset = { category = "stagiaire" }\n',
    )
    row = varied.candidates.filter(candidate_id="b").row(0, named=True)
    assert (row["mandatory"], row["held_post"], row["category"]) == (True, None, "stagiaire")
    assert campaign.candidates.filter(candidate_id="b")["category"].item() == "titulaire"


def test_a_set_value_is_refused_as_in_a_campaign_that_is_read(tmp_path: Path) -> None:
    change = "[population.candidates]\nset = {}"
    campaign = by_hand(tmp_path)
    assert "candidates under variant v" in refusal(campaign, change.format('{ category = "apprentice" }'))
    assert "C8" in refusal(campaign, change.format('{ category = "apprentice" }'))
    assert "F6" in refusal(campaign, change.format("{ children = 99 }"))
    assert "C6" in refusal(campaign, change.format('{ discipline = "L9999" }'))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("{ candidate_id = 'x' }", "is no column of candidates that can be set"),
        ("{ mandatry = true }", "Maybe mandatory?"),
        ("{ mandatory = 1 }", "is not true or false"),
        ("{ birth_date = 3 }", "is not a day"),
    ],
)
def test_a_column_that_cannot_be_set_is_refused(change: str, sentence: str, tmp_path: Path) -> None:
    assert sentence in refusal(by_hand(tmp_path), f"[population.candidates]\nset = {change}")


def test_who_misses_a_condition_stays_in_the_output_with_its_reason(tmp_path: Path) -> None:
    varied = under(
        by_hand(tmp_path), "[eligibility]\nwhere = { mandatory = false }\nrequires = { post_years = { min = 4 } }"
    )
    done = run_campaign(varied)
    outcomes = {row["candidate_id"]: row for row in done.outcomes.iter_rows(named=True)}
    assert outcomes["b"]["reason"] == "cancelled_not_eligible"
    assert outcomes["e"]["reason"] == "cancelled_detachment"
    assert (outcomes["a"]["status"], outcomes["b"]["status"]) == ("assigned", "excluded")
    assert done.verdict.holds


def test_a_partner_goes_with_who_may_not_take_part(linked: Campaign) -> None:
    varied = under(linked, "[eligibility]\nrequires = { post_years = { min = 4 } }")
    cancelled = varied.candidates.filter(cancelled="not_eligible")["candidate_id"].implode()
    aside = varied.links.filter(pl.col("candidate_id").is_in(cancelled))
    assert set(aside.group_by("link_id").len()["len"]) == {2}


def test_conditions_may_ask_for_what_is_derived(tmp_path: Path) -> None:
    campaign = by_hand(tmp_path)
    rows = described(campaign, campaign.tables).select("candidate_id", "academy", "holder", "age").rows()
    assert rows[0] == ("a", "24", True, 40)
    assert rows[3] == ("d", None, False, 26)


def test_eligibility_needs_input_rules(tmp_path: Path) -> None:
    campaign = by_hand(
        tmp_path,
        settings='schema = 1\nid = "n"\nmovement = "inter"\nrulebook = "none"\nsession = 2025\nseed = 7\n',
        wishes="candidate_id,rank,kind,code,points\na,1,ACA,14,3\n",
    )
    assert "finds no input rule to add to" in refusal(campaign, "[eligibility]\nrequires = { boe = true }")


def test_the_measure_of_closure_is_taken_anew(tmp_path: Path) -> None:
    settings = 'schema = 1\nid = "n"\nmovement = "intra"\nrulebook = "intra/common"\nsession = 2018\nseed = 7\n'
    campaign = read_campaign(
        by_hand_intra(tmp_path, settings, with_cell("places", "14,ACA,Rennes\n", "14,ACA,Rennes\n")["places"])
    )
    before = campaign.designated
    assert before is not None
    assert before["candidate_id"].to_list() == ["b"]
    varied = under(campaign, '[population.candidates]\nwhere = { candidate_id = "b" }\nset = { post_years = 9 }')
    assert varied.designated is not None
    assert varied.designated["candidate_id"].to_list() == ["a"]


def by_hand_intra(folder: Path, settings: str, _: str) -> Path:
    """Two holders of one post, one seat of which is closed: the last to have come loses his."""
    tables = {
        "places": "place_id,kind,label,school_type,commune,department,academy\n0350001A,ETB,A,CLG,35238,35,14\n"
        "0350002B,ETB,B,CLG,35238,35,14\n",
        "posts": "post_id,place_id,discipline,seats\nA,0350001A,L1300,0\nB,0350002B,L1300,1\n",
        "candidates": "candidate_id,discipline,held_post,post_years,category,echelon\n"
        "a,L1300,A,5,titulaire,6\nb,L1300,A,2,titulaire,6\n",
        "wishes": "candidate_id,rank,kind,code\na,1,ETB,0350002B\nb,1,ETB,0350002B\n",
        "closures": "post_id,seats\nA,1\n",
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campaign.toml").write_text(settings)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    return folder
