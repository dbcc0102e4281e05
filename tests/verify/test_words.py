"""What the verdict says is there in both languages, all of it is used, and neither language shows the other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import polars as pl
import pytest

from engine.model.words import Language
from engine.verify import sentences as module
from engine.verify.sentences import Listed, Quoted, Share, Thousandths, in_words, sentence, verify_words
from engine.verify.texts import codes_named, either, joined_texts, texts
from engine.verify.verdict import WHOLE, checked, violations

FOLDER = Path(module.__file__).parent
SOURCES = [*sorted(FOLDER.rglob("*.py")), *(FOLDER.parent / name for name in ("pipeline.py", "adjustment.py"))]
SOURCES.append(FOLDER.parent / "runreading.py")


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


def test_each_phrase_has_the_same_blanks_in_both_languages() -> None:
    french, english = verify_words("fr").phrases, verify_words("en").phrases
    assert french.keys() == english.keys()
    assert [key for key in french if fields(french[key]) != fields(english[key])] == []


def test_every_number_has_a_singular_and_a_plural() -> None:
    forms = [
        (key, form)
        for language in ("fr", "en")
        for key, phrase in verify_words(language).phrases.items()
        for _, _, form, _ in Formatter().parse(phrase)
    ]
    assert [(key, form) for key, form in forms if form and form.count("|") != 1] == []


def test_every_phrase_is_used() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    literal = set(re.findall(r'"(\w+)"', text))
    codes = re.findall(r'codes_named\([^()]*"(\w+)"\)', text)
    prefixes = tuple({*re.findall(r'f"(\w+_)\{', text), *(f"{name}_" for name in codes)})
    forms = {f"{name}{when}" for name in re.findall(r'f"(\w+)\{when\}"', text) for when in ("", "_before")}
    used = literal | forms | {f"beyond_{way}_quota" for way in ("entry", "exit")}
    assert [key for key in verify_words("fr").phrases if key not in used and not key.startswith(prefixes)] == []


def told_in_code() -> Iterator[tuple[str, set[str], bool]]:
    """Phrases that the code names: the key, the values it gives, and whether it gives others it does not name."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("sentence", "texts", "violations"):
                keys = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
                names = {keyword.arg for keyword in node.keywords}
                yield from ((str(key), {name for name in names if name}, None in names) for key in keys)


def test_every_phrase_that_the_code_names_is_there_with_its_values() -> None:
    phrases, told = verify_words("en").phrases, list(told_in_code())
    assert len(told) > 150
    assert [key for key, _, _ in told if key not in phrases] == []
    given = {key: (names, fields(phrases[key]) & names if more else fields(phrases[key])) for key, names, more in told}
    assert [key for key, (names, wanted) in given.items() if names != wanted] == []


def test_no_phrase_is_the_same_in_both_languages_but_where_it_says_nothing() -> None:
    french, english = verify_words("fr").phrases, verify_words("en").phrases
    alike = {key for key in french if french[key] == english[key]}
    assert alike == {"contract_extension", "phase_mutation", "phase_permutation", "p15_decisions"}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "fr",
            "1\u202f234,5 heures couvertes, 2\u202f000 au plus. Prouvé de nouveau par des prix\u00a0: "
            "2\u202f000 au plus, soit un écart de 38,25\u202f%\u202f; le majorant plus serré de 1 bloc "
            "repose sur la recherche du calcul.",
        ),
        (
            "en",
            "1,234.5 hours covered, 2,000 at most. Proven anew by prices: 2,000 at most, a gap of 38.25%; "
            "the tighter bounds of 1 block rest on the search of the run.",
        ),
    ],
)
def test_an_evidence_is_written_as_its_language_writes_numbers(language: Language, told: str) -> None:
    hours, most = Thousandths(1_234_500), Thousandths(2_000_000)
    found = (
        sentence("p14_covered", hours=hours, bound=most),
        sentence("p14_anew", hours=most, gap=Share(765_000, 2_000_000), blocks=1),
    )
    assert in_words(found, language) == told


def test_rows_are_told_in_both_languages() -> None:
    rows = pl.DataFrame({"post_id": ["A", None], "count": [1, 1200], "km": [0.5, 2.0]})
    crowded = texts(rows, "crowded", post="post_id", occupants="count", seats=pl.lit(2))
    assert crowded.struct.field("en").to_list() == [
        "A has 1 occupant for 2 seats.",
        "nothing has 1,200 occupants for 2 seats.",
    ]
    assert crowded.struct.field("fr").to_list() == [
        "A a 1 occupant pour 2 places.",
        "rien a 1\u202f200 occupants pour 2 places.",
    ]
    far = texts(rows, "too_far", one="post_id", other="post_id", km="km", most=pl.lit(40))
    assert far.struct.field("fr")[0] == "enseigne à A et à A, distants de 0,5 km\u202f; le plus permis est 40 km."


def test_a_text_may_stand_in_another() -> None:
    rows = pl.DataFrame({"id": ["x", "x", "y"], "phase": ["mutation", "odd", "permutation"]})
    rows = rows.with_columns(told=codes_named(rows["phase"], "phase"), text=texts(rows, "no_candidate"))
    joined = rows.group_by("id", maintain_order=True).agg(told=joined_texts("told", "chain_joint"))["told"]
    assert joined.struct.field("fr").to_list() == ["mutation\u202f; odd", "permutation"]
    chosen = either(rows["id"] == "x", rows["told"], rows["text"])
    assert chosen.struct.field("en").to_list() == ["mutation", "odd", "is no candidate of the campaign."]
    found = violations(rows, "other_phase", phase="told", had=Listed((sentence("nothing"), "z")))
    assert found["sentence"][0] == "is said to have moved by mutation, and had nothing, z after the mutations."


def test_a_table_without_rows_has_texts_too() -> None:
    rows = pl.DataFrame(schema={"post_id": pl.String, "count": pl.Int64})
    assert texts(rows, "crowded", post="post_id", occupants="count", seats="count").len() == 0
    assert violations(rows, "no_post", post="post_id").columns == violations(WHOLE, "no_candidate").columns


def test_the_plain_verdict_tells_both_languages() -> None:
    broken = violations(pl.DataFrame({"discipline": ["M"], "candidate_id": ["c"]}), "named_twice")
    first = sentence("p3_instance", who="c", how=Quoted.of(broken.row(0, named=True)))
    found = checked("P1", sentence("p1_title"), [sentence("p1_seated", people=1, posts=2), first], broken)
    assert found.evidence_in("en") == "1 candidate seated on 2 posts. For instance c is named more than once."
    assert found.evidence_in("fr") == "1 candidat placé sur 2 postes. Par exemple, c figure plus d'une fois."
