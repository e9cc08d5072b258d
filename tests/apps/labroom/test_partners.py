"""Greenhouse and Ashby order labs and read results: clients written from their documents; results go out over HTTP.

The clients take nothing but the shapes of the documents. All people are invented.
"""

from __future__ import annotations

import base64
import http.server
import ipaddress
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tenfold.apps.candidates.models import OpenRole
from tenfold.apps.labroom.models import LabInvitation, PartnerKey, PartnerOrder
from tenfold.apps.labroom.services import partners, reviewing
from tenfold.core.fetching import Fetcher
from tenfold.core.models import AuditEntry, TeamMember
from tenfold.core.permissions import NotAllowed
from tenfold.kit.errors import UserError
from tests.company import NOW, Company
from tests.factories.candidates import application_to, role_of
from tests.factories.labs import asked_reviews, handed_in_review, submitted

THEIRS = "key-that-the-other-system-gave"
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
CANDIDATE = {"first_name": "Quillon", "last_name": "Vexworth", "email": "quillon@invented.example"}
REPLY = "https://app.greenhouse.io/integrations/testing_partners/take_home_tests/1"


class PartnerClient:
    """Asks as a system does: Basic with the key as user and no password."""

    def __init__(self, base: str, key: str) -> None:
        self.base, self.key = base, key

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        basic = "Basic " + base64.b64encode(f"{self.key}:".encode()).decode()
        data = b"" if body is None else json.dumps(body).encode()
        client = Client(enforce_csrf_checks=True)
        answer = client.generic(method, self.base + path, data, "application/json", headers={"Authorization": basic})
        assert answer["Content-Type"] == "application/json"
        return answer.status_code, json.loads(answer.content)


