"""Colleagues of the same company outside a role's hiring team: no id, list, search or file opens its people to them.

They are in no team, or lead another role.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from tenfold.apps.accounts.services import add_member, new_user
from tenfold.apps.candidates.models import Application, OpenRole
from tenfold.apps.candidates.services.applying import apply
from tenfold.apps.candidates.services.roles import open_role
from tenfold.apps.decisions.models import Verdict
from tenfold.apps.decisions.services import sign
from tenfold.apps.labroom.models import LabPartner
from tenfold.apps.offers.models import OfferQuestion
from tenfold.apps.plans.services import approve
from tenfold.core.models import Membership, User
from tests.company import NOW, PASSWORD, Company
from tests.factories import labs
from tests.factories.candidates import applicant, application_to, people_in, role_of
from tests.factories.interviews import asked, handed_in, kit_of
from tests.factories.offers import offer_to
from tests.sizes import size
from tests.web.api_client import Program, program_of
from tests.web.api_operations import OPERATIONS, filled
from tests.web.test_who_may_open_what import patterns

HIRING = ("candidates", "interviews", "labroom", "decisions", "offers", "feedback")
ROOTS = ("candidates.openrole", "candidates.application")
EVERY_KIND = size(0, nightly=1)
SECRETS = ("Ana Adeyemi", "Bela Adeyemi", "person0@invented.example", "person1@invented.example", "number 0.")
CLOSED = (401, 403, 404, 405)


@dataclass(frozen=True)
class House:
    """One company with two roles: everything happens in the first, and the outsider is not in its team."""

    company: Company
    role: OpenRole
    application: Application
    outsider: User

    def browser(self) -> Client:
        client = Client()
        client.force_login(User.objects.get(pk=self.outsider.pk))
        return client

    def program(self) -> Program:
        people = {**self.company.people, "outsider": self.outsider}
        return program_of(Company(self.company.organisation, self.company.administrator, people), "outsider")


@pytest.fixture(params=["in no team", "leads another role"])
def house(company: Company, request: pytest.FixtureRequest) -> House:
    role = role_of(company)
    application = everything_in(company, role)
    person = new_user(name="Otto Elsewhere", email="otto@harbour-parcel.example", password=PASSWORD)
    home, by = company.organisation, company.administrator
    member = add_member(organisation=home, user=person, role="hiring-manager", sees_pay=True, by=by, now=NOW)
    if request.param == "leads another role":
        _other_role(company, member)
    return House(company, role, application, person)


def everything_in(company: Company, role: OpenRole) -> Application:
    """One row and more of every kind that hiring has, of one person and the role."""
    hiring = people_in(company, role)
    application, now = hiring.application, datetime.now(UTC)
    round_ = kit_of(company, role).rounds.all()[0]
    _, led = asked(company, application, round_, company["interviewer"], company["hiring-manager"])
    handed_in(led)
    lab = labs.submitted(labs.agreed(labs.invited(company, application, now=now)), now=now)
    labs.asked_reviews(company, lab, company["interviewer"])
    LabPartner.objects.create(invitation=lab, user=company["interviewer"], part="navigator", set_at=NOW)
    by = company["hiring-manager"]
    sign(application=application, verdict=Verdict.OFFER, reasons="They ran the rollback, both asked", by=by, now=NOW)
    offer = offer_to(company, application, until=date(2027, 6, 1), start_date=date(2027, 9, 1))
    OfferQuestion.objects.create(offer=offer, text="How many pages a week?", asked_at=NOW)
    return application


def _other_role(company: Company, lead: Membership) -> OpenRole:
    """A role of the same company that the member alone runs; somebody of their own applied to it."""
    plan = company.plan()
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    role = open_role(plan=plan, lead=lead, by=User.objects.get(pk=lead.user_id), now=NOW)
    application_to(role, 40)
    return role


def ids_of_hiring(house: House) -> dict[str, UUID]:
    """One id of every kind of row that hiring keeps, all of the role that the outsider has no part in."""
    found: dict[str, UUID] = {
        "candidates.openrole": house.role.pk,
        "candidates.application": house.application.pk,
        "candidates.candidate": house.application.candidate_id,
    }
    for app in HIRING:
        for model in apps.get_app_config(app).get_models():
            own = model._default_manager.filter(**_of_role(model, house)).values_list("pk", flat=True)
            for pk in list(own)[:1]:
                if isinstance(pk, UUID):
                    found.setdefault(model._meta.label_lower, pk)
    return found


def _of_role(model: Any, house: House) -> dict[str, Any]:
    """By which of its fields a row belongs to the role; the newest kinds may have another way and are taken whole."""
    fields = {one.name for one in model._meta.get_fields()}
    for name, value in (("role", house.role), ("application", house.application)):
        if name in fields:
            return {name: value}
    return {"candidate": house.application.candidate} if "candidate" in fields else {}


def addresses(ids: dict[str, UUID]) -> Iterator[tuple[str, str, str]]:
    """Every address of hiring that takes ids: its name, a kind of id, and where it leads with that in its last place.

    At night every kind is tried everywhere; else those of the address's own app and of the roots of hiring.
    """
    for pattern in patterns(get_resolver()):
        app = next((app for app in HIRING if str(pattern.callback.__module__).startswith(f"tenfold.apps.{app}.")), "")
        if not app or "<uuid:" not in str(pattern.pattern):
            continue
        for kind, one in ids.items():
            if not (EVERY_KIND or kind.startswith(f"{app}.") or kind in ROOTS):
                continue
            for before in ([], [ids["candidates.openrole"]], [ids["candidates.application"]]):
                with suppress(NoReverseMatch):  # this address takes another number of ids
                    yield str(pattern.name), kind, reverse(str(pattern.name), args=[*before, one])


def test_no_id_opens_a_page_or_a_file_to_a_colleague_outside_the_team(house: House) -> None:
    ids, client, opened = ids_of_hiring(house), house.browser(), set()
    for name, kind, address in addresses(ids):
        for method in ("get", "post"):
            with transaction.atomic():
                status = getattr(client, method)(address, {"ids": str(house.application.pk)}).status_code
                transaction.set_rollback(True)
            if status not in CLOSED:
                opened.add((method, name, kind, status))
    assert opened == set()


def test_the_same_ids_open_pages_to_who_runs_the_hiring(company: Company) -> None:
    """Without this the test above could pass because it asks for nothing."""
    role = role_of(company)
    house = House(company, role, everything_in(company, role), company.administrator)
    ids, client = ids_of_hiring(house), house.browser()
    assert len(ids) > 25, sorted(ids)
    opened = {name for name, _, address in addresses(ids) if client.get(address).status_code == 200}
    assert len(opened) > 20, sorted(opened)
    assert {"application", "candidate-file", "role", "debrief", "lab-session", "offer", "export-candidates"} <= opened


LISTS = ("roles", "candidates", "duplicates", "find", "front", "labs", "offers", "trail", "interview-calibration")


@pytest.mark.parametrize("asked", ["", "Ana", "Adeyemi", "person0@invented.example"])
def test_no_list_search_or_first_page_names_people_of_a_role_to_a_colleague_outside_its_team(
    house: House, asked: str
) -> None:
    client = house.browser()
    for name in LISTS:
        page = client.get(reverse(name), {"q": asked} if asked else {}).content.decode()
        for secret in SECRETS:
            assert secret.replace(asked, "") not in page.replace(asked, "") or secret == asked, (name, secret)
        assert str(house.application.pk) not in page, name


def test_somebody_who_applied_to_two_roles_is_shown_to_each_team_without_the_other(company: Company) -> None:
    """One person, two applications: what was sent to one role stays with the team of that role."""
    role = role_of(company)
    one = everything_in(company, role)
    person = new_user(name="Otto Elsewhere", email="otto@harbour-parcel.example", password=PASSWORD)
    home, by = company.organisation, company.administrator
    member = add_member(organisation=home, user=person, role="hiring-manager", sees_pay=True, by=by, now=NOW)
    other_role = _other_role(company, member)
    again = apply(role=other_role, applicant=applicant(0, letter="To the other role"), now=datetime.now(UTC))
    Application.objects.filter(pk=again.pk).update(candidate=one.candidate)
    client = Client()
    client.force_login(person)
    page = client.get(reverse("application", args=[again.pk])).content.decode()
    assert "To the other role" in page
    for hidden in ("cv.txt", "Why I apply, number 0", "Talk", str(one.pk), *(str(file.pk) for file in one.files.all())):
        assert hidden not in page, hidden
    house = House(company, role, one, person)
    opened = set()
    for name, kind, address in addresses(
        {k: v for k, v in ids_of_hiring(house).items() if k != "candidates.candidate"}
    ):
        with transaction.atomic():
            statuses = client.get(address).status_code, client.post(address).status_code
            transaction.set_rollback(True)
        if not set(statuses) <= set(CLOSED):
            opened.add((name, kind, statuses))
    assert opened == set()


KINDS = {
    "role_id": "candidates.openrole",
    "application_id": "candidates.application",
    "candidate_id": "candidates.candidate",
    "move_id": "candidates.applicationmove",
    "other_id": "candidates.candidate",
    "third_id": "candidates.candidate",
    "third": "candidates.application",
    "batch_id": "candidates.applicationmove",
    "mail_id": "candidates.outgoingmail",
    "meeting_id": "candidates.meeting",
    "merge_id": "candidates.candidatemerge",
    "import_id": "candidates.candidateimport",
    "offer_id": "offers.offer",
    "task_id": "candidates.roletask",
    "file_id": "candidates.candidatefile",
    "follow_up_id": "candidates.followup",
    "accommodation_id": "candidates.accommodationrequest",
    "webhook_id": "candidates.webhookendpoint",
    "delivery_id": "candidates.webhookdelivery",
    "stage_id": "candidates.rolestage",
    "first_stage_id": "candidates.rolestage",
    "offer_stage_id": "candidates.rolestage",
}
"""What the API's addresses call each kind of row."""


def test_no_operation_opens_anything_of_the_role_to_a_colleagues_program(house: House) -> None:
    ids, program, opened = ids_of_hiring(house), house.program(), set()
    named = {name: ids[kind] for name, kind in KINDS.items()}
    for name, (method, path, body) in OPERATIONS.items():
        if any(f"{{{one}}}" in path + json.dumps(body) for one in named):
            status = program.ask(method, path.format(**named), filled(body, named)).status_code
            if status not in CLOSED:
                opened.add((name, status))
    assert opened == set()
    told = program.ask("GET", "/roles").content.decode()
    assert str(house.role.pk) not in told
