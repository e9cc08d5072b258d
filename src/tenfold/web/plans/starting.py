"""How a plan begins: from a posting, from a plan, or from a few questions."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.audit.intake import decoded, take_bytes
from tenfold.plan.document import VERSION
from tenfold.plan.yaml_io import TOP_KEY, CommentedMap, dump
from tenfold.posting.draft import answers
from tenfold.posting.intake import looks_like_html
from tenfold.posting.model import PostingReading
from tenfold.web.plans.editing import Form, Input, Rows, as_long_text
from tenfold.web.postings.incoming import DOCUMENTS, Given, postings_in, reading_of

STEPS = (
    (
        "The job",
        "What would you call it, and what kind of job is it?",
        ("role.title", "role.family", "role.level", "role.scope"),
    ),
    ("Where", "Where is the work done, and for whom?", ("company.name", "company.place", "role.workplace")),
    (
        "Why now",
        "What runs today, and who looks after it?",
        (
            "situation.models_in_production",
            "situation.models_near_production",
            "situation.ml_engineers",
            "situation.manual_share",
        ),
    ),
    ("Pay", "What would you offer on hire?", ("pay.min", "pay.max")),
    ("The line", "Whom does the hire report to?", ("reporting.line",)),
)
ASKED = tuple(path for _, _, paths in STEPS for path in paths)


@dataclass(frozen=True)
class Step:
    """A few questions that belong together."""

    title: str
    ask: str
    inputs: tuple[Input, ...]


def text_from(raw: bytes, *, name: str, media_type: str | None = None) -> str:
    """The text of a plan from what was given: a plan as it is, a posting with what was read of it as answers.

    A posting's own words are kept as they were written; of a web page, PDF or Word document, its text.

    Raises:
        UserError: it cannot be read, or is neither.
    """
    submission = take_bytes(raw, name=name, media_type=media_type)
    if submission.document is not None:
        return dump(submission.document.document)
    if submission.reading is None:
        return dump(CommentedMap({TOP_KEY: VERSION}))
    return text_of(submission.reading, written=_own_words(raw, name))


def text_given(given: Given) -> str:
    """The text of a plan from what came in, of a job board from its own fields.

    Raises:
        UserError: it cannot be read, or is neither a posting nor a plan.
    """
    if postings_in(given):
        return text_of(reading_of(given))
    return text_from(given.raw, name=given.name, media_type=given.media_type)


def text_of(reading: PostingReading, *, written: str = "") -> str:
    """The text of a plan from a reading; `written` are the posting's own words where they are better than its text."""
    document = CommentedMap()
    for key, value in answers(reading).items():
        document[key] = _as_yaml(written if key == "posting" and written else value)
    return dump(document)


def _own_words(raw: bytes, name: str) -> str:
    """Markdown and plain text as they were written; nothing for documents and pages."""
    if raw.startswith(DOCUMENTS):
        return ""
    written = decoded(raw, name).lstrip("\ufeff")
    return "" if looks_like_html(written) else written


def first_questions(form: Form) -> tuple[Step, ...]:
    inputs = {part.spec.path: part for group in form.groups for part in group.parts if not isinstance(part, Rows)}
    return tuple(Step(title, ask, tuple(inputs[path] for path in paths)) for title, ask, paths in STEPS)


def _as_yaml(value: object) -> object:
    """Plain values as a person would write them: whole amounts without a point, long texts over several lines."""
    if isinstance(value, dict):
        return CommentedMap({key: _as_yaml(inner) for key, inner in value.items()})
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and "\n" in value:
        return as_long_text("\n".join(line.rstrip() for line in value.splitlines()))
    return value
