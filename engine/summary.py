"""The figures of a run: who moved, on which wish, by group; seats and cutoffs. Counts are whole, shares are floats."""

from __future__ import annotations

from typing import Any

import polars as pl

from engine.model.campaign import Campaign
from engine.model.linkfates import fates_of_links
from engine.model.market import Matching
from engine.model.outcome import Outcome
from engine.model.scoring import Scored
from engine.verify.audit import Least


def summarise(campaign: Campaign, scored: Scored, tables: Outcome, matching: Matching, least: Least) -> dict[str, Any]:
    """Figures of a run as plain values.

    Parameters
    ----------
    matching : of the last search
    least : the claims that linked requests leave in the mechanism
    """
    people = campaign.candidates.select("candidate_id", "discipline", "held_post", "mandatory", "family").join(
        tables.outcomes, on="candidate_id"
    )
    holders = people.filter(pl.col("held_post").is_not_null())
    mandatory = people.filter("mandatory")
    return {
        "campaign": campaign.settings.id,
        "candidates": people.height,
        "disciplines": people["discipline"].n_unique(),
        "places": campaign.places.height,
        "posts": campaign.posts.height,
        "wishes": tables.wishes.height,
        "wishes_inadmissible": tables.wishes.filter(pl.col("result") == "inadmissible").height,
        "status": _counts(people["status"]),
        "holders": {
            **_group(holders),
            "moved": _moved(holders).height,
            "share_moved": _share(_moved(holders), holders),
        },
        "mandatory": _group(mandatory),
        "family": {name: _group(group) for name, group in _by_family(people)},
        **_requests(campaign, tables),
        "links": _links(campaign, tables, least),
        "seats_offered": int(campaign.posts["seats"].clip(lower_bound=0).sum()),
        "seats_to_close": int((-campaign.posts["seats"]).clip(lower_bound=0).sum()),
        "seats_closed": int(tables.cutoffs["closed"].sum()),
        "chains": {
            "number": int(tables.chains["chain_id"].n_unique()),
            "longest": int(tables.chains["position"].max() or 0),  # type: ignore[arg-type]
            "filled_by_chains": int(tables.chains["freed_by"].is_not_null().sum()),
        },
        **_phases(tables),
        "mechanism": {"stop": matching.stop, "worth": matching.worth, **_whole(matching.counters)},
    }


def _requests(campaign: Campaign, tables: Outcome) -> dict[str, Any]:
    """On specific posts, the requests made and who was retained; nothing in other movements."""
    if tables.selections is None:
        return {}
    requests = campaign.requests
    retained = tables.selections.filter(pl.col("result") == "obtained")
    by_request = campaign.wishes.select("candidate_id", "rank", "request").join(
        tables.wishes.filter("admissible").select("candidate_id", "rank"), on=["candidate_id", "rank"]
    )
    return {
        "requests": {
            "made": requests.height,
            "admissible": by_request.select("candidate_id", "request").unique().height,
            "candidates": requests["candidate_id"].n_unique(),
            "retained": retained.height,
            "retained_first_ranked": retained.filter(pl.col("position") == 1).height,
        }
    }


def _phases(tables: Outcome) -> dict[str, Any]:
    """At the interdépartemental, who moved in which phase, and what the quotas let through."""
    departments, outcomes = tables.departments, tables.outcomes
    if departments is None:
        return {}
    mutations = outcomes.filter(pl.col("phase") == "mutation")
    permutations = outcomes.filter(pl.col("phase") == "permutation")
    return {
        "phases": {
            "mutations": {"moved": mutations.height, "on_wish_1": mutations.filter(pl.col("rank") == 1).height},
            "permutations": {
                "moved": permutations.height,
                "on_wish_1": permutations.filter(pl.col("rank") == 1).height,
                "moved_before": permutations.filter(pl.col("before_rank").is_not_null()).height,
            },
            "entry_quota": int(departments["entry_quota"].sum()),
            "exit_quota": int(departments["exit_quota"].sum()),
            "entered_mutations": int(departments["entered_mutations"].sum()),
        }
    }


def _group(people: pl.DataFrame) -> dict[str, Any]:
    """Figures of one group: how many, how many obtained a wish, the first wish, an extension, nothing."""
    obtained = _moved(people).filter(pl.col("status") == "assigned")
    first = obtained.filter(pl.col("rank") == 1)
    return {
        "candidates": people.height,
        "obtained_a_wish": obtained.height,
        "share_obtained": _share(obtained, people),
        "on_wish_1": first.height,
        "share_on_wish_1": _share(first, people),
        "share_of_obtained_on_wish_1": _share(first, obtained),
        "extended": people.filter(pl.col("status") == "extended").height,
        "unassigned": people.filter(pl.col("status") == "unassigned").height,
    }


def _links(campaign: Campaign, tables: Outcome, least: Least) -> dict[str, Any]:
    """Linked requests by what became of them, and the claims they leave; nothing where nobody is linked."""
    if campaign.links.is_empty():
        return {}
    fates = fates_of_links(campaign, tables.outcomes, tables.wishes)["fate"]
    claims = {"claims": least.claims, "claims_proven": least.bound}
    return {"asked": len(fates), **_counts(fates), **claims}


def _moved(people: pl.DataFrame) -> pl.DataFrame:
    return people.filter(pl.col("status").is_in(["assigned", "extended"]))


def _by_family(people: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    named = people.with_columns(pl.col("family").fill_null("none"))
    return [(str(key[0]), group) for key, group in sorted(named.group_by("family"), key=lambda item: str(item[0][0]))]


def _counts(values: pl.Series) -> dict[str, int]:
    return {str(key): int(count) for key, count in sorted(values.value_counts().iter_rows())}


def _share(part: pl.DataFrame, whole: pl.DataFrame) -> float | None:
    return round(part.height / whole.height, 4) if whole.height else None


def _whole(counters: dict[str, float]) -> dict[str, float]:
    """Counters without clocks: the summary is the same for the same input."""
    return {name: value for name, value in counters.items() if "seconds" not in name}
