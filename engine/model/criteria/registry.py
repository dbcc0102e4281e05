"""Every criterion the engine knows, by the name its rule file bears."""

from __future__ import annotations

from engine.model.criteria import career, entrants, family, places
from engine.model.criteria.award import Criterion

CRITERIA: dict[str, Criterion] = {
    "academie_stage": entrants.academie_stage,
    "anciennete_poste": career.anciennete_poste,
    "autorite_parentale_conjointe": family.strategy("autorite_parentale_conjointe"),
    "boe": places.boe,
    "corse": places.corse,
    "echelon": career.echelon,
    "education_prioritaire": career.education_prioritaire,
    "enfants": family.enfants,
    "ex_contractuel": entrants.ex_contractuel,
    "ex_fonctionnaire": entrants.ex_fonctionnaire,
    "handicap": places.handicap,
    "mayotte_guyane": career.mayotte_guyane,
    "mutation_simultanee": family.strategy("mutation_simultanee"),
    "non_limitrophe": family.non_limitrophe,
    "outre_mer": places.outre_mer,
    "parent_isole": family.strategy("parent_isole"),
    "rapprochement_conjoints": family.strategy("rapprochement_conjoints"),
    "reintegration": entrants.reintegration,
    "residence_enfant": family.strategy("residence_enfant"),
    "separation": family.separation,
    "sportif_haut_niveau": career.sportif_haut_niveau,
    "stabilisation_tzr": career.stabilisation_tzr,
    "stagiaire": entrants.stagiaire,
    "voeu_preferentiel": places.voeu_preferentiel,
}

PEGC_CRITERIA: dict[str, Criterion] = {"bareme": career.bareme}
"""What the rulebook of the PEGC has beside them: points counted elsewhere."""
