"""``campaign.toml``: what a person writes about a campaign, and the options a policy maker may vary (DESIGN 4)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.model.defects import Rule, defects, no_defects

Movement = Literal["inter", "specifique", "ddf", "intra", "tzr", "interdepartemental"]

C0 = Rule("C0", "A campaign is a folder; its campaign.toml names the movement, the rulebook, the session and the seed.")


class Options(BaseModel):
    """What a policy maker may vary. The default of each is the rulebook's, or the one here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mechanism: str = Field("stable", description="the map from a market to an outcome")
    improvement: Literal["none", "stable", "zone", "full"] = Field("none", description="exchanges after the mechanism")
    extension: Literal["none", "integrated", "residual"] = Field("integrated", description="how wishes are extended")
    link_points: Literal["own", "minimum", "mean"] = Field("own", description="points of linked candidates")
    placement: Literal["priority", "distance"] = Field("priority", description="who sits where inside a zone")
    time_limit_s: float = Field(60.0, gt=0, description="seconds after which a search stops with the best found")


class Settings(BaseModel):
    """The content of ``campaign.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Literal[1] = Field(alias="schema", description="version of the campaign folder")
    id: str = Field(min_length=1, description="name of the campaign")
    movement: Movement
    rulebook: str = Field(min_length=1, description='dated rules; "none": points come with the wishes')
    session: int = Field(ge=1990, le=2100, description="year of the rentrée: picks the values in force")
    seed: int = Field(ge=0, lt=2**63, description="every draw (lots) comes from it")
    options: dict[str, Any] = Field(default_factory=dict, description="overrides of the options")


def read_settings(path: Path) -> tuple[Settings | None, pl.DataFrame]:
    """The settings of a campaign, or None with the defects that prevent it."""
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8"))
        return Settings.model_validate(content), no_defects()
    except FileNotFoundError:
        return None, _defect(
            "is missing.", "Every campaign folder has one; `mouvement generate tiny` writes an example."
        )
    except OSError as error:
        return None, _defect(f"cannot be read: {error.strerror}.")
    except UnicodeDecodeError as error:
        return None, _defect(f"is not UTF-8 text (byte {error.start + 1}).", "Save it as UTF-8.")
    except tomllib.TOMLDecodeError as error:
        return None, _defect(f"is not TOML: {error}.", "Text goes between quotes; lists between square brackets.")
    except ValidationError as error:
        return None, invalid_values(error)


def resolve_options(*layers: Mapping[str, Any]) -> Options:
    """Options from layers of overrides, the last one strongest. Raises pydantic.ValidationError."""
    merged: dict[str, Any] = {}
    for layer in layers:
        merged.update(layer)
    return Options.model_validate(merged)


def invalid_values(error: ValidationError, table: str = "campaign.toml", prefix: str = "") -> pl.DataFrame:
    """The errors of a pydantic model as defects, addressed by the key a person wrote."""
    found = [
        defects(
            C0,
            table,
            column=prefix + ".".join(str(part) for part in item["loc"]),
            value="" if item["type"] == "missing" else str(item["input"]),
            problem=_plain(item["type"], item["msg"]),
        )
        for item in error.errors()
    ]
    return pl.concat(found)


def _plain(kind: str, message: str) -> str:
    if kind == "missing":
        return "is missing."
    if kind == "extra_forbidden":
        return "is not a key of campaign.toml."
    return message[0].lower() + message[1:] + "."


def _defect(problem: str, hint: str = "") -> pl.DataFrame:
    return defects(C0, "campaign.toml", problem=problem, hint=hint)
