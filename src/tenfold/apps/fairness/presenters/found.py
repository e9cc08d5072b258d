"""What the search offers."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may
from tenfold.core.search import Hit


def actions(user: User, organisation: Organisation, path: str) -> Iterator[Hit]:
    """The way to the page, for who may read it."""
    del path
    if may(user, "fairness.see", organisation):
        yield Hit("Page", "Fairness of selection", "Impact ratios of finished periods", reverse("fairness"))
