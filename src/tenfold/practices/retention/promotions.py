"""How often models are promoted, from looks at a registry that keeps no history of its aliases.

Between two looks an alias may have moved more than once, or moved and come back: what is counted are changes seen, and
the rate carries the interval that polling leaves. The state at one moment is never told as history.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

from tenfold.kit.words import plural
from tenfold.stats.rates import Rate, poisson_rate, polled_rate

WEEK_S = 7 * 86400.0
LONG_GAP = 3.0
FEW_PROMOTIONS = 5
COARSE_SHARE = 0.2
"""Where more than this share of gaps shows a change, polls are far apart against the pace of change."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What an alias pointed to at one moment; `version` is empty where it pointed to nothing."""

    at: datetime
    name: str
    alias: str
    version: str
    line: int = 0


class Move(StrEnum):
    """What a change of an alias was."""

    PROMOTION = "promotion"
    ROLLBACK = "rollback"
    REMOVAL = "removal"


@dataclass(frozen=True, slots=True)
class Change:
    """One change seen between two looks: it happened after `seen_before` and not after `seen_at`."""

    name: str
    alias: str
    before: str
    after: str
    seen_before: datetime
    seen_at: datetime
    move: Move


@dataclass(frozen=True, slots=True)
class PollWarning:
    """Something about the looks that limits what they show."""

    kind: str
    text: str
    where: str


@dataclass(frozen=True)
class PromotionAnswer:
    """Changes seen and the rate of promotions a week over all aliases; `rate` is None where looks cannot give one."""

    observations: int
    series: int
    changes: tuple[Change, ...]
    rate: Rate | None
    first: datetime
    last: datetime
    longest_gap: tuple[datetime, datetime] | None
    warnings: tuple[PollWarning, ...]

    @property
    def promotions(self) -> int:
        return sum(change.move is Move.PROMOTION for change in self.changes)

    @property
    def rollbacks(self) -> int:
        return sum(change.move is Move.ROLLBACK for change in self.changes)


Series = list[Observation]


def count_promotions(observations: Sequence[Observation]) -> PromotionAnswer:
    """Promotions and rollbacks in a record of looks.

    An alias that moves to a version which it had before the present one goes back: a rollback. Any other move is a
    promotion, also the first version of an alias that was looked at and not there before.

    Raises:
        ValueError: there is no observation.
    """
    if not observations:
        raise ValueError("no observation")
    by_series, conflicts = _series(observations)
    looks = sorted({observation.at for observation in observations})
    changes = [change for series in by_series.values() for change in _changes(_from_first_look(series, looks))]
    gaps = [(one.at, two.at) for series in by_series.values() for one, two in pairwise(series)]
    lives = _lives_of_rolled_back(by_series, changes)
    hidden = expect_hidden(lives)
    return PromotionAnswer(
        observations=len(observations),
        series=len(by_series),
        changes=tuple(sorted(changes, key=lambda change: (change.seen_at, change.name, change.alias))),
        rate=_allow_for_hidden(_weekly_rate(by_series, looks, changes), hidden, len(lives)),
        first=looks[0],
        last=looks[-1],
        longest_gap=max(gaps, key=lambda gap: gap[1] - gap[0], default=None),
        warnings=(*_warnings(observations, looks, gaps, changes, conflicts), *_hidden_rollbacks(hidden, changes)),
    )


def _series(observations: Iterable[Observation]) -> tuple[dict[tuple[str, str], Series], list[Observation]]:
    """Observations of each alias in order of time, once a moment; moments that contradict themselves are left out."""
    moments: dict[tuple[str, str], dict[datetime, set[str]]] = defaultdict(lambda: defaultdict(set))
    seen: dict[tuple[str, str, datetime], Observation] = {}
    for each in observations:
        moments[each.name, each.alias][each.at].add(_version(each.version))
        seen.setdefault((each.name, each.alias, each.at), each)
    conflicts = [seen[*key, at] for key, versions in moments.items() for at, told in versions.items() if len(told) > 1]
    series = {
        key: [
            Observation(at, *key, next(iter(versions[at])), seen[*key, at].line)
            for at in sorted(versions)
            if len(versions[at]) == 1
        ]
        for key, versions in moments.items()
    }
    return {key: found for key, found in series.items() if found}, conflicts


