"""How long people stay: a curve from stays or from lists, with its traps named, corrected, or the curve refused.

Team level only: no figure here belongs to a person, and fewer than five people have no curve.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tenfold.kit.words import on_day, plural
from tenfold.practices.retention.snapshots import MONTHLY, SeenStay, Snapshots, gone_after
from tenfold.practices.retention.stays import StayList
from tenfold.practices.retention.traps import (
    SHORTEST_DAYS,
    YEAR_DAYS,
    SilentStart,
    Trap,
    TrapWarning,
    exit_heaps,
    few_events,
    find_heaps,
    find_silent_start,
    is_leavers_only,
    mostly_leavers,
    spells_of,
    start_heaps,
    whole_year_heap,
)
from tenfold.stats.survival import Estimate, NothingAtRisk, Spell, SurvivalCurve, cumulative_incidence, kaplan_meier

HORIZONS = (1.0, 1.5, 2.0, 5.0)
DATES_IN_GAP = 6
NEAR_NOTHING = 0.05
"""A curve that starts within three weeks needs no word about it."""
FEWEST_PEOPLE = 5
"""Below this a curve speaks of persons."""


@dataclass(frozen=True)
class TenureAnswer:
    """What a list says about staying. `curve` is None where `refused` says why.

    `n` and `exits` count the stays that the answer rests on; `left_out` those that could not be used, by reason.
    `without_heaps`: the curve if exits in heaps were the end of observation and not leaving.
    """

    n: int
    exits: int
    n_people: int
    as_of: date
    curve: SurvivalCurve | None
    refused: str | None
    warnings: tuple[TrapWarning, ...]
    by_cause: Mapping[str, Sequence[Estimate | None]] = field(default_factory=dict)
    exits_by_cause: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    corrections: tuple[str, ...] = ()
    observed_from: date | None = None
    without_heaps: SurvivalCurve | None = None

    def survival(self) -> dict[float, Estimate | None]:
        return {years: self.curve.at(years) if self.curve else None for years in HORIZONS}

    def median_years(self) -> Estimate | None:
        return self.curve.median() if self.curve else None


@dataclass(frozen=True)
class DatedSpells:
    """Spells in which every stay stands `copies` times, with the dates that it may have."""

    spells: tuple[Spell, ...]
    copies: int

    @property
    def n(self) -> int:
        return round(len(self.spells) / self.copies)

    @property
    def exits(self) -> int:
        return round(sum(spell.ended for spell in self.spells) / self.copies)


def tenure_of_stays(listed: StayList, *, observed_from: date | None = None) -> TenureAnswer:
    """The curve of a list of stays.

    `observed_from`: the day since when leavers were recorded; who left before is not in such a list, so people who
    were there count only from that day on (delayed entry). Without it the list itself is asked.
    """
    stays = listed.stays
    silent = None if observed_from else find_silent_start(stays, listed.as_of)
    begin = observed_from or (silent.records_begin if silent else None)
    spells = spells_of(stays, listed.as_of, begin)
    answer = TenureAnswer(
        n=len(spells),
        exits=sum(spell.ended for spell in spells),
        n_people=len({stay.person for stay in stays}),
        as_of=listed.as_of,
        curve=None,
        refused=_refusal(listed, spells),
        warnings=(),
        left_out=_left_out(listed, len(stays) - len(spells)),
        corrections=tuple(_corrections(listed)),
        observed_from=begin,
    )
    if is_leavers_only(listed):
        return _with_curve(answer, spells, [*_leavers_only(listed), *_rough_dates(listed)])
    heaps = exit_heaps(stays, listed.as_of)
    warnings = [
        *_truncation(observed_from, silent, spells),
        *heaps,
        *start_heaps(stays),
        *(whole_year_heap(spells) if not _rough_dates(listed) else ()),
        *mostly_leavers(stays),
        *_rough_dates(listed),
        *_breaks(listed),
    ]
    places = {heap.where for heap in heaps}
    smooth = spells_of(stays, listed.as_of, begin, heaps=places) if heaps else ()
    return _with_curve(answer, spells, warnings, smooth)


def tenure_of_snapshots(seen: Snapshots) -> TenureAnswer:
    """The curve of lists taken now and then; see `seen_spells` for how exits between lists are dated."""
    dated = seen_spells(seen)
    unknown = sum(1 for stay in seen.stays if stay.is_first_of_all and stay.known_start is None)
    answer = TenureAnswer(
        n=dated.n,
        exits=dated.exits,
        n_people=seen.n_people,
        as_of=seen.dates[-1],
        curve=None,
        refused=_too_few(dated.n),
        warnings=(),
        left_out=_counted_reasons({"start unknown (on the first list)": unknown, "not readable": len(seen.unread)}),
        corrections=tuple(_seen_corrections(seen)),
        observed_from=seen.dates[0],
    )
    heaps = _seen_heap_lists(seen)
    warnings = [
        *_there_at_first(seen, unknown),
        *(_seen_heap(seen, index, gone_after(seen)[index]) for index in heaps),
        *_between_lists(seen),
        *_missing_lists(seen),
    ]
    smooth = seen_spells(seen, heaps=heaps).spells if heaps else ()
    return _with_curve(answer, dated.spells, warnings, smooth, dated.copies)


def tenure_of_spells(spells: Sequence[Spell], *, as_of: date) -> TenureAnswer:
    """The curve of durations alone: no dates, so only what durations can show is looked for."""
    exits = sum(spell.ended for spell in spells)
    refused = _too_few(len(spells)) or (_LEAVERS_REFUSAL if exits == len(spells) else None)
    answer = TenureAnswer(len(spells), exits, len(spells), as_of, None, refused, ())
    leavers = [TrapWarning(Trap.LEAVERS_ONLY, _LEAVERS_REFUSAL, f"{exits} rows")] if exits == len(spells) else []
    return _with_curve(answer, spells, [*whole_year_heap(spells), *leavers])


def seen_spells(seen: Snapshots, *, heaps: Collection[int] = ()) -> DatedSpells:
    """Stays in years, dated between lists.

    Monthly or closer lists are read as those who keep them do: an exit is at the last list that names the person, a
    start midway to the list before. With lists further apart that would be off by months, and whoever came and went
    between two lists is on none. So every start and exit takes `DATES_IN_GAP` dates spread evenly over its gap, each
    with its part of the weight, and people count from the first list that names them on (delayed entry). Who was on
    the first list counts only where a start date is known. Exits after the lists in `heaps` (by number) count as the
    end of observation, not as leaving.
    """
    if seen.typical_gap <= MONTHLY:
        return DatedSpells(tuple(read_at(seen, start_share=0.5, end_share=0.0, heaps=heaps)), 1)
    shares = [(number + 0.5) / DATES_IN_GAP for number in range(DATES_IN_GAP)]
    dated = [
        spell
        for start in shares
        for end in shares
        for spell in read_at(seen, start_share=start, end_share=end, heaps=heaps, from_first_list=True)
    ]
    return DatedSpells(tuple(dated), DATES_IN_GAP**2)


def read_at(
    seen: Snapshots,
    *,
    start_share: float,
    end_share: float,
    heaps: Collection[int] = (),
    from_first_list: bool = False,
) -> list[Spell]:
    """Stays in years with every start `start_share` of the way back to the list before, every exit `end_share` on."""
    spells = [
        _seen_spell(seen, stay, start_share, end_share, from_first_list) for stay in seen.stays if _has_start(stay)
    ]
    kept = zip((stay for stay in seen.stays if _has_start(stay)), spells, strict=True)
    return [
        replace(spell, ended=spell.ended and stay.last not in heaps) for stay, spell in kept if spell.end > spell.entry
    ]


def _has_start(stay: SeenStay) -> bool:
    return not stay.is_first_of_all or stay.known_start is not None


def _seen_spell(seen: Snapshots, stay: SeenStay, start_share: float, end_share: float, from_first_list: bool) -> Spell:
    first, last = seen.dates[stay.first].toordinal(), seen.dates[stay.last].toordinal()
    start = float(first)
    if stay.known_start is not None and stay.known_start.toordinal() <= first:
        start = float(stay.known_start.toordinal())
    elif stay.first:
        start -= start_share * (first - seen.dates[stay.first - 1].toordinal())
    end = float(last)
    if not stay.is_last_of_all:
        end += end_share * (seen.dates[stay.last + 1].toordinal() - last)
    entry = first - start if stay.is_first_of_all or from_first_list else 0.0
    return Spell(max(end - start, SHORTEST_DAYS) / YEAR_DAYS, not stay.is_last_of_all, entry / YEAR_DAYS)


def _with_curve(
    answer: TenureAnswer,
    spells: Sequence[Spell],
    warnings: Sequence[TrapWarning],
    smooth: Sequence[Spell] = (),
    copies: int = 1,
) -> TenureAnswer:
    warnings = [*warnings, *few_events(answer.exits)]
    if answer.refused:
        return replace(answer, warnings=tuple(warnings))
    try:
        curve = kaplan_meier(spells, copies=copies)
    except NothingAtRisk:
        refused = "At no length of stay are enough people under observation for a curve to start."
        return replace(answer, refused=refused, warnings=tuple(warnings))
    if curve.starts_at > NEAR_NOTHING:
        warnings = [*_late_start(curve), *warnings]
    causes = sorted({spell.cause for spell in curve.spells if spell.ended and spell.cause})
    return replace(
        answer,
        curve=curve,
        n=curve.n,
        exits=curve.n_exits,
        warnings=tuple(warnings),
        by_cause={cause: cumulative_incidence(curve, cause, HORIZONS) for cause in causes},
        without_heaps=kaplan_meier(smooth, start=curve.starts_at, copies=copies) if smooth else None,
        exits_by_cause={cause: sum(s.ended and s.cause == cause for s in curve.spells) for cause in causes},
    )


_LEAVERS_REFUSAL = (
    "Everyone on this list has left. A list of leavers says how long leavers stayed, not how long people stay: those "
    "still there are missing. Add everyone employed in the same period."
)


def _refusal(listed: StayList, spells: Sequence[Spell]) -> str | None:
    if is_leavers_only(listed):
        return _LEAVERS_REFUSAL
    return _too_few(len(spells))


def _too_few(n: int) -> str | None:
    if n >= FEWEST_PEOPLE:
        return None
    return f"{plural(n, 'stay')} can be used: too few for a curve that does not speak of single people."


def _left_out(listed: StayList, unobserved: int) -> dict[str, int]:
    return _counted_reasons(
        {
            "start not stated": listed.start_not_stated,
            "end not stated": listed.end_not_stated,
            "starts after the list's day": listed.not_started,
            "ended before the records begin": unobserved,
            "not readable": len(listed.unread),
        }
    )


def _counted_reasons(reasons: Mapping[str, int]) -> dict[str, int]:
    return {reason: count for reason, count in reasons.items() if count}


def _corrections(listed: StayList) -> list[str]:
    found = []
    if listed.duplicates:
        found.append(f"{plural(listed.duplicates, 'row')} repeated another exactly and counted once.")
    if listed.merged:
        found.append(f"{plural(listed.merged, 'contract')} overlapped or followed another of the same person: joined.")
    if not listed.as_of_is_given:
        found.append(f"No --as-of was given; the latest day in the list, {on_day(listed.as_of)}, stands for it.")
    return found


def _seen_corrections(seen: Snapshots) -> list[str]:
    found = []
    if seen.duplicates:
        found.append(f"{plural(seen.duplicates, 'row')} repeated a person on the same list and counted once.")
    if seen.bridged:
        found.append(f"{plural(seen.bridged, 'absence')} of at most six months counted as staying.")
    return found


def _truncation(observed_from: date | None, silent: SilentStart | None, spells: Sequence[Spell]) -> list[TrapWarning]:
    late = sum(1 for spell in spells if spell.entry > 0)
    if observed_from and late:
        text = (
            f"{late} of {len(spells)} people were already there on {on_day(observed_from)}; who left before is not in "
            "the list. They count from that day on (delayed entry)."
        )
        return [TrapWarning(Trap.LEFT_TRUNCATION, text, observed_from.isoformat())]
    if silent is None:
        return []
    when = silent.records_begin
    text = (
        f"No exit before {on_day(when)}, where about {silent.expected:.0f} would be usual: early leavers are missing. "
        "People there on that day count from then on; --observed-from DATE says it exactly."
    )
    return [TrapWarning(Trap.LEFT_TRUNCATION, text, when.isoformat())]


def _late_start(curve: SurvivalCurve) -> list[TrapWarning]:
    text = (
        f"Below that too few people are under observation: the curve starts at {curve.starts_at:.2f} years and is "
        "of those who stayed so long."
    )
    return [TrapWarning(Trap.LEFT_TRUNCATION, text, f"{curve.starts_at:.2f} years")]


def _leavers_only(listed: StayList) -> list[TrapWarning]:
    return [TrapWarning(Trap.LEAVERS_ONLY, _LEAVERS_REFUSAL, f"all {len(listed.stays)} rows")]


def _rough_dates(listed: StayList) -> list[TrapWarning]:
    dates = [day for stay in listed.stays for day in (stay.start, stay.end) if day is not None]
    rough = [day for day in dates if not day.is_exact]
    if not rough:
        return []
    widest = max((day.last - day.first).days + 1 for day in rough)
    text = (
        f"{len(rough)} of {len(dates)} dates name a month or a year only; its middle stands for it, up to "
        f"{widest // 2} days off."
    )
    return [TrapWarning(Trap.INTERVAL_CENSORING, text, "dates without a day")]


def _breaks(listed: StayList) -> list[TrapWarning]:
    if not listed.rehired:
        return []
    people = plural(listed.rehired, "person", "people")
    text = f"{people} left and came back; each stay counts from its own start."
    return [TrapWarning(Trap.GAPS, text, "more than one stay a person")]


def _there_at_first(seen: Snapshots, unknown: int) -> list[TrapWarning]:
    first = seen.dates[0]
    known = sum(1 for stay in seen.stays if stay.is_first_of_all and stay.known_start is not None)
    if unknown:
        text = (
            f"{plural(unknown, 'person', 'people')} were on the first list, of {on_day(first)}, and when they started "
            "is unknown: the curve is of those who came later. A column of starting dates (--start) brings them in."
        )
        return [TrapWarning(Trap.LEFT_TRUNCATION, text, first.isoformat())]
    if known:
        text = f"{known} people were there on {on_day(first)} and count from that day on (delayed entry)."
        return [TrapWarning(Trap.LEFT_TRUNCATION, text, first.isoformat())]
    return []


def _seen_heap_lists(seen: Snapshots) -> list[int]:
    """Lists, by number, after which far more people are gone than after others."""
    there = {str(index): 0.0 for index in range(len(seen.dates) - 1)}
    for stay in seen.stays:
        for index in range(stay.first, min(stay.last, len(seen.dates) - 2) + 1):
            there[str(index)] += (seen.dates[index + 1] - seen.dates[index]).days
    counts = {str(index): count for index, count in gone_after(seen).items()}
    return sorted(int(key) for key in find_heaps(counts, there))


def _seen_heap(seen: Snapshots, index: int, count: int) -> TrapWarning:
    last, following = seen.dates[index], seen.dates[index + 1]
    text = (
        f"{count} people are gone at once after the list of {on_day(last)}: a clean-up of the list or one event, not "
        "single decisions to leave."
    )
    return TrapWarning(Trap.HEAPING, text, f"{last.isoformat()}/{following.isoformat()}")


def _between_lists(seen: Snapshots) -> list[TrapWarning]:
    early, late = (_median_at(seen, share) for share in (0.0, 1.0))
    gap = seen.typical_gap.days
    text = f"Lists are {gap} days apart as a rule; when in between somebody came or left is unknown."
    if early is not None and late is not None:
        text += f" The median lies between {early:.2f} and {late:.2f} years, by the earliest and the latest reading."
    return [TrapWarning(Trap.INTERVAL_CENSORING, text, f"{len(seen.dates)} lists, {gap} days apart")]


def _median_at(seen: Snapshots, share: float) -> float | None:
    try:
        median = kaplan_meier(read_at(seen, start_share=share, end_share=share)).median()
    except NothingAtRisk:
        return None
    return median.value if median else None


def _missing_lists(seen: Snapshots) -> list[TrapWarning]:
    warnings = [
        TrapWarning(
            Trap.GAPS,
            f"No list between {on_day(one)} and {on_day(two)}, {(two - one).days} days: who came and left in between "
            "was never seen.",
            f"{one.isoformat()}/{two.isoformat()}",
        )
        for one, two in seen.late
    ]
    warnings += [
        TrapWarning(
            Trap.GAPS,
            f"The list of {on_day(day)} leaves out many who are on the lists before and after: it is incomplete, and "
            "nobody counts as gone for it.",
            day.isoformat(),
        )
        for day in seen.with_holes
    ]
    if seen.rehired:
        people = plural(seen.rehired, "person", "people")
        text = f"{people} were absent for more than six months and came back; each stay counts from its own start."
        warnings.append(TrapWarning(Trap.GAPS, text, "more than one stay a person"))
    return warnings
