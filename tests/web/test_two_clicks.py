"""What people look for stands two clicks from the first page or from their plan, or one word of the palette away."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tenfold.apps.pay.services import update_mapping
from tenfold.apps.plans.services import approve
from tests.company import NOW, Company
from tests.pay.lists import received_list

CLICKS = 2


class Links(HTMLParser):
    """The addresses that a page leads to, by links and by buttons of forms."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        named = {"a": ("href",), "form": ("action",), "button": ("formaction",)}.get(tag, ())
        self.found.update(urlsplit(given[name] or "").path for name in named if given.get(name))


def links_of(client: Client, address: str) -> set[str]:
    answer = client.get(address, follow=True)
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return set()
    reader = Links()
    reader.feed(answer.content.decode())
    return {path for path in reader.found if path.startswith("/")}


def reached(client: Client, start: str) -> set[str]:
    """What one or two clicks lead to."""
    first = links_of(client, start)
    quiet = {path for path in first if not path.endswith((".pdf", ".md", "/sign-out/"))}
    return first.union(*(links_of(client, path) for path in sorted(quiet)))


def test_everything_looked_for_is_two_clicks_away(company: Company, signed_in: Callable[[str], Client]) -> None:
    client, plan, held = signed_in("administrator"), company.plan(), received_list(company)
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    from_plan, from_first = reached(client, reverse("plan", args=[plan.pk])), reached(client, "/")
    wanted = {
        "publish": reverse("publish-posting", args=[plan.pk]),
        "delete": reverse("delete-plan", args=[plan.pk]),
        "report": reverse("plan-report", args=[plan.pk]),
        "PDF": reverse("plan-report-pdf", args=[plan.pk]),
        "who approved": reverse("plan-versions", args=[plan.pk]),
        "help": reverse("help"),
    }
    assert {name for name, address in wanted.items() if address not in from_plan} == set()
    importing = {reverse("new-pay-upload"), reverse("pay-upload", args=[held.pk])}
    assert importing <= from_first
    assert importing <= from_plan | links_of(client, "/")
    assert 'name="names_in"' in client.get(reverse("new-pay-upload")).content.decode(), "the header row"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("publish", "publish-posting"),
        ("delete", "delete-plan"),
        ("report", "plan-report"),
        ("pdf", "plan-report-pdf"),
        ("approved", "plan-versions"),
        ("help", "help"),
        ("header", "new-pay-upload"),
        ("exchange", "pay-upload"),
    ],
)
def test_one_word_of_the_palette_finds_it(
    company: Company, signed_in: Callable[[str], Client], word: str, name: str
) -> None:
    client, plan, held = signed_in("administrator"), company.plan(), received_list(company)
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    of = {"help": [], "new-pay-upload": [], "pay-upload": [held.pk]}.get(name, [plan.pk])
    asked = {"q": word, "from": reverse("plan", args=[plan.pk])}
    shown = client.get(reverse("find"), asked).content.decode()
    assert f'href="{reverse(name, args=of)}"' in shown


def test_a_missing_exchange_rate_is_one_click_from_the_first_page(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    client, held = signed_in("administrator"), received_list(company)
    update_mapping(
        upload=held,
        mapping={**held.mapping, "same": {"currency": "RON", "period": "year", "country": "RO"}},
        by=company.administrator,
        now=NOW,
    )
    address = reverse("pay-upload", args=[held.pk])
    assert address in links_of(client, "/")
    assert 'name="rate:RON"' in client.get(address).content.decode()
    assert address not in links_of(signed_in("interviewer"), "/")


def test_the_paste_field_stands_above_what_waits(company: Company, signed_in: Callable[[str], Client]) -> None:
    for _ in range(12):
        company.plan()
    shown = signed_in("administrator").get("/").content.decode()
    waiting = shown.index('id="todo-title"')
    assert shown.index('id="front-text"') < waiting < shown.index('id="checks-title"')
    assert shown[: shown.index('class="more-todo"')].count("<li>", waiting) >= 5, "the first few are seen at once"
