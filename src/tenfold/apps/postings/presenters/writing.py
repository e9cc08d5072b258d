"""A plan's posting in four forms, and its JSON-LD: of what is published nothing that the page does not show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from tenfold.checking.notices import required_notices
from tenfold.plan.document import HiringPlan
from tenfold.posting.public_page import page_html
from tenfold.posting.writer import as_json_ld, job_posting, render_posting


@dataclass(frozen=True, slots=True)
class PostingFormat:
    """One form that a posting is written in."""

    id: str
    name: str
    suffix: str
    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class RenderedPosting:
    """The posting that a plan amounts to, in four forms. `missing`: fields of the plan that were left open."""

    title: str
    forms: tuple[PostingFormat, ...]
    missing: tuple[str, ...]
    notices: tuple[str, ...]

    def form(self, id_: str) -> PostingFormat:
        """The form of that name; Markdown where there is none."""
        return next((form for form in self.forms if form.id == id_), self.forms[0])


def render_formats(plan: HiringPlan, *, day: date) -> RenderedPosting:
    notices = required_notices(plan, day)
    posting = render_posting(plan, notices=notices)
    linked = as_json_ld(job_posting(plan, posted=day, notices=notices))
    forms = (
        PostingFormat("markdown", "Markdown", "md", "text/markdown", posting.as_markdown()),
        PostingFormat("html", "HTML", "html", "text/html", posting.as_html()),
        PostingFormat("text", "Plain text", "txt", "text/plain", posting.as_text()),
        PostingFormat("json-ld", "JSON-LD", "json", "application/ld+json", linked + "\n"),
    )
    return RenderedPosting(posting.title, forms, posting.missing, tuple(notices))


def as_page(text: str, title: str) -> SafeString:
    """A posting's Markdown as safe HTML, without the title that the page has already."""
    return SafeString(page_html(text, title))
