"""A posting cut into sentences with what they stand under; numbers, shares, times and days as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tenfold.kit.expressions import Expression
from tenfold.posting.model import LineKind, PostingReading, SectionKind
from tenfold.posting.source import BOLD_HEADING_LEVEL

_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
NUMBER_WORDS = {word: value for value, word in enumerate(_WORDS)} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "a dozen": 12,
    "half a dozen": 6,
    "a couple of": 2,
}
NUMBER = (
    r"(?:half\ a\ dozen|a\ dozen|a\ couple\ of|"
    + "|".join(sorted((word for word in NUMBER_WORDS if " " not in word), key=len, reverse=True))
    + r"|\d{1,3}(?:[,.'’\u00a0\u202f\ ]\d{3})+(?!\d)|\d+(?:[.,]\d{1,2})?)(?![\d%])"
)
ABOUT = r"(?:about|around|roughly|some|over|nearly|almost|approximately|more\ than|currently|just\ over|~|c\.)?\s*"
_SHARE_WORDS = {
    "a third": 33,
    "one third": 33,
    "a quarter": 25,
    "one quarter": 25,
    "three quarter": 75,
    "half": 50,
    "two thirds": 67,
    "one fifth": 20,
    "three quarters": 75,
    "a fifth": 20,
    "the remaining quarter": 25,
    "the other quarter": 25,
    "the remaining third": 33,
    "the other third": 33,
    "the other half": 50,
    "the remaining half": 50,
}
SHARE = (
    r"(?:"
    + "|".join(word.replace(" ", r"[\s-]") for word in sorted(_SHARE_WORDS, key=len, reverse=True))
    + r"|\d{1,3}(?:[.,]\d+)?\s?(?:%|percent|per\ cent))"
)
_MONTHS = ["jan|jän", "feb", "mar|mär", "apr", "may|mai", "jun", "jul", "aug", "sep", "oct|okt", "nov", "dec|dez"]
_MONTH = (
    r"(?:j[aä]n(?:uary?|ner)?|feb(?:ruary?)?|mar(?:ch)?|märz|apr(?:il)?|ma[yi]|jun[ei]?|jul[yi]?|aug(?:ust)?|sept?(?:ember)?"
    r"|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\.?"
)
DAY = (
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{1,2}}(?:st|nd|rd|th|\.)?\s+{_MONTH},?\s+\d{{4}}"
    rf"|\d{{1,2}}-{_MONTH}-\d{{4}}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}-\d{1,2}-\d{4}|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d{1,2}/\d{1,2}/\d{4})"
)
_SENTENCE_END = re.compile(
    r"(?<=[.!?;])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\s\d\.)"
    r"\s+(?=[A-Z0-9“\"(])"
)
_RUN_IN = re.compile(r"(?P<words>[^\W\d][\w’'&/-]*(?:\s[\w’'&/-]+){0,5})(?:\s?:|\.)\s+(?=\S)")
"""“On-call. One week in five” and “Benefits: health cover, …”: what the rest of the paragraph is about."""
MAX_TOPIC_WORDS = 7
MAX_QUESTION_WORDS = 14
_LABELLED = re.compile(r"\w:\s+\S")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Some words of the posting that belong together. `topic`: what the heading above says, in lower case."""

    text: str
    start: int
    topic: str
    kind: SectionKind
    is_bullet: bool
    line: int


@dataclass(frozen=True, slots=True)
class StatedAnswer:
    """What a posting answers of a plan: the field's path, its value, and the words [start, end) that say so.

    `doubt` says why a person should look first; empty where the words leave no choice.
    """

    field: str
    value: Any
    start: int
    end: int
    doubt: str = ""

    @property
    def is_sure(self) -> bool:
        return not self.doubt


def to_regex(pattern: str) -> Expression:
    """A pattern where `<N>`, `<ABOUT>`, `<SHARE>` and `<DAY>` stand for what people write; blanks need a backslash."""
    for name, inner in (("<N>", NUMBER), ("<ABOUT>", ABOUT), ("<SHARE>", SHARE), ("<DAY>", DAY)):
        pattern = pattern.replace(name, inner)
    return Expression(pattern, re.IGNORECASE | re.VERBOSE)


def sentences(reading: PostingReading) -> tuple[Sentence, ...]:
    """Every sentence and bullet, with the topic that it stands under."""
    return tuple(_sentences(reading))


def _sentences(reading: PostingReading) -> Iterator[Sentence]:
    topic, headed = "", -1
    for number, (line, kind) in enumerate(zip(reading.lines, reading.line_kinds, strict=True)):
        text = reading.text[line.start : line.end]
        is_bullet = line.kind is LineKind.BULLET
        at = 0
        run_in = _RUN_IN.match(text) if line.kind is LineKind.PARAGRAPH else None
        if run_in and headed >= 0 and number > headed + 1 and reading.lines[headed].level >= BOLD_HEADING_LEVEL:
            topic = ""  # bold words before a paragraph head that paragraph, and this one begins in the same manner
        within = f"{topic} / {run_in['words'].casefold()}" if run_in else topic
        for part in _SENTENCE_END.split(text):
            start = text.index(part, at)
            at = start + len(part)
            yield Sentence(part, line.start + start, within, kind, is_bullet, number)
        if line.kind is LineKind.HEADING or _is_topic(text, line.kind):
            topic, headed = text.strip().rstrip(":?").casefold(), number
        elif run_in and _bullets_follow(reading, number):
            topic, headed = run_in["words"].casefold(), -1


