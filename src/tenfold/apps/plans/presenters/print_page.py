"""A page of ours made ready for paper: what browsers do with drawings, and the one who draws PDF does not.

Marks stand where they are used, charts bring their own colours, and sections may run over a page's end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from tenfold.audit.renderers.page import stylesheet
from tenfold.checking.case import Case
from tenfold.checking.job_places import job_places
from tenfold.law.places import country_of
from tenfold.market.charts import STYLE as CHART_STYLE


class Paper(StrEnum):
    A4 = "A4"
    LETTER = "letter"


ON_LETTER = frozenset({"US", "CA", "MX", "PH", "CL", "CO"})
"""Where offices print on Letter: CLDR's territories of paper size US-Letter that we know jobs of."""
ON_FILL = frozenset({"good", "review", "fix"})
"""States whose cell of the strip is filled: their mark is light."""
_SYMBOLS = re.compile(r'<svg[^>]*class="symbols".*?</svg>', re.DOTALL)
_SYMBOL = re.compile(r'<symbol id="mark-(\w+)" viewBox="[^"]+">(.*?)</symbol>', re.DOTALL)
_USE = re.compile(r'(<span class="cell">)?<svg class="mark"[^>]*><use\s+href="#mark-(\w+)"/></svg>')
_CHART = re.compile(r'(<svg class="pay-chart[^>]*>)')
_VARIABLE = re.compile(r"var\(--([\w-]+)[^)]*\)")
_FONT = "text{font-size:13px;font-family:Inter,'DejaVu Sans',sans-serif}"
_FLOW = """
.practice,.foot,.first{display:block}
.practice>header,.foot>header{display:flex;gap:6mm;align-items:baseline;margin-bottom:3mm}
.foot>header h2{flex:none}
.practice>header .promise{margin:0}
.first h2{margin-bottom:2mm}
.answers dt{font-family:inherit}
.cell{display:block;text-align:center}
.cell svg{display:inline-block;margin-top:4px}
.picture{break-inside:avoid}
"""


def paper_for(case: Case) -> Paper:
    """The paper of the place where the job is; A4 where nothing says it."""
    countries = {country_of(place) for place in job_places(case)} - {None}
    return Paper.LETTER if countries and countries <= ON_LETTER else Paper.A4


def page_for_print(html: str, paper: Paper = Paper.A4) -> str:
    """The page with its marks and charts drawn out, on a paper."""
    marks = dict(_SYMBOL.findall(html))
    page = _USE.sub(lambda use: _drawn_mark(use, marks), _SYMBOLS.sub("", html))
    page = _CHART.sub(lambda chart: f"{chart[1]}<style>{_chart_style()}</style>", page)
    return page.replace("</head>", f"<style>@media print{{@page{{size:{paper.value}}}{_FLOW}}}</style></head>", 1)


def _drawn_mark(use: re.Match[str], marks: Mapping[str, str]) -> str:
    cell, state = use[1] or "", use[2]
    colour = colours()["on-fill"] if cell and state in ON_FILL else colours().get(state, colours()["ink"])
    drawing = marks.get(state, "").replace("currentColor", colour)
    return f'{cell}<svg class="mark" width="16" height="16" viewBox="0 0 16 16">{drawing}</svg>'


@cache
def colours() -> Mapping[str, str]:
    """The light colours of the report, by the name of their variable: paper is light."""
    light = stylesheet().partition("}")[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]+)", light))


@cache
def _chart_style() -> str:
    return _FONT + _VARIABLE.sub(lambda name: colours().get(name[1], colours()["ink"]), CHART_STYLE)
