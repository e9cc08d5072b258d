"""How far ratings can be trusted: what one rating tells of a subject, and what more ratings would.

Generalizability theory: the variance of ratings is divided among subjects, raters, what was rated (a question, a
station, a task) and their combinations; a planned set of ratings is as reliable as its subjects' share of the variance
(Brennan 2001; for hiring, where raters are neither crossed nor nested throughout, Putka, Le, McCloy and Diaz 2008).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import variance

from tenfold.kit.errors import NotEnoughData
from tenfold.stats.d_study import (
    RATER,
    RATER_WITHIN,
    RESIDUAL,
    SUBJECT,
    SUBJECT_RATER,
    SUBJECT_WITHIN,
    WITHIN,
    spearman_brown,
)
from tenfold.stats.mixed_intervals import Effect, Estimate, effects, ratio_interval, variance_interval
from tenfold.stats.mixed_model import Factor, MixedModel, factor, fit, interaction

REPEATED_PAIRS = 10
"""So many pairs of subject and rater must have several ratings before their common part is estimated."""
CARRY_OVER = 9.2
"""Gain in deviance (about p = 0.005) that shows raters of the same name under several tasks to be the same people."""
BETTER_APART = 2.71
"""Gain in deviance (one-sided p = 0.05) from which raters of one name under several tasks are different people."""
NUMBERED = re.compile(
    r"(rater|judge|interviewer|assessor|examiner|reviewer|observer|coder|[a-z])?[\s_#.-]*(\d{1,2}|[a-z])",
    re.IGNORECASE,
)
"""Labels that may be a place in the room and not a name: 2, B, R3, Rater 1."""
SHARED_ENOUGH = 8
"""Shared subjects below which a rater's leniency is not told (house rule)."""


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating of one subject by one rater; `within` is what was rated: a question, a station, a task."""

    subject: str
    rater: str
    value: float
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Leniency:
    """How much higher a rater rates than others do on the same subjects, shrunk; `effect` is None where not told."""

    rater: str
    n_shared: int
    effect: Effect | None

    @property
    def is_told(self) -> bool:
        return self.effect is not None


@dataclass(frozen=True)
class RatingStudy:
    """Variance components of a set of ratings and what follows from them.

    `confounded` names factors that cannot be told from the residual in this design and are part of it.
    `raters_are_nested`: raters of the same name under different tasks are taken as different people.
    """

    ratings: tuple[Rating, ...]
    model: MixedModel
    confounded: tuple[str, ...]
    raters_are_nested: bool

    @property
    def variances(self) -> Mapping[str, float]:
        """In squared units of the rating."""
        return self.model.variances

    @cached_property
    def errors(self) -> tuple[str, ...]:
        """What makes one rating of a subject, by a rater of its own, differ from another's."""
        among = (RATER, RATER_WITHIN, SUBJECT_WITHIN, SUBJECT_RATER, *(() if self._same_tasks() else (WITHIN,)))
        return tuple(name for name in among if name in self.variances)

    @cached_property
    def single(self) -> Estimate:
        """Reliability of one rating for ranking subjects, where each has a rater of its own."""
        return ratio_interval(self.model, SUBJECT, self.errors)

    @cached_property
    def single_same_rater(self) -> Estimate:
        """The same where one rater rates all: leniency then moves everybody alike."""
        leniency = (RATER, RATER_WITHIN)
        return ratio_interval(self.model, SUBJECT, [name for name in self.errors if name not in leniency])

    def mean_of(self, ratings: int) -> Estimate:
        """Reliability of the mean of so many ratings, each by a rater of its own on a task of its own."""
        return stepped_up(self.single, ratings)

    def variance(self, name: str) -> Estimate:
        return variance_interval(self.model, name)

    @cached_property
    def leniencies(self) -> tuple[Leniency, ...]:
        """One a rater, by name, never corrected for anywhere; too few shared subjects are not told."""
        shared = _shared_subjects(self.ratings, nested=self.raters_are_nested)
        told = {str(one.label): one for one in self._rater_effects()}
        return tuple(
            Leniency(rater, n, told.get(rater) if n >= SHARED_ENOUGH else None) for rater, n in sorted(shared.items())
        )

    def _rater_effects(self) -> tuple[Effect, ...]:
        return effects(self.model, RATER) if RATER in self.variances else ()

    def _same_tasks(self) -> bool:
        """Whether subjects were rated on the same tasks by and large, so that a hard task is hard for all."""
        tasks = {one.within for one in self.ratings}
        cells = {(one.subject, one.within) for one in self.ratings}
        return 2 * len(cells) >= len(tasks) * len({one.subject for one in self.ratings})


