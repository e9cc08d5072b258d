"""The report as one HTML file that needs nothing else: no script, no font, no picture from outside.

`as_html` is the whole file; `body` and `stylesheet` are its parts for pages that bring their own frame.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from tenfold.audit.report import Report
from tenfold.audit.wording import SEVERITY_MEANINGS, SEVERITY_WORDS, STATE_MEANINGS, STATE_WORDS, day
from tenfold.kit.findings import Severity, State
from tenfold.market.charts import STYLE as CHART_STYLE

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_CODE = re.compile(r"`([^`]+)`")
_PERCENT = re.compile(r"(\d) %")


def as_html(*reports: Report) -> str:
    """A whole page; several reports stand one after the other under a table of their strips."""
    title = reports[0].title if len(reports) == 1 else f"{len(reports)} audits"
    bodies = [body(report, prefix=_prefix(place, len(reports))) for place, report in enumerate(reports)]
    template = _environment().get_template("page.html.jinja")
    return template.render(
        title=title, bodies=bodies, reports=reports, style=stylesheet(), prefixes=_prefixes(len(reports))
    )


def body(report: Report, *, prefix: str = "") -> str:
    """The report inside `<body>`. `prefix` keeps the anchors of several reports on one page apart."""
    return _environment().get_template("report.html.jinja").render(report=report, prefix=prefix)


@cache
def stylesheet() -> str:
    return (files("tenfold.audit") / "templates" / "report.css").read_text("utf-8") + CHART_STYLE


def _prose(text: str) -> Markup:
    """A sentence of ours, escaped; words between backticks are code."""
    from markupsafe import Markup, escape  # noqa: PLC0415 - comes with the template engine

    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(_unbroken(text)))))  # noqa: S704 - escaped just here


def _unbroken(value: Any) -> Any:
    """A number stays on one line with its percent sign, and n with its number."""
    return _PERCENT.sub("\\1\u00a0%", value).replace("n = ", "n\u00a0=\u00a0") if type(value) is str else value


def _prefixes(count: int) -> list[str]:
    return [_prefix(place, count) for place in range(count)]


def _prefix(place: int, count: int) -> str:
    return f"r{place + 1}-" if count > 1 else ""


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - only HTML needs the template engine

    environment = Environment(
        loader=PackageLoader("tenfold.audit"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_unbroken,
    )
    environment.filters["day"] = day
    environment.filters["prose"] = _prose
    environment.globals.update(
        State=State,
        Severity=Severity,
        state_words=STATE_WORDS,
        state_meanings=STATE_MEANINGS,
        severity_words=SEVERITY_WORDS,
        severity_meanings=SEVERITY_MEANINGS,
    )
    return environment
