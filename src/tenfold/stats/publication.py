"""Which counts of groups may be published, so that no difference of two of them tells of fewer than five people.

Readers know who took part in a step and who went on; what they may not learn is what single people said of themselves.
So a row (a category with its selected and its others) is published whole or not at all, and only where none of these is
a count of one to four people:

- the row's selected, its others, and what lies between it and any published count that holds it or is held by it (of
  another step, of one role, of one question in place of two together);
- what the published parts of a published count leave over (all women less those whose ethnicity is shown, all roles
  less those shown);
- what is left over of a table whose totals are known: either nothing is left out, or two categories and five people.

A count of nobody may be shown. Everything else that is said of a table is worked out from published counts alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

LEAST = 5
"""People that a published count holds at the least, if it holds anybody."""

Members = frozenset[Hashable]


def names_to_combine(counts: Mapping[str, int], *, least: int = LEAST) -> frozenset[str]:
    """Names of which fewer than `least` people spoke, with as many more as make their sum at least that.

    Told as one count, none of them can be worked out from the total. Empty where every count is large enough.
    """
    few = {name for name, count in counts.items() if count < least}
    while few and sum(counts[name] for name in few) < least and len(few) < len(counts):
        few.add(min(counts.keys() - few, key=lambda name: (counts[name], name)))
    return frozenset(few)


@dataclass(frozen=True, slots=True)
class CountRow:
    """One category at one step. `parents`: wider categories that hold it (`female` of `female, asian`)."""

    category: str
    chosen: Members
    others: Members
    parents: tuple[str, ...] = ()

    @property
    def counts(self) -> tuple[Members, ...]:
        """The sets of people whose numbers the row tells."""
        return self.chosen, self.others, self.chosen | self.others


@dataclass(frozen=True, slots=True)
class CountTable:
    """All categories of one question at one step. `part`: of whom (one role), "" for everybody."""

    step: str
    question: str
    part: str
    rows: tuple[CountRow, ...]


@dataclass
class Publication:
    """Decides table after table; what comes first has the better chance to be shown.

    `person_of`: whose a member is, where one person can be several members (two applications); itself by default.
    """

    least: int = LEAST
    person_of: Mapping[Hashable, Hashable] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._held: dict[str, list[Members]] = defaultdict(list)
        self._inside: dict[str, list[Members]] = defaultdict(list)
        self._parts: dict[tuple[str, ...], list[Members]] = {}

    def publish(self, table: CountTable) -> frozenset[str]:
        """The categories that may be shown, which count as shown from now on."""
        rows = sorted((row for row in table.rows if row.counts[2]), key=lambda row: (-len(row.counts[2]), row.category))
        shown: list[CountRow] = []
        for row in rows:
            if self._is_safe(row) and self._leaves_enough(table, [*shown, row]):
                shown.append(row)
        while shown and not self._hides_enough(rows, shown):
            shown.pop()
        for row in shown:
            self._held[row.category] += row.counts
            for parent in row.parents:
                self._inside[parent] += row.counts
            for family in _families(table, row):
                for at, members in enumerate(row.counts):
                    self._parts.setdefault((*family, str(at)), []).append(members)
        return frozenset(row.category for row in shown)

    def _few(self, members: Iterable[Hashable]) -> bool:
        return 0 < len({self.person_of.get(one, one) for one in members}) < self.least

    def _is_safe(self, row: CountRow) -> bool:
        """Its own counts, and what lies between them and published counts of its own, wider and narrower categories."""
        if any(self._few(members) for members in row.counts):
            return False
        near = [held for name in (row.category, *row.parents) for held in self._held[name]]
        near += self._inside[row.category]
        return not any(self._few(gap) for members in row.counts for held in near for gap in _gap(members, held))

    def _leaves_enough(self, table: CountTable, rows: Sequence[CountRow]) -> bool:
        """What the parts of a published whole leave over, with these rows shown."""
        added: dict[tuple[str, ...], list[Members]] = defaultdict(list)
        for row in rows:
            for family in _families(table, row):
                for at, members in enumerate(row.counts):
                    added[*family, str(at)].append(members)
        return not any(
            self._few(whole.difference(*parts, *self._parts.get(family, ())))
            for family, parts in added.items()
            for whole in self._wholes(family, parts)
        )

    def _wholes(self, family: tuple[str, ...], parts: Sequence[Members]) -> Iterator[Members]:
        name = family[-2]
        return (held for held in self._held[name] if all(part <= held for part in parts))

    def _hides_enough(self, rows: Sequence[CountRow], shown: Sequence[CountRow]) -> bool:
        kept = {row.category for row in shown}
        hidden = [row for row in rows if row.category not in kept]
        if not hidden:
            return True
        together = [frozenset().union(*members) for members in zip(*(row.counts for row in hidden), strict=True)]
        return len(hidden) > 1 and not any(self._few(members) for members in together)


def _gap(one: Members, other: Members) -> Iterator[Members]:
    if one < other:
        yield other - one
    elif other < one:
        yield one - other


def _families(table: CountTable, row: CountRow) -> Iterator[tuple[str, ...]]:
    """Sets of disjoint rows that a published whole may hold, each ending with the whole's category."""
    for parent in row.parents:
        yield ("by question", table.step, table.question, table.part, parent)
    if table.part:
        yield ("by part", table.step, table.question, row.category)
