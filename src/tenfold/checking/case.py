"""What every check may look at: the plan, the posting as read, the day, the facts and the market."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tenfold.catalogue.store import Catalogue, catalogue
from tenfold.kit.facts import FactBook, load
from tenfold.plan.document import HiringPlan
from tenfold.posting.model import PostingReading


@dataclass(frozen=True)
class Case:
    """One plan under audit. `reading` is None where the plan holds no posting."""

    plan: HiringPlan
    reading: PostingReading | None
    as_of: date
    facts: FactBook = field(default_factory=load)
    spine: Catalogue = field(default_factory=catalogue)
