"""The extension table of the intra: from the département of the first wish over the others of its académie.

In each département any post of its schools, then its ZR, then the next département (`by_department`); or the schools
of all before the ZR of any (`schools_first`). From a wish for the whole académie: its schools, then its ZR.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.geography import Academy, academies, all_departments, distance_km
from engine.model.sessionrules import SessionRules

SYNTHETIC = "synthetic"
SCHOOLS_FIRST = "schools_first"

Row = tuple[str, str, int, str, str, str]
"""origin_kind, origin_code, position (from 1), kind, code, source."""


def department_rows(rules: SessionRules) -> Iterator[Row]:
    """Rows of every origin: the départements and académies in force in the session."""
    for academy in academies(rules.session).values():
        for origin in academy.departments:
            yield from _from_department(origin, academy, rules)
        yield "ACA", academy.code, 1, "ACA", academy.code, SYNTHETIC
        yield "ACA", academy.code, 2, "ZRA", academy.code, SYNTHETIC


def _from_department(origin: str, academy: Academy, rules: SessionRules) -> Iterator[Row]:
    read = rules.code_lists("extension", "lines").get(origin, ())
    tag = rules.value("extension", "lines").source if read else SYNTHETIC
    order = (origin, *read, *_nearest(origin, academy, read))
    schools, zones = [("DPT", code) for code in order], [("ZRD", code) for code in order]
    in_turn = [row for pair in zip(schools, zones, strict=True) for row in pair]
    listed = [*schools, *zones] if rules.code("extension", "form") == SCHOOLS_FIRST else in_turn
    for position, (kind, code) in enumerate(listed, start=1):
        yield "DPT", origin, position, kind, code, tag if code == origin or code in read else SYNTHETIC


def _nearest(origin: str, academy: Academy, read: tuple[str, ...]) -> list[str]:
    """Départements of the académie that the line read does not name, nearest chef-lieu first, then in the order of
    codes."""
    known = all_departments()
    others = set(academy.departments) - {origin, *read}
    return sorted(others, key=lambda code: (distance_km(known[origin], known[code]), code))