class Listener:
    """Where the other system is told: notes what comes, and refuses as often as it is asked to."""

    def __init__(self) -> None:
        self.came: list[tuple[str, str, str, bytes]] = []
        self.refuses = 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def _take(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.came.append((self.command, self.path, self.headers["Authorization"], body))
                status, outer.refuses = (503, outer.refuses - 1) if outer.refuses else (200, 0)
                self.send_response(status)
                self.end_headers()

            do_PATCH = do_POST = _take  # noqa: N815

            def log_message(self, *words: object) -> None:
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def tell(self, now: Any) -> int:
        return partners.tell_due(now, fetcher=Fetcher(also=LOOPBACK), ashby=f"{self.address}/assessment.update")


@pytest.fixture
def listener() -> Iterator[Listener]:
    one = Listener()
    yield one
    one.server.shutdown()
    one.server.server_close()


@pytest.fixture
def role(company: Company) -> OpenRole:
    return application_to(role_of(company)).role


def key_for(company: Company, role: OpenRole, system: str) -> tuple[PartnerKey, str]:
    return partners.make_key(team=role.team, system=system, their_key=THEIRS, by=company.administrator, now=NOW)


@pytest.fixture
def greenhouse(company: Company, role: OpenRole) -> PartnerClient:
    return PartnerClient("/partners/greenhouse/", key_for(company, role, "greenhouse")[1])


@pytest.fixture
def ashby(company: Company, role: OpenRole) -> PartnerClient:
    return PartnerClient("/partners/ashby/", key_for(company, role, "ashby")[1])


def is_flat(metadata: Any) -> bool:
    return isinstance(metadata, dict) and all(isinstance(one, str | int | float | bool) for one in metadata.values())


def sent(greenhouse: PartnerClient, lab: str, **more: Any) -> tuple[int, Any]:
    body = {"partner_test_id": lab, "candidate": {**CANDIDATE, "greenhouse_profile_url": REPLY}, "url": REPLY}
    return greenhouse.ask("POST", "send_test", {**body, **more})


def signed(company: Company, lab: LabInvitation) -> None:
    submitted(lab)
    for one in asked_reviews(company, lab, company["recruiter"], company["hiring-manager"]):
        handed_in_review(one)
    reviewing.sign_verdict(
        invitation=lab,
        verdict="meets",
        reasons="Both reviewers saw hypotheses tested from counters",
        discussion="",
        by=company["hiring-manager"],
        now=NOW,
    )


def test_greenhouse_from_the_list_to_the_result(
    company: Company, greenhouse: PartnerClient, listener: Listener
) -> None:
    status, tests = greenhouse.ask("GET", "list_tests")
    assert (status, {frozenset(one) for one in tests}) == (200, {frozenset({"partner_test_id", "partner_test_name"})})
    lab = next(one["partner_test_id"] for one in tests if one["partner_test_id"] == "slow-inference")
    status, made = sent(greenhouse, lab)
    assert (status, list(made)) == (200, ["partner_interview_id"])
    assert isinstance(made["partner_interview_id"], str)
    assert [one.to for one in mail.outbox] == [["quillon@invented.example"]]
    assert sent(greenhouse, lab) == (200, made)  # sent again: one invitation, one mail
    assert (LabInvitation.objects.count(), len(mail.outbox)) == (1, 1)
    asked = f"test_status?partner_interview_id={made['partner_interview_id']}"
    status, told = greenhouse.ask("GET", asked)
    assert (status, told["partner_status"], told["partner_score"]) == (200, "invited", None)
    PartnerOrder.objects.update(reply_to=f"{listener.address}/interview/1")  # as Greenhouse's, which is https
    invitation = LabInvitation.objects.get()
    submitted(invitation)
    assert listener.tell(NOW) == 1
    assert listener.came == []  # nothing before it is complete
    signed(company, invitation)
    listener.refuses = 1
    assert listener.tell(NOW) == 0
    assert listener.tell(NOW) == 0  # not at once again
    assert listener.tell(NOW + timedelta(minutes=5)) == 1
    basic = "Basic " + base64.b64encode(f"{THEIRS}:".encode()).decode()
    assert listener.came == [("PATCH", "/interview/1", basic, b"")] * 2
    assert listener.tell(NOW + timedelta(days=2)) == 0
    status, told = greenhouse.ask("GET", asked)
    assert set(told) == {"partner_status", "partner_profile_url", "partner_score", "metadata"}
    assert (status, told["partner_status"], is_flat(told["metadata"])) == (200, "complete", True)
    assert told["partner_profile_url"].endswith(f"/hiring/labs/{invitation.pk}/")
    status, _ = greenhouse.ask("POST", "response_error", {"api_call": "test_status", "errors": ["partner_score"]})
    assert status == 200
    assert AuditEntry.objects.filter(kind="lab.partner-problem").exists()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"partner_test_id": "no-such-lab"}, 404),
        ({"url": "http://inside.example/"}, 422),
        ({"url": ""}, 422),
        ({"candidate": {**CANDIDATE, "email": "none"}}, 422),
        ({"candidate": "Quillon"}, 422),
    ],
)
def test_what_greenhouse_sends_wrongly_is_told_and_invites_nobody(
    greenhouse: PartnerClient, change: dict[str, Any], status: int
) -> None:
    code, told = sent(greenhouse, "slow-inference", **change)
    assert (code, bool(told["errors"])) == (status, True)
    assert not LabInvitation.objects.exists()


def is_blob(value: Any) -> bool:
    kinds = {"numeric_score", "numeric_duration_minutes", "url", "string", "boolean_success"}
    needs = {"identifier", "label", "type", "value"}
    return isinstance(value, dict) and needs <= set(value) <= {*needs, "description"} and value["type"] in kinds


def started(ashby: PartnerClient, lab: str, application: str = "a-1") -> tuple[int, Any]:
    body = {
        "assessment_type_id": lab,
        "candidate": {**CANDIDATE, "ashby_id": "c-1", "ashby_profile_url": "https://app.ashbyhq.com/c-1"},
        "application": {"ashby_id": application, "status": "Active"},
        "job": {"ashby_id": "j-1", "name": "MLOps engineer", "ashby_job_url": "https://app.ashbyhq.com/j-1"},
    }
    return ashby.ask("POST", "assessment.start", body)


