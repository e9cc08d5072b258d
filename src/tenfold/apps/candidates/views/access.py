"""The role, application or candidate that a request names, for whoever asks."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from tenfold.apps.candidates.models import Application, Candidate, OpenRole
from tenfold.core.http.sign_in import signed_in
from tenfold.core.permissions import require


def role_for(request: HttpRequest, pk: uuid.UUID, permission: str) -> OpenRole:
    """Raises Http404 where this person may not know of it, NotAllowed where they may not do this."""
    user = signed_in(request)
    rows = OpenRole.objects.visible_to(user).select_related("organisation", "team", "plan")
    role: OpenRole = get_object_or_404(rows, pk=pk)
    require(user, permission, role)
    return role


def application_for(request: HttpRequest, pk: uuid.UUID, permission: str) -> Application:
    """As `role_for`. People who asked to be erased are not there any more, for anybody."""
    user = signed_in(request)
    rows = Application.objects.visible_to(user).not_shut_away()
    found: Application = get_object_or_404(
        rows.select_related("role__organisation", "role__team", "candidate", "stage").distinct(), pk=pk
    )
    require(user, permission, found)
    return found


def candidate_for(request: HttpRequest, pk: uuid.UUID) -> Candidate:
    user = signed_in(request)
    found: Candidate = get_object_or_404(Candidate.objects.visible_to(user).kept(), pk=pk)
    require(user, "candidate.work", found)
    return found
