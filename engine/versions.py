"""The versions that the numbers of a run come from."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

LIBRARIES = ("polars", "numpy", "numba", "dataframely", "pydantic")


def versions() -> dict[str, str]:
    """The versions of the engine and of the libraries its numbers come from; a dash for what is not installed."""
    return {name: _version(name) for name in ("mouvement", *LIBRARIES)}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "–"
