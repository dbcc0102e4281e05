"""H1, H2, H5, H6: who takes part in a campaign of a year after those before it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from engine.verify.sentences import sentence
from engine.verify.verdict import Property, checked, no_violations, not_applicable, violations
from engine.verify.year.stages import Handover, coming, targets

H1, H2 = sentence("h1_title"), sentence("h2_title")
H5, H6 = sentence("h5_title"), sentence("h6_title")


def h1_leavers(links: Sequence[Handover]) -> Property:
    """Nobody who obtained a post before is a candidate, or has a wish, in what follows; but those whom H2, H5 admit."""
    if not links:
        return not_applicable("H1", H1, sentence("nothing_follows"))
    found, count = [], 0
    for link in links:
        back = pl.concat([coming(other).select("candidate_id") for other in links if other.target is link.target])
        gone = link.source.gained.join(back, on="candidate_id", how="anti")
        count += gone.height
        for table in ("candidates", "wishes"):
            left = link.target.given[table].join(gone, on="candidate_id", how="semi").unique("candidate_id")
            ends = {"source": pl.lit(link.source.name), "target": pl.lit(link.target.name)}
            found.append(violations(left.select("candidate_id"), f"still_in_{table}", **ends))
    return checked("H1", H1, [sentence("h1_obtained", people=count, links=len(links))], *found)


def h2_entrants(links: Sequence[Handover]) -> Property:
    """Every entrant is there once, mandatory, without a post, with a wish in his académie and the strategy he had."""
    own = [link for link in links if link.link == "entrants"]
    if not own:
        return not_applicable("H2", H2, sentence("no_inter_to_intra"))
    found, count = [], 0
    for link in own:
        arrivals, target, name = coming(link), link.target, pl.lit(link.target.name)
        count += arrivals.height
        people = arrivals.join(target.given["candidates"], on="candidate_id", how="left")
        there = target.given["candidates"].select("candidate_id", there=True).unique()
        rows = people.join(there, on="candidate_id", how="left")
        here = rows.filter("there")
        found += [
            violations(rows.filter(pl.col("there").is_null()), "entrant_absent", place="place_id", target=name),
            violations(here.filter(pl.col("candidate_id").is_duplicated()), "there_twice", target=name),
            violations(here.filter(~pl.col("mandatory")), "entrant_optional", place="place_id", target=name),
            violations(
                here.filter(pl.col("held_post").is_not_null()), "entrant_holds", place="place_id", post="held_post"
            ),
            _without_a_wish_there(link, here),
            _other_strategy(link, here),
        ]
    return checked("H2", H2, [sentence("h2_entrants", people=count)], *found)


def _without_a_wish_there(link: Handover, here: pl.DataFrame) -> pl.DataFrame:
    """Entrants none of whose wishes is for their académie, or one of whose wishes is for another."""
    zones = _zones(link.target.given["places"])
    wishes = link.target.given["wishes"].join(here.select("candidate_id", "place_id"), on="candidate_id")
    asked = wishes.join(zones, on=["kind", "code"], how="left")
    elsewhere = asked.filter(pl.col("academy").is_not_null() & (pl.col("academy") != pl.col("place_id")))
    silent = here.join(wishes, on="candidate_id", how="anti")
    return pl.concat(
        [
            violations(silent, "entrant_without_wish", place="place_id", target=pl.lit(link.target.name)),
            violations(
                elsewhere.unique("candidate_id"), "entrant_elsewhere", place="place_id", kind="kind", code="code"
            ),
        ]
    )


def _zones(places: pl.DataFrame) -> pl.DataFrame:
    """kind, code, academy: the zones that can be read off places."""
    columns = {"ETB": "place_id", "COM": "commune", "GEO": "grouping", "DPT": "department", "ACA": "academy"}
    columns |= {"ZRE": "place_id", "ZRD": "department", "ZRA": "academy"}
    known = [(kind, column) for kind, column in columns.items() if column in places.columns]
    parts = [places.select(kind=pl.lit(kind), code=pl.col(column), academy="academy") for kind, column in known]
    return pl.concat(parts).drop_nulls().unique(["kind", "code"])


def _other_strategy(link: Handover, here: pl.DataFrame) -> pl.DataFrame:
    """Entrants whose strategy is said to have been another at the inter than it was."""
    if "inter_family" not in here.columns:
        return no_violations()
    had = link.source.given["candidates"].select("candidate_id", had="family")
    rows = here.join(had, on="candidate_id")
    split = pl.col("had").eq_missing(pl.lit("mutation_simultanee")) & pl.col("inter_family").is_null()
    wrong = rows.filter(pl.col("inter_family").ne_missing(pl.col("had")) & ~split)
    return violations(wrong, "other_strategy", had="had", told="inter_family")


def h5_zones(links: Sequence[Handover]) -> Property:
    """Who obtained a zone of the adjustment holds it there, in his discipline; nobody holds one he left."""
    own = [link for link in links if link.link == "replacement"]
    if not own:
        return not_applicable("H5", H5, sentence("no_intra_to_tzr"))
    found, count = [], 0
    for link in own:
        arrivals, given, name = coming(link), link.target.given, pl.lit(link.target.name)
        count += arrivals.height
        zones = given["posts"].select("post_id", zone="place_id", of="discipline").unique("post_id")
        held = given["candidates"].select("candidate_id", "discipline", post_id="held_post")
        rows = arrivals.join(held.join(zones, on="post_id", how="left"), on="candidate_id", how="left")
        absent = rows.filter(pl.col("post_id").is_null())
        other = rows.filter(pl.col("post_id").is_not_null() & pl.col("zone").ne_missing(pl.col("place_id")))
        found += [
            violations(absent, "zone_holder_absent", place="place_id", target=name),
            violations(other, "other_zone", place="place_id", zone="zone"),
            violations(rows.filter(pl.col("of") != pl.col("discipline")), "zone_of_other", discipline="of"),
            violations(rows.filter(pl.col("candidate_id").is_duplicated()), "there_twice", target=name),
        ]
    return checked("H5", H5, [sentence("h5_zones", people=count)], *found)


def h6_others(links: Sequence[Handover]) -> Property:
    """Who has no part in a link is in the campaign with the post he held; nobody else is."""
    judged = targets(links)
    if not judged:
        return not_applicable("H6", H6, sentence("nothing_follows"))
    found, count = [], 0
    for target, into in judged:
        old, new = (
            tables["candidates"].select("candidate_id", "held_post") for tables in (target.before, target.given)
        )
        gone = pl.concat([link.source.gained.select("candidate_id") for link in into]).unique()
        arrivals = pl.concat([_expected(link) for link in into]).unique()
        stay = old.join(gone, on="candidate_id", how="anti")
        rows = stay.join(new.with_columns(there=True), on="candidate_id", how="left", suffix="_new")
        moved = rows.filter(pl.col("there") & pl.col("held_post").ne_missing(pl.col("held_post_new")))
        strangers = new.join(stay, on="candidate_id", how="anti").join(arrivals, on="candidate_id", how="anti")
        count += stay.height
        name = pl.lit(target.name)
        found += [
            violations(rows.filter(pl.col("there").is_null()), "lost_between", target=name),
            violations(moved, "changed_between", held="held_post", target=name, told="held_post_new"),
            violations(strangers, "brought_by_nobody", target=name),
        ]
    return checked("H6", H6, [sentence("h6_others", people=count)], *found)


def _expected(link: Handover) -> pl.DataFrame:
    """candidate_id of those whom a link may bring in: entrants, and mandatory candidates with nothing at the inter."""
    arrivals = coming(link).select("candidate_id")
    if link.link != "entrants":
        return arrivals
    people = link.source.given["candidates"].filter("mandatory").select("candidate_id")
    return pl.concat([arrivals, people.join(link.source.gained, on="candidate_id", how="anti")])
