"""What differs between the movements when wishes are scored: the facts looked at, the criteria, the input rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from engine.model import admissibility
from engine.model.criteria import facts as inter
from engine.model.criteria.award import Criterion
from engine.model.criteria.registry import CRITERIA, PEGC_CRITERIA
from engine.model.interdepartemental import admissibility as interdepartemental_admissibility
from engine.model.interdepartemental import facts as interdepartemental
from engine.model.interdepartemental.registry import INTERDEPARTEMENTAL_CRITERIA
from engine.model.intra import admissibility as intra_admissibility
from engine.model.intra import facts as intra
from engine.model.intra.registry import INTRA_CRITERIA
from engine.model.sessionrules import SessionRules
from engine.model.specifique import admissibility as specifique_admissibility
from engine.model.specifique import facts as specifique
from engine.model.specifique.registry import SPECIFIQUE_CRITERIA
from engine.model.specifique.selection import selection
from engine.model.tzr import facts as tzr
from engine.model.tzr.registry import TZR_CRITERIA

if TYPE_CHECKING:
    from engine.model.campaign import Campaign


@dataclass(frozen=True)
class Movement:
    """How the wishes of one movement are scored.

    Attributes
    ----------
    criteria : every criterion the movement knows, by the name its rule file bears
    candidate_facts : the candidates, sorted, with what the criteria derive from them
    wish_facts : the wishes, sorted by candidate and rank, with what the criteria derive from them
    request_reasons : why a request is set aside, null where it is not (from the candidate facts)
    wish_reasons : why a wish is set aside, null where it is not (from the wish and candidate facts)
    columns : facts of the wishes that the scored wishes carry on
    selection : where every post has an order of its own, the posts each wish reaches (from the wish facts and reasons)
    """

    criteria: Mapping[str, Criterion]
    candidate_facts: Callable[[Campaign, SessionRules], pl.DataFrame]
    wish_facts: Callable[[Campaign, pl.DataFrame, SessionRules], pl.DataFrame]
    request_reasons: Callable[[pl.DataFrame, SessionRules], pl.Series]
    wish_reasons: Callable[[pl.DataFrame, pl.DataFrame, SessionRules], pl.Series]
    columns: tuple[str, ...] = ()
    selection: Callable[[Campaign, pl.DataFrame, SessionRules], pl.DataFrame] | None = None


SPECIFIC_POSTS = Movement(
    SPECIFIQUE_CRITERIA,
    specifique.candidate_facts,
    specifique.wish_facts,
    admissibility.request_reasons,
    specifique_admissibility.wish_reasons,
    selection=selection,
)

MOVEMENTS: dict[str, Movement] = {
    "inter": Movement(
        {**CRITERIA, **PEGC_CRITERIA},
        inter.candidate_facts,
        inter.wish_facts,
        admissibility.request_reasons,
        admissibility.wish_reasons,
    ),
    "intra": Movement(
        INTRA_CRITERIA,
        intra.candidate_facts,
        intra.wish_facts,
        intra_admissibility.request_reasons,
        intra_admissibility.wish_reasons,
        columns=("precedence",),
    ),
    "interdepartemental": Movement(
        INTERDEPARTEMENTAL_CRITERIA,
        interdepartemental.candidate_facts,
        interdepartemental.wish_facts,
        interdepartemental_admissibility.request_reasons,
        interdepartemental_admissibility.wish_reasons,
    ),
    "specifique": SPECIFIC_POSTS,
    "ddf": SPECIFIC_POSTS,
    "tzr": Movement(
        TZR_CRITERIA,
        tzr.candidate_facts,
        tzr.wish_facts,
        tzr.request_reasons,
        tzr.wish_reasons,
    ),
}
"""By the movement that a rulebook's manifest names."""
