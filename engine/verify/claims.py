"""P3: no claim. Nobody prefers to what he has a wish that his priority should have given him."""

from __future__ import annotations

import polars as pl

from engine.verify.audit import Audit
from engine.verify.verdict import Property, checked, violations


def p3_claims(audit: Audit) -> Property:
    """A candidate claims a contract if he prefers it to what he has, and its post has a free seat or a weaker entrant.

    A seat closed is used; a seat still to be closed is wanted by a phantom that beats every wish, so it is free to
    nobody.
    An entrant placed by the extension that follows a run is weaker than every wish: the seat was free before.
    """
    better = preferred_contracts(audit)
    met = better.join(weakest_entrants(audit), on="post_id", how="left")
    free = met.filter(pl.col("free_seats") > 0)
    beaten = met.filter((pl.col("free_seats") <= 0) & (pl.col("strength") > pl.col("weakest")))
    title = "No claim: no better wish that priority should have given"
    return checked(
        "P3",
        title,
        f"{better.height} contracts preferred to what is held, each against the weakest entrant of its post.",
        violations(free, "claims {} ({}): a seat is free there.", "post_id", wish_name()),
        violations(
            beaten,
            "claims {} ({}): {} entered there with a weaker priority.",
            "post_id",
            wish_name(),
            "weakest_candidate",
        ),
    )


def preferred_contracts(audit: Audit) -> pl.DataFrame:
    """Contracts that their candidates prefer to what they have; extension counts where it competes in the run
    itself."""
    have = audit.held.select("candidate_id", have="order")
    withheld = audit.outcomes.filter(pl.col("status") == "withheld").select("candidate_id")
    contracts = (
        audit.contracts
        if audit.result.extension == "integrated"
        else audit.contracts.filter(pl.col("phase") != "extension")
    )
    contracts = contracts.join(withheld, on="candidate_id", how="anti")
    ranked = contracts.join(have, on="candidate_id", how="left")
    return ranked.filter(pl.col("order") < pl.col("have").fill_null(2**40))


def weakest_entrants(audit: Audit) -> pl.DataFrame:
    """Per post: free_seats, and the strength and name of its weakest entrant (null where nobody entered)."""
    occupants = audit.held.with_columns(strength=entrant_strength(audit)).sort("strength")
    taken = occupants.group_by("post_id").agg(occupants=pl.len().cast(pl.Int64))
    entrants = occupants.filter(pl.col("phase") != "stay").group_by("post_id", maintain_order=True)
    weakest = entrants.agg(weakest=pl.col("strength").first(), weakest_candidate=pl.col("candidate_id").first())
    posts = audit.posts.join(taken, on="post_id", how="left").join(weakest, on="post_id", how="left")
    free = pl.col("total") - pl.col("occupants").fill_null(0) - pl.col("closing")
    return posts.select("post_id", "weakest", "weakest_candidate", free_seats=free)


def entrant_strength(audit: Audit) -> pl.Expr:
    """Strength of a held contract towards wishes: none at all for an extension that came after the run."""
    if audit.result.extension != "residual":
        return pl.col("strength")
    return pl.when(pl.col("phase") == "extension").then(0).otherwise("strength")


def wish_name() -> pl.Expr:
    own = pl.format("wish {}", pl.col("rank").cast(pl.Int64))
    return pl.when(pl.col("phase") == "main").then(own).otherwise(pl.lit("extension"))
