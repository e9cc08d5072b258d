"""Several people at the same moment, each on a connection of their own, in a database on disk as operators have it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SCRIPT = """
import threading, time
from tenfold.core.setup import set_up_django
set_up_django()
from django.core.management import call_command
from django.db import OperationalError, connections
call_command("migrate", verbosity=0)
from tenfold.apps.offers.models import AnswerKind, OfferAnswer, OfferApproval
from tenfold.apps.offers.queries.standing import is_approved
from tenfold.apps.offers.services.answering import answer_offer
from tenfold.apps.offers.services.approving import approve_offer
from tenfold.apps.offers.services.sending import send_offer
from tenfold.core.services.trail import verify_trail
from tenfold.kit.errors import UserError
from tests.company import NOW, found
from tests.factories.candidates import application_to, role_of
from tests.factories.offers import OPEN, decided, offer_to


def at_once(acts):
    gate, told = threading.Barrier(len(acts)), ["did not end"] * len(acts)

    def one(place, act):
        gate.wait()
        try:
            act()
            told[place] = ""
        except (UserError, OperationalError) as error:  # busy: a person sees the page that says so, and tries again
            told[place] = str(error) or type(error).__name__
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(acts)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    return told


company = found("Harbour Parcel")
application = application_to(role_of(company))
decided(company, application)
people = [company["administrator"], company["hiring-manager"]]
offer = offer_to(company, application, approvers=people)
told = at_once([lambda by=by: approve_offer(offer=offer, number=1, by=by, now=NOW) for by in people * 3])
print("approvals", OfferApproval.objects.count(), told.count(""), is_approved(offer.latest()))
told = at_once([lambda: send_offer(offer=offer, number=1, by=people[1], now=NOW)] * 4)
print("sendings", offer.latest().sendings.count(), told.count(""))
values = {"application": application, "number": 1, "now": OPEN, "name": "Ana Invented"}
kinds = list(AnswerKind) * 4
told = at_once([lambda kind=kind: answer_offer(kind=kind, **values) for kind in kinds])
print("answers", OfferAnswer.objects.count(), told.count(""))
verify_trail()
"""


def test_two_approvers_at_once_both_count_and_a_double_answer_counts_once(tmp_path: Path) -> None:
    ours = ("DJANGO_SETTINGS_MODULE", "TENFOLD_SECRET_KEY", "DATABASE_URL")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {"TENFOLD_HOME": str(tmp_path), "TENFOLD_LOG_LEVEL": "CRITICAL", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    assert done.stdout.splitlines()[-3:] == ["approvals 2 2 True", "sendings 1 1", "answers 1 1"]
