"""Pictures of pay as plain SVG text: quantile dot plots with the offer and the median's interval under the axis.

No library is imported: a picture costs well under a millisecond. Colours are the page's (`--ink`, `--soft`, `--line`,
`--accent`, `--bad`, `--good`) by classes that `STYLE` defines once a page, so light and dark both work.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

# Put once into a page that shows these pictures; `currentColor` where a page defines no such variable.
STYLE = """
.pay-chart{width:100%;height:auto;overflow:visible}
.pay-chart{font:13px/1.3 Inter,system-ui,sans-serif;font-feature-settings:"tnum"}
.pay-chart text{fill:var(--soft,currentColor)}.pay-chart .strong{fill:var(--ink,currentColor);font-weight:600}
.pay-chart .axis{stroke:var(--line,currentColor);stroke-width:1}.pay-chart .dot{fill:var(--accent,currentColor)}
.pay-chart .dot.below{opacity:.3}.pay-chart .median{fill:var(--accent,currentColor);opacity:.45}
.pay-chart .offer{fill:var(--ink,currentColor)}.pay-chart .offer.low{fill:var(--bad,currentColor)}
.pay-chart .offer-text{fill:var(--ink,currentColor)}.pay-chart .offer-text.low{fill:var(--bad,currentColor)}
.pay-chart .band{fill:var(--soft,currentColor);opacity:.3}.pay-chart .other{fill:var(--soft,currentColor);opacity:.55}
.pay-chart .ridge{fill:var(--accent,currentColor);opacity:.2;stroke:var(--accent,currentColor)}
.pay-chart .hatch{stroke:var(--soft,currentColor);stroke-width:1.5}
"""
DOTS = 20
_WIDTH, _LEFT, _RIGHT = 760, 24, 24
_RADIUS = 10.0
_COLUMN = 46.0
_ROW_LABELS = 190
_LABEL_WIDTH_PER_LETTER = 7.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A range under the axis: the offer, a band of the guide. `low` paints it as too low."""

    low_usd: float
    high_usd: float
    label: str
    is_low: bool = False


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
    """
    marks = [Mark(*median_interval, f"median {_k(median)}, 95 % interval {_span(*median_interval)}")]
    if offer is not None:
        marks.append(Mark(*offer, f"your offer {_span(*offer)}", offer_is_low))
    marks += bands
    scale = _Scale.holding([*dots, *(end for mark in marks for end in (mark.low_usd, mark.high_usd))])
    stacks = _stacked(dots, scale)
    tallest = max(level for _, _, level in stacks) + 1
    axis_y = tallest * (2 * _RADIUS + 1) + 12
    middle = sum(offer) / 2 if offer else -math.inf
    parts = [
        f'<circle class="dot{" below" if pay < middle else ""}" cx="{x:.1f}" '
        f'cy="{axis_y - 6 - _RADIUS - level * (2 * _RADIUS + 1):.1f}" r="{_RADIUS:g}"/>'
        for pay, x, level in stacks
    ]
    parts += _axis(scale, axis_y)
    y = axis_y + 26
    for index, mark in enumerate(marks):
        kind = "median" if index == 0 else "offer" if offer is not None and index == 1 else "band"
        parts += _bar(mark, kind, scale, y)
        y += 28
    heard = f"{what}: {'; '.join(mark.label for mark in marks)}"
    return _svg(parts, y - 4, heard)


def rows_plot(rows: Sequence[tuple[str, Callable[[float], float] | None, int]], *, what: str) -> str:
    """One row of dots for each distribution, under one axis, so that their overlap can be seen.

    A row is (label, quantile function or None, n); None is drawn hatched, "not enough data".
    """
    known = [quantile for _, quantile, _ in rows if quantile is not None]
    scale = _Scale.holding([q(p) for q in known for p in (0.02, 0.98)] or [100_000.0, 200_000.0], left=_ROW_LABELS)
    parts: list[str] = [_HATCH]
    step = 44.0
    for index, (label, quantile, n) in enumerate(rows):
        y = 20 + index * step
        parts.append(f'<text class="strong" x="0" y="{y + 4:.1f}">{escape(label)}</text>')
        if quantile is None:
            width = _WIDTH - _ROW_LABELS - _RIGHT
            parts.append(
                f'<rect x="{_ROW_LABELS}" y="{y - 9:.1f}" width="{width}" height="18" fill="url(#pay-hatch)"/>'
            )
            parts.append(f'<text x="0" y="{y + 20:.1f}">not enough data</text>')
            continue
        parts.append(f'<text x="0" y="{y + 20:.1f}">n = {n}, median {_k(quantile(0.5))}</text>')
        parts += [
            f'<circle class="{"dot" if index == 0 else "other"}" cx="{scale.x(pay):.1f}" cy="{y:.1f}" r="5"/>'
            for pay in quantile_dots(quantile)
        ]
        middle = scale.x(quantile(0.5))
        parts.append(f'<path class="hatch" d="M{middle:.1f} {y - 12:.1f}v24"/>')
    bottom = 20 + len(rows) * step
    parts += _axis(scale, bottom, below=True)
    medians = "; ".join(f"{label} {_k(q(0.5))}" if q else f"{label} not enough data" for label, q, _ in rows)
    return _svg(parts, bottom + 22, f"{what}: medians {medians}")


def intervals_plot(rows: Sequence[tuple[str, tuple[float, float, float]]], *, what: str) -> str:
    """One bar for each row of (label, (p10, median, p90)) in USD, the median a mark in it."""
    scale = _Scale.holding([end for _, ends in rows for end in ends], left=_ROW_LABELS)
    parts: list[str] = []
    for index, (label, (low, middle, high)) in enumerate(rows):
        y = 20 + index * 34.0
        width = max(3.0, scale.x(high) - scale.x(low))
        parts.append(f'<text class="strong" x="0" y="{y + 4:.1f}">{escape(label)}</text>')
        parts.append(
            f'<rect class="median" x="{scale.x(low):.1f}" y="{y - 6:.1f}" width="{width:.1f}" height="12" rx="6"/>'
        )
        parts.append(f'<circle class="dot" cx="{scale.x(middle):.1f}" cy="{y:.1f}" r="6"/>')
    bottom = 20 + len(rows) * 34.0
    parts += _axis(scale, bottom, below=True)
    told = "; ".join(f"{label} {_k(middle)}, {_span(low, high)}" for label, (low, middle, high) in rows)
    return _svg(parts, bottom + 22, f"{what}: {told}")


_HATCH = (
    '<defs><pattern id="pay-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>'
)


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    left: float

    @classmethod
    def holding(cls, values: Sequence[float], left: float = _LEFT) -> _Scale:
        room = (max(values) - min(values)) * 0.04 + 1_000
        return cls(min(values) - room, max(values) + room, left)

    def x(self, usd: float) -> float:
        return self.left + (usd - self.low) / (self.high - self.low) * (_WIDTH - _RIGHT - self.left)

    def ticks(self) -> list[float]:
        step = next(
            step for step in (5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 1e9) if (self.high - self.low) / step <= 8
        )
        first = math.ceil(self.low / step)
        return [step * index for index in range(first, math.floor(self.high / step) + 1)]


def _stacked(dots: Sequence[float], scale: _Scale) -> list[tuple[float, float, int]]:
    """(pay, x, level): dots that lie within one column stand on one another in its middle."""
    placed: list[tuple[float, float, int]] = []
    start, level = -math.inf, 0
    for pay in sorted(dots):
        x = scale.x(pay)
        if x - start < _COLUMN:
            level += 1
        else:
            start, level = x, 0
        placed.append((pay, start + _COLUMN / 2, level))
    return placed


def _axis(scale: _Scale, y: float, *, below: bool = False) -> list[str]:
    line = f'<line class="axis" x1="{scale.left}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
    ticks = [
        f'<text x="{scale.x(value):.1f}" y="{y + (16 if below else 15):.1f}" text-anchor="middle">{_k(value)}</text>'
        for value in scale.ticks()
    ]
    return [line, *ticks]


def _bar(mark: Mark, kind: str, scale: _Scale, y: float) -> list[str]:
    left, right = scale.x(mark.low_usd), scale.x(mark.high_usd)
    low = " low" if mark.is_low else ""
    width = max(3.0, right - left)
    text_class = f' class="offer-text{low}"' if kind == "offer" else ""
    needed = len(mark.label) * _LABEL_WIDTH_PER_LETTER
    if right + 8 + needed <= _WIDTH:
        x, anchor = right + 8, "start"
    elif left - 8 - needed >= 0:
        x, anchor = left - 8, "end"
    else:
        return [
            f'<rect class="{kind}{low}" x="{left:.1f}" y="{y:.1f}" width="{width:.1f}" height="6" rx="3"/>',
            f'<text{text_class} x="{_LEFT}" y="{y + 21:.1f}">{escape(mark.label)}</text>',
        ]
    return [
        f'<rect class="{kind}{low}" x="{left:.1f}" y="{y:.1f}" width="{width:.1f}" height="8" rx="4"/>',
        f'<text{text_class} x="{x:.1f}" y="{y + 9:.1f}" text-anchor="{anchor}">{escape(mark.label)}</text>',
    ]


def _svg(parts: Sequence[str], height: float, heard: str) -> str:
    label = escape(heard, quote=True)
    return (
        f'<svg class="pay-chart" viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{label}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _k(usd: float) -> str:
    return f"{usd / 1000:.0f}k"


def _span(low: float, high: float) -> str:
    return f"{low / 1000:.0f}–{high / 1000:.0f}k"
