"""A decision-rights charter and an incentives sheet drafted from a plan, with gaps, committees and conflicts marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tenfold.plan.answers import is_stated
from tenfold.plan.document import HiringPlan
from tenfold.practices.alignment.engine import (
    CORE_DECISIONS,
    Right,
    examine_charter,
    incentive_conflicts,
    slug,
)

NOBODY = "not decided yet"


@dataclass(frozen=True, slots=True)
class CharterRow:
    """One decision: who decides, who is asked first, and what is wrong with that (empty: nothing)."""

    decision: str
    accountable: str
    consulted: str
    mark: str


@dataclass(frozen=True, slots=True)
class IncentiveRow:
    team: str
    metrics: str
    tied_to: str
    mark: str


@dataclass(frozen=True, slots=True)
class Sheets:
    """What a plan says of authority and goals, written out. `gaps`: all marks, in sentences."""

    title: str
    reports_to: str
    rights: tuple[CharterRow, ...]
    incentives: tuple[IncentiveRow, ...]
    gaps: tuple[str, ...]


def draft_sheets(plan: HiringPlan) -> Sheets:
    """Both sheets; core decisions that the plan does not list are rows without an owner."""
    rights, incentives = tuple(_rights(plan)), tuple(_incentives(plan))
    marks = [f"{row.decision}: {row.mark}" for row in rights if row.mark]
    marks += [f"{row.team}: {row.mark}" for row in incentives if row.mark]
    if not incentives:
        marks.append("Goals: no team's goals are written down")
    manager = plan.reporting.manager or (plan.reporting.line.value if plan.reporting.line else NOBODY)
    return Sheets(plan.role.title or "This role", manager, rights, incentives, tuple(marks))


def as_markdown(sheets: Sheets) -> str:
    """Both sheets as one Markdown document."""
    return "\n".join(_lines(sheets)) + "\n"


def _rights(plan: HiringPlan) -> Iterator[CharterRow]:
    rows = is_stated(plan.decision_rights) or []
    charter = examine_charter([Right(row.decision, tuple(row.accountable or ())) for row in rows])
    shared = {right.decision for right in charter.shared}
    for row in rows:
        owners = ", ".join(row.accountable or ())
        mark = "nobody decides" if not owners else "more than one decides" if row.decision in shared else ""
        name = CORE_DECISIONS.get(slug(row.decision), row.decision)
        yield CharterRow(_capital(name), owners or NOBODY, ", ".join(row.consulted or ()), mark)
    for name in charter.missing:
        yield CharterRow(_capital(name), NOBODY, "", "not in the plan")


def _incentives(plan: HiringPlan) -> Iterator[IncentiveRow]:
    rows = is_stated(plan.incentives) or []
    conflicts = incentive_conflicts({row.team: row.metrics or [] for row in rows})
    for row in rows:
        against = [c.steady if c.fast == row.team else c.fast for c in conflicts if row.team in (c.fast, c.steady)]
        mark = f"pulls against {', '.join(against)}" if against else "" if row.metrics else "no goals named"
        if not mark and not row.tied_to:
            mark = "tied to nothing"
        yield IncentiveRow(row.team, ", ".join(row.metrics or ()), ", ".join(row.tied_to or ()), mark)


def _lines(sheets: Sheets) -> Iterator[str]:
    yield f"# Decision rights and goals: {sheets.title}"
    yield f"\nReports to: {sheets.reports_to}\n"
    yield "## Who decides what\n"
    yield "| Decision | Decides | Is asked first | To settle |\n|---|---|---|---|"
    for row in sheets.rights:
        yield _row(row.decision, row.accountable, row.consulted, row.mark)
    yield "\n## What teams are measured on\n"
    yield "| Team | Goals | Tied to | To settle |\n|---|---|---|---|"
    for one in sheets.incentives:
        yield _row(one.team, one.metrics, one.tied_to, one.mark)
    if sheets.gaps:
        yield "\n## To settle before the person starts\n"
        yield from (f"- {gap}" for gap in sheets.gaps)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
