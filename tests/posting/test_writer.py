"""What the writer writes, the reader reads back."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.catalogue.model import Kind
from tenfold.catalogue.store import catalogue
from tenfold.plan.document import HiringPlan
from tenfold.posting.boards import postings_of
from tenfold.posting.draft import draft_plan
from tenfold.posting.model import Demand, PostingReading
from tenfold.posting.reading import read, read_source
from tenfold.posting.writer import absent_properties, as_json_ld, job_posting, render_posting

NOT_TOOLS_IN_POSTINGS = {"cvs", "hashicorp", "atlassian"}
"""Vendors and an abbreviation that postings use for other things; the reader leaves them out on purpose."""
TOOLS = sorted(
    skill.id
    for skill in catalogue().skills.values()
    if skill.is_tool and skill.kind is not Kind.MODEL and skill.id not in NOT_TOOLS_IN_POSTINGS
)


def plan(**parts: Any) -> HiringPlan:
    answers: dict[str, Any] = {
        "company": {"name": "Quartz Labs", "place": "Denver, CO", "jurisdictions": ["US-CO"]},
        "role": {
            "title": "Senior MLOps Engineer",
            "workplace": "hybrid",
            "day_to_day": ["Run the nightly training of forty models"],
            "projects": ["Move serving to KServe by June"],
        },
        "requirements": {"must": ["kubernetes", "python"], "nice": ["feast"], "years_min": 5},
        "pay": {"min": 160_000, "max": 190_000, "benefits": ["Dental insurance"]},
    }
    return HiringPlan.model_validate(answers | parts)


def asked(reading: PostingReading, demand: Demand) -> set[str]:
    return {tool.skill_id for tool in reading.tools_with(demand)}


@pytest.mark.parametrize("form", ["as_markdown", "as_html", "as_text"])
def test_the_plan_comes_back_from_every_form(form: str) -> None:
    reading = read(getattr(render_posting(plan()), form)())
    assert reading.title is not None
    assert reading.title.value == "Senior MLOps Engineer"
    assert reading.employer is not None
    assert reading.employer.value == "Quartz Labs"
    assert reading.level is not None
    assert reading.level.value == "senior"
    assert reading.workplace is not None
    assert reading.workplace.value == "hybrid"
    assert reading.years_min is not None
    assert reading.years_min.value == 5
    assert reading.pay is not None
    assert (reading.pay.min, reading.pay.max, reading.pay.currency, reading.pay.period) == (
        160_000,
        190_000,
        "USD",
        "YEAR",
    )
    assert asked(reading, Demand.MUST) == {"kubernetes", "python"}
    assert asked(reading, Demand.NICE) == {"feast"}
    assert reading.explicit_split


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(TOOLS), min_size=2, max_size=8, unique=True), st.integers(1, 15), st.integers(40, 400))
def test_any_tools_come_back_as_they_were_asked(skills: list[str], years: int, thousands: int) -> None:
    half = len(skills) // 2
    requirements = {"must": skills[:half], "nice": skills[half:], "years_min": years}
    pay = {"min": thousands * 1000, "max": thousands * 1200, "currency": "EUR"}
    reading = read(render_posting(plan(requirements=requirements, pay=pay)).as_markdown())
    assert asked(reading, Demand.MUST) == set(skills[:half])
    assert asked(reading, Demand.NICE) - {"kserve"} == set(skills[half:]) - {"kserve"}
    assert reading.years_min is not None
    assert reading.years_min.value == years
    assert reading.pay is not None
    assert (reading.pay.min, reading.pay.max, reading.pay.currency) == (thousands * 1000, thousands * 1200, "EUR")


TITLES = ("MLOps Engineer", "Machine Learning Platform Engineer", "DevOps Engineer", "Data Engineer")
LEVELS = {"": None, "Junior ": "junior", "Senior ": "senior", "Staff ": "staff", "Principal ": "principal"}
PERIODS = {"YEAR": (20_000, 400_000), "MONTH": (2_000, 25_000), "HOUR": (20, 200)}
DEGREES = {
    "required": ("must", False),
    "required-or-equivalent": ("must", True),
    "preferred": ("nice", False),
    None: None,
}


@st.composite
def plans(draw: st.DrawFn) -> HiringPlan:
    """Plans with every value that a posting states."""
    skills = draw(st.lists(st.sampled_from(TOOLS), min_size=2, max_size=6, unique=True))
    period = draw(st.sampled_from(sorted(PERIODS)))
    low = draw(st.integers(*PERIODS[period]))
    title = draw(st.sampled_from(sorted(LEVELS))) + draw(st.sampled_from(TITLES))
    requirements = {
        "must": skills[: len(skills) // 2],
        "nice": skills[len(skills) // 2 :],
        "years_min": draw(st.none() | st.integers(1, 15)),
        "degree": draw(st.sampled_from(list(DEGREES))),
    }
    pay = {
        "min": low,
        "max": low + draw(st.integers(0, low)),
        "currency": draw(st.sampled_from(["USD", "EUR", "GBP", "CAD", "CHF"])),
        "period": period,
    }
    role = {
        "title": title,
        "workplace": draw(st.sampled_from(["remote", "hybrid", "onsite"])),
        "day_to_day": ["Run the nightly training of forty models"],
    }
    return plan(role=role, requirements={k: v for k, v in requirements.items() if v is not None}, pay=pay)


def page_with_json_ld(written_plan: HiringPlan) -> PostingReading:
    """Read as a job board reads it: from the script element in a page's head."""
    document = as_json_ld(job_posting(written_plan, posted=date(2026, 11, 18)))
    page = f'<html><head><script type="application/ld+json">{document}</script></head><body></body></html>'
    (posting,) = postings_of(page)
    return read_source(posting.source)


