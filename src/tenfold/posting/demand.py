"""How strongly a line asks for the thing at one place in it: must, nice to have, or only context."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tenfold.posting.model import Demand, SectionKind

_ABBREVIATION = r"(?<!e\.g\.)(?<!i\.e\.)(?<!\betc\.)(?<!\bvs\.)(?<!\bapprox\.)"
_SENTENCE_END = re.compile(rf"(?<=[.!?]){_ABBREVIATION}\s+(?=[A-Z\"'(])|;\s+|\s\|\s")
_SIZE = r"(?:an?\s+)?(?:(?:very|big|huge|strong|definite|major|real|nice|added|significant|great|distinct|large|massive|clear|solid)\s+)*"
_SOFT_AFTER = re.compile(
    rf"\b(?:(?:is|are|would be|will be|as|considered|being|also|counts? as|seen as|viewed as)\s+)*{_SIZE}"
    r"(?:(?:an?\s)?plus(?:es)?\b(?!\s*\d)|(?:an?\s)?bonus(?:es)?\b|an?\s(?:added\s)?advantage\b|an?\sasset\b|preferr?ed\b|desired\b|"
    r"desirable\b|nice[- ]to[- ]have\b|good[- ]to[- ]have\b|great[- ]to[- ]have\b|beneficial\b|helpful\b|advantageous\b|"
    r"not (?:strictly )?(?:required|necessary|mandatory|essential|a must)\b|optional\b|highly valued\b|welcome\b|appreciated\b|"
    r"a nice addition\b|would be (?:great|ideal|nice|awesome)\b)",
    re.I,
)
_SOFT_BEFORE = re.compile(
    r"\b(?:preferably|ideally|bonus(?: points)?(?: for| if)?\s*:?|nice[- ]to[- ]have\s*:?|good[- ]to[- ]have\s*:?|plus(?: points)?\s(?:if|for)|pluses\s*:|"
    r"extra points (?:for|if)|a plus if|preference (?:for|given to|will be given)|we(?:'|’)?d? prefer|preferred\s*:|preferred (?:skills|qualifications|experience)\s*:|"
    r"optional(?:ly)?\s*:|desired\s*:|a (?:big |huge )?plus\s*:)",
    re.I,
)
_NOT_SOFT = re.compile(
    r"preferred (?:candidates?|language of|name|way)|bonus (?:plan|program|scheme|eligib|target|structure|pay)|performance bonus|annual bonus|sign[- ]on bonus|desired (?:state|outcome|result|behavio)|cost[- ]plus|helpful (?:attitude|and|team|colleag)|as desired|everyone is welcome",
    re.I,
)
_CLAUSE = re.compile(
    r"[;:]\s|\s[–—-]\s|,\s+(?:but|with|while|though|although|plus|and (?:experience|knowledge|familiarity|exposure)|"
    r"experience|knowledge|familiarity|exposure|understanding|any)\b|(?:required|must|mandatory|essential|a must)[^,;()]{0,10},",
    re.I,
)
_IN_OUR_STACK = re.compile(
    r"\b(?:we(?:(?:'|’)re| are)? (?:currently |mainly |primarily |mostly |also )*(?:us(?:e|ing)|run(?:ning)?|work(?:ing)? with|leverag\w+|rely\w*)|"
    r"in our (?:tech |current |technology )?stack|(?:tools|technologies) in our (?:tech )?stack|part of our (?:tech )?stack|our (?:tech |current |technology )?stack (?:is|includes?|consists))\b",
    re.I,
)
_STRONGLY_ASKED = re.compile(
    r"\b(?:(?:strong|proven|solid|deep|extensive|hands-on|demonstrated|prior|advanced|excellent) (?:[\w/-]+ ){0,3}(?:experience|knowledge|understanding|proficiency|skills?|background|command|expertise)|"
    r"proficien\w+|(?:your |deep )?expertise (?:in|with)|must (?:have|be|know)|(?:is|are) required|\d+\+?\s*(?:-\s*\d+\s*)?(?:years|yrs))\b",
    re.I,
)
_ASKED = re.compile(
    r"\b(?:experienced? (?:with|in|using|of|working|building|on)|knowledge of|familiar\w*|proficien\w+|understanding of|expertise|fluen\w+|skilled in|"
    r"background in|degree|comfortable (?:with|in|using)|hands-on|ability to|you have|you(?:'|’)ve|must)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What the words of one line say about demand, apart from its section."""

    sentences: tuple[tuple[int, int], ...]
    soft: tuple[tuple[int, int, bool], ...]
    """Stretches that are softened; the flag: a whole sentence or clause, not one item."""

    def sentence_at(self, at: int) -> tuple[int, int]:
        return next(((start, end) for start, end in self.sentences if start <= at < end), self.sentences[-1])

    def is_soft(self, start: int, end: int) -> bool:
        return any(low <= start and end <= high for low, high, _ in self.soft)

    @property
    def splits(self) -> bool:
        """A whole clause is marked as preferred: the posting separates required from preferred."""
        return any(whole for _, _, whole in self.soft)


