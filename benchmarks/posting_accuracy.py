"""Reads the labelled postings and says how often the reader is right, each figure with its n and 95 % interval.

    python benchmarks/posting_accuracy.py                    ads_dev
    python benchmarks/posting_accuracy.py --labels FILE      other labels by the same guide, of ads in ads_corpus

Needs `$TENFOLD_SHARED` (or ../shared): `data/postings` and `tools/score_postings.py`, which does the scoring.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from tenfold.posting.reading import read  # noqa: E402 - after the path is set
from tenfold.posting.record import record  # noqa: E402
from tenfold.stats.proportions import wilson  # noqa: E402

SHARED = Path(os.environ.get("TENFOLD_SHARED", ROOT.parent / "shared"))
POSTINGS = SHARED / "data" / "postings"
ACCURACIES = (
    "years_min", "level", "family", "workplace", "explicit_split", "day_to_day", "equity_or_bonus", "pay_exact",
)  # fmt: skip


def texts(wanted: set[str]) -> dict[str, str]:
    found = {path.stem: path.read_text("utf-8") for path in (POSTINGS / "ads_dev").glob("*.md") if path.stem in wanted}
    if wanted - found.keys():
        with gzip.open(POSTINGS / "ads_corpus.jsonl.gz", "rt", encoding="utf-8") as corpus:
            found |= {row["id"]: row["text"] for row in map(json.loads, corpus) if row["id"] in wanted}
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("--labels", type=Path, default=POSTINGS / "ads_dev.jsonl", help="labels, one JSON a line")
    arguments.add_argument("-v", "--verbose", action="store_true", help="list what was missed and what was too much")
    given = arguments.parse_args()
    ids = {json.loads(line)["id"] for line in given.labels.read_text("utf-8").splitlines() if line.strip()}
    with tempfile.TemporaryDirectory() as folder:
        readings = Path(folder) / "readings.jsonl"
        rows = (record(read(text, name=name)) for name, text in sorted(texts(ids).items()))
        readings.write_text("\n".join(map(json.dumps, rows)), "utf-8")
        command = [sys.executable, str(SHARED / "tools" / "score_postings.py"), str(given.labels), str(readings)]
        run = subprocess.run([*command, *(["-v"] * given.verbose)], capture_output=True, text=True, check=True)
    *listing, last = run.stdout.strip().splitlines()
    for line in listing:
        print(line)
    figures = json.loads(last)
    for name, value in figures.items():
        interval = ""
        if name in ACCURACIES:
            low, high = wilson(value * figures["n"], figures["n"])
            interval = f"  ({low:.3f}–{high:.3f})"
        print(f"{name:20} {value}{interval}")


if __name__ == "__main__":
    main()
