"""How unusual a posting is among real ones: quantiles, shares and pairs of tools, computed from a corpus and shipped.

The corpus is one jobs board's tech postings (remote work mostly), so "unusual" means among such postings; the document
says how many, from when, and which command computed them.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any

import tomli

from tenfold.stats.proportions import wilson

ALL = "all"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a figure stands among n real postings of a group: the percent of postings below it, low to high.

    `low` and `high` are the levels of the quantiles between which the figure lies; `median` and `ninth_decile` are
    figures to compare with.
    """

    measure: str
    group: str
    value: float
    low: int
    high: int
    median: float
    ninth_decile: float
    n: int


@dataclass(frozen=True, slots=True)
class ObservedShare:
    """How many of n postings do so, with the 95 % interval of the share (Wilson)."""

    measure: str
    group: str
    count: int
    n: int

    @property
    def share(self) -> float:
        return self.count / self.n

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.count, self.n)


@dataclass(frozen=True, slots=True)
class RarePair:
    """Two tools that are each common and rarely asked for together. `together` is None where fewer than the bound."""

    first: str
    second: str
    together: int | None
    expected: float
    n: int


@dataclass(frozen=True)
class BaseRates:
    """The shipped aggregates."""

    n: int
    first_month: str
    last_month: str
    computed: date
    source: str
    levels: tuple[int, ...]
    fewest_together: int
    groups: Mapping[str, Mapping[str, Any]]
    years_by_level: Mapping[str, Mapping[str, Any]]
    alone: Mapping[str, int]
    pairs: Mapping[frozenset[str], int]

    def group_for(self, family: str, measure: str) -> str:
        """The family where the measure was counted in enough of its postings, else all postings."""
        return family if measure in self.groups.get(family, {}) else ALL

    def standing(self, measure: str, value: float, *, family: str = ALL) -> Standing:
        """Where a value stands: must_tools, named_tools, deep_areas, pay_range_width, years_min, vague_duties."""
        group = self.group_for(family, measure)
        return self._standing(measure, value, group, self.groups[group][measure])

    def years_standing(self, level: str, years: int) -> Standing | None:
        """Where the years asked for stand among postings of that level; None where too few were seen."""
        table = self.years_by_level.get(level)
        return None if table is None else self._standing("years_min", years, level, table)

    def observed(self, measure: str, *, family: str = ALL) -> ObservedShare:
        """How often real postings do so: pay_stated, must_and_nice_apart, degree_asked and the like."""
        group = self.group_for(family, measure)
        table = self.groups[group][measure]
        return ObservedShare(measure, group, table["count"], table["n"])

    def rare_pairs(
        self, skills: Sequence[str], *, rate_limit: float = 0.25, fewest_expected: float = 5.0
    ) -> list[RarePair]:
        """Pairs demanded together far less often than two independent tools would be, rarest first.

        Only pairs that chance alone would have shown `fewest_expected` times are judged; the rest is not enough data.
        """
        rare: list[RarePair] = []
        for first, second in combinations(sorted(set(skills).intersection(self.alone)), 2):
            expected = self.alone[first] * self.alone[second] / self.n
            together = self.pairs.get(frozenset((first, second)))
            most = together if together is not None else self.fewest_together - 1
            if expected >= fewest_expected and most <= rate_limit * expected:
                rare.append(RarePair(first, second, together, round(expected, 1), self.n))
        return sorted(rare, key=lambda pair: (pair.together or 0) / pair.expected)

    def _standing(self, measure: str, value: float, group: str, table: Mapping[str, Any]) -> Standing:
        quantiles = table["quantiles"]
        below, upto = bisect_left(quantiles, value), bisect_right(quantiles, value)
        return Standing(
            measure,
            group,
            value,
            low=self.levels[below - 1] if below else 0,
            high=self.levels[upto] if upto < len(self.levels) else 100,
            median=quantiles[self.levels.index(50)],
            ninth_decile=quantiles[self.levels.index(90)],
            n=table["n"],
        )


@cache
def base_rates() -> BaseRates:
    """The aggregates shipped with the package."""
    folder = files("tenfold.posting") / "data"
    table = tomli.loads((folder / "base_rates.toml").read_text("utf-8"))
    rows = list(csv.DictReader(io.StringIO((folder / "tool_pairs.csv").read_text("utf-8"))))
    return BaseRates(
        n=table["n"],
        first_month=table["first_month"],
        last_month=table["last_month"],
        computed=table["computed"],
        source=table["source"],
        levels=tuple(table["levels"]),
        fewest_together=table["fewest_together"],
        groups=table["groups"],
        years_by_level=table.get("years_by_level", {}),
        alone={row["first"]: int(row["postings"]) for row in rows if not row["second"]},
        pairs={frozenset((row["first"], row["second"])): int(row["postings"]) for row in rows if row["second"]},
    )
