"""What the writer writes, the reader reads back."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.catalogue.model import Kind
from tenfold.catalogue.store import catalogue
from tenfold.plan.document import HiringPlan
from tenfold.posting.model import Demand, PostingReading
from tenfold.posting.reading import read
from tenfold.posting.writer import as_json_ld, job_posting, written

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
    reading = read(getattr(written(plan()), form)())
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
    reading = read(written(plan(requirements=requirements, pay=pay)).as_markdown())
    assert asked(reading, Demand.MUST) == set(skills[:half])
    assert asked(reading, Demand.NICE) - {"kserve"} == set(skills[half:]) - {"kserve"}
    assert reading.years_min is not None
    assert reading.years_min.value == years
    assert reading.pay is not None
    assert (reading.pay.min, reading.pay.max, reading.pay.currency) == (thousands * 1000, thousands * 1200, "EUR")


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
    assert "<script>" not in written(hostile).as_html()
    assert "<script>" not in as_json_ld(job_posting(hostile, posted=date(2026, 11, 18)))


def test_what_the_plan_leaves_open_is_said() -> None:
    assert set(written(HiringPlan()).missing) >= {"company.name", "pay.min", "role.day_to_day", "requirements.must"}
