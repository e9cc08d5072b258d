"""What waits, what is found, what a scorecard lacks, and what not to ask where."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import mean
from typing import Any
from uuid import UUID

from django.urls import reverse

from tenfold.apps.candidates.models import Application, ApplicationState, OpenRole
from tenfold.apps.interviews.models import InterviewKit, InterviewRound, OwnQuestions, Scorecard, ScorecardVersion
from tenfold.checking.case import Case
from tenfold.core.models import AuditEntry, Organisation, TeamMember, User
from tenfold.core.seals import hash_of_content
from tenfold.core.search import Hit
from tenfold.core.todo import ToDo
from tenfold.kit.errors import Place, UserError
from tenfold.law.pay_history import pay_history_rules_for, places_without_ban
from tenfold.law.places import contains, full_name
from tenfold.law.rules import Part, pay_rules
from tenfold.plan.yaml_io import load_plan
from tenfold.posting.reading import read
from tenfold.practices.interviews import kit_report, kits
from tenfold.practices.interviews.questions import library, parse_questions

RATINGS = (1, 2, 3, 4)
LEAST_EVIDENCE = 3
"""Words: less than that is a grade in other words."""
WEB = ("https://", "http://")
LONGEST_EVIDENCE, LONGEST_LINK = 5_000, 500


def kit_content(role: OpenRole, *, now: datetime) -> tuple[int, dict[str, Any]]:
    """The number of the plan's approved version, and the kit that it gives.

    Raises:
        UserError: the role's plan is gone, or its kit would have no round to hold.
    """
    plan = role.plan
    if plan is None or plan.approved_number is None:
        raise UserError("The plan of this role is gone.", remedy="A kit is made from an approved plan.")
    text = plan.versions.get(number=plan.approved_number).text
    document = load_plan(text).plan
    reading = read(document.posting, name="posting") if document.posting else None
    own = latest_questions(role.organisation)
    ours = (*parse_questions(own.text, "your questions"), *library()) if own else None
    content = kit_report.to_dict(kits.kit(Case(document, reading, now.date()), ours))
    asks = any(one["questions"] for one in content["rounds"])
    content["rounds"].append(_public_work(content["public_work"]))
    if not asks:
        raise UserError(
            "This plan gives no question to ask.", remedy="State must-haves or interview rounds in the plan."
        )
    return plan.approved_number, content


def _public_work(rubric: Mapping[str, Any]) -> dict[str, Any]:
    """Public work as a round of its own, which is asked for only where the candidate offered something."""
    return {
        "name": "Public work, where it is offered",
        "kind": "portfolio",
        "optional": True,
        "minutes": 30,
        "raters": None,
        "assesses": [one["competency"] for one in rubric["criteria"]],
        "questions": [{**one, "type": "portfolio", "minutes": 0, "material": None} for one in rubric["criteria"]],
        "time_plan": [{"from": 0, "to": 30, "what": rubric["use"]}],
    }


def latest_questions(organisation: Organisation) -> OwnQuestions | None:
    """The organisation's own questions as they were last saved, if there are any in that version."""
    found: OwnQuestions | None = OwnQuestions.objects.filter(organisation=organisation).first()
    return found if found and found.text.strip() else None


def latest_kit(role: OpenRole) -> InterviewKit | None:
    found: InterviewKit | None = InterviewKit.objects.filter(role=role).prefetch_related("rounds__panel").first()
    return found


def people_of_team(role: OpenRole) -> list[User]:
    """Everyone in the hiring team, by name."""
    members = TeamMember.objects.filter(team=role.team).select_related("member__user")
    return sorted((one.member.user for one in members), key=str)


# What is on a scorecard ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rated:
    """One question with what an interviewer says of it. `rating` None: not asked."""

    question: Mapping[str, Any]
    rating: int | None
    evidence: str
    link: str


def list_rated(round_: InterviewRound, ratings: Mapping[str, Mapping[str, Any]]) -> list[Rated]:
    """A round's questions in the order in which they are asked, each with what was said of it."""
    return [_of_question(question, ratings.get(question["id"], {})) for question in round_.questions]


def _of_question(question: Mapping[str, Any], said: Mapping[str, Any]) -> Rated:
    return Rated(question, said.get("rating"), said.get("evidence", ""), said.get("link", ""))


def require_complete(round_: InterviewRound, ratings: Mapping[str, Mapping[str, Any]]) -> None:
    """Raises UserError where a question has neither a rating with evidence nor “not asked”, or nothing was asked."""
    for number, one in enumerate(list_rated(round_, ratings), start=1):
        said = ratings.get(one.question["id"], {})
        if one.rating is None and not said.get("skipped"):
            raise _lacks(number, one, "Question {} has no rating.", "Rate it, or say that it was not asked.")
        if one.rating is not None and len(one.evidence.split()) < LEAST_EVIDENCE:
            what = "The rating of question {} points to no evidence."
            raise _lacks(number, one, what, "Write what the person said or did, in a few words at least.")
    if not any(one.rating for one in list_rated(round_, ratings)):
        raise UserError("No question was asked.", remedy="Ask to be excused instead; then nothing is counted.")


def _lacks(number: int, one: Rated, what: str, remedy: str) -> UserError:
    return UserError(what.format(number), remedy=remedy, place=Place(field=str(one.question["id"])))


def independent_version(scorecard: Scorecard) -> ScorecardVersion:
    """What the interviewer said before they could read others: the first version."""
    first: ScorecardVersion = min(scorecard.versions.all(), key=lambda one: one.number)
    return first


