"""What a posting says of how people are chosen: work samples, interviews, the decision, the manager, days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from tenfold.kit.expressions import Expression
from tenfold.posting.stated.phrases import (
    Sentence,
    StatedAnswer,
    answer,
    count_of,
    day_of,
    to_regex,
)
from tenfold.posting.stated.steps import NO_SCREENING, step_answers

_APPLY_BY = to_regex(
    r"\b(?:apply|applications?|write\s+to|CVs?|résumés?|closing\s+date|deadline|send\b|submit\w*)(?:[^.;]|\.(?=\w)){0,80}?(?:by"
    r"|until|through|before|close[sd]?(?:\s+on)?|:|is|on|till|no\s+later\s+than)\s+(?:\w+day,?"
    r"\s+)?(?P<d><DAY>)"
)
_CLOSING = to_regex(
    r"\b(?:closing\s+date|last\s+(?:date|day)\s+(?:to\s+apply|for\s+applications?)|apply\s+by|application\s+deadline"
    r"|deadline(?:\s+is)?|(?:posted|open|online|advertised)\s+until|bewerbungs(?:schluss|frist|ende)"
    r"|(?:bewerb\w+|bewirb\s+dich)\s+(?:sie\s+sich\s+)?bis|date\s+limite(?:\s+de\s+candidature)?|fecha\s+límite)"
    r"\s*(?::|\?|ist(?:\s+der)?|bis|zum|le)?\s*(?:zum\s+)?(?:(?:\d\d:\d\d|(?:12\s+)?noon|midnight|\d{1,2}\s?[ap]m),?\s+)?(?:on\s+)?(?:\w+day,?\s+)?(?P<d><DAY>)"
)
_START = to_regex(
    r"\b(?:start(?:ing)?(?:\s+date)?|begin|entry|vacant)\b\s*(?:asap,?|as\s+soon\s+as\s+possible,?)?\s*(?:by|on|from|:|is|in)?\s*(?:\w+day,?\s+)?(?P<d><DAY>)"
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
_ACCOMMODATE = Expression(
    r"\b(?:reasonable\s+)?(?:accommodations?|adjustments?)\b|\bmore\s+time\s+or\s+another"
    r"\s+format\b|\bextra\s+time\b",
    re.IGNORECASE,
)
_CONTACT = Expression(
    r"[\w.+-]+@[\w.-]+\w|\b(?:contact|write\s+to|let\s+us\s+know|tell\s+us|ask|e-?mail|reach\s+out|just\s+say)\b",
    re.IGNORECASE,
)
_ADAPTS = Expression(
    r"\b(?:disab\w+|impair\w+|neurodiver\w+|handicap\w*)\b[^.;]{0,80}\b(?:write|contact|tell|let\s+us|e-?mail|adapt|adjust|arrange)"
    r"|\b(?:barrierefrei\w*|\w*behinder\w+|nachteilsausgleich\w*|unterstützung\s+im\s+\w*verfahren)\b"
    r"[^;]{0,120}(?:@|\b(?:schreib|wend|meld|kontakt|sprich|sprech)\w*)"
    r"|\b(?:need|require|want)\b[^.;]{0,30}\b(?:accommodations?|adjustments?)\b[^.;]{0,20}\?"
    r"|\b(?:accommodations?|adjustments?)\s+(?:needed|required)\b[^.;?]{0,30}\?"
    r"|\bneed\s+(?:anything|something)\b[^.;]{0,60}\b(?:changed?|different|adapted|to\s+take\s+part|more\s+time|your\s+best)\b",
    re.IGNORECASE,
)
_NOT_ACCOMMODATION = Expression(r"\b(?:salary|pay|market)\s+adjustment|\bhotel\b", re.IGNORECASE)
_FEEDBACK = to_regex(
    r"\b(?:tell\s+you\s+(?:yes\s+or\s+no|whether|the\s+result)|hear\s+(?:back\s+)?from\s+us|hear\s+back|feedback|answer"
    r"|respon[ds]\w*|get\s+back\s+to|come\s+back\s+to|reply|let\s+you\s+know|(?:an?\s+)?offer|hear\s+(?:back\s+)?from\s+you\?"
    r"|(?:informed|notified)\s+of\s+the\s+(?:outcome|result|decision)"
    r"|rückmeldung|antwort|bescheid)\b[^.;]{0,50}?\b(?:within|innerhalb(?:\s+von)?|binnen|in)\s+(?P<n><N>|a|one|einer)\s+(?:business\s+"
    r"|working\s+)?(?P<unit>days?|weeks?|(?:werk|arbeits)?tag\w*|wochen?)"
)
_CARDS = Expression(
    r"\b(?:scorecards?|written\s+(?:feedback|ratings?)|notes)\b[^.;]{0,40}?\b(?:before|prior\s+to|ahead\s+of)\b"
    r"|\binterviewers?\s+(?:scores?|rates?|writes?)\b[^.;]{0,40}?\b(?:on\s+their\s+own|alone|independently)\b[^.;]{0,20}?"
    r"\bbefore\b"
    r"|\b(?:panel(?:\s+members)?|interviewers?|everyone|each(?:\s+of\s+us)?)\b[^.;]{0,40}?\b(?:scores?|ratings?|marks|verdicts?)\b"
    r"[^.;]{0,30}?\bbefore\s+(?:they|we|anyone)\b"
    r"|\b(?:mark|score|rate|assess)\w*\s+(?:\w+\s+)?(?:independently|individually|separately|alone)\b[^.;]{0,20}?\bbefore\b"
    r"|\bscorecards?\b[^.;]{0,30}?\bwithout\s+(?:seeing|knowing)\b",
    re.IGNORECASE,
)
_RULE = to_regex(
    r"\b(?:a\s+)?(?:candidate\s+)?(?:needs?|must\s+(?:reach|score))\s+(?:a\s+)?(?:mean"
    r"|average|median|score|rating)[^.;]*|\b(?:mean|average)\s+of\s+(?:all\s+|both"
    r"\s+)?(?:ratings?|raters?|scores?)[^.;]*"
    r"|\bunanimous\s+(?:decision|vote)|\bevery\s+interviewer\s+must\s+(?:agree|say\s+yes)"
)
_TITLE = (
    r"(?:Dr\.\s+)?(?:the\s+|our\s+)?(?P<t>(?:[A-Z][\w&/-]*|of|and|for|&|the)"
    r"(?:\s+(?:[A-Z][\w&/-]*|of|and|for|&|\()){0,7})"
)
_POST = (
    r"(?:(?:Head|Director|VP|Vice\s+President|Lead|Chief|Manager|CTO|CEO|CIO|CDO|CAIO|Principal|Leader|Team\s+Lead"
    r"|Engineering\s+Manager|Staff|\w*[Ll]eitung|\w*[Ll]eiter(?:in)?|Geschäftsführ\w+|Vorstand)\b)"
)
_PARTICLE = r"(?:de|den|der|van|von|zu|di|da|del|della|dos|le|la|ten|ter|bin|al|el)"
"""Within a person's name: “Sanne de Wit, Team Lead ML Platform”."""
_DECIDES = (
    Expression(rf"\b(?:decision|appointment|offer)\s+(?:is|will\s+be)\s+(?:made|taken)\s+by\s+{_TITLE}"),
    Expression(rf"{_TITLE}\s+(?:makes|takes)\s+the\s+(?:final\s+)?decision"),
    Expression(rf"{_TITLE}\s+decides\b"),
    Expression(rf"\bWho\s+(?:decides|makes\s+the\s+decision)\?\s+{_TITLE}"),
    Expression(
        r"(?<!\w)[Tt]he\s+(?P<t>hiring\s+manager|panel|hiring\s+committee)\s+(?:decides|(?:makes|takes)\s+the)\b"
    ),
)
_REPORTS_TO = (
    Expression(rf"\b[Rr]eport(?:s|ing)?\s+(?:directly\s+)?(?:in)?to\s*:?\s+{_TITLE}"),
    Expression(
        rf"(?:,\s+|\bby\s+|\bwith\s+){_TITLE},\s+(?:to\s+whom\s+you(?:\s+(?:would|will))?\s+report"
        r"|whom?\s+you(?:\s+(?:would|will)|['’](?:ll|d))?\s+report\s+to"
        rf"|who\s+(?:will|would)\s+be\s+your\s+manager)"
    ),
    Expression(rf"\b[Yy]ou(?:\s+will|['’]ll)?\s+answer\s+(?:directly\s+)?to\s+{_TITLE}"),
    Expression(rf"\b[Bb]erichte(?:st|n|t)\s+(?:\w+\s+)?an\s+(?:die|den|unsere[nr]?|unser)?\s*{_TITLE}"),
    Expression(rf"\b(?:[Aa]ccountable|[Rr]esponsible)\s+to\s*:?\s+{_TITLE}"),
    Expression(rf"\b[Ll]ine\s+[Mm]anager\s*:\s+{_TITLE}"),
    Expression(rf"\b[Yy]our\s+manager\s*(?:is|will\s+be|would\s+be|:)\s+{_TITLE}"),
    Expression(rf"\b(?:with|by|to)\s+{_TITLE}\s+\(your\s+(?:future\s+)?manager\)"),
)
_DOTTED = (
    Expression(r"(?P<t>[A-Z][\w&]*(?:\s[A-Z][\w&]*){0,4})\s+(?:is|as)\s+a\s+dotted[\s-]line"),
    Expression(rf"\bdotted[\s-]line\s+(?:reporting\s+)?to\s+{_TITLE}"),
)
_LINES = (
    ("ml-platform-team", r"(?:ML|AI|machine\s+learning|MLOps|model)\s+(?:platform|operations|infrastructure)|MLOps"),
    ("data", r"\bdata\s+(?:platform|engineering|infrastructure|operations)|analytics\s+(?:platform|engineering)"),
    ("infrastructure", r"infrastructure|platform|SRE|site\s+reliability|devops|cloud|operations"),
    ("ml-leadership", r"machine\s+learning|\bML\b|\bAI\b|artificial\s+intelligence|data\s+science|applied\s+science"),
    ("data", r"\bdata\b|analytics|\bCDO\b"),
    ("product", r"\bproduct\b"),
)
_AUTOMATION = Expression(
    r"\b(?:AI|algorithms?|automated\s+tools?|software)\b[^.;]{0,30}\b(?:to\s+)?(?:screen|rank"
    r"|score|shortlist|filter)\w*\b[^.;]{0,30}\b(?:candidates|applications|applicants|CVs?"
    r"|resumes?)",
    re.IGNORECASE,
)
_NOT_REJECTED = Expression(
    r"\bnothing\s+is\s+decided\s+by\s+(?:software|an?\s+algorithm|AI)\b|\bno\s+automat\w+\s+reject\w*", re.IGNORECASE
)
_TOLD = Expression(
    r"\b(?:share|send|tell|give|explain)\b[^.;]{0,40}\b(?:format|questions|agenda|topics"
    r"|structure)\b[^.;]{0,30}\b(?:in\s+advance|beforehand|before|ahead)"
    r"|\bknow\s+the\s+(?:format|questions|agenda|topics)\b[^.;]{0,30}\b(?:in\s+advance|beforehand|before|ahead)"
    r"|\b(?:questions|topics|agenda|format)\b[^.;]{0,20}\b(?:is|are|will\s+be)\s+(?:sent|shared|given|published|notified|announced)\b[^.;]{0,60}"
    r"\b(?:before|beforehand|in\s+advance|ahead)"
    r"|\b(?:get|receive|have)\s+(?:the\s+|their\s+)?(?:questions|topics|agenda|format)\b[^.;]{0,20}\b(?:before|beforehand|in\s+advance)"
    r"|\bknow\s+what\s+(?:each|every|the)\b[^.;]{0,40}\b(?:when\s+we\s+invite|beforehand|in\s+advance|before)"
    r"|\b(?:tell|send)\b[^.;]{0,40}\b(?:format|questions|topics)\b[^.;]{0,20}\bwhen\s+we\s+invite"
    r"|\bsent\s+to\s+you\b[^.;]{0,20}\b(?:before|beforehand|in\s+advance)"
    r"|\bcase\s+you\s+receive\b[^.;]{0,30}\bbefore\b",
    re.IGNORECASE,
)
_OKRS = to_regex(r"\b(?:OKRs?|KPIs?|measured\s+(?:by|on)|goals?\s+(?:are|is))\b\s*:?\s*(?P<what>[^.;]{8,160})")
_METRICS = (
    (
        "deployment-velocity",
        r"lead\s+time|deploy\w*\s+(?:frequency|velocity|speed|time)|time\s+to\s+production|releases?\s+per",
    ),
    ("model-uptime", r"model\s+(?:uptime|availability)"),
    ("reliability", r"reliability|availability|SLOs?|error\s+budget|incidents?|(?<!model\s)uptime"),
    ("cost", r"\bcosts?\b|spend"),
    ("model-quality", r"model\s+(?:quality|accuracy|performance)"),
    ("tickets-closed", r"tickets?"),
)
_YOU_DECIDE = Expression(
    r"\byou\s+(?:will\s+)?(?:decide|own\s+the\s+decision|have\s+the\s+final\s+say)\s+(?:on\s+"
    r"|about\s+|over\s+)?(?P<what>(?!where|when|how|if|whether|what)"
    r"[^.;,–]{0,60}?\b(?:standards?|tools?|tooling|architecture|infrastructure|platform|stack"
    r"|roadmap|process)\b)(?:,?\s+(?:and\s+)?(?:consult|consulting|after\s+asking)"
    r"\s+(?P<asked>[^.;,]{3,60}))?(?=[.;,–]|$)"
    r"|\b(?:pick|choose|decide\s+on)\s+(?P<call>[^.;,(]{0,40}?\b(?:stack|tools?|tooling|standards?|architecture|platform))\b[^.;]{0,6}?"
    r"\b(?:your\s+(?:call|decision|choice))\b",
    re.IGNORECASE,
)


