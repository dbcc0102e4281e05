"""P11 and P13: the cutoffs published reproduce the outcome, and the same input gives the same bytes."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.model.cutoffs import FREE, NOBODY, zone_cutoffs
from engine.model.zones import NAME, ZONE
from engine.verify.audit import Audit
from engine.verify.left import Left
from engine.verify.lists import CLOSING, EXTENSION, NOTHING, STAY
from engine.verify.names import contracts_named, holder_of, or_null, zone_name
from engine.verify.seating import Seating
from engine.verify.sentences import Listed, sentence
from engine.verify.texts import codes_named, either, texts
from engine.verify.verdict import WHOLE, Property, checked, not_applicable, violations

CUTOFF_COLUMNS = ("post_id", "cutoff_kind", "cutoff_points", "last_candidate_id")
TITLE = sentence("p11_title")
FREE_SEAT, NO_SEAT = 4, 5
KINDS = {"wish": EXTENSION, "closing": CLOSING, "stay": STAY, "free": FREE_SEAT, "no_seat": NO_SEAT}
"""Kinds of cutoffs by the phase of the contract to beat; own wishes count as those that extension adds."""


def p11_cutoffs(audit: Audit, left: Left) -> Property:
    """Read with the cutoffs alone, everybody gets his first wish that beats its cutoff, and that is what he has.

    Cutoffs are those of the mechanism, before improvement and before an extension that follows. Each is the one that
    the result leaves (P3), with the points of its last candidate; that of a zone is the lowest of its posts.
    What linked candidates have is another matter (P5), since the cutoffs each meets alone do not say it; and so is what
    those have whose claims links leave.

    Parameters
    ----------
    left : claims on what the mechanism gave
    """
    cutoffs, before = audit.result.cutoffs, audit.before
    if cutoffs is None or any(column not in cutoffs.columns for column in CUTOFF_COLUMNS):
        return not_applicable("P11", TITLE, sentence("no_cutoffs"))
    if before is None:
        return not_applicable("P11", TITLE, sentence("untold_before_improvement"))
    published = _published(audit, before, cutoffs)
    points = pl.col("cutoff_points").ne_missing(pl.col("points")) & (pl.col("cutoff_kind") == "wish")
    return checked(
        "P11",
        TITLE,
        [sentence("p11_cutoffs", cutoffs=cutoffs.height)],
        violations(published.filter(points), "cutoff_not_points", name="name"),
        _not_what_it_took(audit, before, published),
        _not_reproduced(audit, before, published, left),
    )


def _published(audit: Audit, before: Seating, cutoffs: pl.DataFrame) -> pl.DataFrame:
    """The table with post and zone (numbers, null for none), discipline, name; of the contract that the last candidate
    holds points and priority; and threshold: what one has to beat by the table."""
    absent = [pl.lit(None, pl.String).alias(name) for name in ZONE if name not in cutoffs.columns]
    rows = cutoffs.with_columns(absent).select(*ZONE, *CUTOFF_COLUMNS).rename({"discipline": "of"})
    posts = audit.posts.select("post_id", "post", "discipline")
    zones = audit.contracts.zones.names.rename({"discipline": "of"})
    rows = rows.join(posts, on="post_id", how="left", maintain_order="left")
    rows = rows.join(zones, on=["of", *NAME], how="left", nulls_equal=True, maintain_order="left")
    rows = rows.join(_last_candidates(audit, before), on="last_candidate_id", how="left", maintain_order="left")
    by_kind = {"free": pl.lit(FREE, pl.Int64), "wish": pl.col("priority")}
    threshold = pl.coalesce(pl.when(pl.col("cutoff_kind") == kind).then(value) for kind, value in by_kind.items())
    return rows.with_columns(
        discipline=pl.coalesce("discipline", "of"),
        name=pl.coalesce("post_id", zone_name()),
        threshold=threshold.fill_null(NOBODY),
    )


def _last_candidates(audit: Audit, before: Seating) -> pl.DataFrame:
    contract = before.contract[: audit.lists.num_people]
    found = audit.contracts.rows.select(pl.col("priority", "points").gather(or_null(contract)))
    people = audit.campaign.candidates.select(last_candidate_id="candidate_id")
    return found.hstack(people).with_row_index("last")


def _not_what_it_took(audit: Audit, before: Seating, published: pl.DataFrame) -> pl.DataFrame:
    """Cutoffs of posts and zones that are not those the result leaves."""
    known = published.filter(pl.col("post").is_not_null() | pl.col("zone").is_not_null())
    post, zone = (known[name].fill_null(0).to_numpy() for name in ("post", "zone"))
    of_post = known["post"].is_not_null().to_numpy()
    cutoff = np.where(of_post, before.post_cutoffs[post], before.zone_cutoffs[zone] if len(before.zone_cutoffs) else 0)
    holder = holder_of(audit, cutoff)
    kind = np.select([cutoff == FREE, holder < 0], [FREE_SEAT, NO_SEAT], np.append(audit.lists.phase, 0)[holder])
    owner = np.append(audit.lists.candidate, NOTHING)[np.where(kind <= EXTENSION, holder, NOTHING)]
    told = known["cutoff_kind"].replace_strict(KINDS, default=NOTHING, return_dtype=pl.Int64).to_numpy()
    wrong = told != np.maximum(kind, EXTENSION)
    wrong |= known["last"].cast(pl.Int64).fill_null(NOTHING).to_numpy() != owner
    wrong |= (known["last"].is_null() & known["last_candidate_id"].is_not_null()).to_numpy()
    rows = known.filter(pl.Series(wrong)).with_columns(
        kind_taken=pl.Series(np.maximum(kind, EXTENSION)[wrong]).replace_strict(
            {number: name for name, number in KINDS.items()}, return_dtype=pl.String
        ),
        last_taken=contracts_named(audit, np.where(kind <= EXTENSION, holder, NOTHING)[wrong])["candidate_id"],
    )
    rows = rows.with_columns(
        told=_in_words(rows, "cutoff_kind", "last_candidate_id"), taken=_in_words(rows, "kind_taken", "last_taken")
    )
    return violations(rows, "cutoff_not_taken", name="name", told="told", taken="taken")


def _in_words(rows: pl.DataFrame, kind: str, last: str) -> pl.Series:
    """What has to be beaten: a wish of somebody, a free seat, and so on."""
    named = rows.select(last, kind=codes_named(rows[kind], "cutoff"))
    return either(rows[last].is_null(), named["kind"], texts(named, "cutoff_of", kind="kind", last=last))


def _not_reproduced(audit: Audit, before: Seating, published: pl.DataFrame, left: Left) -> pl.DataFrame:
    """Who had something else than his first wish that beats the cutoff of its zone: the lowest of its posts."""
    lists = audit.lists
    of_posts = np.full(lists.num_posts, NOBODY)
    posts = published.drop_nulls("post")
    of_posts[posts["post"].to_numpy()] = posts["threshold"].to_numpy()
    cutoff = zone_cutoffs(lists.zone_ptr, lists.zone_post, of_posts)[lists.zone]
    enters = audit.competing & ((lists.phase == STAY) | (lists.priority >= cutoff))
    predicted = lists.first_of_each(np.flatnonzero(enters))
    people = (np.arange(lists.num_candidates) < lists.num_people) & ~audit.linked
    people[lists.candidate[left.excused(lists.candidate)]] = False
    wrong = np.flatnonzero(people & audit.judged & (predicted != before.contract))
    rows = audit.campaign.candidates.select("candidate_id", "discipline")[wrong].with_columns(
        has=contracts_named(audit, before.contract[wrong])["name"],
        predicted=contracts_named(audit, predicted[wrong])["name"],
    )
    key = "not_reproduced_before" if audit.improves else "not_reproduced"
    return violations(rows, key, has="has", predicted="predicted")


def p13_determinism(audit: Audit) -> Property:
    """The same input gives the same bytes: the outcome tables were made again in other ways and compared."""
    title = sentence("p13_title")
    if audit.result.stopped and not audit.result.replays:
        return not_applicable("P13", title, sentence("search_stopped"))
    if not audit.result.replays or not audit.result.digest:
        return not_applicable("P13", title, sentence("no_digest"))
    ways = Listed(tuple(audit.result.replays))
    other = [way for way, digest in audit.result.replays.items() if digest != audit.result.digest]
    return checked(
        "P13",
        title,
        [sentence("p13_digest", digest=audit.result.digest[:16], ways=ways)],
        *(violations(WHOLE, "tables_differ", way=Listed((way,))) for way in other),
    )
