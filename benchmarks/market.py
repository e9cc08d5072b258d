"""Speed and memory of pay: `python benchmarks/market.py [--rows 1000000]`. Prints what was measured on this machine."""

from __future__ import annotations

import argparse
import csv
import random
import resource
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from tenfold.market.ads import Row
from tenfold.market.benchmark import PayQuestion, estimate
from tenfold.market.importers.lca import Lca
from tenfold.market.model import default_model
from tenfold.market.store import Store

# The first columns of the official layout of the LCA disclosure file; the rest is as wide as the official one.
COLUMNS = [
    "CASE_NUMBER",
    "CASE_STATUS",
    "RECEIVED_DATE",
    "DECISION_DATE",
    "ORIGINAL_CERT_DATE",
    "VISA_CLASS",
    "JOB_TITLE",
    "SOC_CODE",
    "SOC_TITLE",
    "FULL_TIME_POSITION",
    "BEGIN_DATE",
    "END_DATE",
    "TOTAL_WORKER_POSITIONS",
    "NEW_EMPLOYMENT",
    "CONTINUED_EMPLOYMENT",
    "CHANGE_PREVIOUS_EMPLOYMENT",
    "NEW_CONCURRENT_EMPLOYMENT",
    "CHANGE_EMPLOYER",
    "AMENDED_PETITION",
    "EMPLOYER_NAME",
    "TRADE_NAME_DBA",
    "EMPLOYER_ADDRESS1",
    "EMPLOYER_ADDRESS2",
    "EMPLOYER_CITY",
    "EMPLOYER_STATE",
    "EMPLOYER_POSTAL_CODE",
    "EMPLOYER_COUNTRY",
    "NAICS_CODE",
    "WORKSITE_WORKERS",
    "SECONDARY_ENTITY",
    "WORKSITE_ADDRESS1",
    "WORKSITE_CITY",
    "WORKSITE_COUNTY",
    "WORKSITE_STATE",
    "WORKSITE_POSTAL_CODE",
    "WAGE_RATE_OF_PAY_FROM",
    "WAGE_RATE_OF_PAY_TO",
    "WAGE_UNIT_OF_PAY",
    "PREVAILING_WAGE",
    "PW_UNIT_OF_PAY",
]
PADDING = 56
TITLES = [
    "Software Engineer",
    "Data Engineer II",
    "Senior Machine Learning Engineer",
    "MLOps Engineer",
    "DevOps Engineer",
]


def write_lca(path: Path, rows: int) -> None:
    draw = random.Random(1)  # noqa: S311 - made-up data
    start = date(2024, 10, 1)
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*COLUMNS, *(f"COLUMN_{index}" for index in range(PADDING))])
        blank = [""] * PADDING
        for index in range(rows):
            record = dict.fromkeys(COLUMNS, "x")
            record |= {
                "CASE_NUMBER": f"I-200-{index:09d}",
                "CASE_STATUS": "Certified" if draw.random() < 0.93 else "Withdrawn",
                "DECISION_DATE": (start + timedelta(days=draw.randrange(365))).isoformat(),
                "JOB_TITLE": draw.choice(TITLES),
                "FULL_TIME_POSITION": "Y",
                "WAGE_RATE_OF_PAY_FROM": f"{draw.randrange(80_000, 250_000)}.00",
                "WAGE_RATE_OF_PAY_TO": "",
                "WAGE_UNIT_OF_PAY": "Year" if draw.random() < 0.99 else "fortnight",
                "WORKSITE_CITY": "Austin",
                "WORKSITE_STATE": "TX",
            }
            writer.writerow([*record.values(), *blank])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    question = PayQuestion("mlops", "senior", metro_cbsa="19740", infra_share=30)
    estimate(question)
    started = time.perf_counter()
    for _ in range(1000):
        estimate(question)
    print(f"one estimate: {time.perf_counter() - started:.3f} ms")
    kinds = [Row(f"Engineer {n}", "SE", "0", "M", "US", "FT", 2025) for n in range(5000)]
    started = time.perf_counter()
    default_model().predict_all(kinds * 20)
    print(f"100,000 rows with 5,000 different titles: {time.perf_counter() - started:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "lca.csv"
        write_lca(source, rows)
        started = time.perf_counter()
        batch = Store(Path(folder) / "store").import_file(source, Lca()).batch
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"LCA of {rows:,} rows ({source.stat().st_size / 1e6:.0f} MB): {time.perf_counter() - started:.1f} s, "
            f"{batch.kept:,} kept, peak memory {peak:.0f} MB"
        )


if __name__ == "__main__":
    main()
