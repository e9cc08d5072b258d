"""Whoever sets bands reads no single pay from how the people lie to them."""

from __future__ import annotations

from datetime import date

from tenfold.apps.pay.queries import CompanyBands
from tenfold.apps.pay.views.own import standing
from tenfold.market.company_bands import ANYWHERE, CompanyBand
from tenfold.market.pay_review import Person

DAY = date(2026, 11, 1)
PAYS = (140_000, 151_300, 158_800, 163_100, 166_500, 171_900, 174_200, 181_700, 190_400, 204_600, 211_000)


def test_a_band_moved_by_small_steps_tells_blocks_of_five_and_no_more() -> None:
    people = [Person(f"row {n}", "mlops", "senior", float(pay)) for n, pay in enumerate(PAYS)]
    seen: list[str] = []
    for low in range(130_000, 220_000, 1_000):
        band = CompanyBand("mlops", "senior", float(low), 400_000.0, "USD", ANYWHERE, DAY)
        said = standing(people, 50, CompanyBands((band,), {}), DAY).groups[0].in_band
        if not seen or seen[-1] != said:
            seen.append(said)
    assert seen == ["about 11 within", "about 5 below, 6 within", "about 11 below"]


def test_people_are_set_against_the_band_of_their_own_currency_and_place() -> None:
    """The same figures in EUR and USD, with bands that say the opposite: no answer takes the other's band."""
    people = [Person(f"row {n}", "mlops", "senior", float(pay)) for n, pay in enumerate(PAYS)]
    abroad = [
        Person(f"row {50 + n}", "mlops", "senior", pay * 1.1, country="DE", currency="EUR", pay_local_year=float(pay))
        for n, pay in enumerate(PAYS)
    ]
    low = CompanyBand("mlops", "senior", 100.0, 200.0, "USD", "US", DAY)
    high = CompanyBand("mlops", "senior", 900_000.0, 990_000.0, "EUR", "DE", DAY)
    said = standing([*people, *abroad], 50, CompanyBands((low, high), {}), DAY).groups[0].in_band
    assert said == "about 11 below (EUR, Germany); about 11 above (USD, United States)"


def test_a_band_for_one_town_tells_no_more_than_the_blocks_of_all() -> None:
    """Bands for Denver alone would otherwise differ from those for all by the one person who works elsewhere."""
    people = [
        Person(f"row {n}", "mlops", "senior", float(pay), metro_cbsa="19740" if n else "41860")
        for n, pay in enumerate(PAYS)
    ]
    seen = set()
    for low in range(130_000, 220_000, 1_000):
        band = CompanyBand("mlops", "senior", float(low), 400_000.0, "USD", "19740", DAY)
        seen.add(standing(people, 50, CompanyBands((band,), {}), DAY).groups[0].in_band.partition(" (")[0])
    assert seen == {"about 10 within", "about 4 below, 6 within", "about 10 below"}
