"""Chosen sequences of questions to what managers are really shown: they find nobody's pay that a guess would not.

Each sequence draws a company, one of its people, a page and the numbers it asks with; the attacker may move bands,
choose budgets and targets, and import the list again without one person. `tests/stats/test_disclosure.py` attacks the
blocks alone, `tests/stats/test_publication.py` the counts of fairness tables, and
`tests/apps/retention/test_privacy.py` pulses.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date

import pytest

from tenfold.apps.pay.models import OwnPay
from tenfold.apps.pay.queries import CompanyBands
from tenfold.apps.pay.views import own
from tenfold.apps.retention import queries
from tenfold.market import pay_review
from tenfold.market.company_bands import ANYWHERE, CompanyBand
from tenfold.market.pay_review import Person
from tenfold.practices.retention.pay_cycle import PayRange
from tenfold.stats.disclosure import LEAST, block_means
from tests.sizes import IS_NIGHTLY, size

SEQUENCES = size(120, nightly=1_000)
CLOSE = 0.01
"""A pay is recovered where the attacker's figure lies within 1 % of it."""
BY_CHANCE = 0.02
"""Of figures that fall anywhere within half of a pay on either side of it, so many lie this close."""
CELL = ("mlops", "senior")
HIGHEST = 1_000_000.0
DAY = date(2026, 11, 1)
Attack = Callable[[list[float], int, random.Random], float]


def company(chance: random.Random) -> list[float]:
    """Pay of 6 to 30 people of one role and level, to the hundred; in order."""
    middle, spread = chance.uniform(110_000, 190_000), chance.uniform(0.06, 0.18)
    return sorted(round(middle * chance.lognormvariate(0, spread), -2) for _ in range(chance.randint(6, 30)))


def _people(pays: Sequence[float]) -> list[Person]:
    return [Person(f"row {line}", *CELL, pay) for line, pay in enumerate(pays)]


def _rows(pays: Sequence[float]) -> list[OwnPay]:
    return [OwnPay(line=line, role=CELL[0], level=CELL[1], pay_local_year=pay) for line, pay in enumerate(pays)]


def _round(pays: Sequence[float], low: float, high: float, budget: float) -> queries.RoundAnswer:
    """The pay round as somebody sees it who did not bring the list in."""
    return queries.round_of(
        _rows(pays), dict.fromkeys(range(len(pays)), PayRange(low, high)), {}, budget, is_exact=False
    )


def _halved(count_below: Callable[[float], float], rank: int) -> float:
    """Where the count of people below passes the rank that is sought."""
    low, high = 1.0, HIGHEST / 2
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (low, middle) if count_below(middle) > rank + 0.5 else (middle, high)
    return high


def band_moved(pays: list[float], rank: int, chance: random.Random) -> float:
    """“n below” on the page of own pay, with the band's lower end moved."""
    people = _people(pays)
    chance.shuffle(people)

    def count_below(low: float) -> float:
        band = CompanyBand(*CELL, low, HIGHEST, "USD", ANYWHERE, DAY)
        said = own._in_bands(people, CELL, CompanyBands((band,), {}), DAY)
        return next((float(part.split()[0]) for part in said.removeprefix("about ").split(", ") if "below" in part), 0)

    return _halved(count_below, rank)


def range_moved(pays: list[float], rank: int, chance: random.Random) -> float:
    """What bringing everybody into the band would cost, at two lower ends side by side: the slope counts people."""
    step = chance.choice((1.0, 10.0, 50.0))

    def cost(low: float) -> float:
        cycle = _round(pays, low, HIGHEST, 3.0).cycle
        assert cycle is not None
        return cycle.to_range_low

    return _halved(lambda low: (cost(low + step) - cost(low)) / step, rank)


