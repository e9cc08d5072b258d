"""What a set of instruments covers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.practices.labs.coverage import Coverage, Evidence, cover, infrastructure_share

LAB, TALK = Evidence("lab", ("model-serving", "python")), Evidence("interview", ("python", "explaining"))


def test_each_must_have_is_counted_once_per_instrument() -> None:
    thrice = Evidence("quiz", ("python", "python"))
    assert cover(["python", "model-serving", "networking"], [LAB, TALK, thrice], most=2) == Coverage(
        untested=("networking",), overtested=(("python", 3),)
    )


@pytest.mark.parametrize(("times", "over"), [(0, False), (1, False), (2, False), (3, True)])
def test_twice_is_enough(times: int, over: bool) -> None:
    coverage = cover(["python"], [Evidence("lab", ("python",))] * times, most=2)
    assert coverage == Coverage(() if times else ("python",), (("python", times),) if over else ())


def test_the_share_of_infrastructure_is_the_mean_of_what_bears_on_the_scope() -> None:
    weights = {"model-serving": 0.7, "container-orchestration": 1.0}
    sample = Evidence("lab", ("model-serving", "container-orchestration", "explaining"))
    assert infrastructure_share([sample], weights) == 85
    assert infrastructure_share([Evidence("lab", ("explaining",))], weights) is None


names = st.sampled_from(["python", "model-serving", "networking", "explaining"])
items = st.lists(st.builds(Evidence, st.just("lab"), st.lists(names, max_size=3).map(tuple)), max_size=5)


@given(st.lists(names), items, st.builds(Evidence, st.just("lab"), st.lists(names, max_size=3).map(tuple)))
def test_another_instrument_never_leaves_more_untested(musts: list[str], had: list[Evidence], more: Evidence) -> None:
    before, after = cover(musts, had, most=2), cover(musts, [*had, more], most=2)
    assert set(after.untested) <= set(before.untested)
    assert {name for name, _ in before.overtested} <= {name for name, _ in after.overtested}


@given(st.lists(names), items)
def test_nothing_is_both_untested_and_overtested(musts: list[str], had: list[Evidence]) -> None:
    coverage = cover(musts, had, most=2)
    assert not set(coverage.untested) & {name for name, _ in coverage.overtested}
    assert set(coverage.untested) <= set(musts)


@given(items, st.dictionaries(names, st.floats(0, 1)))
def test_a_share_lies_between_0_and_100(samples: list[Evidence], weights: dict[str, float]) -> None:
    share = infrastructure_share(samples, weights)
    assert share is None or 0 <= share <= 100 + 1e-9