def _from_first_look(series: Series, looks: Sequence[datetime]) -> Series:
    """A series with the look before its first, at which the alias was not there: its first version is a promotion."""
    earlier = [look for look in looks if look < series[0].at]
    if not earlier:
        return series
    first = series[0]
    return [Observation(earlier[-1], first.name, first.alias, "", first.line), *series]


def _changes(series: Series) -> list[Change]:
    order: dict[str, int] = {}
    found: list[Change] = []
    current = series[0]
    if current.version:
        order[current.version] = 0
    for following in series[1:]:
        if following.version != current.version:
            move = _move(current.version, following.version, order)
            found.append(
                Change(
                    current.name,
                    current.alias,
                    current.version,
                    following.version,
                    current.at,
                    following.at,
                    move,
                )
            )
            if following.version:
                order.setdefault(following.version, len(order))
        current = following
    return found


def _move(before: str, after: str, order: dict[str, int]) -> Move:
    if not after:
        return Move.REMOVAL
    if before and after in order and order[after] < order.get(before, -1):
        return Move.ROLLBACK
    return Move.PROMOTION


def _weekly_rate(
    by_series: dict[tuple[str, str], Series], looks: Sequence[datetime], changes: Sequence[Change]
) -> Rate | None:
    """Promotions a week over all aliases: the rate of one, through its looks, times the aliases there at a time."""
    promoted = {(c.name, c.alias, c.seen_at) for c in changes if c.move is Move.PROMOTION}
    gaps: list[float] = []
    changed: list[bool] = []
    for (name, alias), series in by_series.items():
        for one, two in pairwise(_from_first_look(series, looks)):
            gaps.append((two.at - one.at).total_seconds() / WEEK_S)
            changed.append((name, alias, two.at) in promoted)
    window = (looks[-1] - looks[0]).total_seconds() / WEEK_S
    if not gaps or window <= 0:
        return None
    one_alias = polled_rate(gaps, changed)
    aliases = sum(gaps) / window
    high = None if one_alias.high is None else one_alias.high * aliases
    return Rate(one_alias.value * aliases, one_alias.low * aliases, high, one_alias.events, window)


def _lives_of_rolled_back(by_series: dict[tuple[str, str], Series], changes: Sequence[Change]) -> list[int]:
    """For each rollback, at how many looks the version that was taken back had been seen."""
    rolled_back = {(c.name, c.alias, c.seen_at) for c in changes if c.move is Move.ROLLBACK}
    lives = []
    for key, series in by_series.items():
        life = 1
        for one, two in pairwise(series):
            if (*key, two.at) in rolled_back:
                lives.append(life)
            life = life + 1 if one.version == two.version else 1
    return lives


def expect_hidden(lives: Sequence[int]) -> float:
    """How many promotions were rolled back before any look saw them, to be expected from those that were seen.

    `lives`: looks at which each version that was taken back had been seen. If versions are taken back at a constant
    rate, these are geometric with the chance q of lasting from one look to the next, and of all that are taken back
    1 − (1 − q) / −log q begin and end between two looks. Half a look is added on both sides of q, so that few rollbacks
    do not say that everything is hidden.
    """
    if not lives:
        return 0.0
    lasting = (sum(lives) - len(lives) + 0.5) / (sum(lives) + 1)
    seen = (1 - lasting) / -math.log(lasting)
    return len(lives) * (1 - seen) / seen


def _allow_for_hidden(rate: Rate | None, hidden: float, rollbacks: int) -> Rate | None:
    """A rate whose upper bound leaves room for promotions that were taken back between two looks.

    The bounds of two independent parts, what was seen and what was not, are put together by their squares (MOVER, Zou
    and Donner 2008); the unseen part is as uncertain as the number of rollbacks that it is expected from.
    """
    if rate is None or rate.high is None or not rate.events or not rollbacks:
        return rate
    each = rate.value / rate.events
    most = (poisson_rate(rollbacks, rollbacks).high or 1.0) * hidden
    half = math.hypot(rate.high - rate.value, each * (most - hidden))
    return replace(rate, high=rate.value + each * hidden + half)


