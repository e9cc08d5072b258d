"""What is set up for a role's interviews, for the plan's checks: kit, panels, scorecards, measured reliability."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from statistics import mean
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils.timezone import localdate

from tenfold.apps.candidates.models import ApplicationState, OpenRole
from tenfold.apps.interviews.models import InterviewKit, InterviewRound, Scorecard, ScorecardQuerySet
from tenfold.apps.interviews.queries import independent_version, latest_kit, list_rated
from tenfold.checking.role_setup import MeasuredReliability, SetUpRound, count_questions
from tenfold.core.models import User
from tenfold.core.permissions import may
from tenfold.kit.errors import NotEnoughData
from tenfold.kit.words import plural
from tenfold.stats.reliability import SHARED_ENOUGH, Rating, study

Counts = Mapping[str, tuple[int, int, int]]
"""By a round's name: scorecards asked for, those that are in, and people they are of."""


def interviews_set_up(plan: UUID, user: User) -> dict[str, Any]:
    """Fields of `RoleSetup`: for the role's hiring team; how many scorecards there are, for who runs the hiring."""
    role = OpenRole.objects.latest_of_plan(plan)
    if role is None:
        return {}
    if not may(user, "interviews.see-kit", role):
        return {"is_hidden": True}
    kit = latest_kit(role)
    measured, unmeasured = _measure(role.organisation_id)
    return {
        "title": role.title,
        "approved_version": role.plan.approved_number if role.plan else None,
        "measured": measured,
        "unmeasured": unmeasured,
        **(_kit(kit, _count_scorecards(role), may_count=may(user, "interviews.arrange", role)) if kit else {}),
    }


def _kit(kit: InterviewKit, counts: Counts, *, may_count: bool) -> dict[str, Any]:
    return {
        "kit_number": kit.number,
        "kit_date": localdate(kit.made_at),
        "plan_version": kit.plan_version,
        "rounds": tuple(_round(one, counts, may_count=may_count) for one in kit.rounds.all()),
    }


def _round(one: InterviewRound, counts: Counts, *, may_count: bool) -> SetUpRound:
    """Where no panel is named, as many raters as candidates have had on the average."""
    panel = tuple(sorted(str(person) for person in one.panel.all()))
    asked, handed_in, people = counts.get(one.name, (0, 0, 0))
    return SetUpRound(
        name=one.name,
        minutes=one.content["minutes"],
        asks=count_questions(one.questions),
        panel=panel,
        raters=len(panel) or (round(asked / people) if people else None),
        is_optional=one.is_optional,
        asked=asked if may_count else None,
        handed_in=handed_in if may_count else None,
    )


def _count_scorecards(role: OpenRole) -> Counts:
    rows = Scorecard.objects.that_count().filter(application__role=role).order_by().values_list("round__name")
    counted = rows.annotate(
        asked=Count("pk"),
        handed_in=Count("pk", filter=Q(submitted_at__isnull=False)),
        people=Count("application", distinct=True),
    )
    return {name: (asked, handed_in, people) for name, asked, handed_in, people in counted}


def _measure(organisation: UUID) -> tuple[MeasuredReliability | None, str]:
    """From the organisation's decided applications, worked out again only where one of them is new or gone."""
    state = _decided_scorecards(organisation).aggregate(n=Count("pk"), latest=Max("submitted_at"))
    return _measure_once(organisation, state["n"], state["latest"])


@lru_cache(maxsize=64)
def _measure_once(organisation: UUID, n: int, latest: datetime | None) -> tuple[MeasuredReliability | None, str]:
    del n, latest  # they tell one state of the scorecards from another
    ratings = _mean_ratings(organisation)
    raters: dict[str, set[str]] = {}
    for one in ratings:
        raters.setdefault(one.subject, set()).add(one.rater)
    twice = sum(len(each) > 1 for each in raters.values())
    if twice < SHARED_ENOUGH:
        return None, (
            f"{plural(twice, 'decided candidate was', 'decided candidates were')} rated by two interviewers; "
            f"{SHARED_ENOUGH} are needed."
        )
    try:
        single = study(ratings).single
    except NotEnoughData as refusal:
        return None, refusal.what
    people = len({one.rater for one in ratings})
    return MeasuredReliability(single.value, single.low, single.high, len(ratings), len(raters), people), ""


def _decided_scorecards(organisation: UUID) -> ScorecardQuerySet:
    rows: ScorecardQuerySet = Scorecard.objects.handed_in().that_count()
    return rows.filter(application__role__organisation=organisation).exclude(application__state=ApplicationState.OPEN)


def _mean_ratings(organisation: UUID) -> list[Rating]:
    """Of each candidate and interviewer the mean of first ratings."""
    held: dict[tuple[str, str], list[int]] = {}
    for card in _decided_scorecards(organisation).select_related("round__kit").prefetch_related("versions"):
        said = [one.rating for one in list_rated(card.round, independent_version(card).ratings) if one.rating]
        held.setdefault((str(card.application_id), str(card.interviewer_id)), []).extend(said)
    return [Rating(subject, rater, mean(said)) for (subject, rater), said in held.items() if said]
