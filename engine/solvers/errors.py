"""What a mechanism says of a market it cannot solve."""

from __future__ import annotations


class UnsupportedMarket(ValueError):
    """The market is a market, but this mechanism does not solve its kind; the message says what it met."""
