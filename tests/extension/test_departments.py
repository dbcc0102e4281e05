"""The extension of the intra by départements: the lines of Rennes that were read, distance elsewhere."""

import polars as pl
import pytest

from engine.extension.table import extension_order, rulebook_order
from engine.model.geography import academies, all_departments, distance_km
from engine.model.rulebook import Rulebook
from tests.model.intra.academies import academy


def order(rulebook: str, session: int, kind: str, code: str) -> list[tuple[str, str, str]]:
    table = rulebook_order(Rulebook.load(f"intra/{rulebook}").at(session))
    line = table.filter(origin_kind=kind, origin_code=code)
    assert line["position"].to_list() == list(range(1, line.height + 1))
    return list(line.select("kind", "code", "source").rows())


@pytest.mark.parametrize(
    ("origin", "others"),
    [
        ("22", ["35", "29", "56"]),
        ("29", ["22", "56", "35"]),
        ("35", ["22", "56", "29"]),
        ("56", ["29", "35", "22"]),
    ],
)
def test_w6_in_rennes_any_post_of_a_departement_then_its_zr_then_the_next(origin: str, others: list[str]) -> None:
    expected = [(kind, code, "R35") for code in [origin, *others] for kind in ("DPT", "ZRD")]
    assert order("rennes", 2019, "DPT", origin) == expected


def test_in_besancon_the_zr_come_after_the_schools_of_all() -> None:
    line = order("besancon", 2024, "DPT", "25")
    assert [kind for kind, _, _ in line] == ["DPT"] * 4 + ["ZRD"] * 4
    assert [code for _, code, _ in line[:4]] == [code for _, code, _ in line[4:]] == ["25", "70", "39", "90"]


@pytest.mark.parametrize("origin", ["03", "15", "43", "63"])
def test_where_no_line_was_read_the_nearest_seat_comes_first(origin: str) -> None:
    line = order("clermont-ferrand", 2016, "DPT", origin)
    known = all_departments()
    distances = [distance_km(known[origin], known[code]) for _, code, _ in line[::2]]
    assert distances == sorted(distances)
    assert distances[0] == 0
    assert {source for _, _, source in line} == {"synthetic"}


@pytest.mark.parametrize("session", [2016, 2022, 2023])
def test_from_every_departement_all_of_its_academie_is_examined_once(session: int) -> None:
    rules = Rulebook.load("intra/common").at(session)
    table = rulebook_order(rules)
    for home in academies(session).values():
        whole = sorted((kind, code) for code in home.departments for kind in ("DPT", "ZRD"))
        for origin in home.departments:
            line = table.filter(origin_kind="DPT", origin_code=origin)
            assert sorted(line.select("kind", "code").rows()) == whole
    assert table.filter(origin_kind="DPT")["origin_code"].n_unique() == 101


def test_from_a_wish_for_the_academie_its_schools_come_before_its_zr() -> None:
    assert order("clermont-ferrand", 2016, "ACA", "06") == [("ACA", "06", "synthetic"), ("ZRA", "06", "synthetic")]


def test_the_campaigns_own_lines_replace_those_of_the_rulebook() -> None:
    own = [{"origin_kind": "DPT", "origin_code": "63", "position": 1, "kind": "ZRD", "code": "15"}]
    table = extension_order(academy(2016, extension=own)).filter(pl.col("origin_code") == "63")
    assert table.select("kind", "code", "source").rows() == [("ZRD", "15", "campaign")]
