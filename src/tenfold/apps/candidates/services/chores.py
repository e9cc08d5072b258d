"""What the worker does each minute: mails, webhooks, duties that began, lists and people whose time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from tenfold.apps.candidates.models import Application, MeetingState
from tenfold.apps.candidates.services.duties import refresh_application_tasks
from tenfold.apps.candidates.services.imports import forget_old_imports
from tenfold.apps.candidates.services.mail import send_due
from tenfold.apps.candidates.services.privacy import erase_due
from tenfold.apps.candidates.services.webhooks import deliver_due

JUST_HELD = timedelta(hours=1)


def do_chores(now: datetime) -> None:
    send_due(now)
    deliver_due(now)
    count_from_meetings(now)
    erase_due(now)
    forget_old_imports(now)


def count_from_meetings(now: datetime) -> None:
    """Duties that count from a meeting begin once it has."""
    begun = Application.objects.filter(
        meetings__state=MeetingState.SET, meetings__starts_at__lte=now, meetings__starts_at__gt=now - JUST_HELD
    )
    for application in begun.select_related("role").distinct():
        refresh_application_tasks(application, now=now)
