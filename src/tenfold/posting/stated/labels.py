"""What a label and a short value state: “Colleagues: 310”, a row of a table, “Accountable to: Head of Data”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tenfold.kit.expressions import Expression
from tenfold.posting.stated.phrases import Sentence, StatedAnswer, answer, count_of, to_regex

_LABEL = re.compile(r"^(?P<label>[^\W\d][^:?!]{1,60}?)\s*:\s+(?P<value>\S.*)$", re.DOTALL)
_COUNT = to_regex(r"^<ABOUT>(?P<n><N>)\+?(?=\s*(?:$|[.,;(]|people\b|employees\b|colleagues\b|fte\b|in\s+total\b))")
_NONE = re.compile(r"^(?:none|no|nobody|no\s+one|0|keine[rs]?|aucune?)\W*$", re.IGNORECASE)
_MODELS = r"(?:(?:ml|ai|machine[\s-]learning)\s+)?models?"
_COUNTS = (
    (
        "company.employees",
        (
            r"(?:number\s+of\s+)?(?:employees|colleagues|staff|people|headcount|heads|workforce|company\s+size"
            r"|(?:organi[sz]ation|team)\s+size|mitarbeitende|beschäftigte|effectif|medewerkers)"
        ),
    ),
    (
        "situation.models_in_production",
        (
            rf"(?:{_MODELS}\s+(?:in\s+(?:production|use|operation|service)|live|running|deployed)"
            rf"|(?:live|production|deployed)\s+{_MODELS})(?:\s+(?:today|now|currently))?"
        ),
    ),
    ("situation.data_scientists", r"data\s+scientists?"),
    ("situation.ml_engineers", r"(?:ml|machine[\s-]learning)\s+engineers?"),
    ("situation.platform_engineers", r"(?:platform|devops|sre|infrastructure)\s+engineers?|sres"),
    ("situation.teams_with_models", r"(?:product\s+)?teams\s+(?:with|using|that\s+use)\s+models"),
    (
        "role.people_managed",
        (
            r"(?:number\s+of\s+)?direct\s+reports|people\s+managed|(?:line|people|team)\s+management"
            r"(?:\s+(?:of|responsibilit\w+))?"
        ),
    ),
)
_COUNTED = tuple((field, re.compile(words, re.IGNORECASE)) for field, words in _COUNTS)
_TO_COME = re.compile(
    rf"(?:{_MODELS}\s+)?(?:planned|coming|(?:more\s+)?to\s+(?:come|launch|be\s+(?:launched|deployed|released))"
    r"|in\s+the\s+pipeline|launching)"
    r"(?:\s+(?:in|for|by|within|over|during|this|next)\b.*)?",
    re.IGNORECASE,
)
_ABOUT_MODELS = re.compile(r"\bmodels?\b", re.IGNORECASE)


def label_answers(told: tuple[Sentence, ...]) -> Iterator[StatedAnswer]:
    """Counts that stand behind their label; what is to come is of models where that or the row above says so."""
    above = ""
    for sentence in told:
        labelled = _LABEL.match(sentence.text)
        if labelled is None:
            above = sentence.text
            continue
        yield from _counts(sentence, labelled["label"].strip(), labelled["value"], above)
        above = labelled["label"]


def _counts(sentence: Sentence, label: str, value: str, above: str) -> Iterator[StatedAnswer]:
    count = 0 if _NONE.match(value) else _count_in(value)
    if count is None:
        return
    if _TO_COME.fullmatch(label) and _ABOUT_MODELS.search(f"{label} {above}"):
        yield answer("situation.models_planned_12_months", count, sentence)
        return
    for field, words in _COUNTED:
        if words.fullmatch(label) and (count or field != "company.employees"):
            yield answer(field, count, sentence)


def _count_in(value: str) -> int | None:
    match = _COUNT.match(value)
    return count_of(match["n"]) if match else None


_I_AM = re.compile(
    r"\b(?:I['’]m|I\s+am|[Mm]y\s+name\s+is)\s+(?:[A-Z][\w’'.-]+\s+){1,3}?(?:[A-Z][\w’'-]+)?,?\s*(?:and\s+I['’]m\s+|,\s*)?"
    r"(?:the\s+|an?\s+)?(?P<post>(?:Head|Director|VP|Vice\s+President|CTO|CEO|CDO|CIO|Chief|Lead|Team\s+Lead"
    r"|Engineering\s+Manager|Manager)\b(?:\s+(?:of|and|&|for|[A-Z][\w&-]*))*)"
)
_TO_ME = Expression(
    r"\breport(?:ing)?\s+(?:directly\s+)?to\s+me\b|\bI['’](?:d|ll)\s+be\s+your\s+manager\b", re.IGNORECASE
)
_I_DECIDE = Expression(r"\bI\s+(?:make|take)\s+the\s+(?:final\s+)?(?:decision|call)\b|\bI\s+decide\b", re.IGNORECASE)


def writer_answers(told: tuple[Sentence, ...]) -> Iterator[StatedAnswer]:
    """Where the manager writes in the first person, “report to me” is the post that the writer gives."""
    writer = next((found["post"] for one in told if (found := _I_AM.search(one.text))), None)
    if writer is None:
        return
    for sentence in told:
        for field, pattern in (("reporting.manager", _TO_ME), ("interviews.decided_by", _I_DECIDE)):
            if match := pattern.search(sentence.text):
                yield answer(field, writer, sentence, match)
