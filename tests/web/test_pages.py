from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tenfold.apps.accounts.services import Invited, invite
from tenfold.apps.accounts.views.people import start_token
from tenfold.apps.plans.models import PlanVersion, StoredPlan
from tenfold.apps.plans.presenters.pdf import is_available
from tenfold.apps.plans.services import approve, comment, share
from tenfold.apps.postings.services import close, publish
from tenfold.core.models import AuditEntry, Organisation, User
from tenfold.core.services.trail import verify_trail
from tenfold.web.example.seed import seed_example
from tests.company import GOOD_PLAN, NOW, PASSWORD, Company
from tests.conftest import EXAMPLES
from tests.worker import do_waiting_work

POSTING = (EXAMPLES / "posting_with_faults.md").read_text(encoding="utf-8")


def test_the_first_person_becomes_administrator_by_the_printed_link(db: None) -> None:
    client = Client()
    address = reverse("start", args=[start_token()])
    given = {"organisation": "Quay", "name": "Ada", "email": "ada@quay.example", "password": PASSWORD}
    assert "at least 10 characters" in client.post(address, {**given, "password": "short"}).content.decode()
    assert client.post(address, given).headers["Location"] == reverse("plans")
    assert "Your hiring plans will appear here" in client.get(reverse("plans")).content.decode()
    assert Client().get(address).headers["Location"] == reverse("account_login")


def test_a_link_that_was_not_printed_opens_nothing(db: None) -> None:
    assert Client().get(reverse("start", args=["ImV2aWwi:1:abc"])).status_code == 404


def test_a_person_signs_in_by_password_and_the_session_is_a_new_one(company: Company) -> None:
    client = Client()
    client.get(reverse("account_login"))
    before = client.session.session_key or client.cookies.get("session")
    sent = {"login": company.administrator.email.upper(), "password": PASSWORD}
    assert client.post(reverse("account_login"), sent).headers["Location"] == reverse("plans")
    assert client.get(reverse("plans")).status_code == 200
    assert client.session.session_key not in (None, before)
    wrong = Client().post(reverse("account_login"), {**sent, "password": "guess"})
    assert wrong.status_code == 200
    assert "is wrong" in wrong.content.decode()


def test_a_new_password_ends_every_other_session_and_is_in_the_trail(company: Company) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post(reverse("account_login"), {"login": company.administrator.email, "password": PASSWORD})
    before = here.session.session_key
    new = "a longer sentence than before"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post(reverse("account_change_password"), sent).status_code == 302
    assert here.get(reverse("plans")).status_code == 200
    assert here.session.session_key != before
    assert elsewhere.get(reverse("plans")).status_code == 302
    assert [entry.kind for entry in AuditEntry.objects.filter(by=company.administrator.email)[:2]] == [
        "password.changed",
        "person.signed-in",
    ]


def test_a_forgotten_password_is_set_anew_by_a_mailed_link_that_works_once(company: Company) -> None:
    client = Client()
    assert client.post(reverse("account_reset_password"), {"email": "nobody@x.example"}).status_code == 302
    assert client.post(reverse("account_reset_password"), {"email": company.administrator.email}).status_code == 302
    asked = [letter for letter in mail.outbox if letter.to == [company.administrator.email]]
    assert len(mail.outbox) == 1, "nobody else gets a letter"
    link = re.search(r"/password/new/\S+", str(asked[0].body))
    assert link is not None
    form = client.get(link[0]).headers["Location"]
    new = "a longer sentence than before"
    assert client.post(form, {"password1": "short", "password2": "short"}).status_code == 200
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    signs_in = Client().post(reverse("account_login"), {"login": company.administrator.email, "password": new})
    assert signs_in.headers["Location"] == reverse("plans")
    assert "This link has been used" in Client().get(link[0], follow=True).content.decode()


def test_someone_invited_joins_with_the_role_of_the_invitation(company: Company) -> None:
    now = timezone.now()
    made = invite(
        organisation=company.organisation,
        email="kim@x.example",
        role="recruiter",
        sees_pay=False,
        by=company.administrator,
        now=now,
    )
    client = Client()
    address = reverse("invitation", args=[made.token])
    assert "As recruiter" in client.get(address).content.decode()
    client.post(address, {"name": "Kim", "password": PASSWORD})
    assert client.get(reverse("new-plan")).status_code == 200
    assert client.get(reverse("trail")).status_code == 403
    assert Client().get(address).status_code == 410


