"""schema.org JobPosting in a saved page: what it states beside the text."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any

from tenfold.posting.board_posting import html_of, section

MOST_NODES = 2000
MONTHS_IN_YEAR = 12


def job_posting(document: Any) -> Mapping[str, Any] | None:
    """The first JobPosting in a JSON-LD document: bare, in a list or in a `@graph`."""
    for node in _nodes(document):
        kinds = node.get("@type")
        if "JobPosting" in (kinds if isinstance(kinds, list) else [kinds]):
            return node
    return None


def labels_of_posting(posting: Mapping[str, Any]) -> dict[str, str]:
    """The fields that the reader takes from JSON-LD when the text does not state them."""
    employer = posting.get("hiringOrganization")
    labels = {
        "title": posting.get("title"),
        "employer": employer.get("name") if isinstance(employer, dict) else employer,
        "employment_type": posting.get("employmentType"),
        "workplace": "remote" if posting.get("jobLocationType") == "TELECOMMUTE" else None,
        "location": "; ".join(_places(posting)),
        **_pay_labels(posting.get("baseSalary")),
    }
    return {key: str(value) for key, value in labels.items() if isinstance(value, str | int | float) and value != ""}


def _places(posting: Mapping[str, Any]) -> Iterator[str]:
    for key in ("jobLocation", "applicantLocationRequirements"):
        found = posting.get(key)
        for place in found if isinstance(found, list) else [found]:
            if isinstance(place, dict):
                yield _place(place)


def _place(place: Mapping[str, Any]) -> str:
    address = place.get("address")
    if isinstance(address, str):
        return address
    if not isinstance(address, dict):
        return str(place.get("name") or "")
    country = address.get("addressCountry")
    parts = (
        address.get("addressLocality"),
        address.get("addressRegion"),
        country.get("name") if isinstance(country, dict) else country,
    )
    return ", ".join(part for part in parts if isinstance(part, str) and part)


_PERIODS = {"y": "YEAR", "a": "YEAR", "m": "MONTH", "w": "WEEK", "d": "DAY", "h": "HOUR"}


def _pay_labels(salary: Any) -> dict[str, Any]:
    """Base pay in any of its shapes: a range in `value` or beside it, one figure, or the first of a list."""
    if isinstance(salary, list):
        salary = next((each for each in salary if isinstance(each, dict)), None)
    if not isinstance(salary, dict):
        return {}
    value = salary.get("value")
    figures = {**salary, **value} if isinstance(value, dict) else salary
    low = figures.get("minValue", None if isinstance(figures.get("value"), dict) else figures.get("value"))
    unit = str(figures.get("unitText") or "YEAR").strip().lower()
    return {
        "pay_min": low,
        "pay_max": figures.get("maxValue", low),
        "pay_currency": figures.get("currency"),
        "pay_period": _PERIODS.get(unit[:1], "YEAR"),
    }


_SECTIONS = (
    ("responsibilities", "Responsibilities"),
    ("qualifications", "Qualifications"),
    ("skills", "Required skills"),
    ("experienceRequirements", "Experience required"),
    ("educationRequirements", "Education required"),
    ("jobBenefits", "Benefits"),
    ("incentiveCompensation", "Bonus and equity offered"),
    ("workHours", "Working hours"),
)


def body_of_posting(posting: Mapping[str, Any]) -> str:
    """The posting's text as HTML: its description, and every other field of text that the description lacks."""
    body = html_of(posting.get("description"))
    salary = posting.get("baseSalary")
    for field, heading in _SECTIONS:
        told = _describe(posting.get(field))
        if told and not _stands_in(told, body):
            body += section(heading, told)
    return body + (section("Salary", salary) if isinstance(salary, str) else "")


def _describe(value: Any) -> Any:
    """Text of a field that may be an object: months of experience, a defined term, an organisation's description."""
    if isinstance(value, list):
        return [each for each in map(_describe, value) if each]
    if not isinstance(value, dict):
        return value
    months = value.get("monthsOfExperience")
    if isinstance(months, int | float) and months >= MONTHS_IN_YEAR:
        return f"{int(months // MONTHS_IN_YEAR)}+ years of experience"
    return value.get("description") or value.get("name") or value.get("credentialCategory")


def _stands_in(told: Any, body: str) -> bool:
    plain = "".join(filter(str.isalnum, html.unescape(told if isinstance(told, str) else str(told)).lower()))
    return plain[:60] in "".join(filter(str.isalnum, html.unescape(body).lower()))


def _nodes(document: Any) -> Iterator[Mapping[str, Any]]:
    waiting = [document]
    seen = 0
    while waiting and seen < MOST_NODES:
        node = waiting.pop(0)
        seen += 1
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            yield node
            waiting.extend(
                value for key, value in node.items() if key in ("@graph", "mainEntity", "itemListElement", "item")
            )
