"""Smaller things a posting states: title, employer, degree, certifications, equity, on-call, travel, visa."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from tenfold.catalogue.model import Kind
from tenfold.posting.demand import Wording, demand_of
from tenfold.posting.matching import Match
from tenfold.posting.model import Cited, DegreeDemand, LineKind, PostingReading, SectionKind, SourceText
from tenfold.posting.patterns import Pattern
from tenfold.posting.sections import Layout

_TITLE_LABEL = re.compile(r"^(?:job title|title|position|role|job)\s*:\s*(?P<title>[^\n]{3,120})$", re.IGNORECASE)
_EMPLOYER_LABEL = re.compile(
    r"^(?:employer|company(?: name)?|organi[sz]ation)\s*:\s*(?P<name>[^\n]{2,60}?)\s*$", re.IGNORECASE
)
_CALL = re.compile(
    r"(?:come|join|help|build|want|let['’]s|be|do\s+you|are\s+you|looking)\b(?!.*[|–—])(?!\s+(?:manager|lead|engineer)\b)",
    re.IGNORECASE,
)
"""“Come run machine learning with me” calls; it names no job."""
_FORM_AT_END = re.compile(r"\b(?:[A-Z]\.){2,}$|\b(?:Inc|Ltd|Corp|Co|LLC|S\.?r\.?l)\.$")
_ROLE_WORD = Pattern("details.role_word")
_HIRING = Pattern("details.hiring")
_ABOUT_EMPLOYER = Pattern("details.about_employer")
_AT_EMPLOYER = Pattern("details.at_employer")
_EQUITY = Pattern("details.equity")
_NOT_EQUITY = Pattern("details.not_equity")
_REFERRAL = re.compile(r"referr\w*\s*(?:program|bonus|award)?", re.IGNORECASE)
_DEGREE = Pattern("details.degree")
_EQUIVALENT = Pattern("details.equivalent")
_ON_CALL = Pattern("details.on_call")
_AT_IN_TITLE = re.compile(
    r"\w\s+(?:@|at|bei|chez)\s+(?P<name>[A-Z][\w&’'.-]*(?:\s+(?:[A-Z][\w&’'.-]*|of|and|&)){0,4})\s*$"
)
NAMED_AGAIN = 2
_EMPLOYER_HEADS = ("company", "company name", "employer", "organisation", "organization")
MOST_NAMES = 6
"""Words of an employer's name."""
_RANKS = ("bachelor", "master", "doctorate")
_ENDS_WITH_OR = re.compile(r"\bor\W*$", re.IGNORECASE)
_NO = re.compile(r"\bno (?:\w+ )?$", re.IGNORECASE)
_TRAVEL = Pattern("details.travel")
_TRAVEL_ASKED = Pattern("details.travel_asked")
_NOT_TRAVEL = Pattern("details.not_travel")
_VISA = Pattern("details.visa")
_LEADERSHIP = Pattern("details.leadership")
_EMPLOYMENT = Pattern("details.employment")
_EMPLOYMENT_KINDS = (
    ("full", "FULL_TIME"),
    ("perm", "FULL_TIME"),
    ("part", "PART_TIME"),
    ("intern", "INTERN"),
    ("temp", "TEMPORARY"),
    ("fixed", "TEMPORARY"),
)


def title_of(source: SourceText) -> Cited[str] | None:
    """The stated title, else the first heading or line that names a job, else the job the text says it hires for."""
    if "title" in source.labels:
        return Cited(source.labels["title"], *_where(source.text, source.labels["title"]))
    lead = source.lines[:12]
    for line in lead:
        labelled = _TITLE_LABEL.match(source.text[line.start : line.end])
        if labelled:
            return Cited(labelled["title"], line.start + labelled.start("title"), line.start + labelled.end("title"))
    for line in lead:
        text = source.text[line.start : line.end]
        if (
            line.kind is not LineKind.BULLET
            and len(text) <= 140
            and (text[-1] not in ".!?:" or _FORM_AT_END.search(text))
            and not _CALL.match(text)
            and (_ROLE_WORD.search(text) or line.level == 1)
        ):
            return Cited(text, line.start, line.end)
    hiring = _HIRING.search(source.text)
    return Cited(hiring["title"], hiring.start("title"), hiring.end("title")) if hiring else None