def test_ashby_from_the_list_to_the_result(company: Company, ashby: PartnerClient, listener: Listener) -> None:
    status, told = ashby.ask("POST", "assessment.list", {})
    assert (status, told["success"]) == (200, True)
    assert {frozenset(one) for one in told["results"]} == {frozenset({"assessment_type_id", "name", "description"})}
    status, told = started(ashby, "slow-inference")
    assert (status, told["success"], list(told["results"])) == (200, True, ["assessment_id"])
    assert started(ashby, "slow-inference")[0] == 409
    assert started(ashby, "slow-inference", "a-2")[0] == 200
    status, problem = started(ashby, "no-such-lab")
    assert (status, "message" in problem) == (422, True)
    invitation = LabInvitation.objects.get(pk=told["results"]["assessment_id"])
    submitted(invitation)
    assert listener.tell(NOW) == 1
    signed(company, invitation)
    assert listener.tell(NOW) == 1
    bodies = [json.loads(body) for _, _, _, body in listener.came]
    assert [path for _, path, _, _ in listener.came] == ["/assessment.update"] * 2
    assert [one["assessment_status"]["value"] for one in bodies] == ["in review", "complete"]
    assert ["assessment_result" in one for one in bodies] == [False, True]  # a result says that it is done
    for one in bodies:
        assert one["assessment_id"] == str(invitation.pk)
        assert one["timestamp"] == int(NOW.timestamp() * 1000)
        assert all(
            is_blob(value) for name, value in one.items() if name.startswith("assessment_") and name[11:] != "id"
        )
        assert all(map(is_blob, one["metadata"]))


def test_ashby_cancels_what_it_started_and_nothing_that_is_in(ashby: PartnerClient, listener: Listener) -> None:
    first, second = (started(ashby, "slow-inference", name)[1]["results"]["assessment_id"] for name in ("a", "b"))
    assert ashby.ask("POST", "assessment.cancel", {"assessment_id": first}) == (
        200,
        {"success": True, "results": {"assessment_id": first}},
    )
    assert LabInvitation.objects.get(pk=first).withdrawn_at is not None
    submitted(LabInvitation.objects.get(pk=second))
    assert ashby.ask("POST", "assessment.cancel", {"assessment_id": second})[0] == 422
    assert ashby.ask("POST", "assessment.cancel", {"assessment_id": "none"})[0] == 404
    listener.tell(NOW)
    told = [json.loads(body) for _, _, _, body in listener.came]
    assert [is_blob(one["cancelled_reason"]) for one in told if "cancelled_reason" in one] == [True]


def test_a_key_opens_its_own_orders_in_its_own_system_for_as_long_as_it_stands(
    company: Company, role: OpenRole, greenhouse: PartnerClient
) -> None:
    made = sent(greenhouse, "slow-inference")[1]["partner_interview_id"]
    other, secret = key_for(company, role, "greenhouse")
    neighbour = PartnerClient(greenhouse.base, secret)
    assert neighbour.ask("GET", f"test_status?partner_interview_id={made}")[0] == 404
    assert PartnerClient("/partners/ashby/", secret).ask("POST", "assessment.list", {})[0] == 401
    assert PartnerClient(greenhouse.base, other.key_hash).ask("GET", "list_tests")[0] == 401
    partners.remove_key(key=other, by=company.administrator, now=NOW)
    assert neighbour.ask("GET", "list_tests")[0] == 401
    with pytest.raises(NotAllowed):
        key_for_as(company, role, "recruiter")
    with pytest.raises(UserError):
        partners.make_key(team=role.team, system="other", their_key=THEIRS, by=company.administrator, now=NOW)


def key_for_as(company: Company, role: OpenRole, who: str) -> None:
    partners.make_key(team=role.team, system="ashby", their_key=THEIRS, by=company[who], now=NOW)


def test_a_key_is_worth_what_its_maker_may_now(company: Company, greenhouse: PartnerClient) -> None:
    company.administrator.memberships.all().delete()
    TeamMember.objects.filter(member__user=company.administrator).delete()
    assert sent(greenhouse, "slow-inference")[0] == 401
    assert not LabInvitation.objects.exists()
