"""People as search finds them, and what can be done about them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from tenfold.core.models import Membership, Organisation, User
from tenfold.core.permissions import may
from tenfold.core.search import Hit


def find_people(user: User, organisation: Organisation, text: str, limit: int) -> Iterator[Hit]:
    """Members whose name or address holds the text."""
    own = Membership.objects.visible_to(user).filter(organisation=organisation).select_related("user").distinct()
    for member in own.filter(Q(user__name__icontains=text) | Q(user__email__icontains=text))[:limit]:
        yield Hit("Person", str(member.user), member.get_role_display(), f"{reverse('members')}#member-{member.pk}")


def people_actions(user: User, organisation: Organisation, _path: str) -> Iterator[Hit]:
    yield Hit("Page", "People", "Members and their roles", reverse("members"))
    if may(user, "organisation.manage", organisation):
        yield Hit("Action", "Invite somebody", "People", reverse("members"))
    if may(user, "trail.view", organisation):
        yield Hit("Page", "History", "Who did what, who approved, who saw pay", reverse("trail"))
    yield Hit("Page", "API tokens", "For your own programs", reverse("api-tokens"))
    yield Hit("Action", "Change password", "", reverse("account_change_password"))
    yield Hit("Action", "Your account: passkeys, sessions", "", reverse("mfa_index"))
