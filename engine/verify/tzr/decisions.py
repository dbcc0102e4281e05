"""P15: pinned TZR have a part of their service where decisions say, and the claims this creates are shown."""

from __future__ import annotations

import polars as pl

from engine.model.tzr.pins import pins_not_kept
from engine.verify.decisions import TITLE, allowed
from engine.verify.tzr.arenas import arenas_by_the_bareme
from engine.verify.tzr.audit import AdjustmentAudit
from engine.verify.tzr.claims import claims_in
from engine.verify.verdict import Property, checked, not_applicable, violations


def p15_decisions(audit: AdjustmentAudit) -> Property:
    """Every pin is kept; the claims (P3) there are because of it are those that a pinned TZR makes, or that are on his
    service, when all TZR are judged together by the order of points. The others are judged on what the pinned leave.
    """
    if audit.campaign.decisions.is_empty():
        return not_applicable("P15", TITLE, "No decision was taken outside the barème.")
    people = audit.staff.select("candidate_id", "discipline")
    wrong = pins_not_kept(audit.campaign, audit.result.needs).join(people, on="candidate_id")
    sentence = "has no part of a service in {}, and decision {} places him there."
    created = _created(audit)
    count, who = created.height, created["candidate_id"].n_unique()
    evidence = f"{len(audit.pinned)} pin. They create {count} claims of {who} candidates, which they allow."
    return checked("P15", TITLE, evidence, violations(wrong, sentence, "place_id", "decision_id"), proofs=created)


def _created(audit: AdjustmentAudit) -> pl.DataFrame:
    alone, pairs, _ = claims_in(audit, tuple(arenas_by_the_bareme(audit)))
    pinned = pl.Series(sorted(audit.pinned), dtype=pl.String).implode()
    alone = alone.filter(pl.col("candidate_id").is_in(pinned)).with_columns(
        name=pl.lit("a better service"), means=pl.lit("open needs of the zone make one"), others=pl.lit([], LIST)
    )
    pairs = pairs.filter(pl.col("candidate_id").is_in(pinned) | pl.col("other").is_in(pinned)).with_columns(
        name=pl.format("the service of {}", "other"),
        means=pl.lit("by points it goes to whoever comes first and can do it"),
        others=pl.concat_list("other"),
    )
    return allowed(audit.campaign, pl.concat([alone, pairs]))


LIST = pl.List(pl.String)
