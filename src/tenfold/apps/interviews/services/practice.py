"""Practice on the invented interview."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tenfold.apps.interviews.models import PracticeScorecard
from tenfold.core.models import User
from tenfold.kit.errors import UserError
from tenfold.practices.interviews.practice import practice_interview
from tenfold.practices.interviews.questions import RATINGS


@transaction.atomic
def save_practice(*, ratings: Mapping[str, int | None], by: User, now: datetime) -> PracticeScorecard:
    """Keeps one's own ratings in place of earlier ones. It is in no trail: it is nobody else's business.

    Raises:
        UserError: an answer has no rating of 1 to 4.
    """
    wanting = [one.text for one in practice_interview().answers if ratings.get(one.id) not in RATINGS]
    if wanting:
        raise UserError(f"“{wanting[0]}” has no rating.", remedy="Rate every answer; then compare.")
    kept = {one.id: ratings[one.id] for one in practice_interview().answers}
    made, _ = PracticeScorecard.objects.update_or_create(user=by, defaults={"ratings": kept, "at": now})
    return made
