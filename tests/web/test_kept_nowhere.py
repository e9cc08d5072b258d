"""What a signed-in person gets is in no cache; links of the server's output work once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenfold.apps.accounts.views.people import start_token
from tenfold.apps.plans.services import approve
from tenfold.apps.postings.services import publish
from tenfold.core.models import User
from tenfold.web.example.seed import seed_example
from tests.company import NOW, PASSWORD, Company

OF_A_PLAN = ("plan", "plan-yaml", "plan-versions", "plan-report", "plan-download", "plan-comments", "plan-share")
OF_NO_PLAN = ("plans", "members", "trail", "pay-own", "pay-bands", "api-tokens", "schema", "share-links")


@pytest.mark.parametrize("name", OF_A_PLAN + OF_NO_PLAN)
def test_no_cache_keeps_what_a_signed_in_person_gets(
    name: str, company: Company, signed_in: Callable[[str], Client]
) -> None:
    address = reverse(name, args=[company.plan().pk] if name in OF_A_PLAN else [])
    answer = signed_in("administrator").get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_a_browser_keeps_what_is_the_same_for_everybody(company: Company, signed_in: Callable[[str], Client]) -> None:
    page = signed_in("administrator").get(reverse("plan", args=[company.plan().pk])).content.decode()
    (address,) = re.findall(r'data-options-from="([^"]+)"', page)
    answer = signed_in("interviewer").get(address)
    assert '<option value="mlflow">' in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"


def test_no_cache_keeps_what_a_program_gets_nor_what_a_person_is_refused(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    refused = signed_in("interviewer").get(reverse("trail"))
    assert (refused.status_code, refused.headers["Cache-Control"]) == (403, "no-store")
    program = Client().get("/api/v1/plans")
    assert (program.status_code, program.headers["Cache-Control"]) == (401, "no-store")


def test_job_pages_are_cached_also_for_those_who_are_signed_in(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    plan = company.plan()
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    posting = publish(plan=plan, by=company.administrator, now=NOW)
    posting.last_date = None
    posting.save()
    for client in (Client(), signed_in("administrator")):
        answer = client.get(reverse("job", args=[posting.pk]))
        assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_the_link_of_the_demonstration_signs_in_one_browser(db: None) -> None:
    address = reverse("start", args=[start_token(str(seed_example(now=timezone.now()).pk))])
    first, second = Client(), Client()
    assert first.get(address).headers["Location"] == reverse("front")
    assert first.get(address).headers["Location"] == reverse("front"), "a reload of the one who is in"
    assert second.get(address).status_code == 410
    assert second.get(reverse("plans")).headers["Location"].startswith(reverse("account_login"))
    first.post(reverse("account_logout"))
    assert first.get(address).status_code == 410


def test_the_link_of_the_first_start_makes_one_administrator_even_where_that_one_is_gone(db: None) -> None:
    address = reverse("start", args=[start_token()])
    given = {"organisation": "Quay", "name": "Ada", "email": "ada@quay.example", "password": PASSWORD}
    assert Client().post(address, given).headers["Location"] == reverse("plans")
    User.objects.all().delete()
    assert Client().get(address).status_code == 410
    assert Client().post(address, {**given, "email": "eve@quay.example"}).status_code == 410
    assert not User.objects.exists()
    assert Client().get(reverse("start", args=[start_token()])).status_code == 200, "the next link is another one"
