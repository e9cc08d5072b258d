"""What a posting says of the work and what comes with it: scope, on-call, bonus, equity, benefits, growth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tenfold.kit.expressions import Expression
from tenfold.posting.stated.phrases import (
    Sentence,
    StatedAnswer,
    answer,
    count_of,
    number_of,
    share_of,
    to_regex,
)

_INFRA = r"(?:infrastructure|infra|platform|operations|ops|devops|plattform\w*|infrastruktur\w*|betrieb)"
_ML = r"(?:machine[\s-]learning|ml\b|modelling|modeling|models?\b|data\s+science|modellierung|modellentwicklung)"
_OF_IT = (
    r"(?:of\s+(?:it|(?:the|your|their|its|our)\s+(?:\w+\s+)?(?:job|role|work|time|week|days?))\s+)?"
    r"(?:(?:is|are|goes\s+(?:in)?to|will\s+be|concerns?|involves?|covers?|on|in|for|to)\s+)?(?:the\s+)?"
)
_SCOPES = (
    (
        to_regex(rf"(?P<a><SHARE>)\s*{_OF_IT}{_INFRA}[^.;]{{0,40}}?(?P<b><SHARE>)\s*{_OF_IT}{_ML}"),
        False,
    ),
    (to_regex(rf"(?P<a><SHARE>)\s*{_OF_IT}{_ML}[^.;]{{0,40}}?(?P<b><SHARE>)\s*{_OF_IT}{_INFRA}"), True),
)
_NAMED_FIRST = to_regex(
    rf"\b{_INFRA}(?:\s+work)?\s+(?:makes\s+up|is|takes|fills|accounts\s+for|:)?\s*<ABOUT>(?P<a><SHARE>)[^.;%]{{0,30}}?"
    rf"{_ML}\s+(?:makes\s+up|is|takes|fills|accounts\s+for|the\s+other|:)?\s*<ABOUT>(?P<b><SHARE>)"
)
_IN_FIGURES = to_regex(rf"\b{_INFRA}\s*:?\s*(?P<a>\d{{1,2}})\s*%?\s*[/,;|–-]\s*{_ML}\s*:?\s*(?P<b>\d{{1,2}})\b(?!\s*%)")
_SPLIT = to_regex(r"(?<![\d/])(?P<a>[1-9][05])\s?[/:]\s?(?P<b>[1-9][05])(?![\d/:])")
_EVENLY = Expression(
    rf"\b(?:evenly|equally)\b[^.;]{{0,60}}{_INFRA}[^.;]{{0,40}}{_ML}|\b(?:evenly|equally)\b"
    rf"[^.;]{{0,60}}{_ML}[^.;]{{0,40}}{_INFRA}"
    rf"|\bequal\s+parts\s+(?:{_INFRA}|{_ML})",
    re.IGNORECASE,
)
_NO_REPORTS = Expression(
    r"\b(?:no\s+(?:direct\s+)?reports\b|(?:won['’]?t|will\s+not|don['’]?t|do\s+not|not|you|to)\s+manage"
    r"\s+(?:(?<=not\smanage\s)(?:anyone|people|anybody)|(?<=n['’]t\smanage\s)(?:anyone|people|anybody)|nobody|no\s+one)|individual[\s-]contributor\s+(?:role|position)"
    r"|\b(?:not|no|without|nor)\s+(?:\w+\s+){0,2}(?:line|people|personnel)[\s-]management|(?:keine|ohne)\s+(?:personal|führungs)verantwortung"
    r"|not\s+(?:their|a\s+people|a\s+line)\s+manager|without\s+(?:people|line)\s+management)",
    re.IGNORECASE,
)
_REPORTS = to_regex(
    r"\b(?:manage|managing|line[\s-]manage|lead\s+and\s+manage)\s+(?:a\s+team\s+of"
    r"\s+)?<ABOUT>(?P<n><N>)\s+(?:\w+\s+)?(?:engineers?|engrs?|developers?|devs|people|reports?)|(?P<m><N>)\s+direct"
    r"\s+reports|\bdirect\s+reports\s*:\s*(?P<p><N>)|\b(?:lead|head|run|manage)\s+(?:an?|the)\s+(?:\w+\s+)?(?:squad|team|group)\s+of\s+(?P<o><N>)\b[^.;]{0,40}?"
    r"\breport(?:s|ing)?\s+to\s+you\b"
)
_ON_CALL_TOPIC = Expression(
    r"\bon[\s-]?call\b|\brotation\b|\bstand-?by\b|\bpager|rufbereitschaft|bereitschaftsdienst|\bastreintes?\b|\bguardias?\b"
)
_ON_CALL = Expression(
    r"\bon[\s-]?call|pager|rotation|paged\b|stand-?by|rufbereitschaft|bereitschaftsdienst|\bastreintes?\b|\bguardias?\b",
    re.IGNORECASE,
)
_NO_ON_CALL = Expression(
    r"\b(?:no|without|never\s+any|free\s+of|zero)\s+(?:regular\s+)?on[\s-]?call|\bnot"
    r"\s+(?:part\s+of\s+)?(?:an?\s+|the\s+)?on[\s-]?call|on[\s-]?call\s*:\s*(?:none|no)\b",
    re.IGNORECASE,
)
_ALL_DAY = Expression(r"24\s?[/x×]\s?7|a?round[\s-]the[\s-]clock|day\s+and\s+night|24\s+hours", re.IGNORECASE)
_OFFICE_HOURS = Expression(r"\b(?:business|office|working)\s+hours(?:\s+only)?\b", re.IGNORECASE)
_EXTENDED = Expression(
    r"\b(?:extended\s+hours|not\s+at\s+night|no\s+nights|evenings?|weekends?|from"
    r"\s+\d{1,2}(?::\d\d)?\s*(?:am)?\s+(?:to|until)\s+\d{1,2}|\d{1,2}(?:[:.]\d\d)?\s*am\s*(?:to|until|[-–])\s*"
    r"(?:[7-9]|1[01])(?:[:.]\d\d)?\s*pm|\b0?[6-9](?:[:.]\d\d)?\s*(?:bis|[-–])\s*(?:19|2[0-3])(?:[:.]\d\d)?\s*uhr|\b0?[6-9](?:[:.]\d\d)?\s*(?:to|until|[-–])\s*(?:19|2[0-3])(?:[:.]\d\d)?\s*h\b|\b0?[6-9][:.]\d\d\s*(?:to|until|[-–])\s*(?:19|2[0-3])[:.]\d\d)",
    re.IGNORECASE,
)
_NEGATED_HOURS = Expression(r"\b(?:no|not|never|outside(?:\s+of)?|without)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_IN_ROTATION = (
    to_regex(r"(?P<n><N>)\s+(?:people|persons|engineers|colleagues|of\s+us)\s+in\s+(?:all|total)\b"),
    to_regex(
        r"\brota(?:tion)?\s+(?:of|has|with|includes|counts|between|among|across|shared\s+by)"
        r"\s+<ABOUT>(?P<n><N>)\b(?!\s*(?:hours?|days?|weeks?|%))"
    ),
    to_regex(r"\b(?:shared|split|rotates?|rotating)\s+(?:by|between|among|across|amongst)\s+<ABOUT>(?P<n><N>)\b"),
    to_regex(r"\b(?:one\s+week|1\s+week|once)\s+(?:in|every|out\s+of)\s+(?P<n><N>)(?:\s+weeks)?\b"),
    to_regex(r"(?<![\d/])\b1[\s-]in[\s-](?P<n><N>)\b"),
    to_regex(r"(?P<n><N>)[\s-](?:person|people|engineers?)\s+(?:on[\s-]?call\s+)?rotation\b"),
    to_regex(r"\bevery\s+(?P<n><N>)(?:th)?\s+weeks?\b"),
    to_regex(
        r"(?P<n><N>)\s+(?:\w+\s+){0,2}?(?:people|colleagues|engineers?|persons|of\s+us)\s+(?:are\s+|is\s+)?"
        r"(?:shares?|in|on|take\s+turns)\b(?:\s+(?:in|on))?(?:\s+(?:the|a|one|our))?(?:\s+(?:on[\s-]?call|pager))?"
        r"(?:\s+(?:rotation|rota|pager|on[\s-]?call)|(?=\s*[,.;]|$))"
    ),
    to_regex(
        r"(?P<n><N>)\s+(?:people|colleagues|engineers?|of\s+us)\s+(?:rotate|alternate|take\s+turns|(?:trade|swap|share)\s+(?:weeks|shifts|duty))\b"
    ),
    to_regex(r"\brotation\s*:[^.]{0,40}?(?<![\d/x×])(?P<n><N>)\s+(?:people|colleagues|engineers?|persons)\b"),
)
_SECOND = Expression(
    r"\b(?:secondary|back-?up|deputy|second\s+(?:engineer|person|contact|line)|shadow)\b", re.IGNORECASE
)
_SOME_PEOPLE = to_regex(r"(?P<n><N>)\s+(?:\w+\s+)?(?:people|colleagues|engineers|persons|of\s+us|personen|kolleg\w+)\b")
_EXISTS = Expression(r"\b(?:does\s+not|doesn['’]t)\s+exist\b|\bwhen\s+it\s+does\b|\bthere\s+is\s+none\b", re.IGNORECASE)
_PAGES = to_regex(
    r"(?:fewer|less)\s+than\s+(?P<n><N>)\s+(?:pages?|alerts?|calls?)|(?P<m><N>)\s+(?:pages?"
    r"|alerts?|call-?outs?|alarms?|incidents?)\s+(?:per|a|each|every)\s+(?:shift|week|day|night)"
)
_PAID = Expression(
    r"\b(?:vergütet|vergütung|bezahlt|zulage|rémunérée?s?|paid|pay|compensat\w*|remunerat\w*|allowance|time\s+off\s+in\s+lieu|toil|half\s+a"
    r"\s+day\s+off|day\s+off|stipend|bonus|extra)\b"
    r"|(?:[$€£]|CHF|USD|EUR|GBP|NOK|SEK|DKK|AUD|CAD|NZD|PLN|CZK|INR|SGD)\s?\d",
    re.IGNORECASE,
)
_UNPAID = Expression(
    r"\b(?:not|un)\s?(?:paid|compensated)|\bnicht\s+(?:\w+\s+)?(?:vergütet|bezahlt)|\bunbezahlt|no\s+(?:extra\s+)?(?:pay|compensation)",
    re.IGNORECASE,
)
_BONUS = (
    to_regex(
        r"(?<![\d.,])(?P<s>\d{1,2}(?:[.,]\d+)?)\s?(?:%|percent|per\ cent)\s+(?:annual\s+|target"
        r"\s+|yearly\s+|performance\s+|discretionary\s+|on-target\s+|cash\s+){0,3}bonus"
    ),
    to_regex(
        r"\b(?:bonus|(?:annual|yearly|target)\s+incentive)\s*(?:\(\s*)?(?:target\s*)?(?:of\s+|is\s+|von\s+|:\s*)?"
        r"(?:(?:up\s+to|bis\s+zu)\s+)?(?P<s>\d{1,2}(?:[.,]\d+)?)\s?(?:%|percent)"
    ),
)
_NO_BONUS = Expression(
    r"\b(?:do\s+not|don['’]t)\s+(?:pay|offer)\s+(?:an?y?\s+)?bonus(?:es)?\b|\bno\s+(?:cash\s+|annual\s+)?bonus(?:es)?\b|\bwithout\s+(?:a\s+)?bonus\b",
    re.IGNORECASE,
)
_NO_EQUITY = Expression(
    r"\b(?:no|neither)\s+(?:company\s+|employee\s+)?(?:equity|shares|stock(?:\s+options)?|options)\b"
    r"|\b(?:do\s+not|don['’]t)\s+(?:offer|grant|give)\s+(?:any\s+)?(?:equity|shares|stock|options)\b",
    re.IGNORECASE,
)
_INSTRUMENT = (
    (
        Expression(
            r"\bISOs\b(?=\s+over\b)|\bISOs?\b(?=[^.;]{0,40}\b(?:options|equity|vest))|\boptions?\b[^.;]{0,30}\bISOs?\b"
            r"|\bincentive\s+stock\s+options?\b"
        ),
        "iso",
    ),
    (Expression(r"\bNSOs?\b|\bNQSOs?\b|\bnon-?qualified\s+stock\s+options?\b", re.IGNORECASE), "nso"),
    (Expression(r"\bRSUs?\b|\brestricted\s+(?:stock|shares?)(?:\s+units?)?\b", re.IGNORECASE), "rsu"),
    (
        Expression(
            r"\bphantom\s+(?:shares|stock)\b|\bVSOPs?\b|\bvirtual\s+(?:shares|options)\b|\bBSP?CEs?\b|\b(?:share|stock)\s+warrants?\b"
            r"|\bEMI\s+(?:share\s+)?options?\b|\bESOPs?\b",
            re.IGNORECASE,
        ),
        "other",
    ),
)
_GRANTED = (
    to_regex(r"(?P<n><N>)\s+(?:stock\s+|share\s+|phantom\s+|virtual\s+)?(?:options|shares|RSUs|units)\b"),
    to_regex(
        r"\b(?:RSUs?|stock\s+units?|shares)\s+(?:worth|valued\s+at|of)\s+(?:[$€£]|USD|EUR|GBP"
        r"|CHF)\s?(?P<n>\d[\d,.'’]*)(?P<k>k)?\b"
    ),
    to_regex(
        r"(?:[$€£]|USD|EUR|GBP|CHF|NOK|SEK|DKK|AUD|CAD|NZD|PLN|CZK|INR|SGD)\s?(?P<n>\d[\d,.'’]*)(?P<k>k)?\s+(?:in|of)\s+(?:RSUs?"
        r"|restricted\s+stock|stock|shares)"
    ),
)
_VESTS = to_regex(
    r"\bvest\w*\s+(?:\w+\s+)?(?:over|in)\s+(?P<n><N>)\s+years?|(?P<m><N>)[\s-](?:years?|yrs?)\s+(?:of\s+)?vest(?:ing)?"
    r"|\b(?:ISOs|RSUs|BSPCEs?|options|equity|stock|shares)\s+over\s+(?P<o><N>)\s+years?"
)
_LEARNS = (
    r"(?:learn\w*|training|tuition|education|conferences?|courses?|certifications?"
    r"|professional\s+development|books|study|(?:weiter|fort)bildung\w*|formation|formación)"
)
_BUDGET = (
    to_regex(rf"(?P<n>\d[\d,.'’]*)(?P<k>k)?\s?(?:€|EUR\b|CHF\b)\s+(?:[\w-]+\s+){{0,3}}{_LEARNS}"),
    to_regex(
        rf"(?:[$€£]|USD|EUR|GBP|CHF|NOK|SEK|DKK|AUD|CAD|NZD|PLN|CZK|INR|SGD)\s?(?P<n>\d[\d,.'’]*)(?P<k>k)?(?:[^.;]|p\.\s?a\.){{0,40}}?\b{_LEARNS}"
    ),
    to_regex(
        rf"\b{_LEARNS}[^.;]{{0,60}}?(?:[$€£]|USD|EUR|GBP|CHF|NOK|SEK|DKK|AUD|CAD|NZD|PLN|CZK|INR|SGD)\s?(?P<n>\d[\d,.'’]*)(?P<k>k)?"
    ),
)
_LEARNING_TIME = to_regex(
    r"(?P<s>\d{1,2})\s?(?:%|percent|per\ cent)\s+(?:of\s+)?(?:your\s+|the\s+|their"
    r"\s+)?(?:working\s+|work\s+)?(?:time|week|hours)[^.;]{0,40}?(?:learn\w*|own\s+projects"
    r"|side\s+projects|open[\s-]source|research|training|personal\s+development"
    r"|experiment\w*)?"
)
_LEARNING_DAYS = to_regex(
    r"\b(?:(?P<half>half\s+a\s+day)|(?P<day>one\s+day|a\s+day))\s+(?P<often>(?:a|per|every|each|every\s+other|every"
    r"\s+second)\s+(?:week|fortnight|month))\b|\bone\s+day\s+in\s+(?P<in><N>)\b|\bevery\s+(?P<other>other\s+|second\s+)?(?P<week>friday|thursday|wednesday)\b"
)
_TWENTY_PERCENT = Expression(r"\b(\d{1,2})\s?%\s+time\b", re.IGNORECASE)
_REVIEWED = Expression(
    r"\b(?:look\s+at|revisit|check)\s+(?:\w+['’]s\s+|your\s+|all\s+|every\s+){0,2}(?:salar(?:y|ies)|pay)\b[^.;]{0,40}|"
    r"\b(?:salar(?:y|ies)|pay|compensation)\b[^.;]{0,30}?\b(?:review(?:ed|s)?|adjust(?:ed|ments?))\b[^.;]{0,50}",
    re.IGNORECASE,
)
_PROMOTED = Expression(
    r"\b(?:promotion|career|level(?:ling|ing)?)\s+(?:reviews?|rounds?|cycles?|conversations?)\b[^.;]{0,40}",
    re.IGNORECASE,
)
_ONE_ON_ONE = Expression(r"\b(?:one[\s-](?:to|on)[\s-]ones?|1[:\s-](?:on[\s-])?1s?)\b", re.IGNORECASE)
_EVERY = to_regex(r"\bevery\s+(?P<n><N>)?\s*(?P<unit>weeks?|months?|years?)|\b(?P<n2><N>)\s+times\s+(?:a|per)\s+year")
_OFTEN = (
    (r"\b(?:twice\s+a\s+year|half[\s-]yearly|semi-?annual\w*|every\s+half[\s-]year|bi-?annual\w*)", 6, "months"),
    (r"\bquarterly|every\s+quarter", 3, "months"),
    (
        (
            r"\b(?:annual\w*|yearly|once\s+a\s+year|each\s+year|(?:every|each)\s+(?:january|february|march"
            r"|april|may|june|july|august|september|october|november|december|spring|autumn|fall))"
        ),
        12,
        "months",
    ),
    (r"\b(?:fortnightly|bi-?weekly)", 2, "weeks"),
    (r"\bweekly|each\s+week", 1, "weeks"),
    (r"\bmonthly|each\s+month", 1, "months"),
)
_BASIS = Expression(
    r"\b(?:from|by|per|under|on|in|with|following|according\s+to)\s+(?:our|the|a|an)?"
    r"\s*(?P<what>(?:published\s+|public\s+)?"
    r"(?:pay\s+scales?|salary\s+(?:bands?|scales?)|pay\s+bands?|collective\s+agreement|wage"
    r"\s+agreement|pay\s+grades?))\b"
    r"|\b(?:by\s+reference\s+to|based\s+on|against|according\s+to)\s+(?:\w+\s+){0,2}?(?P<market>market\s+(?:surveys?|data|benchmarks?))\b"
    r"|\b(?:range|it|pay|scale|figures?)\b[^.;]{0,30}?\b(?:set|comes?|based|taken|rests?|benchmarked|checked)\b[^.;]{0,30}?"
    r"\b(?P<survey>(?:salary|pay|compensation|market)\s+(?:surveys?|benchmarks?))\b"
    r"|\b(?P<scale>full\s+(?:pay\s+)?scale)\b"
    r"|(?<=\()(?P<named>(?:national\s+)?collective\s+agreement|pay\s+scale|(?:salary|pay)\s+bands?)\b",
    re.IGNORECASE,
)
_NOT_A_BENEFIT = Expression(
    r"\b(?:base\s+(?:salary|pay)|salar(?:y|ies)\s+(?:are|is|range)|gross|bonus|stock|equity"
    r"|options|RSUs?|shares|one[\s-](?:to|on)[\s-]ones?|1:1s?|"
    r"apply\s+by|accommodations?\s*:|applications?\s+close)\b|(?:[$€£]|CHF|EUR|USD|GBP)"
    r"\s?\d{2,3}[\d,.'’]*\d\s*(?:k\b)?\s*(?:–|-|to)",
    re.IGNORECASE,
)
_BENEFIT_TOPIC = Expression(
    r"\b(?:benefits?|perks?|package|life\s+here|the\s+rest|what\s+comes\s+with\s+it"
    r"|what\s+(?:we|you)\s+(?:offer|get|give(?:\s+you)?)|we\s+give|we\s+offer|our\s+offer|what['’]s\s+in\s+it"
    r"|(?:the|our)\s+(?:deal|offer)|on\s+offer|what\s+(?:i|we)\s+can\s+(?:offer|give)|what\s+(?:else\s+)?(?:do|would|will)\s+(?:i|you)\s+get)\b"
    r"|^(?:terms(?:\s+and\s+conditions)?|offer|money(?:\W.*)?)$"
)
_LEADS_IN = re.compile(
    r"^.{0,60}?\b(?:receive|include|get|offer|have|enjoy|along\s+with|are)s?\b:?\s+(?=\S)(?!.*\balong\s+with\b)",
    re.IGNORECASE,
)
_AND_MORE = Expression(r"(?:and\s+)?(?:so\s+)?(?:much\s+)*(?:more|much|others?|etc)", re.IGNORECASE)
_GIVES = Expression(
    r"\b(?:you(?:['’]ll|\s+will)?\s+(?:also\s+)?(?:get|receive|enjoy|have)|we\s+(?:also\s+)?(?:offer|pay\s+for|provide|give))\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^[^\W\d][\w’'&/ -]{2,30}(?::|\.)\s+(?=\S)")
_PARTS = re.compile(r",\s+(?:and\s+|plus\s+)?|;\s+|\s+and\s+(?=(?:an?|the|our)\s)|\s+plus\s+(?=an?\s)")
MAX_BENEFITS = 20
MAX_WORDS = 14


def work_answers(told: tuple[Sentence, ...]) -> Iterator[StatedAnswer]:
    """Scope, people managed, on-call, what comes with base pay, and how people grow."""
    for sentence in told:
        yield from _scope(sentence)
        yield from _people_managed(sentence)
        yield from _on_call(sentence)
        yield from _bonus(sentence)
        yield from _equity(sentence)
        yield from _growth(sentence)
    yield from _benefits(told)


def _scope(sentence: Sentence) -> Iterator[StatedAnswer]:
    for pattern, is_ml_first in _SCOPES:
        match = pattern.search(sentence.text)
        if match and round(share_of(match["a"]) + share_of(match["b"])) == 100:
            yield answer("role.scope", share_of(match["b" if is_ml_first else "a"]), sentence, match)
            return
    if match := _NAMED_FIRST.search(sentence.text):
        share = share_of(match["a"])
        if round(share + share_of(match["b"])) == 100:
            yield answer("role.scope", share, sentence, match)
            return
    if match := _EVENLY.search(sentence.text):
        yield answer("role.scope", 50.0, sentence, match)
        return
    figures = _IN_FIGURES.search(sentence.text)
    if figures and int(figures["a"]) + int(figures["b"]) == 100:
        yield answer("role.scope", float(figures["a"]), sentence, figures)
        return
    split = _SPLIT.search(sentence.text)
    if split and int(split["a"]) + int(split["b"]) == 100 and re.search(_INFRA, sentence.text, re.IGNORECASE):
        yield answer("role.scope", _infrastructure_of(sentence.text, split), sentence, split)


def _infrastructure_of(text: str, split: re.Match[str]) -> float:
    """Which side is infrastructure: what is named first after the figures, or before them."""
    infra, ml = re.search(_INFRA, text, re.IGNORECASE), re.search(_ML, text, re.IGNORECASE)
    first = "a" if ml is None or (infra is not None and infra.start() < ml.start()) else "b"
    if infra is not None and re.search(r"\b(?:mostly|mainly|more)\s+" + _INFRA, text, re.IGNORECASE):
        return float(max(int(split["a"]), int(split["b"])))
    return float(split[first])


def _people_managed(sentence: Sentence) -> Iterator[StatedAnswer]:
    if match := _NO_REPORTS.search(sentence.text):
        yield answer("role.people_managed", 0, sentence, match)
    elif match := _REPORTS.search(sentence.text):
        yield answer(
            "role.people_managed", count_of(next(filter(None, match.group("n", "m", "o", "p")))), sentence, match
        )


def _on_call(sentence: Sentence) -> Iterator[StatedAnswer]:
    about = bool(_ON_CALL_TOPIC.search(sentence.topic))
    if match := _NO_ON_CALL.search(sentence.text):
        yield answer("on_call", "none", sentence, match)
        return
    if (not about and not _ON_CALL.search(sentence.text)) or _EXISTS.search(sentence.text):
        return
    yield from _hours(sentence)
    for pattern in _IN_ROTATION:
        if match := pattern.search(sentence.text):
            yield answer("on_call.people", count_of(match["n"]), sentence, match)
            break
    else:
        if about and (match := _SOME_PEOPLE.search(sentence.text)):
            yield answer("on_call.people", count_of(match["n"]), sentence, match)
    if match := _SECOND.search(sentence.text):
        yield answer("on_call.with_secondary", True, sentence, match)
    if match := _PAGES.search(sentence.text):
        yield answer("on_call.pages_per_shift", number_of(match["n"] or match["m"]), sentence, match)
    if match := _UNPAID.search(sentence.text):
        yield answer("on_call.compensated", False, sentence, match)
    elif match := _PAID.search(sentence.text):
        yield answer("on_call.compensated", True, sentence, match)


def _hours(sentence: Sentence) -> Iterator[StatedAnswer]:
    for pattern, hours in ((_ALL_DAY, "24x7"), (_EXTENDED, "extended"), (_OFFICE_HOURS, "business-hours")):
        match = pattern.search(sentence.text)
        if match and not _NEGATED_HOURS.search(sentence.text[: match.start()]):
            yield answer("on_call.hours", hours, sentence, match)
            return


def _bonus(sentence: Sentence) -> Iterator[StatedAnswer]:
    for pattern in _BONUS:
        if match := pattern.search(sentence.text):
            yield answer("pay.bonus_percent", number_of(match["s"]), sentence, match)
            return
    if match := _NO_BONUS.search(sentence.text):
        yield answer("pay.bonus_percent", "none", sentence, match)
    if match := _BASIS.search(sentence.text):
        yield answer(
            "pay.range_basis",
            next(filter(None, match.group("what", "named", "market", "survey", "scale"))),
            sentence,
            match,
        )


def _equity(sentence: Sentence) -> Iterator[StatedAnswer]:
    if match := _NO_EQUITY.search(sentence.text):
        yield answer("pay.equity", "none", sentence, match)
        return
    for pattern, instrument in _INSTRUMENT:
        if match := pattern.search(sentence.text):
            yield answer("pay.equity.instrument", instrument, sentence, match)
            break
    for pattern in _GRANTED:
        if match := pattern.search(sentence.text):
            yield answer("pay.equity.amount", _amount(match), sentence, match)
            break
    if match := _VESTS.search(sentence.text):
        yield answer(
            "pay.equity.vesting_years", number_of(next(filter(None, match.group("n", "m", "o")))), sentence, match
        )


def _amount(match: re.Match[str]) -> float:
    factor = 1_000 if match.groupdict().get("k") else 1
    return number_of(match["n"].rstrip(".,'’")) * factor


def _growth(sentence: Sentence) -> Iterator[StatedAnswer]:
    for pattern in _BUDGET:
        match = pattern.search(sentence.text)
        if match and not re.search(r"\b(?:one[\s-]?time|sign)", sentence.text, re.IGNORECASE):
            yield answer("growth.learning_budget", _amount(match), sentence, match)
            break
    if (match := _LEARNING_TIME.search(sentence.text)) and _is_for_learning(sentence):
        yield answer("growth.learning_time", number_of(match["s"]), sentence, match)
    if (match := _LEARNING_DAYS.search(sentence.text)) and _is_for_learning(sentence):
        yield answer("growth.learning_time", _share_of_days(match), sentence, match)
    if (match := _PROMOTED.search(sentence.text)) and (months := _months(match.group())):
        yield answer("growth.promotion_review_months", months, sentence, match)
    if (match := _REVIEWED.search(sentence.text)) and (months := _months(match.group())):
        yield answer("retention.pay_review_months", months, sentence, match)
    if (match := _ONE_ON_ONE.search(sentence.text)) and (weeks := weeks_of(_clause(sentence.text, match))):
        yield answer("retention.one_on_ones_weeks", weeks, sentence, match)


def _share_of_days(match: re.Match[str]) -> float:
    """Percent of working time; a month has twenty-one working days."""
    if match["in"]:
        return round(100 / max(1, count_of(match["in"])), 1)
    if match["week"]:
        return 10.0 if match["other"] else 20.0
    often = match["often"].casefold()
    days = 21 if "month" in often else 10 if "fortnight" in often or "other" in often or "second" in often else 5
    return round(100 * (0.5 if match["half"] else 1.0) / days, 1)


def _is_for_learning(sentence: Sentence) -> bool:
    words = (
        r"\b(?:learn\w*|own\s+(?:\w+\s+)?projects|side\s+projects|open[\s-]source|self-?study|personal\s+development)"
    )
    return bool(re.search(words, sentence.text, re.IGNORECASE))


def _clause(text: str, match: re.Match[str]) -> str:
    """The part between commas and the like around some words."""
    cuts = [0, *(cut.end() for cut in re.finditer(r"[,;()]|\band\b", text)), len(text)]
    low = max(cut for cut in cuts if cut <= match.start())
    return text[low : min(cut for cut in cuts if cut >= match.end())]


def _often(text: str) -> tuple[int, str] | None:
    """How often: a number of weeks or months."""
    for pattern, many, unit in _OFTEN:
        if re.search(pattern, text, re.IGNORECASE):
            return many, unit
    match = _EVERY.search(text)
    if match is None:
        return None
    if match["n2"]:
        return round(12 / max(1, count_of(match["n2"]))), "months"
    many, unit = count_of(match["n"]) if match["n"] else 1, match["unit"].lower()
    return (
        (many * 12, "months") if unit.startswith("year") else (many, "weeks" if unit.startswith("week") else "months")
    )


def _months(text: str) -> int | None:
    often = _often(text)
    return often[0] if often and often[1] == "months" else None


def weeks_of(text: str) -> int | None:
    """How often, in weeks; a month has four."""
    often = _often(text)
    if often is None:
        return None
    return often[0] if often[1] == "weeks" else often[0] * 4


def _benefits(told: tuple[Sentence, ...]) -> Iterator[StatedAnswer]:
    """Bullets under a heading of benefits; where it is a paragraph, the parts of its lists."""
    under = [
        one
        for one in told
        if _BENEFIT_TOPIC.search(one.topic)
        and "to do" not in one.topic
        and one.text.casefold().rstrip(":") != one.topic
    ]
    bullets = [one for one in under if one.is_bullet]
    items = [one.text.strip().rstrip(".,;") for one in bullets if not _NOT_A_BENEFIT.search(one.text)]
    if bullets and items:
        yield StatedAnswer(
            "pay.benefits", items[:MAX_BENEFITS], bullets[0].start, bullets[-1].start + len(bullets[-1].text)
        )
    elif not bullets and under:
        yield from _benefits_in_a_row(under)


def _benefits_in_a_row(under: list[Sentence]) -> Iterator[StatedAnswer]:
    """The parts of every sentence under the heading that is a list, or gives something to whoever works there."""
    kept = [(part, one) for one in under for part in _gifts(one.text)]
    if kept:
        first, last = kept[0][1], kept[-1][1]
        items = list(dict.fromkeys(part for part, _ in kept))
        yield StatedAnswer("pay.benefits", items[:MAX_BENEFITS], first.start, last.start + len(last.text))


def _gifts(text: str) -> Iterator[str]:
    """What one sentence gives: the parts of its list, without pay and without what only leads up to it."""
    if max(text.count(","), text.count(";")) < 2 and not _GIVES.search(text):
        return
    for part in _PARTS.split(_LEADS_IN.sub("", _LABEL.sub("", text))):
        item = part.strip(" .!;,")
        if (
            item
            and not _NOT_A_BENEFIT.search(item)
            and not _AND_MORE.fullmatch(item)
            and len(item.split()) <= MAX_WORDS
        ):
            yield item
