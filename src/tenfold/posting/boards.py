"""Postings out of what job boards send and pages hold: Greenhouse, Lever, Ashby, schema.org JSON-LD.

Values in, postings out; fetching is not done here. Shapes follow the boards' public documents: Greenhouse Job Board API
(`jobs?content=true`), Lever Postings API (`postings?mode=json`), Ashby Job Postings API (`includeCompensation=true`),
schema.org JobPosting.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tenfold.kit.errors import UserError
from tenfold.posting.linked_data import job_posting, labels_of_posting
from tenfold.posting.model import SourceText
from tenfold.posting.webpage import from_html

MOST_POSTINGS = 5000
_REMEDY = "Give the JSON of a Greenhouse, Lever or Ashby board, or a saved page with a JobPosting in it."


@dataclass(frozen=True, slots=True)
class BoardPosting:
    """One posting of a board: its id there, its text with the board's fields as labels, its address, its safe HTML."""

    id: str
    board: str
    source: SourceText
    url: str
    html: str


def postings_of(document: str) -> tuple[BoardPosting, ...]:
    """All published postings in a board's JSON or a saved page.

    Raises:
        UserError: neither JSON of a board that is known nor a page with a JobPosting.
    """
    if document.lstrip().startswith("<"):
        return _from_page(document)
    try:
        data = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise UserError("This is neither JSON nor HTML.", remedy=_REMEDY) from error
    reader = _reader_for(data)
    if reader is None:
        raise UserError("This JSON is no job board that Tenfold knows.", remedy=_REMEDY)
    return tuple(posting for posting, _ in zip(reader(data), range(MOST_POSTINGS), strict=False))


def safe_html(fragment: str) -> str:
    """HTML from outside, cleaned so that it can be shown: no script, no style, no handlers, no foreign images."""
    import nh3  # noqa: PLC0415 - only where HTML goes out again

    tags = {
        "p",
        "br",
        "ul",
        "ol",
        "li",
        "strong",
        "b",
        "em",
        "i",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "a",
        "div",
        "span",
    }
    return nh3.clean(fragment, tags=tags, attributes={"a": {"href"}}, url_schemes={"https", "http", "mailto"})


def _reader_for(data: Any) -> Callable[[Any], Iterator[BoardPosting]] | None:
    if isinstance(data, list):
        return _lever if data and all(isinstance(row, dict) and "text" in row for row in data) else None
    if not isinstance(data, dict):
        return None
    jobs = data.get("jobs")
    if isinstance(jobs, list):
        return (
            _ashby if "apiVersion" in data or any("descriptionHtml" in job for job in _objects(jobs)) else _greenhouse
        )
    if "content" in data and "title" in data:
        return lambda single: _greenhouse({"jobs": [single]})
    if "lists" in data and "text" in data:
        return lambda single: _lever([single])
    return _linked if job_posting(data) is not None else None


def _greenhouse(data: Mapping[str, Any]) -> Iterator[BoardPosting]:
    for job in _objects(data["jobs"]):
        labels = {
            "title": job.get("title"),
            "location": _inner(job, "location", "name"),
            **_greenhouse_pay(job.get("pay_input_ranges")),
        }
        yield _posting(
            "greenhouse", job.get("id"), html.unescape(_text(job.get("content"))), labels, job.get("absolute_url")
        )


def _greenhouse_pay(ranges: Any) -> dict[str, Any]:
    """The widest span of the ranges in the first currency; amounts are in cents."""
    rows = [row for row in _objects(ranges) if _number(row.get("min_cents")) and _number(row.get("max_cents"))]
    rows = [row for row in rows if row.get("currency_type") == rows[0].get("currency_type")]
    if not rows:
        return {}
    return {
        "pay_min": min(row["min_cents"] for row in rows) / 100,
        "pay_max": max(row["max_cents"] for row in rows) / 100,
        "pay_currency": rows[0].get("currency_type"),
        "pay_period": "YEAR" if max(row["max_cents"] for row in rows) >= 1_000_000 else "HOUR",
    }


