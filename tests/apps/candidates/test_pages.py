"""Pages of hiring: what each role in a team sees, equal numbers of queries, forms without scripts, lists, calendars."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.core import mail as outbox
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from tenfold.apps.candidates.forms.files import kind_of
from tenfold.apps.candidates.forms.roles import local_time
from tenfold.apps.candidates.models import (
    Application,
    Candidate,
    CandidateImport,
    DeliveryState,
    IncomingMail,
    Meeting,
    OpenRole,
    OutgoingMail,
    WebhookDelivery,
)
from tenfold.apps.candidates.queries.funnel import funnel
from tenfold.apps.candidates.queries.importing import day_in, read_list
from tenfold.apps.candidates.queries.mailtext import status_token
from tenfold.apps.candidates.services.mail import send_due
from tenfold.apps.candidates.services.meetings import cancel_meeting, move_meeting, offer_slots, set_meeting
from tenfold.apps.candidates.services.moves import move_applications
from tenfold.apps.candidates.services.webhooks import deliver_due, replay, save_endpoint
from tenfold.apps.plans.services import approve
from tenfold.apps.postings.services import publish
from tenfold.core.fetching import NotFetched
from tenfold.kit.errors import UserError
from tenfold.web.example.seed import seed_example
from tests.company import NOW, Company
from tests.factories.candidates import application_to, applications_to, people_in, role_in_team, role_of

SignedIn = Callable[[str], Client]


def published(company: Company) -> tuple[OpenRole, str]:
    """An open role whose posting is public, and the address of its form."""
    plan = company.plan()
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    posting = publish(plan=plan, by=company.administrator, now=NOW)
    type(posting).objects.filter(pk=posting.pk).update(last_date=None)
    return role_in_team(company, plan), reverse("apply", args=[posting.pk])


FORM = {"name": "Quillon Vexworth", "email": "quillon@invented.example", "letter": "Good morning"}


def test_somebody_applies_without_scripts_or_cookies_and_withdraws(company: Company) -> None:
    role, address = published(company)
    browser = Client()
    cv = SimpleUploadedFile("my cv.exe", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\nendobj\ntrailer\n%%EOF")
    answer = browser.post(address, {**FORM, "cv": cv}, follow=True)
    assert "Thank you" in answer.content.decode()
    assert browser.cookies == {}
    one = Application.objects.get(role=role)
    assert [file.name for file in one.files.all()] == ["my cv.pdf"]
    send_due(timezone.now())
    found = re.search(r"/candidate/[^/\s]+/", str(outbox.outbox[-1].body))
    assert found is not None
    page = found[0]
    assert "Read the application" in browser.get(page).content.decode()
    assert browser.post(page, {"do": "withdraw"}, follow=True).status_code == 200
    one.refresh_from_db()
    assert one.state == "withdrawn"
    assert browser.get(page)["Cache-Control"] == "no-store"


def test_who_applies_twice_looks_the_same_from_outside(company: Company) -> None:
    _, address = published(company)
    first, second = (Client().post(address, FORM) for _ in range(2))
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert Application.objects.count() == 1


def test_programs_that_fill_in_everything_are_thanked_and_forgotten(company: Company) -> None:
    _, address = published(company)
    assert Client().post(address, {**FORM, "website": "x"}).status_code == 302
    assert not Candidate.objects.exists()


@override_settings(LIMITS_ON=True)
def test_one_address_sends_only_so_many(company: Company) -> None:
    _, address = published(company)
    codes = [
        Client().post(address, {**FORM, "email": f"p{n}@x.example", "name": f"P {n}"}).status_code for n in range(12)
    ]
    assert (codes.count(302), codes.count(429)) == (10, 2)


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\n", ".pdf"),
        (b"Plain words", ".txt"),
        (b"{\\rtf1 hello}", ".rtf"),
        (b"<!DOCTYPE html><script>alert(1)</script>", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"MZ\x90\x00\x03", ""),
        (b"\x89PNG\r\n\x1a\n", ""),
        (b"PK\x03\x04 broken", ""),
        (b"\x00\x01\x02", ""),
    ],
)
def test_what_a_file_is_follows_from_its_content(content: bytes, ending: str) -> None:
    assert kind_of(content) == ending


def test_an_archive_is_word_only_with_words_inside() -> None:
    def packed(*names: str) -> bytes:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            for name in names:
                archive.writestr(name, "x")
        return held.getvalue()

    assert kind_of(packed("[Content_Types].xml", "word/document.xml")) == ".docx"
    assert kind_of(packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")) == ""
    assert kind_of(packed("evil.exe")) == ""


def test_the_board_asks_the_database_equally_often_for_1_30_and_300_people(
    company: Company, signed_in: SignedIn
) -> None:
    role, client = role_of(company), signed_in("recruiter")
    client.get(reverse("role", args=[role.pk]))  # the first page after signing in notes that the session is used
    counts: dict[str, set[int]] = {"board": set(), "table": set(), "closed": set()}
    for first, last in ((0, 1), (1, 30), (30, 300)):
        for n in range(first, last):
            application_to(role, n)
        for view, seen in counts.items():
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(reverse("role", args=[role.pk]), {"view": view})
            seen.add(len(asked))
            assert answer.status_code == 200
    assert {view: len(seen) for view, seen in counts.items()} == {"board": 1, "table": 1, "closed": 1}
    assert len(client.get(reverse("role", args=[role.pk])).content) < 200_000


def test_the_table_of_ids_opens_nothing_for_another_company(
    company: Company, other_company: Company, signed_in: SignedIn
) -> None:
    """Every id of one company, asked for by the administrator of another at every address that takes one."""
    from tests.web.test_who_may_open_what import patterns

    held = people_in(company, role_of(company))
    role_of(other_company)
    ids = {value for value in vars(held).values() if not isinstance(value, Application)}
    ids |= {held.application.pk, held.application.role_id, held.application.candidate_id}
    client, opened = Client(), []
    client.force_login(other_company["administrator"])
    names = {str(one.name) for one in patterns(get_resolver()) if "hiring/" in str(one.pattern)}
    for address in addresses(sorted(names), ids):
        for answer in (client.get(address), client.post(address, {"ids": str(held.application.pk)})):
            if answer.status_code not in (404, 405):
                opened.append((address, answer.status_code))  # noqa: PERF401 - two requests an address
    assert opened == []
    assert len(names) > 30


def addresses(names: list[str], ids: set[object]) -> Iterator[str]:
    """Every address of these names, with every id in each of its places."""
    for name in names:
        for one in ids:
            for arguments in ([one], [one, one]):
                with suppress(NoReverseMatch):  # this address takes another number of ids
                    yield reverse(name, args=arguments)


def test_whoever_only_meets_somebody_sees_no_pipeline_mail_or_notes(company: Company, signed_in: SignedIn) -> None:
    held = people_in(company, role_of(company))
    page = signed_in("interviewer").get(reverse("application", args=[held.application.pk])).content.decode()
    assert "Ana Adeyemi" in page
    for hidden in ("person0@invented.example", "What happened", "Notes", "More time"):
        assert hidden not in page


def test_a_rejection_shows_what_will_be_sent_and_is_taken_back(company: Company, signed_in: SignedIn) -> None:
    role = role_of(company)
    one = application_to(role)
    client = signed_in("recruiter")
    address = reverse("reject-applications", args=[role.pk])
    preview = client.get(address, {"ids": str(one.pk)}).content.decode()
    assert "Hello Ana" in preview
    template = one.role.organisation.mail_templates.get(kind="rejection")
    sent = {"ids": str(one.pk), "do": "reject", "reason": "lab", "template": str(template.pk)}
    page = client.post(address, sent, follow=True)
    card = client.get(reverse("application", args=[one.pk])).content.decode()
    for shown in (preview, card):  # whoever holds the candidate's link acts as the candidate
        assert "[the link to their own page]" in shown
        assert "/candidate/" not in shown
    assert "Take back" in page.content.decode()
    batch = one.moves.latest("number").batch
    client.post(reverse("undo-batch", args=[role.pk, batch]))
    one.refresh_from_db()
    assert one.state == "open"
    assert set(OutgoingMail.objects.filter(move__isnull=False).values_list("state", flat=True)) == {"taken-back"}


def test_a_text_with_a_gap_that_nothing_fills_is_not_saved(company: Company, signed_in: SignedIn) -> None:
    role_of(company)
    sent = {"name": "New", "kind": "other", "subject": "Hi {salary}", "body": "x"}
    answer = signed_in("recruiter").post(reverse("mail-texts"), sent)
    assert answer.status_code == 422
    assert not company.organisation.mail_templates.filter(name="New").exists()


# Lists ------------------------------------------------------------------------------------------


def test_five_hundred_rows_are_corrected_and_imported(company: Company, signed_in: SignedIn) -> None:
    role = role_of(company)
    rows = [["Vorname", "Nachname", "E-Mail", "Phase", "Datum"]]
    rows += [[f"Anna{n}", "Muster", f"anna{n}@invented.example", "Lab", "18.11.2026"] for n in range(500)]
    rows[7][2], rows[9][3], rows[11][0], rows[11][1] = "no address", "Nowhere", "", ""
    text = "\n".join(";".join(row) for row in rows)
    client = signed_in("recruiter")
    upload = SimpleUploadedFile("liste.csv", text.encode("cp1252"))
    answer = client.post(reverse("new-candidate-import", args=[role.pk]), {"file": upload}, follow=True)
    page = answer.content.decode()
    assert "497 people can be imported" in page
    waiting = CandidateImport.objects.get()
    address = reverse("candidate-import", args=[waiting.pk])
    client.post(
        address, {"do": "repair", "8:email": "anna6@invented.example", "10:stage": "Interviews", "12:name": "Kim"}
    )
    assert "500 people can be imported" in client.get(address).content.decode()
    client.post(address, {"do": "import"})
    assert Application.objects.filter(role=role).count() == 500
    assert set(Application.objects.values_list("stage__kind", flat=True)) == {"lab", "interview"}
    waiting.refresh_from_db()
    assert (waiting.imported, waiting.skipped, waiting.rows) == (500, 0, "")
    send_due(timezone.now() + timedelta(days=1))
    assert outbox.outbox == [], "nobody who is imported is written to"


def test_exports_of_other_systems_are_read_by_their_documents() -> None:
    """Invented people, in the shapes that the two systems document.

    Greenhouse: “Harvest API v3”, candidates and applications (developers.greenhouse.io). Ashby: “application.list”
    (developers.ashbyhq.com).
    """
    greenhouse = {
        "candidates": [
            {
                "id": 17,
                "first_name": "Ada",
                "last_name": "Example",
                "email_addresses": [{"value": "ada@invented.example", "type": "personal"}],
                "phone_numbers": [{"value": "+1 303 555 0100", "type": "mobile"}],
            }
        ],
        "applications": [
            {"id": 5, "candidate_id": 17, "stage_name": "Lab", "source": {"public_name": "Referral"},
             "created_at": "2026-11-01T10:00:00Z"},
            {"id": 6, "candidate_id": 17, "stage_name": "Offer", "created_at": "2026-11-02T10:00:00Z"},
        ],
    }  # fmt: skip
    read = read_list("harvest.json", json.dumps(greenhouse).encode())
    assert (read.shape, [row["stage"] for row in read.rows]) == ("greenhouse-v3", ["Lab", "Offer"])
    assert read.rows[0]["source"] == "Referral"
    ashby = {
        "success": True,
        "results": [
            {
                "id": "a-1",
                "createdAt": "2026-11-01T10:00:00.000Z",
                "candidate": {
                    "id": "c-1",
                    "name": "Ada Example",
                    "primaryEmailAddress": {"value": "ada@invented.example"},
                },
                "currentInterviewStage": {"title": "Lab"},
                "source": {"title": "LinkedIn"},
            }
        ],
    }
    read = read_list("ashby.json", json.dumps(ashby).encode())
    (row,) = read.rows
    assert (read.shape, row["name"], row["email"], row["stage"]) == (
        "ashby",
        "Ada Example",
        "ada@invented.example",
        "Lab",
    )
    for wrong in (b"[]", b"{", b'{"x": 1}', b"\xff"):
        with pytest.raises(UserError):
            read_list("x.json", wrong)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-11-18", "2026-11-18"), ("18.11.2026", "2026-11-18"), ("25/12/2026", "2026-12-25"), ("03/04/2026", None),
     ("04/04/2026", "2026-04-04"), ("soon", None)],
)  # fmt: skip
def test_a_day_that_may_be_read_in_two_ways_is_not_read(text: str, day: str | None) -> None:
    read = day_in(text)
    assert (read.date().isoformat() if read else None) == day


def test_nothing_that_somebody_typed_runs_in_a_spreadsheet(company: Company, signed_in: SignedIn) -> None:
    role = role_of(company)
    application_to(role, name="=HYPERLINK(1)", phones=["+49 30 1234567"])
    text = signed_in("recruiter").get(reverse("export-candidates", args=[role.pk])).content.decode()
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


# Calendars and mail -----------------------------------------------------------------------------


def test_a_second_reader_reads_the_invitations_and_their_next_versions(company: Company) -> None:
    role = role_of(company)
    one, by, now = application_to(role), company["recruiter"], timezone.now()
    at = datetime(2030, 7, 1, 15, 0, tzinfo=UTC)
    panel = [company["interviewer"], company["hiring-manager"]]
    meeting = set_meeting(
        application=one, title="Interview", starts_at=at, minutes=45, place="Room", panel=panel, by=by, now=now
    )
    move_meeting(meeting=meeting, starts_at=at + timedelta(hours=1), by=by, now=now)
    cancel_meeting(meeting=meeting, by=by, now=now)
    send_due(now + timedelta(minutes=1))
    parts = [
        (message.to[0], alternative)
        for message in outbox.outbox
        for alternative in getattr(message, "alternatives", ())
    ]
    read = [(to, vobject.readOne(str(part[0])), str(part[1])) for to, part in parts]
    assert [str(calendar.method.value) for _, calendar, _ in read].count("CANCEL") == 3
    for to in ("person0@invented.example", panel[0].email):
        versions = [(c.method.value, int(c.vevent.sequence.value), c.vevent.uid.value) for t, c, _ in read if t == to]
        assert [version[:2] for version in sorted(versions, key=lambda v: v[1])] == [
            ("REQUEST", 0), ("REQUEST", 1), ("CANCEL", 2)
        ]  # fmt: skip
        assert len({uid for _, _, uid in versions}) == 1
    of_candidate = [c.serialize() for to, c, _ in read if to == "person0@invented.example"]
    assert all(person.email not in text for person in panel for text in of_candidate), "the panel is not named"
    of_panel = [c.serialize() for to, c, _ in read if to != "person0@invented.example"]
    assert all("person0@" not in text for text in of_panel)
    assert all(f"method={c.method.value}" in kind for _, c, kind in read)
    first = next(c for _, c, _ in read if int(c.vevent.sequence.value) == 0)
    assert (first.vevent.dtstart.value, first.vevent.dtend.value - first.vevent.dtstart.value) == (
        at,
        timedelta(minutes=45),
    )


@override_settings(INCOMING_MAIL_TOKEN="a secret of the tests", REPLY_DOMAIN="replies.example")  # noqa: S106 - of the tests
def test_an_answer_and_a_calendar_reply_find_their_places(company: Company) -> None:
    role = role_of(company)
    one, now = application_to(role), timezone.now()
    meeting = set_meeting(
        application=one, title="Talk", starts_at=now + timedelta(days=2), minutes=30, place="",
        panel=[company["interviewer"]], by=company["recruiter"], now=now,
    )  # fmt: skip
    sent = one.mails.filter(calendar_method="REQUEST", to_user=None).get()
    reply = str(sent.calendar).replace("METHOD:REQUEST", "METHOD:REPLY").replace("NEEDS-ACTION", "ACCEPTED")
    raw = (
        "From: person0@invented.example\r\nTo: x@replies.example\r\nSubject: Accepted\r\nMessage-ID: <r1@x.example>\r\n"
        f"In-Reply-To: {sent.message_id}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nGladly\r\n'
        f"--b\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n{reply}\r\n--b--\r\n"
    ).encode()
    send: dict[str, Any] = {"data": raw, "content_type": "message/rfc822"}
    client = Client()
    assert client.post(reverse("mail-in"), **send).status_code == 401
    for _ in range(2):
        headers = {"Authorization": "Bearer a secret of the tests"}
        assert client.post(reverse("mail-in"), headers=headers, **send).status_code == 204
    assert [(mail.application_id, mail.text.strip()) for mail in IncomingMail.objects.all()] == [(one.pk, "Gladly")]
    assert Meeting.objects.get(pk=meeting.pk).candidate_answer == "accepted"


def test_a_candidate_chooses_one_of_the_times_and_nobody_else_can(company: Company) -> None:
    one, now = application_to(role_of(company)), timezone.now()
    starts = [now + timedelta(days=2), now + timedelta(days=3)]
    meeting = offer_slots(
        application=one, title="Talk", starts=starts, minutes=30, place="", panel=[company["interviewer"]],
        by=company["recruiter"], now=now,
    )  # fmt: skip
    page, slots = f"/candidate/{status_token(one)}/", list(meeting.slots.all())
    client = Client()
    assert "Choose a time" in client.get(page).content.decode()
    assert client.post(page, {"do": "choose", "slot": str(slots[1].pk)}).status_code == 302
    assert client.post(page, {"do": "choose", "slot": str(slots[0].pk)}).status_code == 422
    meeting.refresh_from_db()
    assert (meeting.state, meeting.starts_at) == ("set", starts[1])


def test_a_time_that_clocks_leave_out_is_refused() -> None:
    assert local_time("2026-12-01 14:30", "Europe/Berlin") == datetime(
        2026, 12, 1, 14, 30, tzinfo=ZoneInfo("Europe/Berlin")
    )
    from django.forms import ValidationError

    for wrong in ("2027-03-28 02:30", "tomorrow"):
        with pytest.raises(ValidationError):
            local_time(wrong, "Europe/Berlin")


# Webhooks, figures, the example -----------------------------------------------------------------


def test_webhooks_verify_by_the_reference_are_tried_again_and_replayed(company: Company) -> None:
    role = role_of(company)
    endpoint, secret = save_endpoint(
        organisation=company.organisation, url="https://hooks.example/x", kinds=["application.received"],
        by=company.administrator, now=NOW,
    )  # fmt: skip
    application_to(role, name="Quillon Vexworth")
    seen: list[tuple[bytes, dict[str, str]]] = []
    answers = iter([0, 500, 204, 204])

    def post(_url: str, body: bytes, headers: dict[str, str]) -> int:
        seen.append((body, headers))
        status = next(answers)
        if not status:
            raise NotFetched("away")
        return status

    at = timezone.now()
    for minutes in (0, 0.02, 0.2, 10, 600):
        deliver_due(at + timedelta(minutes=minutes), post=post)
    (delivery,) = WebhookDelivery.objects.all()
    assert (delivery.state, delivery.tries) == (DeliveryState.DONE, 3)
    replay(delivery=delivery, by=company.administrator, now=at)
    deliver_due(at, post=post)
    assert len({headers["webhook-id"] for _, headers in seen}) == 1
    body, headers = seen[0]
    told = Webhook(secret).verify(body, headers)
    assert told["type"] == "application.received"
    assert b"Quillon" not in body
    assert endpoint.kinds == ["application.received"]


def test_the_funnel_counts_standing_moves_only(company: Company) -> None:
    role = role_of(company)
    many = applications_to(role, 20)
    by = company["recruiter"]
    done = move_applications(
        applications=many[:12], stage=role.stages.get(kind="lab"), by=by, now=NOW + timedelta(days=2)
    )
    from tenfold.apps.candidates.services.moves import undo_batch

    before = funnel(role)
    assert [step.reached for step in before.steps] == [20, 12, 12, 0, 0, 0]
    undo_batch(role=role, batch=done.id, by=by, now=NOW + timedelta(days=3))
    after = funnel(role)
    assert [step.reached for step in after.steps] == [20, 0, 0, 0, 0, 0]
    assert (sum(line.n for line in after.sources), after.n) == (20, 20)


def test_the_example_shows_three_roles_and_sixty_people_who_do_not_exist(db: None) -> None:
    person = seed_example(now=timezone.now())
    roles = OpenRole.objects.filter(organisation__is_example=True)
    assert (roles.count(), Candidate.objects.count()) == (3, 61)  # one of them twice, to be merged
    client = Client()
    client.force_login(person)
    assert "Example data" in client.get(reverse("roles")).content.decode()
    assert client.get(reverse("duplicates")).content.decode().count("They are the same person") >= 1
    states = set(Application.objects.values_list("state", flat=True))
    assert states == {"open", "rejected", "withdrawn", "hired"}


def test_a_meeting_is_moved_from_the_card_in_the_meetings_own_zone(company: Company, signed_in: SignedIn) -> None:
    role = role_of(company)
    one, by, now = application_to(role), company["recruiter"], timezone.now()
    at = datetime(2030, 7, 1, 15, 0, tzinfo=UTC)
    meeting = set_meeting(
        application=one, title="Interview", starts_at=at, minutes=45, place="Room", panel=[by], by=by, now=now
    )
    address, client = reverse("move-meeting", args=[meeting.pk]), signed_in("recruiter")
    client.post(address, {"time": "2030-07-02T09:30"})
    meeting.refresh_from_db()
    assert meeting.starts_at is not None
    assert f"{meeting.starts_at.astimezone(ZoneInfo(meeting.zone)):%Y-%m-%d %H:%M}" == "2030-07-02 09:30"
    assert meeting.sequence == 1
    for wrong, words in (("tomorrow", "is not a time"), ("2001-01-01T09:00", "only to a time to come")):
        page = client.post(address, {"time": wrong}, follow=True).content.decode()
        assert words in page
    meeting.refresh_from_db()
    assert meeting.sequence == 1


def test_a_candidate_reads_times_in_a_zone_of_their_choice(company: Company, client: Client) -> None:
    role = role_of(company)
    one, by, now = application_to(role), company["recruiter"], timezone.now()
    starts = [datetime(2030, 7, 1, 15, 0, tzinfo=UTC), datetime(2030, 7, 2, 15, 0, tzinfo=UTC)]
    offer_slots(application=one, title="Interview", starts=starts, minutes=45, place="", panel=[by], by=by, now=now)
    address = reverse("candidate-status", args=[status_token(one)])
    ours = client.get(address).content.decode()
    theirs = client.get(address, {"zone": "Asia/Kolkata"}).content.decode()
    nowhere = client.get(address, {"zone": "Mars/Olympus"}).content.decode()
    assert "1 July 2030, 20:30 (Asia/Kolkata)" in theirs
    assert "Asia/Kolkata)" not in ours
    assert f"({role.zone})" in nowhere
