"""Where a line names places: every name and code with all its meanings, before the line decides between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tenfold.law.gazetteer import (
    WORD,
    Meaning,
    contains,
    fold,
    gazetteer,
    is_place,
    meanings_of,
    names_by_first_word,
)

LONGEST_NAME = 40
SHORTEST_NAME = 4
_DAYS = frozenset(
    {"Mon", "Sun", "Sat", "Mar", "Can", "Man", "Van", "San", "Say", "Buy", "Gap", "Met", "Bar", "Dig", "Hit"}
)
"""Days and words that are also short names of towns."""


@dataclass(frozen=True, slots=True)
class Hit:
    start: int
    end: int
    meanings: tuple[Meaning, ...]
    code: bool = False
    qualified: bool = False

    @property
    def is_town(self) -> bool:
        return any(meaning.city for meaning in self.meanings)

    @property
    def is_region(self) -> bool:
        """May be a state or country; “New York” and “Oregon” may be both, for Ohio has a town called Oregon."""
        return any(not meaning.city for meaning in self.meanings)


_TWO_CAPITALS = re.compile(r"(?<![^\W_])(?!ON-CALL\b)([A-Z]{2})(?![^\W_])")


_BEFORE_CODE = re.compile(r"(?:^|[,(/|;:•·+\u2013-]\s?|\bor\s|\band\s|\bin\s|&\s)\Z")


_AFTER_CODE = re.compile(
    r"[^\S\n]*(?=\n)|\s*(?:$|(?:area|metro|region|based|only|residents)\b|[,)/|;.•·+\u2013-]|\d{5}|or\b|and\b|(?<=\s)&|\()"
)


_ID = re.compile(r"(?<![\w-])[A-Z]{2}-[A-Z-]{2,}(?![\w-])")


_ZIP = re.compile(r"\s*\d{5}\b")


_US = re.compile(r"(?<![\w.])US(?![\w.$]*[\w$])")


_TOWN_BEFORE = re.compile(r"(?:^|[\s;|(])(?!Remote|Hybrid|Anywhere|On-?site|US)(?=\S*[A-Z])[\w.'-]+,\s*$")


_WRITTEN_ABROAD_TOO = frozenset({"DE", "IL", "IN"})


_TIME_ZONES = frozenset({"ET", "PT", "CT", "MT"})


_OF_TIME = re.compile(r"\b(?:coast|time|hours|zones?|[ECMP][SD]?T\s*/|UTC|GMT)\b", re.IGNORECASE)


PAST_A_PART = re.compile(r"\s*,\s*(?!(?:remote|hybrid|on-?site)\b)[^,;|/()\n]{2,40},\s*\Z", re.IGNORECASE)
"""A code, county or quarter that the tables do not have may stand between a town and its country."""


BETWEEN_NAMES = re.compile(
    r"(?!\s*\n)\s*(?:[,(\u2013-]?|[,;]\s*(?:city|state|province|region|country)\s*:)\s*\Z", re.IGNORECASE
)


_PART = re.compile(r"[^,;|/()\[\]•·\n:]+")


_PART_BEFORE = re.compile(r"[^,;|/()\[\]•·\n:]+\Z")


_AFTER_WORD = re.compile(r"[\w.] \Z")


_CODES_AHEAD = re.compile(r"\s*(?:[A-Z]{2,3}\s?-\s?){1,2}(?=[^\W\d_]\w)")


_BETWEEN_PARTS = re.compile(r"\s+(?:or|and|&|und|oder|et|ou|y|o|-|\u2013|\u2014|\+)\s+", re.IGNORECASE)


_BEFORE_NAME = re.compile(
    r"^\W*(?:(?:fully|100\s?%|remote|hybrid|on-?site|in-?office|based|located|greater|downtown|central|metro|near|in|from|"
    r"the|our|within|city of|only|standort|lieu|ort)\b[\s-]*)*",
    re.IGNORECASE,
)


_AFTER_NAME = re.compile(
    r"(?:\s+(?:(?:metro(?:politan)?|greater)?\s*(?:area|region)|metro|office|offices|hq|headquarters|hub|only|based|"
    r"remote|hybrid|on-?site|city|\d{4,6}|\d{1,2}(?:er|e|ème)?|(?-i:[KNSVØEW])))+\W*$|\W+$",
    re.IGNORECASE,
)


_BY_A_RIVER = re.compile(
    r"(?<=\w) (?:(?:im|am|an der|in der|ob der|vor der|bei|upon|on|sur|sous|en|a\.\s?d\.|a\.|i\.) ?)"
    r"(?=[A-Z]).*\Z|"
    r"(?<=\w)-(?:sur|sous|en|lès|upon)-.*\Z"
)
"""What tells towns of one name apart, and may be missing in a table: “Freiburg im Breisgau”."""


_LA = re.compile(r"\bLA(?=,? (?:California|Calif\b|CA\b(?!,\s*(?!US)[A-Z]{2}\b)))")
_LOS_ANGELES = (Meaning(("US-CA",), city="Los Angeles"),)


_SENTENCE_WORDS = (
    "based",
    "located",
    "our",
    "office",
    "eadquarter",
    "hub",
    "andidates",
    "resid",
    "liv",
    "hire",
    "team in",
    "site",
    "from",
    "üro",
    "ureau",
    "ficina",
    "Sitz",
    "Ort in",
    "Präsenz in",
    "presencial",
    "présentiel",
    "remoto",
    "remota",
    "íbrid",
)


_IN_A_SENTENCE = re.compile(
    r"\b(?:based (?:in|out of)|located in|offices? in|headquarter(?:s|ed) in|hubs? in|candidates in|resid(?:e|ing) in|"
    r"liv(?:e|ing) in|hire in|team in|on-?site in|work(?:ing)? from(?: our)?|"
    r"vor Ort in|Präsenz in|presencial (?:en|em)|remot[oa] (?:desde|en|em|de)|híbrid[oa] (?:en|em)|présentiel à|"
    r"Büros? in|Sitz in|bureaux? (?:à|de)|à|oficinas? (?:en|de)|(?:^|\s)in our|our)\s+(?:the\s+)?"
    r"(?P<name>(?:[A-ZÀ-Ž][\w'’.-]+)(?:\s(?:[A-ZÀ-Ž][\w'’.-]+|am|de|upon))*)"
)


def find_hits(text: str, *, labelled: bool) -> list[Hit]:
    """Ids as plans write them first, then names, then "US", then codes; what is taken is not read twice."""
    plain = fold(text)
    if not labelled and not _may_name_place(text, plain):
        return []
    hits = [_plain(found) for found in _ID.finditer(text) if is_place(found.group())] if "-" in text else []
    names = list(_names_in(plain))
    for start, name in names if "&" in plain or " and " in plain else ():
        if "&" in name or " and " in name:  # “UK & Ireland” is one region, “London & Paris” are two parts
            _take(hits, text, plain, start, start + len(name), whole=False)
    hits += _throughout(text, plain)
    if labelled and not text.isupper():
        hits += [hit for hit in _towns_before_codes(text, plain) if _is_free(hits, hit.start, hit.end)]
    if "LA" in text:
        hits += [Hit(*found.span(), _LOS_ANGELES) for found in _LA.finditer(text)]
    for start, end in _candidates(text, labelled=labelled):
        _take(hits, text, plain, start, end, whole=True, fewest=SHORTEST_NAME - labelled)
    for start, name in names:
        _take(hits, text, plain, start, start + len(name), whole=False)
    hits += [_plain(found) for found in _US.finditer(text) if _is_free(hits, *found.span())] if "US" in text else []
    for found in _codes_in(text):
        start, end = found.span(1)
        if _is_free(hits, start, end) and not _is_time_zone(found.group(1), text):
            after_a_place = any(BETWEEN_NAMES.match(text, hit.end, start) for hit in hits if hit.end <= start)
            hits.append(Hit(start, end, _code_meanings(found, text, after_a_place=after_a_place), code=True))
    return sorted(hits, key=lambda hit: hit.start)


def _throughout(text: str, plain: str) -> list[Hit]:
    """Countries named by “deutschlandweit” and the like."""
    words = gazetteer().throughout
    return [
        Hit(at, at + len(word), (Meaning((id_,)),))
        for word, id_ in words.items()
        if (at := plain.find(fold(word))) >= 0 and not text[at + len(word) : at + len(word) + 1].isalnum()
    ]


def _towns_before_codes(text: str, plain: str) -> Iterator[Hit]:
    """“Oakville MO”: a town and the code of the state or country that it lies in, with a space between them."""
    for found in _TWO_CAPITALS.finditer(text):
        start, code = found.start(), found.group()
        if not _AFTER_WORD.search(text, max(0, start - 2), start) or not _AFTER_CODE.match(text, found.end()):
            continue
        outer = [meaning.ids[0] for meaning in gazetteer().codes.get(code, ())]
        part = _PART_BEFORE.search(text, 0, start - 1)
        for low, high in _trim(text, *part.span()) if part and outer else ():
            near = tuple(one for one in meanings_of(plain[low:high]) if any(lies_in(one, id_) for id_ in outer))
            if near and _is_written_as_name(text, low, high, SHORTEST_NAME - 1):
                yield Hit(low, found.end(), near, qualified=True)
                break


def _may_name_place(text: str, plain: str) -> bool:
    """A cheap look at a line that is not labelled: a first word of a name, a code, or “our … office”."""
    first = names_by_first_word()
    return (
        not first.keys().isdisjoint(WORD.findall(plain))
        or _TWO_CAPITALS.search(text) is not None
        or any(map(text.__contains__, _SENTENCE_WORDS))
        or any(map(plain.__contains__, gazetteer().throughout))
    )


def _codes_in(text: str) -> Iterator[re.Match[str]]:
    """Codes of the table that stand apart."""
    for found in _TWO_CAPITALS.finditer(text):
        start, end = found.span()
        apart = _AFTER_CODE.match(text, end) and _BEFORE_CODE.search(text, max(0, start - 5), start)
        if apart and found.group() in gazetteer().codes:
            yield found


def _take(
    hits: list[Hit], text: str, plain: str, start: int, end: int, *, whole: bool, fewest: int = SHORTEST_NAME
) -> None:
    """Adds the name at [start, end) where it is one and nothing there is taken."""
    if not _is_free(hits, start, end) or not _is_written_as_name(text, start, end, fewest):
        return
    country = gazetteer().three_letters.get(text[start:end]) if whole and not text.isupper() else None
    meanings = (Meaning((country,)),) if country else meanings_of(plain[start:end], whole=whole)
    if meanings:
        hits.append(Hit(start, end, meanings))


def _is_written_as_name(text: str, start: int, end: int, fewest: int) -> bool:
    """A capital in front, unless the whole text has none; names of fewer letters all in capitals: “SF”, not “sf”."""
    if text.islower():
        return True
    if text[start:end] in _DAYS:
        return False
    return text[start].isupper() and (
        end - start >= fewest or text[start:end].isupper() or not text[start:end].isascii()
    )


def _candidates(text: str, *, labelled: bool) -> Iterator[tuple[int, int]]:
    """Stretches that may be a town as a whole: the parts of a location, or the name after “based in”."""
    if any(map(text.__contains__, _SENTENCE_WORDS)):
        for found in _IN_A_SENTENCE.finditer(text):
            yield from _trim(text, *found.span("name"))
    if labelled or "," in text:
        for part in _PART.finditer(text):
            for start, end in _split_parts(text, *part.span()):
                if labelled or _is_beside_comma(text, start, end):
                    yield from _trim(text, start, end)
                if labelled and (ahead := _CODES_AHEAD.match(text, start, end)):  # “US-CA-Blythe”
                    yield from _trim(text, ahead.end(), end)


def _split_parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for joint in _BETWEEN_PARTS.finditer(text, start, end):
        yield start, joint.start()
        start = joint.end()
    yield start, end


def _is_beside_comma(text: str, start: int, end: int) -> bool:
    return text[end : end + 1] == "," or text[start - 1 : start] == ","


def _trim(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch without “Remote”, “office” and the like at its ends; as it stands first (“Kansas City”)."""
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not (text[end - 1].isalnum() or text[end - 1] == "."):
        end -= 1
    if 2 < end - start <= LONGEST_NAME:
        yield start, end
    lead = _BEFORE_NAME.match(text[start:end])
    inner = start + (lead.end() if lead else 0)
    tail = _AFTER_NAME.search(text[inner:end])
    outer = inner + tail.start() if tail else end
    if (inner, outer) != (start, end) and 2 < outer - inner <= LONGEST_NAME:
        yield inner, outer
    if (by := _BY_A_RIVER.search(text, inner, outer)) is not None:
        yield inner, by.start()


