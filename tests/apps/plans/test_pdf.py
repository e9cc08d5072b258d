"""Reports on paper, read back by another library: tagged, on their paper, nothing beyond its edge, in our colours."""

from __future__ import annotations

import io
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tenfold.apps.plans.presenters.page_words import report_for_page
from tenfold.apps.plans.presenters.pdf import as_pdf, is_available
from tenfold.apps.plans.presenters.print_page import Paper, colours, page_for_print, paper_for
from tenfold.audit.check_text import check_text
from tenfold.audit.renderers.page import as_html

pytestmark = pytest.mark.skipif(not is_available(), reason="no Pango here (bin/system pdf)")
PLAN = Path(__file__).parents[3] / "src/tenfold/web/example/plans/rescue.yaml"
SIZES = {Paper.A4: (595, 842), Paper.LETTER: (612, 792)}
MARGIN = 40


@cache
def checked() -> Any:
    return check_text(PLAN.read_text(encoding="utf-8"), as_of=date(2026, 11, 18))


@cache
def drawn(paper: Paper) -> PdfReader:
    return PdfReader(io.BytesIO(as_pdf(report_for_page(checked().report), paper=paper)))


@pytest.mark.parametrize("paper", Paper)
def test_it_is_tagged_and_on_its_paper(paper: Paper) -> None:
    read = drawn(paper)
    root: Any = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"] == "en"
    assert {tuple(map(round, page.mediabox[2:])) for page in read.pages} == {SIZES[paper]}


@pytest.mark.parametrize("paper", Paper)
def test_no_word_is_lost_or_begins_beyond_the_margins(paper: Paper) -> None:
    width, height = SIZES[paper]
    begins: list[tuple[float, float, str]] = []

    def note(text: str, user: list[float], at: list[float], *_: Any) -> None:
        if text.strip() and not re.fullmatch(r"\d+k\s*", text):  # an axis: told in the drawing's own measures
            x, y = at[4], at[5]
            a, b, c, d, e, f = user
            begins.append((a * x + c * y + e, b * x + d * y + f, text))

    text = " ".join(page.extract_text(visitor_text=note) for page in drawn(paper).pages)
    assert [one for one in begins if not (MARGIN <= one[0] <= width - MARGIN and MARGIN / 2 <= one[1] <= height)] == []
    said = {
        finding.fix
        for section in report_for_page(checked().report).sections
        for finding in map(_finding, section.notes)
    }
    assert said
    assert {fix for fix in said if _letters(fix) not in _letters(text)} == set()


def _finding(note: Any) -> Any:
    return note.finding


def _letters(text: str) -> str:
    """Without spaces and hyphens, which line ends add and take."""
    return re.sub(r"[^\w]+", "", text)


def test_marks_and_charts_stand_in_their_colours() -> None:
    streams = [page.get_contents() for page in list(drawn(Paper.A4).pages)[:2]]
    first = b"".join(stream.get_data() for stream in streams if stream is not None)
    seen = {
        tuple(round(float(part) * 255) for part in found.split())
        for found in re.findall(rb"([\d.]+ [\d.]+ [\d.]+) rg", first)
    }
    for name in ("good-fill", "fix-fill", "accent", "ink"):
        wanted = colours()[name].removeprefix("#")
        assert tuple(int(wanted[at : at + 2], 16) for at in (0, 2, 4)) in seen, name


def test_every_mark_is_drawn_where_it_is_used() -> None:
    html = as_html(checked().report)
    page = page_for_print(html)
    assert "<use" in html
    assert "<use" not in page
    assert "var(--" not in "".join(re.findall(r"<svg class=\"pay-chart.*?</style>", page, re.DOTALL))


@pytest.mark.parametrize(
    ("place", "paper"), [("Denver, CO", Paper.LETTER), ("Berlin", Paper.A4), ("Toronto", Paper.LETTER), ("", Paper.A4)]
)
def test_the_paper_is_that_of_the_place(place: str, paper: Paper) -> None:
    company = f'company: {{place: "{place}"}}\n' if place else ""
    found = check_text(f"tenfold_plan: 1\n{company}role: {{workplace: onsite}}\n", as_of=date(2026, 11, 18))
    assert paper_for(found.case) is paper
