"""The links between campaigns by name: each maps the results of an earlier campaign into the input of a later one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.year.carried import Carried, Finished
from engine.year.departed import departed
from engine.year.entrants import entrants
from engine.year.replacement import replacement
from engine.year.retained import retained
from engine.year.tables import Tables


@dataclass(frozen=True)
class Kind:
    """What a link does, and between which movements.

    Attributes
    ----------
    carry : from the campaign tables, the tables of links and a finished campaign to the campaign tables changed
    sources, targets : movements of the campaigns it may lead from and to
    """

    carry: Callable[[Tables, Tables, Finished], Carried]
    sources: tuple[str, ...]
    targets: tuple[str, ...]


LINKS: dict[str, Kind] = {
    "retained": Kind(retained, ("specifique", "ddf"), ("inter", "intra")),
    "entrants": Kind(entrants, ("inter",), ("intra",)),
    "departed": Kind(departed, ("specifique", "ddf", "inter"), ("tzr",)),
    "replacement": Kind(replacement, ("intra",), ("tzr",)),
}
