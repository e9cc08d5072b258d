"""Profiles of scope, where the house rule puts them."""

from __future__ import annotations

import pytest

from tenfold.checking.scopes import profile_of
from tenfold.kit.facts import load
from tests.practices.examples import with_house_rules


@pytest.mark.parametrize(
    ("share", "name"),
    [(39.9, "ML-heavy"), (40, "balanced"), (60, "balanced"), (60.1, "infrastructure-heavy")],
)
def test_profiles_meet_at_40_and_60(share: float, name: str) -> None:
    assert profile_of(share, load()) == name


def test_an_operators_profiles_move_where_they_meet() -> None:
    moved = with_house_rules({"scope.profiles": (90, 60, 20)})
    assert [profile_of(share, moved) for share in (76, 60, 39)] == ["infrastructure-heavy", "balanced", "ML-heavy"]
