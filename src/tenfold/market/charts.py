"""Pictures of pay as plain SVG text: dots for ads, bars for intervals, hatching for what is not known.

No library is imported: a picture costs well under a millisecond. Colours are the page's (`--ink`, `--soft`, `--line`,
`--accent`, `--bad`, `--good`) by classes that `STYLE` defines once a page, so light and dark both work. Each kind is
drawn for a width: `both` holds the wide and the narrow drawing, and the style shows the one that fits its place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

# Put once into a page that shows these pictures; `currentColor` where a page defines no such variable.
STYLE = """
.pay-chart{display:block;width:100%;height:auto;overflow:visible}
.pay-chart{font:13px/1.3 Inter,system-ui,sans-serif;font-feature-settings:"tnum"}
.pay-picture{container-type:inline-size}.pay-picture .drawn-narrow{display:none;max-width:30rem}
.pay-picture .drawn-wide{font-size:14px;max-width:60rem}
@container (max-width:36rem){.pay-picture .drawn-wide{display:none}.pay-picture .drawn-narrow{display:block}}
.pay-chart text{fill:var(--soft,currentColor)}.pay-chart .strong{fill:var(--ink,currentColor);font-weight:600}
.pay-chart .axis{stroke:var(--line,currentColor);stroke-width:1}.pay-chart .dot{fill:var(--accent,currentColor)}
.pay-chart .dot.below,.pay-chart .other.below{opacity:.3}.pay-chart .median{fill:var(--accent,currentColor);opacity:.45}
.pay-chart .offer{fill:var(--ink,currentColor)}.pay-chart .offer.low{fill:var(--bad,currentColor)}
.pay-chart .offer-text{fill:var(--ink,currentColor)}.pay-chart .offer-text.low{fill:var(--bad,currentColor)}
.pay-chart .band{fill:var(--soft,currentColor);opacity:.3}.pay-chart .other{fill:var(--soft,currentColor);opacity:.55}
.pay-chart .stroke{stroke:var(--ink,currentColor);stroke-width:1.5;fill:none}
.pay-chart .hatch{stroke:var(--soft,currentColor);stroke-width:1;opacity:.55;fill:none}
.pay-chart .zero{stroke:var(--soft,currentColor);stroke-width:1;stroke-dasharray:3 3}
"""
DOTS = 20
WIDE, NARROW = 760, 360
EDGE = 24 / WIDE
"""What stands free left and right of the axis, as a share of the width: the same in both drawings."""
_ROW_LABELS = 210
_LETTER = 7.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A range under the axis: the offer, a band of the guide. `low` paints it as too low."""

    low_usd: float
    high_usd: float
    label: str
    is_low: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """One row of a picture of rows: a distribution by its quantile function, None where there is not enough data."""

    label: str
    quantile: Callable[[float], float] | None
    note: str = ""
    is_own: bool = True
    band: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """One row of a picture of intervals: low end, the point, high end. `is_own` paints it in the accent."""

    label: str
    low: float
    point: float
    high: float
    note: str = ""
    is_own: bool = True


def both(draw: Callable[[int], str]) -> str:
    """What `draw` makes for wide and for narrow places, of which the style shows one."""
    return f'<div class="pay-picture">{draw(WIDE)}{draw(NARROW)}</div>'


def quantile_dots(quantile: Callable[[float], float], count: int = DOTS) -> list[float]:
    """The middles of `count` equal parts of a distribution: each stands for one ad in `count`."""
    return [quantile((index + 0.5) / count) for index in range(count)]


def dot_plot(
    dots: Sequence[float],
    *,
    median: float,
    median_interval: tuple[float, float],
    what: str,
    offer: tuple[float, float] | None = None,
    offer_is_low: bool = False,
    bands: Sequence[Mark] = (),
    width: int = WIDE,
    spanning: tuple[float, float] | None = None,
    is_own: bool = True,
) -> str:
    """A quantile dot plot of yearly pay in USD as SVG text.

    Args:
        dots: one pay for each dot, rising (see `quantile_dots`).
        median: the median, and its 95 % interval, drawn as a bar under the axis.
        median_interval: low and high end.
        what: what the dots are, for people who hear the page ("Posted pay for senior MLOps engineers").
        offer: the offer's range; dots below its midpoint are drawn faint.
        offer_is_low: paints the offer in the colour of what is wrong.
        bands: further ranges below, for comparison.
        width: WIDE or NARROW.
        spanning: amounts that the axis reaches at least, so that pictures can be compared.
        is_own: False draws the dots in grey: another job than the one asked for.
    """
    marks = [Mark(*median_interval, f"median {_k(median)}, 95 % interval {_span(*median_interval)}")]
    if offer is not None:
        marks.append(Mark(*offer, f"your offer {_span(*offer)}", offer_is_low))
    marks += bands
    seen = [*dots, *(end for mark in marks for end in (mark.low_usd, mark.high_usd))]
    scale = _Scale.over(seen, width, spanning=spanning)
    radius, column = (10.0, 46.0) if width == WIDE else (6.5, 24.0)
    stacks = _stack(dots, scale, column)
    step = 2 * radius + 1
    axis_y = (max(level for _, _, level in stacks) + 1) * step + 12
    if spanning:
        axis_y = max(axis_y, 4 * step + 12)
    middle = sum(offer) / 2 if offer else -math.inf
    parts = [
        f'<circle class="{"dot" if is_own else "other"}{" below" if pay < middle else ""}" cx="{x:.1f}" '
        f'cy="{axis_y - 6 - radius - level * step:.1f}" r="{radius:g}"/>'
        for pay, x, level in stacks
    ]
    parts += _axis(scale, axis_y)
    y = axis_y + 28
    for index, mark in enumerate(marks):
        kind = "median" if index == 0 else "offer" if offer is not None and index == 1 else "band"
        drawn, taken = _bar(mark, kind, scale, y)
        parts += drawn
        y += taken
    heard = f"{what}: {'; '.join(mark.label for mark in marks)}"
    return _svg(parts, width, y - 8, heard, scale)


