"""Reading a profile: the TOML file that describes a synthetic population, by the name of one that ships or by path."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scenarios.figures import ScenarioError
from scenarios.interdepartemental.profile import InterdepartementalProfile
from scenarios.intra.profile import IntraProfile
from scenarios.profile import Profile
from scenarios.specifique.profile import SpecifiqueProfile
from scenarios.tzr.profile import TzrProfile
from scenarios.year.profile import YearProfile

CampaignProfile = Profile | IntraProfile | InterdepartementalProfile | SpecifiqueProfile | TzrProfile
AnyProfile = CampaignProfile | YearProfile
MODELS: dict[str, type[AnyProfile]] = {
    "intra": IntraProfile,
    "interdepartemental": InterdepartementalProfile,
    "specifique": SpecifiqueProfile,
    "tzr": TzrProfile,
    "year": YearProfile,
}
"""The form of a profile by its movement; the others are inter-académiques."""


def load_profile(profile: str | Path, others: Sequence[str] = ()) -> AnyProfile:
    """Read a profile by the name of one that ships (``"inter-2025"``) or by the path of a TOML file.

    A profile may take sections of one that ships, ``sections = { careers = "inter-2025" }``, and say only what differs.

    Parameters
    ----------
    others : names that the caller would take too, for the message.

    Raises
    ------
    ScenarioError
        Unknown name, unreadable file, or values the model refuses: all of them are listed.
    """
    try:
        content = _with_sections(tomllib.loads(profile_text(profile, others)))
        model = MODELS.get(str(content.get("movement")), Profile)
        return model.model_validate(content)
    except OSError as error:
        raise ScenarioError(f'profile "{profile}" cannot be read: {error.strerror}.') from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f'profile "{profile}" is not UTF-8 TOML: {error}.') from error
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise ScenarioError(f'profile "{profile}" is refused:\n' + "\n".join(lines)) from error


def profile_text(profile: str | Path, others: Sequence[str] = ()) -> str:
    """The TOML text of a profile, by name or path."""
    if str(profile) in shipped_profiles():
        return (files("scenarios") / "profiles" / f"{profile}.toml").read_text(encoding="utf-8")
    path = Path(profile)
    if path.suffix != ".toml":
        known = ", ".join([*shipped_profiles(), *others])
        raise ScenarioError(f'no profile is named "{profile}". There are: {known}; or give the path of a TOML file.')
    return path.read_text(encoding="utf-8")


def shipped_profiles() -> list[str]:
    """Names of the profiles that come with the package, sorted."""
    entries = (files("scenarios") / "profiles").iterdir()
    return sorted(entry.name.removesuffix(".toml") for entry in entries if entry.name.endswith(".toml"))


def _with_sections(content: dict[str, Any]) -> dict[str, Any]:
    """The content with the sections it takes of other profiles put in; its own values take the place of theirs."""
    taken = content.pop("sections", {})
    if not isinstance(taken, dict) or not all(name in shipped_profiles() for name in taken.values()):
        raise ScenarioError(f"sections: a table of names among {', '.join(shipped_profiles())} is expected.")
    for section, name in taken.items():
        content[section] = tomllib.loads(profile_text(name)).get(section, {}) | content.get(section, {})
    return content