def study(ratings: Sequence[Rating]) -> RatingStudy:
    """Fits the variance components that the design can tell apart.

    Without `within`: subjects, raters, and what a rater sees in a subject where they rated it several times. With it:
    also tasks and subject by task. The same name under two tasks is one person, unless names only number the raters of
    each task anew (1, 2; A, B) and the ratings show leniency that does not carry over: then raters are nested in tasks.

    Raises:
        NotEnoughData: one subject, one rater, no subject with two ratings, or ratings that never differ.
    """
    _answerable(ratings)
    values = [one.value for one in ratings]
    nested = _separable(_factors(ratings, nested=True), len(ratings))
    model, is_nested = fit(values, nested), True
    if _names_recur(ratings):
        crossed = _separable(_factors(ratings, nested=False), len(ratings))
        other = fit(values, crossed)
        carries_over = other.deviance < model.deviance - CARRY_OVER
        if carries_over or not _are_numbered_anew(ratings) or not _are_better_apart(values, crossed, model):
            model, is_nested = other, False
    wanted = {one.name for one in _factors(ratings, nested=is_nested)}
    return RatingStudy(tuple(ratings), model, tuple(sorted(wanted - model.variances.keys())), is_nested)


def exact_variances(ratings: Sequence[Rating]) -> Mapping[str, float] | None:
    """Components of ratings that are a subject's value plus a rater's, without a remainder.

    They are what REML comes to as the remainder goes to nothing: the variances of the values themselves. None where
    tasks are told apart, or where subjects and raters fall into groups that share nobody.
    """
    if any(one.within is not None for one in ratings):
        return None
    values = _solve_sum(ratings)
    if values is None:
        return None
    parts = {name: [value for (kind, _), value in values.items() if kind == name] for name in (SUBJECT, RATER)}
    return {**{name: variance(found) if len(found) > 1 else 0.0 for name, found in parts.items()}, RESIDUAL: 0.0}


def _solve_sum(ratings: Sequence[Rating]) -> dict[tuple[str, str], float] | None:
    """Each subject's and each rater's part of the ratings, up to a constant, walking from one to the next."""
    beside: dict[tuple[str, str], list[tuple[tuple[str, str], float]]] = defaultdict(list)
    for one in ratings:
        subject, rater = (SUBJECT, one.subject), (RATER, one.rater)
        beside[subject].append((rater, one.value))
        beside[rater].append((subject, one.value))
    begin = (SUBJECT, ratings[0].subject)
    values, queue = {begin: 0.0}, [begin]
    while queue:
        here = queue.pop()
        for there, rating in beside[here]:
            if there not in values:
                values[there] = rating - values[here]
                queue.append(there)
    return values if len(values) == len(beside) else None


def stepped_up(one: Estimate, ratings: float) -> Estimate:
    """Reliability of the mean of several independent ratings (Spearman and Brown)."""
    ends = [None if end is None else spearman_brown(end, ratings) for end in (one.low, one.high)]
    return Estimate(spearman_brown(one.value, ratings), ends[0], ends[1])


def _answerable(ratings: Sequence[Rating]) -> None:
    """Refuses, in words, what no method can answer."""
    per_subject = Counter(one.subject for one in ratings)
    if len(per_subject) < 2:
        raise NotEnoughData("Reliability compares subjects: there must be at least two.")
    if len({(one.within, one.rater) for one in ratings}) < 2:
        raise NotEnoughData("Reliability compares raters: there must be at least two.")
    if max(per_subject.values()) < 2:
        raise NotEnoughData("No subject has two ratings, so agreement cannot be seen.")
    if len({one.value for one in ratings}) < 2:
        raise NotEnoughData("All ratings are the same: nothing tells subjects apart, and reliability is undefined.")


