"""Who is hiring, where no label says so: a name in the head that sentences begin with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tenfold.posting.model import PostingReading
from tenfold.posting.stated.phrases import Sentence, StatedAnswer, answer

_NAME = r"(?P<name>[A-Z][\w&’'.-]*(?:\s+(?:[A-Z][\w&’'.-]*|of|and|&)){0,4})"
_LEGAL = (
    r"(?:GmbH|AG|SE|Inc\.?|Ltd\.?|LLC|PLC|plc|B\.?V\.?|S\.?A\.?S?|Oy|AB|A/S|AS|ASA|ApS|Pty\.?\s+Ltd|S\.?r\.?l\.?"
    r"|Corp\.?|KG)"
)
_WITH_FORM = re.compile(rf"{_NAME}\s+{_LEGAL}(?!\w)")
_SUBJECT = re.compile(
    rf"^(?:[^\W\d][\w ]{{1,20}}:\s+)?(?P<the>The\s+)?{_NAME},?\s+(?:\([^)]*\)\s+)?"
    rf"(?:is|was|has|builds?|makes?|runs?|reads?|helps?|provides?|operates?|develops?|sells?|owns?|offers?"
    r"|delivers?|keeps?|plans?|predicts?|casts?|breeds?|matches|insures?|digiti[sz]es?|forecasts?|stops?|gives?|powers?|creates?|connects?|designs?|serves?|prices?"
    r"|ist|beschäftigt|entwickelt|betreibt|bietet|baut)\b"
)
_NO_NAMES = re.compile(
    r"^(?:we|our|you|your|this|the|it|there|these|they|what|who|as|in|at|if|all|a|an|job|role|title|location|senior|staff|lead|junior"
    r"|mlops|ml|machine|experience|knowledge|degree|python)\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(rf"^(?:Employer|Arbeitgeber(?:in)?|Employeur|Firma|Unternehmen|Organi[sz]ation):\s+{_NAME}\s*$")
_AT = re.compile(rf"\S\s@\s+{_NAME}\s*$")
HEAD = 400


def employer_answer(reading: PostingReading, told: tuple[Sentence, ...]) -> Iterator[StatedAnswer]:
    """The name that stands in the head and is the subject of a sentence, or carries a legal form."""
    head = reading.text[:HEAD]
    for sentence in told:
        named = _LABELLED.search(sentence.text) or (_AT.search(sentence.text) if sentence.line == 0 else None)
        if named:
            yield answer("company.name", named["name"], sentence, named)
            return
        for pattern in (_WITH_FORM, _SUBJECT):
            match = pattern.search(sentence.text)
            if match is None or _NO_NAMES.match(match["name"]):
                continue
            name = match["name"].strip()
            if pattern is _WITH_FORM and sentence.start < HEAD:
                yield answer("company.name", match.group().strip(" ,"), sentence, match)
                return
            if pattern is _SUBJECT and match["the"] and name not in head.splitlines():
                continue  # “The Manager provides …” is nobody's name; one that stands by itself in the head is
            if head.count(name) > 1 or (name in head and sentence.start >= head.index(name) + len(name)):
                yield answer("company.name", name, sentence, match)
                return
