"""Days of real-looking data with known drift. Standard library only; the same seed gives the same days.

A column has a shape (its values' distribution: normal, skewed, two groups, counts, heavy tails), a centre and a spread
(one standard deviation within a day), a weekly rhythm, a share of missing values and a little movement from day to day
that its rows share, as rows of one day do. All sizes of harm are in standard deviations of a day's values, so they mean
the same for every shape and scale.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WEEK = 7
SHAPES = ("normal", "skewed", "groups", "counts", "heavy")
KINDS = (
    "none", "shift", "creep", "season", "nulls", "renamed", "text", "unit", "constant", "spread", "concept",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """How one column's values are made.

    `season`: amplitude of the weekly rhythm; `day_noise`: what rows of a day share.
    """

    name: str
    shape: str = "normal"
    centre: float = 0.0
    spread: float = 1.0
    season: float = 0.0
    missing: float = 0.01
    day_noise: float = 0.05


@dataclass(frozen=True)
class Harm:
    """What goes wrong, where, and from when to when (`ends` is the first day without it).

    `size`: in standard deviations (shift, creep), as a factor (unit, spread, season) or as a share (nulls, text,
    concept). `days`: over how many days a creep grows. `segment`: harm only rows of this group (0 … groups-1); None
    for all.
    """

    kind: str
    column: str = ""
    onset: int = 10_000
    ends: int = 1_000_000
    size: float = 1.0
    days: int = 12
    segment: int | None = None

    def is_on(self, day: int) -> bool:
        return self.onset <= day < self.ends


HEALTHY = Harm("none")


@dataclass
class World:
    """Columns, and a score and label that follow from some of them. `weights`: of each used column in the score."""

    columns: list[Column]
    weights: dict[str, float]
    rows: int = 160
    noise: float = 0.7  # of the labels, against a margin with a standard deviation of about 2
    groups: int = 1

    def day(self, seed: object, number: int, harms: Sequence[Harm] = ()) -> dict[str, Any]:
        """`day`, `columns`, `scores`, `labels`, `groups`: rows in an order that says nothing."""
        rng = random.Random(f"{seed}/{number}")
        chance = random.Random(f"{seed}/{number}/harm")  # of its own: harm changes nothing but what it harms
        count = max(20, round(self.rows * rng.uniform(0.85, 1.15)))
        groups = [rng.randrange(self.groups) for _ in range(count)]
        factor = [rng.gauss(0, 1) for _ in range(count)]  # what makes columns of one row resemble each other
        standard = {one.name: self._standard(rng, one, number, factor, harms) for one in self.columns}
        moved = {name: self._moved(values, name, number, groups, harms) for name, values in standard.items()}
        margin = [sum(weight * moved[name][row] for name, weight in self.weights.items()) for row in range(count)]
        # As sure as it may be: the chance that the label is 1, given the margin and the noise.
        scores = [0.5 * (1 + math.erf(value / self.noise / math.sqrt(2))) for value in margin]
        labels = [self._label(rng, chance, value, number, groups[row], harms) for row, value in enumerate(margin)]
        columns = {one.name: self._shown(rng, one, moved[one.name]) for one in self.columns}
        for harm in harms:
            if harm.is_on(number):
                _spoil(chance, columns, harm, groups)
        return {
            "day": number,
            "columns": columns,
            "scores": [round(one, 5) for one in scores],
            "labels": labels,
            "groups": groups,
        }

    def days(self, seed: object, count: int, harms: Sequence[Harm] = ()) -> list[dict[str, Any]]:
        return [self.day(seed, number, harms) for number in range(count)]

    @staticmethod
    def _standard(
        rng: random.Random, one: Column, day: int, factor: Sequence[float], harms: Sequence[Harm]
    ) -> list[Any]:
        """Mean 0 and standard deviation 1 on a day without rhythm; then the rhythm and the day's own movement."""
        wider = [harm.size for harm in harms if harm.kind == "season" and harm.is_on(day)]
        swing = one.season * math.sin(2 * math.pi * (day % WEEK) / WEEK) * (wider[0] if wider else 1.0)
        shared = swing + rng.gauss(0, one.day_noise)
        return [draw(rng, one.shape, shared_part) + shared for shared_part in factor]

    @staticmethod
    def _moved(values: list[float], name: str, day: int, groups: list[int], harms: Sequence[Harm]) -> list[Any]:
        for harm in harms:
            if harm.column != name or not harm.is_on(day) or harm.kind not in ("shift", "creep", "spread"):
                continue
            grown = min(1.0, (day - harm.onset + 1) / harm.days) if harm.kind == "creep" else 1.0
            add = harm.size * grown if harm.kind != "spread" else 0.0
            by = harm.size if harm.kind == "spread" else 1.0
            values = [
                value * by + add if harm.segment is None or groups[row] == harm.segment else value
                for row, value in enumerate(values)
            ]
        return values

    def _label(  # noqa: PLR0917  two sources of chance
        self, rng: random.Random, chance: random.Random, margin: float, day: int, group: int, harms: Sequence[Harm]
    ) -> int:
        label = margin + rng.gauss(0, self.noise) > 0
        for harm in harms:
            meant = harm.segment is None or group == harm.segment
            if harm.kind == "concept" and harm.is_on(day) and meant and chance.random() < harm.size:
                label = not label
        return int(label)

    @staticmethod
    def _shown(rng: random.Random, one: Column, values: list[float]) -> list[Any]:
        places = 0 if one.shape == "counts" and one.spread >= 5 else 4
        return [
            None if rng.random() < one.missing else round(one.centre + one.spread * value, places) for value in values
        ]


