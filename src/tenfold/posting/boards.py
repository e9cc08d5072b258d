"""Postings out of what job boards send and pages hold: Greenhouse, Lever, Ashby, seven others, schema.org JSON-LD.

Values in, postings out; fetching is not done here. Shapes follow the boards' public documents: Greenhouse Job Board API
(`jobs?content=true`), Lever Postings API (`postings?mode=json`), Ashby Job Postings API (`includeCompensation=true`),
schema.org JobPosting.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tenfold.kit.errors import UserError
from tenfold.posting.board_posting import BoardPosting, inner, is_number, objects, posting, safe_html, text_of
from tenfold.posting.board_readers import personio_positions, reader_of
from tenfold.posting.linked_data import body_of_posting, job_posting, labels_of_posting

__all__ = ["BoardPosting", "postings_of", "safe_html"]

MOST_POSTINGS = 5000
_REMEDY = (
    "Give the JSON of a Greenhouse, Lever, Ashby, Workable, SmartRecruiters, Recruitee, Workday, Rippling or RemoteOK "
    "board, a Personio feed, or a saved page with a JobPosting in it."
)


def postings_of(document: str) -> tuple[BoardPosting, ...]:
    """All published postings in a board's JSON or a saved page.

    Raises:
        UserError: neither JSON of a board that is known nor a page with a JobPosting.
    """
    if document.lstrip().startswith("<"):
        return tuple(personio_positions(document)) or _from_page(document)
    try:
        data = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise UserError("This is neither JSON nor HTML.", remedy=_REMEDY) from error
    reader = _reader_for(data)
    if reader is None:
        raise UserError("This JSON is no job board that Tenfold knows.", remedy=_REMEDY)
    return tuple(posting for posting, _ in zip(reader(data), range(MOST_POSTINGS), strict=False))


def _reader_for(data: Any) -> Callable[[Any], Iterator[BoardPosting]] | None:
    if (known := reader_of(data)) is not None:
        return known
    if isinstance(data, list):
        return _lever if data and all(isinstance(row, dict) and "text" in row for row in data) else None
    if not isinstance(data, dict):
        return None
    jobs = data.get("jobs")
    if isinstance(jobs, list):
        return _ashby if "apiVersion" in data or any("descriptionHtml" in job for job in objects(jobs)) else _greenhouse
    if "content" in data and "title" in data:
        return lambda single: _greenhouse({"jobs": [single]})
    if "lists" in data and "text" in data:
        return lambda single: _lever([single])
    return _link if job_posting(data) is not None else None


def _greenhouse(data: Mapping[str, Any]) -> Iterator[BoardPosting]:
    for job in objects(data["jobs"]):
        labels = {
            "title": job.get("title"),
            "location": inner(job, "location", "name"),
            **_greenhouse_pay(job.get("pay_input_ranges")),
        }
        yield posting(
            "greenhouse",
            job.get("id"),
            html.unescape(text_of(job.get("content"))),
            labels,
            job.get("absolute_url"),
            record=job,
        )


def _greenhouse_pay(ranges: Any) -> dict[str, Any]:
    """The widest span of the ranges in the first currency; amounts are in cents."""
    rows = [row for row in objects(ranges) if is_number(row.get("min_cents")) and is_number(row.get("max_cents"))]
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
    for job in objects(data):
        lists = "".join(
            f"<h3>{text_of(part.get('text'))}</h3><ul>{text_of(part.get('content'))}</ul>"
            for part in objects(job.get("lists"))
        )
        body = "".join(
            (
                text_of(job.get("opening")),
                text_of(job.get("description")),
                lists,
                text_of(job.get("salaryDescription")),
                text_of(job.get("additional")),
            )
        )
        stated = job.get("salaryRange")
        salary: Mapping[str, Any] = stated if isinstance(stated, dict) else {}
        workplace = {"on-site": "onsite"}.get(text_of(job.get("workplaceType")), job.get("workplaceType"))
        labels = {
            "title": job.get("text"),
            "location": inner(job, "categories", "location"),
            "employment_type": inner(job, "categories", "commitment"),
            "workplace": workplace if workplace != "unspecified" else None,
            "pay_min": salary.get("min"),
            "pay_max": salary.get("max"),
            "pay_currency": salary.get("currency"),
            "pay_period": _lever_period(text_of(salary.get("interval"))),
        }
        yield posting("lever", job.get("id"), body, labels, job.get("hostedUrl"), record=job)


def _lever_period(interval: str) -> str:
    """`per-year-salary`, `per-hour-wage`, `per-month-salary`: the word in the middle."""
    found = re.search(r"year|month|week|day|hour", interval)
    return found.group().upper() if found else "YEAR"


def _ashby(data: Mapping[str, Any]) -> Iterator[BoardPosting]:
    for job in objects(data["jobs"]):
        if job.get("isListed") is False:
            continue
        places = [job.get("location"), *(place.get("location") for place in objects(job.get("secondaryLocations")))]
        workplace = {"Remote": "remote", "Hybrid": "hybrid", "OnSite": "onsite"}.get(text_of(job.get("workplaceType")))
        labels = {
            "title": job.get("title"),
            "location": "; ".join(place for place in places if isinstance(place, str)),
            "employment_type": job.get("employmentType"),
            "workplace": workplace or ("remote" if job.get("isRemote") else None),
            **_ashby_pay(job.get("compensation")),
        }
        body = text_of(job.get("descriptionHtml")) or f"<pre>{html.escape(text_of(job.get('descriptionPlain')))}</pre>"
        yield posting("ashby", job.get("id") or job.get("jobUrl"), body, labels, job.get("jobUrl"), record=job)


def _ashby_pay(compensation: Any) -> dict[str, Any]:
    tiers = objects(compensation.get("compensationTiers") if isinstance(compensation, dict) else None)
    salaries = [
        part
        for tier in tiers
        for part in objects(tier.get("components"))
        if part.get("compensationType") == "Salary"
        and is_number(part.get("minValue"))
        and is_number(part.get("maxValue"))
    ]
    same = [part for part in salaries if part.get("currencyCode") == salaries[0].get("currencyCode")]
    if not same:
        return {}
    return {
        "pay_min": min(part["minValue"] for part in same),
        "pay_max": max(part["maxValue"] for part in same),
        "pay_currency": same[0].get("currencyCode"),
        "pay_period": text_of(same[0].get("interval")).rpartition(" ")[2] or "YEAR",
    }


def _link(data: Any) -> Iterator[BoardPosting]:
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
    identifier = found.get("identifier")
    name = identifier.get("value") if isinstance(identifier, dict) else identifier
    body = body_of_posting(found)
    return posting("json-ld", name, body, labels_of_posting(found), found.get("url"), record=found)
