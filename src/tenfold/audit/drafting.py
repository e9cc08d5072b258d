"""A plan as YAML text from a posting: what was read is set, with the words it was read from; the rest waits."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.audit.intake import DOCUMENT_SIGNATURES, Submission, decode, take_bytes
from tenfold.plan.document import VERSION
from tenfold.plan.skeleton import skeleton
from tenfold.plan.yaml_io import TOP_KEY, CommentedMap, dump, long_text
from tenfold.posting.draft import plan_answers, read_answers
from tenfold.posting.intake import looks_like_html
from tenfold.posting.model import PostingReading
from tenfold.posting.stated.phrases import StatedAnswer

LONGEST_QUOTE = 90


def draft_text(submission: Submission) -> str:
    """The plan that a posting amounts to, ready to be filled in."""
    notes = dict(_read_from(submission.reading)) if submission.reading else {}
    return skeleton(submission.plan, notes=notes)


def _read_from(reading: PostingReading) -> Iterator[tuple[str, str]]:
    for one in read_answers(reading):
        shown = quote_of(reading, one)
        yield one.field, f"Read in the posting: “{shown}”." + (f" {one.doubt}; not set." if one.doubt else "")


def quote_of(reading: PostingReading, answer: StatedAnswer) -> str:
    """The words an answer rests on, on one line, cut where they are long."""
    words = " ".join(reading.text[answer.start : answer.end].split())
    return words if len(words) <= LONGEST_QUOTE else words[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"


def plan_text_from(raw: bytes, *, name: str, media_type: str | None = None) -> str:
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
    return plan_text_of(submission.reading, written=_own_words(raw, name))


def plan_text_of(reading: PostingReading, *, written: str = "") -> str:
    """The text of a plan from a reading; `written` are the posting's own words where they are better than its text."""
    document = CommentedMap()
    for key, value in plan_answers(reading).items():
        document[key] = as_yaml(written if key == "posting" and written else value)
    return dump(document)


def _own_words(raw: bytes, name: str) -> str:
    """Markdown and plain text as they were written; nothing for documents and pages."""
    if raw.startswith(DOCUMENT_SIGNATURES):
        return ""
    written = decode(raw, name).lstrip("\ufeff")
    return "" if looks_like_html(written) else written


def as_yaml(value: object) -> object:
    """Plain values as a person would write them: whole amounts without a point, long texts over several lines."""
    if isinstance(value, dict):
        return CommentedMap({key: as_yaml(inner) for key, inner in value.items()})
    if isinstance(value, list):
        return [as_yaml(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and "\n" in value:
        return long_text("\n".join(line.rstrip() for line in value.splitlines()))
    return value
