"""The panel of checks beside the editor: the report's own notes, each with the way to the field that mends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from tenfold.apps.plans.forms.editing import target_of
from tenfold.apps.plans.presenters.page_words import report_for_page
from tenfold.apps.plans.queries import PlanAccess
from tenfold.audit.check_text import Checked
from tenfold.audit.excerpts import Excerpt
from tenfold.audit.report import FindingView, QuestionView, Report, Section, Sourced
from tenfold.checking.case import Case
from tenfold.kit.findings import State
from tenfold.market.places import places
from tenfold.practices.pay.benchmark import benchmark, market_question, yearly_range
from tenfold.practices.pay.questions import LEAST_YEAR, question_in_words

PAY = "pay"
OTHER_ROLE = "other"
MOST_YEARS = 25
"""The calculator's form asks for no more; all of them mean the same level."""
POSTING = "posting"


@dataclass(frozen=True)
class PanelFinding:
    """A note with where to mend it. `view` is the part of the editor that holds the field."""

    note: FindingView
    target: str
    view: str
    label: str

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        return self.note.excerpts[:3]


@dataclass(frozen=True)
class PanelQuestion:
    ask: QuestionView
    target: str


@dataclass(frozen=True)
class PanelPractice:
    """One practice."""

    section: Section
    notes: tuple[PanelFinding, ...]
    questions: tuple[PanelQuestion, ...]
    hidden: bool = False
    calculator: str = ""
    """The query with which the pay calculator shows this plan's market."""
    of_role: tuple[Sourced, ...] = ()
    """What is set up for the plan's role."""

    @property
    def opens(self) -> bool:
        return self.section.state in (State.FIX, State.REVIEW)


@dataclass(frozen=True)
class Panel:
    report: Report
    parts: tuple[PanelPractice, ...]
    good: tuple[Section, ...]
    states: Mapping[str, str]
    points: tuple[str, ...]


def panel(checked: Checked, access: PlanAccess, ids: Mapping[str, str]) -> Panel:
    """What is not good, worst first, and what speaks of the role; what is else good in one line.

    Who may not see pay is told nothing of it.
    """
    report = report_for_page(checked.report)
    sections = report.sections
    open_sections = (one for one in sections if not _is_plainly_good(one) or not _is_shown(one, access))
    parts = tuple(_panel_practice(section, checked, access, ids) for section in open_sections)
    states = dict(checked.states)
    if not access.can_see_pay:
        states[PAY] = State.HIDDEN.value
    return Panel(
        report=report,
        parts=parts,
        good=tuple(section for section in sections if _is_plainly_good(section) and _is_shown(section, access)),
        states=states,
        points=report.headline.points,
    )


def _panel_practice(section: Section, checked: Checked, access: PlanAccess, ids: Mapping[str, str]) -> PanelPractice:
    if not _is_shown(section, access):
        return PanelPractice(replace(section, state=State.HIDDEN, picture=None), (), (), hidden=True)
    notes = tuple(_panel_finding(note, ids) for note in section.notes)
    questions = tuple(PanelQuestion(ask, target_of(ask.field, ids)) for ask in section.asks)
    query = calculator_query(checked) if section.practice.id == PAY else ""
    return PanelPractice(section, notes, questions, calculator=query, of_role=_of_role(section))


def _of_role(section: Section) -> tuple[Sourced, ...]:
    return tuple(line for line in section.observations if line.is_of_role)


def _is_plainly_good(section: Section) -> bool:
    return section.state is State.GOOD and not _of_role(section)


def calculator_query(checked: Checked) -> str:
    """The question of the pay check as the calculator's form takes it; empty where the calculator has no such role."""
    question = market_question(checked.case)
    if question is None or question.role == OTHER_ROLE:
        return ""
    words = question_in_words(question)
    if question.years is not None:
        words |= {"level": "years", "years": f"{min(question.years, MOST_YEARS):g}"}
    if question.metro_cbsa:
        words["place"] = places().metros[question.metro_cbsa].name
    return urlencode(words | _offer(checked.case))


def _offer(case: Case) -> dict[str, str]:
    placed = benchmark(case)
    ends = yearly_range(case.plan.pay, placed.market.currency) if placed else None
    if ends is None or ends[0] < LEAST_YEAR:
        return {}
    return {"low": f"{ends[0]:.0f}", "high": f"{ends[1]:.0f}"}


def _is_shown(section: Section, access: PlanAccess) -> bool:
    return access.can_see_pay or section.practice.id != PAY


def _panel_finding(note: FindingView, ids: Mapping[str, str]) -> PanelFinding:
    field = note.finding.field
    in_posting = field == POSTING or not field
    return PanelFinding(
        note=note,
        target=target_of(field or POSTING, ids),
        view=POSTING if in_posting else "form",
        label="Fix in posting" if in_posting else "Fix in plan",
    )
