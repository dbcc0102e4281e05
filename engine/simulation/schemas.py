"""The tables of a simulation folder, declared: what each column is."""

from __future__ import annotations

import dataframely as dy

from engine.model.results import CUTOFF_KINDS

VERDICTS = ("holds", "fails", "refused")


def _text(description: str, *, key: bool = False, optional: bool = True) -> dy.String:
    return dy.String(primary_key=key, nullable=optional and not key, description=description)


def _count(description: str, *, key: bool = False) -> dy.Int64:
    return dy.Int64(primary_key=key, nullable=False, description=description)


def _float(description: str, *, optional: bool = True) -> dy.Float64:
    return dy.Float64(nullable=optional, description=description)


def _points(description: str) -> dy.Int64:
    return dy.Int64(nullable=True, metadata={"unit": "points"}, description=description)


class Draws(dy.Schema):
    """One row per draw. Behind these columns every number of its summary, under the path of its names."""

    draw = _count("number of the draw", key=True)
    seed = _count("seed of its lots: where lots alone are drawn, `mouvement run --seed` makes it again")
    verdict = dy.String(
        nullable=False,
        check=lambda c: c.is_in(list(VERDICTS)),
        metadata={"values": list(VERDICTS)},
        description="refused: the draw gave no campaign that can be run",
    )
    failed = _text("the properties that fail, or why it was refused", optional=False)
    stop = _text("why the solver stopped", optional=False)


class Figures(dy.Schema):
    """One row per figure of the summary, over all draws that have it."""

    name = _text("path of the figure; share_moved is the share of candidates with a new assignment", key=True)
    draws = _count("draws that have it")
    mean = _float("mean", optional=False)
    sd = _float("standard deviation; empty = one draw")
    low = _float("lower end of the 95 % interval of the mean (Student)")
    high = _float("upper end of it")
    least = _float("smallest", optional=False)
    q025 = _float("2.5 % of the draws are not above", optional=False)
    q25 = _float("25 % of the draws are not above", optional=False)
    q50 = _float("half of the draws are not above", optional=False)
    q75 = _float("75 % of the draws are not above", optional=False)
    q975 = _float("97.5 % of the draws are not above", optional=False)
    most = _float("largest", optional=False)


class Zones(dy.Schema):
    """What a row of cutoffs is of."""

    discipline = _text("discipline", optional=False)
    kind = _text("kind of wish that names the zone, or the post alone", optional=False)
    code = _text("code of that wish", optional=False)
    school_type = _text("type of school of that wish")
    post_id = _text("the post; empty = a zone of several posts")


class SimulatedCutoffs(Zones):
    """What it took to enter each post and each zone that a wish names, over all draws that have the zone."""

    draws = _count("draws that have a cutoff of it")
    share_free = _float("share of them with a free seat for everybody", optional=False)
    share_by_points = _float("share of them in which points decided", optional=False)
    share_closed = _float(
        f"share of the others, where no points would do ({', '.join(CUTOFF_KINDS[2:])})", optional=False
    )
    entered = _float("candidates who entered, mean over the draws", optional=False)
    mean = _float("mean cutoff, where points decided")
    sd = _float("standard deviation of it; empty = fewer than two draws")
    low = _float("lower end of the 95 % interval of the mean (Student)")
    high = _float("upper end of it")
    q025 = _points("2.5 % of these cutoffs are not above")
    q25 = _points("25 % of these cutoffs are not above")
    q50 = _points("half of these cutoffs are not above")
    q75 = _points("75 % of these cutoffs are not above")
    q975 = _points("97.5 % of these cutoffs are not above")
    label = _text("name of the zone")


class CutoffValues(Zones):
    """Every cutoff in points that occurred, and in how many draws: what `mouvement chances` counts."""

    cutoff_points = _points("the cutoff")
    draws = _count("draws that have it")


class SimulatedWishes(dy.Schema):
    """One row per wish of the campaign: how likely its candidate is to obtain it."""

    candidate_id = _text("the candidate", key=True)
    rank = _count("rank of the wish in the campaign, whatever its rank in a draw", key=True)
    kind = _text("kind of zone asked for", optional=False)
    code = _text("code of the zone", optional=False)
    school_type = _text("type of school asked for")
    points = _points("points of the wish in the campaign")
    admissible = dy.Bool(nullable=False, description="whether it takes part")
    draws = _count("draws in which the candidate takes part, and whose result is not withheld")
    obtained = _count("draws in which he obtains it")
    probability = _float("share of these; empty = no draw tells")
    low = _float("lower end of its 95 % interval (Wilson)", optional=False)
    high = _float("upper end of it", optional=False)
    label = _text("name of the zone")


class SimulatedCandidates(dy.Schema):
    """One row per candidate of the campaign: what becomes of him. Of one drawn twice the first copy counts."""

    candidate_id = _text("the candidate", key=True)
    discipline = _text("discipline", optional=False)
    held_post = _text("the post held")
    mandatory = dy.Bool(nullable=False, description="must leave the campaign with a post")
    draws = _count("draws in which he takes part, and whose result is not withheld")
    share_assigned = _float("share of them in which he obtains a wish", optional=False)
    share_kept = _float("in which he keeps his post", optional=False)
    share_extended = _float("in which he is assigned by extension", optional=False)
    share_unassigned = _float("in which he has nothing", optional=False)
    share_excluded = _float("in which his request is not admissible", optional=False)


class Curves(dy.Schema):
    """Points against probability, for every zone of the widest kind that is asked for, all disciplines together."""

    kind = _text("kind of the zone", optional=False)
    code = _text("its code", optional=False)
    points = _points("points")
    probability = _float("mean over the disciplines, each as heavy as it has candidates who ask", optional=False)
    asked_by = _count("candidates who ask for the zone")
    label = _text("name of the zone")


SIMULATION_SCHEMAS: dict[str, type[dy.Schema]] = {
    "draws": Draws,
    "figures": Figures,
    "cutoffs": SimulatedCutoffs,
    "cutoff_values": CutoffValues,
    "wishes": SimulatedWishes,
    "candidates": SimulatedCandidates,
    "curves": Curves,
}
