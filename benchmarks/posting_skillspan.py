"""An outside check: SkillSpan's knowledge spans (tech, dev), strict F1 of the reader against the plain dictionary.

    python benchmarks/posting_skillspan.py

SkillSpan (Zhang et al., NAACL 2022) marks longer things than named technologies ("experience in object-oriented
programming"), so the figure is low by design; what counts is the distance to the plain dictionary. Needs
`$TENFOLD_SHARED/data/postings/skillspan`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from tenfold.catalogue.store import catalogue  # noqa: E402 - after the path is set
from tenfold.posting.matching import find_skills  # noqa: E402

SHARED = Path(os.environ.get("TENFOLD_SHARED", ROOT.parent / "shared"))
DEV = SHARED / "data" / "postings" / "skillspan" / "skillspan_tech_dev.conll"
KNOWLEDGE = 2
Spans = set[tuple[int, int]]


def sentences() -> Iterator[tuple[list[str], list[str]]]:
    for block in re.split(r"\n\s*\n", DEV.read_text("utf-8").strip()):
        rows = [line.split("\t") for line in block.split("\n") if line.count("\t") >= KNOWLEDGE]
        yield [row[0] for row in rows], [row[KNOWLEDGE] for row in rows]


def marked(tags: list[str]) -> Spans:
    spans: Spans = set()
    start: int | None = None
    for at, tag in enumerate([*(tag[:1] for tag in tags), "O"]):
        if start is not None and tag != "I":
            spans.add((start, at))
            start = None
        if tag == "B":
            start = at
    return spans


def of_reader(words: list[str]) -> Spans:
    """Token spans of what the reader finds, practices included: SkillSpan marks them as knowledge too."""
    text = " ".join(words)
    starts, at = {}, 0
    ends = {}
    for index, word in enumerate(words):
        starts[at], ends[at + len(word)] = index, index
        at += len(word) + 1
    return {
        (starts[match.start], ends[match.end] + 1)
        for match in find_skills(text)
        if match.start in starts and match.end in ends
    }


def of_dictionary(words: list[str], spellings: frozenset[tuple[str, ...]], longest: int) -> Spans:
    """Every spelling of the catalogue, in any case, longest first: what a list of words alone does."""
    lower = [word.lower() for word in words]
    spans: Spans = set()
    at = 0
    while at < len(lower):
        size = next(
            (n for n in range(min(longest, len(lower) - at), 0, -1) if tuple(lower[at : at + n]) in spellings), 0
        )
        if size:
            spans.add((at, at + size))
        at += size or 1
    return spans


def main() -> None:
    spellings = frozenset(
        tuple(text.lower().split())
        for skill in catalogue().skills.values()
        for text in (skill.name, *skill.aliases, *skill.cased)
    )
    longest = max(map(len, spellings))
    counts = {"reader": [0, 0, 0], "plain dictionary": [0, 0, 0]}
    for words, tags in sentences():
        gold = marked(tags)
        for name, found in (
            ("reader", of_reader(words)),
            ("plain dictionary", of_dictionary(words, spellings, longest)),
        ):
            right, guessed, true = counts[name]
            counts[name] = [right + len(gold & found), guessed + len(found), true + len(gold)]
    for name, (right, guessed, true) in counts.items():
        precision, recall = right / guessed, right / true
        f1 = 2 * precision * recall / (precision + recall)
        print(f"{name:17} precision {precision:.3f}  recall {recall:.3f}  strict F1 {f1:.3f}  ({true} spans)")


if __name__ == "__main__":
    main()
