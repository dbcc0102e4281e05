"""Every criterion the engine knows at the interdépartemental, by the name its rule file bears."""

from __future__ import annotations

from engine.model.criteria import family as followers
from engine.model.criteria import places
from engine.model.criteria.award import Criterion
from engine.model.interdepartemental import bonuses, career, family

INTERDEPARTEMENTAL_CRITERIA: dict[str, Criterion] = {
    "anciennete_departement": career.anciennete_departement,
    "autorite_parentale_conjointe": followers.strategy("autorite_parentale_conjointe"),
    "boe": places.boe,
    "echelon": career.echelon,
    "education_prioritaire": career.education_prioritaire,
    "enfants": followers.enfants,
    "handicap": bonuses.handicap,
    "non_limitrophe": family.non_limitrophe,
    "outre_mer": bonuses.outre_mer,
    "parent_isole": followers.strategy("parent_isole"),
    "poste_a_profil": career.poste_a_profil,
    "rapprochement_conjoints": followers.strategy("rapprochement_conjoints"),
    "renouvellement": bonuses.renouvellement,
    "residence_enfant": followers.strategy("residence_enfant"),
    "separation": family.separation,
}