def hiring_answers(told: tuple[Sentence, ...], *, day_first: bool) -> Iterator[StatedAnswer]:
    """Days, work samples, interviews, the decision and the reporting line."""
    for sentence in told:
        yield from _days(sentence, day_first=day_first)
        yield from _fairness(sentence)
        yield from _decision(sentence)
        yield from _line(sentence)
        yield from _goals(sentence)
    yield from _accommodations(told)
    yield from step_answers(told)


def said_together(joined: Iterable[Sentence], *, day_first: bool) -> Iterator[StatedAnswer]:
    """Days, promises and posts that a question and its answer state together: “Who decides? The Head of Data”."""
    for sentence in joined:
        yield from _days(sentence, day_first=day_first)
        yield from _fairness(sentence)
        yield from _decision(sentence)
        yield from _line(sentence)


def _accommodations(told: tuple[Sentence, ...]) -> Iterator[StatedAnswer]:
    """How more time or another format is asked for; a question is told with the answer behind it."""
    for place, sentence in enumerate(told):
        text = _ADDRESS.sub("@", sentence.text)
        is_told = _ADAPTS.search(text) or (_ACCOMMODATE.search(text) and _CONTACT.search(sentence.text))
        if not is_told or _NOT_ACCOMMODATION.search(text):
            continue
        after = told[place + 1] if text.rstrip().endswith("?") and place + 1 < len(told) else None
        end = after if after and after.line == sentence.line else sentence
        words = sentence.text if end is sentence else f"{sentence.text} {end.text}"
        whole = sentence.start, end.start + len(end.text)
        yield StatedAnswer("assessment.accommodations", " ".join(words.split()), *whole)


