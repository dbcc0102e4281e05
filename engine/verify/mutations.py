"""P3 and P11 where requests are examined one after the other within quotas: the mutations of the interdépartemental.

When each wish was examined is found anew from the points of the campaign and the order its rulebook says; candidates
who are linked are examined together. A wish was *open* if at that moment the département asked for could still let in
all who ask together, and the départements they leave could still let them go.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from engine.model.market import Ints
from engine.verify.audit import Audit
from engine.verify.links import FEWEST, NONE_LINKED
from engine.verify.lists import MAIN, NOTHING, Mask
from engine.verify.names import contracts_named
from engine.verify.seating import Seating
from engine.verify.sentences import sentence
from engine.verify.verdict import Property, checked, no_violations, not_applicable, violations

P3_TITLE = sentence("p3_title")
P11_TITLE = sentence("p11_title")
UNTOLD = sentence("untold_mutations")
COLUMNS = ("entry", "exit")
QUOTAS = {name: name for name in ("used_in", "entry", "used_out", "exit")}
"""Columns of `open_wishes` by which a phrase names how many had entered and left."""


@dataclass(frozen=True, eq=False)
class Examination:
    """What is known of the mutations of a result.

    Attributes
    ----------
    audit, now : the result, and who had what after the mutations
    turn : int64[k], when each contract was examined; `NOTHING` for what is no wish
    home : int64[n+f], the post each candidate holds, or `NOTHING`
    """

    audit: Audit
    now: Seating
    turn: Ints
    home: Ints

    @cached_property
    def granted(self) -> Ints:
        """Wishes granted by the mutations, in the order they were: of those linked the weakest last."""
        held = self.now.contract[: self.audit.lists.num_people]
        moved = held[held >= 0]
        moved = moved[self.audit.lists.phase[moved] == MAIN]
        in_turn: Ints = moved[np.lexsort((-self.audit.lists.priority[moved], self.turn[moved]))]
        return in_turn

    @property
    def quotas(self) -> tuple[Ints, Ints]:
        """int64[m], int64[m]: how many may enter and leave each post."""
        posts = self.audit.campaign.posts
        entry, leaving = (posts[name].cast(pl.Int64).to_numpy() for name in ("seats", "exit_quota"))
        return entry, leaving

    def goal(self, contracts: Ints) -> Ints:
        """The post that each of these contracts asks for."""
        lists = self.audit.lists
        return lists.zone_post[lists.zone_ptr[lists.zone[contracts]]].astype(np.int64)

    def origin(self, contracts: Ints) -> Ints:
        """The post that the candidate of each of these contracts holds, or `NOTHING`."""
        return self.home[self.audit.lists.candidate[contracts]]

    def last(self) -> tuple[Ints, Ints]:
        """int64[m], int64[m]: the contract granted to the last to enter and to leave each post, or `NOTHING`."""
        entry, leaving = np.full((2, self.audit.lists.num_posts), NOTHING)
        entry[self.goal(self.granted)] = self.granted  # in order: what is written last stays
        leavers = self.granted[self.origin(self.granted) >= 0]
        leaving[self.origin(leavers)] = leavers
        return entry, leaving


def examination(audit: Audit, now: Seating) -> Examination:
    """The mutations that led to a seating."""
    home = np.full(audit.lists.num_candidates, NOTHING)
    index = audit.campaign.posts.select(held_post="post_id").with_row_index("post")
    held = audit.campaign.candidates.select("held_post").join(index, on="held_post", how="left", maintain_order="left")
    home[: audit.lists.num_people] = held["post"].cast(pl.Int64).fill_null(NOTHING).to_numpy()
    return Examination(audit, now, _turns(audit), home)


def _turns(audit: Audit) -> Ints:
    """int64[k]: one number for the wishes of a request that are examined at once, in their order."""
    lists = audit.lists
    if not audit.in_turns:
        return np.where(lists.phase == MAIN, lists.priority.max(initial=0) - lists.priority, NOTHING)
    rows = np.flatnonzero(lists.phase == MAIN)
    wishes = pl.DataFrame({"row": rows, "candidate": lists.candidate[rows], "priority": lists.priority[rows]})
    wishes = wishes.with_columns(
        place=pl.Series(rows - lists.ptr[lists.candidate[rows]]),
        request=pl.Series(_requests(audit)[lists.candidate[rows]]),
    )
    offers = wishes.group_by("request", "place").agg(weakest=pl.col("priority").min())
    first = pl.col("weakest").sort_by("place").first().over("request")
    by = (first, pl.col("place")) if _order(audit) == "points" else (pl.col("weakest"), pl.col("place"))
    keys = by if _order(audit) == "points" else by[::-1]
    sequence = offers.sort(*keys, descending=[key is by[0] for key in keys]).with_row_index("turn")
    found = wishes.join(sequence, on=["request", "place"])
    turn = np.full(len(lists.phase), NOTHING)
    turn[found["row"].to_numpy()] = found["turn"].to_numpy()
    return turn


def _order(audit: Audit) -> str:
    rules = audit.campaign.rules
    return "points" if rules.is_none else rules.code("mutations", "order")


def _requests(audit: Audit) -> Ints:
    """int64[n+f]: a number for the request of each candidate; linked candidates make one."""
    link, alone = audit.lists.link, np.arange(audit.lists.num_candidates)
    return np.where(link >= 0, audit.lists.num_candidates + link, alone)


def beyond_quotas(audit: Audit) -> pl.DataFrame:
    """Départements that let in or let go more than they may in the mutations."""
    if not audit.in_turns or audit.before is None:
        return no_violations()
    seen = examination(audit, audit.before)
    m = audit.lists.num_posts
    origin = seen.origin(seen.granted)
    counts = (np.bincount(seen.goal(seen.granted), minlength=m), np.bincount(origin[origin >= 0], minlength=m))
    found = []
    for way, count, quota in zip(COLUMNS, counts, seen.quotas, strict=True):
        rows = audit.posts.with_columns(count=pl.Series(count), quota=pl.Series(quota))
        over = rows.filter(pl.col("count") > pl.col("quota"))
        found.append(violations(over, f"beyond_{way}_quota", post="post_id", count="count", quota="quota"))
    return pl.concat(found)


def p3_mutations(audit: Audit) -> Property:
    """Nobody has less than a wish that was open when it was examined.

    Requests come one after the other; each takes the best of its wishes that is open, so a better wish that is not
    granted was not. What permutations give is no matter of claims: they move nobody's turn. Linked candidates are
    looked at by P5.
    """
    if audit.before is None:
        return not_applicable("P3", P3_TITLE, UNTOLD)
    better, claims = _claims(audit, linked=False)
    return checked("P3", P3_TITLE, [sentence("p3_better_in_turns", better=better)], claims)


def p5_mutations(audit: Audit) -> Property:
    """The same for links: a wish is open to them if the quotas left at its turn bear all members."""
    if not audit.linked.any():
        return not_applicable("P5", FEWEST, NONE_LINKED)
    if audit.before is None:
        return not_applicable("P5", FEWEST, UNTOLD)
    better, claims = _claims(audit, linked=True)
    if claims.height:
        return checked("P5", FEWEST, [sentence("p5_claimed", claims=claims.height)], claims)
    return checked("P5", FEWEST, [sentence("p5_better_in_turns", better=better)])


def _claims(audit: Audit, *, linked: bool) -> tuple[int, pl.DataFrame]:
    """How many wishes are better than what the mutations gave, and a violation for each that was open at its turn."""
    assert audit.before is not None
    num_better, found = open_wishes(audit, audit.before, linked=linked)
    named = contracts_named(audit, found["contract"].to_numpy()).hstack(found.drop("contract"))
    return num_better, violations(named, "claims_open", contract="name", **QUOTAS)


def open_wishes(audit: Audit, now: Seating, *, linked: bool) -> tuple[int, pl.DataFrame]:
    """How many wishes are better than what the mutations gave, and those that were open at their turn.

    Parameters
    ----------
    now : who had what after the mutations

    Returns
    -------
    int, and polars.DataFrame: contract, turn, goal, home (posts), used_in, used_out (how many had entered and left),
    entry, exit (quotas)
    """
    seen, lists = examination(audit, now), audit.lists
    asked = (lists.phase == MAIN) & _judged(audit) & (audit.alone != linked)
    better = np.flatnonzero(asked & lists.better_than(now.contract))
    goal, home, turn = seen.goal(better), seen.origin(better), seen.turn[better]
    of = seen.turn[seen.granted]
    entry, leaving = seen.quotas
    rows = pl.DataFrame(
        {
            "contract": better,
            "turn": turn,
            "goal": goal,
            "home": home,
            "used_in": _before(seen.goal(seen.granted), of, goal, turn),
            "used_out": _before(seen.origin(seen.granted), of, home, turn),
            "entry": entry[goal],
            "exit": leaving[home],
        }
    )
    together = {"coming": pl.len().over("turn", "goal"), "going": pl.len().over("turn", "home")}
    comes = pl.col("used_in") + pl.col("coming") <= pl.col("entry")
    goes = (pl.col("home") < 0) | (pl.col("used_out") + pl.col("going") <= pl.col("exit"))
    free = rows.with_columns(**together).filter((comes & goes).all().over("turn"))
    return len(better), free


def _before(place_of: Ints, turn_of: Ints, place: Ints, turn: Ints) -> Ints:
    """int64[]: for each place and turn, how many of the others have that place and an earlier turn."""
    span = max(int(turn_of.max(initial=0)), int(turn.max(initial=0))) + 1
    keys = np.sort(place_of * span + turn_of)
    start, end = (np.searchsorted(keys, place * span + part) for part in (np.zeros_like(turn), turn))
    return np.where(place >= 0, end - start, 0)


def _judged(audit: Audit) -> Mask:
    return audit.judged[audit.lists.candidate]


def p11_mutations(audit: Audit) -> Property:
    """The cutoffs published are the points of the last to enter and to leave; they reproduce what each had.

    Where the quota of a département is used up, whoever is examined after the last to enter is refused there, and
    nobody before him; the same of who leaves. So everybody who is not linked has his first wish between the two. A
    link may be refused where one place is left for two, which no cutoff says: it is judged by P5 alone.
    """
    departments = audit.result.departments
    named = [f"{way}_{what}" for way in COLUMNS for what in ("cutoff_points", "turn_points", "last_candidate_id")]
    if departments is None or any(column not in departments.columns for column in ("post_id", *named)):
        return not_applicable("P11", P11_TITLE, sentence("no_gates"))
    if audit.before is None:
        return not_applicable("P11", P11_TITLE, UNTOLD)
    seen = examination(audit, audit.before)
    wrong = [_not_the_last(seen, departments, way, last) for way, last in zip(COLUMNS, seen.last(), strict=True)]
    by_quota = audit.in_turns
    evidence = [sentence("p11_gates", departments=departments.height)]
    if by_quota and audit.linked.any():
        evidence.append(sentence("p11_linked", people=int(audit.linked.sum())))
    return checked(
        "P11",
        P11_TITLE,
        evidence,
        *wrong,
        _not_reproduced(seen, departments) if by_quota else no_violations(),
    )


def _lead(seen: Examination, contracts: Ints) -> Ints:
    """The contract whose points said when each was examined."""
    if not seen.audit.in_turns or _order(seen.audit) != "points":
        return contracts
    return np.where(contracts >= 0, seen.audit.lists.ptr[seen.audit.lists.candidate[contracts]], NOTHING)


def _not_the_last(seen: Examination, departments: pl.DataFrame, way: str, last: Ints) -> pl.DataFrame:
    """Départements published with another cutoff than the points of the last who moved there, or without it."""
    audit = seen.audit
    points = np.append(audit.contracts.rows["points"].cast(pl.Int64).fill_null(0).to_numpy(), 0)
    people = audit.campaign.candidates["candidate_id"]
    none = pl.Series("none", last < 0)
    owner = np.append(audit.lists.candidate, 0)[last]
    found = audit.posts.select("post_id", "discipline").with_columns(
        pl.Series("points", points[last]).alias("points"),
        pl.Series("turn", points[_lead(seen, last)]).alias("turn"),
        people[owner].alias("who"),
        none,
    )
    found = found.with_columns(pl.when(~pl.col("none")).then(name).alias(name) for name in ("points", "turn", "who"))
    columns = {
        "told": f"{way}_cutoff_points",
        "turn_told": f"{way}_turn_points",
        "who_told": f"{way}_last_candidate_id",
    }
    rows = found.join(departments.select("post_id", **columns), on="post_id", how="left")
    wrong = [
        pl.col(a).ne_missing(pl.col(b)) for a, b in (("points", "told"), ("turn", "turn_told"), ("who", "who_told"))
    ]
    shown = {name: pl.col(name) / 1000 for name in ("told", "points")}
    named = {"post": "post_id", "who_told": "who_told", "who": "who"}
    return violations(rows.filter(pl.any_horizontal(wrong)), f"not_the_last_{way}", **named, **shown)


def _not_reproduced(seen: Examination, departments: pl.DataFrame) -> pl.DataFrame:
    """Who had something else than his first wish that the two published cutoffs leave open."""
    audit, lists = seen.audit, seen.audit.lists
    ends = [_end(seen, departments, way) for way in COLUMNS]
    rows = np.flatnonzero((lists.phase == MAIN) & _judged(audit))
    home = seen.origin(rows)
    comes = seen.turn[rows] <= ends[0][seen.goal(rows)]
    goes = (home < 0) | (seen.turn[rows] <= ends[1][home])
    stays = np.flatnonzero((lists.phase != MAIN) & _judged(audit))
    predicted = lists.first_of_each(np.sort(np.concatenate((rows[comes & goes], stays))))
    people = np.flatnonzero((~audit.linked & audit.judged)[: lists.num_people])
    wrong = people[predicted[people] != seen.now.contract[people]]
    named = audit.campaign.candidates.select("candidate_id", "discipline")[wrong].with_columns(
        has=contracts_named(audit, seen.now.contract[wrong])["name"],
        predicted=contracts_named(audit, predicted[wrong])["name"],
    )
    return violations(named, "mutations_not_reproduced", has="has", predicted="predicted")


def _end(seen: Examination, departments: pl.DataFrame, way: str) -> Ints:
    """int64[m]: the last turn at which each post let in, or let go: no end where its quota is not used up."""
    lists = seen.audit.lists
    names = seen.audit.campaign.candidates.select("candidate_id").with_row_index("last")
    told = departments.select("post_id", candidate_id=f"{way}_last_candidate_id").join(
        names, on="candidate_id", how="left"
    )
    last = seen.audit.posts.select("post_id").join(told, on="post_id", how="left", maintain_order="left")
    who = last["last"].cast(pl.Int64).fill_null(NOTHING).to_numpy()
    contract = np.append(seen.now.contract[: lists.num_people], NOTHING)[who]
    ends = np.where(contract >= 0, seen.turn[contract], NOTHING)
    place = seen.goal(seen.granted) if way == "entry" else seen.origin(seen.granted)
    count = np.bincount(place[place >= 0], minlength=lists.num_posts)
    quota = seen.quotas[COLUMNS.index(way)]
    return np.where(count < quota, np.iinfo(np.int64).max, ends)
