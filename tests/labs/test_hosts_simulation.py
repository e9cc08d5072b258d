"""The simulation of many hosts, where the truth is known by arithmetic."""

from __future__ import annotations

from dataclasses import replace

import pytest
from benchmarks.labs_hosts import Inputs, LabFigures, Simulation, fewest_hosts, what_breaks_first

LAB = LabFigures("one", 60.0, 1000.0, 10.0)
EVEN = Inputs((LAB,), sessions_a_day=960, days=2, share_in_the_day=1 / 3, share_on_the_hour=0, host_fails_every_days=0)


def test_where_nothing_is_short_a_start_takes_what_it_takes_and_everybody_starts() -> None:
    result = Simulation(EVEN, 50).run()
    assert result.n == 960 * 2
    assert result.waited_for_memory == 0
    assert result.start_p50_s == pytest.approx(EVEN.start_median_s, rel=0.01)


def test_rooms_at_once_are_as_many_as_arrive_while_one_lasts() -> None:
    """Little's law: 40 an hour that last 45 minutes are 30; the most of two days is a few deviations above it."""
    assert 30 < Simulation(EVEN, 50).run().most_rooms < 30 + 6 * 30**0.5


def test_one_place_for_rooms_serves_no_more_than_time_allows() -> None:
    """A host with memory for one room holds at most 48 hours of rooms in two days, and somebody waits."""
    result = Simulation(replace(EVEN, memory_mb=1001.0), 1).run()
    assert result.most_rooms == 1
    assert result.n <= (2 * 24 + 6) / 0.5
    assert result.unfinished > 0


@pytest.mark.parametrize(
    ("inputs", "short"),
    [
        (replace(EVEN, memory_mb=4004.0), "memory of hosts"),
        (replace(EVEN, memory_mb=1e9, cores=1, start_median_s=1.7, start_p95_s=1.71), "cores that start rooms"),
    ],
)
def test_what_was_made_short_is_named(inputs: Inputs, short: str) -> None:
    fewest = fewest_hosts(inputs)
    assert fewest is not None
    assert fewest > 1
    assert short in what_breaks_first(inputs, fewest - 1)


def test_rooms_of_a_host_that_fails_are_taken_up_after_the_heartbeat_timeout() -> None:
    result = Simulation(replace(EVEN, host_fails_every_days=1.0), 20).run()
    assert result.again_n > 0
    assert result.again_p99_s >= EVEN.heartbeat_timeout_s + EVEN.reheld_s
    assert result.n >= 960 * 2 - result.again_n


def test_the_same_seed_gives_the_same_days() -> None:
    assert Simulation(EVEN, 3, seed=4).run() == Simulation(EVEN, 3, seed=4).run()
