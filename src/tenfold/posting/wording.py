"""Words that shut people out, found with few false alarms.

Fairness statements are not looked at: they are full of the very words that linters misread. A word counts only where
nothing near it makes it something else (a product, a quotation, a thing denied).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import tomli

from tenfold.kit.facts import Evidence
from tenfold.posting.model import PostingReading, SectionKind

_QUIET = (SectionKind.EEO, SectionKind.PROCESS)


@dataclass(frozen=True, slots=True)
class ShutsOut:
    """One phrase at [start, end) of the reading's text, what it does and what to write instead."""

    kind: str
    text: str
    start: int
    end: int
    what: str
    instead: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    words: re.Pattern[str]
    not_near: re.Pattern[str]
    what: str
    instead: str
    evidence: Evidence


def exclusionary(reading: PostingReading) -> tuple[ShutsOut, ...]:
    """Phrases that shut people out, in order, each phrase once."""
    found: dict[tuple[str, str], ShutsOut] = {}
    for line, kind in zip(reading.lines, reading.line_kinds, strict=True):
        if kind in _QUIET:
            continue
        text = reading.text[line.start : line.end]
        for rule in _rules():
            for match in rule.words.finditer(text):
                if not _is_something_else(rule, text, match):
                    start, end = line.start + match.start(), line.start + match.end()
                    phrase = ShutsOut(rule.kind, match.group(), start, end, rule.what, rule.instead, rule.evidence)
                    found.setdefault((rule.kind, match.group().lower()), phrase)
    return tuple(sorted(found.values(), key=lambda phrase: phrase.start))


NEAR = 70


def _is_something_else(rule: _Rule, text: str, match: re.Match[str]) -> bool:
    return rule.not_near.search(text[max(0, match.start() - NEAR) : match.end() + NEAR]) is not None


@cache
def _rules() -> tuple[_Rule, ...]:
    tables: Mapping[str, Mapping[str, str]] = tomli.loads(
        (files("tenfold.posting") / "data" / "wording.toml").read_text("utf-8")
    )
    return tuple(
        _Rule(
            kind,
            re.compile(rf"(?<![\w/-])(?:{'|'.join(table['words'])})", re.IGNORECASE),
            re.compile("|".join(table["not_near"]), re.IGNORECASE),
            table["what"],
            table["instead"],
            Evidence(table["evidence"]),
        )
        for kind, table in tables.items()
    )
