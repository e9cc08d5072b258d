"""A 1:1 is due for the two it belongs to, while both still hold it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tenfold.apps.employees.models import Employee
from tenfold.apps.retention.models import OneOnOne
from tenfold.apps.retention.presenters.found import due_for
from tenfold.core.models import User
from tests.company import NOW, Company
from tests.teams import People, people

LATER = NOW + timedelta(days=60)


def reminders(company: Company, user: User) -> list[str]:
    return [one.kind for one in due_for(user, company.organisation, LATER) if one.kind == "1:1"]


@pytest.mark.parametrize("role", ["hiring-manager", "interviewer"])
def test_the_two_are_reminded(company: Company, role: str) -> None:
    people(company)
    assert reminders(company, company[role]) == ["1:1"]


def leave(found: People, company: Company) -> None:
    del company
    Employee.objects.filter(pk=found.employee.pk).update(left_date=LATER.date())


def change_manager(found: People, company: Company) -> None:
    Employee.objects.filter(pk=found.employee.pk).update(manager=company["recruiter"])


def postpone(found: People, company: Company) -> None:
    del company
    OneOnOne.objects.filter(pk=found.meeting.pk).update(next_date=LATER.date() + timedelta(days=1))


@pytest.mark.parametrize("change", [leave, change_manager, postpone])
def test_nobody_is_reminded_of_what_has_ended_or_is_not_due(
    company: Company, change: Callable[[People, Company], None]
) -> None:
    change(people(company), company)
    for role in ("hiring-manager", "interviewer", "recruiter"):
        assert reminders(company, company[role]) == [], role
