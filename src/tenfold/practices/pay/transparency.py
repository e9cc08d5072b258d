"""What the law package needs to know of a plan's posting, and what it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypedDict

from tenfold.checking.case import Case
from tenfold.checking.job_places import job_places
from tenfold.law.panel import TransparencyPanel, transparency_panel
from tenfold.law.pay_transparency import LawAnswer, PostingFacts, examine
from tenfold.law.places import is_place, place_ids
from tenfold.plan.answers import NONE, is_stated
from tenfold.plan.document import Workplace
from tenfold.posting.gender_marker import is_gender_neutral
from tenfold.posting.model import OpenEnd, PostingReading
from tenfold.posting.pay_history import pay_history_questions

_BENEFIT_WORDS = re.compile(
    r"\bbenefits\b(?! (?:of|from|our|the|users?|customers?)\b)|\b(?:health|medical|dental|life) cover"
    r"|\b(?:insurance|401 ?\(?k\)?|pension|paid time off|parental leave|paid leave|vacation days|stipend|pto)\b",
    re.IGNORECASE,
)


def law_answers(case: Case) -> tuple[LawAnswer, ...]:
    """Every part of every pay-transparency rule that reaches the posting; nothing where there is no posting."""
    return case.cached(_law_answers)


def pay_transparency(case: Case) -> TransparencyPanel | None:
    """The same at one look, place by place; None where there is no posting or no place is known."""
    job = _job(case)
    return transparency_panel(job.facts, job.places, case.as_of, **job.company) if job else None


def _law_answers(case: Case) -> tuple[LawAnswer, ...]:
    job = _job(case)
    return examine(job.facts, job.places, case.as_of, **job.company) if job else ()


class _Company(TypedDict):
    """What the law asks of the employer, as the law package names it."""

    employees: int | None
    employees_at: dict[str, int]
    offices: list[str] | None
    remote: bool | None


@dataclass(frozen=True, slots=True)
class _LegalJob:
    """The posting, its places and its employer, as the law looks at them."""

    facts: PostingFacts
    places: tuple[str, ...]
    company: _Company


def _job(case: Case) -> _LegalJob | None:
    places, company = job_places(case), case.plan.company
    if case.reading is None or not places:
        return None
    return _LegalJob(
        posting_facts(case, case.reading),
        places,
        _Company(
            employees=company.employees,
            employees_at={place: people for place, people in (company.employees_at or {}).items() if is_place(place)},
            offices=list(place_ids(company.place)) or None if company.place else None,
            remote=_remote(case, case.reading),
        ),
    )


def posting_facts(case: Case, reading: PostingReading) -> PostingFacts:
    pay = reading.pay
    return PostingFacts(
        has_range=None if pay is None and reading.pay_not_read else pay is not None,
        both_ends=None if pay is None else not pay.open_ended,
        minimum=pay.min if pay and pay.open_end is not OpenEnd.UP_TO else None,
        maximum=pay.max if pay and pay.open_end is not OpenEnd.FROM else None,
        currency=pay.currency if pay else "",
        period=pay.period.lower() if pay else "year",
        benefits_stated=_benefits_stated(reading),
        bonus_equity_stated=_other_pay_stated(case, reading),
        description_stated=True,
        deadline_stated=_deadline_stated(case, reading),
        gender_neutral_title=is_gender_neutral(reading),
        ai_used=_answer(case, "ai_screening"),
        history_asked=True if pay_history_questions(reading) else case.plan.pay.asks_pay_history,
    )


def _benefits_stated(reading: PostingReading) -> bool | None:
    """None where benefits are touched on outside a list of their own: whether that describes them, a person judges."""
    if reading.benefits:
        return True
    return None if _BENEFIT_WORDS.search(reading.text) else False


def _other_pay_stated(case: Case, reading: PostingReading) -> bool | None:
    """None where the posting is silent and the plan does not say whether there is a bonus or equity to state."""
    if reading.equity_or_bonus and reading.equity_or_bonus.value:
        return True
    pay = case.plan.pay
    if pay.bonus_percent is NONE and pay.equity is NONE:
        return True
    return False if is_stated(pay.bonus_percent) or is_stated(pay.equity) else None


def _deadline_stated(case: Case, reading: PostingReading) -> bool | None:
    return None if case.plan.apply_by is None else str(case.plan.apply_by.year) in reading.text


def _remote(case: Case, reading: PostingReading) -> bool | None:
    if case.plan.role.workplace is not None:
        return case.plan.role.workplace is Workplace.REMOTE
    return reading.workplace.value == "remote" if reading.workplace else None


def _answer(case: Case, name: str) -> bool | None:
    plan = is_stated(case.plan.interviews)
    return getattr(plan, name) if plan else None
