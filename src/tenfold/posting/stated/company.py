"""What a posting says of the company and of machine learning there: size, stage, models, people, trouble."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tenfold.kit.expressions import Expression
from tenfold.posting.stated.phrases import Sentence, StatedAnswer, answer, count_of, share_of, to_regex

_STAGES = (
    (r"pre-?seed", "pre-seed"),
    (r"series[\s-]a", "series-a"),
    (r"series[\s-]b", "series-b"),
    (r"series[\s-]c", "series-c"),
    (r"series[\s-][d-k]|late[\s-]stage\s+(?:start-?up|company)|pre-?ipo", "later"),
    (r"seed[\s-](?:stage|funded|round)", "seed"),
    (
        (
            r"(?<!un)(?:publicly[\s-](?:listed|traded)|stock-listed|listed\s+(?:\w+"
            r"\s+){0,2}(?:company|bank|group|insurer|retailer|firm)"
            r"|public\s+company|listed\s+on\s+(?:the\s+)?(?:(?:\w+\s+){0,3}(?:stock\s+)?exchange|sgx|nasdaq|nyse|lse|asx|tsx|six|euronext|hkex|bse|nse|oslo\s+børs)|\(?(?:nasdaq|nyse|lse|xetra)\s*:|went\s+public\b|have\s+been\s+(?:public|listed)\s+since)"
        ),
        "public",
    ),
    (
        (
            r"bootstrapped|self-funded|owned\s+by\s+(?:our|its|the)\s+founders?|founder-owned|no"
            r"\s+(?:venture\s+capital|investors|(?:outside|external)\s+(?:investors?|capital|funding|money))"
            r"|(?:employee|family)[\s-](?:owned|run)|owned\s+by\s+(?:its|our|the)\s+(?:employees|staff|family)"
            r"|(?:familien|inhaber)geführt\w*"
        ),
        "bootstrapped",
    ),
    (
        (
            r"government\s+agency|federal\s+agency|public\s+authority|civil\s+service\s+(?:job|role|post)"
            r"|(?:is|are|['’]re)\s+an?\s+(?:[\w-]+\s+){0,3}?(?:public\s+(?:body|agency|institution)|local\s+authority"
            r"|government\s+department|ministry|state\s+agency)"
        ),
        "public-sector",
    ),
)
_STAGE = tuple((Expression(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), stage) for pattern, stage in _STAGES)
_SIZE = (
    to_regex(
        r"\b(?:company|studio|agency|firm|start-?up|business|crew|house)\s+of\s+<ABOUT>(?P<n><N>)(?=\s*[,.;)]|\s*$)"
    ),
    to_regex(r"\bthere\s+are\s+<ABOUT>(?P<n><N>)\s+of\s+us\b"),
    to_regex(
        r"(?:\b(?:employs?|employing|headcount\s+of|workforce\s+of|team\s+of|company\s+of|group\s+of|firm\s+of|with"
        r"|(?:we|we’re|we're|we\ are|are|is)(?:\ now)?)\s+)?<ABOUT>(?P<n><N>)\+?\s+(?:full-time"
        r"\s+)?(?P<what>employees|colleagues"
        r"|team\s?members|staff|people|heads(?!\s+of)|FTEs?|persons|employee\s+company"
        r"|mitarbeitende[nr]?|mitarbeiter(?:[:*]?innen)?n?|beschäftigte[nr]?|angestellte[nr]?"
        r"|salariée?s|collaborateurs|empleados|dipendenti|medewerkers|anställda|pracowników)\b"
    ),
    to_regex(
        r"\b(?:we’re|we're|we\ are)\s+(?:now\s+)?(?:a\s+team\s+of"
        r"\s+)?<ABOUT>(?P<n>\d[\d,.'’]*\d)(?=\s*[,.;–—]|\s+strong)"
    ),
)
_OTHERS_PEOPLE = Expression(
    r"\b(?:customers?|clients?|users?|patients?|drivers?|serv(?:e|es|ing)|help(?:s|ing)?"
    r"|reach(?:es)?|shares?\b|take\s+turns|rotation|on[\s-]call|interview"
    r"|working\s+in|manag(?:e|es|ing)|lead(?:s|ing)?|panel|million|billion|squads?|join\s+an?\b)",
    re.IGNORECASE,
)
_HAS = Expression(
    r"\b(?:has|have|employs?)\s*(?:about|around|roughly|some|over)?\s*$|^(?:employs?|employing)\b", re.IGNORECASE
)
_ON_CALL_TOPIC = Expression(r"\bon[\s-]?call\b|\brotation\b|\binterview|\bprocess\b")
_PARENT = Expression(r"\b(?:part|division|subsidiary|member|unit)\s+of\s+[A-Z][^.;]{0,40}$", re.IGNORECASE)
"""What is said of a parent company is not said of the one that hires."""
_SMALL_TEAM = Expression(
    r"\b(?:platform|data|ml|engineering|infrastructure|product|science)\s+team\s+of\b", re.IGNORECASE
)
_HQ = Expression(
    r"\b(?:[Hh]eadquartered|[Bb]ased(?:\s+largely)?|[Hh]ead\s?office|HQ)\s*(?:is\s+)?(?:in|:)\s+"
    r"(?P<place>[A-Z][\w.’'-]+(?:\s[A-Z][\w.’'-]+){0,2}(?:,\s[A-Z][\w.]+)?)"
)
_OF_THE_JOB = Expression(r"\b(?:position|role|job|post|you|candidates?|this\s+is|be)\b[^.;,]{0,30}$", re.IGNORECASE)
_MODELS_NOW = (
    to_regex(
        r"(?P<n><N>)\s+(?:(?!\d|(?:has|have|had|with|and|who|own|owns)\b)[\w/-]+\s+){0,4}?models?"
        r"\s+(?:(?:are|is|run|runs|now|already|currently|running"
        r"|live)\s+){0,3}(?:in\s+production|in\s+productive\s+use|live\b|serving)"
    ),
    to_regex(r"\b(?:run|runs|operate|operates|serve|serves)\s+<ABOUT>(?P<n><N>)\s+(?:[\w/-]+\s+){0,3}models?\b"),
    to_regex(r"\b(?:models?|modelle)\s+(?:in\s+(?:production|produktion)|live)\s*:\s*(?P<n><N>)"),
    to_regex(r"\bin\s+production\s*:\s*(?P<n><N>)\s+(?:[\w/-]+\s+){0,3}models?\b"),
    to_regex(
        r"\b(?:laufen|betreiben)\s+(?:wir\s+)?(?:derzeit\s+|aktuell\s+|heute\s+|bereits\s+|rund\s+|etwa\s+){0,2}"
        r"(?P<n><N>)\s+(?:[\w-]+\s+){0,2}modelle?\b[^.;]{0,30}?(?:produkti[vo]\w*|live)"
    ),
    to_regex(
        r"(?P<n><N>)\s+(?:[\w-]+\s+){0,2}(?:modelle?n?|modèles?|modelos?|modelli|modellen)\s+"
        r"(?:(?:sind|laufen|bereits|im|en|in)\s+){0,3}(?:produktiv\w*|produktion|einsatz|production|producción|produzione|productie|live)\b"
    ),
    to_regex(r"(?P<n><N>)\s+(?:(?:machine[\s-]learning|ML|AI)\s+)?models?\s+(?:currently|already|today|now)\b"),
    to_regex(
        r"(?P<n><N>)\s+(?:(?:machine[\s-]learning|ML|AI)\s+)?models?\s+[a-z]+\s+(?:[\w-]+\s+){0,3}?(?:today|now|currently)\b"
    ),
    to_regex(r"(?P<n><N>)\s+(?:[\w-]+\s+){0,2}?models?\s+in\s+prod\b"),
    to_regex(
        r"(?P<n><N>)\s+(?:(?!\d)[\w/-]+\s+){0,3}?models?\s+(?:that|which)\s+(?:\w+\s+){0,2}?"
        r"(?:in\s+(?:production|productive\s+use|operation)|live\b)"
    ),
    to_regex(r"\bmodels\b,?\s+(?P<n><N>)\s+(?:of\s+them\s+)?(?:are\s+|is\s+)?(?:now\s+|already\s+)?in\s+production\b"),
)
_LIVE_OF_THEM = to_regex(
    r"\b(?:have|['’]ve(?:\s+got)?|got|has|with)\s+<ABOUT>(?P<n><N>)\s+(?:of\s+them\s+)?(?:live|in\s+production)\b"
    r"|^(?P<m><N>)\s+(?:of\s+them\s+)?(?:are|run)\s+(?:already\s+|now\s+)?(?:live|in\s+production)\b"
)
_MORE_OF_THEM = to_regex(
    r"\b(?:should|will|expect\s+to|plan\s+to|hope\s+to|want\s+to)\s+(?:add|launch|ship|release|deploy)\s+(?:another\s+)?"
    r"(?P<n><N>)(?:\s+more)?\s+(?:in|during|over|by)\s+(?:20\d\d|next\s+year|the\s+(?:next|coming)\s+(?:year|12\s+months|twelve\s+months))"
)
"""“We’ve got seven in production” where the topic is models."""
_MODELS_NONE = to_regex(
    r"\b(?:no\s+models?\s+(?:are\s+)?(?:yet\s+)?in\s+production|nothing\s+(?:is\s+)?in\s+production\s+yet)"
)
_COMING = r"(?:more|further|additional|other|new)?\s*(?:[\w/-]+\s+){0,3}?(?:models?)?\b"
_PLANNED = (
    to_regex(
        r"\b(?:plan(?:s|ned|ning)?|expect(?:s|ed|ing)?|aim(?:s|ing)?|intend(?:s|ing)?|want|hop(?:e|es|ing))\b"
        r"[^.;]{0,30}?(?P<n><N>)(?:\s*(?:to|–|-|or)\s*<N>)?\s+(?:more|further|additional|others?"
        r"|models?)"
        r"[^.;]{0,60}?(?:twelve\s+months|12\s+months|next\s+year|this\s+year|coming\s+year|the"
        r"\s+year|in\s+20\d\d|for\s+20\d\d|by\s+20\d\d)"
    ),
    to_regex(
        r"(?P<n><N>)\s+(?:more|further|additional)\s+(?:[\w-]+\s+){0,2}(?:are|is)\s+planned"
        r"\s+(?:for|in|by)\s+(?:20\d\d|next\s+year|the\s+next\s+(?:twelve|12)\s+months)"
    ),
    to_regex(
        r"\b(?:by\s+the\s+end\s+of\s+(?:next|this|the)\s+year|(?:in|over|within)\s+the\s+(?:next|coming)"
        r"\s+(?:twelve\s+months|12\s+months|year))\b[^.;]{0,30}?(?P<n><N>)\s+(?:more|further|additional|new|other)\b"
    ),
    to_regex(
        r"\b(?:(?:another|a\s+further|an\s+additional)\s+(?P<n><N>)|(?P<m><N>)\s+(?:more|further|others?))\b"
        r"[^.;%]{0,40}?\b(?:in|over|within|during)"
        r"\s+the\s+(?:next|coming)\s+(?:twelve\s+months|12\s+months|year)"
    ),
    to_regex(
        r"\b(?:another\s+(?P<n><N>)|(?P<m><N>)\s+(?:more|further|others?))\b[^.;%]{0,40}?\b(?:by|before)\s+the\s+end\s+of"
        r"\s+(?:next|this|the)\s+year"
    ),
    to_regex(
        r"(?P<n><N>)\s+(?:more|further|additional|others?)\s+(?:are\s+)?(?:slated|scheduled|planned|due|coming|lined\s+up)"
        r"\s+(?:for|in|by)\s+(?:['’]\d\d|20\d\d|next\s+year|this\s+year)"
    ),
    to_regex(r"\bmodels?\s+planned\b[^:;.]{0,40}:\s*(?P<n><N>)"),
    to_regex(r"\bplan\s+another\s+(?P<n><N>)[^.;]{0,40}?(?:year|twelve\s+months|12\s+months)"),
)
_NEAR = (
    to_regex(
        r"(?:another\s+(?P<n><N>)|(?P<m><N>)\s+(?:more|further|additional|others?))\s+"
        r"(?:are|is|should|will|launch\w*|go(?:es)?|ship|start|follow)\b"
        r"[^.;%]{0,40}?\b(?:this|next|coming)\s+(?:spring|summer|autumn|fall|winter|quarter|month|three\s+months)"
    ),
    to_regex(
        r"(?P<n><N>)\s+(?:more|further|additional|new|other)\s+(?:[\w-]+\s+){0,3}?models?\b"
        r"[^.;]{0,50}?(?:go\s+live|launch|ship|leave\s+the\s+lab|reach\s+production|into"
        r"\s+production|will)"
        r"[^.;]{0,30}?(?:this|next|coming)\s+(?:spring|summer|autumn|fall|winter|quarter|month"
        r"|three\s+months|3\s+months)"
    ),
    to_regex(
        r"(?:this|next|coming)\s+(?:quarter|month|three\s+months|3\s+months)"
        r"[^.;]{0,30}?(?P<n><N>)\s+(?:more|further|additional|new|other)?\s*(?:[\w-]+"
        r"\s+){0,2}models?\b"
        r"[^.;]{0,30}?(?:go\s+live|launch|ship|leave\s+the\s+lab|reach\s+production|into\s+production)"
    ),
)
_PEOPLE = (
    (
        "situation.ml_engineers",
        to_regex(
            r"\b(?:ml|machine[\s-]learning)\s+(?:side|team|group)\s+(?:is|has|counts)\s+(?P<n><N>)\s+engineers?\b"
        ),
    ),
    (
        "situation.ml_engineers",
        to_regex(r"(?P<n><N>)(?:\s?[x×])?\s+(?:(?:ml|machine[\s-]learning)[\s-]engineers?|MLEs?)\b"),
    ),
    (
        "situation.data_scientists",
        to_regex(r"(?P<n><N>)(?:\s?[x×]\s+(?:data\s+scientists?|DS)|\s+data\s+scientists?)\b"),
    ),
    (
        "situation.platform_engineers",
        to_regex(
            r"(?P<n><N>)\s+(?<!data\ )(?:(?:platform|infrastructure|devops|sre|site\s+reliability)\s+engineers?\b"
            r"|SREs?\b)|(?P<m><N>)\s?[x×]\s+(?:devops|SREs?|platform|infra)\b"
        ),
    ),
    (
        "situation.platform_engineers",
        to_regex(r"(?<!data\ )\b(?<!ml\ )(?:platform|infrastructure|devops|sre)\s+(?:team|group)\s+of\s+(?P<n><N>)"),
    ),
)
_NOBODY = (
    (
        "situation.ml_engineers",
        Expression(
            r"\b(?:no|without\s+(?:an?y?\s+)?)\s*(?:ml|machine[\s-]learning)\s+engineers?\s+(?:so\s+far|yet|today|now|at\s+present)",
            re.IGNORECASE,
        ),
    ),
    (
        "situation.data_scientists",
        Expression(r"\b(?:no|without)\s+data\s+scientists?\s+(?:so\s+far|yet|today|now|at\s+present)", re.IGNORECASE),
    ),
    (
        "situation.platform_engineers",
        Expression(
            r"\b(?:no|without)\s+(?:platform|devops|infrastructure)\s+(?:people|engineers?)\s+(?:so\s+far|yet|today|now)",
            re.IGNORECASE,
        ),
    ),
)
_NOT_THERE = Expression(
    r"\b(?:mentor\w*\s+of|coaching\s+of|you(?:['’]ll|\s+will|['’]d|\s+would)?\s+(?:lead|manage|mentor|coach|supervise)"
    r"|hiring|hire|looking\s+for|join\w*\s+us|interview\w*|rotation|reviewed\s+by)\b",
    re.IGNORECASE,
)
_TEAMS = to_regex(r"\bmodels?\b[^.;]{0,60}?\b(?:across|in|by|for)\s+(?P<n><N>)\s+(?:[\w-]+\s+){0,2}teams?\b")
_BY_HAND = to_regex(
    r"(?P<s><SHARE>)[^.;]{0,60}?(?:time|week|hours|capacity)\b[^.;]{0,80}?(?:deploy\w*"
    r"|monitor\w*|by\s+hand|manual\w*|operat\w*|firefight\w*)"
    r"|(?:deploy\w*|monitor\w*|manual\w*|operat\w*|firefight\w*)[^.;]{0,80}?(?P<s2><SHARE>)"
    r"[^.;]{0,60}?(?:time|week|hours|capacity)\b"
)
_REPRODUCIBLE = Expression(
    r"(?:cannot|can['’]t|could\s+not|hard\s+to|not|never)\s+(?:be\s+)?reproduc\w+|irreproducib\w+", re.IGNORECASE
)
_UNTRACKED = Expression(
    r"(?:nobody|no\s+one|can['’]?t|cannot)\b[^.;]{0,50}\b(?:which|what)\s+(?:model\s+)?(?:version|model)s?\b",
    re.IGNORECASE,
)
_HURTS = Expression(r"\b(?:hurt\w*|painful\w*|costs?\s+us|a\s+real\s+problem|badly)\b", re.IGNORECASE)
"""Where a posting itself says that it hurts, how much is no reading of ours."""
_INHERITS = Expression(
    r"\b(?:inherit\w*|take\s+over)\b[^.;]{0,60}\b(?:legacy|technical\s+debt|nobody|script\w*"
    r"|mess|fragile|brittle|trouble\w*|unmaintained)",
    re.IGNORECASE,
)
_RESEARCH = Expression(
    r"\bstill\s+(?:purely\s+)?(?:in\s+)?research\b|\bnothing\s+in\s+production\s+yet\b", re.IGNORECASE
)
_OUR_READING = "Our reading of these words; how much it hurts is for you to say"


def company_answers(told: tuple[Sentence, ...]) -> Iterator[StatedAnswer]:
    """Size, stage, main office, and machine learning at the company today."""
    before = ""
    for sentence in told:
        yield from _size(sentence)
        yield from _stage(sentence)
        yield from _models(sentence, before)
        before = sentence.text
        yield from _people(sentence)
        yield from _trouble(sentence)


def _size(sentence: Sentence) -> Iterator[StatedAnswer]:
    for pattern in _SIZE if not _ON_CALL_TOPIC.search(sentence.topic) else ():
        for match in pattern.finditer(sentence.text):
            before = _clause_around(sentence.text, match)
            if _OTHERS_PEOPLE.search(before) or _SMALL_TEAM.search(before) or count_of(match["n"]) < 2:
                continue
            yield answer("company.employees", count_of(match["n"]), sentence, match)
    office = _HQ.search(sentence.text)
    if office and not _OF_THE_JOB.search(sentence.text[: office.start()]):
        yield answer("company.place", office["place"], sentence, office)


def _clause_around(text: str, match: re.Match[str]) -> str:
    """Some words before and after a count, up to where its bracket or its own clause begins and ends."""
    before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 14]
    if _HAS.match(match.group()) or _HAS.search(before[-20:]):
        before = re.split(r"[(,]|\band\b", before)[-1]
    return before.rpartition("(")[2] + match.group() + after.partition(")")[0]


def _stage(sentence: Sentence) -> Iterator[StatedAnswer]:
    for pattern, stage in _STAGE:
        match = pattern.search(sentence.text)
        if match and not _PARENT.search(sentence.text[: match.start()]):
            yield answer("company.stage", stage, sentence, match)
            return


def _models(sentence: Sentence, before: str) -> Iterator[StatedAnswer]:
    counts: tuple[tuple[str, tuple[Expression, ...]], ...] = (
        ("situation.models_near_production", _NEAR),
        ("situation.models_planned_12_months", _PLANNED),
        ("situation.models_in_production", _MODELS_NOW),
    )
    taken: list[tuple[int, int]] = []
    for field, patterns in counts:
        for match in (found for pattern in patterns for found in pattern.finditer(sentence.text)):
            name = "m" if match.groupdict().get("m") else "n"
            if not _is_candidates(sentence, match) and not _overlaps(match.span(name), taken):
                taken.append(match.span(name))
                yield answer(field, count_of(match[name]), sentence, match)
    about_models = any("model" in words.casefold() for words in (sentence.topic, sentence.text, before))
    if about_models and not taken:
        yield from _of_the_models(sentence)
    if none := _MODELS_NONE.search(sentence.text):
        yield answer("situation.models_in_production", 0, sentence, none)
    if teams := _TEAMS.search(sentence.text):
        yield answer("situation.teams_with_models", count_of(teams["n"]), sentence, teams)


def _of_the_models(sentence: Sentence) -> Iterator[StatedAnswer]:
    """Counts without their noun, where this sentence, its heading or the one before speaks of models."""
    if live := _LIVE_OF_THEM.search(sentence.text):
        yield answer("situation.models_in_production", count_of(live["n"] or live["m"]), sentence, live)
    if more := _MORE_OF_THEM.search(sentence.text):
        yield answer("situation.models_planned_12_months", count_of(more["n"]), sentence, more)


def _is_candidates(sentence: Sentence, match: re.Match[str]) -> bool:
    """What is asked of candidates ("two models in production" as experience) says nothing of the company."""
    before = sentence.text[: match.start()]
    return bool(
        re.search(
            r"\b(?:experience|you\s+have|you['’]ve|have\s+(?:shipped|deployed)|track\s+record|at\s+least)\b",
            before,
            re.IGNORECASE,
        )
    )


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(span[0] < high and low < span[1] for low, high in taken)


def _people(sentence: Sentence) -> Iterator[StatedAnswer]:
    for field, pattern in _PEOPLE:
        for match in pattern.finditer(sentence.text):
            before = sentence.text[max(0, match.start() - 40) : match.start()]
            if not _NOT_THERE.search(before) and "interview" not in sentence.topic:
                yield answer(field, count_of(next(filter(None, match.groupdict().values()))), sentence, match)
    for field, pattern in _NOBODY:
        if none := pattern.search(sentence.text):
            yield answer(field, 0, sentence, none)


def _trouble(sentence: Sentence) -> Iterator[StatedAnswer]:
    if match := _BY_HAND.search(sentence.text):
        yield answer("situation.manual_share", share_of(match["s"] or match["s2"]), sentence, match)
    doubtful: tuple[tuple[str, Expression, Any], ...] = (
        ("situation.reproducibility_pain", _REPRODUCIBLE, "severe"),
        ("situation.tracking_pain", _UNTRACKED, "severe"),
    )
    for field, pattern, value in doubtful:
        if match := pattern.search(sentence.text):
            doubt = "" if _HURTS.search(sentence.text) else _OUR_READING
            yield answer(field, value, sentence, match, doubt=doubt)
    if match := _INHERITS.search(sentence.text):
        yield answer("situation.inherits_technical_debt", True, sentence, match)
    if match := _RESEARCH.search(sentence.text):
        yield answer("situation.research_only", True, sentence, match, doubt=_OUR_READING)
