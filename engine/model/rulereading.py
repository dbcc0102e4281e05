"""A folder of rule files: its manifest, its blocks laid over those of its base, and the timelines of their values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from importlib.resources.abc import Traversable

from engine.model.rulefile import Manifest, Override, RulebookError, RuleFile, Source, defects, read_form, unit_of
from engine.model.rulevalues import RuleValue, Value, parse_value, value_text

MANIFEST = "rulebook.toml"

Timelines = Mapping[tuple[str, str], tuple[RuleValue, ...]]
"""Of each block and key, its values in the order of their sessions."""


def read_manifest(folder: Traversable) -> Manifest:
    """The manifest of a rulebook. Raises RulebookError."""
    return read_form(folder / MANIFEST, Manifest)


def read_blocks(
    folder: Traversable, manifest: Manifest, base: Mapping[str, RuleFile], sources: Mapping[str, Source]
) -> tuple[dict[str, RuleFile], dict[str, Collection[str]]]:
    """The blocks of a folder, each laid over the block of its base of the same name, and the keys each one says itself.

    Raises
    ------
    RulebookError
        With every defect, one a line, each naming file and key.
    """
    sessions = range(manifest.first_session, manifest.last_session + 1)
    blocks: dict[str, RuleFile] = {}
    said: dict[str, Collection[str]] = {}
    found: list[str] = []
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not path.name.endswith(".toml") or path.name == MANIFEST:
            continue
        name = path.name.removesuffix(".toml")
        try:
            blocks[name], said[name] = _read_block(path, base.get(name))
        except RulebookError as error:
            found.extend(str(error).splitlines())
        else:
            found.extend(defects(name, blocks[name], sources, sessions, said[name]))
    if found:
        raise RulebookError("\n".join(found))
    return blocks, said


def timelines(
    blocks: Mapping[str, RuleFile], said: Mapping[str, Collection[str]], sources: Mapping[str, Source]
) -> Timelines:
    """The values that the blocks say themselves."""
    return {
        (name, key): tuple(_timeline(name, key, file, sources))
        for name, file in blocks.items()
        for key in file.values
        if key in said[name]
    }


def _read_block(path: Traversable, base: RuleFile | None) -> tuple[RuleFile, Collection[str]]:
    if base is None:
        file = read_form(path, RuleFile)
        return file, file.values
    override = read_form(path, Override)
    return override.of(base), override.values


def _timeline(block: str, key: str, file: RuleFile, sources: Mapping[str, Source]) -> Iterator[RuleValue]:
    unit = unit_of(file, key)
    for entry in file.values[key]:
        value: Value = None if entry.absent else parse_value(entry.value, unit)
        yield RuleValue(
            block=block,
            name=key,
            session_from=entry.session,
            value=value,
            text=value_text(value, unit),
            unit=unit,
            source=entry.source,
            source_title=sources[entry.source].title,
            confidence=entry.confidence,
            note=entry.note,
        )
