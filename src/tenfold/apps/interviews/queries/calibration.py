"""How interviewers rate beside each other, over decided applications alone: nothing here lets anybody peek."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean, median

from django.utils.timezone import localdate

from tenfold.apps.candidates.models import ApplicationState, Meeting, MeetingState
from tenfold.apps.interviews.models import Part, Scorecard
from tenfold.apps.interviews.queries import independent_version, list_rated
from tenfold.core.models import Organisation, User
from tenfold.kit.errors import NotEnoughData
from tenfold.kit.words import plural
from tenfold.stats.agreement import Alpha, krippendorff_alpha
from tenfold.stats.mixed_intervals import Effect
from tenfold.stats.proportions import wilson
from tenfold.stats.reliability import SHARED_ENOUGH, Rating, study


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `n`, with the 95 % interval of the share."""

    count: int
    n: int

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.count, self.n) if self.n else None


@dataclass(frozen=True, slots=True)
class InterviewerLine:
    """One interviewer. `effect` is None where `n_shared` candidates are too few to tell."""

    interviewer: User
    asked: int
    handed_in: Share
    in_time: Share
    median_days: float | None
    n_shared: int
    effect: Effect | None

    @property
    def says(self) -> str:
        if self.effect is None:
            return f"too few to tell: {plural(self.n_shared, 'shared candidate')}, {SHARED_ENOUGH} are needed"
        one = self.effect
        kind = (
            "higher than others"
            if one.low > 0
            else "lower than others"
            if one.high < 0
            else "no difference can be told"
        )
        return f"{one.value:+.2f} (95 % {one.low:+.2f} to {one.high:+.2f}, {self.n_shared} shared): {kind}"


@dataclass(frozen=True, slots=True)
class LearnerLine:
    """Somebody who watches, against the mean of who interviewed, question by question. Told to nobody but them."""

    interviewer: User
    n: int
    mean_gap: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """`refused` says why no leniency can be told at all."""

    lines: tuple[InterviewerLine, ...]
    alpha: Alpha
    twice: Share
    refused: str


def calibration(organisation: Organisation) -> Calibration:
    """Of all decided applications of the organisation; interviewers by name."""
    rows = Scorecard.objects.that_count().filter(application__role__organisation=organisation)
    decided = rows.exclude(application__state=ApplicationState.OPEN)
    cards = list(decided.select_related("round__kit", "interviewer").prefetch_related("versions"))
    values = _values([one for one in cards if one.is_in])
    effects, shared, refused = _leniency(values)
    people = sorted({one.interviewer for one in cards}, key=str)
    held = _meeting_times(cards)
    lines = tuple(
        _line(person, [one for one in cards if one.interviewer == person], effects, shared, held) for person in people
    )
    units = [(application, question) for application, _, question, _ in values]
    raters: dict[object, set[object]] = {}
    for application, interviewer, _, _ in values:
        raters.setdefault(application, set()).add(interviewer)
    twice = Share(sum(len(each) > 1 for each in raters.values()), len(raters))
    return Calibration(lines, krippendorff_alpha(units, [float(value) for *_, value in values]), twice, refused)


Value = tuple[str, str, str, int]
"""Application, interviewer, question, first rating."""


def _values(cards: Sequence[Scorecard]) -> list[Value]:
    return [
        (str(card.application_id), str(card.interviewer_id), each.question["id"], each.rating)
        for card in cards
        for each in list_rated(card.round, independent_version(card).ratings)
        if each.rating is not None
    ]


def _leniency(values: Sequence[Value]) -> tuple[dict[str, Effect], dict[str, int], str]:
    """By interviewer; each of their candidates weighs once, by the mean of the ratings."""
    means: dict[tuple[str, str], list[int]] = {}
    for application, interviewer, _, rating in values:
        means.setdefault((application, interviewer), []).append(rating)
    by: dict[str, set[str]] = {}
    for application, interviewer in means:
        by.setdefault(application, set()).add(interviewer)
    shared = {name: sum(name in raters and len(raters) > 1 for raters in by.values()) for _, name in means}
    try:
        found = study([Rating(application, name, mean(each)) for (application, name), each in means.items()])
    except NotEnoughData as refusal:
        return {}, shared, refusal.what
    return {one.rater: one.effect for one in found.leniencies if one.effect is not None}, shared, ""


def _meeting_times(cards: Sequence[Scorecard]) -> dict[tuple[object, object], datetime]:
    """When each interviewer met each person, the last time."""
    rows = Meeting.objects.filter(
        application__in={one.application_id for one in cards}, state=MeetingState.SET, starts_at__isnull=False
    ).values_list("application", "attendees__user", "starts_at")
    held: dict[tuple[object, object], datetime] = {}
    for application, user, at in rows:
        if at is not None:
            held[application, user] = max(at, held.get((application, user), at))
    return held


def _line(
    person: User,
    cards: Sequence[Scorecard],
    effects: dict[str, Effect],
    shared: dict[str, int],
    held: dict[tuple[object, object], datetime],
) -> InterviewerLine:
    done = [one for one in cards if one.submitted_at is not None]
    due = [(one.submitted_at, one.due_date) for one in cards if one.due_date is not None]
    in_time = sum(at is not None and localdate(at) <= day for at, day in due)
    days = [
        (one.submitted_at - held.get((one.application_id, one.interviewer_id), one.asked_at)).total_seconds() / 86_400
        for one in done
        if one.submitted_at is not None
    ]
    return InterviewerLine(
        interviewer=person,
        asked=len(cards),
        handed_in=Share(len(done), len(cards)),
        in_time=Share(in_time, len(due)),
        median_days=median(days) if days else None,
        n_shared=shared.get(str(person.pk), 0),
        effect=effects.get(str(person.pk)),
    )


def own_watching(user: User) -> LearnerLine | None:
    """How far one's own ratings while watching are from those of who interviewed; None where there are none yet."""
    rows = Scorecard.objects.handed_in().filter(interviewer=user, part=Part.SHADOW)
    gaps = []
    for card in rows.select_related("round__kit").prefetch_related("versions"):
        others = Scorecard.objects.handed_in().that_count().filter(application=card.application_id, round=card.round_id)
        theirs: dict[str, list[int]] = {}
        for _, _, question, rating in _values(list(others.select_related("round__kit").prefetch_related("versions"))):
            theirs.setdefault(question, []).append(rating)
        gaps += [rating - mean(theirs[question]) for _, _, question, rating in _values([card]) if question in theirs]
    return LearnerLine(user, len(gaps), mean(gaps)) if gaps else None
