"""``campaign.toml``: what a person writes about a campaign, and the options a policy maker may vary (DESIGN 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.model.defects import Rule, defects, no_defects
from engine.model.forms import Number, Whole, invalid_values, toml_of

Movement = Literal["inter", "specifique", "ddf", "intra", "tzr", "interdepartemental"]

C0 = Rule("C0", "A campaign is a folder; its campaign.toml names the movement, the rulebook, the session and the seed.")


class Options(BaseModel):
    """What a policy maker may vary. The default of each is the rulebook's, or the one here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mechanism: str = Field("stable", description="the map from a market to an outcome")
    improvement: Literal["none", "stable", "zone", "full", "permutations"] = Field(
        "none", description="exchanges after the mechanism"
    )
    extension: Literal["none", "integrated", "residual"] = Field("integrated", description="how wishes are extended")
    link_points: Literal["own", "minimum", "mean"] = Field("own", description="points of linked candidates")
    placement: Literal["priority", "distance"] = Field("priority", description="who sits where inside a zone")
    gap: Number = Field(0.01, ge=0, lt=1, description="services: part of the hours that may stay short of the bound")
    time_limit_s: Number = Field(60.0, gt=0, description="seconds after which a search stops with the best found")


class Settings(BaseModel):
    """The content of ``campaign.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Literal[1] = Field(alias="schema", description="version of the campaign folder")
    id: str = Field(min_length=1, description="name of the campaign")
    movement: Movement
    rulebook: str = Field(min_length=1, description='dated rules; "none": points come with the wishes')
    session: Whole = Field(ge=1990, le=2100, description="year of the rentrée: picks the values in force")
    seed: Whole = Field(ge=0, lt=2**63, description="every draw (lots) comes from it")
    options: dict[str, Any] = Field(default_factory=dict, description="overrides of the options")


@dataclass(frozen=True)
class Written:
    """What was found in ``campaign.toml``: the settings, or None with what could still be read of them.

    Attributes
    ----------
    settings : the settings, where all keys are good
    movement, rulebook, session : as written, where each is of its type: so the rest of the input can be checked
    """

    settings: Settings | None = None
    movement: str = ""
    rulebook: str | None = None
    session: int | None = None


def read_settings(path: Path) -> tuple[Written, pl.DataFrame]:
    """What ``campaign.toml`` says, with its defects."""
    content, problem, hint = toml_of(path)
    if problem:
        missing = "`mouvement generate tiny` writes an example." if not path.exists() else hint
        return Written(), defects(C0, "campaign.toml", problem=problem, hint=missing)
    movement, rulebook, session = (content.get(key) for key in ("movement", "rulebook", "session"))
    settings, found = _validated(content)
    return Written(
        settings,
        movement if isinstance(movement, str) else "",
        rulebook if isinstance(rulebook, str) else None,
        session if isinstance(session, int) and not isinstance(session, bool) else None,
    ), found


def _validated(content: dict[str, Any]) -> tuple[Settings | None, pl.DataFrame]:
    """The settings, or None with the defects of all keys, those of the options among them."""
    settings, found = None, []
    try:
        settings = Settings.model_validate(content)
    except ValidationError as error:
        found.append(invalid_values(error, Settings, "campaign.toml", C0))
    options = content.get("options", {})
    if isinstance(options, dict):
        try:
            Options.model_validate(options)
        except ValidationError as error:
            found.append(invalid_values(error, Options, "campaign.toml", C0, "options."))
    return (None if found else settings), pl.concat([no_defects(), *found])


def resolve_options(*layers: Mapping[str, Any]) -> Options:
    """Options from layers of overrides, the last one strongest. Raises pydantic.ValidationError."""
    merged: dict[str, Any] = {}
    for layer in layers:
        merged.update(layer)
    return Options.model_validate(merged)
