"""Whoever sets bands reads no single pay from how the people lie to them."""

from __future__ import annotations

from tenfold.apps.pay.views.own import standing
from tenfold.market.pay_review import Person

PAYS = (140_000, 151_300, 158_800, 163_100, 166_500, 171_900, 174_200, 181_700, 190_400, 204_600, 211_000)


def test_a_band_moved_by_small_steps_tells_blocks_of_five_and_no_more() -> None:
    people = [Person(f"row {n}", "mlops", "senior", float(pay)) for n, pay in enumerate(PAYS)]
    seen: list[str] = []
    for low in range(130_000, 220_000, 1_000):
        said = standing(people, 50, {("mlops", "senior"): (float(low), 400_000.0)}).groups[0].in_band
        if not seen or seen[-1] != said:
            seen.append(said)
    assert seen == ["about 11 within", "about 5 below, 6 within", "about 11 below"]
