"""Points: exact decimals kept as int64 thousandths, never floats.

Tenths occur in the second degree, truncated hundredths in the first, means of two in links: thousandths hold all.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import polars as pl

from engine.model.written import in_toml

SCALE = 1000
"""Thousandths in one point."""

LARGEST = 10**9 * SCALE
"""No number of points may reach this: sums of many stay far inside int64."""

_PATTERN = r"^[+-]?[0-9]{1,9}(\.[0-9]{1,3}0*)?$"


class PointsError(ValueError):
    """The value is not a number of points; the message quotes it."""


def parse_points(value: Decimal | int | str) -> int:
    """Thousandths of a number of points: ``"174.3"`` gives 174300.

    Raises
    ------
    PointsError
        For a float (not exact), for text that is no decimal number, for more than three decimals.
    """
    if isinstance(value, bool | float) or not isinstance(value, Decimal | int | str):
        raise PointsError(f"{in_toml(value)} is not an exact number of points; write it as a decimal number")
    try:
        thousandths = Decimal(value) * SCALE
    except InvalidOperation:
        raise PointsError(f"{in_toml(value)} is not a number of points") from None
    if not thousandths.is_finite() or abs(thousandths) >= LARGEST:
        raise PointsError(f"{in_toml(value)} is not a number of points the engine can hold")
    if thousandths != thousandths.to_integral_value():
        raise PointsError(f"{in_toml(value)} has more than three decimals")
    return int(thousandths)


def format_points(thousandths: int, decimal_mark: str = ".") -> str:
    """The shortest exact text: 174300 gives ``"174.3"``, 14000 gives ``"14"``."""
    whole, rest = divmod(abs(thousandths), SCALE)
    sign = "-" if thousandths < 0 else ""
    decimals = f"{rest:03d}".rstrip("0")
    return f"{sign}{whole}{decimal_mark}{decimals}" if decimals else f"{sign}{whole}"


def points_from_text(text: pl.Expr) -> pl.Expr:
    """Column of decimal text to Int64 thousandths; null where `parse_points` would raise.

    Leading and trailing blanks are allowed, exponents are not.
    """
    trimmed = text.str.strip_chars()
    whole = trimmed.str.extract(r"([0-9]+)").cast(pl.Int64, strict=False)
    decimals = trimmed.str.extract(r"\.([0-9]{1,3})").fill_null("").str.pad_end(3, "0").cast(pl.Int64, strict=False)
    sign = pl.when(trimmed.str.starts_with("-")).then(-1).otherwise(1).cast(pl.Int64)
    return pl.when(trimmed.str.contains(_PATTERN)).then(sign * (whole * SCALE + decimals))


def points_to_text(thousandths: pl.Expr) -> pl.Expr:
    """Column of Int64 thousandths to the text of `format_points`."""
    size = thousandths.abs()
    decimals = (size % SCALE).cast(pl.String).str.zfill(3).str.strip_chars_end("0")
    mark = pl.when(decimals == "").then(pl.lit("")).otherwise(pl.lit("."))
    sign = pl.when(thousandths < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, (size // SCALE).cast(pl.String), mark, decimals)
