"""Declared and described scope."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalogue.store import catalogue
from tenfold.posting.family import NEAR, neighbours
from tenfold.practices.scope.engine import ARCHETYPE_RANGE, ScopeGap, gap

shares = st.floats(0, 100)


def test_the_gap_is_signed_towards_infrastructure() -> None:
    assert gap(30, 70, 50, 90) == ScopeGap(points=40, outside=True)
    assert gap(70, 60, 50, 90) == ScopeGap(points=-10, outside=False)


@given(shares, st.tuples(shares, shares, shares).map(sorted))
def test_a_declared_share_inside_the_interval_is_never_outside(declared: float, read: list[float]) -> None:
    low, described, high = read
    assert gap(declared, described, low, high).outside == (declared < low or declared > high)
    assert not gap(described, described, low, high).outside
    assert abs(gap(declared, described, low, high).points) <= 100


families = st.sampled_from(list(catalogue().roles))


@given(families, families)
def test_being_neighbours_is_mutual(one: str, other: str) -> None:
    assert neighbours(one, other) == neighbours(other, one)


def test_neighbours_and_archetypes_are_those_of_the_catalogue() -> None:
    assert frozenset().union(*NEAR) <= set(catalogue().roles)
    assert set(ARCHETYPE_RANGE) == set(catalogue().archetypes)
    assert all(0 <= low < high <= 100 for low, high in ARCHETYPE_RANGE.values())
