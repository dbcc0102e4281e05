"""``variant.toml``: what a person writes about a variant. Form only; what it names is checked when it is laid on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

import polars as pl
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError
from pydantic import model_validator as checked

from engine.model.defects import InputRefused, Rule, defects, no_defects
from engine.model.forms import Flag, Number, Whole, invalid_values, toml_of, with_defect

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
    factor: Number | None = Field(None, ge=0, le=1000, description="multiplies the number; the fraction left is drawn")
    add: Whole | None = Field(None, ge=-100_000, le=100_000, description="is added to the number")
    number: Whole | None = Field(None, ge=-100_000, le=100_000, description="takes its place")
    draw: str = Field("", description="name of the draw; changes of one draw take the same")

    @checked(mode="wrap")
    @classmethod
    def _says_one_thing(cls, written: Any, read: ModelWrapValidatorHandler[Self]) -> Self:
        said = [name for name in ("factor", "add", "number") if _says(written, name)]
        return with_defect(read, written, "" if len(said) == 1 else "says not exactly one of factor, add, number")

    @property
    def says(self) -> bool:
        """Whether it changes anything: what was read of a change with defects does not."""
        return any(value is not None for value in (self.factor, self.add, self.number))


class CandidateChange(_Form):
    """What happens to a share of some candidates: they are left out, or columns of theirs have other values."""

    where: dict[str, Any] = Field({}, description="conditions on columns of candidates; none = all")
    share: Number = Field(1.0, gt=0, le=1, description="share of them that is drawn")
    leave_out: Flag = Field(False, description="take no part: who holds a post keeps it outside of the campaign")
    set: dict[str, Any] = Field({}, description='columns and their new values; "" = none')
    draw: str = Field("", description="name of the draw; changes of one draw take the same candidates")

    @checked(mode="wrap")
    @classmethod
    def _says_one_thing(cls, written: Any, read: ModelWrapValidatorHandler[Self]) -> Self:
        one = _says(written, "leave_out") != _says(written, "set")
        return with_defect(read, written, "" if one else "says not exactly one of leave_out = true and set")


def _says(written: Any, key: str) -> bool:
    """Whether a change says something by a key, be it what may be said there or not."""
    value = written.get(key) if isinstance(written, Mapping) else None
    return value is not None and value is not False and value != {}


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

    seed: Whole | None = Field(None, ge=0, lt=2**63, description="every draw comes from it; the campaign's by default")
    candidates: Annotated[tuple[CandidateChange, ...], BeforeValidator(_listed)] = Field((), description="candidates")
    seats: Numbers = Field((), description="seats offered")


class Variant(_Form):
    """The content of ``variant.toml``."""

    id: str = Field(
        pattern=r"^\S(.*\S)?$",
        max_length=60,
        description="name of the variant, on one line, no blanks around it, 60 letters at most",
    )
    description: str = Field("", description="a sentence for readers of the comparison")
    options: dict[str, Any] = Field({}, description="options of the campaign to replace")
    rules: dict[str, Any] = Field({}, description="values of rules to replace, by the names `mouvement rules` shows")
    quotas: Quotas = Field(Quotas.model_validate({}), description="interdépartemental: quotas of entry and exit")
    eligibility: Annotated[tuple[Condition, ...], BeforeValidator(_listed)] = Field((), description="who may take part")
    population: Population = Field(Population.model_validate({}), description="candidates and seats")


@dataclass(frozen=True, eq=False)
class Written:
    """A variant as it was written.

    Attributes
    ----------
    variant : it; where its form has defects what can be read of it, for the rest of it to be looked at
    table : what defects call it: its file, or its name
    found : the defects of its form
    """

    variant: Variant
    table: str
    found: pl.DataFrame

    @property
    def is_whole(self) -> bool:
        """Whether what it does to candidates and posts could be read."""
        return not self.found["column"].str.contains("^(population|quotas|eligibility)").any()


def read_variant(path: Path | str) -> Variant:
    """The variant in a file.

    Raises
    ------
    InputRefused
        With every defect of its form.
    """
    return _without_defects(as_written(path))


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
    return _without_defects(_written(content, table))


def as_written(variant: Variant | Path | str) -> Written:
    """A variant, or what is written in a file of one, with the defects of its form."""
    if isinstance(variant, Variant):
        return Written(variant, f"variant {variant.id}", no_defects())
    content, problem, hint = toml_of(Path(variant))
    if problem:
        raise InputRefused(defects(V1, str(variant), problem=problem, hint=hint))
    return _written(content, str(variant))


def _without_defects(written: Written) -> Variant:
    if written.found.height:
        raise InputRefused(written.found)
    return written.variant


def _written(content: Mapping[str, Any], table: str) -> Written:
    try:
        return Written(Variant.model_validate(content), table, no_defects())
    except ValidationError as error:
        return Written(_readable(content), table, invalid_values(error, Variant, table, V1, content=content))


def _readable(content: Mapping[str, Any]) -> Variant:
    """What can be read of a variant with defects of form; a change with one does nothing, but has its conditions."""
    quotas, population = (_table(content.get(part)) for part in ("quotas", "population"))
    return Variant.model_construct(
        id=str(content.get("id", "")),
        options=_table(content.get("options")),
        rules=_table(content.get("rules")),
        quotas=Quotas.model_construct(
            entry=tuple(_changes(NumberChange, quotas.get("entry"))),
            exit=tuple(_changes(NumberChange, quotas.get("exit"))),
        ),
        eligibility=tuple(_changes(Condition, content.get("eligibility"))),
        population=Population.model_construct(
            candidates=tuple(_changes(CandidateChange, population.get("candidates"))),
            seats=tuple(_changes(NumberChange, population.get("seats"))),
        ),
    )


def _changes(form: type[_Form], written: Any) -> Iterator[Any]:
    for change in _listed(written) if isinstance(written, dict | list) else ():
        try:
            yield form.model_validate(change)
        except ValidationError:
            told: dict[str, Any] = {key: _table(_table(change).get(key)) for key in ASKED if key in form.model_fields}
            yield form.model_construct(**told)


ASKED = ("where", "requires", "set")
"""The keys of a change that name columns."""


def _table(written: Any) -> dict[str, Any]:
    return written if isinstance(written, dict) else {}
