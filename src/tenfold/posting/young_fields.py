"""Years asked for with a field of work that is younger than they are ("7+ years of LLMs in production").

Only what follows the years directly counts, or stands directly before them ("LLMs in production: 7+ years"): in "7
years of machine learning, LLMs among it" nobody asks for seven years of the latter. English, German and French.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import tomli

from tenfold.kit.expressions import Expression
from tenfold.kit.facts import Evidence
from tenfold.posting.model import Cited, PostingReading

_WORDS = {
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "fifteen": 15,
}
_YEARS = (
    rf"(?<![\d.,$€£-])(?P<years>\d{{1,2}}|{'|'.join(_WORDS)})\s*(?:\(\d{{1,2}}\))?\s*(?:\+|plus|or\s+more)?\s*"
    r"(?:(?:-|–|—|to|bis|à)\s*\d{1,2}\s*\+?\s*)?(?:years?|yrs?|jahre\w*|ans|années)(?:['’]s?)?"
)
_ANY_YEARS = Expression(_YEARS, re.IGNORECASE)
_BETWEEN = (
    r"(?:\s+(?:of|or|more|with|in|using|on|for|the|and|your|our|experience|expertise|work|working|hands-?on|professional|practical|"
    r"production|proven|commercial|industry|relevant|solid|strong|deep|real|real-world|direct|demonstrable|building|built|deploying|"
    r"shipping|running|operating|developing|designing|managing|serving|training|fine-?tuning|scaling|owning|leading|modern|large-scale|"
    r"mit|in|im|bei|der|den|dem|erfahrung|berufserfahrung|betrieb|einsatz|von|d['’]expérience|d['’]|de|des|du|expérience|en|avec|dans|sur|les|la|le)){0,9}\s+"
)
_LINKS = (
    r"\s*(?:experience\s*)?(?:[:(]|–|—|-)\s*"
    r"(?:at\s+least|minimum(?:\s+of)?|min\.?|mind(?:estens|\.)?|au\s+moins|over|more\s+than)?\s*"
)
_SETTING = (
    r"(?:\s+(?:in|at)\s+(?:production|scale|the\s+real\s+world)"
    r"|\s+(?:im|in\s+der)\s+(?:produktivbetrieb|produktion)|\s+en\s+production)?"
)


@dataclass(frozen=True, slots=True)
class YoungField:
    """A field of work with the year of its first, and from which on it was common."""

    id: str
    name: str
    first: int
    common: int
    because: str
    evidence: Evidence
    source: str


@dataclass(frozen=True, slots=True)
class FieldYears:
    """Years that a posting asks for with a young field; the span runs over both."""

    field: YoungField
    years: Cited[int]

    def is_impossible(self, year: int) -> bool:
        """Whether nobody can have them in that year, by a source that was read."""
        return self.field.evidence.may_decide and self.years.value > year - self.field.first

    def is_rare(self, year: int) -> bool:
        """Whether hardly anybody can: it was not common for so long."""
        return self.years.value > year - self.field.common


def field_years(reading: PostingReading) -> tuple[FieldYears, ...]:
    """The years asked for with each young field, the most where there are several, in the order of the text."""
    most: dict[str, FieldYears] = {}
    for line in reading.lines:
        text = reading.text[line.start : line.end]
        for field, patterns in _fields() if _ANY_YEARS.may_match(text) else ():
            for match in (found for pattern in patterns for found in pattern.finditer(text)):
                words = match["years"].lower()
                years = Cited(_WORDS.get(words) or int(words), line.start + match.start(), line.start + match.end())
                if field.id not in most or most[field.id].years.value < years.value:
                    most[field.id] = FieldYears(field, years)
    return tuple(sorted(most.values(), key=lambda found: found.years.start))


@cache
def _fields() -> tuple[tuple[YoungField, tuple[Expression, ...]], ...]:
    tables = tomli.loads((files("tenfold.posting") / "data" / "young_fields.toml").read_text("utf-8"))
    return tuple((_field(key, table), _patterns(table["words"])) for key, table in tables.items())


def _field(key: str, table: dict[str, str | int]) -> YoungField:
    return YoungField(
        id=key,
        name=str(table["name"]),
        first=int(table["first"]),
        common=int(table["common"]),
        because=str(table["because"]),
        evidence=Evidence(str(table["evidence"])),
        source=str(table["source"]),
    )


def _patterns(words: list[str]) -> tuple[Expression, ...]:
    term = rf"(?<![\w/-])(?:{'|'.join(words)})(?![\w/-]){_SETTING}"
    return (
        Expression(rf"{_YEARS}{_BETWEEN}{term}", re.IGNORECASE),
        Expression(rf"{term}{_LINKS}{_YEARS}", re.IGNORECASE),
    )
