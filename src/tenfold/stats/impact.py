"""Selection rates of groups compared: the four-fifths rule in whole numbers, exact tests, strata.

Ratios at the boundary are decided with fractions: in floating point, 3,705 tables of 5 to 100 people a group whose
ratio is exactly 4/5 would be flagged.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import scipy

from tenfold.stats.proportions import Z_95

FOUR_FIFTHS = Fraction(4, 5)
"""29 CFR 1607.4 D: a rate below four fifths of the highest is evidence of adverse impact."""
SAME = 1 + 1e-7
"""Relative tolerance between probabilities that are equal in exact arithmetic, as in R's fisher.test."""


@dataclass(frozen=True, slots=True)
class Selected:
    """`selected` of `n` people of a group."""

    group: str
    n: int
    selected: int

    @property
    def rate(self) -> Fraction:
        return Fraction(self.selected, self.n)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A group against the one with the highest rate.

    `ratio` of the selection rates, exactly; `low` and `high` its 95 % interval. The exact p-values are two-sided.
    All but the ratio are None for the reference itself, and the ratio, too, where nobody was selected at all.

    flagged: the ratio is below 4/5. flips_with_one: one selection more here and one fewer there would turn the order
    round (the Uniform Guidelines' questions and answers, number 21, call such a difference no evidence).
    selections_short: how many more selections bring the ratio to 4/5; 0 where it is there.
    """

    group: str
    n: int
    selected: int
    is_reference: bool
    ratio: Fraction | None
    low: float | None = None
    high: float | None = None
    z: float | None = None
    fisher_p: float | None = None
    mid_p: float | None = None
    flagged: bool = False
    flips_with_one: bool = False
    selections_short: int = 0

    @property
    def rate(self) -> Fraction:
        return Fraction(self.selected, self.n)


@dataclass(frozen=True, slots=True)
class StratumRatio:
    """Selection-rate ratio in one stratum; None where the reference group has nobody selected, or one is absent."""

    stratum: str
    focal: Selected | None
    reference: Selected | None
    ratio: Fraction | None


@dataclass(frozen=True, slots=True)
class Stratified:
    """A group against the reference within strata, put together by Mantel and Haenszel.

    `ratio` is of selection rates, `odds_ratio` of odds; the interval is Greenland and Robins's (1985). `sign_flips`:
    pooled and stratified ratio lie on different sides of one, so the pooled figure misleads.
    """

    group: str
    reference: str
    strata: tuple[StratumRatio, ...]
    ratio: float | None
    low: float | None
    high: float | None
    odds_ratio: float | None
    pooled: Fraction | None

    @property
    def tells_nothing(self) -> bool:
        """Everybody of both was selected wherever anybody was: equal rates, and no sign of how far they may differ."""
        both = [(row.focal, row.reference) for row in self.strata if row.focal and row.reference]
        told = [(f, r) for f, r in both if f.selected or r.selected]
        return bool(told) and all(one.selected == one.n for pair in told for one in pair)

    @property
    def sign_flips(self) -> bool:
        if self.ratio is None or self.pooled is None:
            return False
        return (self.pooled < 1 < self.ratio) or (self.ratio < 1 < self.pooled)

    @property
    def opposite(self) -> tuple[str, ...]:
        """Strata whose own ratio lies on the other side of one than the stratified ratio."""
        if self.ratio is None:
            return ()
        side = self.ratio > 1
        return tuple(one.stratum for one in self.strata if one.ratio not in (None, 1) and (one.ratio > 1) != side)


def impact(groups: Sequence[Selected]) -> tuple[Comparison, ...]:
    """Each group against the one with the highest rate (the larger, where rates tie), in the order given.

    Groups with nobody in them are left out.
    """
    present = [one for one in groups if one.n]
    if not present:
        return ()
    reference = max(present, key=lambda one: (one.rate, one.n))
    return tuple(
        Comparison(one.group, one.n, one.selected, True, Fraction(1) if one.selected else None)
        if one is reference
        else compare(one, reference)
        for one in present
    )


def compare(focal: Selected, reference: Selected) -> Comparison:
    """One group against another, whichever rate is higher."""
    ratio = focal.rate / reference.rate if reference.selected else None
    fisher, mid = exact_tests(focal, reference)
    low, high = ratio_interval(focal, reference) if ratio is not None else (None, None)
    return Comparison(
        group=focal.group,
        n=focal.n,
        selected=focal.selected,
        is_reference=False,
        ratio=ratio,
        low=low,
        high=high,
        z=pooled_z(focal, reference),
        fisher_p=fisher,
        mid_p=mid,
        flagged=is_below_four_fifths(focal, reference),
        flips_with_one=_flips_with_one(focal, reference),
        selections_short=max(0, math.ceil(FOUR_FIFTHS * reference.rate * focal.n) - focal.selected),
    )


def is_below_four_fifths(focal: Selected, reference: Selected) -> bool:
    """Whether the ratio of the rates is below 4/5, exactly; never where nobody of the reference was selected."""
    return bool(reference.selected) and focal.rate / reference.rate < FOUR_FIFTHS


def ratio_interval(focal: Selected, reference: Selected) -> tuple[float, float]:
    """95 % interval of the ratio of two rates, by the logarithm (Katz et al. 1978).

    Where nobody or everybody was selected the plain formula has no width or no value; half a person is then added
    to each of the four cells (Walter 1975), and where nobody was selected the lower end is 0.
    """
    a, n, b, m = (float(x) for x in (focal.selected, focal.n, reference.selected, reference.n))
    lopsided = focal.selected == 0 or reference.selected == 0 or (a == n and b == m)
    if lopsided:
        a, n, b, m = a + 0.5, n + 1, b + 0.5, m + 1
    middle = math.log((a / n) / (b / m))
    half = Z_95 * math.sqrt(max(0.0, 1 / a - 1 / n + 1 / b - 1 / m))
    return 0.0 if focal.selected == 0 else math.exp(middle - half), math.exp(middle + half)


def pooled_z(focal: Selected, reference: Selected) -> float | None:
    """Difference of two rates in pooled standard errors; None where nobody or everybody was selected."""
    share = (focal.selected + reference.selected) / (focal.n + reference.n)
    error = math.sqrt(share * (1 - share) * (1 / focal.n + 1 / reference.n))
    return float(focal.rate - reference.rate) / error if error else None


def exact_tests(focal: Selected, reference: Selected) -> tuple[float, float]:
    """Two-sided p-values of Fisher's exact test and of its mid-p form.

    Two-sided means: all tables no more likely than the one seen; mid-p counts those just as likely by half.
    """
    chosen = focal.selected + reference.selected
    law = scipy.stats.hypergeom(focal.n + reference.n, chosen, focal.n)
    least, most = max(0, chosen - reference.n), min(chosen, focal.n)
    chances = law.pmf(range(least, most + 1))
    seen = float(law.pmf(focal.selected))
    rarer = float(chances[chances < seen / SAME].sum())
    equal = float(chances[(chances >= seen / SAME) & (chances <= seen * SAME)].sum())
    return min(1.0, rarer + equal), min(1.0, rarer + equal / 2)


def stratify(group: str, reference: str, strata: Mapping[str, Sequence[Selected]]) -> Stratified:
    """A group against the reference over strata; strata that lack one of the two say nothing and are kept as such."""
    rows = [_stratum(name, group, reference, people) for name, people in strata.items()]
    both = [(row.focal, row.reference) for row in rows if row.focal and row.reference]
    low, high, ratio = _mantel_haenszel(both)
    return Stratified(
        group=group,
        reference=reference,
        strata=tuple(rows),
        ratio=ratio,
        low=low,
        high=high,
        odds_ratio=_odds_ratio(both),
        pooled=_pool(rows),
    )


def _stratum(name: str, group: str, reference: str, people: Sequence[Selected]) -> StratumRatio:
    found = {one.group: one for one in people if one.n}
    focal, against = found.get(group), found.get(reference)
    ratio = focal.rate / against.rate if focal and against and against.selected else None
    return StratumRatio(name, focal, against, ratio)


def _mantel_haenszel(
    pairs: Sequence[tuple[Selected, Selected]],
) -> tuple[float | None, float | None, float | None]:
    """(low, high, ratio); an end is None where one side has nobody selected.

    Where everybody of both was selected in each stratum, Greenland and Robins's formula has no width. Then strata do
    not confound, and the interval is that of all people together, with half a person added to each cell.
    """
    above = sum((Fraction(f.selected * r.n, f.n + r.n) for f, r in pairs), Fraction(0))
    below = sum((Fraction(r.selected * f.n, f.n + r.n) for f, r in pairs), Fraction(0))
    if not below:
        return None, None, None
    ratio = above / below
    if not above:
        return 0.0, None, 0.0
    spread = Fraction(0)
    for f, r in pairs:
        n = f.n + r.n
        spread += Fraction(f.n * r.n * (f.selected + r.selected) - f.selected * r.selected * n, n * n)
    if not spread:
        return *ratio_interval(*_together(pairs)), float(ratio)
    half = Z_95 * math.sqrt(spread / (above * below))
    middle = math.log(ratio)
    return math.exp(middle - half), math.exp(middle + half), float(ratio)


def _together(pairs: Sequence[tuple[Selected, Selected]]) -> tuple[Selected, Selected]:
    """The people of strata in which somebody was selected."""
    told = [(f, r) for f, r in pairs if f.selected or r.selected]
    focal, against = zip(*told, strict=True)
    return _sum_of(focal), _sum_of(against)


def _sum_of(people: Sequence[Selected]) -> Selected:
    return Selected(people[0].group, sum(one.n for one in people), sum(one.selected for one in people))


def _odds_ratio(pairs: Sequence[tuple[Selected, Selected]]) -> float | None:
    above = sum((Fraction(f.selected * (r.n - r.selected), f.n + r.n) for f, r in pairs), Fraction(0))
    below = sum((Fraction(r.selected * (f.n - f.selected), f.n + r.n) for f, r in pairs), Fraction(0))
    return float(above / below) if below else None


def _pool(rows: Sequence[StratumRatio]) -> Fraction | None:
    focal = [row.focal for row in rows if row.focal]
    against = [row.reference for row in rows if row.reference]
    if not focal or not sum(one.selected for one in against):
        return None
    rate = Fraction(sum(one.selected for one in focal), sum(one.n for one in focal))
    return rate / Fraction(sum(one.selected for one in against), sum(one.n for one in against))


def _flips_with_one(focal: Selected, reference: Selected) -> bool:
    if focal.selected >= focal.n or not reference.selected or focal.rate >= reference.rate:
        return False
    return Fraction(focal.selected + 1, focal.n) > Fraction(reference.selected - 1, reference.n)