def wording(line: str) -> Wording:
    """Reads one line."""
    bounds = [0, *(match.end() for match in _SENTENCE_END.finditer(line)), len(line)]
    sentences = tuple((low, high) for low, high in zip(bounds, bounds[1:], strict=False) if low < high) or (
        (0, len(line)),
    )
    soft: list[tuple[int, int, bool]] = []
    for low, high in sentences:
        soft.extend(_softened(line, low, high))
    return Wording(sentences, tuple(soft))


def demand_of(line: str, words: Wording, kind: SectionKind, start: int, end: int) -> Demand:
    """The demand for what stands at [start, end) of a line in a section of this kind."""
    low, high = words.sentence_at(start)
    sentence = line[low:high]
    if words.is_soft(start, end):
        return Demand.NICE
    if kind is SectionKind.NICE:
        return Demand.NICE
    if kind is SectionKind.MUST:
        stack = _IN_OUR_STACK.search(line, low, high)
        return (
            Demand.CONTEXT
            if stack is not None
            and (stack.start() < start or "part of our" in stack.group() or "in our" in stack.group())
            else Demand.MUST
        )
    if kind in (SectionKind.DUTIES, SectionKind.STACK):
        return Demand.MUST if _STRONGLY_ASKED.search(sentence) else Demand.CONTEXT
    if kind is SectionKind.HEADER:
        return Demand.MUST
    if kind is SectionKind.OTHER and _ASKED.search(sentence):
        return Demand.MUST
    return (
        Demand.MUST if _STRONGLY_ASKED.search(sentence) and kind is not SectionKind.ABOUT else Demand.CONTEXT
    )


def _softened(line: str, low: int, high: int) -> list[tuple[int, int, bool]]:
    soft: list[tuple[int, int, bool]] = []
    sentence = line[low:high]
    for match in _SOFT_AFTER.finditer(sentence):
        if not _NOT_SOFT.search(sentence, max(0, match.start() - 12), min(len(sentence), match.end() + 14)):
            soft.append(_before(line, low, low + match.start()))
    for match in _SOFT_BEFORE.finditer(sentence):
        if not _NOT_SOFT.match(sentence, match.start()):
            soft.append(
                _after(line, low + match.end(), high, at_start=not sentence[: match.start()].strip(" -•"))
            )
    return soft


def _before(line: str, low: int, at: int) -> tuple[int, int, bool]:
    """The stretch that a softener behind it covers: its clause, its bracket, or the one item before it."""
    opened = line.rfind("(", low, at)
    if opened >= 0 and ")" not in line[opened:at]:
        inside = line[opened + 1 : at].strip(" ,")
        if inside:
            return opened, at, False
        item = re.search(r"[^\s,;(]+(?:\s+[A-Z][^\s,;(]*)*\s*$", line[low:opened])
        return (low + item.start() if item else opened), opened, False
    start = low
    for clause in _CLAUSE.finditer(line, low, at):
        start = clause.start() + 1
    tail = re.search(r",\s*([A-Z][\w.+#]*(?:\s[A-Z][\w.+#]*)?)\s*$", line[start:at])
    if tail and not re.search(r"\b(?:and|or)\b|/", line[start:at]):
        return start + tail.start(1), at, False
    return start, at, True


def _after(line: str, at: int, high: int, *, at_start: bool) -> tuple[int, int, bool]:
    """The stretch that a softener in front covers: to the end of its bracket or sentence."""
    if at_start:
        return at, high, True
    closing = line.find(")", at, high)
    opening = line.find("(", at, high)
    if closing >= 0 and not 0 <= opening < closing:
        return at, closing, False
    return at, high, False
