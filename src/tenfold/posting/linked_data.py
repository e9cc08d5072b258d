"""schema.org JobPosting in a saved page: what it states beside the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

MOST_NODES = 2000


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


def _pay_labels(salary: Any) -> dict[str, Any]:
    if not isinstance(salary, dict):
        return {}
    value = salary.get("value")
    figures = value if isinstance(value, dict) else {"value": value}
    low = figures.get("minValue", figures.get("value"))
    return {
        "pay_min": low,
        "pay_max": figures.get("maxValue", low),
        "pay_currency": salary.get("currency"),
        "pay_period": figures.get("unitText") or "YEAR",
    }


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
