"""Ladders: what is read from their steps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tenfold.practices.growth.engine import LadderReading, Step, read_ladder

NAMES = ("junior", "mid", "senior", "staff", "principal")


def step(rank: int, scope: str = "", behaviours: int = 2, years: float | None = None) -> Step:
    return Step(NAMES[rank], rank, scope or f"What a {NAMES[rank]} owns", behaviours, years)


def reading(*steps: Step, hired: int = 2) -> LadderReading:
    return read_ladder(steps, hired_rank=hired, top_rank=4, behaviours_needed=2)


def test_the_hires_step_and_the_next_are_what_counts() -> None:
    assert reading(step(2), step(3)) == LadderReading(False, False, (), (), ())
    assert reading(step(3)).own_missing
    assert reading(step(1), step(2)).next_missing


def test_nothing_stands_above_a_principal() -> None:
    assert not reading(step(4), hired=4).next_missing


def test_a_step_is_thin_below_two_behaviours_or_without_scope() -> None:
    assert reading(step(2, behaviours=1), step(3, behaviours=2)).thin == ("senior",)
    assert reading(Step("senior", 2, "", 5), step(3)).thin == ("senior",)
    assert reading(step(0, behaviours=0), step(2), step(3)).thin == ()


def test_the_same_scope_in_other_letters_is_the_same() -> None:
    ladder = reading(step(2, "The platform."), step(3, "the platform"))
    assert ladder.same_scope == (("senior", "staff"),)


def test_years_are_seen_on_any_step() -> None:
    assert reading(step(0, years=0), step(2), step(3, years=8)).by_years == ("junior", "staff")


steps = st.lists(st.builds(step, st.integers(0, 4), st.text(max_size=3), st.integers(0, 3)), max_size=6)


@given(steps, st.integers(0, 4), st.randoms())
def test_the_order_in_which_different_steps_are_written_does_not_matter(
    ladder: list[Step], hired: int, chance: st.DataObject
) -> None:
    different = list({each.rank: each for each in ladder}.values())
    shuffled = list(different)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert reading(*shuffled, hired=hired) == reading(*different, hired=hired)


@given(steps, st.integers(0, 4))
def test_another_step_never_makes_a_step_missing(ladder: list[Step], hired: int) -> None:
    before, after = reading(*ladder, hired=hired), reading(*ladder, step(hired), hired=hired)
    assert not after.own_missing
    assert before.next_missing == after.next_missing
