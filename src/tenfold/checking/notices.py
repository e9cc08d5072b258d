"""What candidates must be told at a plan's places, for whoever writes its posting."""

from __future__ import annotations

from datetime import date

from tenfold.law.automation import SCREENING, notices_for
from tenfold.plan.document import HiringPlan


def required_notices(plan: HiringPlan, day: date) -> list[str]:
    """Statements that are surely owed: AI notices and accommodations, each once."""
    screening = getattr(plan.interviews, "ai_screening", None)
    tools = None if screening is None else SCREENING if screening else ()
    owed = notices_for(plan.company.jurisdictions or [], day, tools=tools, employees=plan.company.employees)
    return list(dict.fromkeys(notice.words for notice in owed if notice.decides and notice.words))
