"""While somebody's own scorecard is not in, no address and no operation of the API says what a colleague wrote.

Every address of the application and every operation is asked, so that one that is made tomorrow is asked, too.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tenfold.apps.candidates.models import Application
from tenfold.apps.candidates.services.mail import send_due
from tenfold.apps.decisions.models import Decision
from tenfold.apps.interviews.models import InterviewRound, Scorecard
from tenfold.apps.interviews.services.reminders import remind_of_late
from tenfold.apps.labroom.models import LabReview
from tenfold.core.models import TeamRole, User
from tenfold.core.personal_data import export_person
from tenfold.core.search import search_everything
from tests.company import NOW, Company
from tests.factories import labs
from tests.factories.interviews import asked, handed_in, join_team
from tests.web.api_client import program_of
from tests.web.api_operations import OPERATIONS, filled, ids_of
from tests.web.test_who_may_open_what import EXPECTED, place

__all__ = ["place"]
WRITTEN = "They drew the rollback and named who decides"
"""A colleague's evidence, as the factory hands it in."""
REASONS = "They ran the rollback themselves"
"""Of the decision that rests on it."""
REVIEWED = "Profiled one request at 04:10"
"""A colleague's review of the lab."""
QUOTED = "They quoted the pager rota of the other team by heart"
"""What is looked for in the API, where the factories hand in WRITTEN as well."""
SECRETS = (WRITTEN, REASONS, REVIEWED)
Place = Callable[[str, str], tuple[str, dict[str, str]]]
OWERS = ("interviewer", "recruiter", "administrator", "people-analyst")


@pytest.fixture
def applied(place: Place) -> Application:
    """The application whose led scorecard, decision and review are in."""
    del place
    return Scorecard.objects.handed_in().get().application


def owe(application: Application, who: User, company: Company, person: str) -> Scorecard:
    """The person owes a scorecard and a lab review of the same application; colleagues' are in."""
    join_team(company, application.role, person, TeamRole.LEAD if person != "interviewer" else TeamRole.INTERVIEWER)
    lab = application.lab_invitations.get()
    LabReview.objects.filter(invitation=lab).delete()
    other, _ = labs.asked_reviews(company, lab, company["hiring-manager"], who)
    labs.handed_in_review(other)
    led = Scorecard.objects.handed_in().get(application=application)
    Scorecard.objects.filter(application=application, submitted_at=None).delete()
    return Scorecard.objects.create(application=application, round=led.round, interviewer=who, asked_at=NOW)


def contents(response: Any) -> str:
    """All that came: streamed or not, and what is packed in an archive."""
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            raw = b"\n".join(packed.read(name) for name in packed.namelist())
    return raw.decode(errors="replace") + str(dict(response.headers))


def told(where: str, text: str) -> Iterator[tuple[str, str]]:
    return ((where, secret) for secret in SECRETS if secret in text)


def walk(client: Client, place: Place, addresses: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Where a secret is told, of every address asked once; what a POST leads to is read, too."""
    found: list[tuple[str, str]] = []
    for method, name in addresses:
        address, body = place(name, method)
        with transaction.atomic():
            client.raise_request_exception = False
            response = client.get(address) if method == "GET" else client.post(address, body, follow=True)
            assert response.status_code < 500 or response.status_code in (501, 502), name
            found += told(f"{method} {name}", contents(response))
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("person", OWERS)
def test_no_address_tells_it(person: str, company: Company, place: Place, applied: Application) -> None:
    who, client = company[person], Client(REMOTE_ADDR="127.0.0.1")
    owe(applied, who, company, person)
    client.force_login(who)
    assert walk(client, place, EXPECTED) == []


def test_the_same_walk_finds_it_for_who_owes_nothing(company: Company, place: Place, applied: Application) -> None:
    """What is looked for is there to be found."""
    owe(applied, company["administrator"], company, "administrator").delete()
    LabReview.objects.filter(submitted_at=None).delete()
    client = Client(REMOTE_ADDR="127.0.0.1")
    client.force_login(company["administrator"])
    found = walk(client, place, [("GET", name) for name in ("debrief", "decision-packet", "feedback", "application")])
    assert {(f"GET {name}", secret) for name in ("debrief", "decision-packet") for secret in (WRITTEN, REASONS)} <= set(
        found
    )


@pytest.mark.parametrize("person", OWERS)
def test_no_notification_search_or_file_tells_it(person: str, company: Company, applied: Application) -> None:
    who, client = company[person], Client()
    card = owe(applied, who, company, person)
    Scorecard.objects.filter(pk=card.pk).update(due_date=NOW.date() - timedelta(days=3))
    client.force_login(who)
    name = str(applied.candidate)
    asked_for = (name, name.split(maxsplit=1)[0], "rollback", "who decides", "04:10", "debrief")
    found = "".join(contents(client.get(reverse("find"), {"q": text})) for text in asked_for)
    found += "".join(str(search_everything(who, company.organisation, text)) for text in asked_for)
    found += json.dumps(export_person(str(applied.candidate_id)), default=str)  # what the candidate's link hands out
    remind_of_late(NOW + timedelta(days=5))
    send_due(now=NOW + timedelta(days=5))
    found += str([(one.subject, one.body, one.message().as_string()) for one in mail.outbox])
    for address in (
        reverse("scorecard", args=[Scorecard.objects.handed_in().get().pk]),
        reverse("take-back-decision", args=[Decision.objects.get().pk]),
        reverse("lab-review", args=[LabReview.objects.handed_in().get().pk]),
        reverse("export-ratings", args=[applied.role_id]),
        reverse("export-candidates", args=[applied.role_id]),
        reverse("interview-calibration"),
        reverse("trail") + f"?q={name}",
        reverse("front"),
    ):
        found += contents(client.get(address)) + contents(client.post(address, {"why": "Let me see"}, follow=True))
    assert list(told("anywhere", found)) == []


@pytest.mark.parametrize("person", OWERS)
def test_no_operation_of_the_api_tells_it(person: str, company: Company) -> None:
    plan = company.plan()
    ids = {"id": str(plan.pk), **ids_of(company, plan, person)}
    one = Application.objects.get(pk=ids["application_id"])
    round_ = InterviewRound.objects.filter(kit__role=one.role)[0]
    (led,) = asked(company, one, round_, company["hiring-manager"])
    handed_in(led, 4, QUOTED)
    join_team(company, one.role, person, TeamRole.LEAD if person != "interviewer" else TeamRole.INTERVIEWER)
    Scorecard.objects.create(application=one, round=round_, interviewer=company[person], asked_at=NOW)
    api, found = program_of(company, person), list[str]()
    for name, (method, path, body) in OPERATIONS.items():
        with transaction.atomic():
            response = api.ask(method, path.format(**ids), filled(body, ids) if body is not None else None)
            found += [name] if QUOTED in contents(response) else []
            transaction.set_rollback(True)
    assert found == []
    Scorecard.objects.filter(interviewer=company[person], submitted_at=None).delete()
    assert QUOTED in str(program_of(company, "administrator").get(f"/applications/{one.pk}/scorecards"))
