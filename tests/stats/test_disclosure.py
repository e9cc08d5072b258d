"""Attacks on figures about few people: the same attacks recover nearly everybody's pay without the protection."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.stats.disclosure import GRID, LEAST, block_means, on_grid

Protection = Callable[[Sequence[float]], list[float]]
Attack = Callable[[Protection, list[float], int, random.Random], float]
SEQUENCES = 1_000
CLOSE = 0.01
"""A pay is recovered where the attacker's figure lies within 1 % of it."""


def as_it_was(values: Sequence[float]) -> list[float]:
    return list(values)


def company(chance: random.Random) -> list[float]:
    """Pay of one group of 5 to 30 people, spread as pay within a level is; to the hundred."""
    middle, spread = chance.uniform(90_000, 220_000), chance.uniform(0.06, 0.18)
    return [round(middle * chance.lognormvariate(0, spread), -2) for _ in range(chance.randint(5, 30))]


def count_below(shown: Sequence[float], threshold: float) -> int:
    return sum(pay < threshold for pay in shown)


def moved_threshold(protect: Protection, pays: list[float], rank: int, _chance: random.Random) -> float:
    """Moves a band's lower end, halving, until “n below” changes at the rank that is sought."""
    low, high = 1.0, 2_000_000.0
    shown = protect(pays)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if count_below(shown, middle) > rank else (middle, high)
    return high


def narrow_bands(protect: Protection, pays: list[float], rank: int, chance: random.Random) -> float:
    """Bands of one width side by side, from a start by chance: where the people within are counted past the rank."""
    width = 400.0
    shown, start = protect(pays), chance.uniform(0, width)
    seen, low = count_below(shown, start), start
    while seen <= rank:
        seen += sum(low <= pay < low + width for pay in shown)
        low += width
    return low - width / 2


def two_versions(protect: Protection, pays: list[float], rank: int, chance: random.Random) -> float:
    """The cost of bringing all to a high target, with and without the one who is sought, to the thousand."""
    sought = sorted(pays)[rank]
    without = sorted(pays)
    del without[rank]
    target = max(pays) * chance.uniform(1.3, 1.6)

    def cost(people: list[float]) -> float:
        return float(round(sum(max(0.0, target - pay) for pay in protect(people)), -3))

    assert sought in pays
    return target - (cost(pays) - cost(without))


def repeated(protect: Protection, pays: list[float], rank: int, chance: random.Random) -> float:
    """Two versions again and again, each time against another target: the mean of the answers."""
    answers = [two_versions(protect, pays, rank, chance) for _ in range(9)]
    return sum(answers) / len(answers)


ATTACKS: tuple[Attack, ...] = (moved_threshold, narrow_bands, two_versions, repeated)


def recovered(attack: Attack, protect: Protection) -> tuple[float, float]:
    """Shares of pays within 1 %: by the attack, and by a guess from the figures that are shown anyway."""
    by_attack = by_guess = 0
    for seed in range(SEQUENCES):
        chance = random.Random(seed)  # noqa: S311 - a simulation
        pays = company(chance)
        if attack in (two_versions, repeated) and len(pays) == LEAST:
            pays.append(pays[0] + 7_000)  # a version without one person must be one that may be shown
        rank = chance.randrange(len(pays))
        truth, guess = sorted(pays)[rank], sorted(block_means(pays))[rank]
        by_attack += abs(attack(protect, pays, rank, chance) / truth - 1) <= CLOSE
        by_guess += abs(guess / truth - 1) <= CLOSE
    return by_attack / SEQUENCES, by_guess / SEQUENCES


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_attack_works_where_nothing_protects(attack: Attack) -> None:
    assert recovered(attack, as_it_was)[0] >= 0.9


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_attack_does_no_better_than_a_guess_from_what_is_shown(attack: Attack) -> None:
    by_attack, by_guess = recovered(attack, block_means)
    assert by_attack <= by_guess + 0.02, (by_attack, by_guess)
    assert by_guess < 0.3


pays_of_many = st.lists(st.floats(20_000, 900_000), min_size=LEAST, max_size=60)


@given(pays_of_many)
def test_nobody_is_alone_with_a_value(pays: list[float]) -> None:
    shown = block_means(pays)
    assert len(shown) == len(pays)
    assert all(shown.count(value) >= LEAST for value in shown)
    assert len(set(shown)) <= max(1, len(pays) // LEAST)


@given(pays_of_many, st.randoms(use_true_random=False))
def test_who_stands_where_in_the_list_does_not_matter(pays: list[float], chance: random.Random) -> None:
    places = list(range(len(pays)))
    chance.shuffle(places)
    assert sorted(block_means([pays[place] for place in places])) == sorted(block_means(pays))


@given(st.lists(st.floats(20_000, 900_000), min_size=10, max_size=60))
def test_figures_of_ten_or_more_stay_near_the_truth(pays: list[float]) -> None:
    """The mean of all is off by half a step of the grid at the most; and the order of values is kept."""
    shown = block_means(pays)
    assert sum(shown) == pytest.approx(sum(pays), rel=GRID**0.5 - 1 + 1e-9)
    by_truth = [value for _, value in sorted(zip(pays, shown, strict=True))]
    assert by_truth == sorted(shown)


def test_nothing_lies_on_no_grid() -> None:
    assert block_means([]) == []
    with pytest.raises(ValueError, match="grid"):
        on_grid(0)
