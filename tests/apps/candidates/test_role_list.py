"""The list of roles asks the database as often for five roles as for two, and says the same of each as its page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenfold.apps.candidates.queries.waiting import waiting_in_roles, waiting_on_whom
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
