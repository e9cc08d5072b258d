"""Who is signed in, and for which organisation they are here."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from tenfold.core.models import Membership, Organisation, User


def signed_in(request: HttpRequest) -> User:
    """The signed-in user; raises Http404 where nobody is."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def current_organisation(request: HttpRequest) -> Organisation | None:
    """The organisation that pages show, as the middleware found it."""
    chosen: Organisation | None = getattr(request, "organisation", None)
    return chosen


def require_organisation(request: HttpRequest) -> Organisation:
    """The current organisation; raises Http404 where the user belongs to none."""
    organisation = current_organisation(request)
    if organisation is None:
        raise Http404
    return organisation


def own_membership(request: HttpRequest) -> Membership | None:
    """What the user is in the current organisation."""
    organisation = current_organisation(request)
    if organisation is None or not isinstance(request.user, User):
        return None
    return next(own for own in request.user.memberships.all() if own.organisation_id == organisation.pk)
