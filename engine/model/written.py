"""Values as a person writes them in TOML: how a value that was read is shown back to who wrote it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from math import isfinite, isnan
from typing import Any

LONGEST = 120
"""Letters of a value that are shown."""

MOST_BITS = 128
"""Whole numbers beyond are not spelled out: Python itself refuses to from 4,300 digits on."""


def in_toml(value: Any) -> str:
    """A value as TOML writes it, texts between quotes; long ones are cut."""
    match value:
        case None:
            text = "nothing"
        case bool() | str():
            text = json.dumps(value, ensure_ascii=False)
        case int() if value.bit_length() > MOST_BITS:
            text = "a number of too many digits"
        case date() | time():
            text = value.isoformat()
        case float() | Decimal() if not isfinite(value):
            text = "nan" if isnan(value) else f"{'-' if value < 0 else ''}inf"
        case Mapping() if not value:
            text = "{}"
        case Mapping():
            text = "{ " + ", ".join(f"{key} = {in_toml(item)}" for key, item in value.items()) + " }"
        case list() | tuple():
            text = "[" + ", ".join(map(in_toml, value)) + "]"
        case _:
            text = str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."


def shown(value: Any) -> str:
    """The same for where the sentence around it has quotes already."""
    return value if isinstance(value, str) and len(value) <= LONGEST else in_toml(value)
