"""Further boards read from file: Workable, SmartRecruiters, Recruitee, Workday, Personio, Rippling, RemoteOK.

Shapes follow what these boards publish; a board is known by the fields that only it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from tenfold.posting.board_posting import BoardPosting, inner, objects, posting, section, text_of

Reader = Callable[[Any], Iterator[BoardPosting]]


def reader_of(data: Any) -> Reader | None:
    """The reader for a document of one of these boards; None for any other."""
    for is_known, reader in _SHAPES:
        if is_known(data):
            return reader
    return None


def _list_with(*keys: str) -> Callable[[Any], bool]:
    return lambda data: isinstance(data, list) and any(all(key in row for key in keys) for row in objects(data))


def _under(key: str, *keys: str) -> Callable[[Any], bool]:
    return lambda data: (
        isinstance(data, dict) and any(all(each in row for each in keys) for row in objects(data.get(key)))
    )


def _with(*keys: str) -> Callable[[Any], bool]:
    return lambda data: isinstance(data, dict) and all(key in data for key in keys)


def _workable(data: Mapping[str, Any]) -> Iterator[BoardPosting]:
    for job in objects(data["jobs"]):
        places = [_join(place, "city", "region", "country") for place in objects(job.get("locations"))]
        labels = {
            "title": job.get("title"),
            "employer": data.get("name"),
            "location": "; ".join(places) or _join(job, "city", "state", "country"),
            "employment_type": job.get("employment_type"),
            "workplace": "remote" if job.get("telecommuting") is True else None,
        }
        body = text_of(job.get("description")) + section("Requirements", job.get("requirements"))
        body += section("Benefits", job.get("benefits"))
        yield posting("workable", job.get("shortcode"), body, labels, job.get("url"), record=job)


def _smartrecruiters(data: Any) -> Iterator[BoardPosting]:
    for job in objects(data.get("content")) or [data]:
        sections = inner(job, "jobAd", "sections")
        parts = objects(list(sections.values())) if isinstance(sections, dict) else []
        place = job.get("location")
        location: Mapping[str, Any] = place if isinstance(place, dict) else {}
        labels = {
            "title": job.get("name"),
            "employer": inner(job, "company", "name"),
            "location": _join({**location, "country": text_of(location.get("country")).upper()}),
            "employment_type": inner(job, "typeOfEmployment", "label"),
            "workplace": "remote" if location.get("remote") is True else None,
        }
        body = "".join(section(text_of(part.get("title")), part.get("text")) for part in parts)
        yield posting("smartrecruiters", job.get("id"), body, labels, job.get("applyUrl"), record=job)


def _recruitee(data: Mapping[str, Any]) -> Iterator[BoardPosting]:
    for job in objects(data["offers"]):
        pay = job.get("salary")
        salary: Mapping[str, Any] = pay if isinstance(pay, dict) else {}
        kinds = (
            name for name, key in (("hybrid", "hybrid"), ("remote", "remote"), ("onsite", "on_site")) if job.get(key)
        )
        labels = {
            "title": job.get("title"),
            "location": _join(job, "city", "country"),
            "workplace": next(kinds, None),
            "employment_type": job.get("employment_type_code"),
            "pay_min": salary.get("min"),
            "pay_max": salary.get("max"),
            "pay_currency": salary.get("currency"),
            "pay_period": text_of(salary.get("period")).upper() or None,
        }
        body = text_of(job.get("description")) + section("Requirements", job.get("requirements"))
        yield posting("recruitee", job.get("slug"), body, labels, job.get("careers_url"), record=job)


def _workday(data: Mapping[str, Any]) -> Iterator[BoardPosting]:
    job = data["jobPostingInfo"]
    more = job.get("additionalLocations")
    places = [job.get("location"), *(more if isinstance(more, list) else [])]
    labels = {
        "title": job.get("title"),
        "employer": inner(data, "hiringOrganization", "name"),
        "location": "; ".join(_smallest_first(place) for place in places if isinstance(place, str)),
        "employment_type": job.get("timeType"),
        "workplace": {"remote": "remote", "hybrid": "hybrid", "onsite": "onsite", "on-site": "onsite"}.get(
            text_of(job.get("remoteType")).lower()
        ),
    }
    yield posting(
        "workday", job.get("jobReqId"), text_of(job.get("jobDescription")), labels, job.get("externalUrl"), record=job
    )


def _smallest_first(place: str) -> str:
    """Workday writes "US, CA, Santa Clara": the city last."""
    parts = [part.strip() for part in place.split(",")]
    return ", ".join(reversed(parts)) if len(parts) > 1 and len(parts[0]) <= 3 else place


def _rippling(data: list[Any]) -> Iterator[BoardPosting]:
    for job in objects(data):
        description = job.get("description")
        parts = description if isinstance(description, dict) else {"": description}
        labels = {"title": job.get("name"), "location": inner(job, "workLocation", "label")}
        body = "".join(section(str(key).capitalize(), value) for key, value in parts.items())
        yield posting("rippling", job.get("uuid"), body, labels, job.get("url"), record=job)


def _remoteok(data: list[Any]) -> Iterator[BoardPosting]:
    for job in objects(data):
        if "position" not in job:
            continue
        labels = {
            "title": job.get("position"),
            "employer": job.get("company"),
            "location": job.get("location"),
            "workplace": "remote",
            "pay_min": job.get("salary_min") or None,
            "pay_max": job.get("salary_max") or None,
            "pay_currency": "USD" if job.get("salary_min") else None,
            "pay_period": "YEAR" if job.get("salary_min") else None,
        }
        yield posting("remoteok", job.get("id"), text_of(job.get("description")), labels, job.get("url"), record=job)


def personio_positions(document: str) -> Iterator[BoardPosting]:
    """Positions of a Personio XML feed; none where the document is not one. Declarations of entities are refused."""
    if "<workzag-jobs" not in document[:4000] or "<!ENTITY" in document:
        return
    parser: XMLPullParser[Any] = XMLPullParser(("end",))
    try:
        parser.feed(document.encode("utf-8"))
        events = cast("list[tuple[str, Element]]", list(parser.read_events()))
        positions = [element for _, element in events if element.tag == "position"]
    except ParseError:
        return
    for job in positions:
        yield _personio(job)


def _personio(job: Element) -> BoardPosting:
    field = {child.tag: (child.text or "").strip() for child in job}
    parts = [
        ((part.findtext("name") or "").strip(), (part.findtext("value") or "").strip())
        for part in job.iter("jobDescription")
    ]
    years = field.get("yearsOfExperience", "")
    labels = {"title": field.get("name"), "location": field.get("office"), "employment_type": field.get("schedule")}
    body = "".join(section(name, value) for name, value in parts)
    body += section("Experience required", f"{years} years of experience" if years[:1].isdigit() else "")
    return posting("personio", field.get("id"), body, labels, None, record=dict(parts))


def _join(place: Mapping[str, Any], *keys: str) -> str:
    values = (place.get(key) for key in keys or ("city", "region", "country"))
    return ", ".join(dict.fromkeys(value for value in values if isinstance(value, str) and value))


_SHAPES: tuple[tuple[Callable[[Any], bool], Reader], ...] = (
    (_under("jobs", "shortcode"), _workable),
    (_with("jobAd"), _smartrecruiters),
    (_under("content", "jobAd"), _smartrecruiters),
    (_under("offers", "title"), _recruitee),
    (lambda data: isinstance(data, dict) and isinstance(data.get("jobPostingInfo"), dict), _workday),
    (_list_with("uuid", "name"), _rippling),
    (_list_with("position", "company"), _remoteok),
)
