"""What a page is made of: sections of blocks, each a frozen object that the template knows how to show.

Everything in a block is text in the language of the page, ready to show; the template escapes it. Only the drawing of a
`Picture` is still to be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.report.drawing import Drawing, Part


@dataclass(frozen=True)
class Cell:
    """A cell of a table that is more than text.

    Attributes
    ----------
    link : address the text leads to; only http and https addresses become links, and pages beside this one (``./``)
    after : what follows the text, outside the link
    tone : class of a badge (good, bad, quiet), or "" for plain text
    foreign : whether the text is English in a page of another language
    """

    text: str
    link: str = ""
    after: str = ""
    tone: str = ""
    foreign: bool = False

    @property
    def address(self) -> str:
        return self.link if self.link.startswith(("https://", "http://", "./")) else ""


@dataclass(frozen=True)
class Column:
    label: str
    numeric: bool = True


@dataclass(frozen=True)
class Table:
    """A table whose first column names the row. `folded`: shown only when the reader opens it."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Cell, ...], ...]
    folded: bool = False


@dataclass(frozen=True)
class Text:
    """A paragraph. tone: "" plain, lead (the finding of a section), note (how to read), empty (nothing to show)."""

    kind: ClassVar[str] = "text"
    text: str
    tone: str = ""


@dataclass(frozen=True, eq=False)
class Picture:
    """A chart with its caption, what its colours mean, and the figures behind it.

    Attributes
    ----------
    alternative : what the chart shows, for who cannot see it
    half : whether it takes half of the width, beside the next one
    """

    kind: ClassVar[str] = "picture"
    drawing: Drawing
    alternative: str
    caption: str
    legend: tuple[Part, ...] = ()
    table: Table | None = None
    half: bool = False


@dataclass(frozen=True)
class Shade:
    """A cell of a shaded table: text, class of its shade, what to say when pointed at."""

    text: str
    shade: str
    hint: str


@dataclass(frozen=True)
class ShadedRow:
    label: str
    cells: tuple[Shade, ...]
    mark: str = ""


@dataclass(frozen=True)
class ShadedColumn:
    label: str
    mark: str = ""


@dataclass(frozen=True)
class Key:
    """A line of the legend of a shaded table: class of the shade, what stands in the cells, what it means."""

    shade: str
    mark: str
    label: str


@dataclass(frozen=True)
class Shaded:
    """A heat map that is a table: rows and columns have headings, cells their figure.

    Attributes
    ----------
    corner : what rows and columns are
    """

    kind: ClassVar[str] = "shaded"
    caption: str
    corner: str
    columns: tuple[ShadedColumn, ...]
    rows: tuple[ShadedRow, ...]
    legend: tuple[Key, ...]


@dataclass(frozen=True)
class Finding:
    """One property of the verdict as shown. `rest`: what of its evidence is shown when the reader asks for it."""

    name: str
    title: str
    tone: str
    status: str
    evidence: str
    rest: str
    count: str
    violations: Table | None


@dataclass(frozen=True)
class Findings:
    kind: ClassVar[str] = "findings"
    items: tuple[Finding, ...]


@dataclass(frozen=True)
class Commands:
    """Lines to type."""

    kind: ClassVar[str] = "commands"
    lines: tuple[str, ...]


Block = Table | Text | Picture | Shaded | Findings | Commands


@dataclass(frozen=True)
class Section:
    """A part of the page. `key` is its anchor."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Tile:
    """A key figure: the number, what it counts, what it compares with."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Banner:
    """The verdict in a sentence. tone: good or bad."""

    tone: str
    title: str
    lines: tuple[str, ...]
