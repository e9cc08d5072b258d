"""Countries outside the US, on made-up ads whose truth is known."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta

import pytest

from tenfold.kit.errors import NotEnoughData
from tenfold.market.ads import Ad, Row
from tenfold.market.backtest import backtest_abroad
from tenfold.market.benchmark import NotSupported, PayEstimate, PayQuestion, estimate
from tenfold.market.fit import fit
from tenfold.market.model import PayModel, from_json, to_json
from tenfold.practices.pay.presenters import abroad_in_words, estimate_in_words, estimate_to_dict
from tests.market.adverts import LEVELS, TITLES, ads

IN_POUNDS = 0.4
"""Pay in pounds over pay in dollars for the same title and level."""


def british(count: int, *, seed: int = 3, currency: str = "GBP", last: date = date(2024, 12, 29)) -> list[Ad]:
    draw = random.Random(seed)  # noqa: S311 - made-up data
    made = []
    for _ in range(count):
        title, code = draw.choice(list(TITLES)), draw.choice(list(LEVELS))
        pay = IN_POUNDS * TITLES[title] * LEVELS[code] * math.exp(draw.gauss(0, 0.2))
        seen = last - timedelta(weeks=draw.randrange(40))
        row = Row(title, code, "0", "M", "GB", "FT", seen.year)
        made.append(Ad(row, round(pay * 1.2), round(pay * 1.3), currency, "GB", seen, round(pay)))
    return made


@pytest.fixture(scope="module")
def model() -> PayModel:
    return fit([*ads(), *british(240)])


def test_a_country_is_answered_in_its_own_currency_near_the_truth(model: PayModel) -> None:
    answer = estimate(PayQuestion("data-engineer", "senior", country="GB"), model=model)
    assert isinstance(answer, PayEstimate)
    truth = IN_POUNDS * TITLES["Data Engineer"] * LEVELS["SE"]
    assert answer.currency == "GBP"
    assert answer.median_interval[0] < truth < answer.median_interval[1]
    assert "GBP a year" in estimate_in_words(answer)
    assert estimate_to_dict(answer)["currency"] == "GBP"
    assert answer.n_raw >= 5


def test_a_country_tagged_in_another_currency_is_said_not_answered() -> None:
    mixed = [*british(60), *british(100, seed=4, currency="USD")]
    answer = estimate(PayQuestion("data-engineer", "senior", country="GB"), model=fit([*ads(), *mixed]))
    assert isinstance(answer, NotSupported)
    assert "only 60 of its 160 ads are tagged GBP" in answer.reason


def test_a_cell_of_fewer_than_five_is_not_answered(model: PayModel) -> None:
    answer = estimate(PayQuestion("mlops", "principal", country="GB"), model=model)
    assert isinstance(answer, NotSupported)


def test_its_bands_hold_what_they_promise_on_later_ads(model: PayModel) -> None:
    train, later = [*ads(), *british(240)], british(400, seed=9, last=date(2025, 6, 1))
    result = backtest_abroad(train, later, "GB")
    assert result.cover80_interval[0] < 0.8 < result.cover80_interval[1] + 0.03
    assert result.score.pinball < result.cells.pinball * 1.05
    assert f"n = {result.score.n}" in abroad_in_words(result)


def test_a_country_without_ads_cannot_be_scored() -> None:
    with pytest.raises(NotEnoughData, match="Too few ads of FR"):
        backtest_abroad(ads(), ads(), "FR")


def test_countries_survive_the_models_file(model: PayModel) -> None:
    again = from_json(to_json(model))
    assert to_json(again) == to_json(model)
    assert again.countries["GB"].cells.keys() == model.countries["GB"].cells.keys()
