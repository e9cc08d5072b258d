"""Traps in data on tenure: what makes a curve from real lists wrong, found by what the rows themselves show."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tenfold.kit.words import on_day, plural
from tenfold.practices.retention.stays import Stay, StayList
from tenfold.stats.rates import poisson_upper_tail
from tenfold.stats.survival import NothingAtRisk, Spell, kaplan_meier

YEAR_DAYS = 365.25
SHORTEST_DAYS = 0.5
"""A stay that began and ended on one day lasted half a day."""
HEAP_LEAST, HEAP_TIMES, HEAP_CHANCE = 5, 3.0, 1e-4
ONE_DAY_SHARE = 0.6
START_HEAP_SHARE, START_HEAP_LEAST = 0.3, 10
WHOLE_YEARS_SHARE, WHOLE_YEARS_LEAST = 0.25, 10
LEAVERS_SHARE, LEAVERS_LEAST = 0.95, 20
ALL_LEFT_SHARE = 0.8
EXPECTED_EXITS = 5.0
"""No exit where so many were to be expected has a chance of e⁻⁵ = 0.7 %."""
FEW_EVENTS, VERY_FEW_EVENTS = 50, 10


class Trap(StrEnum):
    """What a warning is about."""

    LEFT_TRUNCATION = "left-truncation"
    HEAPING = "heaping"
    LEAVERS_ONLY = "leavers-only"
    INTERVAL_CENSORING = "interval-censoring"
    FEW_EVENTS = "few-events"
    GAPS = "gaps"


@dataclass(frozen=True, slots=True)
class TrapWarning:
    """A trap, in a sentence, and where in the data it lies."""

    kind: Trap
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class SilentStart:
    """Years with people and without any exit before `records_begin`; `expected` exits would have been usual."""

    records_begin: date
    expected: float


def spells_of(
    stays: Iterable[Stay], as_of: date, observed_from: date | None, *, heaps: Collection[str] = ()
) -> list[Spell]:
    """Stays in years since their start; those that ended before `observed_from` could not be observed and are out.

    `heaps`: months or days (ISO) whose exits count as the end of observation, not as leaving.
    """
    return [
        spell
        for stay in stays
        if (stay.end is None or observed_from is None or stay.end.middle > observed_from)
        for spell in [_spell(stay, as_of, observed_from, heaps)]
        if spell.end > spell.entry
    ]


def find_silent_start(stays: Sequence[Stay], as_of: date) -> SilentStart | None:
    """Whether people who left early are missing from the list.

    A list made from people still there at some day holds starts long before its first exit. Compared are the exits
    that the list's own hazard, taken after the first exit, leads one to expect before it.
    """
    ends = sorted(stay.end.middle for stay in stays if stay.end is not None)
    if len(ends) < 2:
        return None
    step = (ends[-1] - ends[0]).days / len(ends)
    begin = ends[0] - timedelta(days=math.ceil(step))
    before = [(begin - stay.start.middle).days / YEAR_DAYS for stay in stays if stay.start.middle < begin]
    try:
        curve = kaplan_meier(spells_of(stays, as_of, begin))
    except NothingAtRisk:
        return None
    hazards = (curve.exits / curve.at_risk).cumsum()
    expected = math.fsum(float(hazards[hits - 1]) for years in before if (hits := int((curve.times <= years).sum())))
    return SilentStart(begin, expected) if expected >= EXPECTED_EXITS else None


def find_heaps(counts: Mapping[str, int], exposure: Mapping[str, float]) -> list[str]:
    """Keys whose count is beyond what the others' rate explains: thrice as many, Poisson tail below 1 in 10,000.

    `exposure`: people at risk in each period. The largest count is judged first and then left out of the others' rate.
    """
    rest, heaps = dict(counts), []
    threshold = HEAP_CHANCE / max(1, len(exposure))
    for key in sorted(counts, key=lambda each: -counts[each]):
        others = math.fsum(each for name, each in exposure.items() if name not in heaps and name != key)
        rate = (sum(rest.values()) - rest[key]) / others if others else 0.0
        expected = rate * exposure.get(key, 0.0)
        if counts[key] < max(HEAP_LEAST, HEAP_TIMES * expected):
            break
        if poisson_upper_tail(counts[key], expected) > threshold:
            break
        heaps.append(key)
        del rest[key]
    return heaps


def exit_heaps(stays: Sequence[Stay], as_of: date) -> list[TrapWarning]:
    """Months in which far more people left than in others, with the day where one day holds most of them."""
    months = Counter(f"{stay.end.middle:%Y-%m}" for stay in stays if stay.end is not None)
    if not months:
        return []
    return [_exit_heap(month, stays) for month in sorted(find_heaps(months, _monthly_exposure(stays, as_of)))]


def start_heaps(stays: Sequence[Stay]) -> list[TrapWarning]:
    """Starts that are no starts: one day for many (a migration), or the first of January (only the year is known)."""
    days = Counter(stay.start.first for stay in stays if stay.start.is_exact)
    if not days:
        return []
    total = sum(days.values())
    day, most = days.most_common(1)[0]
    new_year = sum(count for each, count in days.items() if (each.month, each.day) == (1, 1))
    years = sum(1 for each in days if (each.month, each.day) == (1, 1))
    warnings = []
    if new_year >= START_HEAP_LEAST and new_year >= START_HEAP_SHARE * total and years > 1:
        text = f"{new_year} of {total} people start on a 1 January: probably only the year is known."
        warnings.append(TrapWarning(Trap.HEAPING, text, "starts on 01-01"))
    elif most >= START_HEAP_LEAST and most >= START_HEAP_SHARE * total and len(days) > 1:
        text = (
            f"{most} of {total} people start on {on_day(day)}: a take-over or a new HR system, hardly their own start."
        )
        warnings.append(TrapWarning(Trap.HEAPING, text, day.isoformat()))
    return warnings


def whole_year_heap(spells: Sequence[Spell]) -> list[TrapWarning]:
    """Stays that end after whole years to the day: fixed terms, or durations that were rounded."""
    ended = [spell.end for spell in spells if spell.ended]
    whole = sum(1 for end in ended if end > 0.9 and abs(end - round(end)) <= 1.5 / YEAR_DAYS)
    if whole < WHOLE_YEARS_LEAST or whole < WHOLE_YEARS_SHARE * len(ended):
        return []
    text = f"{whole} of {len(ended)} stays end after whole years to the day: fixed terms, or rounded durations."
    return [TrapWarning(Trap.HEAPING, text, "whole years of tenure")]


def few_events(exits: int) -> list[TrapWarning]:
    if exits >= FEW_EVENTS:
        return []
    what = plural(exits, "exit") if exits else "No exit"
    if exits < VERY_FEW_EVENTS:
        text = f"{what}: too few to tell much; read the interval, not the line."
    else:
        text = f"{what}: enough for a curve, too few to say what drives leaving ({FEW_EVENTS} at least)."
    return [TrapWarning(Trap.FEW_EVENTS, text, f"{exits} exits")]


def is_leavers_only(listed: StayList) -> bool:
    """Whether every row states an end, and all but some planned ones have come."""
    ended = sum(1 for stay in listed.stays if stay.end is not None)
    return listed.all_end and ended >= ALL_LEFT_SHARE * len(listed.stays)


def mostly_leavers(stays: Sequence[Stay]) -> list[TrapWarning]:
    ended = sum(1 for stay in stays if stay.end is not None)
    if len(stays) < LEAVERS_LEAST or ended < LEAVERS_SHARE * len(stays):
        return []
    text = (
        f"{ended} of {len(stays)} stays have ended. If the list was made of leavers and a few others, the curve is far "
        "too low: add everyone who is still there."
    )
    return [TrapWarning(Trap.LEAVERS_ONLY, text, f"{ended} of {len(stays)} rows")]


def _spell(stay: Stay, as_of: date, observed_from: date | None, heaps: Collection[str]) -> Spell:
    start = stay.start.middle
    until = stay.end.middle if stay.end else as_of
    end = max(SHORTEST_DAYS, (until - start).days) / YEAR_DAYS
    entry = max(0, (observed_from - start).days) / YEAR_DAYS if observed_from else 0.0
    left = stay.end is not None and not (until.isoformat() in heaps or until.isoformat()[:7] in heaps)
    return Spell(end, left, entry, stay.cause if left else None)


def _exit_heap(month: str, stays: Sequence[Stay]) -> TrapWarning:
    ends = [stay.end for stay in stays if stay.end and f"{stay.end.middle:%Y-%m}" == month]
    days = Counter(end.first for end in ends if end.is_exact)
    when, count, where = month, len(ends), month
    day, on_it = days.most_common(1)[0] if days else (date.min, 0)
    if on_it >= ONE_DAY_SHARE * len(ends):
        when, count, where = on_day(day), on_it, day.isoformat()
    text = f"{count} exits at once ({when}): a clean-up of the list or one event, not single decisions to leave."
    return TrapWarning(Trap.HEAPING, text, where)


def _monthly_exposure(stays: Sequence[Stay], as_of: date) -> dict[str, float]:
    """People there at the start of each month, from the first start to the last day."""
    changes: Counter[int] = Counter()
    for stay in stays:
        changes[_month(stay.start.middle)] += 1
        changes[_month(stay.end.middle if stay.end else as_of) + 1] -= 1
    there, exposure = 0, {}
    for month in range(min(changes), _month(as_of) + 1):
        there += changes[month]
        exposure[f"{month // 12:04d}-{month % 12 + 1:02d}"] = float(there)
    return exposure


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
