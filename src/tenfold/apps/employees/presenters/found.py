"""What can be done about employees, for the search."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may
from tenfold.core.search import Hit


def employee_actions(user: User, organisation: Organisation, _path: str) -> Iterator[Hit]:
    yield Hit("Page", "Employees", "Who was hired, by team", reverse("employees"))
    if may(user, "employees.see-tenure", organisation):
        yield Hit("Page", "How long people stay", "Tenure from an HR list, with its pitfalls", reverse("tenure"))
    if may(user, "employees.keep", organisation):
        yield Hit("Action", "Import an HR list", "Contracts, or lists taken every month", reverse("new-hr-list"))