def rows_plot(rows: Sequence[Spread], *, what: str, width: int = WIDE) -> str:
    """One row of dots for each distribution, under one axis, so that their overlap can be seen."""
    ends = [row.quantile(p) for row in rows if row.quantile for p in (0.02, 0.98)]
    ends += [end for row in rows for end in row.band or ()]
    scale = _Scale.over(ends or [100_000.0, 200_000.0], width, left=_labels(width))
    parts: list[str] = []
    y = 22.0
    for row in rows:
        note = row.note if row.quantile else "not enough data"
        parts += _label(row.label, note, y, width)
        y += _below_label(width)
        if row.band:
            parts.append(_rect("band", scale, row.band, y=y - 11, height=22))
        parts += _dots_of(row, scale, y, width) if row.quantile else [_hatching(scale, y)]
        y += _row_step(width, bool(note)) - _below_label(width)
    medians = "; ".join(f"{row.label} {_k(row.quantile(0.5)) if row.quantile else 'not enough data'}" for row in rows)
    parts += _axis(scale, y - 8)
    return _svg(parts, width, y + 14, f"{what}: medians {medians}", scale)


def intervals_plot(
    rows: Sequence[Interval],
    *,
    what: str,
    width: int = WIDE,
    word: Callable[[float], str] | None = None,
    zero: float | None = None,
) -> str:
    """One bar for each row with its point in it. `word` names amounts on the axis; `zero` draws a line to compare with.

    Amounts are USD unless `word` says otherwise.
    """
    said = word or _k
    ends = [end for row in rows for end in (row.low, row.high)] + ([zero] if zero is not None else [])
    room = 1_000 if word is None else 0.04 * (max(ends) - min(ends)) + 1e-9
    scale = _Scale.over(ends, width, left=_labels(width), room=room)
    parts: list[str] = []
    y = 22.0
    for row in rows:
        parts += _label(row.label, row.note, y, width)
        y += _below_label(width)
        if zero is not None:
            reach = 16 if width == WIDE else 9  # clear of the label that stands above where it is narrow
            parts.append(f'<path class="zero" d="M{scale.x(zero):.1f} {y - reach:.1f}v{2 * reach}"/>')
        parts.append(_rect("median" if row.is_own else "band", scale, (row.low, row.high), y=y - 5, height=10))
        kind = "dot" if row.is_own else "other"
        parts.append(f'<circle class="{kind}" cx="{scale.x(row.point):.1f}" cy="{y:.1f}" r="6"/>')
        y += _row_step(width, bool(row.note)) - _below_label(width)
    told = "; ".join(f"{row.label} {said(row.point)}, {said(row.low)} to {said(row.high)}" for row in rows)
    parts += _axis(scale, y - 8, said)
    return _svg(parts, width, y + 14, f"{what}: {told}", scale)


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    left: float
    right: float

    @classmethod
    def over(
        cls,
        values: Sequence[float],
        width: int,
        *,
        left: float | None = None,
        spanning: tuple[float, float] | None = None,
        room: float = 1_000,
    ) -> _Scale:
        low, high = min(values), max(values)
        low, high = low - (high - low) * 0.04 - room, high + (high - low) * 0.04 + room
        if spanning:
            low, high = min(low, spanning[0]), max(high, spanning[1])
        edge = width * EDGE
        return cls(low, high, edge if left is None else left, width - edge)

    def x(self, value: float) -> float:
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)

    def ticks(self) -> list[float]:
        most = max(2, (self.right - self.left) / 58)
        reach = self.high - self.low
        sizes = [unit * 10.0**power for power in range(-3, 10) for unit in (1, 2, 5)]
        step = next((size for size in sizes if reach / size <= most), reach)
        first = math.ceil(self.low / step)
        return [step * index for index in range(first, math.floor(self.high / step) + 1)]


def _labels(width: int) -> float:
    """Where the axis of a picture of rows begins: beside the labels, or below them where it is narrow."""
    return _ROW_LABELS if width == WIDE else 6.0


