"""Writes a posting from a plan: what the plan answers, in the candidate's order, and nothing it does not say.

What is written here is read back by the reader as the same title, level, must and nice, years, pay and workplace; a
test holds that for every skill of the catalogue.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tenfold.catalogue.store import Catalogue, catalogue
from tenfold.kit.words import join
from tenfold.law.places import Kind, country_of, full_name, is_place, place
from tenfold.plan.answers import NONE
from tenfold.plan.document import Depth, HiringPlan, Pay, Requirement
from tenfold.posting.workplace import places_named

_OPENINGS = {
    None: "Experience with",
    Depth.AWARE: "Familiarity with",
    Depth.WORKING: "Experience with",
    Depth.DEEP: "Deep knowledge of",
}
_DEGREES = {
    "required": "A bachelor's degree",
    "required-or-equivalent": "A bachelor's degree or equivalent experience",
    "preferred": "A bachelor's degree (preferred)",
}
_UNITS = {"YEAR": "a year", "MONTH": "a month", "DAY": "a day", "HOUR": "an hour"}
_HOURS = {"business-hours": "in business hours", "extended": "in extended hours", "24x7": "around the clock"}


@dataclass(frozen=True, slots=True)
class Block:
    """A section: heading, paragraphs, then bullets."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenPosting:
    """A posting in parts, to be drawn as Markdown, HTML or plain text. `missing`: plan fields left open."""

    title: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    missing: tuple[str, ...]

    def as_markdown(self) -> str:
        parts = [f"# {self.title}", *(f"**{name}:** {value}  " for name, value in self.facts), ""]
        for block in self.blocks:
            parts += [f"## {block.heading}", "", *(f"{paragraph}\n" for paragraph in block.paragraphs)]
            parts += [*(f"- {bullet}" for bullet in block.bullets), ""] if block.bullets else []
        return "\n".join(parts).strip() + "\n"

    def as_text(self) -> str:
        parts = [self.title, "", *(f"{name}: {value}" for name, value in self.facts), ""]
        for block in self.blocks:
            parts += [f"{block.heading}:", "", *(f"{paragraph}\n" for paragraph in block.paragraphs)]
            parts += [*(f"- {bullet}" for bullet in block.bullets), ""] if block.bullets else []
        return "\n".join(parts).strip() + "\n"

    def as_html(self) -> str:
        """A fragment with everything escaped; no script, style or address in it."""
        parts = [f"<h1>{html.escape(self.title)}</h1>"]
        parts += [f"<p><strong>{html.escape(name)}:</strong> {html.escape(value)}</p>" for name, value in self.facts]
        parts += [_as_html(block) for block in self.blocks]
        return "\n".join(parts) + "\n"


def render_posting(plan: HiringPlan, *, notices: Sequence[str] = ()) -> WrittenPosting:
    """The posting that a plan amounts to. `notices` are statements that the law of its places asks for."""
    spine = catalogue()
    blocks = [
        Block("About us", paragraphs=_texts(plan.company.about)),
        Block("What you will do", bullets=_work(plan)),
        Block("Projects of your first year", bullets=tuple(plan.role.projects or ())),
        Block("What you inherit", paragraphs=_texts(plan.role.rescue_statement)),
        Block("Must have", bullets=tuple(_musts(plan, spine))),
        Block("Nice to have", bullets=tuple(_demand(item, spine) for item in plan.requirements.nice or ())),
        Block("Pay and benefits", bullets=tuple(_rewards(plan))),
        Block("How we hire", paragraphs=_texts(_accommodation(plan)), bullets=tuple(_process(plan))),
        Block("Notices", paragraphs=tuple(notices)),
    ]
    return WrittenPosting(
        title=_title(plan, spine),
        facts=tuple(_facts(plan)),
        blocks=tuple(block for block in blocks if block.paragraphs or block.bullets),
        missing=tuple(_missing(plan)),
    )


def job_posting(plan: HiringPlan, *, posted: date, notices: Sequence[str] = ()) -> dict[str, Any]:
    """schema.org JobPosting with the properties that Google requires and recommends, as far as answered."""
    posting = render_posting(plan, notices=notices)
    places = [place for line in _place_lines(plan) for place in places_named(line)]
    remote = plan.role.workplace is not None and plan.role.workplace.value == "remote"
    document: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": posting.title,
        "description": posting.as_html(),
        "datePosted": posted.isoformat(),
        "hiringOrganization": {"@type": "Organization", "name": plan.company.name} if plan.company.name else None,
        "validThrough": plan.apply_by.isoformat() if plan.apply_by else None,
        "directApply": False,
        "jobLocationType": "TELECOMMUTE" if remote else None,
        "applicantLocationRequirements": _countries(places) if remote else None,
        "jobLocation": None if remote else _addresses(plan) or None,
        "baseSalary": _salary(plan.pay),
        "experienceRequirements": _experience(plan),
        "educationRequirements": _education(plan),
    }
    return {key: value for key, value in document.items() if value is not None}


