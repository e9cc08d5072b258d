"""Pieces on pages of candidates that lead here."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tenfold.apps.candidates.models import Application, OpenRole
from tenfold.apps.interviews.models import Scorecard
from tenfold.apps.interviews.queries import still_owed
from tenfold.core.http.sign_in import signed_in
from tenfold.core.models import Organisation


def role_tab(request: HttpRequest, role: OpenRole) -> SafeString:
    """The tab “Interviews” of a role (`role-head.tabs`)."""
    is_here = request.resolver_match is not None and request.resolver_match.url_name == "role-interviews"
    return SafeString(render_to_string("interviews/role_tab.html", {"role": role, "is_here": is_here}, request))


def roles_link(request: HttpRequest, organisation: Organisation) -> SafeString:
    """In the menu of the list of roles: calibration, practice, own questions (`roles.menu`)."""
    return SafeString(render_to_string("interviews/roles_link.html", {"organisation": organisation}, request))


def application_link(request: HttpRequest, application: Application) -> SafeString:
    """On a person's card: how many scorecards are in, and the way to them (`application-card.sections`)."""
    rows = Scorecard.objects.filter(application=application)
    context = {"application": application, "asked": rows.count(), "owed": len(still_owed(application))}
    return SafeString(render_to_string("interviews/application_link.html", context, request))


def meeting_link(request: HttpRequest, application: Application) -> SafeString:
    """On an interviewer's card: their own scorecards of the person (`interviewer-card.sections`)."""
    user = signed_in(request)
    own = Scorecard.objects.visible_to(user).filter(application=application, interviewer=user).select_related("round")
    return SafeString(render_to_string("interviews/meeting_link.html", {"own": own}, request))
