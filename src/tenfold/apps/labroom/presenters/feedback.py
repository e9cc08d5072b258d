"""What a candidate reads of their work once somebody has released it."""

from __future__ import annotations

from typing import Any

from tenfold.apps.labroom.models import LabInvitation, LabReview
from tenfold.apps.labroom.presenters.markdown import render_markdown, without_heading
from tenfold.apps.labroom.queries.labs import title_of
from tenfold.apps.labroom.queries.reviews import criteria_feedback, scales_feedback
from tenfold.apps.labroom.queries.rubric import rubric_of
from tenfold.apps.labroom.queries.sessions import lab_folder, session_of, verdict_of


def feedback_page(found: LabInvitation, token: str) -> dict[str, Any]:
    """Criteria, scales, the debrief, objections: no test, no name of a reviewer, nobody’s private words."""
    session, folder = session_of(found), lab_folder(found)
    reviews = list(LabReview.objects.filter(invitation=found).handed_in())
    debrief = (folder / "lab/debrief.md").read_text("utf-8") if folder and (folder / "lab/debrief.md").is_file() else ""
    return {
        "token": token,
        "invitation": found,
        "title": title_of(found.lab),
        "criteria": criteria_feedback(session.lab, verdict_of(found)) if session is not None and folder else [],
        "scales": scales_feedback(rubric_of(found.lab, folder), reviews),
        "debrief": render_markdown(without_heading(debrief)),
        "appeals": list(found.appeals.all()),
        "may_appeal": not found.appeals.filter(answered_at=None).exists(),
    }
