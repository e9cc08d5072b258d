"""Where the work is done, and the places a posting names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from tenfold.posting.model import Cited, PlaceMention, SectionKind, SourceText
from tenfold.posting.sections import Layout

_HYBRID = re.compile(
    r"#li-hybrid|\bhybrid\b(?!\s*(?:cloud|search|multi|infrastructure|environment(?:s)? (?:of|with|in|across)|data|architecture|apps?|app(?:lication)?s?|deploy|it\b|model(?:s|ling)\b|on-?prem|retriev|solutions|approach|team structure|workforce solutions|mobile|saas))"
    r"|\b(?:\d|two|three|four|one|few|couple(?: of)?)\s*(?:-\s*\d|to \w+)?\s*(?:or more )?(?:days?|x)\s*(?:(?:a|per|each|/)\s*week\s*)?(?:in|at|from|on)[- ](?:the |our |an? )?(?:\w+\s)?(?:office|site|hub)\b"
    r"|(?:in|at|into|to) (?:the |our )(?:\w+\s)?office\s*(?:for )?(?:at least |a minimum of )?(?:\d|two|three|one|four)(?:\s*-\s*\d)?\s*(?:days|times|x)",
    re.I,
)
_REMOTE = re.compile(
    r"#(?:li|bi)-remote|\b(?:fully|100\s?%|completely|permanent(?:ly)?|entirely)[- ](?:remote|distributed)|\bremote[- ](?:first|only|friendly|eligible|based|position|role|job|work(?:ing)?\b(?! stipend)|opportunit|in\b|within\b|anywhere|native|company|team|us\b|usa\b|canada|emea|europe|uk\b|option)"
    r"|(?:position|role|job|work|team|candidates?|location|is|be|are|working|employees|us|uk|usa|canada|europe|emea|workplace|eligible|ability to work|based)(?:\s+(?:is|are|can be|may be|to be|will be|open to))?(?:\s+(?:a|an|fully|also|100%|currently|considered|offered as))*\s*[-:(,]*\s*\bremote(?:ly)?\b(?! sens| procedure| control| access| desktop| team management| monitor| sites?| offices| support)"
    r"|\b(?:work|working) (?:from (?:home|anywhere)|remotely|remote)|\btelecommut|\bwork[- ]from[- ](?:home|anywhere)|\bremote\s*[-–,/(]|\(remote|^\s*remote\b|[-–,/|]\s*remote\b|\bremote\s*$|distributed (?:team|company|workforce|organi)|home[- ]based",
    re.I | re.M,
)
_ONSITE = re.compile(
    r"\b(?:on-?site|in-?office|in[- ]person)\b(?=\s*(?:role|position|only|work|\d|five|job|full|in\b|at\b|\)|$|required|presence|team|culture|monday|days|each|every))|#li-onsite|\b(?:not|no) (?:a )?remote\b|\bcannot be (?:performed )?remote|\b(?:5|five) days (?:a|per) week|\bwork(?:ing)? (?:on-?site|in (?:the|our) office)",
    re.I,
)
_NO_REMOTE = re.compile(r"\b(?:not|no|isn't|cannot be|never)\s+(?:a\s+|an\s+)?(?:fully\s+)?$", re.I)
_BOARD_LINE = re.compile(r"🌎[^\n]*\bremote\b", re.I)
_LEGAL = re.compile(r"without regard|equal opportunit", re.I)
_ONE_CHOICE = re.compile(
    r"remote[,/ ]+(?:and |or )?hybrid|hybrid[,/ ]+(?:and |or )?(?:fully |or )*remote|hybrid or (?:fully )?remote|remote or hybrid",
    re.I,
)
_OCCASIONAL = re.compile(
    r"flexible,? remote|personas|in-person (?:team|event|onboarding|meet)|hybrid (?:and|or|/) remote", re.I
)


def workplace_of(source: SourceText, layout: Layout) -> Cited[str] | None:
    """`remote`, `hybrid` or `onsite`; the body's word on hybrid beats a board's badge. "Hybrid or remote" is remote."""
    hybrid = _first(source, layout, _HYBRID)
    remote = _first(source, layout, _REMOTE) or _board(source)
    choice = _first(source, layout, _ONE_CHOICE)
    if choice is not None:
        return Cited("remote", *choice)
    if hybrid is not None:
        return Cited("hybrid", *hybrid)
    onsite = _first(source, layout, _ONSITE)
    if remote is not None:
        return Cited("remote", *remote)
    if onsite is not None:
        return Cited("onsite", *onsite)
    stated = source.labels.get("workplace", "")
    return Cited(stated, 0, 0) if stated in ("remote", "hybrid", "onsite") else None


def _board(source: SourceText) -> tuple[int, int] | None:
    found = _BOARD_LINE.search(source.text, 0, 2000)
    return found.span() if found else None


def _first(source: SourceText, layout: Layout, pattern: re.Pattern[str]) -> tuple[int, int] | None:
    for index, line in enumerate(source.lines):
        if layout.kinds[index] is SectionKind.EEO:
            continue
        for found in pattern.finditer(source.text, line.start, line.end):
            if (
                not _NO_REMOTE.search(source.text, max(line.start, found.start() - 20), found.start())
                or pattern is _ONSITE
            ):
                return found.span()
    return None


@cache
def _gazetteer() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    rows = csv.DictReader(io.StringIO((files("tenfold.posting") / "data" / "places.csv").read_text("utf-8")))
    known: dict[str, tuple[str, str]] = {}
    for row in rows:
        for spelling in row["names"].split(";"):
            known[spelling.strip().casefold()] = (row["country"], row["subdivision"])
    longest_first = sorted(known, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.I), known


_LOCATION_LINE = re.compile(
    r"🌎|\blocations?\b|\bbased (?:in|out of)\b|\bremote\b|\bhybrid\b|\boffice\b|\brelocat|\breside|\bauthori[sz]ed to work\b|\beligible to work\b|\bwithin (?:the )?",
    re.I,
)
_STATE_CODE = re.compile(r"(?<=,\s)[A-Z]{2}\b")


def places_of(source: SourceText, layout: Layout) -> tuple[PlaceMention, ...]:
    """Places named where a posting says where the job is (title, header, location lines), each once."""
    found: dict[tuple[str, str], PlaceMention] = {}
    for index, line in enumerate(source.lines):
        text = source.text[line.start : line.end]
        if layout.kinds[index] in (SectionKind.EEO, SectionKind.BENEFITS):
            continue
        if layout.kinds[index] in (SectionKind.HEADER, SectionKind.PLACE, SectionKind.PAY) or (
            len(text) < 400 and _LOCATION_LINE.search(text)
        ):
            for place in _places_in(text, line.start):
                found.setdefault((place.country, place.subdivision), place)
    for place in _places_in(source.labels.get("location", ""), 0):
        found.setdefault(
            (place.country, place.subdivision),
            PlaceMention(place.text, place.country, place.subdivision, 0, 0),
        )
    return tuple(found.values())


def _places_in(text: str, offset: int) -> Iterator[PlaceMention]:
    pattern, known = _gazetteer()
    for match in pattern.finditer(text):
        name = match.group()
        if len(name) <= 3 and not name.isupper():
            continue
        country, subdivision = known[name.casefold()]
        yield PlaceMention(name, country, subdivision, offset + match.start(), offset + match.end())
    for code in _STATE_CODE.finditer(text):
        if code.group() in US_STATES:
            yield PlaceMention(
                code.group(), "US", f"US-{code.group()}", offset + code.start(), offset + code.end()
            )


US_STATES = frozenset(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT "
    "VT VA WA WV WI WY DC".split()
)
