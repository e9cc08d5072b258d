"""Charters, incentives and the reporting line that the figures speak for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.practices.alignment.engine import (
    Charter,
    Conflict,
    LineAdvice,
    Right,
    advise_line,
    examine_charter,
    incentive_conflicts,
    slug,
)

CORE = ("ml-infrastructure", "deployment-standards", "tool-choice")
COMPLETE = [Right("ml-infrastructure", ("this role",)), *(Right(name, ("Head of ML",)) for name in CORE[1:])]


def test_three_core_decisions_with_one_post_each_are_complete() -> None:
    assert examine_charter(COMPLETE) == Charter((), (), (), ("ml-infrastructure",))


def test_decisions_are_known_in_any_spelling() -> None:
    assert slug("ML  Infrastructure") == slug("ml_infrastructure") == "ml-infrastructure"
    assert examine_charter([Right("Tool choice", ("CTO",))]).missing == ("ML infrastructure", "deployment standards")


@pytest.mark.parametrize(
    ("posts", "shared"),
    [
        (("Head of ML",), False),
        (("Head of ML", "Platform lead"), True),
        (("Architecture board",), True),
        (("Everyone",), True),
        ((), False),
    ],
)
def test_two_posts_or_a_body_are_a_committee(posts: tuple[str, ...], shared: bool) -> None:
    right = Right("tool-choice", posts)
    assert examine_charter([right]).shared == ((right,) if shared else ())


def test_speed_alone_against_stability_alone_is_a_conflict() -> None:
    metrics = {
        "ML": ["Deployment velocity"],
        "Platform": ["reliability", "cost"],
        "Data": ["deployment-velocity", "model-uptime"],
        "Finance": ["cost"],
    }
    assert incentive_conflicts(metrics) == (Conflict("ML", "Platform"),)


names = st.sampled_from(["deployment-velocity", "features-shipped", "model-uptime", "reliability", "cost"])
teams = st.dictionaries(st.sampled_from("ABCD"), st.lists(names, max_size=3), max_size=4)


@given(teams)
def test_one_speed_and_one_stability_metric_for_all_end_every_conflict(metrics: dict[str, list[str]]) -> None:
    shared = {team: [*listed, "deployment-velocity", "reliability"] for team, listed in metrics.items()}
    assert incentive_conflicts(shared) == ()


@given(teams)
def test_a_conflict_has_two_different_sides(metrics: dict[str, list[str]]) -> None:
    assert all(conflict.fast != conflict.steady for conflict in incentive_conflicts(metrics))


@pytest.mark.parametrize(
    ("people", "share", "line", "sure"),
    [
        (9, 50.0, "ml-leadership", True),
        (10, 50.0, "ml-platform-team", True),
        (9, 60.0, "infrastructure", True),
        (9, 59.9, "ml-leadership", True),
        (None, 70.0, "infrastructure", False),
        (None, None, "ml-leadership", False),
    ],
)
def test_the_line_follows_users_first_and_the_side_of_the_work_then(
    people: int | None, share: float | None, line: str, sure: bool
) -> None:
    advice = advised(people, share=share)
    assert (advice.line, advice.sure) == (line, sure)


def advised(people: int | None, *, share: float | None = None, teams: int | None = None) -> LineAdvice:
    return advise_line(
        ml_engineers=people,
        models=3,
        teams=teams,
        infra_share=share,
        mostly_infrastructure=(share or 0) >= 60,
        dedicated_from=10,
        teams_from=3,
    )


@pytest.mark.parametrize(("teams", "line"), [(None, "ml-platform-team"), (3, "ml-platform-team"), (2, "ml-leadership")])
def test_a_platform_team_needs_several_teams_to_serve(teams: int | None, line: str) -> None:
    assert advised(12, teams=teams).line == line


def test_advice_has_its_reason_in_the_companys_own_figures() -> None:
    assert advised(12) == LineAdvice(
        "ml-platform-team", "12 ML engineers are enough users for a team of its own", sure=True
    )


@given(
    st.lists(
        st.builds(Right, st.sampled_from(CORE), st.lists(st.sampled_from(["CTO", "this role"]), max_size=2).map(tuple))
    )
)
def test_another_row_never_makes_a_decision_missing(rights: list[Right]) -> None:
    before = set(examine_charter(rights).missing)
    assert set(examine_charter([*rights, Right("tool-choice", ("CTO",))]).missing) <= before
