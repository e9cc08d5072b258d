"""What is published of a posting: safe HTML of its Markdown, and JSON-LD that says nothing the page does not show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import nh3
from markdown_it import MarkdownIt

from tenfold.plan.document import HiringPlan
from tenfold.posting.reading import read
from tenfold.posting.writer import job_posting

_BULLET = re.compile(r"\s*[•●▪◦‣∙·–—]\s+")
TAGS = {"h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "br", "blockquote", "code"}


def linked_data(plan: HiringPlan, *, text: str, title: str, day: date) -> dict[str, Any]:
    """schema.org JobPosting for a public page: the page's own words, and of the plan only what they state as well."""
    reading = read(text)
    shown = dict(job_posting(plan, posted=day))
    shown |= {"title": title, "description": page_html(text, title)}
    pay, offer = reading.pay, plan.pay
    same_pay = pay is not None and (pay.min, pay.max, pay.currency, pay.period) == (
        offer.min,
        offer.max,
        offer.currency,
        offer.period,
    )
    said = {
        "baseSalary": same_pay,
        "experienceRequirements": reading.years_min is not None
        and reading.years_min.value == plan.requirements.years_min,
        "educationRequirements": reading.degree is not None,
    }
    return {key: value for key, value in shown.items() if said.get(key, True)}


def where_words(data: Mapping[str, Any]) -> str:
    """The places of a JobPosting for its page, so that what machines are told people see, too: `Denver, CO, US`."""
    places = [_address(place) for place in _several(data.get("jobLocation"))]
    if data.get("jobLocationType") == "TELECOMMUTE":
        countries = [str(place.get("name", "")) for place in _several(data.get("applicantLocationRequirements"))]
        places.append(f"Remote ({', '.join(countries)})" if any(countries) else "Remote")
    return "; ".join(place for place in places if place)


def page_html(text: str, title: str) -> str:
    """A posting's Markdown as safe HTML, without the title that the page has already; its headings begin at h2."""
    lines = text.strip().splitlines()
    if lines and lines[0].lstrip("# ").strip().casefold() == title.casefold():
        lines = lines[1:]
    markdown = MarkdownIt("commonmark", {"html": False})
    tokens = markdown.parse("\n".join(_with_lists(lines)))
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    ranks = sorted({token.tag for token in headings})
    for token in headings:
        token.tag = f"h{min(ranks.index(token.tag) + 2, 4)}"
    html = markdown.renderer.render(tokens, markdown.options, {})
    return nh3.clean(html, tags=TAGS, attributes={})


def _with_lists(lines: list[str]) -> Iterator[str]:
    """Pasted bullets (`•`, `–`, `▪`) as Markdown has them, with the empty lines that a list needs around it."""
    in_list = False
    for line in lines:
        bullet = _BULLET.match(line)
        is_new = bool(bullet) != in_list and bool(line.strip())
        if is_new and not (in_list and line.startswith((" ", "\t"))):
            yield ""
            in_list = bool(bullet)
        yield f"- {line[bullet.end() :]}" if bullet else line


def _address(place: Mapping[str, Any]) -> str:
    address = place.get("address") or {}
    parts = (address.get(key) for key in ("addressLocality", "addressRegion", "addressCountry"))
    return ", ".join(str(part) for part in parts if part)


def _several(node: Any) -> list[Mapping[str, Any]]:
    return [one for one in (node if isinstance(node, list) else [node]) if isinstance(one, dict)]