def _plain(found: re.Match[str]) -> Hit:
    return Hit(*found.span(), (Meaning((found.group(),)),))


def _is_free(hits: list[Hit], start: int, end: int) -> bool:
    return all(end <= hit.start or hit.end <= start for hit in hits)


def _is_time_zone(code: str, text: str) -> bool:
    return code in _TIME_ZONES and _OF_TIME.search(text) is not None


def _code_meanings(found: re.Match[str], text: str, *, after_a_place: bool) -> tuple[Meaning, ...]:
    """What a code can mean; a ZIP code after it, or before it a town not in the table, says a US state."""
    code = found.group(1)
    meanings = tuple(gazetteer().codes[code])
    states = tuple(meaning for meaning in meanings if lies_in(meaning, "US"))
    town = code not in _WRITTEN_ABROAD_TOO and not after_a_place and _TOWN_BEFORE.search(text, 0, found.start(1))
    return states if states and (town or _ZIP.match(text, found.end(1))) else meanings


def _names_in(plain: str) -> Iterator[tuple[int, str]]:
    """Names checked by hand in a folded text with where they start, the longest at each place, none within another."""
    end = 0
    names = names_by_first_word()
    for word in WORD.finditer(plain):
        if word.start() < end:
            continue
        for name in names.get(word.group(), ()):
            after = word.start() + len(name)
            if plain.startswith(name, word.start()) and not WORD.match(plain, after):
                yield word.start(), name
                end = after
                break


def lies_in(meaning: Meaning, outer: str) -> bool:
    return all(contains(outer, id_) for id_ in meaning.ids)
