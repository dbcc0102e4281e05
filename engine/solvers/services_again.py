"""Some blocks solved a second time, alone and the last first: the services must be the same (P13)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from time import perf_counter

from engine.model.tzr.blocks import Block
from engine.solvers.services import ServiceOptions, Services, services_of
from engine.solvers.services_model import Limits

ENOUGH = 200
"""TZR whose services are made a second time, about; all of them where there are no more."""


def spread(blocks: Sequence[Block]) -> range:
    """Numbers of blocks that hold about `ENOUGH` TZR, evenly spread, the last first."""
    every = max(1, sum(len(block.tzr) for block in blocks) // ENOUGH)
    return range(len(blocks) - 1, -1, -every)


def solved_again(blocks: Sequence[Block], chosen: Sequence[Services], options: ServiceOptions) -> list[Services] | None:
    """The services of the blocks of `spread`, made anew one block at a time; None where time runs out.

    Parameters
    ----------
    chosen : what `engine.solvers.services.assign_services` gave for all blocks
    """
    limits = Limits(perf_counter() + options.time_limit_s, options.effort)
    found = []
    for i in spread(blocks):
        found.append(services_of(blocks[i], options, limits, chosen[i].rounds))
        if found[-1].stop == "time_limit":
            return None
    return found


def services_digest(chosen: Sequence[Services]) -> str:
    """SHA-256 of the services of some blocks, in that order."""
    digest = hashlib.sha256()
    for found in chosen:
        for lots in found.lots:
            digest.update(len(lots).to_bytes(8) + lots.astype("<i8").tobytes())
    return digest.hexdigest()
