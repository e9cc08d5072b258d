"""Links that open one lab for one person until a day; consent; accommodations that reviewers never see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail, signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenfold.apps.candidates.models import Application, OutgoingMail
from tenfold.apps.labroom.models import LabInvitation, LabroomEvent
from tenfold.apps.labroom.queries.links import SALT, invitation_named_by, lab_token
from tenfold.apps.labroom.services import inviting, working
from tenfold.core.models import AuditEntry
from tenfold.core.permissions import NotAllowed
from tenfold.kit.errors import UserError
from tests.company import NOW, Company
from tests.factories.candidates import application_to, role_of
from tests.factories.labs import DAYS, LAB, agreed, asked_reviews, invited, invited_by_address, submitted


@pytest.fixture
def application(company: Company) -> Application:
    return application_to(role_of(company))


def page(invitation: LabInvitation, name: str = "lab-invitation") -> str:
    return reverse(name, args=[lab_token(invitation)])


def test_an_applicant_gets_a_mail_with_the_link_that_opens_their_lab(
    company: Company, application: Application
) -> None:
    one = invited(company, application, now=timezone.now())
    assert inviting.send_invitation(invitation=one, by=company["recruiter"], now=timezone.now())
    text = OutgoingMail.objects.latest("written_at").body
    assert page(one) in text
    assert invitation_named_by(lab_token(one)) == one


def test_somebody_without_an_application_is_mailed_at_once(company: Company) -> None:
    one = invited_by_address(company, role_of(company), now=timezone.now())
    assert inviting.send_invitation(invitation=one, by=company["recruiter"], now=timezone.now())
    assert [(sent.to, page(one) in str(sent.body)) for sent in mail.outbox] == [(["quillon@invented.example"], True)]


@pytest.mark.parametrize("days", [0, 61, -1])
def test_a_link_is_open_for_a_bounded_time(company: Company, application: Application, days: int) -> None:
    with pytest.raises(UserError, match="open for 1 to 60 days"):
        inviting.invite(
            team=application.role.team,
            lab=LAB,
            lasts=timedelta(days=days),
            application=application,
            by=company["recruiter"],
            now=NOW,
        )
    assert not LabInvitation.objects.exists()


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "x y@z.example"])
def test_what_is_no_address_is_not_invited(company: Company, email: str) -> None:
    role = role_of(company)
    with pytest.raises(UserError, match="not an e-mail address"):
        inviting.invite(team=role.team, lab=LAB, lasts=DAYS, name="Kim", email=email, by=company["recruiter"], now=NOW)


def test_the_same_lab_again_is_another_attempt_with_another_variant(company: Company, application: Application) -> None:
    assert [invited(company, application).attempt for _ in range(3)] == [1, 2, 3]


def test_who_does_not_run_the_hiring_invites_nobody(company: Company, application: Application) -> None:
    with pytest.raises(NotAllowed):
        inviting.invite(
            team=application.role.team,
            lab=LAB,
            lasts=DAYS,
            application=application,
            by=company["interviewer"],
            now=NOW,
        )


# The link ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["expired", "withdrawn", "renewed", "changed", "other salt", "of a try"])
def test_a_link_that_is_over_opens_nothing(company: Company, application: Application, how: str) -> None:
    one = invited(company, application, now=timezone.now())
    token = lab_token(one)
    match how:
        case "expired":
            LabInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        case "withdrawn":
            inviting.withdraw(invitation=one, by=company["recruiter"], now=timezone.now())
        case "renewed":
            inviting.renew_link(invitation=one, lasts=DAYS, by=company["recruiter"], now=timezone.now())
        case "changed":
            token = token[:-1] + ("A" if token[-1] != "A" else "B")
        case "other salt":
            token = signing.dumps({"i": str(one.pk), "v": 1}, salt=f"{SALT}.x")
        case "of a try":
            tried = working.begin_try(organisation=company.organisation, lab=LAB, by=company["recruiter"], now=NOW)
            token = lab_token(tried)
    for name in ("lab-invitation", "submit-lab", "candidate-room", "candidate-plain-room"):
        response = Client().get(reverse(name, args=[token]))
        assert response.status_code in {302, 410}, name
        assert response.status_code == 410 or response.headers["Location"] == reverse("lab-invitation", args=[token])
    assert Client().post(reverse("candidate-ticket", args=[token])).status_code in {409, 410}


def test_pages_by_link_leave_nothing_behind(company: Company, application: Application) -> None:
    """No cookie, no cache, no address to other sites; forms and text without scripts."""
    one = invited(company, application, now=timezone.now())
    response = Client().get(page(one))
    assert response.status_code == 200
    assert not response.cookies
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Robots-Tag"] == "noindex"
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'none'" in policy
    assert "unsafe" not in policy


# Consent -----------------------------------------------------------------------------------------------------------


def test_nothing_begins_before_somebody_agrees(company: Company, application: Application) -> None:
    one = invited(company, application, now=timezone.now())
    token = lab_token(one)
    led_to = Client().get(reverse("candidate-room", args=[token])).headers["Location"]
    assert led_to == reverse("lab-invitation", args=[token])
    assert Client().post(page(one), {"do": "consent"}).status_code == 422
    with pytest.raises(UserError, match="read what is recorded"):
        working.begin(invitation=one, now=timezone.now())


def test_what_was_agreed_to_is_kept_as_it_was_worded(company: Company, application: Application) -> None:
    one = invited(company, application, now=timezone.now())
    shown = Client().get(page(one)).content.decode()
    Client().post(page(one), {"do": "consent", "agrees": "yes"})
    one.refresh_from_db()
    assert one.consented_at is not None
    assert [head for head, _ in one.consent["statements"]] == [
        "What is recorded",
        "How long it is kept",
        "Who sees it",
        "How it is graded",
        "AI assistants",
        "Your time",
        "Another way to work",
    ]
    assert all(head in shown for head, _ in one.consent["statements"])
    assert "Assistants are welcome" in dict(one.consent["statements"])["AI assistants"]
    assert AuditEntry.objects.filter(kind=LabroomEvent.CONSENTED).count() == 1


# Accommodations ----------------------------------------------------------------------------------------------------


def test_an_accommodation_is_seen_by_who_arranges_it_and_by_no_reviewer(
    company: Company, application: Application
) -> None:
    one = submitted(agreed(invited(company, application, now=timezone.now())))
    (review,) = asked_reviews(company, one, company["interviewer"])
    working.set_time_factor(invitation=one, factor=1.75, by=company["recruiter"], now=NOW)
    with pytest.raises(NotAllowed):
        working.set_time_factor(invitation=one, factor=2, by=company["hiring-manager"], now=NOW)
    for role, pages in {"interviewer": ("lab-session", "lab-replay"), "hiring-manager": ("lab-session",)}.items():
        client = Client()
        client.force_login(company[role])
        texts = [client.get(reverse(name, args=[one.pk])).content.decode() for name in pages]
        if role == "interviewer":
            texts.append(client.get(reverse("lab-review", args=[review.pk])).content.decode())
        assert all("1.75" not in text and "Time factor" not in text for text in texts), role
    assert "1.75" not in str(AuditEntry.objects.filter(kind=LabroomEvent.TIME_SET).values())


@pytest.mark.parametrize("factor", [0.5, 0, -1, 5.01])
def test_time_is_never_taken_away(company: Company, application: Application, factor: float) -> None:
    one = invited(company, application)
    with pytest.raises(UserError, match="between 1 and 5"):
        working.set_time_factor(invitation=one, factor=factor, by=company["recruiter"], now=NOW)
