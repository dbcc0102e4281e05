"""Assignment engine for teacher mobility.

>>> import engine
>>> run = engine.run("folder", extension="residual")       # doctest: +SKIP
>>> market = engine.Market(wish_ptr=..., ...)              # doctest: +SKIP
>>> matching = engine.solve(market, mechanism="stable")    # doctest: +SKIP

The names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.model.campaign import Campaign, read_campaign
    from engine.model.defects import InputRefused
    from engine.model.market import Market, Matching
    from engine.model.rulebook import Rulebook
    from engine.model.scoring import score
    from engine.pipeline import run, run_campaign
    from engine.runfolder import write_run
    from engine.runs import Run
    from engine.simulation.folder import read_simulation
    from engine.simulation.simulate import simulate
    from engine.solvers.mechanisms import solve
    from engine.variants.variant import Variant, read_variant
    from engine.variants.vary import vary
    from engine.verify.verify import verify as audit

# name -> module, and the name it has there. A name must not be that of a submodule, which would take its place.
_HOMES = {
    "Campaign": ("engine.model.campaign", "Campaign"),
    "InputRefused": ("engine.model.defects", "InputRefused"),
    "Market": ("engine.model.market", "Market"),
    "Matching": ("engine.model.market", "Matching"),
    "Result": ("engine.verify.audit", "Result"),
    "Rulebook": ("engine.model.rulebook", "Rulebook"),
    "Run": ("engine.runs", "Run"),
    "audit": ("engine.verify.verify", "verify"),
    "published": ("engine.runfolder", "published"),
    "read_campaign": ("engine.model.campaign", "read_campaign"),
    "read_previous": ("engine.runreading", "read_previous"),
    "read_simulation": ("engine.simulation.folder", "read_simulation"),
    "run": ("engine.pipeline", "run"),
    "run_campaign": ("engine.pipeline", "run_campaign"),
    "score": ("engine.model.scoring", "score"),
    "simulate": ("engine.simulation.simulate", "simulate"),
    "Variant": ("engine.variants.variant", "Variant"),
    "read_variant": ("engine.variants.variant", "read_variant"),
    "solve": ("engine.solvers.mechanisms", "solve"),
    "vary": ("engine.variants.vary", "vary"),
    "write_run": ("engine.runfolder", "write_run"),
}

__all__ = [
    "Campaign",
    "InputRefused",
    "Market",
    "Matching",
    "Result",
    "Rulebook",
    "Run",
    "Variant",
    "audit",
    "published",
    "read_campaign",
    "read_previous",
    "read_simulation",
    "read_variant",
    "run",
    "run_campaign",
    "score",
    "simulate",
    "solve",
    "vary",
    "write_run",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"engine has no {name}; it has {', '.join(__all__)}")
    module, there = _HOMES[name]
    return getattr(import_module(module), there)


def __dir__() -> list[str]:
    return __all__
