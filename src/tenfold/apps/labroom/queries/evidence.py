"""What labs found of one applicant, for the page on which is decided: criteria and reviews, once nobody is blind."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.urls import reverse

from tenfold.apps.labroom.models import LabInvitation, LabReview
from tenfold.apps.labroom.queries.labs import title_of
from tenfold.apps.labroom.queries.reviews import compare_reviews, criterion_state, is_unblinded
from tenfold.apps.labroom.queries.rubric import rubric_for
from tenfold.apps.labroom.queries.sessions import session_of, verdict_of
from tenfold.core.evidence import InstrumentEvidence
from tenfold.core.models import User
from tenfold.labs.verdicts import Outcome


def lab_evidence(application: UUID, user: User) -> Iterator[InstrumentEvidence]:
    """Of every lab whose reviews are all in; nothing of one that somebody still judges blind.

    It leads to the lab's page where the user may open it.
    """
    rows = LabInvitation.objects.filter(application_id=application, submitted_at__isnull=False, erased_at=None)
    seen = set(LabInvitation.objects.visible_to(user).filter(application_id=application).values_list("pk", flat=True))
    for one in rows.order_by("submitted_at"):
        if is_unblinded(one):
            url = reverse("lab-session", args=[one.pk]) if one.pk in seen else ""
            yield from _criteria(one, url)
            yield from _scales(one, url)


def _criteria(one: LabInvitation, url: str) -> Iterator[InstrumentEvidence]:
    session, verdict = session_of(one), verdict_of(one)
    if session is None or verdict is None or verdict.outcome is Outcome.INFRA_ERROR:
        return
    known = {criterion.id: criterion for criterion in session.lab.criteria}
    for graded in verdict.criteria:
        if (criterion := known.get(graded.criterion)) is not None:
            says = f"{criterion_state(graded)}, {graded.earned:g} of {criterion.points} points, graded by the machine"
            yield InstrumentEvidence(criterion.competency, title_of(one.lab), criterion.what, says, url)


def _scales(one: LabInvitation, url: str) -> Iterator[InstrumentEvidence]:
    reviews = list(LabReview.objects.filter(invitation=one).handed_in().select_related("reviewer"))
    for found in compare_reviews(rubric_for(one), reviews):
        said = ", ".join(f"{rating.reviewer} {rating.rated.rating or 'not seen'}" for rating in found.ratings)
        says = f"rated by people, 1 to 3: {said}"
        yield InstrumentEvidence(found.scale.competency, title_of(one.lab), found.scale.ask, says, url)