def _names_recur(ratings: Sequence[Rating]) -> bool:
    """Whether a rater's name stands under several tasks."""
    pairs = {(one.rater, one.within) for one in ratings}
    return len(pairs) > len({one.rater for one in ratings})


def _are_numbered_anew(ratings: Sequence[Rating]) -> bool:
    """Whether names may be places in a task: numbers or letters, and each task's are the first of the largest's."""
    names: dict[str | None, set[str]] = {}
    for one in ratings:
        names.setdefault(one.within, set()).add(one.rater)
    if not all(NUMBERED.fullmatch(name.strip()) for found in names.values() for name in found):
        return False
    largest: set[str] = max(names.values(), key=len)
    most = sorted(largest, key=lambda name: (len(name), name))
    return all(found == set(most[: len(found)]) for found in names.values())


def _are_better_apart(values: Sequence[float], crossed: Sequence[Factor], nested: MixedModel) -> bool:
    """Whether raters nested in tasks explain the ratings clearly better than raters who are one person throughout."""
    plain = [one for one in crossed if one.name not in (RATER_WITHIN, SUBJECT_RATER)]
    return fit(values, plain).deviance - nested.deviance > BETTER_APART


def _factors(ratings: Sequence[Rating], *, nested: bool) -> list[Factor]:
    subject = factor(SUBJECT, [one.subject for one in ratings])
    rater = factor(RATER, [one.rater for one in ratings])
    if all(one.within is None for one in ratings):
        return [subject, rater, *_repeat(ratings, subject, rater)]
    task = factor(WITHIN, [one.within for one in ratings])
    common = [subject, task, interaction(SUBJECT_WITHIN, subject, task)]
    if not _names_recur(ratings):
        return [*common, rater]
    if nested:
        return [*common, factor(RATER, [rater_in_task(one) for one in ratings])]
    return [*common, rater, interaction(RATER_WITHIN, rater, task), interaction(SUBJECT_RATER, subject, rater)]


def rater_in_task(one: Rating) -> str:
    """A rater's name where names recur from task to task."""
    return f"{one.within} / {one.rater}"


def _repeat(ratings: Sequence[Rating], subject: Factor, rater: Factor) -> list[Factor]:
    times = Counter((one.subject, one.rater) for one in ratings)
    several = sum(count > 1 for count in times.values())
    return [interaction(SUBJECT_RATER, subject, rater)] if several >= REPEATED_PAIRS else []


def _separable(factors: Sequence[Factor], n: int) -> list[Factor]:
    """Those with more than one level and fewer than ratings, each with levels of its own; subjects come first."""
    kept: list[Factor] = []
    seen: set[tuple[int, ...]] = set()
    for one in factors:
        key = tuple(one.codes.tolist())
        if 1 < one.n_levels < n and key not in seen:
            seen.add(key)
            kept.append(one)
    if not any(one.name == SUBJECT for one in kept):
        raise NotEnoughData("Subjects cannot be told from single ratings here: each needs two or more.")
    return kept


def _shared_subjects(ratings: Sequence[Rating], *, nested: bool) -> dict[str, int]:
    """Per rater, the subjects that another rater rated, too (on the same task where raters are nested in tasks)."""
    by_name = not (nested and _names_recur(ratings))
    raters: dict[tuple[str, str | None], set[str]] = {}
    for one in ratings:
        raters.setdefault((one.subject, one.within if nested else None), set()).add(_call_name(one, by_name=by_name))
    shared: dict[str, set[str]] = {_call_name(one, by_name=by_name): set() for one in ratings}
    for (subject, _), names in raters.items():
        for name in names if len(names) > 1 else ():
            shared[name].add(subject)
    return {name: len(subjects) for name, subjects in shared.items()}


def _call_name(one: Rating, *, by_name: bool) -> str:
    return one.rater if by_name else rater_in_task(one)