def _days(sentence: Sentence, *, day_first: bool) -> Iterator[StatedAnswer]:
    for field, patterns in (("apply_by", (_CLOSING, _APPLY_BY)), ("role.start_by", (_START,))):
        match = next((found for pattern in patterns if (found := pattern.search(sentence.text))), None)
        if match is None:
            continue
        day, is_open = day_of(match["d"], day_first=day_first)
        if day is not None:
            doubt = "Day and month could be the other way round" if is_open else ""
            yield answer(field, day, sentence, match, doubt=doubt)


def _fairness(sentence: Sentence) -> Iterator[StatedAnswer]:
    text = sentence.text
    if match := _FEEDBACK.search(text):
        many = 1 if match["n"].lower() in ("a", "one", "einer") else count_of(match["n"])
        yield answer(
            "interviews.feedback_within_days",
            many * (7 if match["unit"].lower().startswith(("week", "woche")) else 1),
            sentence,
            match,
        )
    simple: tuple[tuple[str, Expression, bool], ...] = (
        ("interviews.scorecards_before_debrief", _CARDS, True),
        ("interviews.ai_screening", NO_SCREENING, False),
        ("interviews.automatic_rejection", _NOT_REJECTED, False),
        ("interviews.format_told_beforehand", _TOLD, True),
    )
    for field, pattern, value in simple:
        if match := pattern.search(text):
            yield answer(field, value, sentence, match)
    if not NO_SCREENING.search(text) and (match := _AUTOMATION.search(text)):
        yield answer("interviews.ai_screening", True, sentence, match)


