"""Combinations of demands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalogue.store import catalogue
from tenfold.practices.skills.engine import CORE, LEARNABLE, TeamCover, Unicorn, missing_core, team_cover

names = st.sampled_from(list(catalogue().competencies))
lists = st.lists(names, max_size=6)


def test_the_default_must_haves_and_learnable_ones_are_competencies_of_the_catalogue() -> None:
    known = set(catalogue().competencies)
    assert set().union(*CORE.values()) <= known
    assert set(LEARNABLE) <= known
    assert not set().union(*CORE.values()) & set(LEARNABLE)


def test_any_one_competency_answers_for_its_line() -> None:
    assert missing_core([]) == tuple(CORE)
    assert missing_core(["linux-systems", "ml-lifecycle", "python"]) == ("production monitoring and debugging",)
    assert missing_core(["linux-systems", "ml-lifecycle", "python", "service-operations"]) == ()


@pytest.mark.parametrize(
    ("people", "cover"),
    [
        ([], TeamCover((), (), ("python",))),
        ([["python"]], TeamCover((), ("python",), ())),
        ([["python", "python"]], TeamCover((), ("python",), ())),
        ([["python"], ["python"]], TeamCover(("python",), (), ())),
    ],
)
def test_two_people_cover_a_skill_well(people: list[list[str]], cover: TeamCover) -> None:
    assert team_cover(["python", "python"], people, enough=2) == cover


def test_leading_people_is_one_demand_more() -> None:
    assert Unicorn(("ml", "infrastructure"), leads=True, modest=False).count == 3


@given(lists, st.lists(lists, max_size=4), lists)
def test_another_teammate_never_uncovers_anything(needed: list[str], team: list[list[str]], person: list[str]) -> None:
    before, after = team_cover(needed, team, enough=2), team_cover(needed, [*team, person], enough=2)
    assert set(before.well) <= set(after.well)
    assert set(after.nobody) <= set(before.nobody)
    assert {*after.well, *after.thin, *after.nobody} == set(needed)


@given(lists, names)
def test_another_must_have_never_leaves_more_of_the_core_missing(had: list[str], more: str) -> None:
    assert set(missing_core([*had, more])) <= set(missing_core(had))
