"""Pages of offers: by the rights of now, in no cache, in no order of people, and for the candidate without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from tenfold.apps.candidates.models import Application, OpenRole
from tenfold.apps.candidates.queries.mailtext import status_token
from tenfold.apps.offers.models import Offer, OfferAnswer, OfferQuestion
from tenfold.apps.offers.presenters.sheet import sheet_of
from tenfold.apps.offers.services.answering import ask_question
from tenfold.apps.plans.presenters import pdf
from tenfold.core.models import AuditEntry
from tenfold.core.scopes import Scope
from tests.company import NOW, Company
from tests.factories.candidates import application_to, role_of
from tests.factories.offers import OPEN, PRIVATE, changed, decided, offer_to, sent
from tests.web.api_client import program_of

BASE = "190,000"


@pytest.fixture
def role(company: Company) -> OpenRole:
    return role_of(company)


@pytest.fixture
def offer(company: Company, role: OpenRole) -> Offer:
    application = application_to(role)
    decided(company, application)
    return offer_to(company, application)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def turn(at: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: at)

    turn(NOW)
    return turn


def page_of(offer: Offer) -> str:
    return reverse("candidate-offer", args=[status_token(offer.application)])


def posted(offer: Offer, do: str, number: int = 1, **more: str) -> tuple[int, str]:
    """Status and words of what a browser without scripts and cookies gets."""
    answer = Client().post(page_of(offer), {"do": do, "number": str(number), **more}, follow=True)
    return answer.status_code, " ".join(LexborHTMLParser(answer.content).body.text().split())  # type: ignore[union-attr]


# The candidate -------------------------------------------------------------------------------------------------


def test_the_candidates_page_has_forms_without_scripts_and_is_kept_nowhere(
    company: Company, offer: Offer, clock: Callable[[datetime], None]
) -> None:
    assert Client().get(page_of(offer)).status_code == 410
    sent(company, offer)
    clock(OPEN)
    answer = Client().get(page_of(offer))
    page = LexborHTMLParser(answer.content)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert (answer.headers["Referrer-Policy"], answer.headers["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert page.css("script") == []
    assert not answer.cookies
    assert [node.attributes["value"] for node in page.css("input[name=do]")] == ["accept", "decline", "ask"]
    assert {node.attributes["value"] for node in page.css("input[name=number]")} == {"1"}
    status = Client().get(reverse("candidate-status", args=[status_token(offer.application)])).content.decode()
    assert "Answer our offer below" in status
    assert BASE not in status


def test_accepted_over_the_link_and_a_second_answer_is_refused_in_words(
    company: Company, offer: Offer, clock: Callable[[datetime], None]
) -> None:
    sent(company, offer)
    clock(OPEN)
    assert posted(offer, "accept")[0] == 422, "without a name"
    status, words = posted(offer, "accept", name="Ana Adeyemi")
    assert (status, "You have accepted" in words) == (200, True)
    for do in ("accept", "decline"):
        status, words = posted(offer, do, name="Ana Adeyemi")
        assert (status, "You have accepted this offer already" in words) == (422, True)
    assert OfferAnswer.objects.count() == 1
    assert not Application.objects.get(pk=offer.application_id).is_open


def test_an_answer_to_an_outdated_version_is_refused_in_words(
    company: Company, offer: Offer, clock: Callable[[datetime], None]
) -> None:
    sent(company, offer)
    changed(company, offer, base_year=195_000.0, now=OPEN)
    sent(company, offer, now=OPEN)
    clock(OPEN + timedelta(hours=1))
    status, words = posted(offer, "accept", number=1, name="Ana Adeyemi")
    assert (status, "newer version of this offer" in words, "195,000" in words) == (422, True, True)
    assert posted(offer, "accept", number=2, name="Ana Adeyemi")[0] == 200


def test_an_expired_offer_is_still_read_and_asked_about(
    company: Company, offer: Offer, clock: Callable[[datetime], None]
) -> None:
    sent(company, offer)
    clock(NOW + timedelta(days=30))
    page = Client().get(page_of(offer)).content.decode()
    assert "could be answered until 30 November 2026" in page
    assert 'value="accept"' not in page
    status, words = posted(offer, "accept", name="Ana Adeyemi")
    assert (status, "could be answered until" in words) == (422, True)
    assert posted(offer, "ask", words="May I still?")[0] == 200
    assert OfferQuestion.objects.get().text == "May I still?"


@pytest.mark.parametrize("do", ["accept", "decline", "ask", "hire", ""])
@pytest.mark.parametrize("token", ["x", "changed", "erased"])
def test_a_link_that_opens_nothing_does_nothing(
    token: str, do: str, company: Company, offer: Offer, clock: Callable[[datetime], None]
) -> None:
    sent(company, offer)
    clock(OPEN)
    known = status_token(offer.application)
    if token == "erased":  # noqa: S105 - a name of a case
        Application.objects.filter(pk=offer.application_id).update(link_version=2)
    given = {"x": "x", "changed": known[:-2] + ("aa" if known[-2:] != "aa" else "bb"), "erased": known}[token]
    for name in ("candidate-offer", "candidate-offer-pdf"):
        assert Client().get(reverse(name, args=[given])).status_code == 410
    answer = Client().post(reverse("candidate-offer", args=[given]), {"do": do, "number": "1", "name": "Eve"})
    assert answer.status_code == 410
    assert not OfferAnswer.objects.exists()


@pytest.mark.parametrize("number", ["", "0", "-1", "²", "1e9", "9" * 30])
def test_odd_numbers_answer_nothing(
    number: str, company: Company, offer: Offer, clock: Callable[[datetime], None]
) -> None:
    sent(company, offer)
    clock(OPEN)
    answer = Client().post(page_of(offer), {"do": "accept", "number": number, "name": "Ana"})
    assert answer.status_code == 422
    assert not OfferAnswer.objects.exists()


def test_a_candidate_answers_their_own_offer_alone(
    company: Company, role: OpenRole, offer: Offer, clock: Callable[[datetime], None]
) -> None:
    other = application_to(role, 1)
    sent(company, offer)
    clock(OPEN)
    answer = Client().post(
        reverse("candidate-offer", args=[status_token(other)]), {"do": "accept", "number": "1", "name": "Eve"}
    )
    assert answer.status_code in (410, 422)
    assert not OfferAnswer.objects.exists()


def test_the_pdf_is_drawn_where_it_can_be_and_else_leads_to_the_page(
    company: Company, offer: Offer, clock: Callable[[datetime], None]
) -> None:
    address = reverse("candidate-offer-pdf", args=[status_token(offer.application)])
    assert Client().get(address).status_code == 410
    sent(company, offer)
    clock(OPEN)
    answer = Client().get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    if pdf.is_available():
        assert answer.content[:5] == b"%PDF-"
    else:
        assert answer.headers["Location"] == page_of(offer)


# The sheet -----------------------------------------------------------------------------------------------------


def test_equity_is_a_range_under_named_scenarios_and_never_one_number(company: Company, role: OpenRole) -> None:
    application = application_to(role)
    decided(company, application)
    made = offer_to(company, application, grant=PRIVATE)
    sheet = sheet_of(made.latest())
    assert [one.name for one in sheet.scenarios] == ["Sold well", "Anything else"]
    assert sum(float(one.chance.rstrip(" %")) for one in sheet.scenarios) == pytest.approx(100)
    by = {one.what: one for one in sheet.four_years}
    assert "–" in by["Equity, four years"].amount
    assert "nothing in 80 of 100" in by["Equity, four years"].help
    assert "–" in by["All together, four years"].amount
    assert any("our assumptions, not data" in note for note in sheet.notes)


def test_equity_without_scenarios_is_not_valued_rather_than_guessed(company: Company, role: OpenRole) -> None:
    application = application_to(role)
    decided(company, application)
    sheet = sheet_of(offer_to(company, application, grant={**PRIVATE, "exits": []}).latest())
    by = {one.what: one for one in sheet.four_years}
    assert by["Equity, four years"].amount == "not valued"
    assert "All together, four years" not in by
    assert sheet.scenarios == ()


@pytest.mark.parametrize("currency", ["EUR", "GBP"])
def test_amounts_stand_in_the_offers_own_currency(currency: str, company: Company, role: OpenRole) -> None:
    application = application_to(role)
    decided(company, application)
    sheet = sheet_of(offer_to(company, application, currency=currency).latest())
    assert all(currency in one.amount for one in (*sheet.parts, *sheet.four_years))
    assert "USD" not in str([*sheet.parts, *sheet.four_years, sheet.picture])


# Colleagues ----------------------------------------------------------------------------------------------------


def test_a_form_writes_an_offer_and_the_next_version_begins_with_it(
    company: Company, role: OpenRole, signed_in: Callable[[str], Client], clock: Callable[[datetime], None]
) -> None:
    application = application_to(role)
    decided(company, application)
    client, address = signed_in("hiring-manager"), reverse("write-offer", args=[application.pk])
    begun = client.get(address).context["form"].initial
    assert (begun["level"], begun["place"], begun["currency"]) == ("senior", "Denver, CO", "USD")
    given = {
        **{key: str(value) for key, value in begun.items() if isinstance(value, str)},
        "base": "190k",
        "start_date": "2027-01-11",
        "expires_date": "2026-11-30",
        "approvers": str(company["administrator"].pk),
        "instrument": "iso",
        "units": "20,000",
        "strike": "1.20",
        "diluted": "30m",
        "exit-0-name": "Sold well",
        "exit-0-probability": "20",
        "exit-0-value": "400m",
        "exit-0-years": "5",
        "exit-0-rounds": "2",
    }
    compared = {
        base: client.post(address, {**given, "base": base, "do": "compare"}, headers={"HX-Request": "true"})
        for base in ("", "190k", "400k")
    }
    assert {answer.status_code for answer in compared.values()} == {200}
    beside = {base: answer.content.decode() for base, answer in compared.items()}
    assert all("<form" not in part for part in beside.values()), "a part of the page"
    assert "Within:" not in beside[""]
    assert "is within the plan’s range" in beside["190k"]
    assert "is above the plan’s range" in beside["400k"]
    assert "comparable postings" in beside["190k"]
    typed = {"base": "400k", "currency": "USD", "level": "senior", "do": "compare"}
    assert "is above the plan’s range" in client.post(address, typed).content.decode(), "also without scripts"
    assert not Offer.objects.exists(), "nothing is saved"
    wrong = client.post(address, {**given, "base": "400k"})
    assert wrong.status_code == 422
    assert "outside a range" in wrong.content.decode()
    assert "400k" in wrong.content.decode(), "what was typed is kept"
    assert client.post(address, given).status_code == 302
    made = Offer.objects.get()
    assert made.latest().terms["grant"]["exits"][0]["value_usd"] == 400e6
    again = client.get(address)
    assert again.context["form"].initial["base"] == BASE
    assert "is within the plan’s range" in again.content.decode()
    stale = client.post(address, {**given, "base_number": "7", "why": "They asked for another figure"})
    assert stale.status_code == 422
    assert client.post(address, {**given, "base": "195k", "base_number": "1", "why": ""}).status_code == 422
    sent_again = {**given, "base": "195k", "base_number": "1", "why": "They asked for another figure"}
    assert client.post(address, sent_again).status_code == 302
    page = client.get(reverse("offer", args=[made.pk])).content.decode()
    assert re.search(r"<del>190,000</del>\s*<ins>195,000</ins>", page)


def test_every_sight_is_by_the_rights_of_now_and_recorded(
    company: Company, offer: Offer, signed_in: Callable[[str], Client]
) -> None:
    client, address = signed_in("hiring-manager"), reverse("offer", args=[offer.pk])
    answer = client.get(address)
    assert (answer.status_code, "no-store" in answer.headers["Cache-Control"]) == (200, True)
    assert AuditEntry.objects.filter(kind="pay.seen", of_id=str(offer.pk)).count() == 1
    company["hiring-manager"].memberships.update(sees_pay=False)
    for name in ("offer", "preview-offer"):
        assert client.get(reverse(name, args=[offer.pk])).status_code == 404
    for name in ("approve-offer", "send-offer", "take-back-offer", "withdraw-offer"):
        assert client.post(reverse(name, args=[offer.pk]), {"number": "1", "why": "x"}).status_code == 404
    assert str(offer.pk) not in client.get(reverse("offers")).content.decode()
    card = client.get(reverse("application", args=[offer.application_id])).content.decode()
    assert str(offer.pk) not in card
    program = program_of(company, "administrator", [Scope.OFFERS_READ])
    assert program.ask("GET", f"/offers/{offer.pk}").status_code == 403, "a token needs the scope for pay, too"


def test_no_id_of_another_company_opens_anything(
    company: Company, other_company: Company, offer: Offer, clock: Callable[[datetime], None]
) -> None:
    sent(company, offer)
    question = ask_question(application=offer.application, text="How many pages?", now=OPEN)
    client = Client()
    client.force_login(other_company.administrator)
    for name in ("offer", "preview-offer"):
        assert client.get(reverse(name, args=[offer.pk])).status_code == 404
    for name in ("approve-offer", "send-offer", "take-back-offer", "withdraw-offer"):
        assert client.post(reverse(name, args=[offer.pk]), {"number": "1", "why": "x"}).status_code == 404
    for name in ("write-offer", "feedback"):
        assert client.get(reverse(name, args=[offer.application_id])).status_code == 404
    assert client.post(reverse("answer-offer-question", args=[question.pk]), {"answer": "x"}).status_code == 404
    stranger = program_of(other_company, "administrator")
    for path in (f"/offers/{offer.pk}", f"/roles/{offer.application.role_id}/offers"):
        assert stranger.ask("GET", path).status_code == 404
    assert stranger.ask("GET", f"/roles/{offer.application.role_id}/offer-measures").status_code == 404


@pytest.mark.parametrize("is_turned", [False, True])
def test_no_page_and_no_operation_orders_people_by_what_they_are_offered(
    is_turned: bool, company: Company, role: OpenRole, signed_in: Callable[[str], Client]
) -> None:
    """The same people with all pay turned round stand in the same order, by the day of the offer."""
    pay = [175e3, 204e3, 181e3, 199e3][:: -1 if is_turned else 1]
    made = []
    for n, base in enumerate(pay):
        application = application_to(role, n, now=NOW + timedelta(minutes=n))
        decided(company, application)
        one = offer_to(company, application, base_year=base)
        Offer.objects.filter(pk=one.pk).update(made_at=NOW + timedelta(minutes=n))
        made.append(str(one.pk))
    page = signed_in("administrator").get(reverse("offers")).content.decode()
    order = list(dict.fromkeys(re.findall(r"/hiring/offers/([0-9a-f-]{36})/", page)))
    assert order == made[::-1]
    program = program_of(company, "administrator")
    listed = program.get(f"/roles/{role.pk}/offers")["items"]
    assert [one["id"] for one in listed] == made[::-1]
    assert "base_year" not in str(listed)
    for query in ("order=base_year", "sort=-pay", "base_year__gt=180000"):
        assert program.get(f"/roles/{role.pk}/offers?{query}")["items"] == listed