def _decision(sentence: Sentence) -> Iterator[StatedAnswer]:
    if match := _RULE.search(sentence.text):
        yield answer("interviews.decision_rule", match.group().strip(), sentence, match)
    for pattern in _DECIDES:
        if (match := pattern.search(sentence.text)) and (post := _post(match["t"], sentence.text[match.end("t") :])):
            yield answer("interviews.decided_by", post, sentence, match)
            return


def _line(sentence: Sentence) -> Iterator[StatedAnswer]:
    for pattern in _REPORTS_TO:
        if (match := pattern.search(sentence.text)) and (post := _post(match["t"], sentence.text[match.end("t") :])):
            yield answer("reporting.manager", post, sentence, match)
            if line := _line_of(post):
                yield answer("reporting.line", line, sentence, match)
            break
    else:
        if sentence.topic == "reports to" and (post := _post(sentence.text.strip(), "")):
            yield answer("reporting.manager", post, sentence)
            if line := _line_of(post):
                yield answer("reporting.line", line, sentence)
    for pattern in _DOTTED:
        if match := pattern.search(sentence.text):
            yield answer("reporting.dotted_line", match["t"].strip(), sentence, match)
            break


def _post(words: str, after: str) -> str:
    """The post at the end of some capitalised words; a person's name before it is left out (`, Head of ML`)."""
    text = " ".join(words.split()).strip(" ,.(")
    rest = re.match(rf"(?:\s+{_PARTICLE}(?:\s+[A-Z][\w’'-]+)?)*,\s+(?:the\s+|our\s+)?({_POST}[^,.;]{{0,60}})", after)
    if rest and not re.search(_POST, text):
        text = rest[1].strip()
    of = re.match(r",\s+((?:[A-Z][\w&/-]*)(?:\s+(?:[A-Z][\w&/-]*|&|and))*)(?=[.,;)]|\s*$)", after)
    if of and re.fullmatch(r"(?:the\s+|our\s+)?(?:\w+\s+)?(?:Director|VP|Vice\s+President|Head|Manager|Lead)", text):
        text = f"{text}, {of[1]}"
    text = re.sub(r"^(?:the|our)\s+", "", text, flags=re.IGNORECASE)
    if text in ("hiring manager", "panel", "hiring committee"):
        return text
    return re.sub(r"\s+(?:of|and|for|&|the)$", "", text) if re.search(_POST, text) else ""


