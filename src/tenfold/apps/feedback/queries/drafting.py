"""A draft by plain rules from what interviewers handed in: per competency a lead, then the evidence.

Ratings, questions and anchors stay out: the first are no message, the others are asked of the next candidate. Ratings
only choose the lead. Interviewers are not named. Competencies stand by name, whatever was rated how.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

from tenfold.apps.candidates.models import Application
from tenfold.apps.decisions.models import Decision, Verdict
from tenfold.apps.decisions.queries import CompetencyEvidence, debrief
from tenfold.apps.interviews.models import Scorecard
from tenfold.core.models import User
from tenfold.kit.words import sentence

WENT_WELL, PARTLY = 3.0, 2.0
"""Means of first ratings, 1 to 4, from which a lead is chosen: our own rule."""
DIFFERED = 2
"""Interviewers so far apart saw it differently."""
CLOSING = (
    "You can answer this message if you would like to talk about it. What we wrote is about this role and these "
    "conversations only, and no verdict on you."
)
GRADES = re.compile(r"\b[1-4]\s*(?:/|of|out of)\s*4\b|\brat(?:ed|ing)\b|\bscored?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EditorNote:
    """Something that an editor should look at before the letter goes. `is_bar`: it may not go so."""

    says: str
    is_bar: bool = False


def draft_points(application: Application, user: User) -> list[dict[str, Any]]:
    """From the scorecards that the user may read; one point a competency, by name."""
    found = debrief(application, user).competencies
    return [_point(one) for one in sorted(found, key=lambda one: one.name)]


def _point(evidence: CompetencyEvidence) -> dict[str, Any]:
    words = dict.fromkeys(
        sentence(given.rated.evidence.strip()) for given in evidence.ratings if given.rated.evidence.strip()
    )
    text = "\n".join([_lead(evidence), *words]) if words else "We did not come to this."
    return {"name": evidence.name, "text": text, "included": bool(words)}


def _lead(evidence: CompetencyEvidence) -> str:
    first = [given.first for given in evidence.ratings if given.first is not None]
    if not first:
        return "This is what we noticed."
    if evidence.spread is not None and evidence.spread >= DIFFERED:
        return "Our interviewers saw this differently."
    found = mean(first)
    if found >= WENT_WELL:
        return "This went well."
    return "Some of what the role needs was there." if found >= PARTLY else "Here we missed what the role needs."


def decision_told(application: Application) -> Decision | None:
    """The signed decision that feedback may follow: to offer or to stop, and not taken back."""
    found: Decision | None = Decision.objects.filter(
        application=application, taken_back_at=None, verdict__in=(Verdict.OFFER, Verdict.STOP)
    ).first()
    return found


def list_editor_notes(points: Sequence[Mapping[str, Any]], closing: str, application: Application) -> list[EditorNote]:
    """Names of interviewers bar a letter; grades, and nothing to say, are pointed out."""
    text = "\n".join([*(one["text"] for one in points if one["included"]), closing])
    return [*_names(text, application), *_grades(text), *_emptiness(points)]


def _names(text: str, application: Application) -> Iterable[EditorNote]:
    people = {str(one.interviewer) for one in Scorecard.objects.filter(application=application)}
    for name in sorted(people):
        if len(name.split()) > 1 and name.casefold() in text.casefold():
            yield EditorNote(
                f"It names {name}. What interviewers wrote is the company’s word, not one person’s.", is_bar=True
            )


def _grades(text: str) -> Iterable[EditorNote]:
    found = GRADES.search(text)
    if found:
        yield EditorNote(f"It speaks of grades (“{found[0]}”). A candidate learns more from what you saw.")


def _emptiness(points: Sequence[Mapping[str, Any]]) -> Iterable[EditorNote]:
    if not any(one["included"] and one["text"].strip() for one in points):
        yield EditorNote("There is nothing in it yet.", is_bar=True)
