"""Input rules of the intra: the post held, kinds and types of wishes, their number, opinions, the SII disciplines."""

from __future__ import annotations

import polars as pl

from engine.model import admissibility
from engine.model.criteria.award import first_reason
from engine.model.links import wishes_with_links
from engine.model.sessionrules import SessionRules

SII = "sciences_industrielles"


def request_reasons(candidates: pl.DataFrame, rules: SessionRules) -> pl.Series:
    """String per candidate: why his request is set aside, null where it is not.

    Beside the rules of every movement (cancelled, late): one discipline of the SII, open to the discipline of
    recruitment, and the one of the inter (seed 002, IV). Whose recruitment is not given is not judged by it.
    """
    reasons = admissibility.request_reasons(candidates, rules)
    return candidates.select(pl.coalesce(reasons, _discipline_reason(rules)).alias("reason")).to_series()


def _discipline_reason(rules: SessionRules) -> pl.Expr:
    chosen, recruited = pl.col("discipline"), pl.col("recruitment_discipline")
    open_to = {**rules.code_lists(SII, "agreges"), **rules.code_lists(SII, "certifies")}
    pairs = [f"{recruitment} {discipline}" for recruitment, listed in open_to.items() for discipline in listed]
    closed = recruited.is_in(list(open_to)) & ~pl.concat_str(recruited, chosen, separator=" ").is_in(pairs)
    movement = pl.col("inter_discipline").is_in(sorted({pair.split()[1] for pair in pairs}))
    return first_reason(
        (closed, "discipline_not_of_recruitment"),
        (movement & (pl.col("inter_discipline") != chosen), "inter_discipline_not_kept"),
    )


def wish_reasons(wishes: pl.DataFrame, candidates: pl.DataFrame, rules: SessionRules) -> pl.Series:
    """String per wish: why it is set aside, null where it is not.

    The reason of the request comes first, then the post held and what follows it, then kind, type, opinion and
    number, then what is set aside for a linked candidate.

    Parameters
    ----------
    wishes : wish facts (`engine.model.intra.facts.wish_facts`)
    candidates : candidate facts with the column ``request_reason``
    """
    compared = candidates.select("request_reason").with_columns(_rank_of_own_post(wishes, candidates.height))
    facts = wishes.select("rank", "kind", "school_type", "opinion_refused").hstack(
        compared.select(pl.all().gather(wishes["candidate"]))
    )
    truncates = pl.lit(rules.flag("wishes", "own_post_truncates"))
    precise = pl.col("school_type").is_not_null() & ~pl.col("kind").is_in(rules.codes("wishes", "typed_kinds"))
    reason = pl.coalesce(
        "request_reason",
        first_reason(
            (truncates & (pl.col("rank") == pl.col("own_rank")), "own_post"),
            (truncates & (pl.col("rank") > pl.col("own_rank")), "after_own_post"),
            (~pl.col("kind").is_in(rules.codes("wishes", "kinds")), "kind_not_admissible"),
            (precise, "school_type_on_precise_wish"),
            (pl.col("opinion_refused"), "opinion_unfavourable"),
            (pl.col("rank") > rules.count("wishes", "max_wishes"), "too_many_wishes"),
        ),
    )
    return wishes_with_links(facts.select(reason.alias("reason")).to_series(), wishes, candidates)


def _rank_of_own_post(wishes: pl.DataFrame, num_candidates: int) -> pl.Series:
    """Int64 per candidate: the rank of his first wish that covers the post he holds, else null."""
    first = wishes.filter("covers_own").group_by("candidate").agg(own_rank=pl.col("rank").min())
    rows = pl.DataFrame({"candidate": range(num_candidates)}, schema={"candidate": pl.UInt32})
    return rows.join(first, on="candidate", how="left", maintain_order="left")["own_rank"]
