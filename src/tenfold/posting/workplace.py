"""Where the work is done, and the places a posting names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tenfold.law.places import WORLD, PlaceMatch, contains, country_of, read_places, subdivision_of
from tenfold.posting.model import Cited, Line, OpenPlace, PlaceMention, SectionKind, SourceText
from tenfold.posting.patterns import Pattern
from tenfold.posting.sections import Layout

_HYBRID = Pattern("workplace.hybrid")
_REMOTE = Pattern("workplace.remote")
_ONSITE = Pattern("workplace.onsite")
_ABROAD = {name: Pattern(f"workplace.{name}_abroad") for name in ("hybrid", "remote", "onsite")}
_IN_TITLE = re.compile(r"\b(?:remote|hybrid|on-?site)\b(?! sens)", re.IGNORECASE)
_NO_REMOTE = re.compile(
    r"\b(?:not|no|isn['’]t|don['’]t|doesn['’]t|can['’]t|cannot|cannot be|never|kein(?:e|en)?|pas de|sin|sem)\s+"
    r"(?:(?:currently\s+)?(?:offer|support|allow|provide|have)\s+)?"
    r"(?:(?:done|performed|worked|carried out|fulfilled)\s+)?"
    r"(?:a\s+|an\s+|eligible for\s+|open to\s+|available for\s+|suitable for\s+)?(?:fully\s+|100\s?%\s+)?$",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"\W*(?:\w+\W+){0,2}?(?:is|are)\s*(?:n['’]t|not|currently not|unfortunately not)\s+"
    r"(?:available|possible|offered|an option|permitted|supported|allowed|considered)",
    re.IGNORECASE,
)
_BOARD_LINE = re.compile(r"🌎[^\n]*\bremote\b", re.IGNORECASE)
_A_TEAM = re.compile(r"\bremote[- ]team", re.IGNORECASE)
"""Among requirements a remote team is one that somebody has worked with."""
NEAR = 30
_OF_THE_JOB = re.compile(
    r"\b(?:work(?:s|ing|place)?|role|position|job|jobs|fully|100\s?%|first|eligible|home|office|days?|schedule|setting|arrangement|"
    r"setup|candidates?|employees|employment|based|travel|option|li|us|usa|onsite|on-site|self|independently|location|timezone|telecommut\w*)\b",
    re.IGNORECASE,
)
_LEGAL = re.compile(r"without regard|equal opportunit", re.IGNORECASE)
_ONE_CHOICE = Pattern("workplace.one_choice")
_OCCASIONAL = re.compile(
    r"flexible,? remote|personas|in-person (?:team|event|onboarding|meet)|hybrid (?:and|or|/) remote",
    re.IGNORECASE,
)


def workplace_of(source: SourceText, layout: Layout, title: Cited[str] | None) -> Cited[str] | None:
    """`remote`, `hybrid` or `onsite`; the body's word on hybrid beats a board's badge. "Hybrid or remote" is remote."""
    if title is not None and (in_title := list(_IN_TITLE.finditer(title.value))):
        words = {found.group().lower().replace("-", ""): found.span() for found in in_title}
        word = "remote" if "remote" in words else next(iter(words))
        return Cited(word, title.start + words[word][0], title.start + words[word][1])
    hybrid = _first(source, layout, _HYBRID) or _first(source, layout, _ABROAD["hybrid"])
    remote = _first(source, layout, _REMOTE) or _board(source) or _first(source, layout, _ABROAD["remote"])
    choice = _first(source, layout, _ONE_CHOICE)
    if choice is not None:
        return Cited("remote", *choice)
    if hybrid is not None:
        return Cited("hybrid", *hybrid)
    if remote is not None:
        return Cited("remote", *remote)
    onsite = _first(source, layout, _ONSITE) or _first(source, layout, _ABROAD["onsite"])
    if onsite is not None:
        return Cited("onsite", *onsite)
    stated = source.labels.get("workplace", "")
    return Cited(stated, 0, 0) if stated in ("remote", "hybrid", "onsite") else None


def _board(source: SourceText) -> tuple[int, int] | None:
    found = _BOARD_LINE.search(source.text, 0, 2000)
    return found.span() if found else None


def _first(source: SourceText, layout: Layout, pattern: Pattern) -> tuple[int, int] | None:
    for index in layout.lines_with(pattern):
        if layout.kinds[index] is SectionKind.EEO:
            continue
        line = source.lines[index]
        for found in pattern.finditer(source.text, line.start, line.end):
            at = _word_of(found)
            denied = _NO_REMOTE.search(source.text, max(line.start, at - NEAR), at) or _DENIED_AFTER.match(
                source.text, found.end(), line.end
            )
            if layout.kinds[index] in _DEMANDS and _is_of_the_work(pattern, found, line):
                continue
            if pattern.name.startswith(_ONSITE.name) or not denied:
                return found.span()
    return None


def _is_of_the_work(pattern: Pattern, found: re.Match[str], line: Line) -> bool:
    """Among duties and requirements: “hybrid search”, “remote sites” and remote teams that somebody has worked with."""
    if pattern.name not in (_REMOTE.name, _HYBRID.name, _ONE_CHOICE.name):
        return False
    if pattern.name == _REMOTE.name and _A_TEAM.search(found.group()):
        return True
    low, high = max(line.start, found.start() - NEAR), min(line.end, found.end() + NEAR)
    return not _OF_THE_JOB.search(found.string, low, high)


def _word_of(found: re.Match[str]) -> int:
    """Where “remote” itself stands in what was found, which may begin with the words before it."""
    return found.start() + max(0, found.group().lower().rfind("remot"))


_LOCATION_LINE = Pattern("workplace.location_line")
LONGEST_LOCATION_LINE = 400
LONGEST_HEADER_LINE = 160
"""A longer line at the head of a posting tells the employer's story; its places count where it speaks of the job's."""
SHORT_PLACE = 120
_DIGIT = re.compile(r"\d")
_PLACED = (SectionKind.HEADER, SectionKind.PLACE, SectionKind.PAY)
_DEMANDS = (SectionKind.DUTIES, SectionKind.MUST, SectionKind.NICE, SectionKind.STACK)
_OUTRIGHT = re.compile(
    r"\b(?:locations?|based|reside|residing|resident|relocat\w*|live|living|located|offices?|authori[sz]ed|eligible|"
    r"right to work|remote(?:ly)? (?:in|from|within)|on-?site in|hybrid in)\b",
    re.IGNORECASE,
)
_OFFICES = re.compile(
    r"\b(?:headquarter(?:s|ed)\b|(?:our|global|main|\w+) (?:\w+ ){0,2}"
    r"(?:offices|hubs|co-?working spaces) (?:are )?(?:in|within|across|located)|operates? (?:out of|from|in)\b|"
    r"(?:offices|hubs) (?:in|within|across) (?:the )?(?:[\w.]+, ?){2,}|applicants?:|"
    r"wherever you are\b|office spaces? in)",
    re.IGNORECASE,
)
"""Where the employer sits, and notices to applicants of one place; the job may be elsewhere."""
_JOINS = re.compile(r"\s(?:&|and|und|et)\s")
_OTHERS = (
    r"(?:teams?|squads?|colleagues|team-?mates|stakeholders|customers|clients|partners|users"
    r"|(?:we have|with|our) (?:\w+ ){0,3}(?:employees|people|staff|engineers|developers|members))"
)
_OF_OTHERS = re.compile(
    rf"\b{_OTHERS}\b(?:(?!\b(?:must|should|needs?|can|may|will|you|role|position|candidates?|applicants?)\b)[^.;:!?]){{0,60}}?"
    r"\b(?:based|located|sitting|living|spread|distributed|dispersed|scattered|dotted|present)(?: \w+ly| out| both)? "
    r"(?:in|across|throughout|over|around|between)\b",
    re.IGNORECASE,
)
"""Where colleagues and customers are: “joins a team of engineers based in …”."""
_CITIZENS = re.compile(r"\bcitizen(?:s|ship)?\b|\bgreen card\b|\bsecurity clearance\b", re.IGNORECASE)
"""Whose citizens may apply; where they work is said elsewhere."""
_LABEL = re.compile(
    r"\W{0,4}(?:base|(?:job |work |office |primary |candidate )?locations?|(?:dienst|büro)?orte?|"
    r"(?:office|city|country|region)|standplaats|local|lokalizacja|miejsce pracy|plats|"
    r"arbejdssted|arbeidssted|sijainti|ciudad|país|"
    r"cidade|città|ville|pays|stadt|standorte?|arbeitsort|einsatzort|dienstort|"
    r"lieu(?: de travail)?|lugar(?: de trabajo)?|luogo(?: di lavoro)?|localisation|ubicaci[oó]n|"
    r"localiza[cç][aã]o|sede|locatie|based in|where|place of work|work ?place)\W{0,3}\s*[:\-–—]\s*",
    re.IGNORECASE,
)
WORLDWIDE = "001"
"""The world's code in UN M49; ISO 3166 has none."""


