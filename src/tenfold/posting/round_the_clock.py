"""On-call around the clock, as a posting says it of the person ("24/7 on-call", "be available 24x7").

A platform, a service or a help line that runs around the clock is none. English, German, French, Spanish and Dutch.
"""

from __future__ import annotations

import re

from tenfold.kit.expressions import Expression
from tenfold.posting.model import Cited, PostingReading, SectionKind

_CLOCK = (
    r"(?:24\s?[/x×*]\s?7(?:\s?[/x]\s?365)?|24h?\s?/\s?24(?:\s*(?:et|,|-)?\s*7j?\s?/\s?7)?|24\s+hours\s+a\s+day"
    r"|a?round[- ]the[- ]clock|rund\s+um\s+die\s+uhr|day\s+and\s+night|las\s+24\s+horas|24\s+uur\s+per\s+dag"
    r"|(?:at\s+)?any\s+(?:hour|time)\s+(?:of\s+)?(?:the\s+)?(?:day|night)(?:\s+or\s+night)?)"
)
_DUTY = (
    r"(?:on[- ]?call|pager(?:\s?duty)?|paged|stand-?by|bereitschafts?\w*|rufbereitschaft\w*|wachdienst"
    r"|astreintes?|guardias?|piket\w*|oproepdienst\w*)"
)
_AVAILABLE = (
    r"(?:(?:be|being|are|remain|stay|must\s+be)\s+(?:\w+\s+){0,2}(?:available|reachable|contactable|responsive)|(?:your|personal|flexible|full)\s+availability"
    r"|(?:work|cover|support)\s+(?:\w+\s+){0,2}(?:shifts?|rotations?|rota)|erreichbar\w*|verfügbar\s+sein|joignables?|disponibles?|bereikbaar)"
)
_TOGETHER = tuple(
    Expression(rf"(?<!\w){first}(?P<between>[^.!?;\n]{{0,48}}?){second}(?!\w)", re.IGNORECASE)
    for person in (_DUTY, _AVAILABLE)
    for first, second in ((_CLOCK, person), (person, _CLOCK))
)
_SYSTEM = Expression(
    r"\b(?:platforms?|services?|systems?|uptime|operations?|production|customers?|websites?|infrastructure|monitoring|helplines?|hotlines?"
    r"|applications?|products?|business|assistance|programs?|programme|access|clinics?|gyms?)\b",
    re.IGNORECASE,
)
_DENIED = Expression(
    r"\b(?:no|not|never|without|none|isn['’]?t|aren['’]?t|don['’]?t|instead\s+of|rather\s+than|follow[- ]the[- ]sun"
    r"|kein\w*|nicht|ohne|pas|sans|sin|geen|niet)\b",
    re.IGNORECASE,
)
_PLANNED = Expression(
    r"\b(?:develop|design|define|establish|build|create|document|write|set\s+up|implement|improve)\w*\b", re.IGNORECASE
)
_PLAN = Expression(
    r"^\W*(?:support\s+|incident\s+|response\s+){0,2}(?:protocols?|process(?:es)?|procedures?|polic(?:y|ies)|tooling|playbooks?)\b",
    re.IGNORECASE,
)
"""“Develop 24/7 on-call protocols” is a plan that the person draws up; who is on call it does not say."""
_QUIET = (SectionKind.BENEFITS, SectionKind.EEO)
_LOOK_BACK = 40


def round_the_clock_on_call(reading: PostingReading) -> Cited[str] | None:
    """The first words that put the person on call around the clock; None where the posting does not say so."""
    for line, kind in zip(reading.lines, reading.line_kinds, strict=True):
        if kind in _QUIET:
            continue
        text = reading.text[line.start : line.end]
        for pattern in _TOGETHER:
            for match in pattern.finditer(text):
                if _is_of_the_person(text, match):
                    return Cited(match.group(), line.start + match.start(), line.start + match.end())
    return None


def _is_of_the_person(text: str, match: re.Match[str]) -> bool:
    before = re.split(r"[.!?;]", text[max(0, match.start() - _LOOK_BACK) : match.start()])[-1]
    around = f"{before}{match.group()}{text[match.end() : match.end() + 24]}"
    drawn_up = _PLANNED.search(before) and _PLAN.search(text[match.end() :])
    return not (drawn_up or _DENIED.search(around) or _SYSTEM.search(match["between"]))
