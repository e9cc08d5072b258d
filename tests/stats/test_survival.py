"""Survival curves against published numbers, lifelines as a second implementation, laws, and simulation."""

from __future__ import annotations

import csv
import math
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.stats.survival import (
    NothingAtRisk,
    Spell,
    cumulative_incidence,
    curve_start,
    kaplan_meier,
)

DATA = Path(__file__).parent / "data"
lifelines = pytest.importorskip("lifelines", reason="lifelines (development group) is the oracle")


def channing() -> list[Spell]:
    """Men of Channing House in years of age; one row with exit before entry is left out, as everywhere."""
    with (DATA / "channing_males.csv").open() as rows:
        found = [
            Spell(int(r["exit_months"]) / 12, r["died"] == "1", int(r["entry_months"]) / 12)
            for r in csv.DictReader(rows)
        ]
    return [spell for spell in found if spell.end > spell.entry]


def aids() -> list[Spell]:
    with (DATA / "aids_cohort.csv").open() as rows:
        return [Spell(float(r["end_years"]), r["died"] == "1", float(r["entry_years"])) for r in csv.DictReader(rows)]


SPELLS = st.lists(
    st.builds(
        lambda entry, stay, ended, cause: Spell(entry + stay, ended, entry, cause if ended else None),
        entry=st.sampled_from([0.0, 0.0, 0.5, 1.0, 2.0]),
        stay=st.integers(1, 40).map(lambda n: n / 8),
        ended=st.booleans(),
        cause=st.sampled_from(["resigned", "dismissed"]),
    ),
    min_size=3,
    max_size=60,
)


def test_channing_house_with_delayed_entry_is_638_and_without_842() -> None:
    with_entry = kaplan_meier(channing(), start=68.0).at(80.0)
    without = kaplan_meier([Spell(spell.end, spell.ended) for spell in channing()], start=68.0).at(80.0)
    assert with_entry is not None
    assert without is not None
    assert round(with_entry.value, 3) == 0.638
    assert round(without.value, 3) == 0.842


def test_channing_house_breaks_lifelines_and_starts_later_here() -> None:
    spells = channing()
    with pytest.raises(lifelines.exceptions.StatError, match="too few early truncation times"):
        lifelines.KaplanMeierFitter().fit(
            [s.end for s in spells], [s.ended for s in spells], entry=[s.entry for s in spells]
        )
    curve = kaplan_meier(spells)
    assert 65 < curve.starts_at < 68
    assert curve.survival.min() > 0


def test_the_aids_cohort_has_a_median_of_3_06_years_with_entry_and_none_without() -> None:
    median = kaplan_meier(aids()).median()
    assert median is not None
    assert round(median.value, 2) == 3.06
    assert kaplan_meier([Spell(spell.end, spell.ended) for spell in aids()]).median() is None


@given(SPELLS)
def test_lifelines_draws_the_same_curve(spells: list[Spell]) -> None:
    times, at_risk, exits = _table(spells)
    if (exits >= at_risk).any() or len(times) == 0:
        return  # a risk set used up: lifelines refuses, or sets no bound
    try:
        theirs = lifelines.KaplanMeierFitter().fit(
            [s.end for s in spells], [s.ended for s in spells], entry=[s.entry for s in spells]
        )
    except lifelines.exceptions.StatError:
        return  # nobody under observation for a while, early on: it refuses
    ours = kaplan_meier(spells, start=0.0)
    for time in times:
        step = ours.at(float(time))
        assert step is not None
        assert step.value == pytest.approx(float(theirs.predict(float(time))))
        bounds = theirs.confidence_interval_.loc[float(time)].to_numpy()
        assert [step.low, step.high] == pytest.approx(bounds.tolist())