def latest_version(scorecard: Scorecard) -> ScorecardVersion:
    latest: ScorecardVersion = max(scorecard.versions.all(), key=lambda one: one.number)
    return latest


def mean_ratings(role_id: UUID) -> dict[str, float]:
    """Of each application of a role, the mean of all first ratings: for audits of groups, never beside a person."""
    held: dict[str, list[int]] = {}
    rows = Scorecard.objects.handed_in().that_count().filter(application__role=role_id)
    for one in rows.select_related("round__kit").prefetch_related("versions"):
        said = [each.rating for each in list_rated(one.round, independent_version(one).ratings) if each.rating]
        held.setdefault(str(one.application_id), []).extend(said)
    return {name: mean(ratings) for name, ratings in held.items() if ratings}


# The trail -----------------------------------------------------------------------------------------------------


def hash_of_version(version: ScorecardVersion) -> str:
    return hash_of_content([str(version.scorecard_id), version.number, version.ratings, version.after_reading])


def hash_in_trail(entry: AuditEntry) -> str | None:
    """Of the version that an entry speaks of, as it is now; None where the person was erased."""
    version = ScorecardVersion.objects.filter(scorecard_id=entry.of_id, number=entry.data.get("version")).first()
    if version is not None:
        return hash_of_version(version)
    return "" if Scorecard.objects.filter(pk=entry.of_id).exists() else None


def scorecard_titles(user: User, ids: Collection[str]) -> dict[str, str]:
    """In the trail a scorecard is called by its round: nobody's name is looked up there."""
    rows = Scorecard.objects.visible_to(user).filter(pk__in=[one for one in ids if len(one) == 36])
    return {str(pk): f"Scorecard, {name}" for pk, name in rows.values_list("pk", "round__name")}


# Search, to-do -------------------------------------------------------------------------------------------------


def find_scorecards(user: User, organisation: Organisation, text: str, limit: int) -> Iterator[Hit]:
    """Scorecards that the user may read, by the person's name. What they say is not searched."""
    wanted, found = text.casefold().split(), 0
    rows = Scorecard.objects.visible_to(user).filter(application__role__organisation=organisation)
    for one in rows.select_related("application__candidate", "round", "interviewer").order_by("-asked_at"):
        name = str(one.application.candidate).casefold()
        if found < limit and all(word in name for word in wanted):
            found += 1
            about = f"{one.round.name}, {one.interviewer}"
            yield Hit("Scorecard", str(one.application.candidate), about, reverse("scorecard", args=[one.pk]))


def todo(user: User, organisation: Organisation, now: datetime) -> Iterator[ToDo]:
    """Scorecards that one owes; and for who runs the hiring, that all of a person are in."""
    del now
    rows = Scorecard.objects.visible_to(user).filter(
        interviewer=user, submitted_at=None, application__role__organisation=organisation
    )
    open_ones = rows.filter(application__state=ApplicationState.OPEN)
    for one in open_ones.select_related("application__candidate", "round").order_by("due_date", "asked_at")[:20]:
        page = reverse("scorecard", args=[one.pk])
        yield ToDo("Scorecard due", f"{one.application.candidate}: {one.round.name}", page, one.due_date)


def still_owed(application: Application) -> Sequence[User]:
    """Interviewers whose scorecard is not in: that one is owed is no secret, what it will say is."""
    rows = Scorecard.objects.filter(application=application, submitted_at=None).select_related("interviewer")
    return [one.interviewer for one in rows]


# What not to ask -----------------------------------------------------------------------------------------------

# What to leave alone, such as, and what may be asked instead. Written by us, for no place in particular; the law of the
# role's places stands beside it with its source.
NOTHING = "Nothing: it tells nothing of the work."
LEAVE_ALONE = (
    ("Family", "children, marriage, who looks after whom", "Can you take the shifts and travel that the plan states?"),
    ("Health", "illness, disability, days absent", "Can you do these tasks, with or without an accommodation?"),
    ("Origin", "where somebody was born, accent, first language", "May you work in the country of the role?"),
    ("Age", "year of birth or of school, retirement", "What have you worked on in the last years?"),
    ("Belief", "religion, holidays kept, party, union", "Can you take the on-call weeks that the plan states?"),
    ("Private life", "orientation, identity, address, money, social media", NOTHING),
    ("Record", "arrests, convictions", "Nothing: where a check is lawful it comes later, by somebody else."),
)


@dataclass(frozen=True, slots=True)
class PastPay:
    """What a place's law says of asking for past pay, with its source and the day it was checked."""

    place: str
    says: str
    law: str
    source: str
    checked: date


def past_pay(role: OpenRole, *, today: date) -> tuple[tuple[PastPay, ...], tuple[str, ...]]:
    """Rules on asking what somebody earned in the role's places, and the places of which our tables know none."""
    rows = [
        PastPay(row.name, row.says, row.law, next(iter(row.sources), ""), row.checked)
        for row in pay_history_rules_for(role.places, today)
    ]
    for rule in pay_rules().values():
        duty = rule.duty(Part.NO_PAY_HISTORY, today)
        if duty is not None and any(contains(rule.place, where) for where in role.places):
            rows.append(PastPay(rule.name, duty.says, rule.law, next(iter(duty.sources), ""), rule.checked))
    return tuple(rows), tuple(full_name(where) for where in places_without_ban(role.places, today))