def absent_properties(document: dict[str, Any]) -> tuple[str, ...]:
    """What Google requires of a JobPosting and this one lacks: with these it is not listed.

    A remote job needs the places that applicants may live in instead of an address. Nothing is put in their place: an
    employment type, for one, is left out, since a plan holds none.
    """
    remote = document.get("jobLocationType") == "TELECOMMUTE"
    where = "applicantLocationRequirements" if remote else "jobLocation"
    required = ("title", "description", "datePosted", "hiringOrganization", where)
    return tuple(name for name in required if not document.get(name))


def as_json_ld(document: dict[str, Any]) -> str:
    """For a script element: no `<` that could end it."""
    return json.dumps(document, ensure_ascii=False, indent=2).replace("<", "\\u003c")


def _title(plan: HiringPlan, spine: Catalogue) -> str:
    if plan.role.title:
        return plan.role.title
    role = spine.roles[plan.role.family].name if plan.role.family else "Engineer"
    level = {"mid": "Mid-level"}.get(
        plan.role.level or "", spine.levels[plan.role.level].name if plan.role.level else ""
    )
    return f"{level} {role}".strip()


def _facts(plan: HiringPlan) -> Iterator[tuple[str, str]]:
    if plan.company.name:
        yield "Employer", plan.company.name
    if plan.role.workplace:
        yield "Workplace", {"remote": "Remote", "hybrid": "Hybrid", "onsite": "On-site role"}[plan.role.workplace.value]
    if lines := _place_lines(plan):
        yield "Location", "; ".join(lines)
    if plan.pay.min is not None or plan.pay.max is not None:
        yield "Base pay", pay_line(plan.pay)
    if plan.apply_by:
        yield "Apply by", plan.apply_by.isoformat()


def pay_line(pay: Pay) -> str:
    """`150,000–190,000 USD a year`: both ends or the one that is known, the currency's code, the period."""
    ends = [f"{amount:,.2f}".removesuffix(".00") for amount in (pay.min, pay.max) if amount is not None]
    lead = "up to " if pay.min is None else "from " if pay.max is None else ""
    return f"{lead}{'–'.join(dict.fromkeys(ends))} {pay.currency} {_UNITS[pay.period]}"


def _place_lines(plan: HiringPlan) -> list[str]:
    """Places as candidates write them: an id such as US-CO by its name."""
    return [full_name(words) if is_place(words) else words for words in _places_given(plan)]


def _places_given(plan: HiringPlan) -> list[str]:
    return list(plan.role.places or ()) or ([plan.company.place] if plan.company.place else [])


def _work(plan: HiringPlan) -> tuple[str, ...]:
    on_call = plan.on_call
    duty = () if on_call in (None, NONE) else (_on_call(on_call),)
    return (*(plan.role.day_to_day or ()), *duty)


def _on_call(on_call: Any) -> str:
    hours = f" {_HOURS[on_call.hours.value]}" if on_call.hours else ""
    people = f", shared by {on_call.people} people" if on_call.people else ""
    paid = ", paid or given back as time" if on_call.compensated else ""
    return f"Take part in on-call{hours}{people}{paid}"


def _musts(plan: HiringPlan, spine: Catalogue) -> Iterator[str]:
    years = plan.requirements.years_min
    if years:
        yield f"{years}+ years of professional experience in software, data or machine learning engineering"
    for item in plan.requirements.must or ():
        yield _demand(item, spine)
    if plan.requirements.degree in _DEGREES:
        yield _DEGREES[plan.requirements.degree]


def _demand(item: Requirement, spine: Catalogue) -> str:
    name = join([_skill_name(one, spine) for one in (item.skill, *(item.alternatives or ()))], "or")
    opening = f"{item.years:g} years with" if item.years else _OPENINGS[item.depth]
    return f"{opening} {name}" + (f" ({item.why})" if item.why else "")


def _skill_name(id_: str, spine: Catalogue) -> str:
    return spine.skills[id_].name if id_ in spine.skills else spine.competencies[id_].name


def _rewards(plan: HiringPlan) -> Iterator[str]:
    pay = plan.pay
    if pay.min is not None or pay.max is not None:
        yield f"Base pay: {pay_line(pay)}"
    if pay.bonus_percent not in (None, NONE):
        yield f"Bonus: {pay.bonus_percent:g} % of base pay at target"
    equity = pay.equity
    if equity is not None and equity is not NONE:
        vesting = f", vesting over {equity.vesting_years:g} years" if equity.vesting_years else ""
        names = {"iso": "stock options (ISO)", "nso": "stock options (NSO)", "rsu": "restricted stock units (RSUs)"}
        yield f"Equity: {names.get(equity.instrument or '', 'equity')}{vesting}"
    if isinstance(pay.benefits, list):
        yield from pay.benefits


