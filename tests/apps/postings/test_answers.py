"""What a posting answers, confirmed in one pass."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from django.test import Client
from django.urls import reverse

from tenfold.apps.plans.models import StoredPlan
from tenfold.plan.yaml_io import load_plan
from tests.company import Company

POSTING = (Path(__file__).parents[2] / "posting" / "stated" / "mirador.md").read_text(encoding="utf-8")


def pasted(client: Client) -> str:
    return client.post(reverse("new-plan"), {"text": POSTING}).headers["Location"]


def test_a_pasted_posting_leads_to_its_answers_with_quotes_and_what_is_unsure_first(
    signed_in: Callable[[str], Client],
) -> None:
    client = signed_in("hiring-manager")
    where = pasted(client)
    assert where == reverse("plan-answers", args=[StoredPlan.objects.get().pk])
    page = client.get(where).content.decode()
    said = re.search(r"We read (\d+) answers in the posting;\s+(\d+) (?:is|are) unsure", page)
    assert said is not None
    assert int(said[1]) >= 35
    assert page.index("Review these") < page.index("What the posting does not say") < page.index("In the plan, from")
    assert "Shared by 7" in page


def test_ticks_set_what_was_unsure_and_take_out_what_is_wrong(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("hiring-manager")
    where = pasted(client)
    plan = StoredPlan.objects.get()
    page = client.get(where).content.decode()
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    ticked = set(re.findall(r'name="answer" value="([^"]+)" checked', page)) | {"situation.tracking_pain"}
    sent = {"base": "1", "shown": shown, "answer": sorted(ticked - {"on_call.people"}), "company.about": ""}
    assert client.post(where, {**sent, "reporting.dotted_line": "head of quality"}).status_code == 302
    saved = load_plan(plan.versions.get(number=2).text).plan
    assert saved.situation.tracking_pain == "severe"
    assert getattr(saved.on_call, "people", 0) is None
    assert saved.reporting.dotted_line == "head of quality"
    assert saved.company.employees == 95


def test_an_answer_that_cannot_be_kept_is_refused_beside_its_question(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("hiring-manager")
    where = pasted(client)
    answer = client.post(where, {"base": "1", "growth.learning_time": "a lot"})
    assert answer.status_code == 422
    assert StoredPlan.objects.get().latest_number == 1


def test_two_who_changed_the_same_field_choose_side_by_side_in_words(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    plan = company.plan()
    address = reverse("plan", args=[plan.pk])
    first, second = signed_in("administrator"), signed_in("hiring-manager")
    assert first.post(address, {"do": "save", "base": "1", "pay.max": "212000"}).status_code == 302
    told = second.post(address, {"do": "save", "base": "1", "pay.max": "209000", "role.title": "Lead engineer"})
    assert told.status_code == 409
    page = told.content.decode()
    assert "Pay: highest base pay" in page
    assert "212,000" in page
    assert "pay.max:" not in page.partition("</table>")[0].partition("<table")[2].replace("take:pay.max", "")
    chosen = {"do": "save", "base": "2", "pay.max": "209000", "role.title": "Lead engineer", "take:pay.max": "theirs"}
    assert second.post(address, chosen).status_code == 302
    saved = load_plan(plan.versions.get(number=3).text).plan
    assert (saved.pay.max, saved.role.title) == (212_000, "Lead engineer")


def test_deleting_asks_first_and_can_be_undone_from_the_notice(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    plan = company.plan()
    client = signed_in("hiring-manager")
    assert "can restore it" in client.get(reverse("delete-plan", args=[plan.pk])).content.decode()
    page = client.post(reverse("delete-plan", args=[plan.pk]), follow=True).content.decode()
    undo = re.search(r'action="([^"]+/delete/undo/)"', page)
    assert undo is not None
    assert client.get(reverse("plan", args=[plan.pk])).status_code == 404
    assert client.post(undo[1]).headers["Location"] == reverse("plan", args=[plan.pk])
    assert client.get(reverse("plan", args=[plan.pk])).status_code == 200
