"""What on-call costs a team: pages per shift and night as they came, and the same pages replayed on other rotations.

A shift has twelve hours, 08–20 and 20–08 local time; a night is 22–06 local. Everything is of the team or of “a person
of the rotation”, whoever it is; no name is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import exp, floor

from tenfold.stats.rates import Rate, chance_of_more_than, poisson_quantile, poisson_rate, share_interval

SHIFT_STARTS, SHIFT_ENDS = 8, 20
NIGHT_STARTS, NIGHT_ENDS = 22, 6
WORK_STARTS, WORK_ENDS = 9, 17
WORK_DAYS = 5
MOST_PER_SHIFT = 2
HOURS_PER_PAGE = 6.0
QUARTER = 0.25
"""At most two incidents in a twelve-hour shift at six hours each, at most a quarter of one's time on call: Site
Reliability Engineering (Google), chapter Being On-Call."""
DAYS_PER_MONTH = 30.4375
WEEKS_IN_VIEW = 4
CLUSTERED_TIMES, CLUSTERED_LEAST = 1.5, 20


@dataclass(frozen=True, slots=True)
class PageLog:
    """Local times of pages over whole shifts, first and last shift included; `left_out` lie outside."""

    local: tuple[datetime, ...]
    first_shift: int
    last_shift: int
    left_out: int = 0

    @property
    def shifts(self) -> int:
        return self.last_shift - self.first_shift + 1

    @property
    def weeks(self) -> float:
        return self.shifts / 14


@dataclass(frozen=True, slots=True)
class ShiftLoad:
    """Pages in a shift: mean with interval, p90, and how often there are more than two."""

    shifts: int
    mean: Rate
    p90: int
    chance_more_than_two: float
    chance_low: float
    chance_high: float
    dispersion: float

    @property
    def is_clustered(self) -> bool:
        """Whether pages come in bursts: their variance is well above a Poisson process of the same mean."""
        return self.dispersion > CLUSTERED_TIMES and self.mean.events >= CLUSTERED_LEAST


@dataclass(frozen=True, slots=True)
class PoissonLoad:
    """The same quantities if pages came by chance at a constant rate."""

    p90: int
    chance_more_than_two: float
    disturbed_nights_per_person_month: float


@dataclass(frozen=True, slots=True)
class RotationLoad:
    """What a rotation of so many asks of one of them; weeks on call take turns, handed over on Monday morning."""

    people: int
    on_call_share: float
    pages_per_person_week: float
    night_pages_per_person_week: float
    disturbed_nights_per_person_month: float
    most_disturbed_nights_in_four_weeks: int
    hours_per_person_week: float
    poisson: PoissonLoad

    @property
    def is_within_a_quarter(self) -> bool:
        return self.on_call_share <= QUARTER


@dataclass(frozen=True, slots=True)
class OncallAnswer:
    """Pages as they came, and for each rotation asked about."""

    pages: int
    log: PageLog
    load: ShiftLoad
    night_pages: Rate
    disturbed_nights: Rate
    outside_hours: int
    rotations: tuple[RotationLoad, ...]
    is_business_hours: bool


def log_pages(local: Sequence[datetime], *, since: date | None = None, until: date | None = None) -> PageLog:
    """Pages by local wall-clock time, over the shifts from the first to the last page or between two days.

    Raises:
        ValueError: there is no page and no window.
    """
    numbers = [shift_number(moment) for moment in local]
    if not numbers and (since is None or until is None):
        raise ValueError("no page and no window")
    first = 2 * since.toordinal() if since else min(numbers)
    last = 2 * until.toordinal() + 1 if until else max(numbers)
    kept = tuple(sorted(each for each, number in zip(local, numbers, strict=True) if first <= number <= last))
    return PageLog(kept, first, last, len(local) - len(kept))


def shift_number(moment: datetime) -> int:
    """Which shift a local moment falls into: two a day; before 08:00 it is still that of the evening before."""
    day = 2 * moment.toordinal()
    if moment.hour < SHIFT_STARTS:
        return day - 1
    return day if moment.hour < SHIFT_ENDS else day + 1


def is_at_night(moment: datetime) -> bool:
    return moment.hour >= NIGHT_STARTS or moment.hour < NIGHT_ENDS


def is_in_work_hours(moment: datetime) -> bool:
    return moment.weekday() < WORK_DAYS and WORK_STARTS <= moment.hour < WORK_ENDS


def weigh_pages(log: PageLog, rotations: Sequence[int], *, business_hours: bool = False) -> OncallAnswer:
    """The load of the pages in a log. With `business_hours` only pages in office hours reach the rotation.

    The others wait for the next morning or are another team's; a shift is then an office day.
    """
    reaching = [moment for moment in log.local if not business_hours or is_in_work_hours(moment)]
    load = _shift_load(_counts(log, reaching, business_hours=business_hours))
    night = [moment for moment in reaching if is_at_night(moment)]
    disturbed = {_night_of(moment) for moment in night}
    return OncallAnswer(
        pages=len(log.local),
        log=log,
        load=load,
        night_pages=_widen(poisson_rate(len(night), log.weeks), load.dispersion),
        disturbed_nights=poisson_rate(len(disturbed), log.weeks),
        outside_hours=sum(1 for moment in log.local if not is_in_work_hours(moment)),
        rotations=tuple(_replay(log, people, reaching, load) for people in rotations),
        is_business_hours=business_hours,
    )


def _counts(log: PageLog, reaching: Sequence[datetime], *, business_hours: bool) -> list[int]:
    """Pages in each shift, quiet ones too."""
    if business_hours:
        by_day = Counter(moment.toordinal() for moment in reaching)
        days = range(log.first_shift // 2, log.last_shift // 2 + 1)
        return [by_day[day] for day in days if date.fromordinal(day).weekday() < WORK_DAYS] or [len(reaching)]
    by_shift = Counter(shift_number(moment) for moment in reaching)
    return [by_shift[number] for number in range(log.first_shift, log.last_shift + 1)]


def _shift_load(counts: Sequence[int]) -> ShiftLoad:
    n, total = len(counts), sum(counts)
    over = sum(1 for count in counts if count > MOST_PER_SHIFT)
    low, high = share_interval(over, n)
    mean = total / n
    variance = sum((count - mean) ** 2 for count in counts) / max(1, n - 1)
    dispersion = variance / mean if mean else 0.0
    return ShiftLoad(
        shifts=n,
        mean=_widen(poisson_rate(total, float(n)), dispersion),
        p90=sorted(counts)[max(0, -floor(-0.9 * n) - 1)],
        chance_more_than_two=over / n,
        chance_low=low,
        chance_high=high,
        dispersion=dispersion,
    )


def _widen(rate: Rate, dispersion: float) -> Rate:
    """A rate whose interval allows for bursts: wider by the root of the dispersion (quasi-Poisson)."""
    factor = max(1.0, dispersion) ** 0.5
    high = None if rate.high is None else rate.value + factor * (rate.high - rate.value)
    return Rate(rate.value, max(0.0, rate.value - factor * (rate.value - rate.low)), high, rate.events, rate.exposure)


def _replay(log: PageLog, people: int, reaching: Sequence[datetime], load: ShiftLoad) -> RotationLoad:
    night = [moment for moment in reaching if is_at_night(moment)]
    disturbed = {_night_of(moment) for moment in night}
    per_week = len(reaching) / log.weeks / people
    nights_per_month = len(disturbed) / log.weeks / 7 * DAYS_PER_MONTH / people
    return RotationLoad(
        people=people,
        on_call_share=1 / people,
        pages_per_person_week=per_week,
        night_pages_per_person_week=len(night) / log.weeks / people,
        disturbed_nights_per_person_month=nights_per_month,
        most_disturbed_nights_in_four_weeks=_worst_month(disturbed, people),
        hours_per_person_week=per_week * HOURS_PER_PAGE,
        poisson=_closed_form(len(night) / log.weeks / 7, load.mean.value, people),
    )


def _closed_form(night_pages_a_night: float, pages_a_shift: float, people: int) -> PoissonLoad:
    woken = 1 - exp(-night_pages_a_night)
    return PoissonLoad(
        p90=poisson_quantile(0.9, pages_a_shift),
        chance_more_than_two=chance_of_more_than(MOST_PER_SHIFT, pages_a_shift),
        disturbed_nights_per_person_month=DAYS_PER_MONTH * woken / people,
    )


def _worst_month(disturbed: set[date], people: int) -> int:
    """The most nights that one of the rotation is woken in any four weeks, whoever begins."""
    by_week = Counter((night.toordinal() - 1) // 7 for night in disturbed)
    if not by_week:
        return 0
    weeks = range(min(by_week) - WEEKS_IN_VIEW, max(by_week) + 1)
    return max(
        sum(by_week[week + step] for step in range(WEEKS_IN_VIEW) if (week + step) % people == turn)
        for week in weeks
        for turn in range(people)
    )


def _night_of(moment: datetime) -> date:
    """The evening's date of the night that a moment falls into."""
    return (moment - timedelta(days=1)).date() if moment.time() < time(NIGHT_ENDS) else moment.date()
