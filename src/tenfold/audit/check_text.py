"""The ten checks on a text of a plan, as the panel beside the editor shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from ruamel.yaml.comments import CommentedMap

from tenfold.audit.intake import Submission
from tenfold.audit.report import Report, report
from tenfold.audit.run import audit
from tenfold.checking.case import Case
from tenfold.checking.role_setup import RoleSetup
from tenfold.kit.findings import State
from tenfold.market.company_bands import OwnBands
from tenfold.plan.redaction import redact_pay
from tenfold.plan.yaml_io import LoadedPlan, load_plan, validate_document
from tenfold.posting.model import PostingReading
from tenfold.posting.reading import read


@dataclass(frozen=True, slots=True)
class Summary:
    """What lists show of a plan."""

    title: str
    facts_line: str = ""
    strip: Mapping[str, str] = field(default_factory=dict)
    opening: str = ""


@dataclass(frozen=True)
class Checked:
    """A report, and the plan that it is about."""

    report: Report
    plan: LoadedPlan
    reading: PostingReading | None
    case: Case

    @property
    def states(self) -> dict[str, str]:
        return {cell.practice: cell.state.value for cell in self.report.strip}

    @property
    def summary(self) -> Summary:
        """What lists show. The date is left out: a card says when it was changed."""
        facts = self.report.facts_line[:-2]
        return Summary(self.report.title, " · ".join(facts), self.states, self.report.headline.opening)

    @property
    def open_points(self) -> int:
        return sum(self.report.counts[state] for state in (State.FIX, State.REVIEW))


@lru_cache(maxsize=256)
def reading_of(posting: str) -> PostingReading:
    return read(posting, name="posting")


@lru_cache(maxsize=128)
def check_text(
    text: str,
    *,
    as_of: date,
    name: str = "plan",
    setup: RoleSetup | None = None,
    bands: OwnBands | None = None,
) -> Checked:
    """Checks a text. `setup`: what is set up for its role, `bands`: the company's, as far as the reader may know.

    Raises:
        UserError: it is not a plan.
    """
    return _check(load_plan(text, name=name), as_of, setup=setup, bands=bands)


def check_without_pay(text: str, *, as_of: date, name: str = "plan", setup: RoleSetup | None = None) -> Checked:
    """Checks a plan for a reader who may not see its pay: pay is hidden, and the answer is that of the whole plan.

    Raises:
        UserError: it is not a plan.
    """
    opening = check_text(text, as_of=as_of, name=name).report.headline.opening
    return _check(load_plan(redact_pay(text), name=name), as_of, opening=opening, setup=setup)


def check_document(
    document: CommentedMap,
    *,
    as_of: date,
    name: str = "plan",
    setup: RoleSetup | None = None,
    bands: OwnBands | None = None,
) -> Checked:
    """Checks a document that was edited in place.

    Raises:
        UserError: it holds values that a plan cannot hold.
    """
    return _check(validate_document(document, name=name), as_of, setup=setup, bands=bands)


def _check(
    plan: LoadedPlan,
    as_of: date,
    *,
    opening: str = "",
    setup: RoleSetup | None = None,
    bands: OwnBands | None = None,
) -> Checked:
    posting = plan.plan.posting
    reading = reading_of(posting) if posting and posting.strip() else None
    submission = Submission(name=plan.name, plan=plan.plan, reading=reading, document=plan)
    result = audit(plan.plan, as_of=as_of, reading=reading, name=plan.name, setup=setup, bands=bands)
    if opening:
        result = result.hiding("pay", opening=opening)
    role, team = (setup.role, setup.team) if setup else (None, None)
    case = Case(plan=plan.plan, reading=reading, as_of=as_of, setup=role, team=team, bands=bands)
    return Checked(report(result, submission), plan, reading, case)
