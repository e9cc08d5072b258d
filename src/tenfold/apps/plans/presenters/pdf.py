"""Reports as PDF. The page brings its own style and asks for nothing from outside; nothing outside is fetched."""

from __future__ import annotations

from ctypes.util import find_library
from functools import cache
from importlib.util import find_spec
from typing import Any, Never

from tenfold.apps.plans.presenters.print_page import Paper, page_for_print
from tenfold.audit.renderers.page import as_html
from tenfold.audit.report import Report
from tenfold.kit.errors import UserError


def is_available() -> bool:
    """Whether the part that draws PDF is installed, and what it needs of the system."""
    return find_spec("weasyprint") is not None and _has_pango()


@cache
def _has_pango() -> bool:
    return find_library("pangoft2-1.0") is not None


class NoPdf(UserError):
    """This server cannot draw PDF."""


def as_pdf(report: Report, *, paper: Paper = Paper.A4) -> bytes:
    """The report as PDF; raises NoPdf as `page_as_pdf` does."""
    return page_as_pdf(as_html(report), paper=paper)


def page_as_pdf(html: str, *, paper: Paper = Paper.A4) -> bytes:
    """A page that brings its own style as PDF, tagged for screen readers.

    Raises:
        NoPdf: WeasyPrint is not installed, or does not find Pango.
    """
    try:
        from weasyprint import HTML  # noqa: PLC0415 - heavy, an extra, and in need of a library of the system
    except (ImportError, OSError) as error:
        raise NoPdf("PDF cannot be made on this server.", remedy="Install tenfold[pdf] and Pango.") from error
    written: bytes = HTML(string=page_for_print(html, paper), url_fetcher=_refuse).write_pdf(pdf_tags=True)
    return written


def _refuse(url: str, *_rest: Any, **_more: Any) -> Never:
    raise ValueError(f"a report fetches nothing: {url}")
