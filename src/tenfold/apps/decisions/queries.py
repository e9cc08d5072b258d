"""The debrief of one application: where interviewers differ first, the evidence, and the stated combination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from tenfold.apps.candidates.models import Application
from tenfold.apps.decisions.models import Decision
from tenfold.apps.interviews.models import InterviewKit, Scorecard
from tenfold.apps.interviews.queries import Rated, independent_version, latest_version, list_rated
from tenfold.core.models import AuditEntry, User
from tenfold.core.seals import hash_of_content
from tenfold.kit.errors import NotEnoughData
from tenfold.stats.combination import Combined, combine
from tenfold.stats.d_study import spearman_brown


@dataclass(frozen=True, slots=True)
class Said:
    """What one interviewer said on one question. `first`: the rating before others could be read."""

    interviewer: str
    round: str
    rated: Rated
    first: int | None


@dataclass(frozen=True, slots=True)
class CompetencyEvidence:
    """Everything handed in on one competency. `spread`: highest minus lowest first rating, None below two."""

    name: str
    said: tuple[Said, ...]
    spread: int | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """Expected of the ratings of this person, from the kit, and what one more independent interview would make it."""

    interviewers: int
    value: float
    with_one_more: float


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
    rows = Scorecard.objects.visible_to(user).handed_in().filter(application__role=application.role_id)
    cards = list(rows.select_related("round__kit", "interviewer").prefetch_related("versions"))
    own = [one for one in cards if one.application_id == application.pk]
    competencies = _competencies(own)
    worth = _reliability(own)
    combined, n, refused = _combination(application, cards, worth)
    return Debrief(competencies, worth, combined, n, refused)


def owes_scorecard(application: Application, user: User) -> bool:
    return Scorecard.objects.filter(application=application, interviewer=user, submitted_at=None).exists()


def _competencies(cards: Sequence[Scorecard]) -> tuple[CompetencyEvidence, ...]:
    """Where interviewers differ most comes first; then by name."""
    held: dict[str, list[Said]] = {}
    for card in cards:
        names = {one["id"]: one["name"] for one in card.round.kit.content["competencies"]}
        first = independent_version(card).ratings
        for one in list_rated(card.round, latest_version(card).ratings):
            said = first.get(one.question["id"], {}).get("rating")
            if one.rating is not None or said is not None:
                name = names.get(one.question["competency"], one.question["competency"])
                held.setdefault(name, []).append(Said(str(card.interviewer), card.round.name, one, said))
    found = [CompetencyEvidence(name, tuple(said), _spread(said)) for name, said in held.items()]
    return tuple(sorted(found, key=lambda one: (-(one.spread or 0), one.name)))


def _spread(said: Sequence[Said]) -> int | None:
    """Between interviewers: of each the mean over their questions, rounded."""
    by: dict[str, list[int]] = {}
    for one in said:
        if one.first is not None:
            by.setdefault(one.interviewer, []).append(one.first)
    means = [round(mean(values)) for values in by.values()]
    return max(means) - min(means) if len(means) > 1 else None


def _reliability(cards: Sequence[Scorecard]) -> Reliability | None:
    """The lower end of what the kit expects of one rater, stepped up to the interviewers that there are."""
    n = len({card.interviewer_id for card in cards})
    singles = [one for card in cards[:1] for one in _single_raters(card.round.kit)]
    if not n or not singles:
        return None
    single = min(singles)
    return Reliability(n, spearman_brown(single, n), spearman_brown(single, n + 1))


def _single_raters(kit: InterviewKit) -> list[float]:
    """What one rating is worth, worked back from the kit's expectation for its raters."""
    told = [(one["expected_reliability"]["low"], one["raters"]) for one in kit.content["competencies"] if one["raters"]]
    return [low / (n - (n - 1) * low) for low, n in told if 0 < low < 1]


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
    return hash_of_content([*said, decision.signed_name, decision.signed_at.isoformat()])


def hash_in_trail(entry: AuditEntry) -> str | None:
    """Of the decision that an entry speaks of; None where the person was erased."""
    decision = Decision.objects.filter(pk=entry.of_id).first()
    if decision is not None:
        return hash_of_decision(decision)
    application = Application.objects.filter(pk=entry.data.get("application")).select_related("candidate").first()
    return "" if application is not None and application.candidate.erased_at is None else None
