"""How strongly a line asks for the thing at one place in it: must, nice to have, or only context."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import inf

from tenfold.posting.model import Demand, SectionKind
from tenfold.posting.patterns import Pattern

_SENTENCE_END = Pattern("demand.sentence_end")
_SOFT_AFTER = Pattern("demand.soft_after")
_SOFT_BEFORE = Pattern("demand.soft_before")
_DENIED_AFTER = Pattern("demand.denied_after")
_DENIED_BEFORE = Pattern("demand.denied_before")
SOFTENERS = (_SOFT_AFTER, _SOFT_BEFORE)
DENIALS = (_DENIED_AFTER, _DENIED_BEFORE)
_NOT_SOFT = Pattern("demand.not_soft")
_CLAUSE = Pattern("demand.clause")
_IN_OUR_STACK = Pattern("demand.in_our_stack")
_STRONGLY_ASKED = Pattern("demand.strongly_asked")
_ASKED = Pattern("demand.asked")
LINES_KEPT = 4096
"""Lines repeat over an employer's postings, and while somebody writes one."""
SENTENCES_KEPT = 64
"""Several tools of one sentence are asked about one after the other."""

_OPENS_AS_REQUIREMENT = re.compile(
    r"\W*(?:experience\b|knowledge of|familiarity|proficien|understanding of|expertise|fluen|hands-on experience)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"[,;/]|\b(?:and|or|und|oder|et|ou)\b")
_ON_CONDITION = re.compile(r"\w+(?: \w+)? (?:if|when|where|in|within|from)\b[^)]*\)", re.IGNORECASE)
_BARE_PLUS = re.compile(r"(?:an?\s|(?:if|where) possible)", re.IGNORECASE)
_SINGULAR = re.compile(r"\s*(?:is|would be|ist|wäre|est|serait)\b", re.IGNORECASE)
_OF_THE_FOLLOWING = re.compile(r"\b(?:following|these|any of)\b", re.IGNORECASE)
_OF_ALL = re.compile(
    r"\W*(?:(?:any|some|prior|previous) )?(?:experience|knowledge|familiarity|exposure)\s+(?:\w+ )?"
    r"(?:with|in|of|to|using)\b",
    re.IGNORECASE,
)
"""“Experience with Kafka, Airflow is desired” says it of the experience; “Docker, Kafka is a plus” of Kafka."""
_ASIDE_END = re.compile(r",\s*\w")
_HEADS_ITEMS = re.compile(r"\s*:\s*\w")
_ATTITUDE = re.compile(r"interes|intérêt|willing|eager|read[iy]|learn|curi|motivat|envie|bereit", re.IGNORECASE)
"""“Interest in Kafka”, “willing to learn Go”: not asked for, but no list of preferred things either."""
_NOTHING_FOLLOWS = re.compile(r"\s*[,.;)]")
_FULL_STOP = re.compile(r"[.!?]\s+(?=[A-Z])")
_LAST_ITEM = re.compile(r",\s*((?!and\b|or\b)(?:(?:basic|some|also)\s)?[A-Z][\w.+#]*(?:\s[A-Z][\w.+#]*)?)\s*$")


@dataclass(frozen=True, slots=True)
class Wording:
    """What the words of one line say about demand, apart from its section."""

    sentences: tuple[tuple[int, int], ...]
    soft: tuple[tuple[int, int, bool], ...]
    """Stretches that are softened; the flag: a whole sentence or clause, not one item."""
    denied: tuple[tuple[int, int], ...] = ()
    """Stretches of which it is said that they are not needed."""

    def sentence_at(self, at: int) -> tuple[int, int]:
        return self.sentences[max(0, bisect_right(self.sentences, (at, inf)) - 1)]

    def is_soft(self, start: int, end: int) -> bool:
        return any(low <= start and end <= high for low, high, _ in self.soft)

    def is_denied(self, start: int, end: int) -> bool:
        return any(low <= start and end <= high for low, high in self.denied)

    @property
    def splits(self) -> bool:
        """A whole clause is marked as preferred: the posting separates required from preferred."""
        return any(whole for _, _, whole in self.soft)


@lru_cache(maxsize=LINES_KEPT)
def wording(line: str, *, may_be_soft: bool = True, may_be_denied: bool = True) -> Wording:
    """Reads one line; the flags are False where no needle of the softeners, or of denials, stands in it."""
    bounds = [0, *(match.end() for match in _SENTENCE_END.finditer(line)), len(line)]
    sentences = tuple((low, high) for low, high in pairwise(bounds) if low < high) or ((0, len(line)),)
    soft: list[tuple[int, int, bool]] = []
    for low, high in sentences if may_be_soft else ():
        soft.extend(_soften(line, low, high))
    denied = [stretch for low, high in sentences for stretch in _deny(line, low, high)] if may_be_denied else []
    return Wording(sentences, tuple(soft), tuple(denied))


def demand_of(line: str, words: Wording, kind: SectionKind, start: int, end: int) -> Demand:
    """The demand for what stands at [start, end) of a line in a section of this kind."""
    low, high = words.sentence_at(start)
    sentence = line[low:high]
    if words.is_denied(start, end):
        return Demand.CONTEXT
    if words.is_soft(start, end):
        return Demand.NICE
    if kind is SectionKind.NICE:
        return Demand.NICE
    if kind is SectionKind.MUST:
        return Demand.CONTEXT if start - low >= _stack_of_ours(sentence) else Demand.MUST
    if kind in (SectionKind.DUTIES, SectionKind.STACK):
        opened = _OPENS_AS_REQUIREMENT.match(sentence) is not None
        return Demand.MUST if opened or _is_strongly_asked(sentence) else Demand.CONTEXT
    if kind is SectionKind.HEADER:
        return Demand.MUST
    if kind is SectionKind.OTHER and _is_asked(sentence):
        return Demand.MUST
    return Demand.MUST if _is_strongly_asked(sentence) and kind is not SectionKind.ABOUT else Demand.CONTEXT


@lru_cache(maxsize=SENTENCES_KEPT)
def _stack_of_ours(sentence: str) -> float:
    """From where on in the sentence tools are only what the team uses; infinity where they are not."""
    found = _IN_OUR_STACK.search(sentence) if _IN_OUR_STACK.may_stand_in(sentence.lower()) else None
    if found is None:
        return inf
    return 0 if "part of our" in found.group() or "in our" in found.group() else found.start() + 1


@lru_cache(maxsize=SENTENCES_KEPT)
def _is_strongly_asked(sentence: str) -> bool:
    return _STRONGLY_ASKED.stands_in(sentence)


@lru_cache(maxsize=SENTENCES_KEPT)
def _is_asked(sentence: str) -> bool:
    return _ASKED.stands_in(sentence)


_CLAUSE_END = re.compile(r"[;,]|\bbut\b|\baber\b|\bmais\b|[.!?](?:\s|$)")
_STILL_WELCOME = re.compile(
    r"\b(?:but|plus|bonus|helpful|beneficial|advantage\w*|preferred|nice|welcome|asset|hilfreich|nützlich|schön|vorteil\w*|willkommen|"
    r"(?:while|though|although) not)\b",
    re.IGNORECASE,
)


def _deny(line: str, low: int, high: int) -> list[tuple[int, int]]:
    """What a sentence says is not needed; nothing where it says at once that it would be welcome."""
    sentence = line[low:high]
    lower = sentence.lower()
    denied: list[tuple[int, int]] = []
    for match in _DENIED_BEFORE.finditer(line, low, high) if _DENIED_BEFORE.may_stand_in(lower) else ():
        end = _CLAUSE_END.search(line, match.end(), high)
        denied.append((match.start(), end.start() if end else high))
    if _DENIED_AFTER.may_stand_in(lower) and not _STILL_WELCOME.search(sentence):
        for match in _DENIED_AFTER.finditer(line, low, high):
            start = match.start() if match[1] else _before(line, low, match.start())[0]
            denied.append((start, match.end()))
    return denied


def _soften(line: str, low: int, high: int) -> list[tuple[int, int, bool]]:
    soft: list[tuple[int, int, bool]] = []
    sentence = line[low:high]
    lower = sentence.lower()
    for match in _SOFT_AFTER.finditer(sentence) if _SOFT_AFTER.may_stand_in(lower) else ():
        if _HEADS_ITEMS.match(sentence, match.end()):  # “Java (nice to have: Scala)”: it speaks of what follows
            if sentence[: match.start()].rstrip().endswith(("(", ",", ";", "–", " -")):
                continue
            if _OF_THE_FOLLOWING.search(sentence, 0, match.start()):
                soft.append((low + match.end(), high, True))
                continue
        if _is_aside(sentence, match):
            continue
        around = sentence[max(0, match.start() - 12) : match.end() + 14]
        if not _NOT_SOFT.search(around):
            one_item = _BARE_PLUS.match(match.group()) is not None
            soft.append(_before(line, low, low + match.start(), one_item=one_item))
    for match in _SOFT_BEFORE.finditer(sentence) if _SOFT_BEFORE.may_stand_in(lower) else ():
        is_attitude = _ATTITUDE.search(match.group()) is not None
        if is_attitude and _NOTHING_FOLLOWS.match(sentence, match.end()):
            continue  # “Python, or a willingness to learn, and Java”: it speaks of what stands before
        if not _NOT_SOFT.match(sentence, match.start()):
            at_start = not sentence[: match.start()].strip(" -•(")
            start, end, whole = _after(line, low + match.end(), high, at_start=at_start)
            soft.append((start, end, whole and not is_attitude))
    return soft


def _is_aside(sentence: str, match: re.Match[str]) -> bool:
    """“Docker and, as a bonus, Istio”: between commas, and of what follows."""
    stands_apart = match.group()[:3].lower() == "as " and sentence[: match.start()].rstrip().endswith(",")
    return stands_apart and _ASIDE_END.match(sentence, match.end()) is not None


def _before(line: str, low: int, at: int, *, one_item: bool = False) -> tuple[int, int, bool]:
    """The stretch that a softener behind it covers: its clause, its bracket, or the one item before it.

    `one_item`: the softener has no verb ("Kafka a plus"), so that it speaks of the last of a list only.
    """
    opened = line.rfind("(", low, at)
    if opened >= 0 and ")" not in line[opened:at]:
        inside = line[opened + 1 : at].strip(" ,")
        if inside:
            return opened, at, False
        if not line[low:opened].strip(" -•"):
            return at, len(line), True
        if _ON_CONDITION.match(line, at):  # “five years (preferred if in retail)”: the years are asked for
            return at, line.find(")", at) + 1 or len(line), False
        if not _SEVERAL.search(line, low, opened):
            return low, opened, not line[:low].strip(" -•")
        item = re.search(r"[^\s,;(]+(?:\s+[A-Z][^\s,;(]*)*\s*$", line[low:opened])
        return (low + item.start() if item else opened), opened, False
    start = low
    for clause in _CLAUSE.finditer(line[:at], low):
        if line[clause.end() : at].strip(" -–—:,("):  # “Terraform – nice to have”: nothing stands between
            start = clause.start() + 1
    tail = _LAST_ITEM.search(line[:at], start)
    is_one = _SINGULAR.match(line, at) is not None
    if is_one and _OF_ALL.match(line, start):
        return start, at, True
    is_pair = tail is not None and "," not in line[start : tail.start()] and is_one
    if tail is not None and (one_item or is_pair or len(line[start : tail.start()].rpartition(",")[2].split()) > 2):
        return tail.start(1), at, False
    return start, at, True


def _after(line: str, at: int, high: int, *, at_start: bool) -> tuple[int, int, bool]:
    """The stretch that a softener in front covers: to the end of its bracket or sentence."""
    if at_start:
        stop = _FULL_STOP.search(line, at)
        return at, stop.start() if stop else len(line), True
    closing = line.find(")", at, high)
    opening = line.find("(", at, high)
    if closing >= 0 and not 0 <= opening < closing:
        return at, closing, False
    return at, high, False
