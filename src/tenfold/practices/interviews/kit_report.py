"""A kit as values and in words: for interviewers, and the preview that the candidate gets."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import tomli

from tenfold.kit.words import inside, join, plural, sentence
from tenfold.plan.answers import NONE, is_stated
from tenfold.plan.document import InstrumentKind, InterviewKind
from tenfold.practices.interviews.engine import FRAME_MINUTES
from tenfold.practices.interviews.kits import Kit, KitCompetency, KitRound
from tenfold.practices.interviews.questions import COVERS, RATINGS, InterviewQuestion, material_text

FORMATS = {
    InterviewKind.STRUCTURED: "questions that are the same for every candidate",
    InterviewKind.UNSTRUCTURED: "questions that are the same for every candidate",
    InterviewKind.PRESENTATION: "you present or explain something, then we talk about it",
    InterviewKind.WRITTEN: "you write a short text; no deadline tricks, any tool",
    InterviewKind.DEBUGGING: "you look for a fault together with one of us",
    InterviewKind.SCREEN: "a short conversation about the job and your work",
}
MOST_RATED = 6
MOST_MISSING = 6
HOW_RATED = (
    "Each answer is rated from 1 to 4 against written descriptions of behaviour, by each interviewer alone, before "
    "they talk with each other. Nobody is rejected by a score: a named person decides and gives reasons."
)


def to_dict(kit: Kit) -> dict[str, Any]:
    return {
        "level": kit.level,
        "infra_share": kit.infra_share,
        "competencies": [_competency(kit, one) for one in kit.competencies],
        "rounds": [_round(one) for one in kit.rounds],
        "candidate_preview": preview(kit),
        "public_work": public_work(kit),
        "uncovered": list(kit.uncovered),
        "notes": notes(kit),
    }


def preview(kit: Kit) -> dict[str, Any]:
    """What the candidate gets beforehand: format, topics, time, people, how answers are rated. No question is given."""
    spine = kit.case.spine
    return {
        "format": [
            {
                "name": one.name,
                "minutes": one.minutes,
                "people": one.raters,
                "what": FORMATS[one.kind],
                "topics": [spine.competencies[name].name for name in one.assesses],
                "prepare": [_preparation(question) for question in one.questions if _preparation(question)],
            }
            for one in kit.rounds
        ],
        "work_samples": [
            {"name": item.name or item.lab or "Work sample", "minutes": item.minutes} for item in _instruments(kit)
        ],
        "minutes_in_all": sum(one.minutes for one in kit.rounds) + sum(one.minutes or 0 for one in _instruments(kit)),
        "how_rated": HOW_RATED,
        "accommodations": _accommodations(kit),
        "feedback": _feedback(kit),
    }


def public_work(kit: Kit) -> dict[str, Any]:
    """A rubric for work that the candidate offers of their own accord."""
    table = tomli.loads((files("tenfold.practices.interviews") / "data" / "portfolio.toml").read_text("utf-8"))
    planned = any(item.kind is InstrumentKind.PORTFOLIO for item in _instruments(kit))
    return {
        "use": "Only if the candidate offers it. Never ask for it, never search for it; not having any is no minus.",
        "in_plan": planned,
        "criteria": [
            {
                "id": one["id"],
                "competency": one["competency"],
                "text": one["text"],
                "anchors": dict(zip(map(str, RATINGS), one["anchors"], strict=True)),
            }
            for one in table["criterion"]
        ],
    }


def notes(kit: Kit) -> list[str]:
    """What whoever runs the interviews should know of this kit."""
    names = kit.case.spine.competencies
    said = []
    if kit.level is None:
        said.append("The plan states no level, so questions of all levels were considered; set `role.level`.")
    if kit.infra_share is None:
        said.append("The plan states no scope, so questions of both halves of the job were considered.")
    if kit.uncovered:
        said.append(f"Nothing assesses {join([inside(names[name].name) for name in kit.uncovered])}.")
    for one in kit.rounds:
        if one.unasked:
            left = join([inside(names[name].name) for name in one.unasked])
            said.append(f"“{one.name}” has no time for {left}: give it more minutes or assess it elsewhere.")
        if one.kind is InterviewKind.UNSTRUCTURED:
            said.append(f"“{one.name}” is unstructured in the plan; with these questions it is structured.")
        if one.raters == 1:
            said.append(f"“{one.name}” has one rater; a second opinion must come from another round.")
    rated = {name for one in kit.rounds for name in one.assesses}
    if len(rated) > MOST_RATED:
        said.append(
            f"{len(rated)} competencies are rated in interviews, and raters can keep five or six apart: let a work "
            "sample take some of them over."
        )
    thin = [one.looks.competency for one in kit.competencies if one.looks.by and not one.is_enough]
    if thin:
        said.append(f"One rater alone judges {join([inside(names[name].name) for name in thin])}.")
    often = [one.looks for one in kit.competencies if one.looks.is_must and len(one.looks.by) > 2]
    said += [f"{names[looks.competency].name} is assessed {len(looks.by)} times; twice is enough." for looks in often]
    if missing := _missing_parts(kit):
        said.append(f"Of working with others, no question looks at {join(missing)}.")
    return said


def to_text(kit: Kit) -> str:
    names = kit.case.spine.competencies
    lines = ["WHAT IS ASSESSED WHERE", ""]
    lines += [f"  {names[one.looks.competency].name}{_must(one)}: {_where(one)}" for one in kit.competencies]
    for at, one in enumerate(kit.rounds, start=1):
        raters = "raters not stated" if one.raters is None else plural(one.raters, "rater")
        lines += ["", f"ROUND {at}: {one.name} ({one.minutes} minutes, {raters})"]
        for question in one.questions:
            lines += ["", f"  [{names[question.competency].name}, {question.type}, {question.minutes} minutes]"]
            lines += [f"  {question.text}"]
            lines += [f"    Material: {question.material}"] if question.material else []
            lines += [f"    For you: {question.for_interviewer}"] if question.for_interviewer else []
            lines += [f"    {rating}  {anchor}" for rating, anchor in zip(RATINGS, question.anchors, strict=True)]
    told = preview(kit)
    lines += ["", "FOR THE CANDIDATE", "", f"  {told['minutes_in_all']} minutes in all."]
    for row in told["format"]:
        people = f", {plural(row['people'], 'interviewer')}" if row["people"] else ""
        topics = join([inside(topic) for topic in row["topics"]])
        lines.append(f"  {row['name']}: {row['minutes']} minutes{people}; {row['what']}. Topics: {topics}.")
        lines += [f"    {line}" for line in row["prepare"]]
    lines += [f"  {told['how_rated']}", f"  {told['accommodations']}", f"  {told['feedback']}"]
    said = notes(kit)
    return "\n".join([*lines, *(["", "NOTES", "", *(f"  {line}" for line in said)] if said else [])])


def _competency(kit: Kit, one: KitCompetency) -> dict[str, Any]:
    looks, expected = one.looks, one.expected
    return {
        "id": looks.competency,
        "name": kit.case.spine.competencies[looks.competency].name,
        "must": looks.is_must,
        "instruments": [look.instrument for look in looks.by],
        "raters": looks.raters,
        "automatic": looks.is_automatic,
        "enough": one.is_enough,
        "expected_reliability": expected and {"low": round(expected.low, 3), "high": round(expected.high, 3)},
    }


def _round(one: KitRound) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind.value,
        "minutes": one.minutes,
        "raters": one.raters,
        "proposed": one.is_proposed,
        "new": one.is_new,
        "assesses": list(one.assesses),
        "questions": [
            {
                "id": question.id,
                "edition": question.edition,
                "type": question.type.value,
                "competency": question.competency,
                "text": question.text,
                "anchors": dict(zip(map(str, RATINGS), question.anchors, strict=True)),
                "minutes": question.minutes,
                "covers": list(question.covers),
                "material": {"file": question.material, "text": material_text(question)} if question.material else None,
                "for_interviewer": question.for_interviewer or None,
            }
            for question in one.questions
        ],
        "time_plan": _time_plan(one),
    }


def _time_plan(one: KitRound) -> list[dict[str, Any]]:
    """Minutes from the start; what is left over belongs to the candidate's questions."""
    at = FRAME_MINUTES // 2
    steps: list[dict[str, Any]] = [{"from": 0, "to": at, "what": "Welcome, format, how notes are taken"}]
    for question in one.questions:
        steps.append({"from": at, "to": at + question.minutes, "what": question.id})
        at += question.minutes
    steps.append({"from": at, "to": max(at, one.minutes), "what": "The candidate's questions"})
    return steps


