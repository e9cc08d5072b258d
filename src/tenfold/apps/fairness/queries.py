"""The people of a period with what they said of themselves, joined for one calculation and kept nowhere."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from statistics import median
from zoneinfo import ZoneInfo

from django.utils import timezone

from tenfold.apps.candidates.models import Application, ApplicationState, OpenRole, SelfIdentification, StageKind
from tenfold.apps.candidates.models.encryption import open_answers, subject_of
from tenfold.apps.candidates.queries.funnel import furthest_place, histories_of, stages_in_order
from tenfold.apps.candidates.queries.groups import roots
from tenfold.apps.fairness.models import AuditPeriod
from tenfold.core.instruments import instruments
from tenfold.core.models import AuditEntry, Organisation
from tenfold.core.seals import hash_of_content
from tenfold.practices.interviews.fairness import RACE, SEX, Candidacy

DECIDED = (ApplicationState.REJECTED, ApplicationState.HIRED)
WHOLE = "Whole process: hired"
ANSWERS = {"gender": SEX, "ethnicity": RACE}
SAID_NOTHING = "rather not say"


@dataclass(frozen=True, slots=True)
class PeriodPeople:
    """`counts` are of everybody whose application ended in the period; whoever withdrew is in no table."""

    candidacies: tuple[Candidacy, ...]
    steps: tuple[str, ...]
    counts: Mapping[str, int]


def people_of_period(organisation: Organisation, from_date: date, until_date: date) -> PeriodPeople:
    """Applications that were decided in the period, each with the steps that it went through."""
    begin, end = _moment(from_date, time.min), _moment(until_date, time.max)
    ended = Application.objects.filter(role__organisation=organisation, closed_at__gte=begin, closed_at__lte=end)
    decided = list(ended.filter(state__in=DECIDED).select_related("role"))
    people, answers = roots(organisation.pk), _answers(organisation)
    found = [
        one for role, mine in _by_role(decided).items() for one in _candidacies(role, mine, people=people, said=answers)
    ]
    names = [*(str(kind.label) for kind in StageKind), *(_name_of_rate(name) for name in instruments()), WHOLE]
    steps = tuple(name for name in names if any(name in one.steps for one in found))
    withdrawn = ended.filter(state=ApplicationState.WITHDRAWN).count()
    hired = sum(one.state == ApplicationState.HIRED for one in decided)
    counts = {"ended": len(decided) + withdrawn, "rejected": len(decided) - hired, "hired": hired}
    return PeriodPeople(tuple(found), steps, {**counts, "withdrawn": withdrawn, "roles": len(_by_role(decided))})


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=ZoneInfo(timezone.get_default_timezone_name()))


def _by_role(applications: Sequence[Application]) -> dict[OpenRole, list[Application]]:
    found: dict[OpenRole, list[Application]] = {}
    for one in applications:
        found.setdefault(one.role, []).append(one)
    return found


def _answers(organisation: Organisation) -> dict[str, dict[str, str]]:
    """By keyed hash; what somebody would rather not say is not stated."""
    return {
        row.subject: {
            ANSWERS[name]: said
            for name, said in json.loads(open_answers(bytes(row.answers), subject=row.subject)).items()
            if name in ANSWERS and said != SAID_NOTHING
        }
        for row in SelfIdentification.objects.filter(role__organisation=organisation)
    }


def _candidacies(
    role: OpenRole,
    applications: Sequence[Application],
    *,
    people: Mapping[uuid.UUID, uuid.UUID],
    said: Mapping[str, dict[str, str]],
) -> Iterator[Candidacy]:
    stages = stages_in_order(list(role.stages.all()))
    place = {stage.pk: at for at, stage in enumerate(stages)}
    histories, scores = histories_of(role), _scores(role, {str(one.pk) for one in applications})
    for one in applications:
        is_hired = one.state == ApplicationState.HIRED
        furthest = furthest_place(histories.get(one.pk, ()), place)
        steps = {} if not histories.get(one.pk) else _stage_steps([stage.kind for stage in stages], furthest, is_hired)
        yield Candidacy(
            id=str(one.pk),
            person=str(people.get(one.candidate_id, one.candidate_id)),
            role=f"{role.title} ({str(role.pk)[:8]})",
            answers=said.get(subject_of(one.pk), {}),
            steps={**steps, **scores.get(str(one.pk), {}), WHOLE: is_hired},
        )


def _stage_steps(kinds: Sequence[str], furthest: int, is_hired: bool) -> dict[str, bool]:
    """A kind of stage that a role has twice is one step: begun with the first of them, passed with the last."""
    found = {}
    for kind in StageKind:
        places = [at for at, one in enumerate(kinds) if one == kind.value]
        if places and furthest >= places[0]:
            found[str(kind.label)] = is_hired or furthest > places[-1]
    return found


def _scores(role: OpenRole, ids: set[str]) -> dict[str, dict[str, bool]]:
    """Of each instrument, who scored above the median of the role's people in the period (6 RCNY section 5-301)."""
    found: dict[str, dict[str, bool]] = {}
    for name, scores in instruments().items():
        held = {one: score for one, score in scores(role.pk).items() if one in ids}
        middle = median(held.values()) if held else 0.0
        for one, score in held.items():
            found.setdefault(one, {})[_name_of_rate(name)] = score > middle
    return found


def _name_of_rate(name: str) -> str:
    return f"{name}: above the median"


# Published periods ----------------------------------------------------------------------------------------------


def hash_of_period(period: AuditPeriod) -> str:
    return hash_of_content([str(period), period.content])


def hash_in_trail(entry: AuditEntry) -> str | None:
    """Of the period that an entry speaks of, as it is now; "" where it is gone."""
    period = AuditPeriod.objects.filter(pk=entry.of_id).first()
    return hash_of_period(period) if period is not None else ""
