"""Input rules of the interdépartemental: who may take part, the own département, six wishes, identical linked lists."""

from __future__ import annotations

import polars as pl

from engine.model import admissibility
from engine.model.criteria.award import first_reason
from engine.model.geography import departments
from engine.model.interdepartemental.links import with_links
from engine.model.links import wishes_with_links
from engine.model.sessionrules import SessionRules


def request_reasons(candidates: pl.DataFrame, rules: SessionRules) -> pl.Series:
    """String per candidate: why his request is set aside, null where it is not.

    Beside the rules of every movement (cancelled, late): titulaires only (who gives no category is taken for one), and
    linked requests with the same list, none of which is set aside (seed 003, 2 and 4-1).
    """
    titulaire = pl.col("category").is_in(rules.codes("requests", "categories")).fill_null(True)
    reasons = admissibility.request_reasons(candidates, rules)
    own = candidates.select(pl.coalesce(reasons, first_reason((~titulaire, "not_titulaire"))).alias("reason"))
    return with_links(own["reason"], candidates, rules)


def wish_reasons(wishes: pl.DataFrame, candidates: pl.DataFrame, rules: SessionRules) -> pl.Series:
    """String per wish: why it is set aside, null where it is not.

    The reason of the request comes first, then the own département and what follows it, then kind, zone and number,
    then what is set aside for a linked candidate.

    Parameters
    ----------
    wishes : wish facts (`engine.model.interdepartemental.facts.wish_facts`)
    candidates : candidate facts with the column ``request_reason``
    """
    truncates = pl.lit(rules.flag("wishes", "own_zone_truncates"))
    typed = pl.lit(not rules.flag("wishes", "typed")) & pl.col("school_type").is_not_null()
    facts = wishes.with_columns(
        candidates["request_reason"].gather(wishes["candidate"]),
        is_own=(pl.col("department") == pl.col("own_department")).fill_null(False),
    )
    after_own = pl.col("is_own").cast(pl.Int8).cum_max().over("candidate") > 0
    reason = pl.coalesce(
        "request_reason",
        first_reason(
            (truncates & pl.col("is_own"), "own_department"),
            (truncates & after_own, "after_own_department"),
            (~pl.col("kind").is_in(rules.codes("wishes", "kinds")), "kind_not_admissible"),
            (typed, "school_type_not_admissible"),
            (~pl.col("department").is_in(sorted(departments())), "department_not_admissible"),
            (pl.col("rank") > rules.count("wishes", "max_wishes"), "too_many_wishes"),
        ),
    )
    return wishes_with_links(facts.select(reason.alias("reason"))["reason"], wishes, candidates)