@dataclass(frozen=True, slots=True)
class PostedPlaces:
    """The places that a posting names as its own, and those of which it must be asked which is meant."""

    sure: tuple[PlaceMention, ...]
    open: tuple[OpenPlace, ...]


def places_of(source: SourceText, layout: Layout, employer: Cited[str] | None = None) -> PostedPlaces:
    """Places named where a posting says where the job is (title, header, location lines), each once.

    A part of the employer's name (“Juniper & Rye”) is no place where that name is read.
    """
    sure: dict[str, PlaceMention] = {}
    open_: dict[tuple[str, ...], OpenPlace] = {}
    for index, low, high in _stretches_on_place(layout):
        in_place = layout.kinds[index] is SectionKind.PLACE
        text = _without_name(layout.texts[index][low:high], employer)
        _note(sure, open_, text, source.lines[index].start + low, in_place=in_place)
    for place in places_named(source.labels.get("location", "")):
        sure.setdefault(place.id, replace(place, start=0, end=0))
    settled = tuple(place for place in open_.values() if not any(id_ in sure for id_ in place.candidates))
    return PostedPlaces(tuple(_without_offices(source, layout, sure)), settled)


def _without_name(text: str, employer: Cited[str] | None) -> str:
    """The text with a name of several words blanked, so that offsets stay; a town may well be one word of a name."""
    if employer is None or not _JOINS.search(employer.value):
        return text
    return text.replace(employer.value, " " * len(employer.value))


