"""What the law package is told of a plan's posting."""

from __future__ import annotations

import pytest

from tenfold.checking.job_places import job_places
from tenfold.law.pay_transparency import Status
from tenfold.practices.pay.transparency import law_answers, pay_transparency, posting_facts
from tests.practices.examples import case

POSTING = """
    # Senior MLOps Engineer

    Harbour Parcel, Denver, CO. Hybrid.

    ## What you bring

    - Kubernetes and MLflow

    ## Pay

    Base pay: $172,000 to $206,000 a year, a bonus of 10 % and RSUs.

    ## Benefits

    - Health, dental and vision insurance

    Apply by 15 January 2027.
"""


@pytest.mark.parametrize(
    ("plan", "places"),
    [
        ("company: {jurisdictions: [US-CO, DE]}", ("US-CO", "DE")),
        ("company: {jurisdictions: [US-CO]}\nrole: {places: [US-NY, US-CO]}", ("US-CO", "US-NY")),
        ("company: {jurisdictions: [Neverland]}", ()),
    ],
)
def test_the_plans_places_come_first(plan: str, places: tuple[str, ...]) -> None:
    assert job_places(case(plan)) == places


def test_the_main_office_stands_in_and_then_the_posting() -> None:
    assert "US-CO" in job_places(case("company: {place: 'Denver, CO'}"))
    assert "US-CO" in job_places(case("", POSTING))


def test_what_a_posting_states_is_told() -> None:
    looked_at = case("company: {jurisdictions: [US-CO]}\napply_by: 2027-01-15", POSTING)
    assert looked_at.reading is not None
    facts = posting_facts(looked_at, looked_at.reading)
    assert (facts.has_range, facts.both_ends, facts.minimum, facts.maximum) == (True, True, 172_000, 206_000)
    assert (facts.benefits_stated, facts.bonus_equity_stated, facts.deadline_stated) == (True, True, True)


def test_without_posting_or_place_the_law_is_not_asked() -> None:
    assert law_answers(case("company: {jurisdictions: [US-CO]}")) == ()
    assert law_answers(case("company: {jurisdictions: [Neverland]}", "Kubernetes")) == ()


def test_colorado_misses_a_range_that_is_not_there() -> None:
    without = POSTING.replace("Base pay: $172,000 to $206,000 a year, a bonus", "A bonus")
    answers = law_answers(case("company: {jurisdictions: [US-CO], employees: 400}", without))
    assert Status.MISSING in {answer.status for answer in answers if answer.part.words == "pay range"}
    complete = law_answers(case("company: {jurisdictions: [US-CO], employees: 400}", POSTING))
    assert not [answer for answer in complete if answer.part.words == "pay range" and answer.status.wanting]


def test_the_panel_is_there_where_posting_and_place_are() -> None:
    posting = "# MLOps Engineer\n\nRemote (US)\n\nBuild the serving platform.\n"
    panel = pay_transparency(case("role: {workplace: remote}", posting))
    assert panel is not None
    assert panel.asked_of == ("anywhere in the United States",)
    assert pay_transparency(case("company: {place: Denver}")) is None
