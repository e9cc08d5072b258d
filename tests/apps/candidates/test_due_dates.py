"""Who is left out before law is asked would not have been due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tenfold.apps.candidates.models import Application, OpenRole
from tenfold.apps.candidates.queries import retention

PLACES = [[], ["DE"], ["FR"], ["AT"], ["US-NY"], ["US-CA"], ["GB"], ["CH"], ["NL"], ["DE", "US-NY"], ["ES"], ["IT"]]
TODAYS = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 8, 31), date(2026, 11, 30), date(2028, 2, 29)]


@pytest.mark.parametrize("places", PLACES, ids=str)
def test_nobody_who_is_due_is_left_out(places: list[str]) -> None:
    role = OpenRole(places=places)
    for today in TODAYS:
        now = datetime.combine(today, time(0, 30), tzinfo=UTC)
        limit = retention._never_due_after(now)
        due = 0
        for days in range(1_600):
            closed = now - timedelta(days=days)
            ruled = retention._ruled_erasure(Application(role=role, closed_at=closed), today=today)
            if ruled is not None and ruled <= today:
                due += 1
                assert closed <= limit
        assert due > 100
