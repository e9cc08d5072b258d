"""One person's lab as a colleague sees it: what they may not read yet is not there, and the page says why."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from tenfold.apps.labroom.models import LabInvitation, LabReview, SignedLabVerdict
from tenfold.apps.labroom.queries.changes import changed_files
from tenfold.apps.labroom.queries.links import lab_link
from tenfold.apps.labroom.queries.reviews import agreement_words, compare_reviews, is_unblinded, owed_reviews
from tenfold.apps.labroom.queries.rubric import rubric_of
from tenfold.apps.labroom.queries.sessions import lab_folder, session_of, verdict_of
from tenfold.apps.labroom.queries.standing import standing
from tenfold.core.models import TeamMember, User
from tenfold.core.permissions import may
from tenfold.kit.errors import UserError
from tenfold.sandbox.interface import SandboxError


def session_page(found: LabInvitation, user: User) -> dict[str, Any]:
    """Everything of the page that needs no permission of its own; `opened` is None while the person is blind."""
    arranges = may(user, "lab.arrange", found)
    now = timezone.now()
    reviews = list(LabReview.objects.filter(invitation=found).select_related("reviewer"))
    people, asked = _people(found), {one.reviewer_id for one in reviews}
    return {
        "invitation": found,
        "standing": standing(found, now),
        "link": lab_link(found) if arranges and found.is_open(now) and found.submitted_at is None else "",
        "reviews": reviews,
        "own_review": next((one for one in reviews if one.reviewer_id == user.pk), None),
        "owed": owed_reviews(found),
        "partners": list(found.partners.select_related("user")),
        "people": people,
        "askable": [one for one in people if one.pk not in asked],
        "is_unblinded": is_unblinded(found),
        "opened": _results(found) if is_unblinded(found) else None,
        "verdicts": list(SignedLabVerdict.objects.visible_to(user).filter(invitation=found)),
        "appeals": list(found.appeals.all()),
        "begun": session_of(found) is not None,
    }


def _people(found: LabInvitation) -> list[User]:
    if found.team is None:
        return []
    members = TeamMember.objects.filter(team=found.team).select_related("member__user")
    return sorted((one.member.user for one in members), key=str)


def _results(found: LabInvitation) -> dict[str, Any]:
    """The automatic verdict, how far reviewers agree, and the work."""
    reviews = list(LabReview.objects.filter(invitation=found).handed_in().select_related("reviewer"))
    compared = compare_reviews(rubric_of(found.lab, lab_folder(found)), reviews)
    verdict = verdict_of(found)
    return {
        "verdict": verdict,
        "criteria": list(verdict.criteria) if verdict else [],
        "compared": compared,
        "agreement": agreement_words(compared),
    }


def work_of(found: LabInvitation, *, since: str = "", until: str = "") -> list[Any]:
    """The files that differ from the starter, or between two saved states; empty where they cannot be read."""
    session = session_of(found)
    if session is None:
        return []
    try:
        return list(changed_files(session, until or session.facts().get("submitted", ""), since=since))
    except (UserError, SandboxError):
        return []
