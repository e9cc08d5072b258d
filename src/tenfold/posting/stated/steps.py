"""The steps of a hiring process as a posting tells them: work samples and interviews, in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tenfold.kit.expressions import Expression
from tenfold.posting.stated.phrases import (
    Sentence,
    StatedAnswer,
    answer,
    count_of,
    minutes_in,
    number_of,
    to_regex,
)

_PROCESS = Expression(
    r"\b(?:how\s+(?:we|i)\s+(?:hire|decide|interview|select|choose)|how\s+it\s+goes\s+on|(?:the\s+|our\s+|two\s+|three\s+|four\s+|five\s+)?steps"
    r"|(?:interview|hiring|selection"
    r"|application|recruitment)\s+process|bewerbungs(?:prozess|verfahren|ablauf)|auswahl(?:prozess|verfahren)|so\s+läuft"
    r"|process(?:us)?|proceso\s+de\s+selección|interviews?|application|applying|selection|next\s+steps|procedure|stages|hiring$|what"
    r"\s+to\s+expect)\b"
)
_SAMPLES = (
    (
        "take-home",
        (
            r"take-?\s?home|home\s?work|home\s+assignment|(?:coding|technical)\s+assignment"
            r"|(?:exercise|task|assignment|case|repo\w*|fix|solve|complete\w*|done?)\b[^.;]{0,40}\b(?:at\s+home|in\s+your\s+own\s+time)"
        ),
    ),
    (
        "code-review",
        r"code\s+review|review\s+(?:of\s+)?(?:a|an|our)\s+pull\s+request|review\s+a\s+(?:change|merge\s+request)",
    ),
    ("pairing", r"pair(?:ing|[\s-]programming)(?:\s+session)?"),
    (
        "live",
        (
            r"live[\s-]coding|live\s+(?:exercise|debugging|session)|debug\w*\s+a"
            r"\s+(?:broken|failing)\s+\w+\s+in\s+a\s+sandbox"
        ),
    ),
    ("whiteboard", r"whiteboard(?:ing)?(?:\s+(?:coding|session|interview))?"),
    ("quiz", r"(?:multiple[\s-]choice|online|coding)\s+(?:test|quiz)|hackerrank|codility"),
    ("puzzle", r"brain\s?teasers?|puzzles?"),
    ("", r"work\s+samples?|(?:practical|technical)\s+(?:exercise|test|task)"),
    ("portfolio", r"portfolio\s+review|walk\s+us\s+through\s+(?:a|your)\s+(?:past\s+)?(?:project|work)"),
)
_SAMPLE = tuple((kind, Expression(rf"\b(?:{words})\b", re.IGNORECASE)) for kind, words in _SAMPLES)
_ABOUT_A_SAMPLE = Expression(
    r"\b(?:review|discuss\w*|walk\w*\s+(?:us\s+)?through|talk\w*\s+(?:about|through)|look\s+through|present\w*|debrief)\b"
    r"[^.;]{0,40}\b(?:together|with\s+(?:you|us)|your\s+(?:take-?\s?home|solution|exercise|work))",
    re.IGNORECASE,
)
"""A conversation about the work sample that was handed in is an interview, not another sample."""
_NO = Expression(r"\b(?:no|not|without|never|instead\s+of|nor)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_PAID = Expression(r"\b(?:paid|we(?:['’]ll|\s+will)?\s+pay|compensated)\b", re.IGNORECASE)
_TALK = Expression(
    r"\b(?:telefonat|\w*gespräch|\w*interview|kennenlernen|entretien|entrevista|call|screen(?:ing)?|interviews?|conversation|chat|meeting|panel|presentation"
    r"|discussion|(?<!then\s)(?<!will\s)(?<!to\s)deep[\s-]dive|review\s+(?:of\s+)?your|system\s+design|values\s+round|visit|i/v|video\s+(?:chat|meeting|i/v)|intro\b|(?:look|go|walk)\s+(?:it\s+)?through\s+(?:it|your)"
    r"|session\s+with|talk(?:s|ing)?\s+(?:with|to)|onsite|on-site|visio|half\s+a\s+day\s+with"
    r"|meet\s+(?:the|our|your|with|CTO|CEO)|(?:meet|lunch|coffee|breakfast|day|trial\s+day)\s+(?:with|at)|(?:speak|talk)\s+(?:to|with))\b",
    re.IGNORECASE,
)
_SEVERAL = to_regex(
    r"^\W*(?P<n>two|three|four|2|3|4)\s+(?:[\w-]+\s+){0,3}?(?:interviews|conversations|calls|sessions)\b"
)
_LIST_OF = Expression(r":\s+(?:an?|one|the|first)\b", re.IGNORECASE)
_KINDS = (
    ("presentation", r"present(?:ation|ing)?"),
    ("written", r"written\s+(?:exercise|test|case|assignment|sample)|essay"),
    ("debugging", r"debug\w*"),
    ("structured", r"structured"),
    ("screen", r"recruiter|intro(?:ductory)?\b|phone\s+screen|screen(?:ing)?\b|\bHR\b|video\s+call|first\s+call"),
)
_RATERS = to_regex(
    r"\bwith\s+(?P<n><N>)\s+(?:\w+\s+)?(?:engineers?|interviewers?|colleagues|people|team\s?mates|members)"
)
_CHAIN = re.compile(
    r"\s+(?:–|—|→|>)\s+|;\s+|(?:^|\s+)\(?\d{1,2}\)\s+|(?:^|\s+)\d\.\s+(?=[^\W\d_a-z])|,\s+(?:and\s+)?(?=(?:then|finally|lastly|after\s+that)\b)"
)
_COMMAS = re.compile(r",\s+(?:and\s+)?(?![^()]*\))(?=\S)|\s+and\s+(?=an?\s|the\s)(?![^()]*\))")
_LABEL = re.compile(r"^[^\W\d][\w’'&/-]*(?:\s[^\W\d][\w’'&/-]*){0,3}:(?=\s)\s*")
_NUMBERED = re.compile(r"^(?:stage|step|round|phase|part)\s+\w+\s*[:.–—-]\s*", re.IGNORECASE)
_LENGTH_FIRST = re.compile(r"^\W*(?:an?\s+)?\d{1,3}[\s-](?:min(?:ute)?s?|hours?|hrs?)\b", re.IGNORECASE)
"""“60-min review of it with two engineers”: what begins with its length is a step."""
_STEPS_IN_PROSE = Expression(r"^(?:first|then|next|last(?:ly)?|finally|after(?:wards)?|second|third)\b", re.IGNORECASE)
_ABOUT_THE_PROCESS = Expression(
    r"\b(?:interview(?:ing)?|hiring|selection)\s+process\b[^.;]{0,40}\b(?:gave|gives|was|felt|helped)\b", re.IGNORECASE
)
"""What others say of it: “they tell us that our interview process gave them an accurate picture”."""
NO_SCREENING = Expression(
    r"\bno\s+(?:AI|algorithm|software|automat\w+)\b[^.;]{0,40}\b(?:screen\w*|rank\w*|scor\w*|filter\w*)"
    r"|\b(?:does|do|will)\s+not\s+(?:score|rank|screen|filter)\b"
    r"|\b(?:(?:does|do|will)\s+not|don['’]t|doesn['’]t|won['’]t|never)\s+(?:currently\s+)?(?:use|rely\s+on|employ)\b"
    r"[^.;]{0,40}\b(?:AI|algorithms?|software|automat\w+)\b[^.;]{0,40}\b(?:screen|rank|scor|filter|shortlist|select|evaluat|assess)\w*"
    r"|\b(?:CVs?|applications?|résumés?|resumes?)\s+(?:are|is)\s+(?:always\s+)?(?:read|reviewed|screened)\s+by\s+(?:a\s+)?"
    r"(?:people|humans?|person)\b"
    r"|\b(?:shortlist|sift|screen|select)\w*\b[^.;]{0,80}\bwithout\s+(?:\w+\s+)?(?:automat\w+|AI|software|algorithms?)"
    r"|\b(?:human|person|people|someone|we)\s+(?:reads?|reviews?)\s+(?:every|each|all)\s+(?:the\s+)?(?:applications?|CVs?|résumés?|resumes?)\b"
    r"[^.;]{0,20}\b(?:no|not|never|instead)\b",
    re.IGNORECASE,
)
MAX_WORDS_OF_A_STEP = 45
MAX_WORDS_OF_A_NAME = 18


def step_answers(told: tuple[Sentence, ...]) -> Iterator[StatedAnswer]:
    """Work samples and interviews, in the order in which the posting has them."""
    samples: list[dict[str, Any]] = []
    rounds: list[dict[str, Any]] = []
    where: list[Sentence] = []
    paid: Sentence | None = None
    for sentence, text in _parts_of_the_process(told):
        if not (samples and _ABOUT_A_SAMPLE.search(text)) and (sample := _sample(text)):
            if "minutes" not in sample and (minutes := minutes_in(sentence.text)) is not None:
                sample["minutes"] = minutes
            samples.append(sample)
            paid = sentence if _PAID.search(_whole(told, sentence)) else paid
        elif talks := _talks(text):
            rounds += talks
        else:
            continue
        where.append(sentence)
    if samples:
        yield StatedAnswer("assessment.instruments", samples, where[0].start, where[-1].start + len(where[-1].text))
    if paid is not None:
        yield answer("assessment.paid", True, paid)
    if rounds:
        yield StatedAnswer("interviews.rounds", rounds, where[0].start, where[-1].start + len(where[-1].text))


def _whole(told: tuple[Sentence, ...], first: Sentence) -> str:
    """A bullet with the sentences that follow in it, for what is said of it afterwards."""
    return " ".join(one.text for one in told if one.line == first.line and one.start >= first.start)


def _parts_of_the_process(told: tuple[Sentence, ...]) -> Iterator[tuple[Sentence, str]]:
    """The steps under a heading of the process: its bullets, the links of its chains, or sentences of its prose."""
    under = [one for one in told if _PROCESS.search(one.topic) and one.text.casefold().strip().rstrip(":") != one.topic]
    for place, sentence in enumerate(under):
        if sentence.is_bullet and place and under[place - 1].line == sentence.line:
            continue
        text = _whole(told, sentence) if sentence.is_bullet else _without_label(sentence.text)
        for part in _CHAIN.split(text):
            if len(part.split()) <= MAX_WORDS_OF_A_STEP:
                yield from ((sentence, piece) for piece in _list_items(part))


def _without_label(text: str) -> str:
    """“Hiring process: a call, …” from its colon on; “Two interviews: a first …” keeps what says how many."""
    bare = _NUMBERED.sub("", text)
    label = _LABEL.match(bare)
    is_step = label is not None and _is_named_step(label.group()) and minutes_in(bare[label.end() :]) is not None
    return bare if _SEVERAL.search(bare) or is_step else _LABEL.sub("", bare)


def _list_items(text: str) -> Iterator[str]:
    """`Two interviews: a first conversation …, and a technical interview …` as its parts."""
    if _SEVERAL.search(text) and _LIST_OF.search(text):
        yield from re.split(r",?\s+and\s+(?=an?\s)", text.partition(":")[2])
    elif sum(_is_named_step(part) for part in _COMMAS.split(text)) > 1:
        listed = text.partition(": ")[2] or text
        yield from (part for part in _COMMAS.split(listed) if part.strip())
    else:
        yield text


def _is_named_step(text: str) -> bool:
    """A short name of a conversation or work sample."""
    short = len(text.split()) <= MAX_WORDS_OF_A_NAME
    return short and bool(
        _LENGTH_FIRST.match(text) or _TALK.search(text) or any(pattern.search(text) for _, pattern in _SAMPLE)
    )


def _sample(text: str) -> dict[str, Any] | None:
    for kind, pattern in _SAMPLE:
        match = pattern.search(text)
        if match and not _NO.search(text[: match.start()]):
            found: dict[str, Any] = {"name": _name(text)} | ({"kind": kind} if kind else {})
            if (minutes := minutes_in(text)) is not None:
                found["minutes"] = minutes
            return found
    return None


def _talks(text: str) -> list[dict[str, Any]]:
    match = _TALK.search(text) or _LENGTH_FIRST.match(text)
    if match is None or NO_SCREENING.search(text) or _NO.search(text[: match.start()]) or not _is_a_step(text):
        return []
    found: dict[str, Any] = {"name": _name(text)}
    if kind := next((kind for kind, words in _KINDS if re.search(words, text, re.IGNORECASE)), None):
        found["kind"] = kind
    if (minutes := minutes_in(text)) is not None:
        found["minutes"] = minutes
    if raters := _RATERS.search(text):
        found["raters"] = count_of(raters["n"])
    several = _SEVERAL.search(text)
    return [dict(found) for _ in range(int(number_of(several["n"])))] if several else [found]


def _is_a_step(text: str) -> bool:
    """A step names its length, its order, or begins with what it is; a remark about interviews does none of these."""
    if _ABOUT_THE_PROCESS.search(text):
        return False
    head = " ".join(text.split()[:7])
    return (
        minutes_in(text) is not None
        or bool(_STEPS_IN_PROSE.match(text.strip()))
        or (
            bool(_TALK.search(head))
            and not re.search(
                r"\b(?:you\s+will\s+hear|expect|if\s+you|before|within|interviews\s+are)\b", text, re.IGNORECASE
            )
        )
    )


def _name(text: str) -> str:
    """The step in a few words: up to its length, its colon or its end."""
    text = re.sub(r"^(?:first|then|next|last(?:ly)?|finally|afterwards?)\b,?\s*", "", text.strip(), flags=re.IGNORECASE)
    text = re.sub(r"^an?\s+", "", text, flags=re.IGNORECASE)
    words = re.split(r"[:(.,]|\s[–—]\s|\s(?:to\s+whom|and\s+is\s+paid)\b", " ".join(text.split()))[0].strip(" ,–—")
    cut = words if len(words) <= 80 else words[:80].rsplit(" ", 1)[0]
    return cut[:1].upper() + cut[1:]