def _table(spells: list[Spell]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The risk table by counting, one event time after another."""
    times = np.array(sorted({s.end for s in spells if s.ended}))
    at_risk = np.array([sum(s.entry < t <= s.end for s in spells) for t in times])
    exits = np.array([sum(s.ended and s.end == t for s in spells) for t in times])
    return times, at_risk, exits


@given(SPELLS)
def test_causes_add_up_to_leaving(spells: list[Spell]) -> None:
    curve = kaplan_meier(spells, start=0.0)
    for time in (0.5, 1.0, 2.0, 4.0):
        whole = curve.at(time)
        parts = [cumulative_incidence(curve, cause, [time])[0] for cause in ("resigned", "dismissed")]
        if whole is None:
            assert parts == [None, None]
        else:
            assert sum(part.value for part in parts if part) == pytest.approx(1 - whole.value)


@given(SPELLS)
def test_incidence_of_the_only_cause_is_what_does_not_survive(spells: list[Spell]) -> None:
    alone = [Spell(s.end, s.ended, s.entry, "any" if s.ended else None) for s in spells]
    curve = kaplan_meier(alone, start=0.0)
    for time in (1.0, 3.0):
        whole, part = curve.at(time), cumulative_incidence(curve, "any", [time])[0]
        if whole is not None and part is not None:
            assert part.value == pytest.approx(1 - whole.value)


@given(SPELLS, st.randoms())
def test_order_changes_nothing_and_copies_count_once(spells: list[Spell], chance: random.Random) -> None:
    shuffled = spells * 3
    chance.shuffle(shuffled)
    one, three = kaplan_meier(spells, start=0.0), kaplan_meier(shuffled, start=0.0, copies=3)
    assert three.n == one.n
    assert three.survival == pytest.approx(one.survival)
    assert three.low == pytest.approx(one.low)


@given(SPELLS)
def test_shares_fall_and_stand_inside_their_interval(spells: list[Spell]) -> None:
    curve = kaplan_meier(spells, start=0.0)
    assert (np.diff(curve.survival) <= 1e-12).all()
    assert (curve.low <= curve.survival + 1e-12).all()
    assert (curve.survival <= curve.high + 1e-12).all()


def test_aalen_johansen_agrees_with_lifelines() -> None:
    chance = random.Random(4)  # noqa: S311 - repeatable
    spells = [
        Spell(chance.expovariate(0.3), chance.random() < 0.7, 0.0, chance.choice(["resigned", "dismissed"]))
        for _ in range(200)
    ]
    spells = [Spell(s.end, s.ended, 0.0, s.cause if s.ended else None) for s in spells]
    code = {None: 0, "resigned": 1, "dismissed": 2}
    theirs = lifelines.AalenJohansenFitter(calculate_variance=True).fit(
        [s.end for s in spells], [code[s.cause] for s in spells], event_of_interest=1
    )
    curve = kaplan_meier(spells)
    for time in (0.5, 1.0, 3.0, 6.0):
        found = cumulative_incidence(curve, "resigned", [time])[0]
        assert found is not None
        row = theirs.cumulative_density_.loc[:time].iloc[-1]
        assert found.value == pytest.approx(float(row.iloc[0]))


def test_one_minus_kaplan_meier_of_a_cause_would_say_too_much() -> None:
    spells = [Spell(float(t), True, 0.0, "a" if t % 2 else "b") for t in range(1, 41)]
    share = cumulative_incidence(kaplan_meier(spells), "a", [30.0])[0]
    alone = kaplan_meier([Spell(s.end, s.cause == "a") for s in spells]).at(30.0)
    assert share is not None
    assert alone is not None
    assert share.value == pytest.approx(15 / 40)
    assert 1 - alone.value > share.value


def test_a_group_seen_from_its_start_has_a_curve_from_nothing_on() -> None:
    assert curve_start([Spell(1.0, True), Spell(2.0, False)]) == 0.0


def test_nobody_gone_yet_still_has_a_lower_bound() -> None:
    found = kaplan_meier([Spell(3.0, False)] * 20).at(2.0)
    assert found is not None
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(0.025 ** (1 / 20))


def test_beyond_what_was_seen_there_is_no_share() -> None:
    curve = kaplan_meier([Spell(3.0, True)] * 10 + [Spell(4.0, False)] * 10)
    assert curve.at(4.1) is None
    assert kaplan_meier([Spell(3.0, True)] * 10).at(9.0) is not None


def test_no_spell_after_the_start_is_an_error() -> None:
    with pytest.raises(NothingAtRisk):
        kaplan_meier([Spell(1.0, True)], start=2.0)


def test_the_restricted_mean_agrees_with_lifelines() -> None:
    chance = random.Random(3)  # noqa: S311 - repeatable
    spells = [Spell(chance.expovariate(0.1), chance.random() < 0.5) for _ in range(80)]
    theirs = lifelines.KaplanMeierFitter().fit([s.end for s in spells], [s.ended for s in spells])
    mean = lifelines.utils.restricted_mean_survival_time(theirs, t=4.0)
    ours = kaplan_meier(spells).restricted_mean(4.0)
    assert ours is not None
    assert ours.value == pytest.approx(mean, rel=1e-3)
    assert ours.low is not None
    assert ours.value - ours.low == pytest.approx(1.96 * math.sqrt(_greenwood_rmst(spells, 4.0)), rel=1e-3)


def _greenwood_rmst(spells: list[Spell], horizon: float) -> float:
    """Variance of the restricted mean by Klein and Moeschberger 2003, formula 4.5.2, by hand."""
    times, at_risk, exits = _table(spells)
    survival, total = 1.0, 0.0
    curve = []
    for t, r, d in zip(times, at_risk, exits, strict=True):
        survival *= 1 - d / r
        curve.append((float(t), survival, d, r))
    for index, (t, s, d, r) in enumerate(curve):
        if t >= horizon:
            break
        edges = [(t, s), *[(u, v) for u, v, _, _ in curve[index + 1 :] if u < horizon]]
        ends = [u for u, _ in edges[1:]] + [horizon]
        area = sum((end - start) * height for (start, height), end in zip(edges, ends, strict=True))
        total += area**2 * d / (r * (r - d))
    return total


def test_a_dip_of_the_bound_in_a_thin_first_risk_set_is_no_part_of_the_medians_interval() -> None:
    """One date of 36 of an exit was early: where hardly anybody has left, log(−log) knows next to nothing."""
    uncertain = [Spell(0.02, ended=True), *[Spell(3.0, ended=True)] * 35]
    others = [Spell(6.0, ended=False)] * 36 * 5 + [
        Spell(1 + 0.05 * n, ended=True, entry=0.5) for n in range(60) for _ in range(36)
    ]
    curve = kaplan_meier([*uncertain, *others], start=0.0, copies=36)
    median = curve.median()
    assert curve.low[0] < 0.5 < curve.low[10]
    assert median is not None
    assert median.low is not None
    assert 1 < median.low < median.value


@given(st.lists(st.tuples(st.floats(0.1, 9), st.booleans()), min_size=5, max_size=40))
def test_without_late_entry_the_medians_interval_is_lifelines(rows: list[tuple[float, bool]]) -> None:
    curve = kaplan_meier([Spell(end, ended) for end, ended in rows])
    median = curve.median()
    if median is None:
        return
    crossings = curve.times[curve.low <= 0.5]
    assert median.low is not None
    assert crossings[0] <= median.low <= median.value
