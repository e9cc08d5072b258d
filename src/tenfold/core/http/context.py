"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from tenfold import __version__
from tenfold.core.http.sign_in import current_organisation, own_membership
from tenfold.core.permissions import may

THEMES = ("auto", "light", "dark")
YES_NO = (("", "Open"), ("yes", "Yes"), ("no", "No"))


def site_context(request: HttpRequest) -> dict[str, Any]:
    organisation = current_organisation(request)
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("theme", "auto")
    known = {
        "organisation": organisation,
        "membership": own_membership(request) if organisation else None,
        "theme": theme if theme in THEMES else "auto",
        "tenfold_version": __version__,
        "user": user,
        "yes_no": YES_NO,
        "what_if_places": (("must", "Must"), ("nice", "Nice"), ("out", "Leave out")),
    }
    if organisation and user:
        known["may_manage"] = may(user, "organisation.manage", organisation)
        known["may_see_trail"] = may(user, "trail.view", organisation)
        known["may_create"] = may(user, "plan.create", organisation)
    return known
