"""How often intervals of pages and promotions hold the truth: 1,000 invented companies of known rates.

nice .venv/bin/python -m benchmarks.team_rates_coverage --companies 1000 --out benchmarks/data/team_rates_coverage.json
"""

from __future__ import annotations

import argparse
import json
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tenfold.practices.retention.oncall import log_pages, weigh_pages
from tenfold.practices.retention.promotions import Observation, count_promotions

SINCE = date(2026, 1, 5)


def pages_hold(chance: random.Random) -> bool:
    """Calls at a constant rate over half a year, each of one to four pages."""
    weeks, per_shift, burst = chance.randint(8, 52), chance.uniform(0.05, 2.0), chance.randint(1, 4)
    until = SINCE + timedelta(weeks=weeks, days=-1)
    moment, found = datetime.combine(SINCE, datetime.min.time()) + timedelta(hours=8), []
    end = moment + timedelta(weeks=weeks)
    while (moment := moment + timedelta(hours=12 * burst / per_shift * chance.expovariate(1))) < end:
        found += [moment + timedelta(seconds=number) for number in range(burst)]
    mean = weigh_pages(log_pages(found, since=SINCE, until=until), ()).load.mean
    return mean.low <= per_shift and (mean.high is None or per_shift <= mean.high)


def promotions_hold(chance: random.Random) -> bool:
    """Aliases that move on at a known rate, polled with gaps."""
    weekly, hours, aliases = chance.uniform(0.05, 3), chance.choice([1, 6, 24, 48]), chance.randint(1, 4)
    start, looks = datetime(2026, 1, 1, tzinfo=UTC), []
    for number in range(aliases):
        at, version, due = start, 1, start + timedelta(weeks=chance.expovariate(weekly))
        while at < start + timedelta(weeks=26):
            while due <= at:
                version, due = version + 1, due + timedelta(weeks=chance.expovariate(weekly))
            looks.append(Observation(at, f"model-{number}", "champion", str(version)))
            at += timedelta(hours=hours * (10 if chance.random() < 0.02 else 1))
    rate = count_promotions(looks).rate
    return rate is not None and rate.low <= weekly * aliases and (rate.high is None or weekly * aliases <= rate.high)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=100)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    seeds = range(given.companies)
    found = {
        "companies": given.companies,
        "pages_per_shift": sum(pages_hold(random.Random(seed)) for seed in seeds) / given.companies,  # noqa: S311
        "promotions_per_week": sum(promotions_hold(random.Random(seed)) for seed in seeds) / given.companies,  # noqa: S311
    }
    text = json.dumps(found, indent=2)
    print(text)
    if given.out:
        given.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
