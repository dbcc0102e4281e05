"""Where a candidate enters the extension table: his first wish, its département, its académie."""

from typing import Any

import polars as pl
import pytest

from engine.extension.origins import extension_origins
from engine.extension.table import extension_order
from engine.model.campaign import Campaign
from tests.model.intra.academies import COLUMNS, PLACES, academy
from tests.model.small_campaign import small_campaign

BREST = [("LYC-BREST", "ETB", "LYC", "29019", "BREST", "29", "14", None)]


def origins(campaign: Campaign) -> dict[str, tuple[str, str]]:
    rows = extension_origins(campaign, extension_order(campaign))
    assert rows["candidate_id"].is_sorted()
    return {name: (kind, code) for name, kind, code in rows.iter_rows()}


@pytest.mark.parametrize(
    ("wish", "origin"),
    [
        ("ETB:CLG-YDES", ("DPT", "15")),
        ("COM:63300", ("DPT", "63")),
        ("GEO:GEO-MAURIAC", ("DPT", "15")),
        ("DPT:63", ("DPT", "63")),
        ("ZRE:ZR-CANTAL", ("DPT", "15")),
        ("ZRD:63", ("DPT", "63")),
        ("POST:P-LYC-RIOM", ("DPT", "63")),
        ("COM:63300:LYC", ("DPT", "63")),
        ("ACA:06", ("ACA", "06")),
        ("ZRA:06", ("ACA", "06")),
    ],
)
def test_a_narrow_zone_enters_at_its_departement(wish: str, origin: tuple[str, str]) -> None:
    assert origins(academy(2016, {"wishes": [wish, "DPT:15"]})) == {"C0": origin}


def test_w6_from_brest_the_finistere_is_examined_first() -> None:
    places = [dict(zip(COLUMNS, row, strict=True)) for row in BREST]
    campaign = academy(2019, {"wishes": ["COM:29019"]}, rulebook="intra/rennes", places=places)
    line = extension_origins(campaign, extension_order(campaign)).join(
        extension_order(campaign), on=["origin_kind", "origin_code"]
    )
    zones = line.sort("position").select(pl.concat_str("kind", pl.lit(" "), "code")).to_series().to_list()
    assert zones == ["DPT 29", "ZRD 29", "DPT 22", "ZRD 22", "DPT 56", "ZRD 56", "DPT 35", "ZRD 35"]


def test_a_groupement_over_two_departements_enters_where_most_of_its_places_are() -> None:
    zones = [
        {"zone_kind": "GEO", "zone_code": "LIMIT", "place_id": place}
        for place in ("CLG-YDES", "LYC-AURILLAC", "CLG-RIOM")
    ]
    assert origins(academy(2016, {"wishes": ["GEO:LIMIT"]}, zones=zones)) == {"C0": ("DPT", "15")}


def test_a_line_of_the_campaign_for_the_zone_itself_comes_before_its_departement() -> None:
    own = [{"origin_kind": "COM", "origin_code": "63300", "position": 1, "kind": "ZRD", "code": "63"}]
    campaign = academy(2016, {"wishes": ["COM:63300"]}, {"wishes": ["COM:63113"]}, extension=own)
    assert origins(campaign) == {"C0": ("COM", "63300"), "C1": ("DPT", "63")}


def test_who_made_no_wish_enters_at_the_academie() -> None:
    assert origins(academy(2016, {"mandatory": True})) == {"C0": ("ACA", "06")}
    places = [dict(zip(COLUMNS, row, strict=True)) for row in [*PLACES, *BREST]]
    assert origins(academy(2016, {"mandatory": True}, places=places)) == {}
    trainee: dict[str, Any] = {"mandatory": True, "training_academy": "14"}
    assert origins(academy(2016, trainee, places=places)) == {"C0": ("ACA", "14")}


def test_at_the_inter_the_first_wish_is_the_origin() -> None:
    campaign = small_campaign(2025, {"wishes": ["14", "17"]}, {"training_academy": "10"})
    assert origins(campaign) == {"C0": ("ACA", "14"), "C1": ("ACA", "10")}
