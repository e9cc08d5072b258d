"""Calibration, practice, own questions and fairness in a real browser, photographed and looked at by axe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.web import test_journeys as journeys
from tests.web.test_hiring_journey import browser, hiring, in_django, signed_in
from tests.web.test_journeys import PERSON, Visit

pytestmark = journeys.pytestmark
__all__ = ["browser", "hiring"]
PEOPLE = """
from datetime import timedelta
from django.utils import timezone
from tenfold.apps.candidates.models import Application, OpenRole, RejectionReason
from tenfold.apps.candidates.queries.applicant import Applicant
from tenfold.apps.candidates.services.applying import apply
from tenfold.apps.candidates.services.moves import move_applications, reject_applications
from tenfold.apps.candidates.services.privacy import identify
from tenfold.apps.interviews.services import ask_scorecards, make_kit, submit
from tenfold.core.models import Membership, User

by, now = User.objects.get(), timezone.now() - timedelta(days=5)
role = OpenRole.objects.get()
round_ = make_kit(role=role, by=by, now=now).rounds.all()[0]
made = []
for n in range(40):
    one = apply(role=role, applicant=Applicant(name=f"Nobody {n}", emails=[f"n{n}@invented.example"],
        source="referral"), now=now)
    identify(application=one, answers={"gender": "female" if n % 2 else "male", "ethnicity": "asian"}, now=now)
    made.append(one)
for n, one in enumerate(made[:3]):
    (card,) = ask_scorecards(application=one, round_=round_, interviewers=[by], by=by, now=now)
    said = {question["id"]: {"rating": 1 + (n + at) % 4, "evidence": "They drew the rollback by themselves"}
        for at, question in enumerate(round_.questions)}
    submit(scorecard=card, ratings=said, by=by, now=now)
went = [one for n, one in enumerate(made) if n % 4 != 1 and n % 5]
move_applications(applications=went, stage=role.stages.get(kind="lab"), by=by, now=now)
rows = list(Application.objects.select_related("role", "candidate").filter(pk__in=[one.pk for one in made]))
reject_applications(applications=rows, reason=RejectionReason.OTHER_CHOSEN, by=by, now=now)
"""
ANALYST = """
from tenfold.core.models import Membership
Membership.objects.update(role="people-analyst")
"""


def test_from_calibration_to_a_published_period(hiring: tuple[str, Path, str, str], browser: Any) -> None:
    address, home, _, _ = hiring
    in_django(home, PEOPLE)
    visit = signed_in(browser, address).to("/hiring/calibration/")
    visit.look("calibration")
    visit.to("/hiring/questions/").look("own-questions")
    practised(visit.to("/hiring/practice/"))
    in_django(home, ANALYST)
    visit.to("/hiring/")
    visit.page.get_by_role("link", name="Fairness").click()
    visit.look("fairness")
    published(visit)


def practised(visit: Visit) -> None:
    visit.look("practice")
    for group in visit.page.get_by_role("group", name="Rating").all():
        group.get_by_role("radio").nth(2).check()
    visit.page.get_by_role("button", name="Compare").click()
    assert "known: 4" in visit.page.inner_text("main")
    visit.look("practised")


def published(visit: Visit) -> None:
    days = visit.page.evaluate("""() => [20, 1].map(n => {
      const day = new Date(Date.now() - n * 86400000);
      return day.toISOString().slice(0, 10);
    })""")
    visit.page.get_by_label("First day").fill(days[0])
    visit.page.get_by_label("Last day").fill(days[1])
    visit.page.get_by_role("button", name="Publish").click()
    assert "will not change any more" in visit.page.inner_text("main")
    visit.look("fairness-period")
    with visit.page.expect_download() as packet:
        visit.page.get_by_role("link", name="Packet for an auditor").click()
    assert packet.value.suggested_filename.startswith("audit-packet-")
    assert PERSON not in visit.page.inner_text("main")
