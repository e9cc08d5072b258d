"""Whatever is handed in is read or refused with a `UserError`; nothing else ever escapes.

CI tries some dozens of each. For thousands: HYPOTHESIS_PROFILE=thorough bin/test tests/fuzz
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given, settings

from tenfold.audit.intake import Submission, take_bytes
from tenfold.audit.report import report
from tenfold.audit.run import audit
from tenfold.kit.errors import UserError
from tenfold.plan.yaml_io import load_plan
from tenfold.posting.reading import read
from tests.fuzz.texts import BYTES, PLANS, POSTINGS

TODAY = date(2026, 11, 22)
many = settings(
    max_examples=3 * settings().max_examples if settings().max_examples < 1_000 else settings().max_examples
)


def audited(taken: Submission) -> None:
    judged = audit(taken.plan, reading=taken.reading, as_of=TODAY, name=taken.name)
    assert len(judged.verdicts) == 10
    for finding in judged.findings:
        for quote in finding.evidence:
            if quote.start is not None and taken.reading is not None:
                assert taken.reading.text[quote.start : quote.end] == quote.text
    report(judged)


def can_be_acted_on(error: UserError, name: str) -> None:
    assert error.remedy
    assert error.place.file == name


@many
@given(PLANS)
def test_any_text_is_a_plan_or_is_refused_with_a_remedy(text: str) -> None:
    try:
        loaded = load_plan(text, name="plan.yaml")
    except UserError as error:
        can_be_acted_on(error, "plan.yaml")
    else:
        audited(Submission("plan.yaml", loaded.plan, read(loaded.plan.posting) if loaded.plan.posting else None))


@many
@given(POSTINGS)
def test_any_text_is_a_posting(text: str) -> None:
    try:
        taken = take_bytes(text.encode("utf-8", "replace"), name="posting.md")
    except UserError as error:
        can_be_acted_on(error, "posting.md")
    else:
        audited(taken)


@many
@given(BYTES)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        taken = take_bytes(raw, name="input")
    except UserError as error:
        can_be_acted_on(error, "input")
    else:
        audited(taken)


@many
@given(POSTINGS)
def test_a_reading_points_into_its_text(text: str) -> None:
    try:
        reading = read(text)
    except UserError:
        return
    for section in reading.sections:
        assert 0 <= section.start <= section.end <= len(reading.text)
    assert all(one.start <= other.start for one, other in pairwise(reading.sections))
    for tool in reading.tools:
        for mention in tool.mentions:
            assert reading.text[mention.start : mention.end] == mention.text
    assert reading == read(text)
