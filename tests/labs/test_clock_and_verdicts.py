"""Time that counts, and what counts against whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.labs import lab, lab_reader, verdicts
from tenfold.labs.clock import Allowance, Interval, clock
from tenfold.labs.tenfold_grader.ratio import Bound, bootstrap, in_turns
from tenfold.labs.verdicts import POLICY, Fault, GradingEvent, NonsenseResults, Outcome
from tests.labs import toy

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def visit(begin_min: float, end_min: float) -> Interval:
    return Interval(NOON + timedelta(minutes=begin_min), NOON + timedelta(minutes=end_min))


def test_only_time_in_the_room_counts() -> None:
    stood = clock([visit(0, 10), visit(60, 75)], Allowance(minutes=45))
    assert (stood.used_s, stood.left_s, stood.is_over) == (25 * 60, 20 * 60, False)


def test_two_windows_at_once_count_once() -> None:
    assert clock([visit(0, 10), visit(5, 12), visit(6, 7)], Allowance(minutes=45)).used_s == 12 * 60


def test_accommodation_multiplies_and_extension_adds() -> None:
    assert Allowance(minutes=40, accommodation=1.5, extension_minutes=10).seconds == 70 * 60


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600)), max_size=8))
def test_the_clock_never_counts_more_than_went_by(visits: list[tuple[int, int]]) -> None:
    used = clock([visit(min(pair), max(pair)) for pair in visits], Allowance(minutes=45)).used_s
    assert 0 <= used <= 600 * 60


@pytest.fixture(scope="module")
def toy_lab(tmp_path_factory: pytest.TempPathFactory) -> lab.Lab:
    return lab_reader.read(toy.write(tmp_path_factory.mktemp("labs")))


def result(criterion: str, share: object) -> dict[str, object]:
    return {"criterion": criterion, "share": share, "evidence": ["seen"], "measured": {}}


def outcome(toy_lab: lab.Lab, doubles: object, tells: object) -> tuple[Outcome, float]:
    graded = verdicts.grade_outcome(toy_lab.criteria, [result("doubles", doubles), result("tells", tells)])
    return verdicts.outcome_of(toy_lab, graded), sum(one.earned for one in graded)


@pytest.mark.parametrize(
    ("doubles", "tells", "expected"),
    [
        (1.0, 1.0, (Outcome.PASS, 100)),
        (1.0, 0.0, (Outcome.PASS, 80)),
        (0.5, 0.0, (Outcome.PARTIAL, 40)),
        (0.0, 1.0, (Outcome.FAIL, 20)),
        (None, 1.0, (Outcome.INCONCLUSIVE, 20)),
        (1.0, None, (Outcome.PASS, 80)),
        (0.0, None, (Outcome.FAIL, 0)),
    ],
)
def test_points_make_a_verdict(
    toy_lab: lab.Lab, doubles: object, tells: object, expected: tuple[Outcome, float]
) -> None:
    assert outcome(toy_lab, doubles, tells) == expected


@pytest.mark.parametrize("share", [float("nan"), 1.5, -0.1, "1", True])
def test_a_share_that_is_none_is_nonsense(toy_lab: lab.Lab, share: object) -> None:
    with pytest.raises(NonsenseResults):
        outcome(toy_lab, share, 0.0)


@pytest.mark.parametrize("names", [["doubles"], ["doubles", "tells", "tells"], ["doubles", "tells", "more"]])
def test_results_name_every_criterion_once(toy_lab: lab.Lab, names: list[str]) -> None:
    with pytest.raises(NonsenseResults):
        verdicts.grade_outcome(toy_lab.criteria, [result(name, 1.0) for name in names])


def test_what_a_criterion_needs_is_looked_at(toy_lab: lab.Lab) -> None:
    first, second = toy_lab.criteria
    criteria = (replace(first, needs=("tells",)), second)
    graded = verdicts.grade_outcome(criteria, [result("doubles", 1.0), result("tells", 0.0)])
    assert [one.earned for one in graded] == [0.0, 0.0]
    assert graded[0].evidence[-1] == "counts only while tells holds"


def test_nothing_broken_earns_nothing_while_nothing_is_mended(toy_lab: lab.Lab) -> None:
    first, second = toy_lab.criteria
    criteria = (first, replace(second, kind=lab.CriterionKind.NO_COLLATERAL))
    graded = verdicts.grade_outcome(criteria, [result("doubles", 0.0), result("tells", 1.0)])
    assert sum(one.earned for one in graded) == 0


def test_the_policy_covers_every_happening_and_our_faults_cost_nobody() -> None:
    assert set(POLICY) == set(GradingEvent)
    for policy in POLICY.values():
        if policy.fault is not Fault.CANDIDATE:
            assert policy.outcome in {Outcome.INFRA_ERROR, Outcome.INCONCLUSIVE}
            assert policy.retries > 0


def test_a_ratio_is_told_with_its_interval() -> None:
    blocks = [([0.010, 0.011], [0.005, 0.0052]) for _ in range(10)]
    ratio = bootstrap(blocks)
    assert 1.9 < ratio.low <= ratio.value <= ratio.high < 2.3
    assert ratio.against(1.6) is Bound.BEYOND
    assert ratio.against(3.0) is Bound.WITHIN


def test_a_busy_moment_that_strikes_both_moves_the_ratio_little() -> None:
    calm = [([0.010] * 2, [0.010] * 2) for _ in range(8)]
    busy = [([0.050] * 2, [0.050] * 2) for _ in range(8)]
    assert bootstrap(calm + busy).value == pytest.approx(1.0)


def test_measuring_goes_on_while_the_interval_straddles() -> None:
    calls = {"mine": 0, "theirs": 0}

    def mine(_: int) -> None:
        calls["mine"] += 1

    def theirs(_: int) -> None:
        calls["theirs"] += 1

    in_turns(mine, theirs, bound=1e9, blocks=4)
    assert calls == {"mine": 8, "theirs": 8}


def test_labs_that_ship_are_on_the_registry() -> None:
    from tenfold.labs import registry

    summaries = {one.slug: one for one in registry.summaries(registry.labs_folder())}
    assert {"slow-inference", "drift-watch"} <= set(summaries)
    slow = summaries["slow-inference"]
    assert slow.fits(infra_share=0.5, level="senior")
    assert not slow.fits(level="principal")
    assert not slow.fits(infra_share=0.95)


def test_lab_competencies_and_levels_are_the_catalogues() -> None:
    from tenfold.catalogue.store import catalogue
    from tenfold.labs import registry

    known = catalogue()
    for folder in registry.labs_folder().glob("*/task.toml"):
        one = lab_reader.read(Path(folder).parent)
        used = {*one.competencies, *(criterion.competency for criterion in one.criteria)}
        assert used <= {str(key) for key in known.competencies}
        assert set(one.levels) <= {str(key) for key in known.levels}
