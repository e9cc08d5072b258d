"""A plan as YAML text from a posting: what was read is set, with the words it was read from; the rest waits."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.audit.intake import Submission
from tenfold.plan.skeleton import skeleton
from tenfold.posting.model import PostingReading

LONGEST_QUOTE = 90


def draft_text(submission: Submission) -> str:
    """The plan that a posting amounts to, ready to be filled in."""
    notes = dict(_read_from(submission.reading)) if submission.reading else {}
    return skeleton(submission.plan, notes=notes)


def _read_from(reading: PostingReading) -> Iterator[tuple[str, str]]:
    cited = {
        "company.name": reading.employer,
        "role.title": reading.title,
        "role.level": reading.level,
        "role.workplace": reading.workplace,
        "requirements.years_min": reading.years_min,
        "requirements.degree": reading.degree,
        "pay.min": reading.pay,
    }
    for field, value in cited.items():
        if value is not None:
            words = " ".join(reading.quote(value).split())
            shown = words if len(words) <= LONGEST_QUOTE else words[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
            yield field, f"Read in the posting: “{shown}”."
