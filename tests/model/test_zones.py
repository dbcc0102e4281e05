"""What every kind of wish covers, why some cover nothing, and zones that are ordered lists."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from engine.model.campaign import Campaign
from engine.model.emptiness import emptiness
from engine.model.ordered import ordered_parts
from engine.model.reasons import reason_codes
from engine.model.zones import NAME, ZONE, Zones, covering_names, zones_of
from tests.model.intra.academies import DISCIPLINE, PLACES, academy, post

SCHOOLS_63 = {"CLG-RIOM", "LYC-RIOM", "CLG-VOLVIC", "CLG-CLERMONT", "LYC-CLERMONT", "LP-CLERMONT"}
SCHOOLS_15 = {"CLG-YDES", "LYC-AURILLAC"}


def asked(*names: str, discipline: str = DISCIPLINE) -> pl.DataFrame:
    """Zones from words: ``COM:63300``, ``DPT:63:LYC``."""
    parts = [[*name.split(":"), None][:3] for name in names]
    rows = [(discipline, *part) for part in parts]
    return pl.DataFrame(rows, schema=dict.fromkeys(ZONE, pl.String), orient="row")


def covered(campaign: Campaign, zones: Zones, name: str) -> set[str]:
    """Posts behind one of the names of some zones."""
    row = zones.names.join(asked(name), on=ZONE, nulls_equal=True)
    if row.is_empty():
        return set()
    zone = row["zone"][0]
    return set(campaign.posts["post_id"].gather(zones.post[zones.ptr[zone] : zones.ptr[zone + 1]]))


def places_covered(campaign: Campaign, name: str) -> set[str]:
    return {p.removeprefix("P-") for p in covered(campaign, zones_of(campaign, asked(name)), name)}


@pytest.mark.parametrize(
    ("wish", "places"),
    [
        ("ETB:CLG-RIOM", {"CLG-RIOM"}),
        ("COM:63300", {"CLG-RIOM", "LYC-RIOM"}),
        ("COM:63300:CLG", {"CLG-RIOM"}),
        ("GEO:GEO-RIOM", {"CLG-RIOM", "LYC-RIOM", "CLG-VOLVIC"}),
        ("DPT:63", SCHOOLS_63),
        ("DPT:63:LYC", {"LYC-RIOM", "LYC-CLERMONT"}),
        ("DPT:15", SCHOOLS_15),
        ("ACA:06", SCHOOLS_63 | SCHOOLS_15),
        ("ACA:06:LP", {"LP-CLERMONT"}),
        ("ZRE:ZR-NORD", {"ZR-NORD"}),
        ("ZRD:63", {"ZR-NORD", "ZR-SUD"}),
        ("ZRA:06", {"ZR-NORD", "ZR-SUD", "ZR-CANTAL"}),
        ("POST:P-LYC-RIOM", {"LYC-RIOM"}),
    ],
)
def test_each_kind_covers_its_places(wish: str, places: set[str]) -> None:
    assert places_covered(academy(2016), wish) == places


def test_a_specific_post_is_in_no_zone_but_its_own() -> None:
    campaign = academy(2016, posts=[post("LYC-RIOM"), post("CLG-RIOM", profile="specific")])
    zones = zones_of(campaign, asked("COM:63300", "DPT:63", "ETB:CLG-RIOM", "POST:P-CLG-RIOM"))
    assert covered(campaign, zones, "COM:63300") == covered(campaign, zones, "DPT:63") == {"P-LYC-RIOM"}
    assert covered(campaign, zones, "ETB:CLG-RIOM") == set()
    assert covered(campaign, zones, "POST:P-CLG-RIOM") == {"P-CLG-RIOM"}


def test_names_that_cover_the_same_posts_are_one_zone() -> None:
    campaign = academy(2016)
    zones = zones_of(
        campaign, asked("COM:63300:CLG", "ETB:CLG-RIOM", "GEO:GEO-RIOM:LYC", "POST:P-CLG-RIOM", "COM:63300")
    )
    numbers = dict(
        zip(
            zones.names.select(pl.concat_str(NAME, separator=":", ignore_nulls=True))["kind"],
            zones.names["zone"],
            strict=True,
        )
    )
    assert numbers["COM:63300:CLG"] == numbers["ETB:CLG-RIOM"] == numbers["POST:P-CLG-RIOM"]
    assert len({numbers["COM:63300:CLG"], numbers["GEO:GEO-RIOM:LYC"], numbers["COM:63300"]}) == 3


def test_disciplines_never_meet_in_a_zone() -> None:
    campaign = academy(2016, posts=[post("CLG-RIOM"), {**post("CLG-RIOM", "L0422"), "post_id": "OTHER"}])
    names = pl.concat([asked("DPT:63"), asked("DPT:63", discipline="L0422")])
    zones = zones_of(campaign, names)
    assert zones.names["zone"].n_unique() == 2
    assert np.diff(zones.ptr).tolist() == [1, 1]


def random_names(generator: random.Random) -> list[str]:
    codes = {"ETB": [p[0] for p in PLACES], "COM": ["63300", "63470", "63113"], "GEO": ["GEO-RIOM", "GEO-CLERMONT"],
             "DPT": ["63", "15"], "ACA": ["06"], "ZRD": ["63", "15"], "ZRA": ["06"]}  # fmt: skip
    types = ["", "", ":CLG", ":LYC", ":LP", ":SEGPA"]
    kinds = [generator.choice(list(codes)) for _ in range(12)]
    return [f"{kind}:{generator.choice(codes[kind])}{generator.choice(types)}" for kind in kinds]


@pytest.mark.parametrize("seed", range(20))
def test_zones_are_the_same_in_whatever_order_they_are_asked_for(seed: int) -> None:
    generator = random.Random(seed)
    campaign, names = academy(2016), random_names(generator)
    zones = zones_of(campaign, asked(*names))
    again = zones_of(campaign, asked(*generator.sample(names * 2, 2 * len(names))))
    assert (zones.ptr.tolist(), zones.post.tolist()) == (again.ptr.tolist(), again.post.tolist())
    assert zones.names.sort(ZONE).equals(again.names.sort(ZONE))
    assert zones.empty.sort(ZONE).equals(again.empty.sort(ZONE))
    sets = [tuple(zones.post[a:b]) for a, b in zip(zones.ptr, zones.ptr[1:], strict=False)]
    assert len(set(sets)) == len(sets) == zones.names["zone"].n_unique(), "every zone is there once, and has a name"
    assert all(list(s) == sorted(set(s)) for s in sets)
    assert zones.names.height + zones.empty.height == len(set(names)), "every name is somewhere"


@pytest.mark.parametrize("seed", range(10))
def test_the_names_that_cover_a_post_are_those_whose_zone_has_one(seed: int) -> None:
    generator = random.Random(seed)
    posts = [post(place[0]) for place in PLACES if generator.random() < 0.5]
    campaign = academy(2016, posts=posts or [post("CLG-RIOM")])
    zones = zones_of(campaign, asked(*random_names(generator)))
    covering = covering_names(campaign)
    assert zones.names.join(covering, on=ZONE, how="anti", nulls_equal=True).is_empty()
    assert zones.empty.join(covering, on=ZONE, how="semi", nulls_equal=True).is_empty()


# Why a wish covers nothing


EMPTINESS = [
    ("ZRD:63", "discipline_without_zr"),
    ("ZRE:ZR-NORD", "discipline_without_zr"),
    ("ZRA:06", "discipline_without_zr"),
    ("COM:63470:LYC", "school_type_not_in_zone"),
    ("DPT:15:LP", "school_type_not_in_zone"),
    ("GEO:GEO-MAURIAC", "zone_without_posts"),
    ("COM:63113:CLG", "zone_without_posts"),
    ("ETB:CLG-YDES", "zone_without_posts"),
    ("COM:63300", "specific_posts_only"),
    ("ETB:CLG-RIOM", "specific_posts_only"),
    ("COM:63300:LYC", "zone_without_posts"),
    ("POST:OTHER", "post_of_another_discipline"),
]


@pytest.fixture(scope="module")
def sparse() -> Campaign:
    """A specific post in Riom, an ordinary one in Volvic, one of another discipline in Aurillac; no ZR."""
    other = {**post("LYC-AURILLAC", "L0422"), "post_id": "OTHER"}
    return academy(2016, posts=[post("CLG-RIOM", profile="specific"), post("CLG-VOLVIC"), other])


@pytest.mark.parametrize(("wish", "reason"), EMPTINESS)
def test_a_wish_that_covers_nothing_says_why(sparse: Campaign, wish: str, reason: str) -> None:
    zones = zones_of(sparse, asked(wish))
    assert emptiness(sparse, zones.empty)["reason"].to_list() == [reason]
    assert reason in reason_codes()


def test_every_wish_that_covers_nothing_has_one_reason(sparse: Campaign) -> None:
    zones = zones_of(sparse, asked(*(wish for wish, _ in EMPTINESS), "COM:63470"))
    reasons = emptiness(sparse, zones.empty)
    assert zones.names.height == 1
    assert dict(zip(_words(reasons), reasons["reason"], strict=True)) == dict(EMPTINESS)


def test_a_discipline_with_a_zr_elsewhere_in_the_academie_has_zrs() -> None:
    campaign = academy(2016, posts=[post("ZR-NORD")])
    reasons = emptiness(campaign, asked("ZRE:ZR-SUD", "ZRD:15", "ZRE:ZR-CANTAL"))["reason"].unique().to_list()
    assert reasons == ["zone_without_posts"]


def test_no_name_no_reason(sparse: Campaign) -> None:
    assert emptiness(sparse, asked("COM:63300").clear()).is_empty()


def _words(names: pl.DataFrame) -> list[str]:
    return names.select(pl.concat_str(NAME, separator=":", ignore_nulls=True)).to_series().to_list()


# Ordered zones


def listed(*rows: tuple[str, str, int | None]) -> list[dict[str, Any]]:
    return [{"zone_kind": "GEO", "zone_code": z, "place_id": p, "position": n} for z, p, n in rows]


def parts(campaign: Campaign, *names: str) -> list[tuple[Any, ...]]:
    return ordered_parts(campaign, asked(*names)).rows()


ROUEN = listed(("AROUND", "CLG-VOLVIC", 2), ("AROUND", "CLG-RIOM", 1), ("AROUND", "LYC-RIOM", 1),
               ("AROUND", "LP-CLERMONT", 3), ("LOOSE", "CLG-RIOM", None), ("LOOSE", "CLG-YDES", None))  # fmt: skip


def test_an_ordered_zone_stands_for_its_communes_and_places_in_their_order() -> None:
    campaign = academy(2016, zones=ROUEN)
    assert parts(campaign, "GEO:AROUND:LYC", "GEO:AROUND", "GEO:LOOSE", "DPT:63", "GEO:AROUND") == [
        ("GEO", "AROUND", None, 1, "COM", "63300"),
        ("GEO", "AROUND", None, 2, "COM", "63470"),
        ("GEO", "AROUND", None, 3, "ETB", "LP-CLERMONT"),
        ("GEO", "AROUND", "LYC", 1, "COM", "63300"),
        ("GEO", "AROUND", "LYC", 2, "COM", "63470"),
        ("GEO", "AROUND", "LYC", 3, "ETB", "LP-CLERMONT"),
    ]


def test_the_parts_of_an_ordered_zone_cover_what_the_zone_covers() -> None:
    campaign = academy(2016, zones=ROUEN)
    named = ordered_parts(campaign, asked("GEO:AROUND"))
    whole = places_covered(campaign, "GEO:AROUND")
    apart = [places_covered(campaign, f"{kind}:{code}") for kind, code in named.select("part_kind", "part_code").rows()]
    assert set().union(*apart) == whole
    assert sum(map(len, apart)) == len(whole)


def test_without_positions_no_zone_has_parts() -> None:
    campaign = academy(2016)
    assert parts(campaign, "GEO:GEO-RIOM", "COM:63300") == []
    assert parts(replace(campaign, zones=campaign.zones.clear()), "GEO:GEO-RIOM") == []


def test_an_ordered_list_of_zrs_has_them_as_parts() -> None:
    rows = [
        {"zone_kind": "ZRD", "zone_code": "63", "place_id": p, "position": n}
        for n, p in ((2, "ZR-NORD"), (1, "ZR-SUD"))
    ]
    named = ordered_parts(academy(2016, zones=rows), asked("ZRD:63"))
    assert named.select("part", "part_kind", "part_code").rows() == [(1, "ZRE", "ZR-SUD"), (2, "ZRE", "ZR-NORD")]
