"""Where the job may be done: one answer for the law, for pay and for the words of a posting."""

from __future__ import annotations

from tenfold.checking.case import Case
from tenfold.law.places import is_place, place_ids


def job_places(case: Case) -> tuple[str, ...]:
    """Ids of the places the job may be done in: as the plan says, else as the posting says."""
    plan = case.plan
    said = [*(plan.company.jurisdictions or []), *(plan.role.places or [])]
    if not said and plan.company.place:
        said = [plan.company.place]
    found = [id_ for words in said for id_ in ([words] if is_place(words) else place_ids(words))]
    if not found and case.reading:
        found = [place.id for place in case.reading.places]
    return tuple(dict.fromkeys(found))
