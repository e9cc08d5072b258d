"""Pieces on pages of candidates that lead to offers."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from tenfold.apps.candidates.models import Application
from tenfold.apps.offers.models import Offer, OfferState
from tenfold.apps.offers.queries.standing import decision_for_offer, shown_version, standing_of, standing_offer
from tenfold.core.http.sign_in import signed_in
from tenfold.core.models import Membership
from tenfold.core.permissions import may


def application_section(request: HttpRequest, application: Application) -> SafeString:
    """On a person's card: the offers to them, for who may see them; nothing for anybody else."""
    user, now = signed_in(request), timezone.now()
    if not may(user, "offer.write", application):
        return SafeString("")
    rows = Offer.objects.visible_to(user).filter(application=application)
    rows = rows.select_related("application__role").order_by("-made_at")
    context = {
        "application": application,
        "offers": [(one, standing_of(one, now=now).words) for one in rows],
        "can_make": application.is_open
        and standing_offer(application) is None
        and decision_for_offer(application) is not None,
    }
    return SafeString(render_to_string("offers/application_section.html", context, request))


def candidate_section(request: HttpRequest, application: Application) -> SafeString:
    """On the candidate's own page: that there is an offer, and the way to it."""
    shown = _version_shown(application)
    match = request.resolver_match
    if shown is None or match is None or "token" not in match.kwargs:
        return SafeString("")
    context = {"version": shown, "answer": getattr(shown, "answer", None), "token": match.kwargs["token"]}
    return SafeString(render_to_string("offers/candidate_section.html", context))


def candidate_duty(_request: HttpRequest, application: Application) -> SafeString:
    """What is asked of the candidate (`candidate-status.asked`)."""
    shown = _version_shown(application)
    waits = shown is not None and not hasattr(shown, "answer")
    return SafeString("Answer our offer below" if waits else "")


def menu_item(request: HttpRequest, membership: Membership | None) -> SafeString:
    """In the menu of hiring, for everybody who may see offers or count them."""
    del membership
    return SafeString(render_to_string("offers/menu_item.html", {}, request))


def _version_shown(application: Application) -> object | None:
    offer = standing_offer(application)
    if offer is None or offer.state == OfferState.WITHDRAWN:
        return None
    return shown_version(offer, now=timezone.now())
