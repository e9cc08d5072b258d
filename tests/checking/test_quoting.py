"""Evidence in the plan's and the posting's own words."""

from __future__ import annotations

from tenfold.checking.demanded_skills import demanded_skills
from tenfold.checking.quoting import plan_says, posting_says
from tenfold.kit.findings import Quote
from tenfold.posting.model import Demand
from tests.practices.examples import case


def test_answers_are_worded_as_a_plan_has_them() -> None:
    plan = """
        pay: {min: 165k, bonus_percent: none, asks_pay_history: false}
        role: {workplace: remote, places: [US-CO, US-NY]}
        interviews: {rounds: [{raters: 2}]}
    """
    fields = (
        *("pay.min", "pay.bonus_percent", "pay.asks_pay_history", "pay.max", "role.workplace", "role.places"),
        *("interviews.rounds[0].raters", "interviews.rounds[7].raters", "no.such.field"),
    )
    assert [quote.text for quote in plan_says(case(plan), *fields)] == [
        "pay.min: 165,000",
        "pay.bonus_percent: none",
        "pay.asks_pay_history: no",
        "role.workplace: remote",
        "role.places: US-CO, US-NY",
        "interviews.rounds[0].raters: 2",
    ]


def test_a_posting_is_quoted_by_its_code_points() -> None:
    reading = case("", "Naïve 🚂 Kubernetes").reading
    assert reading is not None
    start = reading.text.index("Kubernetes")
    assert posting_says(reading, start, start + 10) == Quote("Kubernetes", "posting", start, start + 10)


def test_what_is_wanted_is_the_plans_list_and_then_what_the_posting_adds() -> None:
    posting = """
        # MLOps Engineer

        We plan parcel routes.

        ## What you bring

        - Kubernetes and MLflow
    """
    found = demanded_skills(case("requirements: {must: [kubernetes, python], nice: [feast]}", posting))
    assert [(item.name_id, item.demand, item.field, item.quote.text) for item in found] == [
        ("kubernetes", Demand.MUST, "requirements.must[0]", "Kubernetes"),
        ("python", Demand.MUST, "requirements.must[1]", "requirements.must[1]: python"),
        ("feast", Demand.NICE, "requirements.nice[0]", "requirements.nice[0]: feast"),
        ("mlflow", Demand.MUST, "posting", "MLflow"),
    ]
