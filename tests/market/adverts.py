"""Made-up ads: four titles with known pay, a year of weeks."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta

from tenfold.market.ads import Ad, Row

TITLES = {
    "MLOps Engineer": 180_000,
    "Machine Learning Engineer": 200_000,
    "DevOps Engineer": 160_000,
    "Data Engineer": 150_000,
}
LEVELS = {"EN": 0.65, "MI": 0.85, "SE": 1.0}
SPREAD = 0.2


def ads(count: int = 1500, *, seed: int = 1, last: date = date(2024, 12, 29)) -> list[Ad]:
    """`count` ads of the 52 weeks before `last`: log-normal about title x level, spread 0.2."""
    draw = random.Random(seed)  # noqa: S311 - made-up data, not secrets
    made = []
    for _ in range(count):
        title, code = draw.choice(list(TITLES)), draw.choice(list(LEVELS))
        middle = TITLES[title] * LEVELS[code] * math.exp(draw.gauss(0, SPREAD))
        made.append(
            ad(
                title,
                code,
                middle * 0.9,
                middle * 1.1,
                seen=last - timedelta(weeks=draw.randrange(52)),
                remote=draw.choice("01"),
            )
        )
    return made


def ad(
    title: str, code: str, low: float, high: float, *, seen: date | None, remote: str = "0", country: str = "US"
) -> Ad:
    row = Row(title, code, "100" if remote == "1" else "0", "M", country, "FT", seen.year if seen else 2024)
    return Ad(row, round(low), round(high), "USD", country, seen)
