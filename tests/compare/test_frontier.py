"""The frontier: as many candidates satisfied as exhaustive search finds, and never fewer than any outcome satisfies."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from random import Random

import polars as pl
import pytest

from engine.compare.compare import Comparison
from engine.compare.frontier import frontier_of
from engine.model.campaign import Campaign, read_campaign
from engine.model.scoring import score
from tests.campaigns import write_campaign
from tests.compare.runs import compared, variant
from tests.departments import Country, Request, write_country

SETTINGS = 'schema = 1\nid = "drawn"\nmovement = "inter"\nrulebook = "none"\nsession = 2025\nseed = {seed}\n'
ACADEMIES = ("14", "17", "24", "25")


def drawn_campaign(folder: Path, seed: int) -> Campaign:
    """Six candidates of one discipline in four académies, some holding a post, all with points."""
    random = Random(seed)
    places = "place_id,kind\n" + "".join(f"{code},ACA\n" for code in ACADEMIES)
    posts = "post_id,place_id,discipline,seats\n"
    posts += "".join(f"P{code},{code},D,{random.choice((0, 0, 1, 1, 2))}\n" for code in ACADEMIES)
    candidates, wishes = "candidate_id,discipline,held_post,mandatory\n", "candidate_id,rank,kind,code,points\n"
    for name in "abcdef":
        home = random.choice((*ACADEMIES, None))
        candidates += f"{name},D,{f'P{home}' if home else ''},{'true' if home is None else 'false'}\n"
        asked = random.sample([code for code in ACADEMIES if code != home], random.randint(1, 3))
        for rank, code in enumerate(asked, start=1):
            wishes += f"{name},{rank},ACA,{code},{random.randint(1, 9)}\n"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campaign.toml").write_text(SETTINGS.format(seed=seed))
    for table, text in (("places", places), ("posts", posts), ("candidates", candidates), ("wishes", wishes)):
        (folder / f"{table}.csv").write_text(text)
    return read_campaign(folder)


def most_satisfied(campaign: Campaign) -> int:
    """The most candidates with a wish, over every way to give each a wish or what he has."""
    posts = dict(campaign.posts.select("post_id", "seats").iter_rows())
    held = dict(campaign.candidates.select("candidate_id", "held_post").iter_rows())
    seats = {post: seats + sum(home == post for home in held.values()) for post, seats in posts.items()}
    asked = {name: [f"P{code}" for code in campaign.wishes.filter(candidate_id=name)["code"]] for name in held}
    best = 0
    for chosen in product(*([None, *asked[name]] for name in held)):
        taken = [wish or home for wish, home in zip(chosen, held.values(), strict=True) if wish or home]
        if all(taken.count(post) <= seats[post] for post in set(taken)):
            best = max(best, sum(wish is not None for wish in chosen))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_the_frontier_is_what_exhaustive_search_finds(seed: int, tmp_path: Path) -> None:
    campaign = drawn_campaign(tmp_path / "campaign", seed)
    found = frontier_of(campaign, score(campaign, campaign.rules), {})
    assert found.satisfied == most_satisfied(campaign)
    assert found.beyond == ()


@pytest.mark.parametrize("mechanism", ["stable", "exchange", "trade", "flow"])
def test_no_mechanism_goes_beyond_the_frontier_and_flow_reaches_it(mechanism: str, tmp_path: Path) -> None:
    for seed in range(6):
        folder = tmp_path / str(seed)
        drawn_campaign(folder, seed)
        other = variant("other", f'options = {{ mechanism = "{mechanism}", extension = "none" }}')
        figures = compared(folder, other).figures["other"]
        assert isinstance(figures["distance"], int)
        assert figures["distance"] == 0 if mechanism == "flow" else figures["distance"] >= 0


def test_points_play_no_part_so_that_variants_share_the_frontier(comparison: Comparison) -> None:
    assert comparison.figures["children"]["frontier"] == comparison.figures["inter-2025"]["frontier"]
    assert comparison.figures["three"]["frontier"] < comparison.figures["inter-2025"]["frontier"]  # type: ignore[operator]


def test_the_same_market_is_solved_once(national: Path) -> None:
    campaign, known = read_campaign(national), dict[str, int]()
    first = frontier_of(campaign, score(campaign, campaign.rules), known)
    known = dict.fromkeys(known, -1)
    assert frontier_of(campaign, score(campaign, campaign.rules), known).satisfied == -1
    assert first.satisfied > 0


def test_links_and_quotas_of_exit_are_said_to_be_left_aside(national: Path, tmp_path: Path) -> None:
    linked = read_campaign(national)
    assert linked.links.height
    assert frontier_of(linked, score(linked, linked.rules), {}).beyond == ("closings", "links")
    country = Country({"35": (1, 1), "44": (1, 0)}, {"a": Request("35", [("44", 1)]), "b": Request("44", [("35", 1)])})
    limited = read_campaign(write_country(tmp_path / "country", country))
    found = frontier_of(limited, score(limited, limited.rules), {})
    assert (found.satisfied, found.beyond) == (2, ("exit_quotas",))


def test_no_outcome_exceeds_the_frontier_where_seats_are_to_be_closed(tmp_path: Path) -> None:
    done = compared(write_campaign(tmp_path / "campaign"), variant("flow", 'options.mechanism = "flow"'))
    assert [remark.key for remark in done.remarks] == ["frontier_closings"]
    assert all(figures["distance"] >= 0 for figures in done.figures.values())  # type: ignore[operator]


def test_whoever_may_not_take_part_is_not_counted(comparison: Comparison) -> None:
    excluded = comparison.people.filter(variant="three", status="excluded")
    assert excluded.height > 0
    assert set(excluded["fate"]) == {"excluded"}
    assert comparison.people.filter(pl.col("variant") == "three").height == comparison.figures["three"]["candidates"]
