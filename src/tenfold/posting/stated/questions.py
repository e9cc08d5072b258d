"""Postings written as questions and answers: “Do you use AI to choose people? No.” answers what it asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from tenfold.posting.model import PostingReading
from tenfold.posting.stated.phrases import ABOUT, Sentence, StatedAnswer, share_of, to_regex
from tenfold.posting.stated.work import weeks_of

_YES_OR_NO = re.compile(r"^(?P<word>yes|no|never|not\s+at\s+all|nope)\b", re.IGNORECASE)
_NOT_SAID: Any = object()
_ASKED: tuple[tuple[str, str, Any, Any], ...] = (
    (
        "role.people_managed",
        r"\b(?:manage|lead|line[\s-]manage)\s+(?:any\s+)?(?:people|anyone|anybody|a\s+team)|\bdirect\s+reports\b",
        _NOT_SAID,
        0,
    ),
    (
        "requirements.degree",
        r"\b(?:need|require|have|must)\b.*\bdegree\b|\bdegree\b.*\b(?:needed|required)\b",
        "required",
        "no",
    ),
    (
        "interviews.ai_screening",
        (
            r"\b(?:AI|algorithms?|software|automat\w+|machines?)\b.*\b(?:choose|select|screen|rank|score|pick|hire|sift)\w*"
            r"|\b(?:choose|select|screen|rank|score|sift)\w*\b.*\b(?:AI|algorithms?|software|machines?)\b"
        ),
        True,
        False,
    ),
    (
        "pay.asks_pay_history",
        r"\bask\b.*\b(?:earn|earned|salary|pay|make|paid)\b",
        True,
        False,
    ),
    (
        "interviews.format_told_beforehand",
        r"\bknow\b.*\b(?:what\s+to\s+expect|format|questions|topics|beforehand|in\s+advance)\b",
        True,
        False,
    ),
    ("on_call", r"\bon[\s-]?call\b|\bstand-?by\b|\bpager\b", _NOT_SAID, "none"),
    ("pay.equity", r"\b(?:equity|options|shares|stock)\b", _NOT_SAID, "none"),
    ("pay.bonus_percent", r"\bbonus\b", _NOT_SAID, "none"),
    ("assessment.paid", r"\b(?:exercise|take-?home|task|assignment|work\s+sample)\b.*\bpaid\b", True, False),
)
_BY_WORD = tuple((field, re.compile(words, re.IGNORECASE), yes, no) for field, words, yes, no in _ASKED)
_SHARE_ASKED = re.compile(
    r"\bhow\s+much\b.*\b(?P<side>infrastructure|platform|operations|machine\s+learning|ML)\b", re.IGNORECASE
)
_SHARE_TOLD = to_regex(rf"^{ABOUT}(?P<s><SHARE>)")
_TALKS_ASKED = re.compile(r"\bhow\s+often\b.*\b(?:manager|lead|boss|one-on-ones?|1:1s?)\b", re.IGNORECASE)
MAX_WORDS = 16


def question_answers(told: tuple[Sentence, ...]) -> Iterator[StatedAnswer]:
    """Answers given right behind a short question, each told with the question that it answers."""
    for question, reply in pairwise(told):
        if not question.text.rstrip().endswith("?") or len(question.text.split()) > MAX_WORDS or reply.is_bullet:
            continue
        for field, value in _answers_to(question.text, reply.text):
            yield StatedAnswer(field, value, question.start, reply.start + len(reply.text))


def question_sentences(reading: PostingReading, told: tuple[Sentence, ...]) -> Iterator[Sentence]:
    """Each short question with the first sentence behind it as one: an answer alone says not what it answers."""
    for question, reply in pairwise(told):
        if question.text.rstrip().endswith("?") and len(question.text.split()) <= MAX_WORDS and not reply.is_bullet:
            words = reading.text[question.start : reply.start + len(reply.text)]
            yield Sentence(words, question.start, question.topic, question.kind, is_bullet=False, line=question.line)


def _answers_to(question: str, reply: str) -> Iterator[tuple[str, Any]]:
    if word := _YES_OR_NO.match(reply):
        is_yes = word["word"].casefold() == "yes"
        for field, words, yes, no in _BY_WORD:
            value = yes if is_yes else no
            if value is not _NOT_SAID and words.search(question):
                yield field, value
    if _TALKS_ASKED.search(question) and (weeks := weeks_of(reply)):
        yield "retention.one_on_ones_weeks", weeks
    if (asked := _SHARE_ASKED.search(question)) and (told := _SHARE_TOLD.match(reply)):
        share = share_of(told["s"])
        yield "role.scope", 100 - share if asked["side"].casefold() in ("machine learning", "ml") else share
