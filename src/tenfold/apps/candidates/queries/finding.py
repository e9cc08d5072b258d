"""Candidates found by name or address. Names are encrypted, so they are read one by one: fine for tens of thousands."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.urls import reverse

from tenfold.apps.candidates.models import Application, Candidate, CandidateEmail, OpenRole
from tenfold.apps.candidates.queries.contact import email_index, is_email
from tenfold.core.models import Organisation, User
from tenfold.core.search import Hit


def find_candidates(user: User, organisation: Organisation, text: str, limit: int) -> Iterator[Hit]:
    """People whom the user may see, by a part of their name or a whole e-mail address."""
    found = matching(user, organisation, text, limit=limit)
    rows = Application.objects.run_by(user).filter(candidate__in=found).select_related("role").order_by("-applied_at")
    of_person: dict[UUID, list[Application]] = {}
    for one in rows:
        of_person.setdefault(one.candidate_id, []).append(one)
    for candidate in found:
        if seen := of_person.get(candidate.pk):
            page = reverse("application", args=[seen[0].pk])
            yield Hit("Candidate", str(candidate), ", ".join(one.role.title for one in seen[:3]), page)


def matching(user: User, organisation: Organisation, text: str, *, limit: int) -> list[Candidate]:
    people = Candidate.objects.run_by(user).filter(organisation=organisation).kept()
    people = people.filter(erasure_request=None)
    if is_email(text):
        rows = CandidateEmail.objects.filter(index=email_index(text)).values("candidate")
        return list(people.filter(pk__in=rows)[:limit])
    wanted, found = text.casefold().split(), []
    for candidate in people.order_by("-created_at").iterator(chunk_size=500):
        name = candidate.name.casefold()
        if all(word in name for word in wanted):
            found.append(candidate)
            if len(found) == limit:
                break
    return found


def find_roles(user: User, organisation: Organisation, text: str, limit: int) -> Iterator[Hit]:
    """Open and closed roles by title."""
    for role in OpenRole.objects.with_page_for(user).filter(organisation=organisation, title__icontains=text)[:limit]:
        yield Hit("Role", role.title, "Open" if role.is_open else "Closed", reverse("role", args=[role.pk]))


def role_titles(user: User, ids: Collection[str]) -> dict[str, str]:
    """Of the roles whose page they may open."""
    rows = OpenRole.objects.with_page_for(user).filter(pk__in=[one for one in ids if len(one) == 36])
    return {str(pk): title for pk, title in rows.values_list("pk", "title")}


def application_titles(user: User, ids: Collection[str]) -> dict[str, str]:
    """In the trail an application is called by its role: nobody's name is looked up there."""
    rows = Application.objects.visible_to(user).filter(pk__in=[one for one in ids if len(one) == 36])
    return {str(pk): f"Application, {title}" for pk, title in rows.values_list("pk", "role__title")}
