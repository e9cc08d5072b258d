"""Promotions: worked examples, what must not change an answer, and simulated registries with known rates."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

import pytest

from tenfold.practices.retention.looks import LookColumns, read_looks
from tenfold.practices.retention.promotions import Move, Observation, PromotionAnswer, count_promotions, expect_hidden
from tests.practices.retention.companies import table
from tests.sizes import size

START = datetime(2026, 1, 1, tzinfo=UTC)


def looked(versions: str, *, hours: float = 6, name: str = "churn") -> list[Observation]:
    """One look every few hours; each letter or digit is a version, a point nothing."""
    step = timedelta(hours=hours)
    return [Observation(START + n * step, name, "champion", v.strip(".")) for n, v in enumerate(versions)]


def moves(versions: str) -> list[Move]:
    return [change.move for change in count_promotions(looked(versions)).changes]


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ("1111", []),
        ("1122", [Move.PROMOTION]),
        ("1121", [Move.PROMOTION, Move.ROLLBACK]),
        ("11211233", [Move.PROMOTION, Move.ROLLBACK, Move.PROMOTION, Move.PROMOTION]),
        ("54", [Move.PROMOTION]),  # a lower number that was never served is no way back
        ("abca", [Move.PROMOTION, Move.PROMOTION, Move.ROLLBACK]),
        ("..1", [Move.PROMOTION]),
        ("1..2", [Move.REMOVAL, Move.PROMOTION]),
    ],
)
def test_what_a_move_is(versions: str, expected: list[Move]) -> None:
    assert moves(versions) == expected


def test_what_is_there_at_the_first_look_was_not_promoted_by_it() -> None:
    assert count_promotions(looked("1")).promotions == 0
    assert count_promotions(looked("1")).rate is None


def test_a_model_that_appears_later_was_promoted() -> None:
    later = [o for o in looked("1111", name="fraud") if o.at > START + timedelta(hours=7)]
    assert count_promotions([*looked("1111"), *later]).promotions == 1


def key(found: PromotionAnswer) -> tuple[object, ...]:
    return found.promotions, found.rollbacks, found.rate, found.longest_gap


def test_order_copies_and_spelling_change_nothing() -> None:
    looks = looked("11122131144")
    spelled = [Observation(o.at, o.name, o.alias, f"v{o.version}") for o in looks]
    shuffled = [*spelled, *looks]
    random.Random(2).shuffle(shuffled)  # noqa: S311 - repeatable
    assert key(count_promotions(shuffled)) == key(count_promotions(looks))


def test_a_look_that_contradicts_itself_is_left_out() -> None:
    looks = looked("111222")
    found = count_promotions([*looks, Observation(looks[1].at, "churn", "champion", "9")])
    assert found.promotions == 1
    assert "conflict" in {warning.kind for warning in found.warnings}


def test_a_long_gap_is_named() -> None:
    looks = looked("1111111111")
    late = [
        Observation(o.at + (timedelta(days=9) if n > 5 else timedelta()), *(o.name, o.alias, o.version))
        for n, o in enumerate(looks)
    ]
    found = count_promotions(late)
    assert found.longest_gap is not None
    assert found.longest_gap[1] - found.longest_gap[0] == timedelta(days=9, hours=6)
    assert [warning.kind for warning in found.warnings].count("gaps") == 1


def registry(seed: int, weekly: float, hours: float, aliases: int) -> list[Observation]:
    """Aliases that move on at a known rate, looked at with gaps; versions only grow."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    looks = []
    for number in range(aliases):
        at, version, due = START, 1, START + timedelta(weeks=chance.expovariate(weekly))
        while at < START + timedelta(weeks=30):
            while due <= at:
                version, due = version + 1, due + timedelta(weeks=chance.expovariate(weekly))
            looks.append(Observation(at, f"model-{number}", "champion", str(version)))
            at += timedelta(hours=hours * (8 if chance.random() < 0.03 else 1))
    return looks


