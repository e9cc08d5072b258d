"""Figures of teams for programs. 1:1s, evidence and pay of single people are through no operation."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from tenfold.apps.retention.models import Pulse, RecordKind, TeamRecord
from tenfold.apps.retention.queries import impact_of, oncall_of
from tenfold.apps.retention.schemas import OncallFigures, PulseFigures
from tenfold.core.http.api_access import Caller, caller
from tenfold.core.http.operations import operation
from tenfold.core.permissions import require
from tenfold.core.scopes import Scope
from tenfold.practices.retention.impact import Measure
from tenfold.practices.retention.pulse import QUESTIONS

router = Router()


@operation(router, "GET", "/on-call", OncallFigures, tag="Teams", scope=Scope.TEAMS_READ)
def get_on_call(request: HttpRequest) -> dict[str, Any]:
    """The latest record of pages, replayed on rotations of two to eight people."""
    record = next(iter(_records(caller(request), RecordKind.PAGES)), None)
    answer = oncall_of(record, business_hours=False) if record else None
    if record is None or answer is None:
        raise Http404
    return {
        "record": str(record),
        "pages": answer.pages,
        "weeks": answer.log.weeks,
        "pages_per_shift": answer.load.mean.value,
        "night_pages_per_week": answer.night_pages.value,
        "chance_more_than_two_per_shift": answer.load.chance_more_than_two,
        "by_rotation": [
            {
                "people": each.people,
                "on_call_share": each.on_call_share,
                "disturbed_nights_per_person_month": each.disturbed_nights_per_person_month,
                "most_disturbed_nights_in_four_weeks": each.most_disturbed_nights_in_four_weeks,
            }
            for each in answer.rotations
        ],
    }


@operation(router, "GET", "/impact", list[Measure], tag="Teams", scope=Scope.TEAMS_READ)
def get_impact(request: HttpRequest) -> list[dict[str, Any]]:
    """Delivery, models and reliability, each with its definition and source."""
    kinds = (RecordKind.DEPLOYMENTS, RecordKind.INCIDENTS, RecordKind.LOOKS, RecordKind.REQUESTS)
    return [asdict(measure) for measure in impact_of(_records(caller(request), *kinds)).measures]


@operation(router, "GET", "/pulses", list[PulseFigures], tag="Teams", scope=Scope.TEAMS_READ)
def list_pulses(request: HttpRequest) -> list[dict[str, Any]]:
    """Closed pulses of teams, as they were published once."""
    asked = caller(request)
    require(asked.user, "teams.see", asked.organisation)
    found = Pulse.objects.visible_to(asked.user).filter(team__organisation=asked.organisation, closed_at__isnull=False)
    return [_pulse(each) for each in found.select_related("team")]


def _records(asked: Caller, *kinds: RecordKind) -> list[TeamRecord]:
    require(asked.user, "teams.see", asked.organisation)
    found = TeamRecord.objects.visible_to(asked.user).filter(organisation=asked.organisation, kind__in=kinds)
    return list(found)


def _pulse(found: Pulse) -> dict[str, Any]:
    fifths = found.result.get("fifths", {})
    return {
        "team": str(found.team),
        "closed_at": found.closed_at,
        "answers_at_least": found.result.get("at_least", 0),
        "lines": [
            {"question": each.text, "measures": each.measures, "fifths": fifths.get(each.id)}
            for each in QUESTIONS
            if fifths
        ],
    }
