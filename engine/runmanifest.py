"""What a run tells of itself in manifest.json: how it was made, by which values and versions; written and read back."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import BaseModel, Field, ValidationError

from engine.model.campaign import Campaign
from engine.model.defects import InputRefused, Rule, defects
from engine.model.rulebook import RuleValue
from engine.runs import AnyRun
from engine.verify.audit import Least
from engine.versions import versions

R2 = Rule("R2", "The manifest.json of a run folder, where there is one, is as `mouvement run` writes it.")


class ManifestOptions(BaseModel):
    """The options of a run that an audit depends on; None where the manifest does not say."""

    extension: Literal["none", "integrated", "residual"] | None = None
    improvement: Literal["none", "stable", "zone", "full", "permutations"] | None = None
    mechanism: str | None = None
    placement: Literal["priority", "distance"] | None = None
    link_points: Literal["own", "minimum", "mean"] | None = None


class ManifestClaims(BaseModel):
    """How many claims linked requests leave, and how few are proven possible."""

    claims: Annotated[int, Field(ge=0)] = 0
    bound: Annotated[int, Field(ge=0)] = 0

    @property
    def least(self) -> Least:
        return Least(self.claims, self.bound)


class ManifestValue(BaseModel):
    """A rule value that a run used."""

    block: str
    name: str
    value: str


class ManifestDecision(BaseModel):
    """A decision outside the barème that a run was made with."""

    decision_id: str
    candidate_id: str
    kind: str
    rank: int | None = None
    place_id: str | None = None
    post_id: str | None = None


class Manifest(BaseModel):
    """What an audit reads in ``manifest.json``; a result made elsewhere may tell less, or nothing."""

    options: ManifestOptions = ManifestOptions()
    seed: Annotated[int | None, Field(ge=0, lt=2**63)] = None
    input_digest: str | None = None
    campaign: dict[str, Any] = {}
    claims: ManifestClaims = ManifestClaims()
    claims_in_extension: ManifestClaims = ManifestClaims()
    stopped: bool = False
    table_digests: dict[str, str] = {}
    least_change: bool = False
    rule_values: list[ManifestValue] = []
    decisions: list[ManifestDecision] = []
    variant: dict[str, Any] | None = None


def manifest(run: AnyRun, digests: dict[str, str]) -> dict[str, Any]:
    """What is needed to make the run again and to know that it is the same."""
    libraries = versions()
    return {
        "mouvement": libraries.pop("mouvement"),
        "python": platform.python_version(),
        "libraries": libraries,
        "campaign": run.campaign.settings.model_dump(by_alias=True),
        "options": run.options.model_dump(),
        "seed": run.campaign.settings.seed,
        "input_digest": run.campaign.digest(),
        "claims": asdict(run.least[0]),
        "claims_in_extension": asdict(run.least[1]),
        "stopped": run.stop == "time_limit",
        "least_change": "least_change" in run.summary,
        "decisions": [told_decision(row) for row in run.campaign.decisions.iter_rows(named=True)],
        "table_digests": digests,
        "rule_values": [rule_record(value) for value in run.campaign.rules.values_used],
        "notes": [*run.campaign.notes, *run.scored.notes],
        **_variant(run.campaign),
        "seconds": run.seconds,
    }


def read_manifest(folder: Path) -> Manifest | None:
    """What the manifest of a run folder tells; None where there is none, for a result made elsewhere.

    Raises
    ------
    InputRefused
        If it is there and is not a manifest.
    """
    path = folder / "manifest.json"
    if not path.exists():
        return None
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputRefused(defects(R2, "manifest.json", problem=f"cannot be read: {error.strerror}.")) from None
    except ValidationError as error:
        found = [(".".join(map(str, item["loc"])), item["msg"]) for item in error.errors()]
        wrong = [defects(R2, "manifest.json", column=key, problem=f"cannot be read: {why}.") for key, why in found]
        raise InputRefused(pl.concat(wrong)) from None


def rules_digest(campaign: Campaign) -> str:
    """SHA-256 of the rule values in force."""
    record = [rule_record(value) for value in campaign.rules.values_used]
    return hashlib.sha256(json.dumps(record, default=str).encode()).hexdigest()


def rule_record(value: RuleValue) -> dict[str, Any]:
    """A rule value as plain text values: what it is, since when, where it was read and how sure it is."""
    return {
        "block": value.block,
        "name": value.name,
        "since": value.session_from,
        "value": value.text,
        "unit": value.unit,
        "confidence": value.told_confidence,
        "source": value.source,
        "source_title": value.source_title,
        "note": value.note,
    }


def told_decision(row: dict[str, Any]) -> dict[str, Any]:
    """A decision as plain values."""
    return {name: str(value) if isinstance(value, date) else value for name, value in row.items()}


def _variant(campaign: Campaign) -> dict[str, Any]:
    """The variant of the campaign, whole, and what it was laid on; nothing where there is none."""
    overlay = campaign.overlay
    return {} if overlay is None else {"variant": overlay.content, "base_digest": overlay.base_digest}
