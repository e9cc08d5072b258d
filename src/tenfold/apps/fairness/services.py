"""A period is published once, when it is over, and never again: no second version tells who made the difference."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from tenfold.apps.fairness.models import AuditPeriod, FairnessEvent
from tenfold.apps.fairness.queries import hash_of_period, people_of_period
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import require
from tenfold.core.seals import KEY
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError
from tenfold.practices.interviews.fairness import fairness_tables
from tenfold.practices.interviews.fairness_report import to_dict

LONGEST = timedelta(days=3 * 366)


@transaction.atomic
def publish_period(
    *, organisation: Organisation, from_date: date | None, until_date: date | None, by: User, now: datetime
) -> AuditPeriod:
    """Works out the tables of a finished period and keeps them.

    Raises:
        NotAllowed: only people analysts.
        UserError: a day is missing, the period is not over, shares a day with a published one, or nobody is in it.
    """
    require(by, "fairness.publish", organisation)
    begin, end = _period(from_date, until_date, today=localdate(now))
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    other = AuditPeriod.objects.filter(organisation=organisation, from_date__lte=end, until_date__gte=begin).first()
    if other is not None:
        raise UserError(
            f"The period from {other} is published already.",
            remedy="Two tables that share people would tell who made the difference. Begin after it, or end before it.",
        )
    people = people_of_period(organisation, begin, end)
    if not people.candidacies:
        raise UserError("No application was decided in this period.", remedy="Choose a longer one.")
    tables = fairness_tables(people.candidacies, people.steps)
    period = AuditPeriod.objects.create(
        organisation=organisation,
        from_date=begin,
        until_date=end,
        content={**to_dict(tables), "counts": dict(people.counts)},
        published_by=by,
        published_at=now,
    )
    data = {"from_date": begin.isoformat(), "until": end.isoformat(), KEY: hash_of_period(period)}
    record(kind=FairnessEvent.PUBLISHED, by=by, of=period, now=now, data=data)
    return period


def _period(from_date: date | None, until_date: date | None, *, today: date) -> tuple[date, date]:
    if from_date is None or until_date is None:
        raise UserError("Say from which day to which.", remedy="Such as the last calendar year.")
    if from_date > until_date or until_date - from_date > LONGEST:
        raise UserError("The period must end after it begins, within three years.", remedy="Change one of the days.")
    if until_date >= today:
        raise UserError(
            "This period is not over.",
            remedy="It is published once, so that everybody must be in it. Let it end yesterday or before.",
        )
    return from_date, until_date
