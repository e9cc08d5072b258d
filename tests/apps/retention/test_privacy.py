"""Nobody is scored, nobody is found in a figure, and what two people write is for the two."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tenfold.apps.accounts.services import add_member, new_user
from tenfold.apps.employees.models import Employee, HrList
from tenfold.apps.retention import services as service
from tenfold.apps.retention.models import OneOnOne, OneOnOneNote, Pulse, PulseAnswer, PulseTicket
from tenfold.core.models import AuditEntry, User
from tenfold.core.permissions import NotAllowed
from tenfold.core.personal_data import erase_person, export_person
from tenfold.kit.errors import UserError
from tenfold.practices.retention.pulse import QUESTIONS, publish_pulse
from tests.company import NOW, PASSWORD, Company
from tests.teams import employ, people
from tests.web.api_client import program_of
from tests.web.test_api import schema

SCORES = re.compile(r"score|risk|rating|rank|points|total_of_person|flight|performance", re.IGNORECASE)
# What an interviewer says of one answer of an applicant, with its evidence: nobody hired is rated, nothing is summed.
IN_HIRING = {("QuestionRating", "rating"), ("ScorecardList", "scorecards")}
OF_TEAMS = ("/tenure", "/on-call", "/impact", "/pulses", "/ladders")


# The API's schema --------------------------------------------------------------------------------


def fields(node: Any, name: str = "") -> Iterator[str]:
    """Every name of a field in a schema, however deep."""
    if isinstance(node, dict):
        for key, value in node.get("properties", {}).items():
            yield key
            yield from fields(value, key)
        for key, value in node.items():
            if key != "properties":
                yield from fields(value, name)
    elif isinstance(node, list):
        for each in node:
            yield from fields(each, name)


def test_no_operation_gives_a_score_or_a_risk_of_a_person(company: Company) -> None:
    described = schema()
    schemas = described["components"]["schemas"]
    found = {(of, name) for of, schema_ in schemas.items() for name in fields(schema_) if SCORES.search(name)}
    assert len(set(fields(schemas))) > 50
    assert found - IN_HIRING <= {(of, "points") for of in schemas}  # items of an audit of a plan
    assert not [name for name in fields(described["paths"]) if SCORES.search(name)]


def test_a_score_that_is_planted_in_the_schema_is_found() -> None:
    planted = {"Person": {"properties": {"who": {"type": "string"}, "detail": {"properties": {"flight_risk": {}}}}}}
    assert [name for name in fields({"schemas": planted}) if SCORES.search(name)] == ["flight_risk"]


def test_no_operation_on_teams_takes_or_gives_a_person(company: Company) -> None:
    """Answers hold neither a name, an address nor a number of anybody in the team."""
    found = people(company)
    asked = program_of(company, "administrator")
    for path in OF_TEAMS:
        said = asked.ask("GET", path).content.decode()
        assert "Noor" not in said
        assert found.employee.reference not in said
        assert str(found.employee.pk) not in said


# The pulse ---------------------------------------------------------------------------------------


@pytest.fixture
def asked(company: Company) -> list[User]:
    """Seven people of one team besides the interviewer."""
    found = people(company)
    users = []
    for number in range(7):
        user = new_user(name=f"Person {number}", email=f"p{number}@x.example", password=PASSWORD)
        add_member(
            organisation=company.organisation,
            user=user,
            role="interviewer",
            sees_pay=False,
            by=company.administrator,
            now=NOW,
        )
        employ(company, user=user, manager=company["hiring-manager"], team=found.team, name=f"Person {number}")
        users.append(user)
    return users


def answer(pulse: Pulse, users: list[User], seed: int = 0) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    for user in users:
        service.answer_pulse(pulse=pulse, choices={q.id: chance.randint(1, 5) for q in QUESTIONS}, by=user)


def page(company: Company, pulse: Pulse, role: str = "administrator") -> str:
    client = Client()
    client.force_login(company[role])
    return client.get(reverse("pulse", args=[pulse.pk])).content.decode()


def test_four_answers_are_not_shown_and_not_even_counted(company: Company, asked: list[User]) -> None:
    pulse = Pulse.objects.get()
    answer(pulse, asked[:4])
    service.close_pulse(pulse=pulse, by=company.administrator, now=NOW)
    pulse.refresh_from_db()
    assert pulse.result == {"at_least": 0, "fifths": {}}
    assert "No result." in page(company, pulse)
    assert program_of(company, "administrator").get("/pulses")[0]["lines"] == []


def test_while_it_is_open_nothing_changes_with_an_answer(company: Company, asked: list[User]) -> None:
    """So two looks, before and after somebody answers, do not tell what they said."""
    pulse = Pulse.objects.get()

    def shown() -> tuple[str, Any]:
        main = LexborHTMLParser(page(company, pulse)).css_first("main")
        return main.text() if main else "", program_of(company, "administrator").get("/pulses")

    before = shown()
    answer(pulse, asked)
    assert shown() == before


def test_once_closed_no_answer_is_left_and_nobodys_erasure_changes_a_cell(company: Company, asked: list[User]) -> None:
    pulse = Pulse.objects.get()
    answer(pulse, asked)
    service.close_pulse(pulse=pulse, by=company.administrator, now=NOW)
    pulse.refresh_from_db()
    assert (PulseAnswer.objects.count(), PulseTicket.objects.count()) == (0, 0)
    before = pulse.result
    for person in Employee.objects.filter(user__in=asked):
        erase_person(str(person.pk), now=NOW)
        pulse.refresh_from_db()
        assert pulse.result == before
    with pytest.raises(UserError):
        service.close_pulse(pulse=pulse, by=company.administrator, now=NOW)


def test_an_answer_is_given_once_and_stands_nowhere_with_its_person(company: Company, asked: list[User]) -> None:
    pulse = Pulse.objects.get()
    before = AuditEntry.objects.count()
    answer(pulse, asked[:1])
    with pytest.raises(UserError, match="answered already"):
        answer(pulse, asked[:1])
    assert AuditEntry.objects.count() == before
    names = {field.name for field in PulseAnswer._meta.get_fields()}
    assert names == {"id", "pulse", "choices"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT choices FROM retention_pulseanswer")
        assert "growth" not in cursor.fetchone()[0]
    with pytest.raises(NotAllowed):
        service.answer_pulse(pulse=pulse, choices={"growth": 3}, by=company["recruiter"])


def test_a_published_cell_never_pins_one_answer_down() -> None:
    """For 2,000 invented teams, whoever knows all but one answer: what is published leaves that one open as a rule.

    A cell is a share in fifths of 5 to 40 answers. The one answer decides the cell only where the others lie at a
    border, and then it tells no more than on which side of “mostly” it lay; the number from 1 to 5 is never told.
    """
    chance = random.Random(11)  # noqa: S311 - repeatable
    told = 0
    for _ in range(2_000):
        answers = [{q.id: chance.randint(1, 5) for q in QUESTIONS} for _ in range(chance.randint(5, 40))]
        question, place = chance.choice(QUESTIONS).id, chance.randrange(len(answers))
        cells = []
        for value in range(1, 6):
            changed = [dict(each) for each in answers]
            changed[place][question] = value
            cells.append(publish_pulse(changed))
        assert cells[0] == cells[1] == cells[2]
        assert cells[3] == cells[4]
        told += cells[0] != cells[4]
    assert told / 2_000 < 0.5


# 1:1s --------------------------------------------------------------------------------------------

SECRET = "Nobody but us two shall read of the zanzibar plan"  # noqa: S105 - a note


def test_a_note_is_sealed_in_the_database_and_shown_to_the_two_alone(company: Company) -> None:
    found = people(company)
    service.add_note(
        meeting=found.meeting, topic="goals", text=SECRET, action_by=None, by=company["interviewer"], now=NOW
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM retention_oneononenote")
        assert all("zanzibar" not in row[0] for row in cursor.fetchall())
    for role in ("interviewer", "hiring-manager"):
        client = Client()
        client.force_login(company[role])
        assert "zanzibar" in client.get(reverse("one-on-one", args=[found.meeting.pk])).content.decode()
    for role in ("administrator", "people-analyst", "recruiter"):
        assert not OneOnOneNote.objects.visible_to(company[role]).exists()
        assert not OneOnOne.objects.visible_to(company[role]).exists()
    assert "zanzibar" not in json.dumps(export_person(str(found.employee.pk)), default=str)
    assert "zanzibar" not in json.dumps(list(AuditEntry.objects.values()), default=str)


def test_notes_do_not_pass_to_a_manager_who_follows(company: Company) -> None:
    found = people(company)
    Employee.objects.filter(pk=found.employee.pk).update(manager=company["recruiter"])
    assert not OneOnOneNote.objects.visible_to(company["recruiter"]).exists()
    assert OneOnOneNote.objects.visible_to(company["hiring-manager"]).exists()


def test_whoever_left_the_organisation_sees_no_notes(company: Company) -> None:
    people(company)
    company["hiring-manager"].memberships.get().delete()
    assert not OneOnOneNote.objects.visible_to(company["hiring-manager"]).exists()


# Erasure -----------------------------------------------------------------------------------------


def test_erasure_takes_everything_of_a_person_and_leaves_no_trace_of_the_name(company: Company) -> None:
    found = people(company)
    listed = HrList.objects.get()
    listed_before = len(listed.rows)
    Employee.objects.filter(pk=found.employee.pk).update(reference="77")
    exported = export_person(str(found.employee.pk))
    assert exported["employees"]["list_rows"]
    assert exported["growth"]["evidence"]
    touched = erase_person(str(found.employee.pk), now=NOW)
    assert touched["growth"] > 0
    assert touched["retention"] > 0
    listed.refresh_from_db()
    assert len(listed.rows) == listed_before - len(exported["employees"]["list_rows"])
    assert not export_person(str(found.employee.pk))["employees"]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("employees_", "growth_", "retention_")):
                cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of our own tables
                assert all("Noor" not in str(row) for row in cursor.fetchall()), table


def test_an_hr_list_holds_no_number_of_the_hr_system(company: Company) -> None:
    people(company)
    listed = HrList.objects.get()
    at = listed.columns.index("person")
    assert all(re.fullmatch(r"[0-9a-f]{64}", cells[at]) for _, cells in listed.rows)


# Others' pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tenure", "on-call", "impact", "impact-mail", "pulses", "retention", "loop"])
def test_no_page_of_a_team_names_anybody_in_it(name: str, company: Company, signed_in: Callable[[str], Client]) -> None:
    people(company)
    text = signed_in("administrator").get(reverse(name)).content.decode()
    assert "Noor" not in text
    assert "E-Noor" not in text
