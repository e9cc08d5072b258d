"""On-call around the clock, said in the posting, against what the plan says of it."""

from __future__ import annotations

import pytest

from tenfold.practices.retention.check import check
from tests.practices.examples import FIX, REVIEW, said

POSTING = (
    "# MLOps Engineer\n\nWe plan parcel routes.\n\n## What you will do\n\n- Take part in a 24/7 on-call rotation\n"
)
SHARED = "on_call:\n  hours: 24x7\n  people: 8\n  compensated: true"


@pytest.mark.parametrize(
    ("plan", "severity"),
    [
        ("", REVIEW),
        ("on_call:\n  hours: 24x7\n  people: 8", REVIEW),
        ("on_call:\n  hours: business-hours\n  people: 6\n  compensated: true", FIX),
        ("on_call: none", FIX),
    ],
)
def test_what_the_plan_leaves_open_or_contradicts_is_told(plan: str, severity: object) -> None:
    (found,) = said(check, "around-the-clock", plan, POSTING)
    assert found.severity == severity
    assert found.evidence[0] == "24/7 on-call"


def test_a_shared_and_paid_rotation_is_no_fault() -> None:
    assert said(check, "around-the-clock", SHARED, POSTING) == []


@pytest.mark.parametrize("plan", ["", "on_call: none", SHARED])
def test_a_posting_that_does_not_say_so_is_left_alone(plan: str) -> None:
    quiet = POSTING.replace("Take part in a 24/7 on-call rotation", "Keep a 24/7 platform healthy")
    assert said(check, "around-the-clock", plan, quiet) == []