def _bullets_follow(reading: PostingReading, number: int) -> bool:
    below = reading.lines[number + 1 : number + 2]
    return bool(below) and below[0].kind is LineKind.BULLET


def _is_topic(text: str, kind: LineKind) -> bool:
    """Short words by themselves, without an end, are a heading that was not marked as one."""
    words = text.split()
    return (
        kind is LineKind.PARAGRAPH
        and 0 < len(words) <= MAX_TOPIC_WORDS
        and text.rstrip()[-1:] not in ".!?,;"
        and not re.search(r"\d", text)
        and "|" not in text
        and not _LABELLED.search(text)
    ) or is_question(text, kind)


def is_question(text: str, kind: LineKind) -> bool:
    """A short question by itself heads its answer; “Why Acme?” praises, below a heading of its own."""
    is_line = kind in (LineKind.PARAGRAPH, LineKind.HEADING)
    return (
        is_line
        and text.rstrip().endswith("?")
        and not text.lower().startswith("why ")
        and len(text.split()) <= MAX_QUESTION_WORDS
    )


def answer(
    field: str, value: Any, sentence: Sentence, match: re.Match[str] | None = None, *, doubt: str = ""
) -> StatedAnswer:
    """An answer that rests on a whole sentence, or on the words that matched in it."""
    low, high = match.span() if match else (0, len(sentence.text))
    return StatedAnswer(field, value, sentence.start + low, sentence.start + high, doubt)


def first_of_each(found: Iterable[StatedAnswer]) -> tuple[StatedAnswer, ...]:
    """One answer a field: the first that is sure, else the first. Two that are sure and differ are doubtful both."""
    by_field: dict[str, list[StatedAnswer]] = {}
    for one in found:
        by_field.setdefault(one.field, []).append(one)
    return tuple(_chosen(several) for several in by_field.values())


def _chosen(several: list[StatedAnswer]) -> StatedAnswer:
    sure = [one for one in several if one.is_sure]
    if not sure:
        return several[0]
    differs = next((one for one in sure if one.value != sure[0].value), None)
    if differs is None:
        return sure[0]
    first = sure[0]
    return StatedAnswer(first.field, first.value, first.start, first.end, f"It also says {show_value(differs.value)}")


def show_value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


def number_of(words: str) -> float:
    """`eleven`, `6,500`, `1'900` or `1.5` as a number; groups of three digits are thousands."""
    text = " ".join(words.split()).casefold()
    if text in NUMBER_WORDS:
        return float(NUMBER_WORDS[text])
    if re.fullmatch(r"\d{1,3}(?:[,.'’\u00a0\u202f ]\d{3})+", text):
        return float(re.sub(r"\D", "", text))
    return float(text.replace(",", "."))


def count_of(words: str) -> int:
    return int(number_of(words))


def share_of(words: str) -> float:
    """`a third`, `two-thirds` or `40 %` in percent."""
    text = " ".join(words.replace("-", " ").split()).casefold()
    if text in _SHARE_WORDS:
        return float(_SHARE_WORDS[text])
    return float(re.sub(r"[^\d.]", "", text.replace(",", ".")).rstrip("."))


def day_of(words: str, *, day_first: bool) -> tuple[date | None, bool]:
    """The day, and whether another reading is possible (`03/04/2027`). None for no day of the calendar."""
    text = words.strip().casefold()
    if match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text):
        return _day(int(match[1]), int(match[2]), int(match[3])), False
    if match := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", text):
        return _day(int(match[3]), int(match[2]), int(match[1])), False
    if match := re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", text):
        return _split_slashes(int(match[1]), int(match[2]), int(match[3]), day_first=day_first)
    month = next((place for place, name in enumerate(_MONTHS, 1) if re.search(rf"\b(?:{name})", text)), 0)
    numbers = [int(one) for one in re.findall(r"\d+", text)]
    if not month or len(numbers) != 2:
        return None, False
    day, year = sorted(numbers)
    return _day(year, month, day), False


def _split_slashes(first: int, second: int, year: int, *, day_first: bool) -> tuple[date | None, bool]:
    if first > 12:
        return _day(year, second, first), False
    if second > 12:
        return _day(year, first, second), False
    day, month = (first, second) if day_first else (second, first)
    return _day(year, month, day), first != second


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def minutes_in(text: str) -> int | None:
    """The first length of time that a text gives (`90 min`, `1.5 hours`, `one hour`), in minutes."""
    match = _LENGTH.search(text)
    if match is None:
        return None
    many = number_of(match["n"]) if match["n"] else 0.5 if match["half"] else 1.0
    return round(many * (60 if match["unit"].lower().startswith("h") else 1))


_LENGTH = to_regex(r"(?:(?P<n><N>)|(?P<half>\bhalf\ an)|\ban?)[-\s]?(?P<unit>hours?\b|hrs?\b|h\b|minutes?\b|mins?\b)")
