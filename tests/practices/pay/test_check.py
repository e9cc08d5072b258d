"""P2: an offer and a posting go in; what candidates and the law would say comes out."""

from __future__ import annotations

import pytest

from tenfold.kit.findings import Severity, State
from tenfold.practices.pay.benchmark import benchmark
from tenfold.practices.pay.check import check
from tenfold.practices.pay.percentiles import ordinal, share_paying_more
from tests.practices.examples import FIX, REVIEW, Said, asks, case, said, severity

SENIOR = "role: {family: mlops, level: senior}\n"


def offer(low: str, high: str, role: str = "family: mlops, level: senior", more: str = "") -> str:
    return f"role: {{{role}}}\npay: {{min: {low}, max: {high}}}\n{more}"


def percentile(plan: str) -> float:
    placed = benchmark(case(plan))
    assert placed is not None
    return placed.percentile


def test_an_offer_far_below_the_market_is_wrong_and_names_the_figure_that_is_not() -> None:
    (found,) = said(check, "below-market", offer("100k", "120k"))
    assert (found.what, found.severity, found.field, found.evidence) == (
        "Nearly all comparable postings pay more than this offer.",
        FIX,
        "pay.min",
        ("pay.min: 100,000", "pay.max: 120,000"),
    )
    midpoint = found.flips.removeprefix("A midpoint of ").removesuffix(".")
    assert said(check, "below-market", offer(midpoint, midpoint)) == []


@pytest.mark.parametrize(("beside", "expected"), [(-0.01, None), (0, None), (0.01, REVIEW)])
def test_the_percentile_below_which_an_offer_needs_a_reason(beside: float, expected: Severity | None) -> None:
    plan = offer("150k", "170k")
    assert severity(check, "below-market", plan, pay__look_below=percentile(plan) + beside) is expected


@pytest.mark.parametrize(("beside", "expected"), [(-0.01, REVIEW), (0, REVIEW), (0.01, FIX)])
def test_the_percentile_below_which_it_is_wrong(beside: float, expected: Severity) -> None:
    plan = offer("110k", "140k")
    assert severity(check, "below-market", plan, pay__wrong_below=percentile(plan) + beside) is expected


def test_an_offer_whose_interval_reaches_the_market_is_not_called_wrong() -> None:
    plan = offer("110k", "140k")
    placed = benchmark(case(plan))
    assert placed is not None
    high = placed.percentile_interval[1]
    wrong = placed.percentile + 1
    assert severity(check, "below-market", plan, pay__wrong_below=wrong, pay__look_below=high) is REVIEW
    assert severity(check, "below-market", plan, pay__wrong_below=wrong, pay__look_below=high + 0.01) is FIX


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (2, "Nearly all"),
        (5, "Nearly all"),
        (5.1, "Nine in ten"),
        (14, "Four in five"),
        (29, "Seven in ten"),
        (55, "45 % of"),
    ],
)
def test_how_many_pay_more_is_never_overstated(share: float, words: str) -> None:
    assert share_paying_more(share) == words


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (0.2, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (22, "22nd"),
        (100, "100th"),
    ],
)
def test_percentiles_are_spelled(number: float, word: str) -> None:
    assert ordinal(number) == word


@pytest.mark.parametrize(
    ("against", "what"),
    [
        ("devops", ["The range was taken from DevOps / SRE engineers."]),
        ("data-engineer", ["The range was taken from data engineers."]),
        ("ml-engineer", []),
        ("mlops", []),
    ],
)
def test_the_benchmark_is_ml_engineering(against: str, what: list[str]) -> None:
    plan = SENIOR + f"pay: {{benchmark_role: {against}}}"
    assert [found.what for found in said(check, "wrong-benchmark", plan)] == what
    assert said(check, "wrong-benchmark", plan.replace("mlops, level", "devops, level")) == []


@pytest.mark.parametrize(
    ("day", "what"),
    [
        ("2025-11-30", []),
        ("2025-11-01", []),
        ("2025-10-31", ["The pay data behind the range is 13 months old."]),
        ("2027-01-01", []),
    ],
)
def test_pay_data_ages_in_a_year(day: str, what: list[str]) -> None:
    assert [found.what for found in said(check, "old-benchmark", f"pay: {{benchmark_date: {day}}}")] == what


@pytest.mark.parametrize(("scope", "expected"), [(39, REVIEW), (40, None)])
def test_an_ml_heavy_role_below_the_middle(scope: int, expected: Severity | None) -> None:
    plan = offer("160k", "180k", role=f"family: mlops, level: senior, scope: {scope}")
    assert severity(check, "scope-underpaid", plan) is expected


def test_a_rescue_is_paid_more_and_the_named_midpoint_flips_it() -> None:
    debt = "situation: {inherits_technical_debt: true}"
    (found,) = said(check, "rescue-unpaid", offer("170k", "190k", more=debt))
    assert (found.what, found.severity) == ("A rescue mission is offered ordinary pay.", REVIEW)
    midpoint = found.flips.removeprefix("A midpoint of ").removesuffix(".")
    assert said(check, "rescue-unpaid", offer(midpoint, midpoint, more=debt)) == []


def test_an_offer_below_the_market_is_told_so_once() -> None:
    plan = offer(
        "100k", "120k", "family: mlops, level: senior, scope: 30", "situation: {inherits_technical_debt: true}"
    )
    assert [finding.rule for finding in check(case(plan)).findings] == ["pay.below-market"]