def employer_of(source: SourceText, title: Cited[str] | None) -> Cited[str] | None:
    """The stated employer, the heading under the title on a board, or the name in "About …" and "At …, we"."""
    if "employer" in source.labels:
        return Cited(source.labels["employer"], *_where(source.text, source.labels["employer"]))
    for line in source.lines[:12]:
        labelled = _EMPLOYER_LABEL.match(source.text[line.start : line.end])
        if labelled:
            return Cited(labelled["name"], line.start + labelled.start("name"), line.start + labelled.end("name"))
    if title is not None:
        after = [line for line in source.lines if line.start > title.start][:2]
        if (
            len(after) == 2
            and after[0].kind is LineKind.HEADING
            and after[0].level == 3
            and "🌎" in source.text[after[1].start : after[1].end] + " "
        ):
            return Cited(source.text[after[0].start : after[0].end], after[0].start, after[0].end)
    for line, below in pairwise(source.lines[:12]):
        name = source.text[below.start : below.end]
        is_label = line.kind is LineKind.HEADING and source.text[line.start : line.end].casefold() in _EMPLOYER_HEADS
        if is_label and below.kind is LineKind.PARAGRAPH and len(name.split()) <= MOST_NAMES and name[-1] not in ".!?":
            return Cited(name, below.start, below.end)
    if title is not None and (named := _at_the_end(source.text, title)):
        return named
    for line in source.lines:
        if line.kind is LineKind.HEADING and (found := _ABOUT_EMPLOYER.match(source.text[line.start : line.end])):
            return Cited(found["name"], line.start + found.start("name"), line.start + found.end("name"))
    found = _AT_EMPLOYER.search(source.text)
    return Cited(found["name"], found.start("name"), found.end("name")) if found else None


def _at_the_end(text: str, title: Cited[str]) -> Cited[str] | None:
    """“ML Platform Engineer at Juniper & Rye” names the employer where the text speaks of that name again."""
    found = _AT_IN_TITLE.search(title.value)
    if found is None or text.count(found["name"]) < NAMED_AGAIN:
        return None
    return Cited(found["name"], title.start + found.start("name"), title.start + found.end("name"))


def degree_of(source: SourceText, layout: Layout) -> DegreeDemand | None:
    """The degree asked of everyone; one that is only preferred, where there is no other."""
    silent = (SectionKind.EEO, SectionKind.BENEFITS, SectionKind.ABOUT, SectionKind.PAY)
    found: list[DegreeDemand] = []
    for index in layout.lines_with(_DEGREE):
        kind, text, offset = layout.kinds[index], layout.texts[index], source.lines[index].start
        match = _lowest_degree(text, layout.wording(index)) if kind not in silent else None
        if match is not None:
            section = kind if kind is SectionKind.NICE and not _ends_a_list(source, index) else SectionKind.MUST
            asked = demand_of(text, layout.wording(index), section, match.start(), match.end())
            start, end = offset + match.start(), offset + match.end()
            counts_instead = _EQUIVALENT.search(_with_alternative(layout, index)) or _YEARS_INSTEAD.search(
                text[: match.start()]
            )
            found.append(DegreeDemand(_degree_name(match.group()), asked, bool(counts_instead), start, end))
    return min(found, key=lambda degree: degree.demand == "nice", default=None)


def _ends_a_list(source: SourceText, index: int) -> bool:
    """A sentence below the last bullet says something of its own: it is no item of “nice to have”."""
    return (
        index > 0 and source.lines[index].kind is LineKind.PARAGRAPH and source.lines[index - 1].kind is LineKind.BULLET
    )


def _lowest_degree(text: str, words: Wording) -> re.Match[str] | None:
    """Of the degrees that the first sentence on one offers, the lowest: of “PhD, MS or bachelor's” the bachelor's."""
    first = _DEGREE.search(text)
    if first is None:
        return None
    soft = words.is_soft(first.start(), first.end())
    end = words.sentence_at(first.start())[1]
    offered = [found for found in _DEGREE.finditer(text, first.start(), end) if _degree_name(found.group()) in _RANKS]
    same = [found for found in offered if words.is_soft(found.start(), found.end()) == soft]
    return min(same, key=lambda found: _RANKS.index(_degree_name(found.group())), default=first)


def _with_alternative(layout: Layout, index: int) -> str:
    """The line, with its neighbour where an “or” between them makes the two alternatives."""
    text = layout.texts[index]
    below = layout.texts[index + 1] if index + 1 < len(layout.texts) else ""
    goes_on = _ENDS_WITH_OR.search(text) or below.lower().startswith("or ")
    return f"{text} {below}" if goes_on else text


def is_still_studied(reading: PostingReading) -> bool:
    """Whether the degree demanded is one that the person is studying for, as interns do: nothing counts instead."""
    degree = reading.degree
    if degree is None:
        return False
    start = reading.text.rfind("\n", 0, degree.start) + 1
    return _STUDIES.search(reading.text, max(start, degree.start - LOOK_BACK), degree.start) is not None


LOOK_BACK = 80
_YEARS_INSTEAD = re.compile(r"\byears?\b[^.;]*\bor\s+\d+\s*\+?[^.;]*\bwith\s+an?\s*$", re.IGNORECASE)
"""“8+ years, or 6+ years with an advanced degree”: the longer time counts instead."""
_STUDIES = re.compile(
    r"\b(?:pursuing|enrol+ed|studying|working towards?|(?:current|currently|final[- ]year|penultimate[- ]year)\b[^.;]*|"
    r"students?|eingeschrieben\w*|immatrikuliert\w*|inscrite?)\b[^.;]*\Z",
    re.IGNORECASE,
)


