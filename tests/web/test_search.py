"""Search and actions from anywhere: plans, people, figures, and what can be done from a page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.company import Company

WORDS = {
    "report": "/report/",
    "pdf": "/report.pdf",
    "exchange rate": "/pay/own/new/",
    "header row": "/pay/own/new/",
    "help": "/help/",
    "who approved": "/versions/",
    "publish": "/publish/",
    "delete": "/delete/",
}


def links(page: str) -> list[str]:
    return re.findall(r'<a href="([^"]+)">\s*<span class="tag">', page)


@pytest.mark.parametrize("words", WORDS)
def test_a_few_words_on_a_plan_lead_to_what_is_meant(
    words: str, company: Company, signed_in: Callable[[str], Client]
) -> None:
    plan = company.plan()
    asked = {"q": words, "from": reverse("plan", args=[plan.pk])}
    found = links(signed_in("administrator").get(reverse("find"), asked).content.decode())
    assert any(link.endswith(WORDS[words]) for link in found)


def test_plans_people_and_figures_are_found_by_words_in_them(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    plan = company.plan()
    client = signed_in("interviewer")

    def ask(words: str) -> list[str]:
        return links(client.get(reverse("find"), {"q": words}).content.decode())

    assert reverse("plan", args=[plan.pk]) in ask("mlops eng")
    assert any(link.startswith(reverse("members")) for link in ask("lindqvist"))
    assert any(link.startswith(reverse("figures")) for link in ask("percent"))


def test_nothing_of_another_organisation_is_found(
    company: Company, other_company: Company, signed_in: Callable[[str], Client]
) -> None:
    elsewhere = other_company.plan()
    client = signed_in("administrator")
    page = reverse("plan", args=[elsewhere.pk])
    assert not any(
        str(elsewhere.pk) in link
        for q in ("", "senior", "report")
        for link in links(client.get(reverse("find"), {"q": q, "from": page}).content.decode())
    )


def test_whoever_is_not_signed_in_checks_a_pasted_posting_and_nothing_is_fetched(db: None) -> None:
    client = Client()
    assert 'action="/postings/reader/"' in client.get(reverse("front")).content.decode()
    read = client.post(reverse("reader"), {"text": "# MLOps engineer\n\nYou run models on Kubernetes in Denver, CO."})
    assert "Kubernetes" in read.content.decode()
    by_address = client.post(reverse("reader"), {"text": "https://jobs.example/1", "url": "https://jobs.example/1"})
    assert by_address.status_code == 422
    assert "Sign in to check a posting by its address" in by_address.content.decode()
    assert client.post(reverse("reader"), {"text": "x" * 60_001}).status_code == 422
