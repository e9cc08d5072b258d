"""How often intervals of tenure hold the truth: 1,000 invented companies, seen five ways.

nice .venv/bin/python -m benchmarks.tenure_coverage --companies 1000 --out benchmarks/data/tenure_coverage.json
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import date
from pathlib import Path

from tests.practices.retention.companies import LISTED, Company, company

from tenfold.practices.retention.snapshots import read_snapshots
from tenfold.practices.retention.stays import StayColumns, read_stays
from tenfold.practices.retention.tenure import TenureAnswer, tenure_of_snapshots, tenure_of_stays

SINCE = date(2020, 1, 1)
COLUMNS = StayColumns("from", "to", "id")
WAYS = (
    "everyone",
    "recorded since 2020",
    "recorded since an untold day",
    "monthly lists",
    "quarterly lists",
    "yearly lists",
)


def seen(firm: Company, way: str) -> TenureAnswer:
    days = {"monthly lists": 30, "quarterly lists": 91, "yearly lists": 365}
    if way in days:
        return tenure_of_snapshots(read_snapshots(firm.lists(days[way]), snapshot="day", person="id"))
    rows = firm.contracts(since=None if way == "everyone" else SINCE)
    listed = read_stays(rows, COLUMNS, as_of=LISTED, today=date(2026, 11, 27))
    return tenure_of_stays(listed, observed_from=SINCE if way == "recorded since 2020" else None)


def tally(companies: int, way: str) -> dict[str, dict[str, float]]:
    held: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for seed in range(companies):
        firm = company(seed)
        found = seen(firm, way)
        if found.curve is None:
            continue
        for years, share in found.survival().items():
            if share and share.low is not None and share.high is not None:
                asked[f"S({years:g})"] += 1
                held[f"S({years:g})"] += share.low <= firm.survival(years, found.curve.starts_at) <= share.high
        median = found.median_years()
        if median:
            asked["median"] += 1
            held["median"] += (median.low or 0.0) <= firm.median <= (median.high or float("inf"))
    return {name: {"n": asked[name], "held": round(held[name] / asked[name], 3)} for name in asked}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=100)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    found = {way: tally(given.companies, way) for way in WAYS}
    text = json.dumps({"companies": given.companies, "held": found}, indent=2)
    print(text)
    if given.out:
        given.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
