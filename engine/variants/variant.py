"""``variant.toml``: what a person writes about a variant. Form only; what it names is checked when it is laid on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import polars as pl
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from engine.model.defects import InputRefused, Rule, defects
from engine.model.settings import invalid_values

V1 = Rule(
    "V1",
    "A variant is a TOML file with an id and what it changes: options, rules, quotas, eligibility, population.",
)


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _listed(written: Any) -> Any:
    """One table where a list of tables may stand is a list of one."""
    return [written] if isinstance(written, dict) else written


class NumberChange(_Form):
    """Another number of seats or of a quota for some posts: exactly one of `factor`, `add`, `number`."""

    where: dict[str, Any] = Field({}, description="conditions on columns of posts and their places; none = all")
    factor: float | None = Field(None, ge=0, le=1000, description="multiplies the number; the fraction left is drawn")
    add: Annotated[int, Field(ge=-100_000, le=100_000)] | None = Field(None, description="is added to the number")
    number: Annotated[int, Field(ge=-100_000, le=100_000)] | None = Field(None, description="takes its place")
    draw: str = Field("", description="name of the draw; changes of one draw take the same")

    @model_validator(mode="after")
    def _says_one_thing(self) -> NumberChange:
        if sum(value is not None for value in (self.factor, self.add, self.number)) != 1:
            raise ValueError("says not exactly one of factor, add, number")
        return self


class CandidateChange(_Form):
    """What happens to a share of some candidates: they are left out, or columns of theirs have other values."""

    where: dict[str, Any] = Field({}, description="conditions on columns of candidates; none = all")
    share: float = Field(1.0, gt=0, le=1, description="share of them that is drawn")
    leave_out: bool = Field(False, description="take no part: who holds a post keeps it outside of the campaign")
    set: dict[str, Any] = Field({}, description='columns and their new values; "" = none')
    draw: str = Field("", description="name of the draw; changes of one draw take the same candidates")

    @model_validator(mode="after")
    def _says_one_thing(self) -> CandidateChange:
        if self.leave_out == bool(self.set):
            raise ValueError("says not exactly one of leave_out = true and set")
        return self


class Condition(_Form):
    """Who may take part: the request of those in `where` who do not meet `requires` is set aside."""

    where: dict[str, Any] = Field({}, description="whom the condition is for; none = all")
    requires: dict[str, Any] = Field(min_length=1, description="what they must be")


Numbers = Annotated[tuple[NumberChange, ...], BeforeValidator(_listed)]


class Quotas(_Form):
    """Interdépartemental: other quotas of entry and exit."""

    entry: Numbers = Field((), description="how many may enter")
    exit: Numbers = Field((), description="how many may leave")


class Population(_Form):
    """Other candidates and seats."""

    seed: int | None = Field(None, ge=0, lt=2**63, description="every draw comes from it; the campaign's by default")
    candidates: Annotated[tuple[CandidateChange, ...], BeforeValidator(_listed)] = Field((), description="candidates")
    seats: Numbers = Field((), description="seats offered")


class Variant(_Form):
    """The content of ``variant.toml``."""

    id: str = Field(pattern=r"^\S(.*\S)?$", max_length=60, description="name of the variant")
    description: str = Field("", description="a sentence for readers of the comparison")
    options: dict[str, Any] = Field({}, description="options of the campaign to replace")
    rules: dict[str, Any] = Field({}, description="values of rules to replace, by the names `mouvement rules` shows")
    quotas: Quotas = Field(Quotas.model_validate({}), description="interdépartemental: quotas of entry and exit")
    eligibility: Annotated[tuple[Condition, ...], BeforeValidator(_listed)] = Field((), description="who may take part")
    population: Population = Field(Population.model_validate({}), description="candidates and seats")


def read_variant(path: Path | str) -> Variant:
    """The variant in a file.

    Raises
    ------
    InputRefused
        With every defect of its form.
    """
    path = Path(path)
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"is not UTF-8 text (byte {error.start + 1}).") from None
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(path, f"is not TOML: {error}.") from None
    return as_variant(content, path.name)


def as_variant(content: Mapping[str, Any], table: str = "variant") -> Variant:
    """A variant from plain values: those of a TOML file, or of the manifest of a run.

    Parameters
    ----------
    table : what defects call it

    Raises
    ------
    InputRefused
        With every defect of its form.
    """
    try:
        return Variant.model_validate(content)
    except ValidationError as error:
        raise InputRefused(_with_hints(invalid_values(error, table, rule=V1))) from None


def _unreadable(path: Path, problem: str) -> InputRefused:
    return InputRefused(defects(V1, path.name, problem=problem))


def _with_hints(found: pl.DataFrame) -> pl.DataFrame:
    """The defects, unknown keys with the nearest known one."""
    known = sorted({key for form in _FORMS for key in form.model_fields})
    unknown = found["problem"].str.starts_with("is no key")
    keys = [column.split(".")[-1] for column in found["column"]]
    near = [get_close_matches(key, known, 1) if wrong else [] for key, wrong in zip(keys, unknown, strict=True)]
    return found.with_columns(
        hint=pl.Series([f"Maybe {match[0]}?" if match else "" for match in near], dtype=pl.String)
    )


_FORMS = (Variant, Quotas, Condition, Population, CandidateChange, NumberChange)
