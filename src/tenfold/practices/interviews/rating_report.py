"""How reliable a file of ratings is: read, divided into variances, told in words and as values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import variance
from typing import Any

from tenfold.kit.errors import NotEnoughData, UserError
from tenfold.kit.words import join, plural, sentence
from tenfold.practices.interviews.tables import Row, Table, is_missing, is_not_rated, number, spelled_alike
from tenfold.stats.agreement import Alpha, krippendorff_alpha
from tenfold.stats.d_study import RATER, RESIDUAL, SUBJECT, WITHIN, plan_reliability
from tenfold.stats.mixed_intervals import Estimate, is_large
from tenfold.stats.reliability import (
    SHARED_ENOUGH,
    Leniency,
    Rating,
    RatingStudy,
    exact_variances,
    stepped_up,
    study,
)

MEANS_OF = (2, 3, 4, 6, 10)
FEW_SUBJECTS = 10
FEW_RATERS = 5
MOST_SLIPS, ENOUGH_TO_SEE_SLIPS = 2, 8
"""Ratings that may be slips, and how many others must be there to tell."""
FAR_OFF = 4
"""So many times the span of all others."""
SAME_FROM = 5
"""So many ratings, all alike, are worth a word."""
MOST_NAMED = 5
LARGEST = 1e9
"""No scale of ratings reaches that far; such a figure is an identifier or a slip."""


@dataclass(frozen=True)
class RatingReport:
    """The answer on one file. `found` is None where reliability is undefined; `perfect` where raters never differ.

    `exact`: the components where subject and rater explain every rating, so that no interval can be estimated.
    """

    ratings: tuple[Rating, ...]
    found: RatingStudy | None
    perfect: bool
    alpha: Alpha
    warnings: tuple[str, ...]
    exact: Mapping[str, float] | None = None

    @property
    def n_subjects(self) -> int:
        return len({one.subject for one in self.ratings})

    @property
    def n_raters(self) -> int:
        nested = self.found is None or self.found.raters_are_nested
        names = {one.rater for one in self.ratings}
        pairs = {(one.within, one.rater) for one in self.ratings}
        return len(pairs) if nested and len(pairs) > len(names) else len(names)

    @property
    def variances(self) -> Mapping[str, float | None] | None:
        """By name; None for one that cannot be told from the residual, and for all where nothing can be said."""
        if self.found is not None:
            return {**self.found.variances, **dict.fromkeys(self.found.confounded)}
        if self.exact is not None:
            return self.exact
        values = [one.value for one in self.ratings]
        if len(set(values)) == 1 and self.n_subjects > 1:
            return {SUBJECT: 0.0, RATER: 0.0, RESIDUAL: 0.0}
        if self.perfect and all(one.within is None for one in self.ratings):
            return {
                SUBJECT: variance({one.subject: one.value for one in self.ratings}.values()),
                RATER: 0.0,
                RESIDUAL: 0.0,
            }
        return None

    @property
    def single(self) -> Estimate | None:
        if self.perfect:
            return Estimate(1.0, None, None)
        if self.exact is not None:
            return Estimate(self.exact[SUBJECT] / (self.exact[SUBJECT] + self.exact[RATER]), None, None)
        return None if self.found is None else self.found.single

    @property
    def single_same_rater(self) -> Estimate | None:
        if self.perfect or (self.exact is not None and self.exact[SUBJECT] > 0):
            return Estimate(1.0, None, None)
        return None if self.found is None else self.found.single_same_rater

    @property
    def leniencies(self) -> tuple[Leniency, ...]:
        return () if self.found is None else self.found.leniencies


def report(table: Table, *, has_within: bool = False) -> RatingReport:
    """Reads and judges a table whose columns are subject, rater, rating and, with `has_within`, what was rated.

    Raises:
        UserError: a rating that is not a number, or no usable rating at all.
    """
    ratings, warnings = _ratings(table, has_within=has_within)
    units = [(one.subject, one.within) for one in ratings]
    alpha = krippendorff_alpha(units, [one.value for one in ratings])
    perfect = _raters_never_differ(ratings)
    found: RatingStudy | None = None
    exact: Mapping[str, float] | None = None
    if perfect:
        warnings.append(
            "Wherever two raters rated the same thing they gave the same rating: reliability is 1 as far as these "
            "ratings go, and an interval cannot be estimated."
        )
    else:
        try:
            found = study(ratings)
        except NotEnoughData as refusal:
            warnings.append(f"No reliability: {refusal.what}")
    if found is not None and found.model.is_exact:
        found, exact = None, exact_variances(ratings)
        warnings.append(_NO_REMAINDER if exact else f"No reliability: {_NO_REMAINDER}")
    warnings += _warnings(ratings, found)
    return RatingReport(tuple(ratings), found, perfect, alpha, tuple(warnings), exact)


_NO_REMAINDER = (
    "Subjects and raters explain every rating without a remainder, which real ratings never do: no interval can be "
    "estimated. Check that nothing was computed or copied."
)


def to_dict(one: RatingReport) -> dict[str, Any]:
    single = one.single
    return {
        "n_ratings": len(one.ratings),
        "n_subjects": one.n_subjects,
        "n_raters": one.n_raters,
        "variance": one.variances and {name: _round_to(value) for name, value in one.variances.items()},
        "single": _ends(single),
        "mean_of": {str(k): _ends(single and stepped_up(single, k)) for k in MEANS_OF},
        "single_same_rater": _ends(one.single_same_rater),
        "plans": _plans(one),
        "alpha": {
            "nominal": _round_to(one.alpha.nominal),
            "ordinal": _round_to(one.alpha.ordinal),
            "interval": _round_to(one.alpha.interval),
        },
        "alpha_n": {"units": one.alpha.n_units, "ratings": one.alpha.n_pairable},
        "rater_effects": [_effect(row) for row in one.leniencies],
        "method": _method(one),
        "warnings": list(one.warnings),
    }


def _plans(one: RatingReport) -> list[dict[str, Any]]:
    """What so many tasks with so many raters each would be worth; only where tasks were told apart."""
    if one.found is None or WITHIN not in one.found.variances:
        return []
    return [
        {"tasks": tasks, "raters": raters, "value": _round_to(plan_reliability(one.found.variances, tasks, raters))}
        for tasks in (1, 2, 3, 4, 6)
        for raters in (1, 2)
    ]


def to_text(one: RatingReport) -> str:
    counts = ((len(one.ratings), "rating"), (one.n_subjects, "subject"), (one.n_raters, "rater"))
    ratings, subjects, raters = (plural(n, word) for n, word in counts)
    lines = [f"{ratings} of {subjects} by {raters}."]
    if one.single is not None:
        lines += ["", f"Reliability of one rating: {_words(one.single)}"]
        lines += [f"  mean of {k:>2}: {_words(stepped_up(one.single, k))}" for k in MEANS_OF]
        if one.single_same_rater is not None:
            lines.append(f"  one rating, the same rater for all: {_words(one.single_same_rater)}")
    if one.found is not None:
        parts = one.found.variances
        total = sum(parts.values())
        lines += ["", "Where ratings differ, in percent of their variance:"]
        lines += [f"  {name.replace('_', ' '):<20}{100 * part / total:5.1f} %" for name, part in parts.items()]
    alphas = (one.alpha.nominal, one.alpha.ordinal, one.alpha.interval)
    if all(value is not None for value in alphas):
        nominal, ordinal, interval = (f"{value:.2f}" for value in alphas)
        lines += ["", f"Krippendorff's alpha: nominal {nominal}, ordinal {ordinal}, interval {interval}"]
    if one.leniencies:
        lines += ["", "Raters against others on the same subjects, shrunk (95 % interval):"]
        lines += [f"  {_leniency(row)}" for row in one.leniencies]
    return "\n".join([*lines, *(["", *one.warnings] if one.warnings else [])])


def _ratings(table: Table, *, has_within: bool) -> tuple[list[Rating], list[str]]:
    """What can be used, and what is said of the rest."""
    ratings: list[Rating] = []
    bad: list[UserError] = []
    gaps: Counter[str] = Counter()
    for row in table.rows:
        absent = [name for name, cell in zip(table.columns, row.cells, strict=True) if is_missing(cell)]
        if not absent and is_not_rated(row.cells[2]):
            absent = [table.columns[2]]
        if absent:
            gaps[absent[-1] if absent == [table.columns[2]] else absent[0]] += 1
            continue
        value = number(row.cells[2])
        if value is None or abs(value) > LARGEST:
            bad.append(_not_a_number(table, row))
        else:
            ratings.append(Rating(row.cells[0], row.cells[1], value, row.cells[3] if has_within else None))
    if bad:
        raise bad[0]
    if not ratings:
        raise UserError(
            f"{table.name} holds no complete rating.",
            remedy="Each line needs a subject, a rater and a number.",
        )
    said = [
        f"{sentence(plural(count, 'line'))} without “{column}” {'was' if count == 1 else 'were'} left out."
        for column, count in gaps.items()
    ]
    kept, copies = _without_copies(ratings)
    if copies:
        said.append(
            f"{sentence(plural(copies, 'line'))} repeated another exactly and counted once; no rater here gave one "
            "subject two different ratings."
        )
    return kept, said + spelled_alike(one.rater for one in kept) + spelled_alike(one.subject for one in kept)


def _without_copies(ratings: Sequence[Rating]) -> tuple[list[Rating], int]:
    """Ratings once each, where repeats are copies of a line: nobody rated the same thing twice and differently."""
    given: dict[tuple[str, str, str | None], set[float]] = defaultdict(set)
    for one in ratings:
        given[one.subject, one.rater, one.within].add(one.value)
    if any(len(values) > 1 for values in given.values()):
        return list(ratings), 0
    kept = list(dict.fromkeys(ratings))
    return kept, len(ratings) - len(kept)


def _not_a_number(table: Table, row: Row) -> UserError:
    return UserError(
        f"“{row.cells[2][:40]}” is not a rating.",
        remedy="Write ratings as numbers (3, 3.5 or 3,5); leave a cell empty where there is none.",
        place=table.place(row, table.columns[2]),
    )


def _raters_never_differ(ratings: Sequence[Rating]) -> bool:
    """Whether some things were rated twice, always alike, and subjects differ."""
    seen: dict[tuple[str, str | None], list[float]] = defaultdict(list)
    for one in ratings:
        seen[one.subject, one.within].append(one.value)
    several = [values for values in seen.values() if len(values) > 1]
    alike = bool(several) and len(several) > 1 and all(len(set(values)) == 1 for values in several)
    subjects = {one.subject for one in ratings}
    return (
        alike and len(subjects) > 1 and len({one.rater for one in ratings}) > 1 and len({v.value for v in ratings}) > 1
    )


def _warnings(ratings: Sequence[Rating], found: RatingStudy | None) -> list[str]:
    subjects = {one.subject for one in ratings}
    raters = {one.rater for one in ratings}
    said = []
    if found is not None and len(subjects) < FEW_SUBJECTS:
        said.append(f"Only {plural(len(subjects), 'subject')}: read the interval, not the value.")
    if found is not None and len(raters) < FEW_RATERS:
        said.append(f"Only {plural(len(raters), 'rater')}: how much raters differ in leniency is hardly known.")
    said += _far_off(ratings) + _same_for_all(ratings) + _given_twice(ratings)
    if found is None:
        return said
    if len(_groups(ratings)) > 1:
        said.append(
            f"Raters and subjects fall into {len(_groups(ratings))} groups that share nobody: a strict rater and weak "
            "candidates look alike there."
        )
    if found.confounded:
        said.append(
            f"{sentence(join([name.replace('_', ' ') for name in found.confounded]))} cannot be told from chance in "
            "this design and is part of the residual."
        )
    if found.variances[SUBJECT] == 0:
        said.append("Subjects do not differ more than chance would make them: the ratings tell nobody apart.")
    if _recur(ratings):
        said.append(
            "Raters of the same name under several tasks are taken as different people."
            if found.raters_are_nested
            else "Raters of the same name under several tasks are taken as one person: their leniency carries over."
        )
    untold = [one.rater for one in found.leniencies if not one.is_told] if RATER in found.variances else []
    if untold:
        few = join(untold[:MOST_NAMED]) + (f" and {len(untold) - MOST_NAMED} more" if len(untold) > MOST_NAMED else "")
        said.append(f"Too few to tell (below {SHARED_ENOUGH} shared subjects): {few}.")
    return said


def _far_off(ratings: Sequence[Rating]) -> list[str]:
    """One or two ratings far beyond all others, on either side: a slip such as 44 for 4, or another scale."""
    said = []
    for sign in (1, -1):
        values = sorted(sign * one.value for one in ratings)
        for odd in range(1, MOST_SLIPS + 1):
            rest, far = values[:-odd], values[-odd:]
            if len(rest) >= ENOUGH_TO_SEE_SLIPS and far[0] - rest[-1] > FAR_OFF * (rest[-1] - rest[0]) > 0:
                named, verb = join([f"{sign * value:g}" for value in far]), "is" if odd == 1 else "are"
                said.append(
                    f"{plural(odd, 'rating')} ({named}) {verb} far beyond all others: another scale, or a slip? "
                    f"{'It counts' if odd == 1 else 'They count'} as written."
                )
                break
    return said


def _same_for_all(ratings: Sequence[Rating]) -> list[str]:
    given: dict[str, list[float]] = defaultdict(list)
    for one in ratings:
        given[one.rater].append(one.value)
    if len({one.value for one in ratings}) < 2:
        return []
    flat = [(name, values) for name, values in given.items() if len(values) >= SAME_FROM and len(set(values)) == 1]
    return [f"{name} gave {values[0]:g} every time ({len(values)} ratings)." for name, values in flat[:MOST_NAMED]]


def _given_twice(ratings: Sequence[Rating]) -> list[str]:
    times = Counter((one.subject, one.rater, one.within) for one in ratings)
    several = [key for key, count in times.items() if count > 1]
    if not several:
        return []
    subject, rater, _ = several[0]
    pairs = f"{plural(len(several), 'pair')} of subject and rater {'has' if len(several) == 1 else 'have'}"
    advice = "each counts. Name what was rated with --within if they differ in that."
    return [f"{pairs} several ratings (such as {subject} by {rater}); {advice}"]


def _recur(ratings: Sequence[Rating]) -> bool:
    return len({(one.rater, one.within) for one in ratings}) > len({one.rater for one in ratings})


def _groups(ratings: Sequence[Rating]) -> set[str]:
    """One name for each set of subjects that shared raters connect."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for one in ratings:
        parent[root(f"s {one.subject}")] = root(f"r {one.rater}")
    return {root(f"s {one.subject}") for one in ratings}