def test_a_pasted_posting_becomes_a_plan_with_its_own_words(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("hiring-manager")
    where = client.post(reverse("new-plan"), {"text": POSTING}).headers["Location"]
    page = client.get(where).content.decode()
    plan = StoredPlan.objects.get()
    assert "Not ready to publish" in page
    assert "### Responsibilities" in plan.latest().text
    assert plan.opening == "Not ready to publish."


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.md", b"", "empty"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(64), "a picture"),
        ("big.md", b"x" * 2_000_001, "larger than 2 MB"),
        ("plan.yaml", b"tenfold_plan: 1\nrole:\n  level: wizard\n", "not a level"),
        ("bytes.txt", bytes(range(256)) * 4, "binary"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_reason(
    name: str, content: bytes, said: str, signed_in: Callable[[str], Client]
) -> None:
    answer = signed_in("recruiter").post(reverse("new-plan"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not StoredPlan.objects.exists()


def test_a_few_questions_make_a_plan(signed_in: Callable[[str], Client]) -> None:
    sent = {
        "role.title": "Senior MLOps engineer",
        "role.level": "senior",
        "pay.min": "180k",
        "situation.ml_engineers": "4",
    }
    where = signed_in("hiring-manager").post(reverse("new-plan-questions"), sent).headers["Location"]
    assert where == reverse("plan", args=[StoredPlan.objects.get().pk])
    assert StoredPlan.objects.get().title == "Senior MLOps engineer"


def test_a_shared_report_is_read_without_signing_in_and_without_pay(company: Company) -> None:
    plan = company.plan(re.sub(r"\nposting: \|\n(?:  .*\n|\n)+", "\n", GOOD_PLAN))
    made = share(plan=plan, lasts=timedelta(days=1), with_pay=False, by=company.administrator, now=timezone.now())
    answer = Client().get(reverse("shared", args=[made.token]))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "172" not in re.sub(r"<svg.*?</svg>", "", page)
    assert Client().get(reverse("shared", args=["x" * 43])).status_code == 410


def test_a_report_is_drawn_as_pdf(company: Company, signed_in: Callable[[str], Client]) -> None:
    if not is_available():
        pytest.skip("no Pango here (bin/system pdf)")
    client, address = signed_in("interviewer"), reverse("plan-report-pdf", args=[company.plan().pk])
    work = client.get(address).headers["Location"]
    assert "Waiting" in client.get(work).content.decode()
    assert client.get(address).headers["Location"] == work, "the same report is drawn once"
    do_waiting_work()
    assert "senior-mlops-engineer-v1.pdf" in client.get(work, headers={"HX-Request": "true"}).content.decode()
    answer = client.get(client.get(address).headers["Location"])
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="senior-mlops-engineer-v1.pdf"'


def test_without_pango_the_report_is_pointed_to(
    company: Company, signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    answer = signed_in("interviewer").get(reverse("plan-report-pdf", args=[company.plan().pk]))
    assert answer.status_code == 501
    assert "You can print the report from your browser" in answer.content.decode()


def test_the_job_page_is_open_while_the_posting_is_and_sets_no_cookie(company: Company) -> None:
    plan = company.plan()
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    posting = publish(plan=plan, by=company.administrator, now=NOW)
    client = Client()
    answer = client.get(reverse("job", args=[posting.pk]))
    assert answer.status_code == 200
    assert "What you will do" in answer.content.decode()
    assert "How to apply" in answer.content.decode()
    executable = answer.content.decode().replace('<script type="application/ld+json">', "")
    assert "<script" not in executable
    assert not answer.cookies
    assert len(answer.content) < 20_000
    close(posting=posting, by=company.administrator, now=NOW)
    assert client.get(reverse("job", args=[posting.pk])).status_code == 410


def test_a_posting_cannot_bring_its_own_markup() -> None:
    from tenfold.apps.postings.presenters.writing import as_page

    page = as_page(
        "# Title\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)>", "Title"
    )
    assert "<script" not in page
    assert "<img" not in page
    assert "href" not in page


def test_pages_forbid_whatever_is_not_ours(company: Company, signed_in: Callable[[str], Client]) -> None:
    plan = company.plan()
    answer = signed_in("administrator").get(reverse("plan", args=[plan.pk]))
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    page = answer.content.decode()
    assert not re.search(r"<[^>]+\s(style|on\w+)=", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_whoever_sees_pay_is_in_the_trail(company: Company, signed_in: Callable[[str], Client]) -> None:
    plan = company.plan()
    signed_in("hiring-manager").get(reverse("plan", args=[plan.pk]))
    signed_in("recruiter").get(reverse("plan", args=[plan.pk]))
    seen = AuditEntry.objects.filter(kind="pay.seen")
    assert [entry.by for entry in seen] == [company["hiring-manager"].email]
    page = signed_in("administrator").get(reverse("trail"), {"q": "pay.seen"}).content.decode()
    assert company["hiring-manager"].email in page


@pytest.mark.parametrize("page", ["plan-report", "plan-download", "plan-version", "plan-yaml"])
def test_every_page_with_pay_notes_who_saw_it(page: str, company: Company, signed_in: Callable[[str], Client]) -> None:
    plan = company.plan()
    address = reverse(page, args=[plan.pk, 1] if page == "plan-version" else [plan.pk])
    for role in ("people-analyst", "interviewer"):
        assert signed_in(role).get(address).status_code == 200
    assert [entry.by for entry in AuditEntry.objects.filter(kind="pay.seen")] == [company["people-analyst"].email]


def test_a_shared_report_with_pay_notes_that_it_was_opened(company: Company) -> None:
    plan = company.plan()
    made = share(plan=plan, lasts=timedelta(days=1), with_pay=True, by=company.administrator, now=timezone.now())
    for _ in range(2):
        assert Client().get(reverse("shared", args=[made.token])).status_code == 200
    assert [entry.of for entry in AuditEntry.objects.filter(kind="pay.seen")] == ["sharelink"]


def test_the_example_is_three_plans_in_different_health_and_goes_with_one_button(db: None) -> None:
    opener = seed_example(now=timezone.now())
    assert seed_example(now=timezone.now()) == opener
    strips = {plan.facts_line.partition(" ·")[0]: plan.strip for plan in StoredPlan.objects.all()}
    assert set(strips["Harbour Parcel"].values()) == {"good"}
    assert strips["Lantern Books"]["timing"] == "fix"
    assert list(strips["Tidewater Claims"].values()).count("fix") >= 4
    client = Client()
    client.get(reverse("start", args=[start_token(str(opener.pk))]))
    assert "Example data." in client.get(reverse("plans")).content.decode()
    client.post(reverse("remove-example"))
    assert not Organisation.objects.exists()
    assert not User.objects.exists()
    verify_trail()


def test_the_printed_link_signs_in_nobody_real(company: Company) -> None:
    client = Client()
    assert client.get(reverse("start", args=[start_token(str(company.administrator.pk))])).status_code == 404


@pytest.mark.parametrize("name", ["plans", "members", "trail", "plan-versions", "plan-comments", "plan-share"])
def test_lists_ask_the_database_as_often_for_thirty_rows_as_for_one(
    name: str, company: Company, signed_in: Callable[[str], Client]
) -> None:
    plan = company.plan()
    client = signed_in("administrator")
    address = reverse(name, args=[plan.pk] if name.startswith("plan-") else [])
    client.get(address)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    _one_more(company, plan, 0)
    few = asked()
    for number in range(1, 30):
        _one_more(company, plan, number)
    assert asked() == few


def _one_more(company: Company, plan: StoredPlan, number: int) -> None:
    """One more row of everything that a list shows; what services would compute on the way is not the matter here."""
    who, now = company.administrator, timezone.now()
    common = {"organisation": company.organisation, "created_by": who, "created_at": now, "changed_at": now}
    StoredPlan.objects.create(title=f"Plan {number}", **common)
    PlanVersion.objects.create(plan=plan, number=number + 2, text=GOOD_PLAN, saved_by=who, saved_at=now)
    comment(plan=plan, text="Hm", by=who, now=now)
    share(plan=plan, lasts=timedelta(days=1), with_pay=False, by=who, now=now)
    _invited(company, f"{number}@x.example")


def _invited(company: Company, email: str) -> Invited:
    return invite(
        organisation=company.organisation,
        email=email,
        role="recruiter",
        sees_pay=False,
        by=company.administrator,
        now=timezone.now(),
    )


@override_settings(LIMITS_ON=True)
def test_too_many_tries_are_turned_away(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenfold.core.http.limits.timezone.now", lambda: NOW)  # one minute, however slow the machine
    client = Client(REMOTE_ADDR="203.0.113.9")
    statuses = {client.get(reverse("shared", args=["x" * 43])).status_code for _ in range(61)}
    assert statuses == {410, 429}


def test_health_says_ok_and_metrics_are_for_the_machine_itself(db: None) -> None:
    assert Client().get("/healthz").json()["status"] == "ok"
    assert b"django_http_requests" in Client(REMOTE_ADDR="127.0.0.1").get("/metrics").content
    assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics").status_code == 404
    assert (
        Client(REMOTE_ADDR="127.0.0.1").get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    )