@pytest.mark.parametrize(("high", "flips"), [("209k", []), ("210k", []), ("211k", ["A top of 210k."])])
def test_a_range_is_unusually_wide_above_its_ratio(high: str, flips: list[str]) -> None:
    found = said(check, "wide-range", f"pay: {{min: 100k, max: {high}}}", law__wide_range_ratio=2.1)
    assert [each.flips for each in found] == flips


def test_one_figure_in_the_plan_and_another_in_the_posting() -> None:
    posting = """
        # MLOps Engineer

        We plan parcel routes.

        ## Pay

        $150,000 to $170,000 a year
    """
    (found,) = said(check, "posting-differs", "pay: {min: 160k, max: 180k}", posting)
    assert (found.what, found.severity, found.evidence[:2]) == (
        "The plan offers 160–180k, the posting 150–170k.",
        FIX,
        ("pay.min: 160,000", "pay.max: 180,000"),
    )
    assert found.evidence[2] in posting
    assert said(check, "posting-differs", "pay: {min: 150k, max: 170k}", posting) == []
    assert said(check, "posting-differs", "pay: {min: 150, max: 170, period: HOUR}", posting) == []


def test_a_posting_without_pay_in_colorado() -> None:
    posting = """
        # MLOps Engineer

        Denver, CO. We plan parcel routes.

        ## What you bring

        - Kubernetes
    """
    missing = "The posting states no pay range; Colorado asks for it."
    here = "company: {place: 'Denver, CO', employees: 420}"
    assert said(check, "law-wants-more", here, posting)[0] == Said(missing, FIX, "posting")
    perhaps = "company: {jurisdictions: [US-CO], employees: 420}"
    assert said(check, "law-wants-more", perhaps, posting)[0] == Said(missing, REVIEW, "posting")


def test_where_the_work_may_be_done_is_asked() -> None:
    assert asks(check, "law-wants-more", "", "Kubernetes") == ["company.jurisdictions"]


def test_past_pay_is_not_asked_for() -> None:
    assert said(check, "asks-pay-history", "pay: {asks_pay_history: true}") == [
        Said(
            "Candidates are asked what they earned before.",
            REVIEW,
            "pay.asks_pay_history",
            evidence=("pay.asks_pay_history: yes",),
        )
    ]


@pytest.mark.parametrize(
    ("equity", "what"),
    [
        ("none", []),
        ("{instrument: rsu}", ["The equity is offered without the amount and the vesting."]),
        ("{instrument: rsu, amount: 60k, vesting_years: 4}", []),
    ],
)
def test_equity_comes_with_its_terms(equity: str, what: list[str]) -> None:
    assert [found.what for found in said(check, "equity-without-terms", f"pay: {{equity: {equity}}}")] == what


@pytest.mark.parametrize(
    ("pay", "field"), [("{}", ["pay.min"]), ("{min: 150k}", ["pay.max"]), ("{min: 150k, max: 170k}", [])]
)
def test_an_offer_half_told_is_asked_for(pay: str, field: list[str]) -> None:
    assert asks(check, "unstated", f"pay: {pay}") == field


def test_an_empty_plan_is_asked_and_not_judged() -> None:
    verdict = check(case())
    assert (verdict.findings, verdict.state) == ((), State.UNANSWERED)


@pytest.mark.parametrize(
    ("pay", "what"),
    [
        ("{min: 0, max: 200k}", ["The range begins at nothing and ends at 200k."]),
        ("{min: 100k, max: 300k}", ["The range is unusually wide: the top is 3.0 times the bottom."]),
        ("{min: 150k, max: 200k}", []),
        ("{min: 0, max: 0}", []),
    ],
)
def test_a_range_from_nothing_is_wide(pay: str, what: list[str]) -> None:
    assert [found.what for found in said(check, "wide-range", f"pay: {pay}")] == what


def test_an_offer_in_another_currency_is_told_what_is_compared_and_what_is_not() -> None:
    plan = "role: {family: mlops, level: senior}\npay: {min: 90k, max: 110k, currency: EUR}\ncompany: {place: Berlin}"
    found = next(finding for finding in check(case(plan)).findings if finding.rule == "pay.other-currency")
    assert found.what == "An offer in EUR cannot be placed on the market: the pay data are in USD."
    assert "Compared all the same: the width of the range" in found.why
    assert "Not compared: the percentile" in found.why
    assert severity(check, "not-placed", plan) is None


def test_a_plan_and_a_posting_in_two_currencies_differ() -> None:
    posting = "# MLOps Engineer\n\nBase salary: €90,000 to €110,000 a year.\n"
    (found,) = said(check, "posting-differs", "pay: {min: 90k, max: 110k}", posting)
    assert found.what == "The plan offers 90–110k USD, the posting 90–110k EUR."


@pytest.mark.parametrize(("low", "expected"), [("200k", REVIEW), ("110k", None)])
def test_a_juniors_level_with_a_seniors_pay(low: str, expected: Severity | None) -> None:
    plan = offer(low, "230k", role="family: ml-engineer, level: junior")
    assert severity(check, "other-level", plan) is expected


def test_a_range_asks_whose_market_and_when() -> None:
    assert asks(check, "wrong-benchmark", "pay: {min: 150k, max: 180k}") == ["pay.benchmark_role"]
    assert asks(check, "old-benchmark", "pay: {min: 150k, max: 180k}") == ["pay.benchmark_date"]
    assert asks(check, "old-benchmark", "pay: {bonus_percent: 10}") == []


def test_an_operators_benchmark_is_accepted() -> None:
    plan = "role: {family: mlops}\npay: {benchmark_role: data-engineer}"
    assert severity(check, "wrong-benchmark", plan) is FIX
    assert severity(check, "wrong-benchmark", plan, pay__ml_benchmark="data-engineer") is None
