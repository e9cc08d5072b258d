"""Data sources in the search, and what waits: names to review, a source that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenfold.apps.sources.models import DataSource, NameState, OutsideChange, OutsideName
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may
from tenfold.core.search import Hit
from tenfold.core.todo import ToDo


def source_actions(user: User, organisation: Organisation, _path: str) -> Iterator[Hit]:
    if may(user, "teams.see", organisation):
        yield Hit(
            "Page", "Data sources", "Forges, incident tools and registries read on a schedule", reverse("sources")
        )
    if may(user, "sources.manage", organisation):
        yield Hit("Page", "Names in other systems", "Whose accounts those are, reviewed", reverse("outside-names"))


def waiting(user: User, organisation: Organisation, now: datetime) -> Iterator[ToDo]:  # noqa: ARG001 - the shape
    if not may(user, "sources.manage", organisation):
        return
    open_names = OutsideName.objects.visible_to(user).filter(organisation=organisation, state=NameState.OPEN).count()
    if open_names:
        yield ToDo("Names to review", f"{open_names} in other systems", reverse("outside-names"))
    broken = DataSource.objects.visible_to(user).filter(organisation=organisation, is_paused=False)
    for source in broken.exclude(trouble="").defer("items"):
        yield ToDo("Cannot be read", source.name, reverse("source", args=[source.pk]))


def employee_link(request: HttpRequest, employee: Any) -> SafeString:
    """To the merged changes of somebody, for them and their manager, where there are any that are not used yet."""
    found = OutsideChange.objects.visible_to(request.user).filter(author__employee=employee, is_used=False)
    if not found.exists():
        return SafeString("")
    address = f"{reverse('outside-changes')}?employee={employee.pk}"
    return format_html(
        ' <a href="{}">Merged changes<span class="visually-hidden"> of {}</span></a>', address, employee.name
    )
