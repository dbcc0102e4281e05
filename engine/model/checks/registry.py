"""Every cross-table check, with the tables it needs."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from engine.model.checks.adjustment import (
    adjustment_has_rules,
    attachments_are_in_the_zone,
    needs_can_be_met,
    tzr_hold_zones,
    tzr_owe_hours,
)
from engine.model.checks.candidates import (
    codes_are_in_force,
    families_are_in_one_place,
    holders_are_of_the_discipline,
    lists_name_what_is_there,
    points_come_with_the_wishes,
    posts_are_not_overfull,
    ranks_have_no_gaps,
    values_exist_in_the_session,
)
from engine.model.checks.context import Check, Context, Tables
from engine.model.checks.coordinates import coordinates_are_near_the_chef_lieu, schools_compared_are_located
from engine.model.checks.decisions import (
    decisions_agree,
    decisions_are_about_candidates,
    decisions_keep_links_whole,
    decisions_name_what_is_there,
    decisions_name_what_they_are_about,
    pins_have_seats,
    pins_name_schools_with_needs,
)
from engine.model.checks.links import (
    linked_candidates_ask_for_the_same,
    linked_candidates_have_one_strategy,
    linked_candidates_stay_or_go_together,
    linked_requests_take_part_together,
    links_are_between_candidates,
)
from engine.model.checks.measures import closures_are_of_seats_that_exist, specific_posts_are_apart, victims_are_known
from engine.model.checks.overtime import (
    afterwards_has_rules,
    afterwards_is_of_candidates,
    changes_are_whole,
    corrections_are_in_time,
    corrections_are_of_wishes,
    corrections_keep_one_strategy,
    criteria_are_of_the_rulebook,
    linked_requests_change_together,
    revisions_are_admitted,
)
from engine.model.checks.places import (
    places_are_in_the_zones_asked,
    places_are_of_the_movement,
    school_types_are_known,
)
from engine.model.checks.references import (
    codes_name_zones,
    extension_names_zones,
    held_posts_exist,
    posts_are_in_places,
    side_tables_refer_to_rows,
    wishes_are_of_candidates,
)
from engine.model.checks.requests import (
    links_are_of_no_use,
    orders_are_given_once,
    posts_have_a_type,
    requests_are_of_candidates,
    requests_are_of_the_movement,
    requests_follow_one_another,
    types_are_known,
    wishes_are_of_requests,
)
from engine.model.checks.whereabouts import codes_of_places_agree, holders_ask_in_their_academy
from engine.model.checks.zonetable import positions_are_an_order, zones_agree_with_columns, zones_hold_places
from engine.model.defects import Rule, defects, no_defects
from engine.model.overtime.amendments import CHANGED
from engine.model.schemas import SCHEMAS, key_columns

C14 = Rule("C14", "The movement of a campaign is the one its rulebook is of.")


def movement_is_that_of_the_rulebook(_: Tables, context: Context) -> pl.DataFrame:
    rules = context.rules
    if rules.is_none or context.movement in ("", rules.movement):
        return no_defects()
    problem = f"is not {rules.movement}, the movement of the rulebook {rules.rulebook}."
    return defects(C14, "campaign.toml", column="movement", value=context.movement, problem=problem)


CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = (
    ((), movement_is_that_of_the_rulebook),
    (("posts", "places"), posts_are_in_places),
    (("wishes", "candidates"), wishes_are_of_candidates),
    (("wishes", "places", "posts", "zones"), codes_name_zones),
    (("wishes",), ranks_have_no_gaps),
    (("candidates", "posts"), held_posts_exist),
    (("candidates", "posts"), holders_are_of_the_discipline),
    (("candidates", "posts"), posts_are_not_overfull),
    (("candidates",), values_exist_in_the_session),
    (("candidates", "places"), codes_are_in_force),
    (("links", "candidates"), links_are_between_candidates),
    (("links", "candidates", "wishes"), linked_candidates_ask_for_the_same),
    (("links", "candidates"), linked_candidates_stay_or_go_together),
    (("links", "candidates"), linked_candidates_have_one_strategy),
    (("links", "candidates"), linked_requests_take_part_together),
    (("posts", "candidates"), side_tables_refer_to_rows),
    (("extension", "places", "posts", "zones"), extension_names_zones),
    (("wishes",), points_come_with_the_wishes),
    (("places",), places_are_of_the_movement),
    (("zones", "places"), zones_hold_places),
    (("zones", "places", "wishes"), positions_are_an_order),
    (("zones", "places"), zones_agree_with_columns),
    (("places",), coordinates_are_near_the_chef_lieu),
    (("places", "posts", "zones", "candidates", "wishes"), schools_compared_are_located),
    (("places", "posts", "zones", "candidates", "wishes", "extension"), places_are_in_the_zones_asked),
    (("places",), codes_of_places_agree),
    (("places", "posts", "zones", "candidates", "wishes"), holders_ask_in_their_academy),
    (("candidates", "places", "closures"), victims_are_known),
    (("closures", "posts"), closures_are_of_seats_that_exist),
    (("opinions", "extension", "posts"), specific_posts_are_apart),
    (("places", "wishes", "extension"), school_types_are_known),
    (("candidates", "places", "posts", "zones"), lists_name_what_is_there),
    (("candidates",), families_are_in_one_place),
    (("requests",), requests_are_of_the_movement),
    (("requests", "candidates"), requests_are_of_candidates),
    (("requests", "posts"), types_are_known),
    (("posts",), posts_have_a_type),
    (("requests", "wishes"), wishes_are_of_requests),
    (("wishes",), requests_follow_one_another),
    (("opinions",), orders_are_given_once),
    (("links",), links_are_of_no_use),
    (("needs", "attachments"), adjustment_has_rules),
    (("candidates", "posts", "places", "zones"), tzr_hold_zones),
    (("candidates",), tzr_owe_hours),
    (("needs", "places", "candidates", "posts", "zones"), needs_can_be_met),
    (("attachments", "candidates", "posts", "places", "zones"), attachments_are_in_the_zone),
    (("decisions", "candidates"), decisions_are_about_candidates),
    (("decisions",), decisions_name_what_they_are_about),
    (("decisions", "candidates", "posts", "wishes", "requests"), decisions_name_what_is_there),
    (("decisions", "needs", "places", "candidates", "posts", "zones"), pins_name_schools_with_needs),
    (("decisions",), decisions_agree),
    (("decisions", "candidates", "posts"), pins_have_seats),
    (("decisions", "links"), decisions_keep_links_whole),
    ((), afterwards_has_rules),
    (("candidates", "evidence", "corrections"), afterwards_is_of_candidates),
    (("evidence", "corrections"), criteria_are_of_the_rulebook),
    (("corrections", "wishes"), corrections_are_of_wishes),
    (("corrections", "candidates"), corrections_keep_one_strategy),
    (("amendments",), changes_are_whole),
    (("amendments", "links"), linked_requests_change_together),
    (("corrections",), corrections_are_in_time),
    (("decisions",), revisions_are_admitted),
)


def cross_table_defects(tables: Tables, context: Context) -> pl.DataFrame:
    """Defects found by every check whose tables could be read, their keys at least."""
    named = {name: table for name, table in tables.items() if name in SCHEMAS and _is_named(name, table)}
    found = [*_by_every_check(named, context), *_of_changed_wishes(named, context)]
    return pl.concat([no_defects(), *found])


def _by_every_check(tables: Tables, context: Context) -> list[pl.DataFrame]:
    return [check(tables, context) for names, check in CHECKS if all(name in tables for name in names)]


def _of_changed_wishes(tables: Tables, context: Context) -> Iterator[pl.DataFrame]:
    """Defects of the wishes that changes of requests bring: those they would have in the table of wishes."""
    changed = tables.get("amendments")
    if changed is None or changed.is_empty() or "wishes" not in tables:
        return
    first = tables["wishes"].join(changed, on="candidate_id", how="semi", maintain_order="left").head(0)
    new = pl.concat([first, changed.select("#row", "candidate_id", *CHANGED)], how="diagonal")
    there = {**tables, "wishes": new}
    if "links" in there:
        linked = tables["links"].join(changed, on="candidate_id", how="semi")
        there["links"] = tables["links"].join(linked, on="link_id", how="semi", maintain_order="left")
    for names, check in CHECKS:
        if "wishes" in names and "corrections" not in names and all(name in there for name in names):
            found = check(there, context)
            yield found.filter(pl.col("table") == "wishes").with_columns(table=pl.lit("amendments"))


def _is_named(name: str, table: pl.DataFrame) -> bool:
    """Whether some row has a key: a column of keys that is all of another type was reported as a whole."""
    return table.is_empty() or all(table[key].null_count() < table.height for key in key_columns(name))
