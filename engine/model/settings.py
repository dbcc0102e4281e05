"""``campaign.toml``: what a person writes about a campaign, and the options a policy maker may vary (DESIGN 4)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
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
    improvement: Literal["none", "stable", "zone", "full", "permutations"] = Field(
        "none", description="exchanges after the mechanism"
    )
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
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        return Written(), _defect("is missing.", "`mouvement generate tiny` writes an example.")
    except OSError as error:
        return Written(), _defect(f"cannot be read: {error.strerror}.")
    except UnicodeDecodeError as error:
        return Written(), _defect(f"is not UTF-8 text (byte {error.start + 1}).", "Save it as UTF-8.")
    except tomllib.TOMLDecodeError as error:
        return Written(), _defect(f"is not TOML: {error}.", "Text goes between quotes; lists between square brackets.")
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
        found.append(invalid_values(error))
    options = content.get("options", {})
    if isinstance(options, dict):
        try:
            Options.model_validate(options)
        except ValidationError as error:
            found.append(invalid_values(error, prefix="options."))
    return (None if found else settings), pl.concat([no_defects(), *found])


def resolve_options(*layers: Mapping[str, Any]) -> Options:
    """Options from layers of overrides, the last one strongest. Raises pydantic.ValidationError."""
    merged: dict[str, Any] = {}
    for layer in layers:
        merged.update(layer)
    return Options.model_validate(merged)


def invalid_values(
    error: ValidationError, table: str = "campaign.toml", prefix: str = "", rule: Rule = C0
) -> pl.DataFrame:
    """The errors of a pydantic model as defects, addressed by the key a person wrote."""
    found = [
        defects(
            rule,
            table,
            column=prefix + ".".join(str(part) for part in item["loc"]),
            value="" if item["type"] == "missing" else str(item["input"]),
            problem=_plain(item, table),
        )
        for item in error.errors()
    ]
    return pl.concat(found)


def _plain(item: Mapping[str, Any], table: str) -> str:
    """What is wrong with a value, without the words of the library that found it."""
    limits, message = item.get("ctx", {}), str(item["msg"])
    sentences = {
        "missing": "is missing.",
        "extra_forbidden": f"is no key that {table} knows.",
        "literal_error": f"is none of {limits.get('expected', '')}.",
        "int_type": "is not a whole number.",
        "int_parsing": "is not a whole number.",
        "string_type": "is not text between quotes.",
        "string_too_short": "is empty.",
        "value_error": f"{limits.get('error', '')}.",
        "bool_type": "is neither true nor false.",
        "dict_type": "is not a table of keys and values.",
        "greater_than": f"is not above {limits.get('gt')}.",
        "greater_than_equal": f"is below {limits.get('ge')}.",
        "less_than": f"is not below {limits.get('lt')}.",
        "less_than_equal": f"is above {limits.get('le')}.",
    }
    return sentences.get(str(item["type"]), message[0].lower() + message[1:] + ".")


def _defect(problem: str, hint: str = "") -> pl.DataFrame:
    return defects(C0, "campaign.toml", problem=problem, hint=hint)
