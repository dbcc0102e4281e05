"""The template of pages and the files beside it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def template() -> Template:
    """The page: words, style, title, subtitle, banner, tiles, sections, drawings are put in."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(resource("report.html.j2"))


def resource(name: str) -> str:
    """The text of a file of the report."""
    return (files("engine.report") / name).read_text(encoding="utf-8")
