"""Certificates and tools carry the day of their status, and what is due to be looked up again is listed."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.audit.run import audit
from tenfold.catalogue.dated import dated_status, status_reviews
from tenfold.catalogue.model import Kind, Status
from tenfold.catalogue.store import catalogue
from tenfold.checking.reviews import every_review
from tenfold.kit.facts import load
from tenfold.kit.review import Subject, due
from tenfold.law.rules import pay_rules
from tenfold.plan.document import HiringPlan
from tenfold.posting.reading import read
from tests.command import tenfold

SKILLS = list(catalogue().skills.values())
CERTIFICATES = [skill for skill in SKILLS if skill.kind is Kind.CERTIFICATION]
ENDED_ON_A_DAY = [skill for skill in SKILLS if skill.status is not Status.ALIVE and dated_status(skill).since]


@pytest.mark.parametrize(
    ("id_", "successor", "since"),
    [
        ("azure-dp-100", "azure-ai-300", date(2026, 6, 1)),
        ("azure-ai-102", "azure-ai-103", date(2026, 6, 30)),
        ("azure-ai-900", "azure-ai-901", date(2026, 6, 30)),
        ("aws-mls-c01", "aws-mla-c01", date(2026, 3, 31)),
    ],
)
def test_what_was_retired_says_when_and_what_comes_instead(id_: str, successor: str, since: date) -> None:
    skill = catalogue().skills[id_]
    assert (skill.status, skill.successor) == (Status.RETIRED, successor)
    assert catalogue().skills[successor].status is Status.ALIVE
    status = dated_status(skill)
    assert status.since == since
    assert status.on(since - timedelta(days=1)) is Status.ALIVE
    assert status.on(since) is Status.RETIRED
    assert status.evidence.may_decide
    assert status.source.startswith("https://")


@pytest.mark.parametrize("id_", ["cka", "ckad", "kcna"])
def test_a_kubernetes_certificate_is_valid_for_24_months(id_: str) -> None:
    assert dated_status(catalogue().skills[id_]).valid_months == 24


def test_every_certificate_and_tool_has_a_status_date_and_a_later_review_date() -> None:
    reviews = {review.id: review for review in status_reviews(load())}
    assert {skill.id for skill in SKILLS if skill.kind is not Kind.PRACTICE} == set(reviews)
    assert all(review.status_date < review.review_by for review in reviews.values())
    assert {reviews[skill.id].subject for skill in CERTIFICATES} == {Subject.CERTIFICATE}


@given(day=st.dates(date(2024, 1, 1), date(2032, 1, 1)), later=st.integers(0, 2_000))
def test_what_is_due_stays_due_until_somebody_looks(day: date, later: int) -> None:
    reviews = every_review()
    now, then = due(reviews, day), due(reviews, day + timedelta(days=later))
    assert {review.id for review in now} <= {review.id for review in then}
    assert [review.review_by for review in now] == sorted(review.review_by for review in now)


def test_a_law_that_begins_later_is_looked_up_on_its_first_day() -> None:
    reviews = {review.id: review for review in every_review()}
    assert reviews["pay/US-CT"].review_by == date(2026, 10, 1)
    assert {f"pay/{id_}" for id_ in pay_rules()} <= set(reviews)


def test_no_two_reviews_have_one_id() -> None:
    ids = [(review.subject, review.id) for review in every_review()]
    assert len(ids) == len(set(ids))


def test_the_sweep_is_a_command() -> None:
    told = json.loads(tenfold("facts", "--due", "--as-of", "2026-12-01", "--json").stdout)
    assert told == json.loads(json.dumps(told))
    assert "pay/US-CO" in {review["id"] for review in told}
    assert all(review["review_by"] <= "2026-12-01" for review in told)
    assert "Nothing is due" in tenfold("facts", "--due", "certificate", "--as-of", "2026-12-01").stdout.decode()
    assert tenfold("facts", "--as-of", "2026-12-01").returncode == 2


POSTING = """# MLOps Engineer

Denver, CO.

## What you bring

- {words}
- Kubernetes in daily use
"""


def findings(certificate: str, as_of: date, *, in_plan: bool) -> list[str]:
    document = {"tenfold_plan": 1, "role": {"family": "mlops"}}
    if in_plan:
        document["requirements"] = {"must": [{"skill": certificate}]}
    plan = HiringPlan.model_validate(document)
    spelling = catalogue().skills[certificate].aliases[0].upper()
    reading = None if in_plan else read(POSTING.format(words=f"{spelling} certification"))
    judged = audit(plan, reading=reading, as_of=as_of)
    rules = ("requirements.retired-certification", "requirements.dead-skill")
    return [finding.what for finding in judged.findings if finding.rule in rules]


@pytest.mark.parametrize("in_plan", [True, False])
@pytest.mark.parametrize("skill", [skill for skill in ENDED_ON_A_DAY if skill.kind is Kind.CERTIFICATION])
def test_a_requirement_that_names_it_is_told_so_with_the_day(skill: object, in_plan: bool) -> None:
    id_ = skill.id  # type: ignore[attr-defined]
    since = dated_status(catalogue().skills[id_]).since
    assert since is not None
    (after,) = findings(id_, since, in_plan=in_plan)
    (before,) = findings(id_, since - timedelta(days=30), in_plan=in_plan)
    assert "was retired on" in after
    assert "will be retired on" in before
    assert str(since.year) in after


@pytest.mark.parametrize("id_", ["azure-ai-300", "azure-ai-103", "cka", "gcp-pmle"])
@pytest.mark.parametrize("in_plan", [True, False])
def test_a_living_certificate_is_no_fault(id_: str, in_plan: bool) -> None:
    assert findings(id_, date(2026, 11, 27), in_plan=in_plan) == []