def _line_of(post: str) -> str:
    return next((line for line, words in _LINES if re.search(words, post, re.IGNORECASE)), "")


def _goals(sentence: Sentence) -> Iterator[StatedAnswer]:
    if match := _OKRS.search(sentence.text):
        metrics = [name for name, words in _METRICS if re.search(words, match["what"], re.IGNORECASE)]
        if metrics and re.search(r"\b(?:you|this\s+role|the\s+role)\b", sentence.text, re.IGNORECASE):
            tied = {"tied_to": ["okr"]} if "OKR" in match.group() else {}
            yield answer("incentives", [{"team": "this role", "metrics": metrics, **tied}], sentence, match)
    if match := _YOU_DECIDE.search(sentence.text):
        right: dict[str, Any] = {"decision": _decision_id(match["what"] or match["call"]), "accountable": ["this role"]}
        if match["asked"]:
            right["consulted"] = [re.sub(r"^(?:the|our)\s+", "", match["asked"].strip())]
        yield answer("decision_rights", [right], sentence, match)


def _decision_id(words: str) -> str:
    text = re.sub(r"^(?:the|our|which)\s+", "", words.strip())
    if re.search(r"deploy\w*\s+standards?|release\s+standards?", text, re.IGNORECASE):
        return "deployment-standards"
    if re.search(r"\btools?\b|tooling", text, re.IGNORECASE):
        return "tool-choice"
    return text
