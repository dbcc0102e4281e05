"""P15: pinned TZR have a part of their service where decisions say, and the claims this creates are shown."""

from __future__ import annotations

import polars as pl

from engine.model.tzr.pins import pins_not_kept
from engine.verify.decisions import TITLE, allowed
from engine.verify.sentences import Listed, sentence
from engine.verify.texts import texts
from engine.verify.tzr.arenas import arenas_by_the_bareme
from engine.verify.tzr.audit import AdjustmentAudit
from engine.verify.tzr.claims import claims_in
from engine.verify.verdict import Property, checked, not_applicable, violations

LIST = pl.List(pl.String)


def p15_decisions(audit: AdjustmentAudit) -> Property:
    """Every pin is kept; the claims (P3) there are because of it are those that a pinned TZR makes, or that are on his
    service, when all TZR are judged together by the order of points. The others are judged on what the pinned leave.
    """
    if audit.campaign.decisions.is_empty():
        return not_applicable("P15", TITLE, sentence("no_decisions"))
    people = audit.staff.select("candidate_id", "discipline")
    wrong = pins_not_kept(audit.campaign, audit.result.needs).join(people, on="candidate_id")
    created, pins = _created(audit), len(audit.pinned)
    counted = {"claims": created.height, "people": created["candidate_id"].n_unique()}
    evidence = (
        sentence("p15_decisions", kinds=Listed((sentence("decisions_pin", count=pins),))),
        sentence("p15_created", decisions=pins, **counted),
    )
    broken = violations(wrong, "no_service_there", place="place_id", decision="decision_id")
    return checked("P15", TITLE, evidence, broken, proofs=created)


def _created(audit: AdjustmentAudit) -> pl.DataFrame:
    alone, pairs, _ = claims_in(audit, tuple(arenas_by_the_bareme(audit)))
    pinned = pl.col("candidate_id", "other").is_in(sorted(audit.pinned))
    alone, pairs = (rows.filter(pl.any_horizontal(pinned)) for rows in (alone, pairs))
    alone = alone.with_columns(
        name=texts(alone, "better_service"), means=texts(alone, "means_open_needs"), others=pl.lit([], LIST)
    )
    pairs = pairs.with_columns(
        name=texts(pairs, "service_of", other="other"),
        means=texts(pairs, "means_order"),
        others=pl.concat_list("other"),
    )
    return allowed(audit.campaign, pl.concat([alone, pairs]))
