"""What waits for somebody, and what is found by a text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from django.urls import reverse

from tenfold.apps.labroom.models import LabAppeal, LabInvitation, LabReview, SignedLabVerdict
from tenfold.apps.labroom.queries.reviews import is_unblinded
from tenfold.core.models import Organisation, User
from tenfold.core.search import Hit
from tenfold.core.todo import ToDo
from tenfold.labs import registry

MOST_READ = 500


def todo(user: User, organisation: Organisation, now: datetime) -> Iterator[ToDo]:
    """Reviews one owes, submissions without reviewers, verdicts to sign, objections to answer."""
    del now
    owed = LabReview.objects.visible_to(user).filter(reviewer=user, submitted_at=None)
    for one in owed.filter(invitation__organisation=organisation, invitation__submitted_at__isnull=False):
        yield ToDo("Review a lab", str(one.invitation), reverse("lab-review", args=[one.pk]))
    rows = LabInvitation.objects.run_by(user).of_people().filter(organisation=organisation, erased_at=None)
    for invitation in rows.filter(submitted_at__isnull=False).exclude(
        verdicts__taken_back_at=None, verdicts__isnull=False
    ):
        if not invitation.reviews.exists():
            yield ToDo("Ask for lab reviews", str(invitation), reverse("lab-session", args=[invitation.pk]))
        elif is_unblinded(invitation) and not _has_verdict(invitation):
            yield ToDo("Sign a lab verdict", str(invitation), reverse("lab-session", args=[invitation.pk]))
    for appeal in LabAppeal.objects.filter(invitation__in=rows, answered_at=None):
        address = reverse("lab-session", args=[appeal.invitation_id])
        yield ToDo("Answer an objection", str(appeal.invitation), address)


def _has_verdict(invitation: LabInvitation) -> bool:
    return SignedLabVerdict.objects.filter(invitation=invitation, taken_back_at=None).exists()


def find_labs(user: User, organisation: Organisation, text: str, limit: int) -> Iterator[Hit]:
    """Labs of the library, and invitations of people by name."""
    words = text.casefold().split()
    for one in registry.summaries(registry.labs_folder()):
        if words and all(word in f"{one.slug} {one.description}".casefold() for word in words):
            yield Hit("Lab", one.slug.replace("-", " ").capitalize(), one.description, reverse("lab", args=[one.slug]))
    rows = LabInvitation.objects.run_by(user).of_people().filter(organisation=organisation, erased_at=None)
    people = [one for one in rows.select_related("application__candidate")[:MOST_READ] if _is_named(one, words)]
    for invitation in people[:limit]:
        yield Hit("Lab session", invitation.person, invitation.title, reverse("lab-session", args=[invitation.pk]))


def _is_named(invitation: LabInvitation, words: list[str]) -> bool:
    return bool(words) and all(word in invitation.person.casefold() for word in words)


def invitation_titles(user: User, ids: Collection[str]) -> Mapping[str, str]:
    rows = (
        LabInvitation.objects.visible_to(user).filter(pk__in=ids).select_related("application__candidate", "tried_by")
    )
    return {str(one.pk): str(one) for one in rows}
