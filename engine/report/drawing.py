"""Bar charts as SVG, written as text: no script, no library, no font to be measured, the same bytes on every machine.

Figures and words are given by the sections; this module knows places and colours only. Legends are part of the page.
Every bar has a title that a pointer shows. Lengths are pixels at full width; the page scales the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from engine.report.scale import ticks

INK = "#1c2733"
SOFT = "#51606f"
GRID = "#e3e8ee"

WIDTH = 1040
"""What a chart takes, names of its rows included."""

LETTER = 6.6
"""What is set aside for a letter of a name: more than the fonts of most readers need at 12 pixels."""

GAP = 48
"""Between panels, and to the right of the last: half of ``100 %`` stands there."""

Written = Callable[[int], str]


@dataclass(frozen=True)
class Part:
    """A kind of bar: its name in the legend, its colour and that of text on it."""

    label: str
    colour: str
    ink: str = INK


@dataclass(frozen=True)
class Segment:
    """A piece of a bar of one hundred per cent, from `start` to `end` (shares of 1), in the row of a name."""

    name: str
    part: Part
    start: float
    end: float
    text: str
    hint: str


@dataclass(frozen=True)
class Bar:
    """An upright bar from zero to `value`, among those of a name."""

    name: str
    part: Part
    value: float
    text: str
    hint: str


@dataclass(frozen=True)
class Opposed:
    """Two bars of a name, to the right and to the left of zero, with the text of their difference."""

    name: str
    right: int
    left: int
    text: str
    hint: str


def stacked_bars(
    panels: Mapping[str, Sequence[Segment]], names: Sequence[str], alternative: str, percent: Written
) -> str:
    """Lying bars of one hundred per cent cut in segments, one row per name, one panel beside the other.

    Parameters
    ----------
    panels : segments of each panel, by its title; the title of a single panel is not shown
    alternative : what the chart shows, for who cannot see it
    percent : writes a number of per cent
    """
    room, step, top = _room(names), 24 if len(names) > 4 else 36, 24 if len(panels) > 1 else 4
    width = (WIDTH - room) / len(panels) - GAP
    foot = top + len(names) * step
    marks = list(_names(names, room, top, step))
    for place, (title, segments) in enumerate(panels.items()):
        left = room + place * (width + GAP)
        if len(panels) > 1:
            marks.append(_text(left, 10, title, anchor="start", weight=600))
        marks += _segments(segments, names, _Box(left, top, width, step))
        marks += _scale_below([(percent(tick), left + width * tick / 100) for tick in range(0, 101, 20)], foot)
    return _svg(marks, foot + 24, alternative)


def columns(
    bars: Sequence[Bar], names: Sequence[str], parts: Sequence[Part], title: str, alternative: str, written: Written
) -> str:
    """Upright bars over each name, side by side in the order of the parts.

    Parameters
    ----------
    title : what the names are
    written : writes a value of the scale
    """
    left, top, height = 56, 16, 190
    scale = ticks(0, max((bar.value for bar in bars), default=0), 5)
    share, thickness = (WIDTH - left) / max(len(names), 1), 0.8 / max(len(parts), 1)
    foot, unit = top + height, height / scale[-1]
    marks = [_line(left, foot - tick * unit, WIDTH, foot - tick * unit) for tick in scale]
    marks += [_text(left - 6, foot - tick * unit, written(tick), anchor="end") for tick in scale]
    for bar in bars:
        x = left + share * (names.index(bar.name) + 0.1 + thickness * parts.index(bar.part))
        marks.append(
            _rect(x, foot - bar.value * unit, share * thickness, bar.value * unit, bar.part.colour, bar.hint, "")
        )
        marks.append(_text(x + share * thickness / 2, foot - bar.value * unit - 8, bar.text, size=11))
    marks += [_text(left + share * (at + 0.5), foot + 12, name) for at, name in enumerate(names)]
    marks.append(_text((left + WIDTH) / 2, foot + 32, title, colour=SOFT))
    return _svg(marks, foot + 44, alternative)


def opposed_bars(
    rows: Sequence[Opposed], right: Part, left: Part, titles: tuple[str, str], alternative: str, written: Written
) -> str:
    """Bars to the right and to the left of zero, a mark at their difference, the difference at the end of the line.

    Parameters
    ----------
    titles : of the scale, and of the differences
    """
    room, step, top, names = _room([row.name for row in rows]), 19, 22, [row.name for row in rows]
    scale = ticks(-max(row.left for row in rows), max(row.right for row in rows), 7)
    foot, unit = top + len(rows) * step, (WIDTH - room - 80) / (scale[-1] - scale[0])
    at = {tick: room + (tick - scale[0]) * unit for tick in scale}
    zero = at[0]
    marks = [_line(x, top, x, foot) for x in at.values()]
    marks += [*_names(names, room, top, step), _text(WIDTH, 10, titles[1], anchor="end", colour=SOFT)]
    for place, row in enumerate(rows):
        y = top + (place + 0.1) * step
        marks.append(_rect(zero, y, row.right * unit, 0.8 * step, right.colour, row.hint))
        marks.append(_rect(zero - row.left * unit, y, row.left * unit, 0.8 * step, left.colour, row.hint))
        marks.append(_rect(zero + (row.right - row.left) * unit - 1.5, y - 1, 3, 0.8 * step + 2, INK, row.hint))
        marks.append(_text(WIDTH, y + 0.4 * step, row.text, anchor="end", weight=600))
    marks += _scale_below([(written(abs(tick)), x) for tick, x in at.items()], foot)
    marks.append(_text((room + WIDTH - 80) / 2, foot + 34, titles[0], colour=SOFT))
    return _svg(marks, foot + 46, alternative)


@dataclass(frozen=True)
class _Box:
    """Where the rows of a panel lie."""

    left: float
    top: float
    width: float
    step: float


def _segments(segments: Sequence[Segment], names: Sequence[str], box: _Box) -> Iterator[str]:
    row = {name: box.top + place * box.step for place, name in enumerate(names)}
    for cut in segments:
        x, width = box.left + cut.start * box.width, (cut.end - cut.start) * box.width
        yield _rect(x, row[cut.name] + 0.1 * box.step, width, 0.8 * box.step, cut.part.colour, cut.hint)
        if cut.text:
            yield _text(x + width / 2, row[cut.name] + box.step / 2, cut.text, size=11, colour=cut.part.ink)


def _names(names: Sequence[str], room: float, top: float, step: float) -> Iterator[str]:
    for place, name in enumerate(names):
        yield _text(room - 8, top + (place + 0.5) * step, name, anchor="end")


def _scale_below(places: Sequence[tuple[str, float]], foot: float) -> Iterator[str]:
    for text, x in places:
        yield _line(x, foot, x, foot + 4)
        yield _text(x, foot + 14, text)


def _room(names: Sequence[str]) -> int:
    """What the names of the rows take."""
    return 14 + int(LETTER * max(map(len, names), default=0))


def _svg(marks: Sequence[str], height: float, alternative: str) -> str:
    head = f'<svg role="img" aria-label="{escape(alternative)}" viewBox="0 0 {WIDTH} {_px(height)}"'
    return f'{head} style="max-width:{WIDTH}px" font-size="12" fill="{INK}">{"".join(marks)}</svg>'


def _rect(x: float, y: float, width: float, height: float, colour: str, hint: str, edge: str = ' stroke="#fff"') -> str:
    place = f'x="{_px(x)}" y="{_px(y)}" width="{_px(width)}" height="{_px(height)}"'
    return f'<rect {place} fill="{colour}"{edge}><title>{escape(hint)}</title></rect>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path d="M{_px(x1)} {_px(y1)}L{_px(x2)} {_px(y2)}" stroke="{GRID}"/>'


def _text(
    x: float, y: float, text: str, *, anchor: str = "middle", size: int = 12, weight: int = 400, colour: str = INK
) -> str:
    """A text whose middle line is at `y`."""
    look = "" if size == 12 else f' font-size="{size}"'
    look += "" if weight == 400 else f' font-weight="{weight}"'
    look += "" if colour == INK else f' fill="{colour}"'
    return f'<text x="{_px(x)}" y="{_px(y)}" dy=".35em" text-anchor="{anchor}"{look}>{escape(text)}</text>'


def _px(length: float) -> str:
    """A length to the tenth of a pixel."""
    return f"{length:.1f}".removesuffix(".0")
