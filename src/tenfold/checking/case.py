"""What every check may look at: the plan, the posting as read, what is set up for its role, the day and the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from tenfold.catalogue.store import Catalogue, catalogue
from tenfold.checking.role_setup import RoleSetup
from tenfold.checking.team_figures import TeamFigures
from tenfold.kit.facts import FactBook, load
from tenfold.market.company_bands import OwnBands
from tenfold.plan.document import HiringPlan
from tenfold.posting.model import PostingReading

T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """One plan under audit.

    `reading` is None where the plan holds no posting, `setup` where no role is known, `team` where nothing is measured,
    `bands` (the company's own) where the reader may not see pay or none are kept.
    """

    plan: HiringPlan
    reading: PostingReading | None
    as_of: date
    facts: FactBook = field(default_factory=load)
    spine: Catalogue = field(default_factory=catalogue)
    setup: RoleSetup | None = None
    bands: OwnBands | None = None
    team: TeamFigures | None = None
    _answers: dict[Callable[[Case], Any], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def cached(self, ask: Callable[[Case], T]) -> T:
        """What a pure function answers of this case, computed once however many rules ask."""
        if ask not in self._answers:
            self._answers[ask] = ask(self)
        answer: T = self._answers[ask]
        return answer
