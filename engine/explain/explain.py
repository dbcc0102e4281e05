"""The decision of one candidate as text, in French or English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import polars as pl

from engine.explain.adjustment import ServiceDecision, service_decision
from engine.explain.decision import Decision, UnknownCandidate, decision
from engine.model.campaign import Campaign
from engine.model.differences import told_details
from engine.model.links import Counted
from engine.model.points import format_points
from engine.model.reasons import reason_sentence

if TYPE_CHECKING:
    from jinja2 import Environment

Language = Literal["fr", "en"]

__all__ = ["Language", "UnknownCandidate", "explain_candidate", "explain_decision"]


def explain_candidate(
    campaign: Campaign,
    tables: Mapping[str, pl.DataFrame],
    candidate_id: str,
    language: Language,
    *,
    residual: bool = False,
    link_points: Counted = "own",
) -> str:
    """The decision wish by wish: points by criterion with their source, the cutoff, what was missing, what was set
    aside; the posts of each zone, the exchange of an improvement, the way of an extension, the members of a link.

    Parameters
    ----------
    campaign : with the seed of the run
    tables : outcomes, wishes, cutoffs, criteria of a run; points in thousandths.
    residual : whether the run extended wishes after the mechanism, on the seats still free.
    link_points : with which points the run ranked linked candidates.

    Raises
    ------
    UnknownCandidate
    """
    titles = {name: block.title for name, block in campaign.rules.blocks.items()}
    if campaign.settings.movement == "tzr":
        return explain_decision(service_decision(campaign, tables, candidate_id), language, titles)
    told = decision(campaign, tables, candidate_id, residual=residual, link_points=link_points)
    return explain_decision(told, language, titles)


def explain_decision(
    told: Decision | ServiceDecision, language: Language, titles: Mapping[str, str] = MappingProxyType({})
) -> str:
    """A decision as text; `titles` are those of the criteria, by name."""
    kind = "service" if isinstance(told, ServiceDecision) else "decision"
    template = _environment(language).get_template(f"{kind}.{language}.j2")
    return template.render(decision=told, titles=titles).strip()


@cache
def _environment(language: Language) -> Environment:
    """The templates of a language, compiled once for all candidates."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("engine.explain", "."),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        autoescape=False,
    )
    mark = "," if language == "fr" else "."
    environment.filters["points"] = lambda thousandths: format_points(thousandths, mark)
    environment.filters["reason"] = lambda code: _sentences(code, language)
    environment.filters["type"] = lambda code: _labels("school_types").get(code, {}).get(language, code)
    environment.filters["ground"] = lambda code: _labels("grounds").get(code, {}).get(language, code)
    environment.filters["details"] = lambda detail, titles: told_details(detail, language, titles)
    environment.filters["opinion"] = lambda code: _labels("opinions").get(code, {}).get(language, code)
    return environment


@cache
def _labels(table: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((files("engine.explain") / f"{table}.toml").read_text(encoding="utf-8"))


def _sentences(code: str, language: Language) -> str:
    """The sentence of a reason; a code may carry names behind a blank (``verdict_failed P3``)."""
    name, _, detail = code.partition(" ")
    sentence = reason_sentence(name, language)
    return f"{sentence} ({detail})" if detail else sentence