def _preparation(question: InterviewQuestion) -> str:
    """What a candidate should know beforehand of a task, without the task itself."""
    if "architecture-document" in question.covers:
        return "You will write one page about a system or a decision; bring one that you may talk about, if you like."
    if "runbook" in question.covers and question.type.value == "work-sample":
        return "You will write or edit a page of operating instructions; the material is given."
    if "trade-off-presentation" in question.covers and question.type.value == "work-sample":
        return "You get a page of material a day before and present a recommendation in ten minutes."
    return ""


def _missing_parts(kit: Kit) -> list[str]:
    """Parts of working with others that no question of the kit looks at; told only if nearly all are missing."""
    asked = {part for one in kit.rounds for question in one.questions for part in question.covers}
    missing = [part.replace("-", " ") for part in COVERS if part not in asked]
    return missing if kit.rounds and len(missing) > MOST_MISSING else []


def _instruments(kit: Kit) -> list[Any]:
    assessment = is_stated(kit.case.plan.assessment)
    return list((assessment and assessment.instruments) or [])


def _accommodations(kit: Kit) -> str:
    assessment = is_stated(kit.case.plan.assessment)
    written = assessment.accommodations if assessment else None
    if written is None or written is NONE:
        return "How to ask for more time or another format: not stated in the plan yet."
    return str(written)


def _feedback(kit: Kit) -> str:
    interviews = is_stated(kit.case.plan.interviews)
    days = interviews.feedback_within_days if interviews else None
    if isinstance(days, int):
        return f"You get feedback within {plural(days, 'day')}."
    return "When you get feedback: not stated in the plan yet."


def _must(one: KitCompetency) -> str:
    return " (must)" if one.looks.is_must else ""


def _where(one: KitCompetency) -> str:
    if not one.looks.by:
        return "nothing assesses it"
    by = join(
        [
            f"{look.instrument} ({'automatic' if look.automatic else plural(look.raters or 0, 'rater')})"
            for look in one.looks.by
        ]
    )
    return sentence(by) + (f"; expected reliability {one.expected}" if one.expected else "")