FORMS: dict[str, Callable[[HiringPlan], PostingReading]] = {
    "markdown": lambda given: read(render_posting(given).as_markdown()),
    "html": lambda given: read(render_posting(given).as_html()),
    "text": lambda given: read(render_posting(given).as_text()),
    "json-ld": page_with_json_ld,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@settings(max_examples=40)
@given(given_plan=plans())
def test_every_value_of_any_plan_comes_back_from_every_form(
    form: Callable[[HiringPlan], PostingReading], given_plan: HiringPlan
) -> None:
    reading, requirements, pay = form(given_plan), given_plan.requirements, given_plan.pay
    title = given_plan.role.title
    assert reading.title is not None
    assert title is not None
    assert reading.title.value == title
    level = next((level for word, level in LEVELS.items() if word and title.startswith(word)), None)
    if level is not None:
        assert reading.level is not None
        assert reading.level.value == level
    assert asked(reading, Demand.MUST) == {item.skill for item in requirements.must or ()}
    assert asked(reading, Demand.NICE) == {item.skill for item in requirements.nice or ()}
    assert (reading.years_min.value if reading.years_min else None) == requirements.years_min
    degree = reading.degree and (reading.degree.demand.value, reading.degree.or_equivalent)
    assert degree == DEGREES[requirements.degree]
    assert reading.pay is not None
    assert (reading.pay.min, reading.pay.max) == (pay.min, pay.max)
    assert (reading.pay.currency, reading.pay.period) == (pay.currency, pay.period)
    assert given_plan.role.workplace is not None
    assert reading.workplace is not None
    assert reading.workplace.value == given_plan.role.workplace.value


def test_json_ld_without_a_required_property_says_so_and_invents_nothing() -> None:
    bare = job_posting(HiringPlan.model_validate({"tenfold_plan": 1}), posted=date(2026, 11, 18))
    assert absent_properties(bare) == ("hiringOrganization", "jobLocation")
    assert absent_properties(job_posting(plan(), posted=date(2026, 11, 18))) == ()
    assert "employmentType" not in bare


DRAFTED = """# Senior MLOps Engineer

Employer: Quartz Labs
Location: Vancouver, WA

## What you will do

- Run the serving layer of forty models
- Write the jobs that retrain them

## Requirements

- 5+ years of experience
- Kubernetes

Salary: $150,000 - $180,000 per year
"""


def test_what_was_read_is_in_the_posting_that_is_written_from_the_draft() -> None:
    page = render_posting(draft_plan(read(DRAFTED))).as_markdown()
    for words in ("Quartz Labs", "Vancouver, WA", "forty models", "retrain them", "Kubernetes", "5+ years", "150,000"):
        assert words in page
    again = read(page)
    assert [place.id for place in again.places] == ["US-WA"]


def test_json_ld_has_what_google_requires() -> None:
    document = job_posting(plan(), posted=date(2026, 11, 18))
    assert {"title", "description", "datePosted", "hiringOrganization", "jobLocation"} <= document.keys()
    assert document["jobLocation"][0]["address"] == {
        "@type": "PostalAddress",
        "addressLocality": "Denver",
        "addressRegion": "CO",
        "addressCountry": "US",
    }
    assert document["baseSalary"]["value"] == {
        "@type": "QuantitativeValue",
        "minValue": 160_000,
        "maxValue": 190_000,
        "unitText": "YEAR",
    }
    assert json.loads(as_json_ld(document)) == document


def test_remote_work_names_the_countries_it_is_open_to() -> None:
    role = {"title": "MLOps Engineer", "workplace": "remote", "places": ["Germany", "Spain"]}
    document = job_posting(plan(role=role), posted=date(2026, 11, 18))
    assert document["jobLocationType"] == "TELECOMMUTE"
    assert [place["name"] for place in document["applicantLocationRequirements"]] == ["DE", "ES"]
    assert "jobLocation" not in document


def test_what_a_plan_says_is_escaped() -> None:
    hostile = plan(company={"name": "<script>alert(1)</script>"})
    assert "<script>" not in render_posting(hostile).as_html()
    assert "<script>" not in as_json_ld(job_posting(hostile, posted=date(2026, 11, 18)))


def test_what_the_plan_leaves_open_is_said() -> None:
    assert set(render_posting(HiringPlan()).missing) >= {
        "company.name",
        "pay.min",
        "role.day_to_day",
        "requirements.must",
    }
