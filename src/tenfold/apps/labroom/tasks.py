"""Background work of labs: variants made ahead, gradings."""

from __future__ import annotations

from tenfold.apps.labroom.models import LabInvitation
from tenfold.apps.labroom.services.working import GRADE_JOB, PREPARE_JOB, grade, prepare
from tenfold.core.jobs import job


@job(GRADE_JOB)
def grade_submission(_work_id: str, *, invitation: str, again: bool = False) -> None:
    """Grades one submission; nothing is done for an invitation that was erased meanwhile."""
    found = LabInvitation.objects.filter(pk=invitation, submitted_at__isnull=False).first()
    if found is not None and (again or found.graded_at is None):
        grade(found, again=again)


@job(PREPARE_JOB)
def prepare_variant(_work_id: str, *, invitation: str) -> None:
    """Makes the variant of an invitation that is not begun yet."""
    found = LabInvitation.objects.filter(pk=invitation, begun_at=None).first()
    if found is not None:
        prepare(found)
