"""Sockets: every route for every role, told once here; nothing is guessed, reused or hijacked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from tenfold.apps.labroom.models import LabInvitation, LabPartner, RoomTicket
from tenfold.apps.labroom.queries.links import lab_token
from tenfold.apps.labroom.services import inviting, tickets, working
from tenfold.apps.labroom.urls.sockets import SOCKETS
from tenfold.apps.labroom.views.socket import LONGEST_FIRST_FRAME
from tenfold.core.models import TeamMember
from tenfold.web.sockets import WithSockets
from tests.company import Company
from tests.factories import labs
from tests.factories.candidates import application_to, role_of

pytestmark = pytest.mark.django_db
LOOPBACK = "http://localhost:8000"
ADMITTED, REFUSED, BAD = 4409, 4403, 4400
"""No room is open in these tests, so who is let in is told that it is not open."""


def connect(
    first: Any, *, path: str = "/lab-socket/", origin: str | None = LOOPBACK, host: str = "localhost:8000"
) -> int:
    """The code that a connection ends with after its first frame; 403 where the handshake is refused."""
    return async_to_sync(_connect)(first, path, origin, host)


async def _connect(first: Any, path: str, origin: str | None, host: str) -> int:
    headers = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin is not None else [])
    frame = first if isinstance(first, dict) and "type" in first else text_frame(json.dumps(first))
    incoming = iter([{"type": "websocket.connect"}, frame, {"type": "websocket.disconnect", "code": 1005}])
    sent: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        return next(incoming)

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    async def no_application(*_: Any) -> None:
        raise AssertionError("a socket reached the pages")

    scope = {"type": "websocket", "path": path, "headers": headers, "scheme": "ws"}
    await WithSockets(no_application, SOCKETS)(scope, receive, send)
    accepted = any(one["type"] == "websocket.accept" for one in sent)
    closed = next((one["code"] for one in sent if one["type"] == "websocket.close"), 1000)
    return closed if accepted else 403


def text_frame(text: str) -> dict[str, Any]:
    return {"type": "websocket.receive", "text": text}


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is asked in the test's own thread: its transaction lives in its connection."""

    async def in_this_thread(function: Callable[..., Any], *args: Any) -> Any:
        return await sync_to_async(function, thread_sensitive=True)(*args)

    monkeypatch.setattr("tenfold.apps.labroom.views.socket.in_thread", in_this_thread)


@pytest.fixture
def lab(company: Company) -> LabInvitation:
    return labs.agreed(labs.invited(company, application_to(role_of(company)), now=timezone.now()))


def ticket_of(lab: LabInvitation, who: str, company: Company, other: Company) -> str | None:
    """A ticket by the page's own POST, as this person's browser asks for it; None where the page gives none."""
    client = Client()
    if who == "candidate":
        response = client.post(reverse("candidate-ticket", args=[lab_token(lab)]))
    else:
        if who == "stranger":
            client.force_login(other["administrator"])
        elif who != "nobody":
            client.force_login(company[who])
        response = client.post(reverse("lab-ticket", args=[lab.pk]))
    return response.json().get("ticket") if response.status_code == 200 else None


# Routes × roles ----------------------------------------------------------------------------------------------------

PEOPLE = ("nobody", "stranger", "interviewer", "people-analyst", "recruiter", "hiring-manager", "administrator")
EXPECTED: dict[str, dict[str, int]] = {
    # A ticket comes by a page, and only whoever holds one is let in: the candidate by link, and who sits in.
    "/lab-socket/": {**dict.fromkeys(PEOPLE, REFUSED), "candidate": ADMITTED, "interviewer": ADMITTED},
}


def test_every_socket_has_a_row() -> None:
    assert set(EXPECTED) == set(SOCKETS)


@pytest.mark.parametrize("path", EXPECTED)
def test_every_socket_answers_as_told(
    path: str, lab: LabInvitation, company: Company, other_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenfold.apps.labroom.views.sitting_in.session_of", lambda _: object())
    LabPartner.objects.create(invitation=lab, user=company["interviewer"], part="observer", set_at=timezone.now())
    told = {
        who: connect({"to": "room", "ticket": ticket_of(lab, who, company, other_company) or ""}, path=path)
        for who in EXPECTED[path]
    }
    assert told == EXPECTED[path]


@pytest.mark.parametrize("path", ["/", "/lab-socket", "/lab-socket/x", "/plans/", "/api/v1/", "/lab/x/room/"])
def test_what_is_no_socket_is_refused_at_the_handshake(lab: LabInvitation, path: str) -> None:
    made = tickets.make_ticket(invitation=lab, user=None, now=timezone.now())
    assert connect({"to": "room", "ticket": made}, path=path) == 403


# Hijacking ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "localhost:8000"),
        ("", "localhost:8000"),
        ("null", "localhost:8000"),
        ("https://evil.example", "localhost:8000"),
        ("http://localhost:8001", "localhost:8000"),
        ("http://localhost", "localhost:8000"),
        ("https://localhost:8000", "localhost:8000"),
        ("http://localhost:8000.evil.example", "localhost:8000"),
        ("http://[", "localhost:8000"),
        ("http://evil.example@localhost:8001", "localhost:8000"),
        ("http://evil.example", "evil.example"),
    ],
)
def test_another_site_opens_no_socket_even_with_a_good_ticket(
    lab: LabInvitation, origin: str | None, host: str
) -> None:
    made = tickets.make_ticket(invitation=lab, user=None, now=timezone.now())
    assert connect({"to": "room", "ticket": made}, origin=origin, host=host) == 403
    assert RoomTicket.objects.count() == 1  # it was not even looked at