@pytest.mark.parametrize(("weekly", "hours", "aliases"), [(0.3, 1, 3), (1.0, 24, 2), (3.0, 48, 1)])
def test_the_interval_holds_the_true_rate(weekly: float, hours: float, aliases: int) -> None:
    held, values, n = 0, [], size(12, nightly=60)
    for seed in range(n):
        rate = count_promotions(registry(seed, weekly, hours, aliases)).rate
        assert rate is not None
        held += rate.low <= weekly * aliases and (rate.high is None or weekly * aliases <= rate.high)
        values.append(rate.value)
    assert held >= size(10, nightly=55)  # at 95 %, fewer have p < 0.02 at either size
    assert sum(values) / n == pytest.approx(weekly * aliases, rel=0.06 * math.sqrt(60 / n))


def test_counting_changes_alone_would_be_too_low() -> None:
    """What the interval is for: at three moves a week and a look every two days, a third of the moves hide."""
    answers = [count_promotions(registry(seed, 3.0, 48, 1)) for seed in range(20)]
    naive = sum(answer.promotions for answer in answers) / (20 * 30)
    assert naive < 2.4
    assert all("coarse-polling" in {w.kind for w in answer.warnings} for answer in answers)


def test_a_table_of_looks() -> None:
    rows = [
        ("01.03.2026 08:00", "churn", "Champion", "3"),
        ("02.03.2026 08:00", "churn", "champion", ""),
        ("13.03.2026 08:00", "churn", "champion", "4.0"),
        ("whenever", "churn", "champion", "5"),
    ]
    found = read_looks(table(("Time", "Name", "Alias", "Version"), rows), LookColumns())
    assert [o.version for o in found.observations] == ["3", "", "4.0"]
    assert [w.kind for w in found.warnings] == ["unread"]


def unlucky_registry(seed: int, weekly: float, hours: float, back_share: float, back_hours: float) -> list[Observation]:
    """An alias that moves on at a known rate; some moves are taken back within hours, many between two looks."""
    chance = random.Random(f"registry {seed}")  # noqa: S311 - repeatable; neighbouring numbers are no independent seeds
    moves, due, number, kept = [(timedelta(), "1")], timedelta(), 1, "1"
    while (due := due + timedelta(weeks=chance.expovariate(weekly))) < timedelta(weeks=40):
        number += 1
        moves.append((due, str(number)))
        if chance.random() < back_share:
            moves.append((due + timedelta(hours=chance.expovariate(1 / back_hours)), kept))
        else:
            kept = str(number)
    moves.sort()
    at, looks = timedelta(), []
    while at < timedelta(weeks=40):
        looks.append(Observation(START + at, "m", "champion", [to for when, to in moves if when <= at][-1]))
        at += timedelta(hours=hours)
    return looks


@pytest.mark.parametrize(("hours", "back_hours"), [(6, 12), (24, 12), (24, 48)])
def test_the_interval_holds_the_true_rate_where_rollbacks_hide_between_looks(hours: float, back_hours: float) -> None:
    answers = [count_promotions(unlucky_registry(seed, 1.0, hours, 0.3, back_hours)) for seed in range(30)]
    rates = [answer.rate for answer in answers if answer.rate]
    assert sum(rate.low <= 1.0 <= (rate.high or math.inf) for rate in rates) >= 27
    if hours > back_hours:
        assert any("hidden-rollbacks" in {w.kind for w in answer.warnings} for answer in answers)


@pytest.mark.parametrize("mean_life", [0.3, 1.0, 4.0])
def test_hidden_rollbacks_are_expected_as_many_as_there_are(mean_life: float) -> None:
    """Lives in units of the time between two looks; the truth is counted."""
    chance = random.Random(7)  # noqa: S311 - repeatable
    begun = [(chance.random(), chance.expovariate(1 / mean_life)) for _ in range(4000)]
    lives = [math.floor(start + life) for start, life in begun]
    hidden = lives.count(0)
    assert expect_hidden([life for life in lives if life]) == pytest.approx(hidden, rel=0.1)


def test_without_rollbacks_nothing_hides() -> None:
    assert expect_hidden([]) == 0
    assert expect_hidden([40, 60]) < 0.1
