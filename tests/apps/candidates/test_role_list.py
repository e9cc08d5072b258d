"""The list of roles asks the database as often for five roles as for two, and says the same of each as its page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenfold.apps.candidates.models import OpenRole, RoleTask
from tenfold.apps.candidates.queries.waiting import todo, waiting_in_roles, waiting_on_whom
from tests.company import NOW, Company
from tests.factories.candidates import application_to, role_of

pytestmark = pytest.mark.django_db


def test_five_roles_cost_as_many_queries_as_two(company: Company, signed_in: Callable[[str], Client]) -> None:
    client, asked, people = signed_in("recruiter"), [], count(0)
    for more in (2, 3):
        for _ in range(more):
            application_to(role_of(company), next(people))
        client.get(reverse("roles"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("roles")).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_all_roles_together_say_what_each_says_alone(company: Company) -> None:
    roles = [role_of(company) for _ in range(3)]
    for n, role in enumerate((roles[0], roles[0], roles[0], roles[2])):
        application_to(role, n)
    together = waiting_in_roles(roles, now=NOW)
    assert [together.get(role.pk, []) for role in roles] == [waiting_on_whom(role, now=NOW) for role in roles]
    assert [sum(line.n for line in together.get(role.pk, [])) for role in roles] == [3, 0, 1]


def test_what_several_roles_owe_by_one_day_is_one_line(company: Company) -> None:
    roles = [role_of(company, places=["US-CO"]) for _ in range(3)]
    user = company.people["recruiter"]
    for role in roles:
        _owe(role, "Tell what the job pays.")
    _owe(roles[0], "Say how to ask for help.")
    lines = {one.title: one.url for one in todo(user, company.organisation, NOW) if one.kind == "By law"}
    together = next(url for what, url in lines.items() if what.endswith("and 2 more roles: Tell what the job pays."))
    assert together in {reverse("role-tasks", args=[role.pk]) for role in roles}
    assert f"{roles[0].title}: Say how to ask for help." in lines


def _owe(role: OpenRole, says: str) -> None:
    RoleTask.objects.create(
        role=role, duty_id=says, kind="notice", name=says, law="invented", says=says, timing="",
        event="opened", due_date=NOW.date(), begins=NOW.date(), is_sure=True, evidence="primary", checked=NOW.date(),
    )  # fmt: skip
