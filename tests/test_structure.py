"""Imports go one way (DESIGN 3), and the command and the package cost nothing until something is asked of them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent
TABLES = {"polars", "numpy", "dataframely", "pydantic"}  # what tables and models are made of
HEAVY = {"numba", "llvmlite", "scipy", "networkx", "ortools", "altair", "vl_convert", "jinja2"}

# Who may import whom: a part of the library may import those of lines above it.
LAYERS = (
    {"jit", "folders", "versions"},
    {"model"},
    {"extension", "variants"},
    {"solvers", "verify"},
    {"phases"},
    {"assignment"},
    {"leastchange"},
    {"runs", "summary", "withholding"},
    {"adjustment"},
    {"explain"},
    {"report"},
    {"runmanifest"},
    {"runfolder", "pipeline"},
    {"runreading"},
    {"runaudit"},
    {"compare", "terminal", "year", "simulation"},
    {"cli"},
    {"__main__"},
)
NEVER = {"verify": {"solvers"}, "model": {"folders"}, "report": {"explain"}, "solvers": {"extension"}}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): ast.parse(path.read_text()) for path in sorted((ROOT / "engine").rglob("*.py"))}


def imported(nodes: Iterable[ast.AST], *, inside: bool = True, typing: bool = True) -> Iterator[str]:
    """Modules that statements import: also those inside functions and those for type checkers only, if so asked."""
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "an import says the whole name"
            yield from (submodule(str(node.module), alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from imported(node.body if typing else [], inside=inside, typing=typing)
        elif inside or not isinstance(node, ast.FunctionDef):
            yield from imported(ast.iter_child_nodes(node), inside=inside, typing=typing)


def submodule(module: str, name: str) -> str:
    return f"{module}.{name}" if f"{module}.{name}" in MODULES else module


def part(module: str) -> str:
    """The part of the library a module belongs to: ``engine.model.points`` is of the model."""
    return module.split(".")[1]


def uses(module: str) -> set[str]:
    """Everything a module imports anywhere."""
    return set(imported(MODULES[module].body))


def uses_at_once(module: str) -> set[str]:
    """What is loaded when the module is."""
    return set(imported(MODULES[module].body, inside=False, typing=False))


def libraries(modules: set[str]) -> set[str]:
    return {module.split(".")[0] for module in modules}


def layer(name: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if name in names)


INNER = [name for name in MODULES if name != "engine"]


def test_every_part_of_the_library_has_its_layer() -> None:
    assert {part(module) for module in INNER} <= set().union(*LAYERS)


def test_imports_go_one_way() -> None:
    pairs = {(part(module), part(used)) for module in INNER for used in uses(module) if used.startswith("engine.")}
    upwards = {(here, there) for here, there in pairs if here != there and layer(here) <= layer(there)}
    forbidden = {(here, there) for here, there in pairs if there in NEVER.get(here, ())}
    assert upwards | forbidden == set()


def test_nobody_inside_imports_from_the_root() -> None:
    assert [module for module in INNER if "engine" in uses(module)] == []


def test_the_generator_of_populations_is_imported_by_its_command_only() -> None:
    assert [module for module in MODULES if "scenarios" in libraries(uses(module))] == ["engine.cli.campaigns"]
    commands = [node for node in MODULES["engine.cli.campaigns"].body if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in commands if "scenarios" in libraries(set(imported([node])))] == ["generate"]


def test_no_imports_are_circular() -> None:
    graph = {module: set(imported(tree.body, typing=False)) & MODULES.keys() for module, tree in MODULES.items()}
    assert set(TopologicalSorter(graph).static_order()) == MODULES.keys()


def test_what_a_command_starts_with_imports_nothing_heavy() -> None:
    commands = {module for module in MODULES if module.startswith("engine.cli")}
    at_once = set().union(*map(uses_at_once, {"engine", "engine.__main__", "engine.folders"} | commands))
    assert libraries(at_once) & (TABLES | HEAVY | {"rich"}) == set()
    assert at_once & MODULES.keys() <= commands


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    early = {module: libraries(uses_at_once(module)) & HEAVY for module in MODULES if module != "engine.jit"}
    assert {module: names for module, names in early.items() if names} == {}


KERNELS = {module for module in MODULES if module.endswith("_kernel")}


def test_kernels_alone_know_how_they_are_compiled() -> None:
    assert {module for module in INNER if "engine.jit" in uses_at_once(module)} == KERNELS


def test_kernels_are_loaded_by_those_who_call_them_when_they_do() -> None:
    assert [module for module in INNER if uses_at_once(module) & KERNELS] == []


def test_kernels_hold_all_they_call() -> None:
    """A compiled kernel is not renewed when a callee in another file changes (`engine.jit`)."""
    for module in KERNELS:
        defined = {node.name for node in MODULES[module].body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        others = names_from_inside(module) - {"kernel", "inner", "prefetch", "Ints", "ShortInts", "Mask"}
        assert others == set(), f"{module} takes {others} from elsewhere"
        assert defined


def names_from_inside(module: str) -> set[str]:
    imports = [node for node in MODULES[module].body if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in imports if str(node.module).startswith("engine.") for alias in node.names}
