"""Rebuilds `law.wide_range_ratio`: the width of posted ranges that nine in ten stay under, with its interval.

python benchmarks/law_range_width.py [FOLDER OF THE PAY DATA]; needs posted_ranges_train.csv of the shared
data.
"""

from __future__ import annotations

import csv
import os
import random
import sys
from pathlib import Path

REPEATS = 200


def ratios(path: Path) -> list[float]:
    """Top over bottom of every US full-time range in US dollars that is a range at all."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            float(row["salary_max"]) / float(row["salary_min"])
            for row in csv.DictReader(lines)
            if (row["company_location"], row["employment_type"], row["salary_currency"]) == ("US", "FT", "USD")
            and 0 < float(row["salary_min"]) < float(row["salary_max"])
        ]


def ninth_decile(values: list[float]) -> float:
    return sorted(values)[round(0.9 * (len(values) - 1))]


def main() -> None:
    shared = Path(os.environ.get("TENFOLD_SHARED", "../shared"))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else shared / "data" / "pay"
    widths = ratios(folder / "posted_ranges_train.csv")
    draw = random.Random(1)  # noqa: S311  a bootstrap, not a secret
    drawn = sorted(ninth_decile(draw.choices(widths, k=len(widths))) for _ in range(REPEATS))
    low, high = drawn[int(0.025 * REPEATS)], drawn[int(0.975 * REPEATS) - 1]
    print(f"p90 of max/min {ninth_decile(widths):.2f} (95 % {low:.2f}–{high:.2f}), n = {len(widths):,}")


if __name__ == "__main__":
    main()
