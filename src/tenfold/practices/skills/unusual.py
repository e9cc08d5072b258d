"""How unusual a set of demands is among real postings: a bound from counts of tools in pairs, no guess at the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from tenfold.posting.base_rates import BaseRates


@dataclass(frozen=True, slots=True)
class Together:
    """At most `most` of n real postings ask for all these skills at once, because no more ask for `rarest` together.

    `most` is None where that is fewer than `fewest`, below which counts are not given.
    """

    skills: tuple[str, ...]
    rarest: tuple[str, str]
    most: int | None
    fewest: int
    n: int

    @property
    def in_words(self) -> str:
        return f"fewer than {self.fewest}" if self.most is None else f"at most {self.most:,}"


def asked_together(skills: Sequence[str], rates: BaseRates) -> Together | None:
    """The bound for the skills that the postings were counted for; None for fewer than two of them."""
    counted = tuple(skill for skill in dict.fromkeys(skills) if skill in rates.alone)
    if len(counted) < 2:
        return None
    rarest = min(combinations(counted, 2), key=lambda pair: rates.pairs.get(frozenset(pair), 0))
    return Together(counted, rarest, rates.pairs.get(frozenset(rarest)), rates.fewest_together, rates.n)
