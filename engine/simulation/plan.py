"""What a simulation does: how many draws, of what, from which seed, how noisy, until how sure.

The plan is all that its figures depend on beside the campaign and its options: neither the number of workers nor the
place they run at is in it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.model.campaign import Campaign
from engine.model.defects import InputRefused, Rule, defects
from engine.model.forms import invalid_values

Varied = Literal["lots", "preferences", "population"]
VARIED: tuple[Varied, ...] = ("lots", "preferences", "population")
NOISE = 0.5
"""Scale of the noise of preferences unless another is asked for: an assumption (`engine.simulation.preferences`)."""
NOT_DRAWN = "tzr"

S1 = Rule("S1", "A simulation says how many draws it makes, of what, and from which seed.")
S2 = Rule("S2", "Draws repeat a movement that gives posts by points; services for a year are searched, not drawn.")


class Plan(BaseModel):
    """What is drawn.

    Attributes
    ----------
    draws : how many, at the most
    vary : what is drawn anew in each, in the order of `VARIED`
    seed : every draw comes from it and from its own number
    noise : scale of the noise of preferences; 0 leaves every list as it is
    precision : half-width of the interval of the share of candidates who move at which the draws stop; None = never
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    draws: Annotated[int, Field(ge=1, le=1_000_000)]
    vary: tuple[Varied, ...] = ("lots",)
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    noise: Annotated[float, Field(ge=0, le=100)] = NOISE
    precision: Annotated[float, Field(gt=0, lt=1)] | None = None


def plan_of(
    campaign: Campaign,
    draws: int,
    vary: Collection[str],
    seed: int | None = None,
    noise: float = NOISE,
    precision: float | None = None,
) -> Plan:
    """The plan of a simulation of a campaign; without a seed its own.

    Raises
    ------
    InputRefused
        For what is no plan, and for a movement that is not drawn.
    """
    if campaign.settings.movement == NOT_DRAWN:
        raise InputRefused(
            defects(S2, "campaign.toml", column="movement", value=NOT_DRAWN, problem="is not simulated.")
        )
    named = [name for name in VARIED if name in vary]
    unknown = sorted(set(vary) - set(VARIED))
    if unknown or not named:
        text, what = ", ".join(unknown), f"Name some of {', '.join(VARIED)}, with commas between."
        problem = "is nothing that can be drawn." if unknown else "names nothing to draw."
        raise InputRefused(defects(S1, "simulation", column="vary", value=text, problem=problem, hint=what))
    seed = campaign.settings.seed if seed is None else seed
    try:
        return Plan(draws=draws, vary=tuple(named), seed=seed, noise=noise, precision=precision)
    except ValidationError as error:
        raise InputRefused(invalid_values(error, Plan, "simulation", S1)) from None
