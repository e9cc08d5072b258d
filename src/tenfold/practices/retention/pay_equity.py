"""Pay equity: the gap within categories of equal work, and adjusted by regression, with small cells refused.

Directive (EU) 2023/970, article 10: a joint pay assessment is due where the average pay of women and men in a category
of workers differs by 5 % or more, the employer has not justified it by objective, gender-neutral criteria, and has not
remedied it within six months. What a justification is, people decide.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy

JOINT_ASSESSMENT = 0.05
FEWEST_IN_CELL = 5
FEWEST_FOR_REGRESSION = 30
PEOPLE_PER_PARAMETER = 10
NOT_SEPARABLE = "The factors that explain pay cannot be separated from the group or the category."


@dataclass(frozen=True, slots=True)
class EquityRow:
    """One person's pay a year, category of equal work, group, and what else may explain pay (numbers)."""

    pay: float
    category: str
    group: str
    explains: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class CategoryGap:
    """A category's gap as a share of the reference group's mean pay; None where a group is too small to show."""

    category: str
    gap: float | None
    low: float | None
    high: float | None
    n: int | None
    n_reference: int | None

    @property
    def needs_joint_assessment(self) -> bool:
        return self.gap is not None and abs(self.gap) >= JOINT_ASSESSMENT


@dataclass(frozen=True, slots=True)
class AdjustedGap:
    """The gap at equal category and explaining figures, as a share; None with `why` where it cannot be told."""

    gap: float | None
    low: float | None
    high: float | None
    n: int
    why: str = ""


def category_gaps(rows: Sequence[EquityRow], *, group: str, reference: str) -> list[CategoryGap]:
    """(reference − group) / reference of mean pay in each category; a category with a group under five is refused.

    Of a refused category not even the counts are given, and no total over categories is.
    """
    by_category: dict[str, list[EquityRow]] = defaultdict(list)
    for row in rows:
        by_category[row.category].append(row)
    return [_category_gap(name, by_category[name], group, reference) for name in sorted(by_category)]


def adjusted_gap(rows: Sequence[EquityRow], *, group: str, reference: str) -> AdjustedGap:
    """The group's coefficient b in a regression of log pay on category and explaining figures, as 1 − e^b.

    The interval is consistent under unequal spread (HC3; MacKinnon and White 1985).
    """
    kept = [row for row in rows if row.group in (group, reference) and row.pay > 0]
    categories = sorted({row.category for row in kept})
    parameters = len(categories) + 1 + (len(kept[0].explains) if kept else 0)
    members = sum(row.group == group for row in kept)
    if len(kept) < max(FEWEST_FOR_REGRESSION, PEOPLE_PER_PARAMETER * parameters):
        needed = max(FEWEST_FOR_REGRESSION, PEOPLE_PER_PARAMETER * parameters)
        return AdjustedGap(None, None, None, len(kept), f"{len(kept)} people are too few; {needed} are needed.")
    if min(members, len(kept) - members) < FEWEST_IN_CELL:
        return AdjustedGap(None, None, None, len(kept), "One of the groups has fewer than five people.")
    design = np.array([_design(row, categories, group) for row in kept], dtype=float)
    return _regress(design, np.log([row.pay for row in kept]))


def _category_gap(name: str, rows: Sequence[EquityRow], group: str, reference: str) -> CategoryGap:
    own = [row.pay for row in rows if row.group == group]
    others = [row.pay for row in rows if row.group == reference]
    if min(len(own), len(others)) < FEWEST_IN_CELL:
        return CategoryGap(name, None, None, None, None, None)
    gap = 1 - float(np.mean(own)) / float(np.mean(others))
    ratio = 1 - gap
    spread = ratio * math.sqrt(_relative_variance(own) + _relative_variance(others))
    half = float(scipy.special.stdtrit(min(len(own), len(others)) - 1, 0.975)) * spread
    return CategoryGap(name, gap, gap - half, gap + half, len(own), len(others))


def _relative_variance(pays: Sequence[float]) -> float:
    return float(np.var(pays, ddof=1)) / len(pays) / float(np.mean(pays)) ** 2


def _design(row: EquityRow, categories: Sequence[str], group: str) -> list[float]:
    return [float(row.group == group), *(float(row.category == each) for each in categories), *row.explains]


def _regress(design: np.ndarray, log_pay: np.ndarray) -> AdjustedGap:
    n, parameters = design.shape
    if np.linalg.matrix_rank(design) < parameters:
        return AdjustedGap(None, None, None, n, NOT_SEPARABLE)
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ log_pay
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    scaled = (log_pay - design @ coefficients) / np.maximum(1e-9, 1 - leverage)
    variance = inverse @ (design.T * scaled**2) @ design @ inverse
    half = float(scipy.special.stdtrit(n - parameters, 0.975)) * math.sqrt(float(variance[0, 0]))
    b = float(coefficients[0])
    return AdjustedGap(1 - math.exp(b), 1 - math.exp(b + half), 1 - math.exp(b - half), n)


def summary_of(gaps: Sequence[CategoryGap]) -> Mapping[str, int]:
    """How many categories are shown, refused, and at or above the threshold."""
    return {
        "shown": sum(gap.gap is not None for gap in gaps),
        "refused": sum(gap.gap is None for gap in gaps),
        "joint_assessment": sum(gap.needs_joint_assessment for gap in gaps),
    }
