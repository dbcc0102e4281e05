"""Forms that a person fills in as TOML: what is wrong with one, in our own words, and what to try."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import polars as pl
from pydantic import BaseModel, ModelWrapValidatorHandler, Strict, ValidationError
from pydantic.fields import FieldInfo

from engine.model.defects import Rule, defects
from engine.model.written import shown

Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict()]
Flag = Annotated[bool, Strict()]
"""Values as TOML has them: a text with a number in it is no number, nor is true."""

Form = TypeVar("Form", bound=BaseModel)

Location = tuple[int | str, ...]

KEY_ITSELF = "[key]"
"""What pydantic adds to the place of a key that is wrong itself."""


def toml_of(path: Path) -> tuple[dict[str, Any], str, str]:
    """What a TOML file says, what is wrong with it ("" where nothing is), and what to try."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8")), "", ""
    except FileNotFoundError:
        return {}, "is missing.", "Look at the name of the file and of its folder."
    except OSError as error:
        return {}, f"cannot be read: {error.strerror}.", ""
    except UnicodeDecodeError as error:
        return {}, f"is not UTF-8 text (byte {error.start + 1}).", "Save it as UTF-8."
    except tomllib.TOMLDecodeError as error:
        return {}, f"is not TOML: {error}.", "Text goes between quotes; lists between square brackets."
    except RecursionError:
        return {}, "is not TOML that can be read: its brackets are nested too deeply.", ""
    except ValueError:  # Python reads no number of more than 4,300 digits
        return {}, "is not TOML that can be read: a number in it has too many digits.", ""


def invalid_values(
    error: ValidationError,
    form: type[BaseModel],
    table: str,
    rule: Rule,
    prefix: str = "",
    content: Mapping[str, Any] | None = None,
) -> pl.DataFrame:
    """The errors of a pydantic model as defects, addressed by the key a person wrote.

    Parameters
    ----------
    form : the model
    content : what was written: of a list of one, the number is left out
    """
    return pl.concat(_defect(item, form, table, rule, prefix, content or {}) for item in error.errors())


def with_defect(read: ModelWrapValidatorHandler[Form], written: Any, problem: str) -> Form:
    """A form read inside a validator of its own, with a defect of the whole told beside those of its keys.

    Parameters
    ----------
    problem : our sentence without its end; "" where there is none
    """
    found = list[Any]()
    try:
        form = read(written)
    except ValidationError as error:
        found = [{key: value for key, value in item.items() if key in KEPT} for item in error.errors()]
    if problem and isinstance(written, Mapping):
        found.append({"type": "value_error", "loc": (), "input": written, "ctx": {"error": problem}})
    if found:
        raise ValidationError.from_exception_data("form", found)
    return form


KEPT = ("type", "loc", "input", "ctx")
"""What pydantic takes back of an error that it told."""


def _defect(
    item: Mapping[str, Any], form: type[BaseModel], table: str, rule: Rule, prefix: str, content: Mapping[str, Any]
) -> pl.DataFrame:
    kind, place = str(item["type"]), tuple(part for part in item["loc"] if part != KEY_ITSELF)
    limits = {name: _whole(limit) for name, limit in item.get("ctx", {}).items()}
    absent = kind in ("missing", "value_error") or item["input"] in ({}, ())
    return defects(
        rule,
        table,
        column=prefix + dotted(place, content),
        value="" if absent else shown(item["input"]),
        problem=PROBLEMS.get(kind, "is not what stands here.").format(table=table, **limits),
        hint=_hint(kind, shown(item["input"]), form, place),
    )


def _whole(limit: Any) -> Any:
    return int(limit) if isinstance(limit, float) and limit.is_integer() else limit


def dotted(place: Location, content: Any) -> str:
    """A place as a person looks for it: keys joined by dots, items of a list numbered from 1, the only one not."""
    parts = list[str]()
    for part in place:
        several = not isinstance(part, int) or (isinstance(content, list | tuple) and len(content) > 1)
        if several:
            parts.append(str(part + 1) if isinstance(part, int) else part)
        if not isinstance(part, int) or isinstance(content, list | tuple):
            content = _inside(content, part)
    return ".".join(parts)


PROBLEMS = {
    "missing": "is missing.",
    "extra_forbidden": "is no key that {table} knows.",
    "literal_error": "is none of {expected}.",
    "int_type": "is not a whole number.",
    "float_type": "is not a number.",
    "bool_type": "is neither true nor false.",
    "string_type": "is not text between quotes.",
    "string_too_short": "is empty.",
    "string_too_long": "is longer than {max_length} letters.",
    "string_pattern_mismatch": "is not written as names are.",
    "too_short": "is empty.",
    "dict_type": "is not a table of keys and values.",
    "model_type": "is not a table of keys and values.",
    "tuple_type": "is neither a table of keys and values nor a list of such tables.",
    "value_error": "{error}.",
    "greater_than": "is not above {gt}.",
    "greater_than_equal": "is below {ge}.",
    "less_than": "is not below {lt}.",
    "less_than_equal": "is above {le}.",
}
"""What is wrong, by the type of the error that pydantic tells: all that the forms of campaigns, variants and years
can have. Numbers that are no numbers (nan) are told as below their bounds."""

HINTS = {
    "int_type": "Write a whole number without quotes and without decimals, such as 2.",
    "float_type": "Write a number without quotes, such as 0.5.",
    "bool_type": "Write true or false, without quotes.",
    "string_type": "Put quotes around it.",
    "dict_type": "Write it as { key = value }, or under a line of its own in square brackets.",
    "model_type": "Write it as { key = value }, or under a line of its own in square brackets.",
    "tuple_type": "Write it as { key = value }, or under a line of its own in square brackets.",
    "value_error": "Write one of them and leave the others out.",
}
DESCRIBED = {"missing", "string_too_short", "string_too_long", "string_pattern_mismatch", "too_short"}


def _hint(kind: str, written: str, form: type[BaseModel], place: Location) -> str:
    """What to try: the nearest key or value, how the type is written, what the key is for."""
    holder = _form_at(form, place[:-1])
    if kind == "extra_forbidden":
        known = list(_fields(holder)) if holder else []
        return maybe(str(place[-1]), known) or (f"There are {', '.join(known)}." if known else "")
    field = _fields(holder).get(str(place[-1])) if holder and place else None
    if kind == "literal_error":
        return (
            maybe(written, [value for value in get_args(field.annotation) if isinstance(value, str)]) if field else ""
        )
    if kind in DESCRIBED or kind.startswith(("greater", "less")):
        return f"{place[-1]}: {field.description}." if field and field.description else ""
    return HINTS.get(kind, "")


def maybe(written: str, known: Sequence[str], most: int = 1) -> str:
    """The hint that names what is nearest to what was written; empty where nothing is near."""
    near = get_close_matches(written, known, most)
    return f"Maybe {' or '.join(near)}?" if near else ""


def _form_at(form: type[BaseModel], place: Location) -> type[BaseModel] | None:
    """The form that a place inside a form is of; None inside what is free."""
    found: type[BaseModel] | None = form
    for part in place:
        if isinstance(part, str) and found is not None:
            field = _fields(found).get(part)
            found = next(_forms_in(field.annotation), None) if field else None
    return found


def _fields(form: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a form by the keys a person writes."""
    return {field.alias or name: field for name, field in form.model_fields.items()}


def _forms_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _forms_in(inner)


def _inside(content: Any, part: int | str) -> Any:
    if isinstance(content, Mapping):
        return content.get(part)
    return content[part] if isinstance(content, list | tuple) and isinstance(part, int) else None