def draw(rng: random.Random, shape: str, factor: float, share: float = 0.4) -> float:
    """One value of mean 0 and standard deviation 1. `factor`: what its row shares with other columns."""
    common = share * factor + math.sqrt(1 - share * share) * rng.gauss(0, 1)
    if shape == "skewed":  # lognormal with sigma .6
        return (math.exp(0.6 * common) - math.exp(0.18)) / math.sqrt((math.exp(0.36) - 1) * math.exp(0.36))
    if shape == "groups":  # two groups, a third and two thirds
        low = rng.random() < 1 / 3
        return ((-1.6 if low else 0.8) + 0.6 * common) / math.sqrt(1.28 + 0.36)
    if shape == "counts":  # many small, few large: a gamma with shape 2.5
        return (rng.gammavariate(2.5, 1.0) - 2.5) / math.sqrt(2.5)
    if shape == "heavy":  # one value in thirty comes from far away
        return common * (2.4 if rng.random() < 1 / 30 else 1.0) / math.sqrt(1 + (2.4**2 - 1) / 30)
    return common


def _spoil(chance: random.Random, columns: dict[str, list[Any]], harm: Harm, groups: list[int]) -> None:
    name = harm.column
    if name not in columns:
        return
    values = columns[name]
    meant = [harm.segment is None or group == harm.segment for group in groups]
    if harm.kind == "nulls":
        columns[name] = [
            None if hit and chance.random() < harm.size else one for one, hit in zip(values, meant, strict=True)
        ]
    elif harm.kind == "renamed":
        columns[f"{name}_v2"] = columns.pop(name)
    elif harm.kind == "text":
        columns[name] = [
            one if chance.random() >= harm.size else "n/a" if one is None else f"{one:.2f} units" for one in values
        ]
    elif harm.kind == "unit":
        columns[name] = [
            round(one * harm.size, 4) if hit and one is not None else one
            for one, hit in zip(values, meant, strict=True)
        ]
    elif harm.kind == "constant":
        known = [one for one in values if one is not None] or [0.0]
        columns[name] = [None if one is None else known[0] for one in values]


def columns_for(rng: random.Random, names: Sequence[str], seasonal: str = "") -> list[Column]:
    """Columns of different shapes and scales; the one named `seasonal` has a weekly rhythm."""
    shapes = list(SHAPES)
    rng.shuffle(shapes)
    return [
        Column(
            name=name,
            shape="normal" if name == seasonal else shapes[number % len(shapes)],
            centre=round(rng.uniform(-20, 200), 2),
            spread=round(rng.uniform(0.5, 40), 2),
            season=1.2 if name == seasonal else 0.0,
            missing=round(rng.uniform(0.002, 0.03), 4),
            day_noise=round(rng.uniform(0.02, 0.06), 4),
        )
        for number, name in enumerate(names)
    ]
