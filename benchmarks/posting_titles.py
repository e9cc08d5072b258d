"""Puts other titles over real postings: what the job is must not change, and a wrong title must be noticed.

    python benchmarks/posting_titles.py             ads_dev and 200 of ads_corpus, in title and body
    python benchmarks/posting_titles.py --blind     family on the postings labelled blind, twice

Needs the postings in `$TENFOLD_SHARED/data/postings`; labels by id are in benchmarks/data.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
sys.path.insert(0, str(ROOT))

from benchmarks.fit_posting_scope import LABELS, POSTINGS, corpus, lines_of  # noqa: E402 - after the path is set
from tenfold.catalogue.titles import families_in_title  # noqa: E402
from tenfold.posting.family import contradicted_title  # noqa: E402
from tenfold.posting.model import PostingReading  # noqa: E402
from tenfold.posting.reading import read  # noqa: E402
from tenfold.stats.proportions import wilson  # noqa: E402

SEED = 20261127
FROM_CORPUS = 200
TITLES = (
    "Senior MLOps Engineer",
    "Machine Learning Engineer",
    "Data Engineer",
    "Site Reliability Engineer",
    "Data Scientist",
    "Software Engineer",
)
_TITLE = re.compile(r"^# (?:\[(?P<linked>[^\n]*?)\]\([^)\n]*\)|(?P<bare>[^\n]+))", re.MULTILINE)


@dataclass
class Count:
    hits: int = 0
    n: int = 0

    def add(self, hit: bool) -> None:
        self.hits += hit
        self.n += 1

    def __str__(self) -> str:
        if not self.n:
            return "none"
        low, high = wilson(self.hits, self.n)
        return f"{self.hits / self.n:.3f} ({low:.3f}–{high:.3f}, n {self.n})"


@dataclass
class Tally:
    stable: Count = field(default_factory=Count)
    certain: Count = field(default_factory=Count)
    noticed: Count = field(default_factory=Count)
    false_alarms: Count = field(default_factory=Count)


def postings() -> Iterator[tuple[str, str | None]]:
    """Texts, with the labelled family where there is one."""
    families = {row["id"]: row["family"] for row in lines_of(POSTINGS / "ads_dev.jsonl")}
    for path in sorted((POSTINGS / "ads_dev").glob("*.md")):
        yield path.read_text("utf-8"), families.get(path.stem)
    ads = [ad["text"] for ad in corpus()]
    yield from ((text, None) for text in random.Random(SEED).sample(ads, FROM_CORPUS))  # noqa: S311 - a draw


def retitled(text: str, title: str, *, in_body: bool) -> str:
    """Another title over the text; with `in_body` also wherever the old one stands below it."""
    found = _TITLE.search(text)
    if found is None:
        return f"# {title}\n\n{text}"
    old, rest = found["linked"] or found["bare"], text[found.end() :]
    body = re.sub(re.escape(old.strip()), title, rest, flags=re.IGNORECASE) if in_body else rest
    return f"# {title}{body}"


def family_read(reading: PostingReading) -> str | None:
    return reading.family.value if reading.family.is_certain else None


def tally(*, in_body: bool) -> Tally:
    counts = Tally()
    for text, family in postings():
        own = read(text)
        readings = [read(retitled(text, title, in_body=in_body)) for title in TITLES]
        counts.stable.add(len({family_read(reading) for reading in readings}) == 1)
        counts.certain.add(all(family_read(reading) for reading in readings))
        for title, reading in zip(TITLES, readings, strict=True):
            if family_read(reading) and reading.family.value not in families_in_title(title):
                counts.noticed.add(contradicted_title(title, reading.family) is not None)
        if family and own.title and family in families_in_title(own.title.value):
            counts.false_alarms.add(contradicted_title(own.title.value, own.family) is not None)
    return counts


def blind() -> None:
    rows = list(lines_of(LABELS / "posting_families_blind.jsonl"))
    texts = {ad["id"]: ad["text"] for ad in corpus()}
    agreed, right, right_where_agreed, certain = Count(), Count(), Count(), Count()
    for row in rows:
        reading = family_read(read(texts[row["id"]]))
        agreed.add(row["family"] == row["second_family"])
        right.add(reading == row["family"])
        certain.add(reading is not None)
        if row["family"] == row["second_family"]:
            right_where_agreed.add(reading == row["family"])
        if reading != row["family"]:
            print(f"  {row['id']}: labelled {row['family']} / {row['second_family']}, read {reading}")
    print(f"agreement of the two passes {agreed}; family right {right}, certain {certain}")
    print(f"right where both passes agree {right_where_agreed}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("--blind", action="store_true", help="family on the postings labelled blind")
    if arguments.parse_args().blind:
        blind()
        return
    for in_body in (False, True):
        counts = tally(in_body=in_body)
        print("title and body" if in_body else "title alone")
        print(f"  one reading under all {len(TITLES)} titles {counts.stable}; certain under all {counts.certain}")
        print(f"  wrong titles noticed, where certain {counts.noticed}; fitting titles flagged {counts.false_alarms}")


if __name__ == "__main__":
    main()