def _effect(row: Leniency) -> dict[str, Any]:
    effect = row.effect
    value, low, high = (None, None, None) if effect is None else (effect.value, effect.low, effect.high)
    return {
        "rater": row.rater,
        "n_shared": row.n_shared,
        "effect": _round_to(value),
        "low": _round_to(low),
        "high": _round_to(high),
        "told": row.is_told,
        "says": _leniency(row),
    }


def _leniency(row: Leniency) -> str:
    shared = f"{row.n_shared} shared"
    if row.effect is None:
        return f"{row.rater}: too few to tell ({shared}; {SHARED_ENOUGH} are needed)"
    one = row.effect
    kind = "rates higher" if one.low > 0 else "rates lower" if one.high < 0 else "no difference can be told"
    return f"{row.rater}: {one.value:+.2f} ({one.low:+.2f} to {one.high:+.2f}; {shared}): {kind}"


def _method(one: RatingReport) -> dict[str, str]:
    interval = "none"
    if one.found is not None:
        interval = "curvature of the likelihood" if is_large(one.found.model) else "profile likelihood"
    return {
        "variance": "restricted maximum likelihood (REML)",
        "interval": f"95 %, {interval}",
        "single": "one rating of each subject by a rater of its own: leniency counts as error",
        "plans": "tasks with raters of their own; a second rater on a task shares what the task shows",
        "mean_of": "means of independent raters, one task each where there are tasks (Spearman-Brown)",
        "alpha": "Krippendorff, unit = subject, or subject in a task",
        "rater_effects": "best linear unbiased prediction, shrunk; never applied to any rating",
    }


def _ends(one: Estimate | None) -> dict[str, float | None]:
    if one is None:
        return {"value": None, "low": None, "high": None}
    return {"value": _round_to(one.value), "low": _round_to(one.low), "high": _round_to(one.high)}


def _words(one: Estimate) -> str:
    if one.low is None or one.high is None:
        return f"{one.value:.2f} (no interval)"
    return f"{one.value:.2f} (95 % interval {one.low:.2f} to {one.high:.2f})"


def _round_to(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
