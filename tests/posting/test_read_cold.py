"""Kinds of faults that a cold reading of whole real postings found, each in many wordings written for this test."""

from __future__ import annotations

from itertools import product

import pytest

from tenfold.posting.details import is_still_studied
from tenfold.posting.family import is_named_behind
from tenfold.posting.lint import lint_posting
from tenfold.posting.model import Demand, PostingReading
from tenfold.posting.reading import read
from tenfold.posting.round_the_clock import round_the_clock_on_call
from tenfold.posting.stated.alternatives import alternative_groups
from tenfold.posting.stated.steps import _is_a_step
from tenfold.posting.vagueness import vague_duties

COUNTRIES = {"Ireland": "IE", "Spain": "ES", "Poland": "PL", "Japan": "JP"}


def posting(
    *, place: str = "", intro: str = "", must: str = "Python", end: str = "", duties: str = ""
) -> PostingReading:
    where = f"🌎 {place}\n\n" if place else ""
    work = duties or "* Build the nightly billing pipeline"
    text = (
        f"# Data Engineer\n\n{where}{intro}\n\n## What you will do\n\n{work}\n\n## Requirements\n\n* {must}\n\n{end}\n"
    )
    return read(text.encode(), name="posting")


@pytest.mark.parametrize(
    ("sum_", "purpose"),
    list(product(("$500", "€300", "£250"), ("/month in benefits of your choice", " a month in flexible perks"))),
)
def test_a_monthly_allowance_is_no_pay(sum_: str, purpose: str) -> None:
    reading = posting(place="Ireland", end=f"## Benefits\n\n* Health insurance\n* {sum_}{purpose}")
    assert reading.pay is None
    assert any(remark.rule == "no-pay" for remark in lint_posting(reading))


@pytest.mark.parametrize(("low", "high"), [(60, 75), (80, 100), (95, 130)])
@pytest.mark.parametrize("shape", ["€{low} / {high}k", "€{low}/{high}k", "{low}/{high}k€", "€{low}k / {high}k"])
def test_a_stroke_joins_the_ends_of_a_range_in_thousands(low: int, high: int, shape: str) -> None:
    pay = posting(end=f"## Pay\n\nSalary: {shape.format(low=low, high=high)} + equity").pay
    assert pay is not None
    assert (pay.min, pay.max, pay.currency) == (low * 1000, high * 1000, "EUR")


def test_a_badge_above_does_not_say_what_the_line_below_it_is() -> None:
    text = "# SRE\n\n💰 €80 / 100k + equity\n\nFull time - Lyon - €80 / 100k + equity\n\n## Requirements\n\n* Linux\n"
    pay = read(text.encode(), name="posting").pay
    assert pay is not None
    assert not pay.from_badge


@pytest.mark.parametrize(("home", "abroad"), [(a, b) for a, b in product(COUNTRIES, COUNTRIES) if a != b])
@pytest.mark.parametrize(
    "sentence",
    [
        "You join an established team of engineers based in {abroad} who build these features.",
        "Over 700 teammates are dispersed throughout {abroad} and work remotely.",
        "We have colleagues located across {abroad}.",
    ],
)
def test_where_colleagues_are_is_not_where_the_job_is(home: str, abroad: str, sentence: str) -> None:
    reading = posting(place=f"Remote - {home}", intro=sentence.format(abroad=abroad))
    assert [place.id for place in reading.places] == [COUNTRIES[home]]


@pytest.mark.parametrize("place", COUNTRIES)
@pytest.mark.parametrize(
    "sentence", ["Candidates must be based in {place}.", "Team members must be located in {place}."]
)
def test_where_the_person_must_be_stays_a_place(place: str, sentence: str) -> None:
    reading = posting(place="Remote - Portugal", intro=sentence.format(place=place))
    assert COUNTRIES[place] in [found.id for found in reading.places]


@pytest.mark.parametrize("lead", ["Currently pursuing", "Must be enrolled in", "Actively working towards"])
@pytest.mark.parametrize("degree", ["a Bachelor's degree", "a Master's degree", "a PhD"])
def test_a_degree_that_interns_study_for_has_no_equivalent(lead: str, degree: str) -> None:
    reading = posting(must=f"{lead} {degree} in computer science")
    assert reading.degree is not None
    assert is_still_studied(reading)
    assert not any(remark.rule == "degree-only" for remark in lint_posting(reading))


@pytest.mark.parametrize("degree", ["Bachelor's degree", "Master's degree", "PhD"])
def test_a_degree_that_is_held_is_asked_of_everyone(degree: str) -> None:
    reading = posting(must=f"{degree} in computer science")
    assert not is_still_studied(reading)
    assert any(remark.rule == "degree-only" for remark in lint_posting(reading))


@pytest.mark.parametrize(("long", "short"), [(8, 6), (10, 7), (5, 3)])
def test_more_years_count_instead_of_the_higher_degree(long: int, short: int) -> None:
    reading = posting(must=f"{long}+ years of experience in software, or {short}+ years with an advanced degree")
    assert not any(remark.rule == "degree-only" for remark in lint_posting(reading))


@pytest.mark.parametrize("verb", ["Develop", "Design", "Establish", "Document"])
@pytest.mark.parametrize("plan", ["protocols", "procedures", "processes"])
def test_who_draws_up_on_call_is_not_thereby_on_call(verb: str, plan: str) -> None:
    reading = posting(duties=f"* {verb} 24/7 on-call support {plan} for live games")
    assert round_the_clock_on_call(reading) is None
    assert round_the_clock_on_call(posting(duties="* Take part in our 24/7 on-call rotation")) is not None


@pytest.mark.parametrize("kinds", ["languages", "tools"])
def test_examples_without_or_are_one_demand(kinds: str) -> None:
    reading = posting(must=f"Experience with scripting {kinds} such as Go, Python, Bash")
    groups = alternative_groups(reading, Demand.MUST)
    assert [len(group) for group in groups if "python" in group] == [3]
    plain = alternative_groups(posting(must="Experience with Go, Python, Bash"), Demand.MUST)
    assert all(len(group) == 1 for group in plain)


@pytest.mark.parametrize("separator", [" - ", ", ", ": ", " | "])
def test_a_family_behind_the_name_of_the_job_is_its_team(separator: str) -> None:
    assert is_named_behind(f"Senior Software Engineer{separator}Networking and SRE", "devops")
    assert not is_named_behind(f"Site Reliability Engineer{separator}Networking", "devops")
    assert not is_named_behind("Site Reliability Engineer", "devops")


def test_a_short_duty_without_stock_phrases_is_of_this_job() -> None:
    own = "* Deploy risk models in production for real-time decisions\n* Support the upkeep of the risk model store"
    stock = "* Collaborate with cross-functional stakeholders on innovative scalable solutions daily"
    assert not vague_duties(posting(duties=own)).vague
    assert vague_duties(posting(duties=stock)).vague


def test_what_others_say_of_the_process_is_no_round() -> None:
    assert not _is_a_step("New colleagues say our interview process gave them an accurate picture")
    assert _is_a_step("Interview with the hiring manager (45 minutes)")


@pytest.mark.parametrize("place", COUNTRIES)
def test_whose_citizens_may_apply_is_not_where_the_job_is(place: str) -> None:
    reading = posting(place=f"Remote - {place}", intro="NOTE: citizenship of Portugal is required for this position.")
    assert [found.id for found in reading.places] == [COUNTRIES[place]]
