"""The pages say what the code does: the data dictionary is the schemas', links and files named exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.dictionary import PAGE, dictionary

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def test_the_data_dictionary_is_that_of_the_schemas() -> None:
    assert PAGE.read_text(encoding="utf-8") == dictionary(), "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_links_to_exist(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing


def test_the_pages_name_no_machine_path() -> None:
    for page in PAGES:
        assert "/work/" not in page.read_text(encoding="utf-8"), page


def test_the_example_from_arrays_runs() -> None:
    page = (ROOT / "docs" / "market.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, flags=re.S)
    exec(compile(example, "docs/market.md", "exec"), {})
