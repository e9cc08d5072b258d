"""How fast postings are read on one core, and the ratio to spaCy's PhraseMatcher with the same dictionary, in one run.

    python benchmarks/posting_speed.py                                                the reader alone
    python benchmarks/posting_speed.py --against CHECKOUT                             beside another reader, in turns
    uv run --no-project --with spacy --with-requirements requirements/run.lock python benchmarks/posting_speed.py

The postings are of our own making, of the length and make-up of real ones; with `$TENFOLD_SHARED` the real ones at hand
are read as well. `--against` reads ads_dev again and again (as a live check does) and 500 of ads_corpus once each, for
lines that repeat are remembered. Memory is measured over a hundred thousand readings with `--memory`.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
sys.path.insert(0, str(ROOT))

from tests.posting.sample import POSTING  # noqa: E402

from tenfold.catalogue.store import catalogue  # noqa: E402 - after the path is set
from tenfold.posting.matching import find_skills  # noqa: E402
from tenfold.posting.reading import read  # noqa: E402

SHARED = Path(os.environ.get("TENFOLD_SHARED", ROOT.parent / "shared"))
PASSES = 7
MANY = 100_000


def postings() -> list[str]:
    real = sorted((SHARED / "data" / "postings" / "ads_dev").glob("*.md"))
    about = "Quartz Labs is a company of people who like wind, data and quiet offices. " * 40
    return [path.read_text("utf-8") for path in real] or [POSTING.replace("## What", f"{about}\n\n## What", 1)] * 40


def per_second(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """The best of several passes, in processor time: other programs on the machine do not count."""
    best = float("inf")
    for text in texts[:3]:
        work(text)
    for _ in range(PASSES):
        start = time.process_time()
        for text in texts:
            work(text)
        best = min(best, time.process_time() - start)
    return len(texts) / best


def phrase_matcher() -> Callable[[str], object] | None:
    """A matcher of spaCy over the same spellings, in any case; None where spaCy is not installed."""
    if find_spec("spacy") is None:
        return None
    spacy, matching = import_module("spacy"), import_module("spacy.matcher")
    language = spacy.blank("en")
    matcher = matching.PhraseMatcher(language.vocab, attr="LOWER")
    for skill in catalogue().skills.values():
        matcher.add(skill.id, [language.make_doc(text) for text in (skill.name, *skill.aliases, *skill.cased)])
    return lambda text: matcher(language.make_doc(text))


def memory() -> None:
    texts = postings()
    for round_ in range(1, 5):
        for at in range(MANY // 4):
            read(texts[at % len(texts)] + str(at))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{round_ * MANY // 4:,} postings read, peak memory {peak:.0f} MB", flush=True)


IN_TURNS = """
import gzip, json, random, sys, time
from pathlib import Path
root, postings = sys.argv[1:3]
sys.path.insert(0, root + "/src")
from tenfold.posting.reading import read
again = [path.read_text("utf-8") for path in sorted(Path(postings, "ads_dev").glob("*.md"))]
with gzip.open(Path(postings, "ads_corpus.jsonl.gz"), "rt", encoding="utf-8") as lines:
    once = random.Random(20261127).sample([json.loads(line)["text"] for line in lines], 500)
for text in again:
    read(text)
print(flush=True)
for line in sys.stdin:
    texts = again if line == "again\\n" else [once.pop() for _ in range(20)]
    start = time.process_time()
    for text in texts:
        read(text)
    print(time.process_time() - start, flush=True)
"""
"""A reader that reads what it is told to and says how long it took."""


def against(other: Path) -> None:
    """The ratio of the two readers in one run, each in a process of its own and both in turns."""
    command = [sys.executable, "-c", IN_TURNS]
    readers = [
        subprocess.Popen(
            [*command, str(root), str(SHARED / "data" / "postings")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for root in (other, ROOT)
    ]
    for reader in readers:
        taken(reader)
    for name, what in (("again and again", "again"), ("500 others, once each", "once")):
        turns = [[taken(reader, what) for reader in readers] for _ in range(25)]
        ratio = statistics.median(before / now for before, now in turns)
        print(f"{name}: {ratio:.2f} times as many postings a second (median of 25 turns)")
    for reader in readers:
        reader.communicate()


def taken(reader: subprocess.Popen[str], what: str = "") -> float:
    """Seconds of processor time for one turn; 0 for the first line, which says that it is ready."""
    if reader.stdin is None or reader.stdout is None:
        raise RuntimeError("a reader has no pipes")
    if what:
        reader.stdin.write(f"{what}\n")
        reader.stdin.flush()
    return float(reader.stdout.readline().strip() or 0)


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("--memory", action="store_true", help="read a hundred thousand and watch the memory")
    arguments.add_argument("--against", type=Path, help="another checkout, such as a work tree of an older commit")
    given = arguments.parse_args()
    if given.memory:
        memory()
        return
    if given.against:
        against(given.against)
        return
    texts = postings()
    mean_length = sum(map(len, texts)) / len(texts)
    reader = per_second(read, texts)
    print(f"reader: {reader:.0f} postings a second of processor time ({len(texts)} of {mean_length:,.0f} characters)")
    matcher = phrase_matcher()
    if matcher is None:
        print("spaCy is not installed; see the head of this file for the ratio")
        return
    spacy_alone = per_second(matcher, texts)
    names_alone = per_second(find_skills, texts)
    print(f"spaCy PhraseMatcher: {spacy_alone:.0f} a second, names only")
    print(f"the reader's names only: {names_alone:.0f} a second, {names_alone / spacy_alone:.1f} times that")
    print(f"the whole reader, with everything else it reads: {reader / spacy_alone:.2f} times that")


if __name__ == "__main__":
    main()
