"""The pages say what the code does: the data dictionary is the schemas', links and files named exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import scenarios
from docs.dictionary import PAGE, dictionary, rules
from engine.model.reasons import reason_codes
from engine.model.results import RESULT_SCHEMAS
from engine.model.rulebook import Rulebook, rulebooks
from engine.model.schemas import SCHEMAS
from engine.model.settings import Options
from engine.year.links import LINKS

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def test_the_data_dictionary_is_that_of_the_schemas() -> None:
    assert PAGE.read_text(encoding="utf-8") == dictionary(), "run `make docs`"


def test_each_rule_of_the_input_has_a_name_of_its_own() -> None:
    names = [rule.name for rule in rules()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_links_to_exist(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing


def test_the_pages_name_no_machine_path() -> None:
    folders = re.compile(r"(?<![\w.~<:/-])/(?:home|mnt|opt|root|srv|tmp|usr|var|work|Users)/")
    for page in PAGES:
        assert folders.findall(page.read_text(encoding="utf-8")) == [], page


def test_the_example_from_arrays_runs() -> None:
    page = (ROOT / "docs" / "market.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, flags=re.S)
    exec(compile(example, "docs/market.md", "exec"), {})


def names_of_the_engine() -> set[str]:
    """Everything a page may name: tables, columns, options, reasons, blocks of rules, links of a year, cases."""
    books = [Rulebook.load(name) for name in rulebooks()]
    columns = {(table, column) for table, schema in SCHEMAS.items() for column in schema.columns()}
    values = {key for book in books for key in book.values}
    codes = {
        code for book in books for line in book.values.values() for value in line for code in as_codes(value.value)
    }
    cases = {path.name for path in (Path(scenarios.__file__).parent / "cases").iterdir()}
    dotted = {f"{first}.{second}" for first, second in columns | values}
    named = {column for book in books for column in book.named_columns()}
    single = {name for pair in columns | values for name in pair}
    single |= {*reason_codes(), *Options.model_fields, *RESULT_SCHEMAS, *LINKS}
    return dotted | single | codes | cases | named | set(rulebooks())


def as_codes(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, tuple) else ()


def test_the_page_on_the_circulars_names_what_is_there() -> None:
    page = (ROOT / "docs" / "seeds.md").read_text(encoding="utf-8")
    known = names_of_the_engine()
    mentioned = {word for word in re.findall(r"`([a-zA-Z_/.0-9-]+)`", page) if "..." not in word and "/" not in word}
    assert {word for word in mentioned if not word.endswith(".md")} - known == set()
