"""P3: no claim. Nobody prefers to what he has a wish that his priority should have given him."""

from __future__ import annotations

import polars as pl

from engine.verify.audit import Audit
from engine.verify.verdict import Property, checked, violations


def p3_claims(audit: Audit) -> Property:
    """A candidate claims a contract if he prefers it to what he has, and its zone has a free seat or a weaker entrant.

    A seat closed is used; a seat still to be closed is wanted by a phantom that beats every wish, so it is free to
    nobody. An entrant placed by the extension that follows a run is weaker than every wish: the seat was free before.
    """
    better = preferred_contracts(audit)
    met = better.join(zone_thresholds(audit), on="zone", how="left").join(audit.people(), on="candidate", how="left")
    free = met.filter("is_free")
    beaten = met.filter(~pl.col("is_free") & (pl.col("priority") > pl.col("weakest")))
    return checked(
        "P3",
        "No claim: no better wish that priority should have given",
        f"{better.height} contracts preferred to what is held, each against the weakest entrant of its zone.",
        violations(free, "claims {} {} ({}): a seat is free there.", "kind", "code", contract_name()),
        violations(
            beaten,
            "claims {} {} ({}): {} entered there with a weaker priority.",
            "kind",
            "code",
            contract_name(),
            "weakest_candidate",
        ),
    )


def preferred_contracts(audit: Audit) -> pl.DataFrame:
    """Contracts their candidates prefer to what they have; extension counts where it competes in the run itself."""
    have = audit.held.select("candidate", have="order")
    judged = audit.outcomes.filter((pl.col("status") != "withheld") & pl.col("admitted")).select("candidate")
    competing = pl.col("phase") != "closing"
    if audit.result.extension == "residual":
        competing &= pl.col("phase") != "extension"
    contracts = audit.contracts.rows.filter(competing).join(judged, on="candidate", how="semi")
    ranked = contracts.join(have, on="candidate", how="left")
    return ranked.filter(pl.col("order") < pl.col("have").fill_null(2**40))


def zone_thresholds(audit: Audit) -> pl.DataFrame:
    """Per zone: is_free (a seat is free there), and the priority and name of its weakest entrant (null: nobody)."""
    posts = audit.contracts.zones.members.join(post_thresholds(audit), on="post").sort("zone", "weakest")
    return posts.group_by("zone", maintain_order=True).agg(
        is_free=(pl.col("free_seats") > 0).any(),
        weakest=pl.col("weakest").drop_nulls().first(),
        weakest_candidate=pl.col("weakest_candidate").drop_nulls().first(),
    )


def post_thresholds(audit: Audit) -> pl.DataFrame:
    """Per post: free_seats, and the priority and name of its weakest entrant (null where nobody entered)."""
    occupants = audit.held.with_columns(priority=priority_towards_wishes(audit)).sort("priority")
    named = occupants.join(audit.people().drop("discipline"), on="candidate", maintain_order="left")
    taken = occupants.group_by("post").agg(occupants=pl.len().cast(pl.Int64))
    entrants = named.filter(pl.col("phase") != "stay").group_by("post", maintain_order=True)
    weakest = entrants.agg(weakest=pl.col("priority").first(), weakest_candidate=pl.col("candidate_id").first())
    posts = audit.posts.join(taken, on="post", how="left").join(weakest, on="post", how="left")
    free = pl.col("total") - pl.col("occupants").fill_null(0) - pl.col("closing")
    return posts.select("post", "post_id", "weakest", "weakest_candidate", free_seats=free)


def priority_towards_wishes(audit: Audit) -> pl.Expr:
    """Priority of a held contract towards wishes: none at all for an extension that came after the run."""
    if audit.result.extension != "residual":
        return pl.col("priority")
    return pl.when(pl.col("phase") == "extension").then(0).otherwise("priority")


def contract_name() -> pl.Expr:
    own = pl.format("wish {}", pl.col("rank"))
    return pl.when(pl.col("phase") == "main").then(own).otherwise(pl.lit("extension"))
