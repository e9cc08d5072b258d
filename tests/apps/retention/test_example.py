"""The example shows growth and retention with something in each of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tenfold.apps.accounts.services import remove_example
from tenfold.apps.employees.models import Employee, HrList
from tenfold.apps.growth.models import CalibrationSession, StoredLadder
from tenfold.apps.retention.models import OneOnOne, PayRound, Pulse, TeamRecord
from tenfold.apps.sources.models import DataSource, OutsideChange, OutsideName
from tenfold.apps.sources.services import reading
from tenfold.core.models import Organisation, User
from tenfold.web.example.seed import seed_example
from tests.company import NOW

SHOWN = {
    "employees": "ML platform",
    "tenure": "No list between",
    "growth": "Before the spring promotions",
    "on-call": "What to know before you quote this",
    "impact": "Error budget",
    "impact-mail": "all\ninvented",
    "loop": "Too few to tell",
    "one-on-ones": "every 14 days",
    "pulses": "ML platform",
    "pay-rounds": "Pay round of",
}


@pytest.fixture
def visitor(db: None) -> Client:
    client = Client()
    client.force_login(seed_example(now=NOW))
    return client


@pytest.mark.parametrize("name", SHOWN)
def test_each_page_of_the_example_has_something_to_show(name: str, visitor: Client) -> None:
    page = visitor.get(reverse(name))
    assert page.status_code == 200
    assert SHOWN[name] in page.content.decode()


def test_the_pages_of_things_in_the_example_open(visitor: Client) -> None:
    person = Employee.objects.get(name="Teodor Brandt")
    addresses = [
        reverse("ladder", args=[StoredLadder.objects.get().pk]),
        *(reverse(name, args=[person.pk]) for name in ("growth-person", "check-in", "growth-plan", "promotion-packet")),
        reverse("calibration", args=[CalibrationSession.objects.get().pk]),
        reverse("one-on-one", args=[OneOnOne.objects.get().pk]),
        *(reverse("pulse", args=[pulse.pk]) for pulse in Pulse.objects.all()),
        reverse("pay-round", args=[PayRound.objects.get().pk]),
    ]
    assert {visitor.get(address).status_code for address in addresses} == {200}


def test_removing_the_example_takes_all_of_it_away(visitor: Client) -> None:
    group = Organisation.objects.get(is_example=True)
    admin = group.memberships.get(role="administrator").user
    remove_example(organisation=group, by=admin, now=NOW)
    for kind in (
        Employee,
        HrList,
        StoredLadder,
        CalibrationSession,
        TeamRecord,
        OneOnOne,
        Pulse,
        PayRound,
        DataSource,
        OutsideName,
        OutsideChange,
    ):
        assert not kind.objects.exists(), kind


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("toil", "with pages it is"),
        ("knowledge", "Begin the backfill plan with"),
        ("sources", "Read once, from invented answers"),
        ("outside-names", "Not reviewed"),
        ("outside-changes", "Use"),
    ],
)
def test_interrupts_knowledge_and_sources_are_filled(name: str, says: str, db: None) -> None:
    seed_example(now=NOW)
    client = Client()
    by = "teodor" if name == "outside-changes" else "ines"
    client.force_login(User.objects.get(email=f"{by}@tidewater.example"))
    page = client.get(reverse(name)).content.decode()
    assert says in page
    assert "invented" in page


def test_nobody_asks_the_invented_addresses_of_the_example(visitor: Client) -> None:
    later = NOW + timedelta(days=60)
    assert DataSource.objects.filter(next_at__lt=later).count() == 4
    assert reading.queue_due_sources(later) == 0
    source = DataSource.objects.exclude(trouble="").get()
    page = visitor.post(reverse("read-source", args=[source.pk]), follow=True).content.decode()
    assert "address is invented" in page
