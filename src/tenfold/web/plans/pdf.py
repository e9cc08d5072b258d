"""Reports as PDF. The page brings its own style and asks for nothing from outside; nothing outside is fetched."""

from __future__ import annotations

from typing import Any, Never

from weasyprint import HTML

from tenfold.audit.renderers.page import as_html
from tenfold.audit.report import Report


def as_pdf(report: Report) -> bytes:
    written: bytes = HTML(string=as_html(report), url_fetcher=_refused).write_pdf()
    return written


def _refused(url: str, *_rest: Any, **_more: Any) -> Never:
    raise ValueError(f"a report fetches nothing: {url}")
