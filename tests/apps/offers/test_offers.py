"""An offer rests on a decision, is compared and approved, goes out as one version, and is answered once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tenfold.apps.candidates.models import (
    Application,
    ApplicationState,
    MailState,
    OpenRole,
    OutgoingMail,
    RoleTask,
    WebhookDelivery,
)
from tenfold.apps.candidates.services.moves import reject_applications, undo_move
from tenfold.apps.candidates.services.webhooks import save_endpoint
from tenfold.apps.decisions.models import Decision, Verdict
from tenfold.apps.decisions.services import sign, take_back
from tenfold.apps.offers.models import AnswerKind, Offer, OfferAnswer, OfferApproval, OfferSending, OfferVersion
from tenfold.apps.offers.queries.comparing import compare_terms
from tenfold.apps.offers.queries.standing import is_approved, shown_version, standing_of
from tenfold.apps.offers.services.answering import answer_offer, answer_question, ask_question
from tenfold.apps.offers.services.approving import approve_offer
from tenfold.apps.offers.services.sending import send_offer, take_back_sending, withdraw_offer
from tenfold.apps.offers.services.writing import make_offer, revise_offer
from tenfold.apps.pay.services import BandScope, set_bands, state_rate
from tenfold.core.errors import EditConflict
from tenfold.core.models import AuditEntry, TeamRole
from tenfold.core.permissions import NotAllowed
from tenfold.core.personal_data import erase_person, export_person
from tenfold.core.services.trail import verify_trail
from tenfold.core.todo import todo_for
from tenfold.kit.errors import UserError
from tenfold.kit.hashchain import ChainBroken
from tenfold.market.company_bands import StatedRate, spot
from tests.company import GOOD_PLAN, NOW, Company
from tests.factories.candidates import application_to, role_of
from tests.factories.interviews import asked, handed_in, join_team, kit_of
from tests.factories.offers import OPEN, PRIVATE, REASONS, TERMS, UNTIL, changed, decided, offer_to, sent

RESCUE = GOOD_PLAN.replace("inherits_technical_debt: false", "inherits_technical_debt: true")


@pytest.fixture
def role(company: Company) -> OpenRole:
    return role_of(company)


@pytest.fixture
def application(company: Company, role: OpenRole) -> Application:
    made = application_to(role)
    decided(company, made)
    return made


@pytest.fixture
def offer(company: Company, application: Application) -> Offer:
    return offer_to(company, application)


def accept(application: Application, number: int = 1, now: datetime = OPEN, name: str = "Ana Adeyemi") -> OfferAnswer:
    return answer_offer(application=application, number=number, kind=AnswerKind.ACCEPTED, name=name, now=now)


def decline(application: Application, number: int = 1, now: datetime = OPEN, reason: str = "pay") -> OfferAnswer:
    return answer_offer(application=application, number=number, kind=AnswerKind.DECLINED, reason=reason, now=now)


# Written on a decision -----------------------------------------------------------------------------------------


def test_an_offer_rests_on_a_signed_decision_and_moves_the_application(company: Company, role: OpenRole) -> None:
    application = application_to(role)
    with pytest.raises(UserError, match="signed decision"):
        offer_to(company, application)
    decision = decided(company, application)
    made = offer_to(company, application)
    application.refresh_from_db()
    assert (application.stage.kind, made.state, made.latest().number) == ("offer", "draft", 1)
    with pytest.raises(UserError, match="already"):
        offer_to(company, application)
    approve_offer(offer=made, number=1, by=company["administrator"], now=NOW)
    take_back(decision=decision, why="A reference came in", by=company["hiring-manager"], now=NOW)
    with pytest.raises(UserError, match="taken back"):
        send_offer(offer=made, number=1, by=company["hiring-manager"], now=NOW)


def test_a_decision_to_stop_makes_no_offer(company: Company, role: OpenRole) -> None:
    application = application_to(role)
    decided(company, application, Verdict.STOP)
    with pytest.raises(UserError, match="signed decision"):
        offer_to(company, application)
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("values", "until", "field"),
    [
        ({"start_date": date(2026, 11, 1)}, UNTIL, "start_date"),
        ({}, date(2026, 11, 17), "expires_date"),
        ({"base_year": -1.0}, UNTIL, "base_usd_year"),
        ({"bonus_percent": float("nan")}, UNTIL, "bonus_target_percent"),
        ({"grant": {**PRIVATE, "units": 40e6}}, UNTIL, "grant.units"),
    ],
)
def test_terms_that_cannot_be_meant_are_refused_at_their_field(
    values: dict[str, Any], until: date, field: str, company: Company, application: Application
) -> None:
    with pytest.raises(UserError) as refused:
        offer_to(company, application, until=until, **values)
    assert refused.value.place.field == field
    assert not Offer.objects.exists()


def test_a_rescue_mission_is_said_in_the_offer(company: Company) -> None:
    application = application_to(role_of(company, text=RESCUE))
    decided(company, application)
    with pytest.raises(UserError, match="trouble") as refused:
        offer_to(company, application)
    assert refused.value.place.field == "rescue"
    offer_to(company, application, rescue="Two models fail each week; you may stop releases.")


# Compared ------------------------------------------------------------------------------------------------------


def of(kind: str, company: Company, role: OpenRole, **values: Any) -> Any:
    found = compare_terms(replace(TERMS, **values), role, now=NOW)
    return next((one for one in found if one.of == kind), None)


@pytest.mark.parametrize(
    ("base", "outside"), [(171_999.0, True), (172_000.0, False), (206_000.0, False), (206_001.0, True)]
)
def test_the_plans_range_holds_its_ends(base: float, outside: bool, company: Company, role: OpenRole) -> None:
    found = of("plan", company, role, base_year=base)
    assert (found.is_outside, found.low, found.high) == (outside, 172_000, 206_000)
    assert "version 1" in found.source
    assert found.day == "2026-11-18"


def test_the_band_of_the_level_counts_and_its_absence_is_said(company: Company, role: OpenRole) -> None:
    assert of("band", company, role).is_outside is None
    bands = {"senior": (150e3, 185e3)}
    set_bands(organisation=company.organisation, role="mlops", bands=bands, by=company.administrator, now=NOW)
    assert of("band", company, role).is_outside is True
    assert of("band", company, role, base_year=185_000.0).is_outside is False
    assert of("band", company, role, level="staff").is_outside is None
    assert of("level", company, role) is None
    assert of("level", company, role, level="staff").is_outside is True


@pytest.mark.parametrize(("place", "due"), [("US-CO", [date(2027, 2, 10)]), ("US-TX", [])])
def test_colorado_has_the_team_told_within_30_days_of_the_first_day_at_work(
    company: Company, place: str, due: list[date]
) -> None:
    """Nothing is asked before the offer is accepted; the start date that was accepted counts, not the acceptance."""
    role = role_of(company, places=[place])
    application = application_to(role)
    decided(company, application)
    offer = sent(company, offer_to(company, application))
    tasks = RoleTask.objects.filter(role=role, duty_id__startswith="US-CO-SELECTION")
    assert not tasks.exists()
    accept(application)
    assert [task.due_date for task in tasks.filter(application=application)] == due
    assert offer.latest().terms["start_date"] == "2027-01-11"
    client = Client()
    client.force_login(company["hiring-manager"])
    page = client.get(reverse("offer", args=[offer.pk]), {"former": "Data engineer"}).content.decode()
    told = f"{application.candidate} has joined as {offer.latest().terms['title']}; before: Data engineer."
    assert (told in page) is bool(due)
    assert ("Tell the team by 10 February 2027" in page) is bool(due)


def test_an_offer_is_compared_with_the_band_of_its_currency_and_place(company: Company, role: OpenRole) -> None:
    def put(low: float, currency: str, place: str) -> None:
        set_bands(
            organisation=company.organisation,
            role="mlops",
            bands={"senior": (low, 1.2 * low)},
            by=company.administrator,
            now=NOW,
            scope=BandScope(currency, spot(place).code),
        )

    put(170e3, "USD", "US")
    put(80e3, "EUR", "Berlin")
    berlin = of("band", company, role, currency="EUR", place="Berlin", base_year=90_000.0)
    assert (berlin.is_outside, berlin.low, berlin.high) == (False, 80e3, 96e3)
    assert "Berlin, Germany, EUR" in berlin.source
    in_dollars = of("band", company, role, currency="USD", place="Berlin", base_year=90_000.0)
    assert (in_dollars.is_outside, in_dollars.low) == (None, None)
    assert "no exchange rate to USD is stated" in in_dollars.says
    leeds = of("band", company, role, currency="GBP", place="Leeds, UK", base_year=90_000.0)
    assert leeds.is_outside is None
    assert "No band in GBP for Leeds, United Kingdom" in leeds.says
    rate = StatedRate("EUR", 0.8, date(2026, 11, 2))
    state_rate(organisation=company.organisation, rate=rate, by=company.administrator, now=NOW)
    converted = of("band", company, role, currency="USD", place="Berlin", base_year=90_000.0)
    assert (converted.is_outside, converted.low, converted.high) == (True, 100e3, 120e3)
    assert "1 USD = 0.8 EUR, 2026-11-02" in converted.says


def test_the_market_says_n_day_and_interval_and_is_outside_only_where_the_data_can_tell(
    company: Company, role: OpenRole
) -> None:
    usual, high, low = (of("market", company, role, base_year=base) for base in (190e3, 900e3, 30e3))
    assert (usual.is_outside, high.is_outside, low.is_outside) == (False, True, True)
    for one in (usual, high, low):
        assert one.n > 5
        assert f"n = {one.n}" in one.source
        assert one.interval[0] < one.interval[1]
        assert "95 %" in one.says
        assert date.fromisoformat(one.day) < NOW.date()
    edges = [of("market", company, role, base_year=base) for base in range(100_000, 420_000, 20_000)]
    assert any(one.is_outside is False and "cannot tell" in one.says for one in edges)


def test_what_cannot_be_compared_says_so_and_is_never_inside(company: Company, role: OpenRole) -> None:
    for kind in ("plan", "band", "market"):
        set_bands(
            organisation=company.organisation,
            role="mlops",
            bands={"senior": (150e3, 210e3)},
            by=company.administrator,
            now=NOW,
        )
        found = of(kind, company, role, currency="EUR")
        assert found.is_outside is None
        assert "EUR" in found.says
    assert of("market", company, role, place="Atlantis").is_outside is None
    OpenRole.objects.filter(pk=role.pk).update(plan=None)
    role.refresh_from_db()
    assert [one.is_outside for one in compare_terms(TERMS, role, now=NOW)] == [None, None, None]


def test_outside_a_range_an_offer_needs_its_reason(company: Company, application: Application) -> None:
    with pytest.raises(UserError, match="outside") as refused:
        offer_to(company, application, base_year=215_000.0)
    assert refused.value.place.field == "why_outside"
    made = offer_to(company, application, base_year=215_000.0, why_outside="Another offer is on their table")
    latest = made.latest()
    assert (latest.is_outside, latest.why_outside) == (True, "Another offer is on their table")
    assert offer_reason_is_kept_only_where_needed(company, made)


def offer_reason_is_kept_only_where_needed(company: Company, offer: Offer) -> bool:
    version = changed(company, offer, base_year=190_000.0)
    return not version.is_outside and version.why_outside == ""


# Versions and approvals ----------------------------------------------------------------------------------------


def test_a_change_is_a_version_of_its_own_and_is_approved_anew(company: Company, offer: Offer) -> None:
    approve_offer(offer=offer, number=1, by=company["administrator"], now=NOW)
    second = changed(company, offer, base_year=195_000.0)
    first = offer.versions.get(number=1)
    assert (first.terms["base_year"], second.terms["base_year"]) == (190_000.0, 195_000.0)
    assert is_approved(first)
    assert not is_approved(second)
    offer.refresh_from_db()
    with pytest.raises(UserError, match="not approved"):
        send_offer(offer=offer, number=2, by=company["hiring-manager"], now=NOW)
    with pytest.raises(UserError, match="newer version"):
        approve_offer(offer=offer, number=1, by=company["administrator"], now=NOW)
    with pytest.raises(UserError, match="newer version"):
        send_offer(offer=offer, number=1, by=company["hiring-manager"], now=NOW)


def test_of_two_who_change_at_once_the_second_is_told(company: Company, offer: Offer) -> None:
    stale = Offer.objects.get(pk=offer.pk)
    changed(company, offer, base_year=195_000.0)
    with pytest.raises(EditConflict):
        revise_offer(
            offer=stale,
            terms=TERMS,
            expires_date=UNTIL,
            approvers=[company["administrator"]],
            base_number=1,
            why="Another change of mine",
            by=company["hiring-manager"],
            now=NOW,
        )
    assert offer.versions.count() == 2


def test_nobody_approves_alone_what_they_wrote(company: Company, application: Application) -> None:
    writer, other = company["hiring-manager"], company["administrator"]
    with pytest.raises(UserError, match="alone"):
        offer_to(company, application, approvers=[writer])
    made = offer_to(company, application, approvers=[writer, other])
    approve_offer(offer=made, number=1, by=writer, now=NOW)
    with pytest.raises(UserError, match="not approved"):
        send_offer(offer=made, number=1, by=writer, now=NOW)
    approve_offer(offer=made, number=1, by=other, now=NOW)
    send_offer(offer=made, number=1, by=writer, now=NOW)


@pytest.mark.parametrize("who", ["recruiter", "interviewer", "people-analyst"])
def test_only_who_may_approve_can_be_named(who: str, company: Company, application: Application) -> None:
    with pytest.raises(UserError, match="Name who approves"):
        offer_to(company, application, approvers=[company[who]])
    with pytest.raises(UserError, match="Name who approves"):
        offer_to(company, application, approvers=[])


def test_only_who_is_named_approves_and_by_the_rights_of_now(company: Company, offer: Offer) -> None:
    with pytest.raises(NotAllowed):
        approve_offer(offer=offer, number=1, by=company["hiring-manager"], now=NOW)
    company["administrator"].memberships.update(sees_pay=False)
    with pytest.raises(NotAllowed):
        approve_offer(offer=offer, number=1, by=company["administrator"], now=NOW)
    assert not OfferApproval.objects.exists()


def test_an_objection_needs_its_reason_and_ends_the_version(company: Company, offer: Offer) -> None:
    by = company["administrator"]
    with pytest.raises(UserError, match="object"):
        approve_offer(offer=offer, number=1, by=by, now=NOW, is_yes=False)
    approve_offer(offer=offer, number=1, by=by, now=NOW, is_yes=False, why="Above the lead’s own pay")
    with pytest.raises(UserError, match="already"):
        approve_offer(offer=offer, number=1, by=by, now=NOW)
    with pytest.raises(UserError, match="not approved"):
        send_offer(offer=offer, number=1, by=company["hiring-manager"], now=NOW)
    changed(company, offer)
    sent(company, offer)


# Sent, taken back, withdrawn -----------------------------------------------------------------------------------


def test_the_candidate_sees_it_half_an_hour_later_and_until_then_it_can_be_taken_back(
    company: Company, offer: Offer
) -> None:
    sent(company, offer)
    mail = OutgoingMail.objects.latest("send_after")
    assert (mail.state, mail.send_after) == (MailState.HELD, NOW + timedelta(minutes=30))
    assert "190" not in mail.subject + mail.body
    assert shown_version(offer, now=NOW + timedelta(minutes=29)) is None
    with pytest.raises(UserError, match="no offer"):
        accept(offer.application, now=NOW + timedelta(minutes=29))
    take_back_sending(offer=offer, by=company["hiring-manager"], now=NOW + timedelta(minutes=29))
    mail.refresh_from_db()
    offer.refresh_from_db()
    assert (mail.state, offer.state, shown_version(offer, now=OPEN)) == (MailState.TAKEN_BACK, "draft", None)
    send_offer(offer=offer, number=1, by=company["hiring-manager"], now=OPEN)
    with pytest.raises(UserError, match="Nothing waits"):
        take_back_sending(offer=offer, by=company["hiring-manager"], now=OPEN + timedelta(minutes=30))


def test_what_the_candidate_has_stays_until_the_next_version_is_open(company: Company, offer: Offer) -> None:
    sent(company, offer)
    changed(company, offer, now=OPEN, base_year=195_000.0)
    sent(company, offer, now=OPEN)
    before, after = OPEN + timedelta(minutes=10), OPEN + timedelta(minutes=31)
    assert [shown_version(offer, now=at).number for at in (before, after)] == [1, 2]  # type: ignore[union-attr]
    with pytest.raises(UserError, match="newer version"):
        accept(offer.application, number=1, now=after)
    with pytest.raises(UserError, match="newer version"):
        accept(offer.application, number=7, now=after)
    assert not OfferAnswer.objects.exists()
    accept(offer.application, number=2, now=after)


def test_whoever_accepts_what_stands_gets_no_other_version_afterwards(company: Company, offer: Offer) -> None:
    sent(company, offer)
    changed(company, offer, now=OPEN, base_year=180_000.0)
    sent(company, offer, now=OPEN)
    accept(offer.application, number=1, now=OPEN + timedelta(minutes=5))
    assert shown_version(offer, now=OPEN + timedelta(days=1)).number == 1  # type: ignore[union-attr]
    assert OutgoingMail.objects.latest("written_at").state == MailState.TAKEN_BACK
    assert not OfferSending.objects.standing().filter(version__number=2).exists()


def test_a_withdrawn_offer_has_its_reason_and_can_be_followed_by_another(company: Company, offer: Offer) -> None:
    by = company["hiring-manager"]
    with pytest.raises(UserError, match="why"):
        withdraw_offer(offer=offer, why=" ", by=by, now=NOW)
    mails = OutgoingMail.objects.count()
    withdraw_offer(offer=offer, why="The budget is gone", by=by, now=NOW)
    assert OutgoingMail.objects.count() == mails, "who never saw it is not written to"
    again = sent(company, offer_to(company, offer.application))
    withdraw_offer(offer=again, why="Frozen", by=by, now=OPEN)
    mail = OutgoingMail.objects.latest("written_at")
    assert "withdraw" in mail.body
    assert "Frozen" not in mail.body
    with pytest.raises(UserError, match="no offer"):
        accept(offer.application, now=OPEN)
    with pytest.raises(UserError, match="withdrawn"):
        withdraw_offer(offer=again, why="Twice", by=by, now=OPEN)


# Answered ------------------------------------------------------------------------------------------------------


def test_to_accept_is_to_be_hired_once_and_in_ones_own_name(company: Company, offer: Offer) -> None:
    endpoint, _ = save_endpoint(
        organisation=company.organisation, url="https://hooks.example/x", kinds=[], by=company.administrator, now=NOW
    )
    sent(company, offer)
    with pytest.raises(UserError, match="name"):
        accept(offer.application, name="  ")
    answer = accept(offer.application)
    application = Application.objects.get(pk=offer.application_id)
    offer.refresh_from_db()
    assert (offer.state, application.state, answer.name) == ("accepted", ApplicationState.HIRED, "Ana Adeyemi")
    assert application.moves.latest("number").actor == "candidate"
    with pytest.raises(UserError, match="accepted this offer already"):
        decline(application)
    with pytest.raises(UserError, match="accepted"):
        withdraw_offer(offer=offer, why="Too late", by=company["hiring-manager"], now=OPEN)
    kinds = WebhookDelivery.objects.filter(endpoint=endpoint).values_list("kind", flat=True)
    assert {"offer.sent", "offer.accepted", "application.hired"} <= set(kinds)
    told = str(list(WebhookDelivery.objects.values_list("payload", flat=True)))
    assert "190" not in told.replace(str(offer.pk), "")
    assert "Ana" not in told


def test_a_declined_offer_stays_open_to_another_version(company: Company, offer: Offer) -> None:
    sent(company, offer)
    decline(offer.application)
    application = Application.objects.get(pk=offer.application_id)
    assert application.is_open
    assert standing_of(Offer.objects.get(pk=offer.pk), now=OPEN).words == "Declined"
    changed(company, offer, now=OPEN, base_year=200_000.0)
    sent(company, offer, now=OPEN)
    accept(application, number=2, now=OPEN + timedelta(hours=1))
    assert [one.kind for one in OfferAnswer.objects.order_by("at")] == ["declined", "accepted"]


@pytest.mark.parametrize(("zone", "at", "is_over"), [
    ("UTC", "2026-11-30T23:59:59+00:00", False),
    ("UTC", "2026-12-01T00:00:00+00:00", True),
    ("America/Denver", "2026-12-01T06:59:00+00:00", False),
    ("America/Denver", "2026-12-01T07:00:00+00:00", True),
])  # fmt: skip
def test_an_offer_ends_with_its_last_day_where_the_role_is(
    zone: str, at: str, is_over: bool, company: Company, offer: Offer
) -> None:
    OpenRole.objects.update(zone=zone)
    sent(company, offer)
    now = datetime.fromisoformat(at)
    if is_over:
        with pytest.raises(UserError, match="until 30 November 2026"):
            accept(offer.application, now=now)
        assert standing_of(Offer.objects.get(pk=offer.pk), now=now).words == "Expired"
    else:
        accept(offer.application, now=now)


def test_a_closed_application_is_not_hired_by_an_old_offer(company: Company, offer: Offer) -> None:
    sent(company, offer)
    by = company["hiring-manager"]
    done = reject_applications(applications=[offer.application], reason="role-closed", by=by, now=OPEN)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="closed"):
        accept(offer.application)
    undo_move(move=done.moves[0], by=by, now=OPEN)
    accept(offer.application)


def test_questions_are_asked_and_answered_on_the_page(company: Company, offer: Offer) -> None:
    with pytest.raises(UserError, match="no offer"):
        ask_question(application=offer.application, text="How many pages a week?", now=NOW)
    sent(company, offer)
    question = ask_question(application=offer.application, text="How many pages a week?", now=OPEN)
    kinds = [one.kind for one in todo_for(company["hiring-manager"], company.organisation, now=OPEN)]
    assert "Question on an offer" in kinds
    with pytest.raises(NotAllowed):
        answer_question(question=question, text="Two", by=company["recruiter"], now=OPEN)
    answer_question(question=question, text="Two, by our incident tool", by=company["hiring-manager"], now=OPEN)
    with pytest.raises(UserError, match="answered"):
        answer_question(question=question, text="Three", by=company["hiring-manager"], now=OPEN)


# Waiting, trail, one's data ------------------------------------------------------------------------------------


def kinds_for(company: Company, person: str, now: datetime) -> set[str]:
    lines = todo_for(company[person], company.organisation, now=now)
    return {one.kind for one in lines if one.kind.startswith("Offer")}


def test_who_has_to_act_finds_it_on_their_first_page(company: Company, offer: Offer) -> None:
    assert kinds_for(company, "administrator", NOW) == {"Offer to approve"}
    assert kinds_for(company, "hiring-manager", NOW) == set()
    approve_offer(offer=offer, number=1, by=company["administrator"], now=NOW)
    assert kinds_for(company, "hiring-manager", NOW) == {"Offer to send"}
    send_offer(offer=offer, number=1, by=company["hiring-manager"], now=NOW)
    assert kinds_for(company, "hiring-manager", OPEN) == set()
    assert kinds_for(company, "hiring-manager", NOW + timedelta(days=10)) == {"Offer expires"}
    assert kinds_for(company, "hiring-manager", NOW + timedelta(days=20)) == {"Offer expired"}
    accept(offer.application, now=NOW + timedelta(days=9))
    assert kinds_for(company, "hiring-manager", NOW + timedelta(days=10)) == {"Offer accepted"}
    for person in ("recruiter", "interviewer", "people-analyst"):
        assert kinds_for(company, person, NOW + timedelta(days=10)) == set()


def test_the_trail_holds_no_figure_and_finds_a_changed_one(company: Company, offer: Offer) -> None:
    sent(company, offer)
    accept(offer.application)
    verify_trail()
    entries = list(AuditEntry.objects.filter(kind__startswith="offer.").order_by("n"))
    assert [one.kind for one in entries] == ["offer.written", "offer.approved", "offer.sent", "offer.accepted"]
    assert "190000" not in str([one.data for one in AuditEntry.objects.all()])
    version = offer.versions.get()
    terms = {**version.terms, "base_year": 120_000.0}
    place = OfferVersion._meta.get_field("terms")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE offers_offerversion SET terms = %s", [place.get_prep_value(terms)])
    with pytest.raises(ChainBroken):
        verify_trail()


def test_pay_and_words_are_encrypted_at_rest(company: Company, offer: Offer) -> None:
    sent(company, offer)
    decline(offer.application)
    with connection.cursor() as cursor:
        for table in ("offers_offerversion", "offers_offeranswer", "offers_offer"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of ours
            kept = str(cursor.fetchall())
            assert "190000" not in kept
            assert "Denver" not in kept


def test_what_was_sent_is_exported_and_everything_is_erased(company: Company, offer: Offer) -> None:
    person = str(offer.application.candidate_id)
    assert export_person(person)["offers"] == [{"versions": [], "questions": []}], "what is prepared is no offer yet"
    sent(company, offer, now=NOW - timedelta(days=400))
    given = export_person(person)["offers"][0]["versions"][0]
    assert (given["terms"]["base_year"], given["until"]) == (190_000.0, "2026-11-30")
    erase_person(person, now=OPEN)
    assert not any(model.objects.exists() for model in (Offer, OfferVersion, OfferApproval, OfferSending))
    assert not Decision.objects.exists()
    verify_trail()


def test_whoever_owes_a_scorecard_learns_of_no_offer(company: Company, role: OpenRole) -> None:
    """Also where they lead the role, and where they are named to approve it."""
    application, lead = application_to(role), company["hiring-manager"]
    join_team(company, role, "hiring-manager", TeamRole.LEAD)
    round_ = kit_of(company, role).rounds.all()[0]
    owed, card = asked(company, application, round_, lead, company["interviewer"])
    handed_in(card)
    by = company.administrator
    sign(application=application, verdict=Verdict.OFFER, reasons=REASONS, by=by, now=NOW)
    made = make_offer(application=application, terms=TERMS, expires_date=UNTIL, approvers=[lead], by=by, now=NOW)
    assert Offer.objects.visible_to(by).exists()
    assert not Offer.objects.visible_to(lead).exists()
    assert kinds_for(company, "hiring-manager", NOW) == set()
    with pytest.raises(NotAllowed):
        approve_offer(offer=made, number=1, by=lead, now=NOW)
    handed_in(owed)
    assert Offer.objects.visible_to(lead).exists()
    approve_offer(offer=made, number=1, by=lead, now=NOW)
