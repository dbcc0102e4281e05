"""Quotas: how many each département may let in and let go by mutation."""

from __future__ import annotations

import numpy as np

from scenarios.draws import Floats, Ints, Streams, apportion
from scenarios.interdepartemental.land import Land
from scenarios.interdepartemental.people import People
from scenarios.interdepartemental.profile import InterdepartementalProfile


def draw_quotas(
    profile: InterdepartementalProfile, land: Land, people: People, streams: Streams, scale: float
) -> tuple[Ints, Ints]:
    """Draw the quotas of entry and of exit, as many in all on both sides.

    Entries follow inhabitants, less where people like to be; exits follow how many ask to leave, less than in
    proportion where many do.

    Returns
    -------
    entry, exit : int64[d], int64[d]
    """
    quotas, places = profile.quotas, profile.places
    attractiveness = land.values("attractiveness", places.attractiveness.value)
    inhabitants = land.values("inhabitants", places.inhabitants.value)
    entry = inhabitants * np.exp(quotas.entry_attractiveness.value * attractiveness)
    asking = np.bincount(people.held, minlength=len(land)).astype(np.float64)
    leaving = asking**quotas.exit_exponent.value * land.values("exit_factors", quotas.exit_factors.value, 1.0)
    total = round(quotas.mutations.value * scale)
    return (
        apportion(total, entry * _uneven("entry_quotas", len(land), quotas.entry_unevenness.value, streams)),
        apportion(total, leaving * _uneven("exit_quotas", len(land), quotas.exit_unevenness.value, streams)),
    )


def _uneven(subject: str, count: int, exponent: float, streams: Streams) -> Floats:
    """float64[count]: an exponential variable for each, to a power."""
    factor: Floats = (-np.log1p(-streams.uniform(subject, count))) ** exponent
    return factor
