"""An organisation's own questions, saved as a whole: each save is a version, and kits say which they were made with."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tenfold.apps.interviews.models import InterviewEvent, OwnQuestions
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError
from tenfold.practices.interviews.questions import parse_questions

LONGEST = 400_000
"""Characters."""


@transaction.atomic
def save_questions(*, organisation: Organisation, text: str, by: User, now: datetime) -> OwnQuestions:
    """Keeps a further version; an empty text takes all own questions out of kits to come.

    Raises:
        NotAllowed: only editors.
        UserError: the text is no TOML of questions, or a question breaks a rule of the library (all problems at once).
    """
    require(by, "interviews.edit-questions", organisation)
    if len(text) > LONGEST:
        raise UserError("These are too many questions.", remedy="Keep to a few hundred.")
    n = len(parse_questions(text, "your questions")) if text.strip() else 0
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    before = OwnQuestions.objects.filter(organisation=organisation).first()
    saved = OwnQuestions.objects.create(
        organisation=organisation,
        number=before.number + 1 if before else 1,
        text=text,
        saved_by=by,
        saved_at=now,
    )
    data = {"number": saved.number, "questions": n}
    record(kind=InterviewEvent.QUESTIONS_SAVED, by=by, of=saved, now=now, data=data)
    return saved