def _stretches_on_place(layout: Layout) -> Iterator[tuple[int, int, int]]:
    """Stretches of lines that say where the job is: whole lines about it, and of other lines the sentences that do."""
    told = {index for index, kind in enumerate(layout.kinds) if kind in _PLACED}
    for index in sorted(told.union(layout.lines_with(_LOCATION_LINE))):
        text, kind = layout.texts[index], layout.kinds[index]
        if kind in (SectionKind.EEO, SectionKind.BENEFITS):
            continue
        if (
            kind is SectionKind.PAY
            and len(text) > SHORT_PLACE
            and not _DIGIT.search(text)
            and not _OUTRIGHT.search(text)
        ):
            continue  # no zone of pay: “people in … who send money home”
        if (index in told and (kind is not SectionKind.HEADER or len(text) < LONGEST_HEADER_LINE)) or "🌎" in text:
            yield index, 0, len(text)
        elif len(text) < LONGEST_LOCATION_LINE:
            for low, high in layout.wording(index).sentences:
                if _is_on_location(text[low:high], kind):
                    yield index, low, high


def _without_offices(source: SourceText, layout: Layout, sure: Mapping[str, PlaceMention]) -> Iterator[PlaceMention]:
    """The places, without the employer's offices elsewhere: where the job is said to be decides, where it is said."""
    starts = [line.start for line in source.lines]
    elsewhere = set()
    for id_, place in sure.items() if len(sure) > 1 else ():
        index = bisect_right(starts, place.start) - 1
        text = layout.texts[index]
        is_prose = layout.kinds[index] is not SectionKind.HEADER or len(text) > LONGEST_HEADER_LINE
        low, high = layout.wording(index).sentence_at(place.start - starts[index])
        if place.end and (
            (is_prose and _OFFICES.search(text))
            or _OF_OTHERS.search(text, low, high)
            or _CITIZENS.search(text, low, high)
        ):
            elsewhere.add(id_)
    stated = sure.keys() - elsewhere
    for id_, place in sure.items():
        if id_ not in elsewhere or not stated or any(contains(outer, id_) for outer in stated):
            yield place


def _is_on_location(text: str, kind: SectionKind) -> bool:
    """A line of duties or requirements is about the job's place only where it says so outright."""
    return (_OUTRIGHT if kind in _DEMANDS else _LOCATION_LINE).search(text) is not None


def _note(
    sure: dict[str, PlaceMention], open_: dict[tuple[str, ...], OpenPlace], text: str, offset: int, *, in_place: bool
) -> None:
    label = _LABEL.match(text)
    start = label.end() if label else 0
    at = offset + start
    for found in read_places(text[start:], labelled=label is not None or (in_place and len(text) <= SHORT_PLACE)):
        match = _by_language(found, label.group() if label else "")
        if match.ambiguous and not match.excluded:
            span = (at + match.start, at + match.end)
            open_.setdefault(match.candidates, OpenPlace(match.text, match.candidates, *span, match.because))
        for mention in _mentions(match, at):
            sure.setdefault(mention.id, mention)


def _by_language(match: PlaceMatch, label: str) -> PlaceMatch:
    """A name that is open: behind a label in German where German is spoken, if only one is: “Standort: Halle”."""
    if not match.ambiguous or match.excluded:
        return match
    for words, countries in _SPOKEN_IN:
        near = [id_ for id_ in match.candidates if country_of(id_) in countries] if words.search(label) else []
        if len(near) == 1:
            return replace(match, ids=(near[0],), candidates=(near[0],))
    return match


_SPOKEN_IN = (
    (re.compile(r"ort\b|orte\b|stadt\b", re.IGNORECASE), ("DE", "AT", "CH")),
    (re.compile(r"lieu|localisation|ville|pays", re.IGNORECASE), ("FR", "BE", "CH", "CA", "LU")),
    (re.compile(r"ubicaci|ciudad|lugar", re.IGNORECASE), ("ES", "MX", "AR", "CO", "CL", "PE", "UY")),
)


def places_named(line: str) -> tuple[PlaceMention, ...]:
    """Every place surely named in a location such as "Denver, CO"."""
    return tuple(mention for match in read_places(line) for mention in _mentions(match, 0))


def _mentions(match: PlaceMatch, offset: int) -> Iterator[PlaceMention]:
    """One mention for each place that the match covers; none where it is shut out."""
    for id_ in () if match.excluded else match.ids:
        country = WORLDWIDE if id_ == WORLD else country_of(id_) or id_
        span = (offset + match.start, offset + match.end)
        yield PlaceMention(match.text, country, subdivision_of(id_) or "", *span, id_, match.city)
