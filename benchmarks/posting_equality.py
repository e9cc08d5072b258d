"""Are the answers the same? Digests of readings of ads_dev and 500 ads of ads_corpus, written once and compared later.

    python benchmarks/posting_equality.py --write before.json     the answers as they are
    python benchmarks/posting_equality.py before.json             … and which postings are read otherwise now

For changes that make the reader faster and must change nothing: every field of a reading counts, spans and chances too.
Needs the postings in `$TENFOLD_SHARED/data/postings`; only digests are written.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from tenfold.posting.reading import read  # noqa: E402 - after the path is set

POSTINGS = Path(os.environ.get("TENFOLD_SHARED", ROOT.parent / "shared")) / "data" / "postings"
SEED = 20261127
FROM_CORPUS = 500


def postings() -> Iterator[tuple[str, str]]:
    """Id and text."""
    for path in sorted((POSTINGS / "ads_dev").glob("*.md")):
        yield path.stem, path.read_text("utf-8")
    with gzip.open(POSTINGS / "ads_corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        ads = [json.loads(line) for line in lines]
    yield from ((ad["id"], ad["text"]) for ad in random.Random(SEED).sample(ads, FROM_CORPUS))  # noqa: S311 - a draw


def digests() -> dict[str, str]:
    return {id_: hashlib.sha256(repr(read(text, name=id_)).encode()).hexdigest() for id_, text in postings()}


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--write", action="store_true", help="write the digests instead of comparing them")
    given = arguments.parse_args()
    now = digests()
    if given.write:
        given.file.write_text(json.dumps(now), "utf-8")
        print(f"wrote the digests of {len(now)} readings")
        return 0
    before = json.loads(given.file.read_text("utf-8"))
    differ = sorted(id_ for id_ in before.keys() | now.keys() if before.get(id_) != now.get(id_))
    print(f"{len(now) - len(differ)} of {len(now)} postings are read as before", *differ, sep="\n  ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
