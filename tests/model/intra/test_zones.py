"""Zones in numbers: the same whatever the order of rows, and every pair of a candidate and a zone found."""

from dataclasses import replace

import polars as pl

from engine.model.intra.zones import zone_index
from tests.model.intra.academies import academy

PAIR = {"candidate": pl.UInt32, "zone": pl.UInt32}


def test_every_zone_that_places_make_has_a_number_and_its_places() -> None:
    index = zone_index(academy(2016))
    asked = pl.DataFrame({"kind": ["GEO", "ZRD", "COM", "POST"], "code": ["GEO-RIOM", "63", "nowhere", "P-LYC-RIOM"]})
    numbers = index.numbers(asked)
    assert numbers.is_null().to_list() == [False, False, True, True]  # no wish names the post
    places = index.members.filter(pl.col("zone") == numbers[0])["place_id"].to_list()
    assert places == ["CLG-RIOM", "CLG-VOLVIC", "LYC-RIOM"]


def test_a_post_that_a_wish_names_is_a_zone_of_one_place() -> None:
    index = zone_index(academy(2016, {"wishes": ["POST:P-LYC-RIOM"]}))
    post = index.zones.filter(kind="POST").join(index.members, on="zone")
    assert post.select("code", "place_id").rows() == [("P-LYC-RIOM", "LYC-RIOM")]


def test_zones_around_a_place_and_zones_of_a_name() -> None:
    index = zone_index(academy(2016))
    kinds = {number: (kind, code) for number, kind, code in index.zones.iter_rows()}
    around = index.around(pl.DataFrame({"candidate": [0, 1], "place_id": ["ZR-NORD", None]}))
    assert {kinds[zone] for zone in around["zone"]} == {("ZRE", "ZR-NORD"), ("ZRD", "63"), ("ZRA", "06")}
    named = index.named(pl.DataFrame({"candidate": [0], "code": ["63"]}))
    assert {kinds[zone] for zone in named["zone"]} == {("DPT", "63"), ("ZRD", "63")}


def test_a_wish_is_held_against_the_zones_of_its_own_candidate_only() -> None:
    index = zone_index(academy(2016))
    wishes = pl.DataFrame({"candidate": [0, 0, 1, 1], "zone": [3, 4, 3, None]}, schema=PAIR)
    pairs = pl.DataFrame({"candidate": [0, 1, 0], "zone": [3, 4, 3]}, schema=PAIR)
    assert index.holds(wishes, pairs).to_list() == [True, False, False, False]
    assert index.holds(wishes, pairs.clear()).to_list() == [False] * 4


def test_numbers_do_not_depend_on_the_order_of_rows() -> None:
    campaign = academy(2016, {"wishes": ["POST:P-LYC-RIOM"]})
    backwards = replace(campaign, places=campaign.places.reverse(), posts=campaign.posts.reverse())
    one, other = zone_index(campaign), zone_index(backwards)
    assert one.zones.equals(other.zones)
    assert one.members.sort("zone", "place_id").equals(other.members.sort("zone", "place_id"))