def budgets_of_two_lists(pays: list[float], rank: int, chance: random.Random) -> float:
    """The budget of a round, with and without the one who is sought, at one or several percentages."""
    found = []
    for percent in chance.sample((0.5, 1.0, 2.0, 3.5, 10.0, 50.0), chance.randint(1, 4)):
        budgets = []
        for people in (pays, [*pays[:rank], *pays[rank + 1 :]]):
            cycle = _round(people, 50_000, HIGHEST, percent).cycle
            assert cycle is not None
            budgets.append(cycle.budget)
        found.append((budgets[0] - budgets[1]) * 100 / percent)
    return sum(found) / len(found)


def costs_of_two_lists(pays: list[float], rank: int, chance: random.Random) -> float:
    """What it costs to bring all to a target of the market, with and without the one who is sought."""
    target = chance.choice([each for each in own.TARGETS if each >= 50])
    whole = own.standing(_people(pays), target)
    less = own.standing(_people([*pays[:rank], *pays[rank + 1 :]]), target)
    quantile = whole.review.standings[0].market.quantile(target / 100)
    return quantile - (whole.cost - less.cost)


ATTACKS: tuple[Attack, ...] = (band_moved, range_moved, budgets_of_two_lists, costs_of_two_lists)


def recovered(attack: Attack, sequences: int) -> tuple[float, float]:
    """Shares of pays within 1 %: by the attack, and by a guess from the blocks that are shown anyway."""
    by_attack = by_guess = 0
    for seed in range(sequences):
        chance = random.Random(seed)  # noqa: S311 - a simulation
        pays = company(chance)
        rank = chance.randrange(len(pays))
        if attack is costs_of_two_lists:  # this one can only find people below the target
            rank, pays = 0, [min(pays[0], 90_000.0), *pays[1:]]
        truth, guess = pays[rank], sorted(block_means(pays))[rank]
        by_attack += abs(attack(pays, rank, chance) / truth - 1) <= CLOSE
        by_guess += abs(guess / truth - 1) <= CLOSE
    return by_attack / sequences, by_guess / sequences


def _sequences(attack: Attack) -> int:
    """Those that ask for a whole round or review each time are drawn less often, but at night."""
    return SEQUENCES // 4 if attack in (costs_of_two_lists, range_moved) and not IS_NIGHTLY else SEQUENCES


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_chosen_sequence_of_questions_recovers_nobody_s_pay(attack: Attack) -> None:
    by_attack, by_guess = recovered(attack, _sequences(attack))
    assert by_attack <= max(by_guess, BY_CHANCE) + (0.02 if IS_NIGHTLY else 0.12), (by_attack, by_guess)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_same_sequence_recovers_nearly_everybody_where_nothing_protects(
    attack: Attack, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (own, queries, pay_review):
        monkeypatch.setattr(module, "block_means", list)
    assert recovered(attack, _sequences(attack))[0] >= 0.9


def test_figures_of_ten_or_more_stay_visible_and_near() -> None:
    chance = random.Random(1)  # noqa: S311 - a simulation
    for _ in range(20):
        pays = [*company(chance), *company(chance)]
        shown = _round(pays, 50_000, HIGHEST, 4.0)
        assert shown.cycle is not None
        assert len(shown.people) == len(pays) >= 2 * LEAST
        assert shown.cycle.budget == pytest.approx(sum(pays) * 0.04, rel=0.025)


def test_people_of_small_groups_are_told_together_and_never_alone() -> None:
    """A band for one person's role alone tells the block of all small groups."""
    rows = [OwnPay(line=n, role="mlops", level="senior", pay_local_year=150_000.0 + n) for n in range(9)]
    rows += [OwnPay(line=9 + n, role=f"r{n}", level="mid", pay_local_year=90_000.0 + 9_000 * n) for n in range(5)]
    for n in range(5):
        told = queries.round_of(rows, {9 + n: PayRange(50_000, 400_000)}, {}, 3.0, is_exact=False)
        assert [person.pay for person in told.people] == block_means([90_000.0 + 9_000 * at for at in range(5)])[:1]
    alone = queries.round_of(rows[-1:], {13: PayRange(50_000, 400_000)}, {}, 3.0, is_exact=False)
    assert alone.people == ()
