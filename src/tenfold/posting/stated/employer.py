"""Who is hiring, where no label says so: a name in the head that sentences begin with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tenfold.catalogue.titles import read_title
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
_HIRES = re.compile(rf"^{_NAME}\s+is\s+(?:now\s+|currently\s+)?(?:hiring|recruiting)\b")
_INTRODUCED = re.compile(rf"^\W*{_NAME}\s+is\s+(?:an?|one\s+of)\s")
_INSTITUTION = re.compile(
    r"(?:^|,\s+)(?P<name>(?:[A-Z][\w&’'.-]*\s+){0,4}(?:University|Hospital|Trust|Bank|Council|Authority|Institute|College|Agency"
    r"|Ministry|Foundation)(?:\s+(?:[A-Z][\w&’'.-]*|of|and|&)){0,4})\s*$"
)
_NOT_A_HOUSE = re.compile(
    r"\b(?:[Tt]eam|[Gg]roup|[Dd]epartment|[Rr]ole|[Pp]osition|[Mm]anager|[Ee]ngineer|[Dd]irector|[Oo]ffice|[Pp]latform|[Ll]earning|[Ss]cience)$"
)
FIRST_LINES = 4
FEWEST_FIELDS = 3
"""“Acme | MLOps Engineer | Remote”: the first of several fields before a title names who hires."""
HEAD = 400


def employer_answer(reading: PostingReading, told: tuple[Sentence, ...]) -> Iterator[StatedAnswer]:
    """The name that stands in the head and is the subject of a sentence, or carries a legal form."""
    head = reading.text[:HEAD]
    if first := _name_in_first_lines(reading, told):
        yield first
        return
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


def _name_in_first_lines(reading: PostingReading, told: tuple[Sentence, ...]) -> StatedAnswer | None:
    """“Acme is hiring”, “Acme Bank is one of …” and “Engineer, Acme University Trust” in the first lines."""
    for sentence in told:
        if sentence.line >= FIRST_LINES:
            break
        for pattern in (_HIRES, _INTRODUCED, _INSTITUTION) if sentence.line == 0 else (_HIRES, _INTRODUCED):
            match = pattern.search(sentence.text)
            is_name = match is not None and (pattern is not _INTRODUCED or " " in match["name"])
            if match and is_name and not _NO_NAMES.match(match["name"]) and not _NOT_A_HOUSE.search(match["name"]):
                return _with_form(reading, match["name"].strip()) or answer(
                    "company.name", match["name"].strip(), sentence, match
                )
    return _in_fields(reading.text.partition("\n")[0])


def _with_form(reading: PostingReading, name: str) -> StatedAnswer | None:
    """The name with its legal form, where the head has it so."""
    found = re.search(rf"{re.escape(name)}\s+{_LEGAL}(?!\w)", reading.text[:HEAD])
    return StatedAnswer("company.name", found.group(), *found.span()) if found else None


def _in_fields(first: str) -> StatedAnswer | None:
    parts = [part.strip() for part in first.split("|")]
    if len(parts) < FEWEST_FIELDS or not re.fullmatch(_NAME, parts[0]) or read_title(parts[0]).role != "other":
        return None
    return StatedAnswer("company.name", parts[0], 0, len(parts[0])) if read_title(parts[1]).role != "other" else None
