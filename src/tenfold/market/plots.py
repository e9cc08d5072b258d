"""Charts of pay pages by Altair, drawn to SVG by vl-convert without a browser; each goes with its data as a table.

Colours are the page's variables, so that one picture serves light and dark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

_WIDTH, _HEIGHT = 640, 220
# Stand-ins that Vega accepts; they become variables of the page in the finished SVG.
_INK, _SOFT, _LINE, _ACCENT = "#010101", "#020202", "#030303", "#040404"
_VARIABLES = {_INK: "--ink", _SOFT: "--soft", _LINE: "--line", _ACCENT: "--accent"}


@dataclass(frozen=True, slots=True)
class YearPoint:
    """The median of a level's ads in one year with its 95 % interval, USD a year."""

    level: str
    year: int
    median: float
    low: float
    high: float
    n: int


def trend(points: Sequence[YearPoint], *, what: str) -> str:
    """Medians by year with their intervals, a panel for each level, as SVG; "" where there is nothing to draw."""
    if not points:
        return ""
    import altair as alt  # noqa: PLC0415  a second that only pages should cost
    import vl_convert  # noqa: PLC0415

    levels = list(dict.fromkeys(point.level for point in points))
    rows = [
        {
            "level": p.level,
            "year": str(p.year),
            "median": p.median / 1000,
            "low": p.low / 1000,
            "high": p.high / 1000,
            "n": f"n = {p.n}",
        }
        for p in points
    ]
    data = alt.InlineData(values=rows)
    year = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, domainColor=_LINE, tickColor=_LINE))
    pay = alt.Y("low:Q", title="thousand USD a year", scale=alt.Scale(zero=False))
    base = alt.Chart(data)
    bars = base.mark_rule(color=_ACCENT, strokeWidth=8, opacity=0.35, strokeCap="round").encode(
        x=year, y=pay, y2="high:Q"
    )
    dots = base.mark_point(color=_ACCENT, filled=True, size=70, opacity=1).encode(x=year, y="median:Q")
    counts = base.mark_text(color=_SOFT, dy=14, fontSize=11).encode(x=year, y="low:Q", text="n:N")
    width = max(90, (_WIDTH - 60) // len(levels) - 20)
    panel = alt.layer(bars, dots, counts).properties(width=width, height=_HEIGHT)
    chart = panel.facet(column=alt.Column("level:N", title=None, sort=levels)).configure(**_CONFIG)
    return _painted(vl_convert.vegalite_to_svg(chart.to_json()), what)


_TEXT = {
    "labelColor": _SOFT,
    "titleColor": _SOFT,
    "labelFontSize": 12,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
}
_CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": "Inter, system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {**_TEXT, "gridColor": _LINE, "domain": False},
    "header": {"labelColor": _INK, "labelFontSize": 13, "labelFontWeight": 600},
}


def _painted(svg: str, what: str) -> str:
    """The page's variables for the stand-ins, and words for who hears the page."""
    for stand_in, variable in _VARIABLES.items():
        svg = re.sub(rf'(fill|stroke)="{stand_in}"', rf'style="\1:var({variable})"', svg)
    label = escape(what, quote=True)
    return re.sub(r"<svg ", f'<svg role="img" aria-label="{label}" style="max-width:100%;height:auto" ', svg, count=1)
