"""Several ratings of a person put together by a rule stated beforehand, with a band, never as a rank.

Equal weights are hard to beat where few outcomes are known (Dawes 1979). The band says how far the total would move if
other raters had been drawn; people whose bands cannot be told apart are equal, and other rules that a reasonable person
might have stated are shown, so that nobody takes one rule's order for the truth.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.kit.errors import NotEnoughData
from tenfold.stats.proportions import Z_95


@dataclass(frozen=True, slots=True)
class Combined:
    """One person's total under the stated rule, in the order in which people were given.

    `low` and `high`: 95 % band from the standard error of measurement. `alike`: others whose totals differ by less
    than 95 % error of a difference. `alternatives`: the total under other rules, standardised as the stated one is.
    """

    person: str
    total: float
    low: float
    high: float
    alike: tuple[str, ...]
    alternatives: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Combination:
    """All totals, and what they rest on. `undecided`: pairs that some alternative puts the other way round."""

    people: tuple[Combined, ...]
    reliability: float
    error: float
    undecided: tuple[tuple[str, str], ...]


def combine(ratings: Mapping[str, Mapping[str, float]], *, reliability: float) -> Combination:
    """Equal weights on standardised competencies.

    Args:
        ratings: person to competency to rating; every person has the same competencies.
        reliability: of the mean over competencies and raters, 0 to 1.

    Raises:
        NotEnoughData: fewer than two people, or a person without a rating of some competency.
    """
    table, people, names = _table(ratings)
    scores = _standard(table)
    totals = _rescale(scores.mean(axis=1))
    spread = float(totals.std())
    error = spread * math.sqrt(1 - reliability)
    others = {name: _rescale(rule(table, scores)) for name, rule in _rules(names).items()}
    apart = Z_95 * math.sqrt(2) * error
    rows = [
        Combined(
            person=person,
            total=float(totals[at]),
            low=float(totals[at]) - Z_95 * error,
            high=float(totals[at]) + Z_95 * error,
            alike=tuple(other for to, other in enumerate(people) if to != at and abs(totals[to] - totals[at]) <= apart),
            alternatives={name: float(values[at]) for name, values in others.items()},
        )
        for at, person in enumerate(people)
    ]
    return Combination(tuple(rows), reliability, error, _find_undecided(people, totals, list(others.values())))


Rule = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]


def _rules(names: Sequence[str]) -> dict[str, Rule]:
    """What else a reasonable person might have stated beforehand."""
    rules: dict[str, Rule] = {
        "mean of raw ratings": lambda table, _: table.mean(axis=1),
        "lowest competency": lambda table, _: table.min(axis=1),
    }
    if len(names) > 1:
        for at, name in enumerate(names):
            rules[f"without {name}"] = lambda _, scores, at=at: np.delete(scores, at, axis=1).mean(axis=1)  # type: ignore[misc]
    return rules


def _table(ratings: Mapping[str, Mapping[str, float]]) -> tuple[NDArray[np.float64], list[str], list[str]]:
    people = list(ratings)
    names = list(dict.fromkeys(name for one in ratings.values() for name in one))
    if len(people) < 2 or not names:
        raise NotEnoughData("Totals are standardised among people: at least two are needed.")
    gaps = [(person, name) for person in people for name in names if name not in ratings[person]]
    if gaps:
        person, name = gaps[0]
        raise NotEnoughData(
            f"{person} has no rating of {name}; a total without it would be on another scale.",
            remedy="Have it rated, or leave the competency out for everyone.",
        )
    return np.array([[float(ratings[person][name]) for name in names] for person in people]), people, names


def _standard(table: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = table.std(axis=0)
    scores: NDArray[np.float64] = (table - table.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return scores


def _rescale(values: NDArray[np.float64]) -> NDArray[np.float64]:
    scores: NDArray[np.float64] = (values - values.mean()) / (float(values.std()) or 1.0)
    return scores


def _find_undecided(
    people: Sequence[str], totals: NDArray[np.float64], others: Sequence[NDArray[np.float64]]
) -> tuple[tuple[str, str], ...]:
    pairs = ((i, j) for i in range(len(people)) for j in range(i + 1, len(people)))
    return tuple(
        (people[i], people[j])
        for i, j in pairs
        if any((totals[i] - totals[j]) * (other[i] - other[j]) < -1e-12 for other in others)
    )
