"""Applications that were decided, with what their people said of themselves. Nobody of them exists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tenfold.apps.candidates.models import Application, OpenRole, RejectionReason
from tenfold.apps.candidates.services.moves import move_applications, reject_applications
from tenfold.apps.candidates.services.privacy import identify
from tenfold.apps.fairness.models import AuditPeriod
from tenfold.apps.fairness.services import publish_period
from tests.company import NOW, Company
from tests.factories.candidates import application_to

FIRST_DAY, LAST_DAY = date(2026, 11, 1), date(2026, 11, 30)
AFTER = NOW + timedelta(days=20)


def decided(
    company: Company, role: OpenRole, sexes: Sequence[str], went_on: int, *, begin: int = 0, now: datetime = NOW
) -> list[Application]:
    """One application for each of `sexes`, "" for who said nothing; the first `went_on` of them reach the lab."""
    made = [application_to(role, begin + n) for n in range(len(sexes))]
    for one, sex in zip(made, sexes, strict=True):
        identify(application=one, answers={"gender": sex, "ethnicity": "asian"} if sex else {}, now=now)
    by = company["recruiter"]
    if went_on:
        move_applications(applications=made[:went_on], stage=role.stages.get(kind="lab"), by=by, now=now)
    rows = list(Application.objects.filter(pk__in=[one.pk for one in made]).select_related("role", "candidate"))
    reject_applications(applications=rows, reason=RejectionReason.OTHER_CHOSEN, by=by, now=now)
    return rows


def published(company: Company, from_date: date = FIRST_DAY, until_date: date = LAST_DAY) -> AuditPeriod:
    return publish_period(
        organisation=company.organisation,
        from_date=from_date,
        until_date=until_date,
        by=company["people-analyst"],
        now=AFTER,
    )
