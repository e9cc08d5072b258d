"""The share of ML-operations in what is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalogue.store import catalogue
from tenfold.practices.requirements.engine import AreaDemand, MlopsShare, mlops_share, must_haves_missing

AREAS = catalogue().areas
SIX = catalogue().mlops_areas
SERVING, CONTAINERS, LANGUAGES = AREAS["serving"], AREAS["containers"], AREAS["languages"]


def share(*asks: AreaDemand, enough: int = 4) -> MlopsShare:
    return mlops_share(asks, SIX, enough=enough)


def test_one_serving_tool_among_three_of_infrastructure_is_a_quarter() -> None:
    measured = share(AreaDemand(SERVING, 1), *[AreaDemand(CONTAINERS, 1)] * 3, AreaDemand(LANGUAGES, 1))
    assert (measured.percent, measured.n, measured.areas) == (25, 4, ("serving",))
    assert measured.missing == tuple(area for area in SIX if area != "serving")


def test_a_nice_to_have_weighs_half() -> None:
    assert share(AreaDemand(SERVING, 0.5), AreaDemand(CONTAINERS, 1), enough=2).percent == pytest.approx(100 / 3)


@pytest.mark.parametrize(("asks", "percent"), [(3, None), (4, 0), (5, 0)])
def test_fewer_than_four_skills_give_no_share(asks: int, percent: float | None) -> None:
    assert share(*[AreaDemand(CONTAINERS, 1)] * asks).percent == percent


def test_languages_and_modelling_count_on_neither_side() -> None:
    assert share(*[AreaDemand(LANGUAGES, 1)] * 9).n == 0


any_asks = st.lists(st.builds(AreaDemand, st.sampled_from(list(AREAS.values())), st.sampled_from([0.25, 0.5, 1.0])))


@given(any_asks)
def test_the_share_lies_between_0_and_100_and_the_six_areas_are_parted(asks: list[AreaDemand]) -> None:
    measured = share(*asks)
    assert measured.percent is None or 0 <= measured.percent <= 100
    assert sorted((*measured.areas, *measured.missing)) == sorted(SIX)


@given(any_asks)
def test_asking_for_more_ml_operations_never_lowers_the_share(asks: list[AreaDemand]) -> None:
    before, after = share(*asks).percent, share(*asks, AreaDemand(SERVING, 1)).percent
    assert before is None or (after is not None and after >= before)


@given(any_asks, st.integers(1, 90))
def test_as_many_must_haves_as_are_named_reach_the_threshold_and_one_fewer_does_not(
    asks: list[AreaDemand], threshold: int
) -> None:
    measured = share(*asks)
    needed = must_haves_missing(measured, threshold)
    if measured.percent is None or not needed:
        return
    enough = share(*asks, *[AreaDemand(SERVING, 1)] * needed).percent
    short = share(*asks, *[AreaDemand(SERVING, 1)] * (needed - 1)).percent
    assert enough is not None
    assert short is not None
    assert enough >= threshold - 1e-9
    assert short < threshold
