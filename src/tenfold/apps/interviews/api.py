"""Kits and scorecards for programs, as blind as for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from tenfold.apps.candidates.models import Application, OpenRole
from tenfold.apps.interviews.models import InterviewKit, Scorecard
from tenfold.apps.interviews.queries import independent_version, latest_version, list_rated, still_owed
from tenfold.apps.interviews.schemas import KitResult, ScorecardList, SetupResult
from tenfold.checking.role_setup import to_dict
from tenfold.core.http.api_access import caller
from tenfold.core.http.operations import operation
from tenfold.core.permissions import require
from tenfold.core.role_setup import setup_of_plan
from tenfold.core.scopes import Scope

router = Router()


@operation(router, "GET", "/roles/{role_id}/interview-kit", KitResult, tag="Hiring", scope=Scope.HIRING_READ)
def get_interview_kit(request: HttpRequest, role_id: UUID) -> InterviewKit:
    """The latest interview kit of a role."""
    asked = caller(request)
    role = get_object_or_404(
        OpenRole.objects.visible_to(asked.user).filter(organisation=asked.organisation), pk=role_id
    )
    require(asked.user, "interviews.see-kit", role)
    kit: InterviewKit | None = InterviewKit.objects.visible_to(asked.user).filter(role=role).first()
    if kit is None:
        raise Http404
    return kit


@operation(router, "GET", "/roles/{role_id}/setup", SetupResult, tag="Hiring", scope=Scope.HIRING_READ)
def get_role_setup(request: HttpRequest, role_id: UUID) -> dict[str, Any]:
    """What is set up for a role: kit, panels, labs in use, scorecards expected, and what ratings were worth here.

    `tenfold audit PLAN --setup FILE` reads it.
    """
    asked = caller(request)
    role = get_object_or_404(
        OpenRole.objects.visible_to(asked.user).filter(organisation=asked.organisation), pk=role_id
    )
    require(asked.user, "interviews.see-kit", role)
    found = setup_of_plan(role.plan_id, asked.user) if role.plan_id else None
    if found is None or not found.is_open:
        raise Http404
    return to_dict(found)


@operation(
    router, "GET", "/applications/{application_id}/scorecards", ScorecardList, tag="Hiring", scope=Scope.HIRING_READ
)
def list_scorecards(request: HttpRequest, application_id: UUID) -> dict[str, Any]:
    """Scorecards of one application that are in; nobody else's while you owe one of it yourself."""
    asked = caller(request)
    rows = Scorecard.objects.visible_to(asked.user).filter(
        application=application_id, application__role__organisation=asked.organisation
    )
    application = (
        Application.objects.visible_to(asked.user)
        .filter(pk=application_id, role__organisation=asked.organisation)
        .not_shut_away()
        .distinct()
        .first()
    )
    if application is None and not rows.exists():
        raise Http404
    return {
        "waiting_for_your_own": rows.filter(interviewer=asked.user, submitted_at=None).exists(),
        "still_owed": len(still_owed(application or rows[0].application)),
        "scorecards": [_to_dict(one) for one in rows.handed_in().select_related("round", "interviewer")],
    }


def _to_dict(one: Scorecard) -> dict[str, Any]:
    latest = latest_version(one)
    return {
        "id": one.pk,
        "round": one.round.name,
        "interviewer": str(one.interviewer),
        "submitted_at": one.submitted_at,
        "version": latest.number,
        "first": _ratings(one, independent_version(one).ratings),
        "now": _ratings(one, latest.ratings),
    }


def _ratings(one: Scorecard, ratings: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "question": each.question["id"],
            "competency": each.question["competency"],
            "rating": each.rating,
            "evidence": each.evidence,
            "link": each.link,
        }
        for each in list_rated(one.round, ratings)
    ]
