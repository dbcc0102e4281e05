"""What is lawful in an input and still worth a second look: remarks, each with how many it concerns and an example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from engine.model.checks.context import ground
from engine.model.checks.coordinates import compared_places
from engine.model.emptiness import emptiness
from engine.model.reasons import reason_sentence
from engine.model.zones import NAME, ZONE, covering_names, places_of_zones

Tables = Mapping[str, pl.DataFrame]


def remarks(tables: Tables, movement: str = "") -> tuple[str, ...]:
    """Remarks on checked tables."""
    if movement == "tzr":
        return tuple(_on_services(tables))
    return (*_on_candidates(tables), *_on_wishes(tables), *_on_places(tables))


def _on_services(tables: Tables) -> Iterator[str]:
    """Of the TZR adjustment: who asks for nothing, where nobody can teach, what is asked for without a need."""
    candidates, wishes, needs, schools = (tables[name] for name in ("candidates", "wishes", "needs", "places"))
    silent = candidates.join(wishes, on="candidate_id", how="anti", maintain_order="left")
    attached = tables["attachments"].filter(pl.col("position") == 0)
    roaming = candidates.join(attached, on="candidate_id", how="anti", maintain_order="left")
    untaught = needs.join(candidates, on="discipline", how="anti", maintain_order="left")
    asked = wishes.filter(pl.col("kind") == "ETB").join(
        candidates.select("candidate_id", "discipline"), on="candidate_id"
    )
    needless = asked.join(needs, left_on=["code", "discipline"], right_on=["place_id", "discipline"], how="anti")
    lost = schools.filter((pl.col("kind") == "ETB") & (pl.col("lat").is_null() | pl.col("lon").is_null()))
    lost = lost.join(needs, on="place_id", how="semi", maintain_order="left")
    found = (
        (
            "candidates",
            silent,
            "candidate_id",
            "gave no preference: they are served by their points and distance alone",
        ),
        ("candidates", roaming, "candidate_id", "have no school of attachment: no distance is counted for them"),
        ("needs", untaught, "need_id", "are of a discipline without any TZR: they stay open"),
        (
            "wishes",
            needless.sort("candidate_id", "rank"),
            "candidate_id",
            "are for a school without a need in the discipline: they cannot be met",
        ),
        ("places", lost, "place_id", "have needs and no coordinates: no distance is counted to these schools"),
    )
    yield from (_remark(table, rows, column, text) for table, rows, column, text in found if rows.height)


def _on_candidates(tables: Tables) -> Iterator[str]:
    candidates, wishes = tables["candidates"], tables["wishes"]
    holds, silent = pl.col("held_post").is_not_null(), candidates.join(wishes, on="candidate_id", how="anti")
    family = candidates.filter(
        pl.col("family").is_not_null() & pl.all_horizontal(pl.col("^spouse_(academy|department|commune)$").is_null())
    )
    elsewhere = candidates.join(tables["requests"], on="candidate_id", how="anti")  # requests name their own discipline
    found = (
        (
            elsewhere.join(tables["posts"], on="discipline", how="anti"),
            "of a discipline without any post can be assigned nowhere",
        ),
        (family, "with a family strategy name no place of the family: the bonus is not granted"),
        (silent.filter("mandatory"), "must take part and made no wish: extension alone can place them"),
        (silent.filter(~pl.col("mandatory")), "made no wish: they stay as they are"),
        (_obliged_holders(tables), "must leave with a post and hold one: they may keep it"),
        (
            candidates.filter(pl.col("closed_kind").is_not_null() & ~holds & ~pl.col("mandatory")),
            "lost their post to a measure and are not said to be mandatory: they may be left without one",
        ),
    )
    yield from (_remark("candidates", rows, "candidate_id", sentence) for rows, sentence in found if rows.height)


def _obliged_holders(tables: Tables) -> pl.DataFrame:
    """Holders who must leave with a post, and whose seat no measure takes away."""
    closing = tables["closures"]["post_id"].implode()
    return tables["candidates"].filter(
        pl.col("mandatory") & pl.col("held_post").is_not_null() & ~pl.col("held_post").is_in(closing)
    )


def _on_wishes(tables: Tables) -> Iterator[str]:
    wishes, named = tables["wishes"], ["candidate_id", "request", *NAME]
    if wishes.select(named).n_unique() < wishes.height:
        again = wishes.filter(~pl.struct(named).is_first_distinct())
        yield _remark("wishes", again, "candidate_id", "repeat an earlier wish of the same candidate")
    posts = wishes.filter(pl.col("kind") == "POST").select("candidate_id", post_id="code")
    if not tables["requests"].is_empty():
        yield from _on_requests(tables)
        return
    judged = tables["opinions"].join(posts, on=["candidate_id", "post_id"], how="anti", maintain_order="left")
    if judged.height:
        yield _remark("opinions", judged, "candidate_id", "are on posts the candidate does not ask for")
    yield from _on_empty_wishes(tables)


def _on_requests(tables: Tables) -> Iterator[str]:
    key = ["candidate_id", "request"]
    requests, opinions = tables["requests"], tables["opinions"]
    silent = requests.join(tables["wishes"], on=key, how="anti", maintain_order="left")
    if silent.height:
        yield _remark("requests", silent, "candidate_id", "have no wish")
    posts = tables["posts"].select("post_id", "type", "discipline")
    wanted = requests.select("candidate_id", "type", "discipline")
    rows = opinions.join(posts, on="post_id", maintain_order="left")
    unasked = rows.join(wanted, on=["candidate_id", "type", "discipline"], how="anti", maintain_order="left")
    if unasked.height:
        yield _remark("opinions", unasked, "candidate_id", "are on posts of a type the candidate does not ask for")
    empty = opinions.filter(pl.all_horizontal(pl.col("opinion", "head_opinion", "order").is_null()))
    if empty.height:
        yield _remark("opinions", empty, "candidate_id", "say nothing: neither an opinion nor an order")
    streams = requests.join(tables["posts"], on=["type", "discipline", "preference"], how="anti", maintain_order="left")
    unknown = streams.filter(pl.col("preference").is_not_null())
    if unknown.height:
        yield _remark("requests", unknown, "candidate_id", "prefer a stream that no post of their type has")


def _on_empty_wishes(tables: Tables) -> Iterator[str]:
    """Wishes that cover no post: they stay in the output, inadmissible, with their reason."""
    disciplines = tables["candidates"].select("candidate_id", "discipline")
    asked = tables["wishes"].join(disciplines, on="candidate_id", maintain_order="left")
    covering = covering_names(ground(tables))
    empty = asked.join(covering, on=ZONE, how="anti", nulls_equal=True, maintain_order="left")
    reasons = emptiness(ground(tables), empty.select(ZONE).unique())
    told = empty.join(reasons, on=ZONE, nulls_equal=True, maintain_order="left")
    for (reason,), rows in told.group_by("reason", maintain_order=True):
        first = f"wish {rows['rank'][0]} of {rows['candidate_id'][0]}"
        yield f"wishes: {rows.height} cover no post (such as {first}): {reason_sentence(str(reason), 'en')}"


def _on_places(tables: Tables) -> Iterator[str]:
    wishes, schools = tables["wishes"], tables["places"].filter(pl.col("kind") == "ETB")
    groupements = places_of_zones(ground(tables)).filter(pl.col("kind") == "GEO")
    outside = schools.join(groupements, on="place_id", how="anti", maintain_order="left")
    shared = groupements.filter(pl.col("place_id").is_duplicated()).sort("place_id", "code")
    untyped = schools.filter(pl.col("school_type").is_null())
    if (wishes["kind"] == "GEO").any() and outside.height:
        yield _remark("places", outside, "place_id", "in no groupement: no GEO wish covers these schools")
    if shared.height:
        yield _remark(
            "places", shared.unique("place_id", maintain_order=True), "place_id", "are in several groupements"
        )
    if wishes["school_type"].is_not_null().any() and untyped.height:
        yield _remark("places", untyped, "place_id", "without type: no wish for a type of school covers these schools")
    placed = tables["requests"].is_empty()  # posts with orders of their own are given one by one
    if placed and schools.height and schools["lat"].is_null().all() and not compared_places(tables).is_empty():
        text = "no school has coordinates: all seats of a zone are alike, whatever was asked for before"
        yield f"places: {text}."


def _remark(table: str, rows: pl.DataFrame, column: str, sentence: str) -> str:
    return f"{table}: {rows.height} {sentence} (such as {rows[column][0]})."
