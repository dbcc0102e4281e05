"""The verdict on the links of a year, H1 to H6: what one campaign hands over to the next (S2, S4; RULES 3)."""

from __future__ import annotations

from collections.abc import Sequence

from engine.verify.verdict import Verdict
from engine.verify.year.people import h1_leavers, h2_entrants, h5_zones, h6_others
from engine.verify.year.seats import h3_seats, h4_once
from engine.verify.year.stages import Handover, Stage


def verify_handovers(stages: Sequence[Stage], links: Sequence[Handover]) -> Verdict:
    """The verdict on a year whose campaigns have been run.

    Parameters
    ----------
    stages : every campaign
    links : those between two of them
    """
    return Verdict(
        (
            h1_leavers(links),
            h2_entrants(links),
            h3_seats(links),
            h4_once(stages, links),
            h5_zones(links),
            h6_others(links),
        )
    )
