"""Counts how real postings are, and writes the aggregates that the package ships. No text and no row leaves here.

    python benchmarks/posting_base_rates.py            prints the figures
    python benchmarks/posting_base_rates.py --write    writes base_rates.toml and tool_pairs.csv of the package

Needs `$TENFOLD_SHARED/data/postings/ads_corpus.jsonl.gz`. One posting counts once per company and title.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from tenfold.posting.model import Demand, PostingReading  # noqa: E402 - after the path is set
from tenfold.posting.reading import read  # noqa: E402
from tenfold.posting.vagueness import vague_duties  # noqa: E402

CORPUS = Path(os.environ.get("TENFOLD_SHARED", ROOT.parent / "shared")) / "data" / "postings" / "ads_corpus.jsonl.gz"
DATA = ROOT / "src" / "tenfold" / "posting" / "data"
LEVELS = (5, 10, 25, 50, 75, 90, 95, 99)
GROUPS = ("all", "mlops", "ml-engineer", "ai-infrastructure", "data-engineer", "devops")
FEWEST_IN_GROUP = 20
COMMON_TOOLS = 80
FEWEST_TOGETHER = 5
"""Pairs seen in fewer postings are written as this bound, so that no single posting can be made out."""


def postings() -> tuple[list[PostingReading], list[str]]:
    seen: set[tuple[str, str]] = set()
    readings, months = [], []
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            key = (row["company"].lower(), row["title"].lower())
            if key not in seen:
                seen.add(key)
                months.append(row["month"])
                readings.append(read(row["text"], name=row["id"]))
    return readings, months


def quantiles_of(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    return [ordered[min(len(ordered) - 1, int(level / 100 * len(ordered)))] for level in LEVELS]


def width(reading: PostingReading) -> float | None:
    pay = reading.pay
    return pay.max / pay.min if pay and not pay.from_badge and pay.min < pay.max else None


COUNTS: dict[str, Callable[[PostingReading], float | None]] = {
    "must_tools": lambda reading: len(reading.tools_with(Demand.MUST)),
    "named_tools": lambda reading: len(reading.tools) or None,
    "deep_areas": lambda reading: len(reading.deep_areas),
    "pay_range_width": width,
    "years_min": lambda reading: reading.years_min.value if reading.years_min else None,
    "vague_duties": lambda reading: vague_duties(reading).share,
}
SHARES: dict[str, Callable[[PostingReading], bool]] = {
    "pay_stated": lambda reading: reading.pay is not None and not reading.pay.from_badge,
    "must_and_nice_apart": lambda reading: reading.explicit_split,
    "degree_asked": lambda reading: reading.degree is not None and reading.degree.demand is Demand.MUST,
    "degree_without_equivalent": lambda reading: (
        reading.degree is not None and reading.degree.demand is Demand.MUST and not reading.degree.or_equivalent
    ),
    "day_to_day": lambda reading: bool(reading.day_to_day and reading.day_to_day.value),
    "equity_or_bonus": lambda reading: reading.equity_or_bonus is not None,
    "on_call": lambda reading: reading.on_call is not None and reading.on_call.value,
}


def tables(readings: Sequence[PostingReading]) -> Iterator[str]:
    for group in GROUPS:
        members = [
            reading
            for reading in readings
            if group == "all" or (reading.family.is_certain and group == reading.family.value)
        ]
        if len(members) < FEWEST_IN_GROUP:
            continue
        yield f'\n[groups."{group}"]\nn = {len(members)}'
        for name, count in COUNTS.items():
            values = [value for value in map(count, members) if value is not None]
            if len(values) >= FEWEST_IN_GROUP:
                shown = ", ".join(f"{value:.2f}".rstrip("0").rstrip(".") for value in quantiles_of(values))
                yield f'[groups."{group}".{name}]\nn = {len(values)}\nquantiles = [{shown}]'
        for name, holds in SHARES.items():
            yield f'[groups."{group}".{name}]\nn = {len(members)}\ncount = {sum(map(holds, members))}'
    for level in ("junior", "mid", "senior", "staff", "principal"):
        years = [r.years_min.value for r in readings if r.level and r.level.value == level and r.years_min]
        if len(years) >= FEWEST_IN_GROUP:
            shown = ", ".join(map(str, quantiles_of(years)))
            yield f"\n[years_by_level.{level}]\nn = {len(years)}\nquantiles = [{shown}]"


def pairs(readings: Sequence[PostingReading]) -> Iterator[str]:
    """Tools asked for (must or nice), alone and in pairs."""
    sets = [
        frozenset(tool.skill_id for tool in reading.tools if tool.demand is not Demand.CONTEXT) for reading in readings
    ]
    alone = Counter(tool for tools in sets for tool in tools)
    common = [tool for tool, _ in alone.most_common(COMMON_TOOLS)]
    together = Counter(pair for tools in sets for pair in combinations(sorted(tools.intersection(common)), 2))
    yield "first,second,postings"
    for tool in sorted(common):
        yield f"{tool},,{alone[tool]}"
    for first, second in combinations(sorted(common), 2):
        count = together[first, second]
        if count >= FEWEST_TOGETHER:
            yield f"{first},{second},{count}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("--write", action="store_true", help="write the aggregates into the package")
    given = arguments.parse_args()
    readings, months = postings()
    document = "\n".join(
        [
            "# How real postings are: aggregates computed by `python benchmarks/posting_base_rates.py --write`.",
            "# Quantiles at the levels below, by the family that a posting really describes.",
            f"n = {len(readings)}",
            f'first_month = "{min(months)}"',
            f'last_month = "{max(months)}"',
            f"computed = {datetime.now(UTC).date().isoformat()}",
            'source = "Tech postings of a remote-jobs board, one per company and title, read by this reader"',
            f"levels = [{', '.join(map(str, LEVELS))}]",
            f"fewest_together = {FEWEST_TOGETHER}",
            *tables(readings),
        ]
    )
    if given.write:
        (DATA / "base_rates.toml").write_text(document + "\n", "utf-8")
        (DATA / "tool_pairs.csv").write_text("\n".join(pairs(readings)) + "\n", "utf-8")
    print(document)


if __name__ == "__main__":
    main()
