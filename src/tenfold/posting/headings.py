"""The words by which the headings of postings are known."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

import tomli

from tenfold.kit.expressions import compile_pattern
from tenfold.posting.model import SectionKind

LONGEST_HEADING_WORDS = 14
LONGEST_HEADING = 110

_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": " "})
_ORNAMENT = re.compile(r"^[^\w+]+|[^\w!?)+]+$")
_PLACE_FIELD = re.compile(r"(?:city|state|province|country|region)\s*:\s*\S")
"""“Country: US, State: Texas” is a field of the place; its “US” does not head words on the employer."""
_I, _MY = re.compile(r"\si(?=[\s'])"), re.compile(r"\smy(?=\s)")
"""“What do I need to know?” asks what others head with “What you need to know”."""
_BARE_NUMBER = re.compile(r"^\d+[.)]\s*")


@cache
def _vocabulary() -> tuple[tuple[SectionKind, re.Pattern[str]], ...]:
    folder = files("tenfold.posting") / "data"
    tables = [tomli.loads((folder / name).read_text("utf-8")) for name in ("headings_abroad.toml", "headings.toml")]
    return tuple(
        (SectionKind(table.get("kind", name)), compile_pattern("|".join(f"(?:{word})" for word in table["words"])))
        for kinds in tables
        for name, table in kinds.items()
    )


def heading_kind(heading: str) -> SectionKind | None:
    """The kind of section that these words announce; None where they announce none that we know."""
    return _heading_kind(heading) if len(heading) <= LONGEST_HEADING else None


@lru_cache(maxsize=8192)
def _heading_kind(heading: str) -> SectionKind | None:
    words = _BARE_NUMBER.sub("", _ORNAMENT.sub("", heading.translate(_QUOTES).lower()))
    if not words or len(words.split()) > LONGEST_HEADING_WORDS:
        return None
    if words.endswith("?"):
        words = _I.sub(" you", _MY.sub(" your", words))
    if _PLACE_FIELD.match(words):
        return SectionKind.PLACE
    for kind, pattern in _vocabulary():
        if pattern.search(words):
            return kind
    return None


_INLINE_WORDS = (
    "Responsibilities", "Requirements", "Qualifications", "Duties", "Skills", "Benefits", "Experience", "Perks",
    "What ", "Nice", "Must", "Bonus", "About", "Who ", "Tech", "Equal",
)  # fmt: skip


def may_hold_heading(text: str) -> bool:
    """False where no word of an inline heading stands in the text: quicker than the search."""
    return any(map(text.__contains__, _INLINE_WORDS))


_LABELLED = re.compile(
    r"(?:(?:key|main|minimum|basic|required|preferred|technical|essential|our|your)\s){0,2}"
    r"(?:responsibilities|requirements|qualifications|skills|must[- ]haves?|(?:nice|good)[- ]to[- ]haves?"
    r"|bonus\s+points|a\s+plus|(?:stack|tools|skills|technologies)\s+you\s+(?:must|need\s+to|should)\s+know|(?:nice|good)\s+if\s+you\s+(?:know|have)|what\s+you(?:['’]ll)?\s+(?:bring|need)|you(?:['’]ll|\s+will)?\s+(?:bring|need)"
    r"|(?:it\s+)?(?:would|will)\s+help\s+if\s+you\s+(?:know|have))\s?:\s+(?=\S)",
    re.IGNORECASE,
)


def labelled_list(text: str) -> re.Match[str] | None:
    """The label before a list in one line: “Requirements: Python; Kubernetes; Terraform”."""
    return _LABELLED.match(text)


@cache
def inline_heading() -> re.Pattern[str]:
    """Headings that are safe to see inside running text: a known phrase in capitals, closed by a colon."""
    phrases = (
        r"(?:(?:Key|Main|Primary|Core|Job|Your|Minimum|Basic|Required|Preferred|Desired|Technical|Additional|"
        r"Essential|Position|Role|Duties and|Duties &|Skills and|Skills &)\s){0,2}"
        r"(?:Responsibilities|Requirements|Qualifications|Duties|Skills|Benefits|Experience|Perks)"
        r"|What [Yy]ou(?:['’]ll| will| bring| need)[A-Za-z ]{0,20}|Nice[- ][Tt]o[- ][Hh]aves?|Must[- ][Hh]aves?"
        r"|Bonus [Pp]oints|About (?:[Uu]s|[Yy]ou|the [Rr]ole|the [Tt]eam|the [Jj]ob)|What [Ww]e [Oo]ffer"
        r"|Who [Yy]ou [Aa]re|Who [Ww]e [Aa]re|(?:Our )?Tech [Ss]tack|Equal [Oo]pportunity[A-Za-z ]{0,12}"
    )
    return compile_pattern(rf"(?:(?<=^)|(?<=[.!?;:)\]]\s)|(?<=\s\s))(?:{phrases})\s?:\s*")
