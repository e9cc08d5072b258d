"""The invitation or review that a request names, for whoever asks."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from tenfold.apps.labroom.models import LabInvitation, LabReview
from tenfold.core.http.sign_in import signed_in
from tenfold.core.permissions import require

RELATED = ("organisation", "team", "application__candidate", "application__role", "tried_by")


def invitation_for(request: HttpRequest, pk: uuid.UUID, permission: str) -> LabInvitation:
    """Raises Http404 where this person may not know of it, NotAllowed where they may not do this."""
    user = signed_in(request)
    rows = LabInvitation.objects.visible_to(user).filter(erased_at=None).select_related(*RELATED)
    found: LabInvitation = get_object_or_404(rows, pk=pk)
    require(user, permission, found)
    return found


def own_review(request: HttpRequest, pk: uuid.UUID) -> LabReview:
    """The review that the signed-in person is asked for; Http404 for anybody else's."""
    user = signed_in(request)
    rows = LabReview.objects.visible_to(user).filter(reviewer=user, invitation__erased_at=None)
    found: LabReview = get_object_or_404(
        rows.select_related("invitation__application__candidate", "invitation__team", "invitation__organisation"), pk=pk
    )
    require(user, "lab.review", found)
    return found
