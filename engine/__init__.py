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
    from engine.run import Run
    from engine.runfolder import write_run
    from engine.solvers.mechanisms import solve
    from engine.verify.verify import verify

_HOMES = {
    "Campaign": "engine.model.campaign",
    "read_campaign": "engine.model.campaign",
    "InputRefused": "engine.model.defects",
    "Market": "engine.model.market",
    "Matching": "engine.model.market",
    "Rulebook": "engine.model.rulebook",
    "score": "engine.model.scoring",
    "run": "engine.pipeline",
    "run_campaign": "engine.pipeline",
    "Run": "engine.run",
    "write_run": "engine.runfolder",
    "solve": "engine.solvers.mechanisms",
    "verify": "engine.verify.verify",
}

__all__ = [
    "Campaign",
    "InputRefused",
    "Market",
    "Matching",
    "Rulebook",
    "Run",
    "read_campaign",
    "run",
    "run_campaign",
    "score",
    "solve",
    "verify",
    "write_run",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"engine has no {name}; it has {', '.join(__all__)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
