"""Gender markers by place, and years with fields of work that are younger."""

from __future__ import annotations

import pytest

from tenfold.practices.skills.check import check
from tests.practices.examples import FIX, NOTE, REVIEW, said

DE = "company:\n  jurisdictions: [DE]"


def posting(title: str, line: str = "Kubernetes") -> str:
    return f"# {title}\n\nWe plan parcel routes.\n\n## Requirements\n\n- {line}\n"


@pytest.mark.parametrize("marker", ["(m/w/d)", "(f/m/x)", "(all genders)", "(gn)"])
@pytest.mark.parametrize("title", ["MLOps Engineer", "MLOps-Ingenieur", "Softwareentwickler"])
@pytest.mark.parametrize("place", ["DE", "AT", "US-CO", "FR"])
def test_a_marker_is_no_fault_anywhere(title: str, marker: str, place: str) -> None:
    assert said(check, "gendered-title", f"company:\n  jurisdictions: [{place}]", posting(f"{title} {marker}")) == []


def test_in_germany_a_marker_is_expected_and_a_masculine_title_looked_at() -> None:
    (neutral,) = said(check, "gendered-title", DE, posting("MLOps Engineer"))
    (masculine,) = said(check, "gendered-title", DE, posting("MLOps-Ingenieur"))
    assert (neutral.severity, masculine.severity) == (NOTE, REVIEW)
    assert "MLOps-Ingenieur" in masculine.what


@pytest.mark.parametrize("title", ["MLOps-Ingenieur*in", "Softwareentwickler:in", "Softwareentwickler/-in"])
def test_an_inclusive_form_will_do(title: str) -> None:
    assert said(check, "gendered-title", DE, posting(title)) == []


@pytest.mark.parametrize("place", ["US-CO", "GB", "NL"])
def test_elsewhere_an_english_title_needs_no_marker(place: str) -> None:
    assert said(check, "gendered-title", f"company:\n  jurisdictions: [{place}]", posting("MLOps Engineer")) == []


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("10+ years of LLMs in production", FIX),
        ("7+ years of LLMs in production", REVIEW),
        ("8 Jahre Erfahrung mit RAG", FIX),
        ("12+ years of MLOps experience", REVIEW),
    ],
)
def test_years_beyond_a_fields_age_are_told(line: str, severity: object) -> None:
    (found,) = said(check, "older-than-the-tool", "", posting("MLOps Engineer", line))
    assert (found.severity, found.field) == (severity, "posting")
    assert found.evidence[0] in line


@pytest.mark.parametrize("line", ["3+ years of LLMs in production", "10 years of Python, some of it with LLMs"])
def test_years_that_can_be_had_are_left_alone(line: str) -> None:
    assert said(check, "older-than-the-tool", "", posting("MLOps Engineer", line)) == []
