"""Rotations: how many people a night takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.practices.retention.engine import Load, Rotation, expect_pages, weigh_rotation
from tenfold.stats.rates import chance_of_more_than

ORDER = list(Load)


def rotation(people: int, *, nights: bool = True, secondary: bool = False) -> Rotation:
    return weigh_rotation(
        people, round_the_clock=nights, with_secondary=secondary, needed_with_secondary=8, needed_alone=4
    )


@pytest.mark.parametrize(
    ("people", "nights", "secondary", "load"),
    [
        (0, True, False, Load.BREAKING),
        (1, True, False, Load.BREAKING),
        (3, True, False, Load.BREAKING),
        (4, True, False, Load.FINE),
        (3, True, True, Load.BREAKING),
        (4, True, True, Load.THIN),
        (7, True, True, Load.THIN),
        (8, True, True, Load.FINE),
        (1, False, False, Load.BREAKING),
        (2, False, False, Load.FINE),
    ],
)
def test_a_rotation_against_its_sizes(people: int, nights: bool, secondary: bool, load: Load) -> None:
    assert rotation(people, nights=nights, secondary=secondary).load is load


def test_four_people_are_on_call_a_quarter_of_the_time_each_and_half_with_a_secondary() -> None:
    assert rotation(4).percent_on_call == 25
    assert rotation(4, secondary=True).percent_on_call == 50


sizes, yes = st.integers(0, 40), st.booleans()


@given(sizes, yes, yes)
def test_one_more_person_never_makes_a_rotation_worse(people: int, nights: bool, secondary: bool) -> None:
    now = rotation(people, nights=nights, secondary=secondary)
    then = rotation(people + 1, nights=nights, secondary=secondary)
    assert ORDER.index(then.load) <= ORDER.index(now.load)
    assert then.percent_on_call <= now.percent_on_call


@given(sizes, yes, yes)
def test_as_many_people_as_are_needed_are_enough(people: int, nights: bool, secondary: bool) -> None:
    needed = rotation(people, nights=nights, secondary=secondary).needed
    assert rotation(needed, nights=nights, secondary=secondary).load is Load.FINE
    assert rotation(needed - 1, nights=nights, secondary=secondary).load is not Load.FINE


@given(sizes, yes, yes)
def test_the_time_on_call_is_a_share(people: int, nights: bool, secondary: bool) -> None:
    assert 0 < rotation(people, nights=nights, secondary=secondary).percent_on_call <= 100


@given(st.floats(0.01, 30), st.integers(1, 12))
def test_pages_by_chance_follow_the_poisson_distribution(per_shift: float, people: int) -> None:
    found = expect_pages(per_shift, people)
    assert found.chance_more_than_two == pytest.approx(chance_of_more_than(2, per_shift), abs=1e-9)
    nights = found.disturbed_nights_per_person_month
    assert nights is not None
    assert nights * people == pytest.approx(30.4375 * chance_of_more_than(0, per_shift * 8 / 12))
    assert expect_pages(per_shift, 0).disturbed_nights_per_person_month is None