def _degree_name(words: str) -> str:
    lower = words.lower()
    if lower.startswith(("ph", "doc")):
        return "doctorate"
    if lower.startswith("m"):
        return "master"
    return "bachelor" if lower.startswith("b") else "degree"


def certifications_of(matches: Sequence[Match]) -> tuple[Cited[str], ...]:
    found = {match.skill.id: match for match in reversed(matches) if match.skill.kind is Kind.CERTIFICATION}
    return tuple(Cited(match.skill.id, match.start, match.end) for match in reversed(found.values()))


def equity_or_bonus_of(source: SourceText, layout: Layout) -> Cited[bool] | None:
    """Equity, shares, options or a bonus as part of pay."""
    for index in layout.lines_with(_EQUITY):
        if layout.kinds[index] is SectionKind.HEADER or (
            index in layout.heads and layout.kinds[index] is SectionKind.NICE
        ):
            continue
        line = source.lines[index]
        for match in _EQUITY.finditer(source.text, line.start, line.end):
            if _is_reward(source.text, match, line.start):
                return Cited(value=True, start=match.start(), end=match.end())
    return None


def _is_reward(text: str, match: re.Match[str], line_start: int) -> bool:
    before = text[max(line_start, match.start() - 26) : match.start()]
    around = before[-18:] + text[match.end() : match.end() + 10]
    is_bonus = match.group().lower().startswith("bonus")
    is_referral = is_bonus and (_REFERRAL.search(around) or _REFERRAL.search(text[match.end() : match.end() + 24]))
    if is_bonus and match.start() == line_start and text[match.end() : match.end() + 1] in ("\n", "", ":"):
        return False
    return not is_referral and not _NOT_EQUITY.search(before)


def on_call_of(source: SourceText, layout: Layout) -> Cited[bool] | None:
    """Whether the job is on call; False where the posting says that it is not."""
    found = _first(source, layout, _ON_CALL)
    if found is None:
        return None
    denied = _NO.search(source.text, max(0, found[0] - 16), found[0])
    return Cited(value=denied is None, start=found[0], end=found[1])


def leadership_of(source: SourceText, layout: Layout) -> Cited[bool] | None:
    found = _first(source, layout, _LEADERSHIP)
    return Cited(True, *found) if found else None


def travel_of(source: SourceText, layout: Layout) -> Cited[str] | None:
    """What the posting says about travel for the job: the whole sentence."""
    for index in layout.lines_with(_TRAVEL):
        if layout.kinds[index] in (SectionKind.EEO, SectionKind.BENEFITS, SectionKind.ABOUT):
            continue
        for low, high in layout.wording(index).sentences:
            sentence = layout.texts[index][low:high]
            if _TRAVEL.search(sentence) and _TRAVEL_ASKED.search(sentence) and not _NOT_TRAVEL.search(sentence):
                offset = source.lines[index].start
                return Cited(sentence.strip(), offset + low, offset + high)
    return None


def visa_of(source: SourceText, layout: Layout) -> Cited[str] | None:
    """What the posting says about visas, sponsorship, citizenship or the right to work: the whole sentence."""
    for index in layout.lines_with(_VISA):
        found = _VISA.search(layout.texts[index])
        if found is not None:
            low, high = layout.wording(index).sentence_at(found.start())
            offset = source.lines[index].start
            return Cited(layout.texts[index][low:high].strip(), offset + low, offset + high)
    return None


def employment_type_of(source: SourceText, layout: Layout) -> Cited[str] | None:
    """As schema.org names it."""
    found = _first(source, layout, _EMPLOYMENT)
    if found is None:
        stated = source.labels.get("employment_type")
        return Cited(stated, 0, 0) if stated else None
    words = source.text[found[0] : found[1]].lower()
    kind = next((kind for start, kind in _EMPLOYMENT_KINDS if words.startswith(start)), "CONTRACTOR")
    return Cited(kind, *found)


def benefits_of(source: SourceText, layout: Layout) -> tuple[Cited[str], ...]:
    """Lines of the benefits sections."""
    return tuple(
        Cited(source.text[line.start : line.end], line.start, line.end)
        for index, line in enumerate(source.lines)
        if layout.kinds[index] is SectionKind.BENEFITS and line.kind is LineKind.BULLET
    )


def _first(
    source: SourceText, layout: Layout, pattern: Pattern, wanted: Callable[[str], bool] | None = None
) -> tuple[int, int] | None:
    for index in layout.lines_with(pattern):
        if layout.kinds[index] in (SectionKind.EEO, SectionKind.BENEFITS):
            continue
        line = source.lines[index]
        found = pattern.search(source.text, line.start, line.end)
        if found is not None and (wanted is None or wanted(found.group())):
            return found.span()
    return None


def _where(text: str, words: str) -> tuple[int, int]:
    at = text.find(words)
    return (at, at + len(words)) if at >= 0 else (0, 0)