@override_settings(SITE_URL="https://hire.northwind.example", ALLOWED_HOSTS=["hire.northwind.example"])
def test_our_own_address_behind_a_proxy_is_ours(lab: LabInvitation) -> None:
    made = tickets.make_ticket(invitation=lab, user=None, now=timezone.now())
    first = {"to": "room", "ticket": made}
    assert connect(first, origin="https://hire.northwind.example", host="hire.northwind.example") == ADMITTED


# Tickets -----------------------------------------------------------------------------------------------------------


def test_a_ticket_lets_in_once(lab: LabInvitation) -> None:
    made = tickets.make_ticket(invitation=lab, user=None, now=timezone.now())
    assert [connect({"to": "room", "ticket": made}) for _ in range(3)] == [ADMITTED, REFUSED, REFUSED]


def test_a_ticket_is_good_for_seconds(lab: LabInvitation) -> None:
    long_ago = timezone.now() - tickets.LASTS - timedelta(seconds=1)
    made = tickets.make_ticket(invitation=lab, user=None, now=long_ago)
    assert connect({"to": "room", "ticket": made}) == REFUSED


def test_only_a_hash_of_a_ticket_is_kept(lab: LabInvitation) -> None:
    made = tickets.make_ticket(invitation=lab, user=None, now=timezone.now())
    assert made not in str(RoomTicket.objects.values())


@pytest.mark.parametrize("how", ["renewed", "withdrawn", "submitted", "expired", "erased"])
def test_a_ticket_is_worth_nothing_once_the_link_is_over(company: Company, lab: LabInvitation, how: str) -> None:
    made = tickets.make_ticket(invitation=lab, user=None, now=timezone.now())
    match how:
        case "renewed":
            inviting.renew_link(invitation=lab, lasts=labs.DAYS, by=company["recruiter"], now=timezone.now())
        case "withdrawn":
            inviting.withdraw(invitation=lab, by=company["recruiter"], now=timezone.now())
        case "submitted":
            labs.submitted(lab)
        case "expired":
            LabInvitation.objects.update(expires_at=timezone.now())
        case "erased":
            LabInvitation.objects.update(erased_at=timezone.now())
    assert connect({"to": "room", "ticket": made}) == REFUSED


def _leave_team(company: Company, lab: LabInvitation) -> None:
    TeamMember.objects.filter(team=lab.team, member__user=company["interviewer"]).delete()


def _stop_sitting_in(_company: Company, lab: LabInvitation) -> None:
    LabPartner.objects.filter(invitation=lab).delete()


def _switch_off(company: Company, _lab: LabInvitation) -> None:
    person = company["interviewer"]
    person.is_active = False
    person.save()


@pytest.mark.parametrize("end_right", [_leave_team, _stop_sitting_in, _switch_off])
def test_a_colleagues_ticket_is_worth_what_their_rights_are_now(
    company: Company, lab: LabInvitation, end_right: Callable[[Company, LabInvitation], None]
) -> None:
    person = company["interviewer"]
    LabPartner.objects.create(invitation=lab, user=person, part="driver", set_at=timezone.now())
    first, second = (tickets.make_ticket(invitation=lab, user=person, now=timezone.now()) for _ in range(2))
    assert connect({"to": "room", "ticket": first}) == ADMITTED
    end_right(company, lab)
    assert connect({"to": "room", "ticket": second}) == REFUSED


def test_a_ticket_opens_no_other_session(company: Company, lab: LabInvitation) -> None:
    """What the first frame asks for besides is not believed: the ticket alone says whose room it is."""
    other = labs.agreed(labs.invited(company, application_to(lab.application.role, 1), now=timezone.now()))  # type: ignore[union-attr]
    seen: list[Any] = []
    made = tickets.make_ticket(invitation=lab, user=None, now=timezone.now())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tenfold.apps.labroom.views.socket.session_of", lambda found, **_: seen.append(found.pk))
        connect({"to": "room", "ticket": made, "invitation": str(other.pk), "session": "x", "user": "y"})
    assert seen == [lab.pk]


def test_somebody_elses_try_is_nobody_elses_room(company: Company) -> None:
    tried = working.begin_try(
        organisation=company.organisation, lab=labs.LAB, by=company["hiring-manager"], now=timezone.now()
    )
    for role in ("recruiter", "administrator", "interviewer"):
        client = Client()
        client.force_login(company[role])
        assert client.get(reverse("lab-session", args=[tried.pk])).status_code == 404
        assert client.post(reverse("lab-ticket", args=[tried.pk])).status_code == 404
        made = tickets.make_ticket(invitation=tried, user=company[role], now=timezone.now())
        assert connect({"to": "room", "ticket": made}) == REFUSED


# Frames ------------------------------------------------------------------------------------------------------------


def bad_first_frames() -> Iterable[dict[str, Any]]:
    yield {"type": "websocket.receive", "bytes": b"\x00" * 16}
    yield text_frame("")
    yield text_frame("{")
    yield text_frame("[]")
    yield text_frame('"ticket"')
    yield text_frame("[" * LONGEST_FIRST_FRAME)
    yield text_frame('{"ticket": ' + "[" * 1_900)
    yield text_frame("x" * (LONGEST_FIRST_FRAME + 1))
    yield text_frame(json.dumps({"ticket": "x" * LONGEST_FIRST_FRAME}))


@pytest.mark.parametrize("frame", list(bad_first_frames()))
def test_what_is_no_first_frame_ends_the_connection(frame: dict[str, Any], company: Company) -> None:
    assert connect(frame) == BAD


@pytest.mark.parametrize("ticket", [None, 7, [], {}, "", "x", "x" * 1_000, "\x00", "\ud800", "é"])
def test_what_is_no_ticket_lets_nobody_in(ticket: Any, company: Company) -> None:
    assert connect({"to": "room", "ticket": ticket}) == REFUSED
    assert connect({"to": "terminal"}) == REFUSED
