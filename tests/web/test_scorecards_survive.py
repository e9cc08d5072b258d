"""Twenty interviewers type while the server is killed, time after time: nothing that was acknowledged is lost.

The real server on SQLite, each kill with SIGKILL for it and everything it started.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.company import PASSWORD
from tests.web.test_hiring_journey import PREPARE, in_django
from tests.web.test_journeys import PERSON, ROOT, free_port, wait_for

CLIENTS, KILLS = 20, 3
TYPES_FOR_S = 4.0
TOKEN = "t" * 32
ASK = f"""
from django.conf import settings
from django.test import Client
from tenfold.apps.accounts.services import add_member, new_user
from tenfold.apps.candidates.queries.applicant import Applicant
from tenfold.apps.candidates.services.applying import apply
from tenfold.apps.interviews.services import ask_scorecards, make_kit
from tenfold.core.models import TeamRole
from tenfold.core.services.teams import set_team_member
import json

settings.ALLOWED_HOSTS = ["*"]
round_ = make_kit(role=role, by=by, now=now).rounds.all()[0]
person = Applicant(name="Kim Invented", emails=["kim@invented.example"], source="referral")
application = apply(role=role, applicant=person, now=now)
told = []
for n in range({CLIENTS}):
    user = new_user(name=f"Interviewer {{n}}", email=f"i{{n}}@northwind.example", password=None)
    member = add_member(organisation=own.organisation, user=user, role="interviewer", sees_pay=False, by=by, now=now)
    set_team_member(team=role.team, member=member, role=TeamRole.INTERVIEWER, by=by, now=now)
    (card,) = ask_scorecards(application=application, round_=round_, interviewers=[user], by=by, now=now)
    client = Client()
    client.force_login(user)
    told.append([str(card.pk), client.cookies[settings.SESSION_COOKIE_NAME].value])
print("ASKED", json.dumps([round_.questions[0]["id"], settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, told]))
"""
READ = """
from tenfold.apps.interviews.models import Scorecard
import json
said = {str(one.pk): [each.get("evidence", "") for each in one.draft.values()] for one in Scorecard.objects.all()}
print("KEPT", json.dumps(said))
"""


def environment_of(home: Path) -> dict[str, str]:
    """As an operator's: nothing of the test's own settings, on SQLite."""
    ours = ("DJANGO_SETTINGS_MODULE", "TENFOLD_SECRET_KEY", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "TENFOLD_HOME": str(home), "TENFOLD_LOG_LEVEL": "ERROR"}


@contextmanager
def killed(home: Path) -> Iterator[int]:
    """A server on a port; at the end it and everything that it started is killed without warning."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tenfold", "web", "run", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment_of(home),
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        wait_for(f"http://localhost:{port}/healthz", process)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def type_on(url: str, cookies: dict[str, str], field: str, kept: list[int]) -> None:
    """Types one number more with each save until the server is gone; notes which saves were acknowledged."""
    sent = {"X-CSRFToken": TOKEN, "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    with httpx.Client(headers=sent, timeout=20) as client:
        n = kept[-1]
        while True:
            n += 1
            try:
                answer = client.post(url, data={field: f"typed {n}", "versions": "0"})
            except httpx.HTTPError:
                return
            if answer.status_code == 200 and "Saved at" in answer.text:
                kept.append(n)


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    web = [sys.executable, "-m", "tenfold", "web"]
    environment = environment_of(tmp_path)
    subprocess.run([*web, "migrate"], env=environment, cwd=ROOT, check=True, capture_output=True)
    add = [*web, "user", "add", PERSON, "--organisation", "Northwind Foods"]
    subprocess.run(add, env=environment, cwd=ROOT, check=True, capture_output=True, input=PASSWORD.encode())
    said = in_django(tmp_path, PREPARE + ASK)
    question, session_name, csrf_name, cards = json.loads(said.partition("ASKED ")[2])
    kept: dict[str, list[int]] = {card: [0] for card, _ in cards}
    for _ in range(KILLS):
        before = sum(map(len, kept.values()))
        with killed(tmp_path) as port:
            threads = [
                threading.Thread(
                    target=type_on,
                    args=(
                        f"http://localhost:{port}/hiring/scorecards/{card}/draft/",
                        {session_name: session, csrf_name: TOKEN},
                        f"evidence:{question}",
                        kept[card],
                    ),
                )
                for card, session in cards
            ]
            for one in threads:
                one.start()
            time.sleep(TYPES_FOR_S)
        for one in threads:
            one.join(30)
        assert sum(map(len, kept.values())) >= before + CLIENTS, "hardly anything was saved, so nothing is shown"
        held = json.loads(in_django(tmp_path, READ).partition("KEPT ")[2])
        for card, numbers in kept.items():
            stored = int((held[card] or ["typed 0"])[0].removeprefix("typed "))
            assert stored >= numbers[-1], f"{card}: {numbers[-1]} was acknowledged and {stored} is kept"
            numbers.append(stored)
