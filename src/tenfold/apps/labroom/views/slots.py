"""Pieces on pages of candidates that lead to labs."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from tenfold.apps.candidates.models import Application, OpenRole
from tenfold.apps.labroom.models import LabInvitation
from tenfold.apps.labroom.queries.links import lab_token
from tenfold.apps.labroom.queries.standing import standing


def role_tab(request: HttpRequest, role: OpenRole) -> SafeString:
    """The tab “Labs” of a role (`role-head.tabs`)."""
    is_here = request.resolver_match is not None and request.resolver_match.url_name == "role-labs"
    return SafeString(render_to_string("labroom/role_tab.html", {"role": role, "is_here": is_here}, request))


def application_section(request: HttpRequest, application: Application) -> SafeString:
    """On a person's card: their labs, and the way to invite them (`application-card.sections`)."""
    rows = LabInvitation.objects.filter(application=application, erased_at=None)
    context = {"application": application, "invitations": rows}
    return SafeString(render_to_string("labroom/application_section.html", context, request))


def status_section(request: HttpRequest, application: Application) -> SafeString:
    """On a candidate's own page: the labs that they are invited to (`candidate-status.sections`)."""
    now = timezone.now()
    rows = LabInvitation.objects.filter(application=application, erased_at=None, withdrawn_at=None)
    shown = [(one, standing(one, now), lab_token(one)) for one in rows if one.submitted_at or one.is_open(now)]
    return (
        SafeString(render_to_string("labroom/status_section.html", {"labs": shown}, request)) if shown else SafeString()
    )
