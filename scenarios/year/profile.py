"""The profile of a year: which populations it is made of, and what they share."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scenarios.figures import ByCode, Count, Figure, Number, Record


class Campaigns(Record):
    """Profiles of the campaigns, by movement."""

    inter: str
    specifique: str
    intra: str
    tzr: str
    interdepartemental: str


class Intra(Record):
    """What the intra of a year has otherwise than its profile: those who enter come from the inter."""

    holders: Count
    mandatory: Count
    measures_share: Number
    mandatory_categories: ByCode


class Replacement(Record):
    """The TZR adjustment of a year: the académies whose TZR are placed, those of them that the scale keeps."""

    academies: Figure[list[str]]


class Same(Record):
    """The share of one population who are of another one too.

    The specific ones are of those who ask for a specific post for the first time: they hold an ordinary one.
    """

    inter_in_intra: Number
    specific_in_inter: Number
    specific_in_intra: Number


class Links(Record):
    """Linked requests at the inter; those who enter one académie together stay linked at its intra."""

    pairs: Count


class YearProfile(Record):
    """Everything the generator knows of a year beside the profiles of its campaigns."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    movement: Literal["year"]
    session: int = Field(ge=2023)
    seed: int = Field(ge=0)
    campaigns: Campaigns
    links: Links
    intra: Intra
    replacement: Replacement
    same: Same