def _process(plan: HiringPlan) -> Iterator[str]:
    """Every step with the candidate's time."""
    assessment, interviews = plan.assessment, plan.interviews
    if assessment is not None and assessment is not NONE:
        for instrument in assessment.instruments or ():
            yield _step(instrument.name or instrument.kind or "Work sample", instrument.minutes, paid=assessment.paid)
    if interviews is not None and interviews is not NONE:
        for interview in interviews.rounds or ():
            yield _step(interview.name or interview.kind or "Interview", interview.minutes, paid=None)
        if isinstance(interviews.feedback_within_days, int):
            yield f"Feedback within {interviews.feedback_within_days} days"


def _step(name: str, minutes: int | None, *, paid: bool | None) -> str:
    time = f": {minutes} minutes of your time at most" if minutes else ""
    return f"{str(name)[:1].upper()}{str(name)[1:]}{time}{', paid' if paid else ''}"


def _accommodation(plan: HiringPlan) -> str | None:
    assessment = plan.assessment
    if assessment is None or assessment is NONE:
        return None
    return assessment.accommodations if isinstance(assessment.accommodations, str) else None


def _missing(plan: HiringPlan) -> Iterator[str]:
    """What a candidate needs and the plan does not answer yet."""
    needed = (
        ("company.name", plan.company.name),
        ("role.places", _place_lines(plan) or None),
        ("role.workplace", plan.role.workplace),
        ("role.day_to_day", plan.role.day_to_day),
        ("role.projects", plan.role.projects),
        ("requirements.must", plan.requirements.must),
        ("requirements.nice", plan.requirements.nice),
        ("pay.min", plan.pay.min),
        ("pay.max", plan.pay.max),
        ("pay.benefits", plan.pay.benefits),
        ("assessment.accommodations", _accommodation(plan)),
    )
    yield from (field for field, value in needed if value is None)


def _texts(words: str | None) -> tuple[str, ...]:
    return (words,) if words else ()


def _as_html(block: Block) -> str:
    parts = [f"<h2>{html.escape(block.heading)}</h2>"]
    parts += [f"<p>{html.escape(paragraph)}</p>" for paragraph in block.paragraphs]
    if block.bullets:
        parts.append("<ul>" + "".join(f"<li>{html.escape(bullet)}</li>" for bullet in block.bullets) + "</ul>")
    return "\n".join(parts)


def _countries(places: Sequence[Any]) -> list[dict[str, str]] | None:
    names = dict.fromkeys(place.country for place in places if len(place.country) == 2)
    return [{"@type": "Country", "name": name} for name in names] or None


def _addresses(plan: HiringPlan) -> list[dict[str, Any]]:
    addresses = []
    for line in _places_given(plan):
        if is_place(line):
            addresses.append({"@type": "Place", "address": _address_of(line)})
            continue
        found = next(iter(places_named(line)), None)
        address = {
            "@type": "PostalAddress",
            "addressLocality": line.split(",")[0].strip(),
            "addressRegion": found.subdivision.partition("-")[2] if found and found.subdivision else None,
            "addressCountry": found.country if found else None,
        }
        addresses.append({"@type": "Place", "address": {key: value for key, value in address.items() if value}})
    return addresses


def _address_of(id_: str) -> dict[str, str]:
    """A country, state or city of the law's tables as a postal address."""
    here, country = place(id_), country_of(id_)
    address = {
        "@type": "PostalAddress",
        "addressLocality": here.name if here.kind is Kind.LOCAL else "",
        "addressRegion": id_.partition("-")[2] if here.kind is Kind.STATE else "",
        "addressCountry": country or "",
    }
    return {key: value for key, value in address.items() if value}


def _salary(pay: Pay) -> dict[str, Any] | None:
    if pay.min is None or pay.max is None:
        return None
    value = {"@type": "QuantitativeValue", "minValue": pay.min, "maxValue": pay.max, "unitText": pay.period}
    return {"@type": "MonetaryAmount", "currency": pay.currency, "value": value}


def _experience(plan: HiringPlan) -> dict[str, Any] | None:
    years = plan.requirements.years_min
    return {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": years * 12} if years else None


def _education(plan: HiringPlan) -> dict[str, Any] | None:
    if plan.requirements.degree not in ("required", "required-or-equivalent"):
        return None
    return {"@type": "EducationalOccupationalCredential", "credentialCategory": "bachelor degree"}
