"""The debrief of one application: where interviewers differ first, the evidence, and the stated combination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import mean

from tenfold.apps.candidates.models import Application
from tenfold.apps.decisions.models import Decision
from tenfold.apps.interviews.models import Scorecard
from tenfold.apps.interviews.queries import Rated, independent_version, latest_version, list_rated
from tenfold.catalogue.store import catalogue
from tenfold.checking.evidence_map import mini_interview_variances
from tenfold.core.evidence import InstrumentEvidence, evidence_of
from tenfold.core.models import AuditEntry, User
from tenfold.core.seals import hash_of_content
from tenfold.kit.errors import NotEnoughData
from tenfold.stats.combination import Combined, combine
from tenfold.stats.d_study import what_more_buys


@dataclass(frozen=True, slots=True)
class InterviewerRating:
    """What one interviewer said on one question. `first`: the rating before others could be read."""

    interviewer: str
    round: str
    rated: Rated
    first: int | None


@dataclass(frozen=True, slots=True)
class CompetencyEvidence:
    """Everything handed in on one competency. `spread`: highest minus lowest first rating, None below two."""

    name: str
    ratings: tuple[InterviewerRating, ...]
    spread: int | None
    measured: tuple[InstrumentEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reliability:
    """Expected of the ratings of this person, and what more would make it: a D study on real mini-interviews.

    `interviews` with `raters` each on the average; `with_one_more` interview by somebody else, or with a second rater
    in each that there was.
    """

    interviews: int
    raters: int
    value: float
    with_one_more: float
    with_second_rater: float


@dataclass(frozen=True, slots=True)
class Debrief:
    """`combined` is None where `refused` says why. Nobody else's total is told."""

    competencies: tuple[CompetencyEvidence, ...]
    reliability: Reliability | None
    combined: Combined | None
    n_people: int
    refused: str


def debrief(application: Application, user: User) -> Debrief:
    """From the scorecards that the user may read; ratings are first versions, evidence is the latest."""
    rows = Scorecard.objects.visible_to(user).handed_in().that_count().filter(application__role=application.role_id)
    cards = list(rows.select_related("round__kit", "interviewer").prefetch_related("versions"))
    own = [one for one in cards if one.application_id == application.pk]
    competencies = _with_measured(_competencies(own), list(evidence_of(application.pk, user)))
    worth = _reliability(own)
    combined, n, refused = _combination(application, cards, worth)
    return Debrief(competencies, worth, combined, n, refused)


def owes_scorecard(application: Application, user: User) -> bool:
    return Scorecard.objects.filter(application=application, interviewer=user, submitted_at=None).exists()


def _competencies(cards: Sequence[Scorecard]) -> tuple[CompetencyEvidence, ...]:
    """Where interviewers differ most comes first; then by name."""
    held: dict[str, list[InterviewerRating]] = {}
    for card in cards:
        names = {one["id"]: one["name"] for one in card.round.kit.content["competencies"]}
        first = independent_version(card).ratings
        for one in list_rated(card.round, latest_version(card).ratings):
            said = first.get(one.question["id"], {}).get("rating")
            if one.rating is not None or said is not None:
                name = names.get(one.question["competency"], one.question["competency"])
                held.setdefault(name, []).append(InterviewerRating(str(card.interviewer), card.round.name, one, said))
    found = [CompetencyEvidence(name, tuple(ratings), _spread(ratings)) for name, ratings in held.items()]
    return tuple(sorted(found, key=lambda one: (-(one.spread or 0), one.name)))


def _with_measured(
    competencies: Sequence[CompetencyEvidence], measured: Sequence[InstrumentEvidence]
) -> tuple[CompetencyEvidence, ...]:
    """With what labs found beside what interviewers said; what only labs looked at comes last."""
    spine = catalogue().competencies
    by: dict[str, list[InstrumentEvidence]] = {}
    for one in measured:
        by.setdefault(spine[one.competency].name if one.competency in spine else one.competency, []).append(one)
    told = [replace(one, measured=tuple(by.pop(one.name, ()))) for one in competencies]
    return (*told, *(CompetencyEvidence(name, (), None, tuple(rows)) for name, rows in sorted(by.items())))


def _spread(ratings: Sequence[InterviewerRating]) -> int | None:
    """Between interviewers: of each the mean over their questions, rounded."""
    by: dict[str, list[int]] = {}
    for one in ratings:
        if one.first is not None:
            by.setdefault(one.interviewer, []).append(one.first)
    means = [round(mean(values)) for values in by.values()]
    return max(means) - min(means) if len(means) > 1 else None


def _reliability(cards: Sequence[Scorecard]) -> Reliability | None:
    """From the variances of real mini-interviews: measured on other people's interviews, not on these."""
    if not cards:
        return None
    interviews = len({card.round_id for card in cards})
    raters = max(1, round(len(cards) / interviews))
    found = what_more_buys(mini_interview_variances(), interviews, raters)
    return Reliability(interviews, raters, found.now, found.another_interview, found.second_rater)


def _combination(
    application: Application, cards: Sequence[Scorecard], worth: Reliability | None
) -> tuple[Combined | None, int, str]:
    """Equal weights among people of the role who were rated on the same competencies."""
    ratings = _first_means(cards)
    own = ratings.get(str(application.pk), {})
    alike = {
        person: {name: held[name] for name in own} for person, held in ratings.items() if own.keys() <= held.keys()
    }
    if not own or worth is None:
        return None, len(alike), "Nothing is handed in yet."
    try:
        found = combine(alike, reliability=worth.value)
    except NotEnoughData as refusal:
        return None, len(alike), refusal.what
    return next(one for one in found.people if one.person == str(application.pk)), len(alike), ""


def _first_means(cards: Sequence[Scorecard]) -> Mapping[str, Mapping[str, float]]:
    """Of each person and competency the mean of first ratings."""
    held: dict[str, dict[str, list[int]]] = {}
    for card in cards:
        for one in list_rated(card.round, independent_version(card).ratings):
            if one.rating is not None:
                person = held.setdefault(str(card.application_id), {})
                person.setdefault(one.question["competency"], []).append(one.rating)
    return {person: {name: mean(values) for name, values in each.items()} for person, each in held.items()}


def hash_of_decision(decision: Decision) -> str:
    said = [str(decision.application_id), decision.verdict, decision.reasons, decision.scorecards, decision.owed]
    return hash_of_content([*said, decision.signed_name, decision.signed_at.isoformat(), decision.packet])


def hash_in_trail(entry: AuditEntry) -> str | None:
    """Of the decision that an entry speaks of; None where the person was erased."""
    decision = Decision.objects.filter(pk=entry.of_id).first()
    if decision is not None:
        return hash_of_decision(decision)
    application = Application.objects.filter(pk=entry.data.get("application")).select_related("candidate").first()
    return "" if application is not None and application.candidate.erased_at is None else None
