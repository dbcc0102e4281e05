"""Every criterion the engine knows at the intra, by the name its rule file bears."""

from __future__ import annotations

from engine.model.criteria import career as national
from engine.model.criteria import family as followers
from engine.model.criteria.award import Criterion
from engine.model.intra import bonuses, career, family, measures

INTRA_CRITERIA: dict[str, Criterion] = {
    "agrege_lycee": career.agrege_lycee,
    "anciennete_poste": national.anciennete_poste,
    "autorite_parentale_conjointe": family.strategy("autorite_parentale_conjointe"),
    "boe": bonuses.boe,
    "carte_scolaire": measures.carte_scolaire,
    "echelon": career.echelon,
    "education_prioritaire": career.education_prioritaire,
    "enfants": followers.enfants,
    "entree_education_prioritaire": career.entree_education_prioritaire,
    "ex_contractuel": bonuses.ex_contractuel,
    "ex_fonctionnaire": measures.ex_fonctionnaire,
    "greta": measures.greta,
    "greta_concours": measures.greta_concours,
    "handicap": bonuses.handicap,
    "mutation_simultanee": family.strategy("mutation_simultanee"),
    "parent_isole": family.strategy("parent_isole"),
    "rapprochement_conjoints": family.strategy("rapprochement_conjoints"),
    "reintegration": measures.reintegration,
    "residence_enfant": family.strategy("residence_enfant"),
    "separation": followers.separation,
    "stabilisation_tzr": career.stabilisation_tzr,
    "stagiaire": bonuses.stagiaire,
    "voeu_preferentiel": bonuses.voeu_preferentiel,
}
