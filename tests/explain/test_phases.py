"""What a candidate of the interdépartemental is told: his turn, what stopped him and by how much, the exchange."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.explain.explain import explain_candidate
from engine.pipeline import run
from engine.runs import Run
from tests.departments import SETTINGS, Country, Request, write_country

COUNTRY = Country(
    {"29": (1, 0), "35": (1, 0), "75": (0, 3), "61": (2, 0), "69": (0, 0), "38": (0, 0)},
    {
        "a": Request("75", [("29", 500)]),
        "b": Request("75", [("29", 400), ("35", 50)]),
        "c": Request("75", [("35", 300), ("61", 300)]),
        "d": Request("75", [("29", 200)]),
        "e": Request("69", [("38", 90)]),
        "f": Request("38", [("69", 80)]),
        "g": Request("75", [("29", 400)]),
    },
)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(write_country(tmp_path_factory.mktemp("told"), COUNTRY))


def told(done: Run, name: str, language: str = "en") -> str:
    names = ("outcomes", "wishes", "cutoffs", "criteria", "chains", "departments")
    tables = {table: getattr(done, table) for table in names}
    return explain_candidate(done.campaign, tables, name, "fr" if language == "fr" else "en")


def test_which_cutoff_stopped_him_and_by_how_much(done: Run) -> None:
    text = told(done, "b")
    assert "the request is examined with the 400 points of its first wish" in text
    assert "entry cutoff, Finistère (29): 500 (1 of 1); the last request to pass had 500 points at its turn" in text
    assert "100 were missing" in text
    assert "OBTAINED by mutation. Entry cutoff: 50." in text


def test_both_cutoffs_are_told_where_both_stopped_him(done: Run) -> None:
    text = told(done, "d", "fr")
    assert "La barre d'entrée et la barre de sortie l'ont arrêté" in text
    assert "barre d'entrée, Finistère (29) : 500 (1 sur 1) ; la dernière demande admise avait 500 points" in text
    assert "barre de sortie, Paris (75) : 300 (3 sur 3) ; la dernière demande admise avait 300 points" in text
    assert ["il en a manqué 300." in text, "il en a manqué 100." in text] == [True, True]
    assert "Phase de permutation : pas d'échange vers un vœu meilleur." in text


def test_the_points_of_the_first_wish_count_for_all(done: Run) -> None:
    text = told(done, "c")
    assert "Ille-et-Vilaine (35): 50 (1 of 1); the last request to pass had 400 points at its turn, 100 were" in text
    assert "Wish 2, DPT Orne (61): 300 points. OBTAINED by mutation. An entry was still free." in text


def test_an_exchange_is_told_as_its_ring(done: Run) -> None:
    text = told(done, "e")
    assert "Mutations: no wish could be granted. Permutations: an exchange." in text
    assert "Permutation: before it, the département of origin, Rhône (69), was to be kept." in text
    assert "The exchange keeps the head count of every département:" in text
    assert "this candidate     Rhône (69) -> Isère (38)" in text
    assert "another candidate  Isère (38) -> Rhône (69)" in text


def test_a_département_that_lets_nobody_go_is_said_to(tmp_path: Path) -> None:
    country = Country({"01": (0, 0), "02": (1, 0)}, {"a": Request("01", [("02", 10)])})
    text = told(run(write_country(tmp_path, country)), "a")
    assert "No departure by mutation is open from the département of origin." in text
    assert "exit cutoff, Ain (01): none." in text


def test_a_net_balance_has_no_exit_cutoff_to_be_stopped_by(tmp_path: Path) -> None:
    country = Country({"29": 1, "75": -1}, {"a": Request("75", [("29", 500)]), "b": Request("75", [("29", 400)])})
    text = told(run(write_country(tmp_path, country, SETTINGS.replace("serial", "stable"))), "b")
    assert "Departures" not in text
    assert "Refused. Cutoff: 500. 100 points were missing." in text


def test_a_linked_request_is_told_who_stopped_it(tmp_path: Path) -> None:
    country = Country(
        {"29": (2, 0), "75": (0, 2), "35": (0, 0), "61": (1, 0)},
        {"g": Request("75", [("61", 300), ("29", 300)]), "h": Request("35", [("61", 100), ("29", 100)])},
        links=[("g", "h")],
    )
    done = run(write_country(tmp_path, country), link_points="mean")
    text = told(done, "g")
    assert "200 points" in text
    assert "another member of the linked request did not enter" in text
    assert "No departure by mutation is open" in told(done, "h")