def _lever(data: list[Any]) -> Iterator[BoardPosting]:
    for job in _objects(data):
        lists = "".join(
            f"<h3>{_text(part.get('text'))}</h3><ul>{_text(part.get('content'))}</ul>"
            for part in _objects(job.get("lists"))
        )
        body = "".join(
            (
                _text(job.get("opening")),
                _text(job.get("description")),
                lists,
                _text(job.get("salaryDescription")),
                _text(job.get("additional")),
            )
        )
        stated = job.get("salaryRange")
        salary: Mapping[str, Any] = stated if isinstance(stated, dict) else {}
        workplace = {"on-site": "onsite"}.get(_text(job.get("workplaceType")), job.get("workplaceType"))
        labels = {
            "title": job.get("text"),
            "location": _inner(job, "categories", "location"),
            "employment_type": _inner(job, "categories", "commitment"),
            "workplace": workplace if workplace != "unspecified" else None,
            "pay_min": salary.get("min"),
            "pay_max": salary.get("max"),
            "pay_currency": salary.get("currency"),
            "pay_period": _lever_period(_text(salary.get("interval"))),
        }
        yield _posting("lever", job.get("id"), body, labels, job.get("hostedUrl"))


def _lever_period(interval: str) -> str:
    """`per-year-salary`, `per-hour-wage`, `per-month-salary`: the word in the middle."""
    found = re.search(r"year|month|week|day|hour", interval)
    return found.group().upper() if found else "YEAR"


def _ashby(data: Mapping[str, Any]) -> Iterator[BoardPosting]:
    for job in _objects(data["jobs"]):
        if job.get("isListed") is False:
            continue
        places = [job.get("location"), *(place.get("location") for place in _objects(job.get("secondaryLocations")))]
        workplace = {"Remote": "remote", "Hybrid": "hybrid", "OnSite": "onsite"}.get(_text(job.get("workplaceType")))
        labels = {
            "title": job.get("title"),
            "location": "; ".join(place for place in places if isinstance(place, str)),
            "employment_type": job.get("employmentType"),
            "workplace": workplace or ("remote" if job.get("isRemote") else None),
            **_ashby_pay(job.get("compensation")),
        }
        body = _text(job.get("descriptionHtml")) or f"<pre>{html.escape(_text(job.get('descriptionPlain')))}</pre>"
        yield _posting("ashby", job.get("id") or job.get("jobUrl"), body, labels, job.get("jobUrl"))


def _ashby_pay(compensation: Any) -> dict[str, Any]:
    tiers = _objects(compensation.get("compensationTiers") if isinstance(compensation, dict) else None)
    salaries = [
        part
        for tier in tiers
        for part in _objects(tier.get("components"))
        if part.get("compensationType") == "Salary" and _number(part.get("minValue")) and _number(part.get("maxValue"))
    ]
    same = [part for part in salaries if part.get("currencyCode") == salaries[0].get("currencyCode")]
    if not same:
        return {}
    return {
        "pay_min": min(part["minValue"] for part in same),
        "pay_max": max(part["maxValue"] for part in same),
        "pay_currency": same[0].get("currencyCode"),
        "pay_period": _text(same[0].get("interval")).rpartition(" ")[2] or "YEAR",
    }


def _linked(data: Any) -> Iterator[BoardPosting]:
    found = job_posting(data)
    if found is not None:
        yield _from_linked(found)


def _from_page(page: str) -> tuple[BoardPosting, ...]:
    for script in re.finditer(
        r"<script[^>]{0,200}application/ld\+json[^>]{0,200}>(.{0,400000}?)</script>", page, re.DOTALL | re.IGNORECASE
    ):
        try:
            found = job_posting(json.loads(script.group(1)))
        except (ValueError, RecursionError):
            continue
        if found is not None:
            return (_from_linked(found),)
    raise UserError("This page holds no JobPosting.", remedy="`tenfold posting read` reads any page as text.")


def _from_linked(found: Mapping[str, Any]) -> BoardPosting:
    labels = labels_of_posting(found)
    identifier = found.get("identifier")
    name = identifier.get("value") if isinstance(identifier, dict) else identifier
    description = html.unescape(_text(found.get("description")))
    return _posting("json-ld", name, description, labels, found.get("url"))


def _posting(board: str, name: Any, body: str, labels: Mapping[str, Any], url: Any) -> BoardPosting:
    title = html.escape(_text(labels.get("title")))
    clean = safe_html(f"<h1>{title}</h1>{body}" if title else body)
    source = from_html(clean)
    kept = {key: str(value) for key, value in labels.items() if isinstance(value, str | int | float) and value != ""}
    return BoardPosting(
        id=re.sub(r"[^\w.-]+", "-", str(name or title or "posting")).strip("-"),
        board=board,
        source=replace(source, labels=kept),
        url=url if isinstance(url, str) and url.startswith(("https://", "http://")) else "",
        html=clean,
    )


def _objects(rows: Any) -> list[Mapping[str, Any]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _inner(row: Mapping[str, Any], key: str, inner: str) -> Any:
    found = row.get(key)
    return found.get(inner) if isinstance(found, dict) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
