"""A decision packet: what lay before the one who signed, kept as it was, with the signature and what became of it."""

from __future__ import annotations

from typing import Any

from tenfold.apps.candidates.models import Application
from tenfold.apps.decisions.models import Decision
from tenfold.apps.decisions.queries import CompetencyEvidence, Debrief, InterviewerRating, hash_of_decision
from tenfold.apps.interviews.queries import latest_kit, still_owed


def packet_content(application: Application, shown: Debrief) -> dict[str, Any]:
    """What is kept when somebody signs: later edits of scorecards, kits and roles change nothing in it."""
    kit = latest_kit(application.role)
    combined, worth = shown.combined, shown.reliability
    return {
        "role": application.role.title,
        "employer": application.role.employer,
        "kit": {"number": kit.number, "plan_version": kit.plan_version} if kit else None,
        "competencies": [_competency(one) for one in shown.competencies],
        "combined": combined
        and {"low": combined.low, "high": combined.high, "people": shown.n_people, "alike": len(combined.alike)},
        "not_combined": shown.refused,
        "reliability": worth
        and {
            "interviews": worth.interviews,
            "raters": worth.raters,
            "value": worth.value,
            "with_one_more": worth.with_one_more,
            "with_second_rater": worth.with_second_rater,
        },
        "not_in": [str(person) for person in still_owed(application)],
    }


def _competency(one: CompetencyEvidence) -> dict[str, Any]:
    return {
        "name": one.name,
        "apart": one.spread,
        "ratings": [_rating(rating) for rating in one.ratings],
        "measured": [
            {"instrument": found.instrument, "criterion": found.criterion, "says": found.says, "url": found.url}
            for found in one.measured
        ],
    }


def _rating(one: InterviewerRating) -> dict[str, Any]:
    return {
        "interviewer": one.interviewer,
        "round": one.round,
        "question": one.rated.question["text"],
        "first": one.first,
        "rating": one.rated.rating,
        "evidence": one.rated.evidence,
        "link": one.rated.link,
    }


def to_dict(decision: Decision) -> dict[str, Any]:
    """The whole packet: signature, reasons, what it rests on, and whether it was taken back, by whom and why."""
    return {
        "id": decision.pk,
        "application_id": decision.application_id,
        "verdict": decision.verdict,
        "reasons": decision.reasons,
        "signed_by": decision.signed_name,
        "signed_at": decision.signed_at,
        "rests_on": decision.scorecards,
        "waiting": decision.owed,
        "stands": decision.stands,
        "taken_back_at": decision.taken_back_at,
        "taken_back_by": str(decision.taken_back_by) if decision.taken_back_by else None,
        "taken_back_why": decision.taken_back_why,
        "hash": hash_of_decision(decision),
        "packet": decision.packet,
    }