def _hidden_rollbacks(hidden: float, changes: Sequence[Change]) -> list[PollWarning]:
    if round(hidden) < 1:
        return []
    seen = sum(change.move is Move.ROLLBACK for change in changes)
    text = (
        f"{plural(seen, 'rollback')} seen; by how soon they came, about {hidden:.0f} more may have come and gone "
        "between two looks. The upper bound allows for them, the rate and the counts do not. Poll more often."
    )
    return [PollWarning("hidden-rollbacks", text, f"{seen} rollbacks")]


def _warnings(
    observations: Sequence[Observation],
    looks: Sequence[datetime],
    gaps: Sequence[tuple[datetime, datetime]],
    changes: Sequence[Change],
    conflicts: Sequence[Observation],
) -> list[PollWarning]:
    found = [*_few(changes, gaps), *_long_gaps(gaps), *_coarse(gaps, changes)]
    if conflicts:
        text = f"{plural(len(conflicts), 'look')} name two versions for one alias at one moment: left out."
        found.append(PollWarning("conflict", text, conflicts[0].at.isoformat()))
    copies = len(observations) - len({(o.at, o.name, o.alias, _version(o.version)) for o in observations})
    if copies:
        found.append(PollWarning("duplicates", f"{plural(copies, 'row')} repeated another and counted once.", ""))
    if len(looks) == 1:
        text = "One look shows what is, not what happened: no rate."
        found.append(PollWarning("one-look", text, looks[0].isoformat()))
    return found


def _few(changes: Sequence[Change], gaps: Sequence[object]) -> list[PollWarning]:
    promotions = sum(change.move is Move.PROMOTION for change in changes)
    if promotions >= FEW_PROMOTIONS or not gaps:
        return []
    text = f"{plural(promotions, 'promotion')} in the whole record: read the interval, not the rate."
    return [PollWarning("few-events", text, f"{promotions} promotions")]


def _long_gaps(gaps: Sequence[tuple[datetime, datetime]]) -> list[PollWarning]:
    if len(gaps) < 3:
        return []
    usual = timedelta(seconds=median((two - one).total_seconds() for one, two in gaps))
    long = sorted({(one, two) for one, two in gaps if two - one > LONG_GAP * usual})
    return [
        PollWarning(
            "gaps",
            f"No look between {one:%Y-%m-%d %H:%M} and {two:%Y-%m-%d %H:%M} ({_length(two - one)}; usual is "
            f"{_length(usual)}): moves in between are seen as one at most.",
            f"{one.isoformat()}/{two.isoformat()}",
        )
        for one, two in long
    ]


def _coarse(gaps: Sequence[object], changes: Sequence[Change]) -> list[PollWarning]:
    share = len(changes) / len(gaps) if gaps else 0.0
    if share <= COARSE_SHARE or len(changes) < FEW_PROMOTIONS:
        return []
    text = f"{100 * share:.0f} % of looks find a change: several may hide between two looks. Poll more often."
    return [PollWarning("coarse-polling", text, f"{len(changes)} of {len(gaps)} looks")]


def _version(written: str) -> str:
    """A version's name as compared: `v3`, `3` and a spreadsheet's `3.0` or `3,0` are one."""
    plain = written.strip().casefold()
    return re.sub(r"^v(?=\d+$)", "", re.sub(r"^(v?\d+)[.,]0$", r"\1", plain))


def _length(gap: timedelta) -> str:
    hours = gap.total_seconds() / 3600
    return (
        f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.1f} hours" if hours >= 1 else f"{hours * 60:.0f} minutes"
    )


def as_utc(moment: datetime) -> datetime:
    """The moment in UTC; without a zone it is taken as UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
