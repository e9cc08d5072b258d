"""Two looks at what is published, with one person between them, tell nothing of that person."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tenfold.apps.employees.models import Employee, HrList, HrListKind
from tenfold.apps.employees.queries import tenure_of_list
from tenfold.apps.employees.services import ParsedHrList, import_hr_list
from tenfold.core.models import Organisation, User
from tenfold.core.personal_data import erase_person
from tenfold.web.example.seed import seed_example
from tests.company import NOW, Company
from tests.web.api_client import program_of

PAGES = (
    *("tenure", "departure-cost", "on-call", "impact", "impact-mail", "knowledge", "loop", "pulses", "retention"),
    *("pay-rounds", "sources"),
)
OPERATIONS = ("/tenure", "/on-call", "/impact", "/pulses", "/ladders", "/sources")
SEEING = ("administrator", "hiring-manager", "people-analyst")


def main_text(client: Client, name: str, query: str = "") -> str:
    page = client.get(reverse(name) + query).content.decode()
    main = LexborHTMLParser(page).css_first("main") or LexborHTMLParser(page).body
    return re.sub(r"\s+", " ", main.html or "") if main else ""


def published(user: User) -> dict[str, str]:
    """Everything of teams that somebody is shown; `people` fixes the size of the team, which everybody in it knows."""
    client = Client()
    client.force_login(user)
    shown = {name: main_text(client, name) for name in PAGES}
    shown["toil"] = main_text(client, "toil", "?people=7&hours=0.5/1/3")
    return {name: re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text) for name, text in shown.items()}


@pytest.mark.parametrize("name", ["Wanjiru Sol", "Teodor Brandt"])
def test_erasing_one_person_changes_no_page_of_teams(name: str, db: None) -> None:
    """In the example, where everything is filled: before and after, word for word, for each who sees teams."""
    seed_example(now=NOW)
    users = list(User.objects.filter(memberships__organisation__is_example=True, memberships__role__in=SEEING))
    person = Employee.objects.get(name=name)
    listed = HrList.objects.get()
    mine = listed.rows[0][1][1]
    HrList.objects.update(rows=[[n, [c if c != mine else _hash_of(person) for c in cells]] for n, cells in listed.rows])
    before = {user.email: published(user) for user in users}
    assert "Half have left" in before[users[0].email]["tenure"] or "Fewer than half" in before[users[0].email]["tenure"]
    erase_person(str(person.pk), now=NOW)
    assert len(HrList.objects.get().rows) < len(listed.rows), "the person was on the list"
    for user in users:
        for page, text in published(user).items():
            told = text.replace(
                "Fewer than five people have changed since these figures were worked out, so they stay as they are.",
                WAITS,
            )
            assert told == before[user.email][page], (user.email, page)


WAITS = "These figures change only once five people or more have changed, so that no two of them tell of one person."


def _hash_of(person: Employee) -> str:
    from tenfold.apps.employees.services import PLACE
    from tenfold.core.encryption import blind_index

    return blind_index(person.reference.casefold(), place=PLACE)


# Lists that differ by few ------------------------------------------------------------------------


def stays(seed: int, n: int = 60) -> list[tuple[str, ...]]:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    rows: list[tuple[str, ...]] = []
    for number in range(n):
        start = date(2018, 1, 1) + timedelta(days=chance.randrange(2_600))
        end = start + timedelta(days=int(60 + 1_300 * chance.weibullvariate(1, 1.3)))
        rows.append((str(start), str(end) if end < date(2026, 1, 1) else "", f"P-{number}"))
    return rows


def import_stays(organisation: Organisation, rows: Sequence[tuple[str, ...]], by: User, day: int = 0) -> HrList:
    numbered = tuple(enumerate(rows, start=2))
    parsed = ParsedHrList(
        HrListKind.STAYS, "list", ("start", "end", "person"), numbered, person=2, as_of=date(2026, 1, 1)
    )
    return import_hr_list(organisation=organisation, parsed=parsed, by=by, now=NOW + timedelta(days=day))


def answers(company: Company) -> list[Any]:
    """What pages and programs are told, without the names and days of lists."""
    clients = [program_of(company, role) for role in SEEING]
    told = [json.loads(each.ask("GET", "/tenure").content) for each in clients]
    return [{key: value for key, value in each.items() if key != "list_name"} for each in told]


Change = Callable[[list[tuple[str, ...]], int], list[tuple[str, ...]]]
CHANGES: dict[str, Change] = {
    "somebody is gone": lambda rows, at: rows[:at] + rows[at + 1 :],
    "somebody is new": lambda rows, at: [*rows, ("2025-02-01", "", f"New-{at}")],
    "somebody left": lambda rows, at: [*rows[:at], (rows[at][0], "2025-12-31", rows[at][2]), *rows[at + 1 :]],
    "a date was wrong": lambda rows, at: [*rows[:at], ("2018-01-05", *rows[at][1:]), *rows[at + 1 :]],
}


@pytest.mark.parametrize("how", CHANGES)
def test_a_list_that_differs_by_one_to_four_people_is_told_as_the_one_before(company: Company, how: str) -> None:
    rows, by, truth = stays(3), company.administrator, set()
    import_stays(company.organisation, rows, by)
    first = answers(company)
    for number in range(1, 6):
        rows = CHANGES[how](rows, 7 * number)
        listed = import_stays(company.organisation, rows, by, day=number)
        exact = tenure_of_list(listed, today=NOW.date())
        truth.add((exact.n, exact.exits, str(exact.survival())))
        told = answers(company)
        assert (told == first) == (number < 5), number
    assert len(truth) > 1, "the figures themselves did change with each of them"


def test_the_same_people_again_are_told_anew(company: Company) -> None:
    """A day that passes changes nobody; the figures follow."""
    rows = stays(4)
    one = import_stays(company.organisation, rows, company.administrator)
    two = import_stays(company.organisation, list(reversed(rows)), company.administrator, day=1)
    assert (one.figures["counts"], two.changed) == (two.figures["counts"], [])


@pytest.mark.parametrize("seed", range(20))
def test_whoever_is_left_out_of_a_small_company_leaves_what_is_told_as_it_was(company: Company, seed: int) -> None:
    """Twenty invented companies, each of its people in turn."""
    rows, by = stays(seed, 12 + seed), company.administrator
    shown = import_stays(company.organisation, rows, by).figures
    for at in range(len(rows)):
        HrList.objects.order_by("imported_at").exclude(pk=HrList.objects.earliest("imported_at").pk).delete()
        assert import_stays(company.organisation, rows[:at] + rows[at + 1 :], by, day=1).figures == shown