def _below_label(width: int) -> float:
    return 0.0 if width == WIDE else 20.0


def _row_step(width: int, has_note: bool) -> float:
    if width == NARROW:
        return 54.0
    return 46.0 if has_note else 34.0


def _label(label: str, note: str, y: float, width: int) -> list[str]:
    said = [f'<text class="strong" x="0" y="{y + 4:.1f}">{escape(label)}</text>']
    if note and width == WIDE:
        said.append(f'<text x="0" y="{y + 22:.1f}">{escape(note)}</text>')
    elif note:
        said.append(f'<text x="{NARROW}" y="{y + 4:.1f}" text-anchor="end">{escape(note)}</text>')
    return said


def _dots_of(row: Spread, scale: _Scale, y: float, width: int) -> list[str]:
    assert row.quantile is not None  # noqa: S101 - asked for rows that have one
    kind, radius = "dot" if row.is_own else "other", 5 if width == WIDE else 4
    dots = [
        f'<circle class="{kind}" cx="{scale.x(pay):.1f}" cy="{y:.1f}" r="{radius}"/>'
        for pay in quantile_dots(row.quantile)
    ]
    return [*dots, f'<path class="stroke" d="M{scale.x(row.quantile(0.5)):.1f} {y - 11:.1f}v22"/>']


def _hatching(scale: _Scale, y: float) -> str:
    strokes = "".join(f"M{x} {y + 6:.0f}l9 -12" for x in range(int(scale.left), int(scale.right) - 8, 9))
    return f'<path class="hatch" d="{strokes}"/>'


def _rect(kind: str, scale: _Scale, ends: tuple[float, float], *, y: float, height: float) -> str:
    left, right = scale.x(ends[0]), scale.x(ends[1])
    return (
        f'<rect class="{kind}" x="{left:.1f}" y="{y:.1f}" width="{max(3.0, right - left):.1f}" height="{height:g}" '
        f'rx="{min(height / 2, 5):g}"/>'
    )


def _stack(dots: Sequence[float], scale: _Scale, column: float) -> list[tuple[float, float, int]]:
    """(pay, x, level): dots that lie within one column stand on one another in its middle."""
    placed: list[tuple[float, float, int]] = []
    start, level = -math.inf, 0
    for pay in sorted(dots):
        x = scale.x(pay)
        if x - start < column:
            level += 1
        else:
            start, level = x, 0
        placed.append((pay, start + column / 2, level))
    return placed


def _axis(scale: _Scale, y: float, word: Callable[[float], str] | None = None) -> list[str]:
    said = word or _k
    line = f'<line class="axis" x1="{scale.left:.1f}" x2="{scale.right:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
    ticks = [
        f'<text x="{scale.x(value):.1f}" y="{y + 17:.1f}" text-anchor="middle">{escape(said(value))}</text>'
        for value in scale.ticks()
    ]
    return [line, *ticks]


def _bar(mark: Mark, kind: str, scale: _Scale, y: float) -> tuple[list[str], float]:
    """A range under the axis with its label beside it, or below where there is no room; and the height it takes."""
    left, right = scale.x(mark.low_usd), scale.x(mark.high_usd)
    low = " low" if mark.is_low else ""
    text_class = f' class="offer-text{low}"' if kind == "offer" else ""
    needed = len(mark.label) * _LETTER
    bar = _rect(f"{kind}{low}", scale, (mark.low_usd, mark.high_usd), y=y, height=8)
    gap = 18 if kind == "offer" else 8  # room for the handles that a page lays on an offer's ends
    if right + gap + needed <= scale.right + scale.left:
        x, at, anchor = right + gap, y + 9, "start"
    elif left - gap - needed >= 0:
        x, at, anchor = left - gap, y + 9, "end"
    else:
        middle = min(max((left + right) / 2, needed / 2), scale.right + scale.left - needed / 2)
        x, at, anchor = middle, y + 24, "middle"
    label = f'<text{text_class} x="{x:.1f}" y="{at:.1f}" text-anchor="{anchor}">{escape(mark.label)}</text>'
    return [bar, label], 42.0 if anchor == "middle" else 26.0


def _svg(parts: Sequence[str], width: int, height: float, heard: str, scale: _Scale) -> str:
    label, size = escape(heard, quote=True), "wide" if width == WIDE else "narrow"
    return (
        f'<svg class="pay-chart drawn-{size}" viewBox="0 0 {width} {height:.0f}" role="img" '
        f'aria-label="{label}" data-low="{scale.low:.6g}" data-high="{scale.high:.6g}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _k(usd: float) -> str:
    if abs(usd) >= 1e6:
        return f"{usd / 1e6:.2f}".rstrip("0").rstrip(".") + "m"
    return f"{usd / 1000:.0f}k" if round(usd / 1000) else "0"


def _span(low: float, high: float) -> str:
    return f"{low / 1000:.0f}–{high / 1000:.0f}k"
