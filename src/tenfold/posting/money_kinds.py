"""What the words around a sum say of it: which kind of money, which end of a range, pay of a job at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from tenfold.kit.expressions import compile_pattern
from tenfold.posting.model import MoneyKind, OpenEnd
from tenfold.posting.money import Vocabulary, joined_words, tables

LONGEST_LABEL = 60
OPEN_WINDOW = 48
NEAR_WORDS = 4
CLOSE = 60
FEW_WORDS = 10
_ORDER = ("total", "sign_on", "relocation", "equity", "bonus", "base", "weak_base", "other", "soft_other")
_NO_OVERRIDE = ("base", "weak_base", "soft_other")
_OTHERS = ("other", "soft_other")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_CUT = re.compile(
    r"[;+|]|[.!?](?:\s|$)|,\s+(?!(?:per|p\.a|gross|annual|yearly|monthly|brutto)\b)|"
    r"\b(?:plus|and|with|which|where|und|zzgl|sowie|based on|depending|commensurate|"
    r"for (?:a|an|the|our|sr|senior|staff|lead|candidates))\b",
    re.IGNORECASE,
)
_NEXT = re.compile(r"[,;+]\s|\b(?:and|plus|with|und|sowie|et)\b", re.IGNORECASE)
_CONNECTORS = re.compile(
    r"[\s:;,.=(\[*_|·•–—\-]*(?:(?:of|is|are|at|in the|the|for this (?:role|position|job)|this (?:role|position|job)|"
    r"range[sd]?|band|from|between|up to|around|about|circa|ca?\.|approx\w*\.?|of up to|starts?|starting|in|will be|"
    r"would be|(?-i:[A-Z]{3})|a|an|"
    r"zwischen|von|bis zu|ab|mindestens|entre|de|fixe|brut|liegt bei|beträgt|:|per|year|hour|month|"
    r"day|annually|fino a|a partire da|tra|jusqu['’]à|à partir de|a partir de|desde|hasta|até|od|do|från|fra|tussen|"
    r"mellan|"
    r"min(?:imum)?|max(?:imum)?|at least|not less than|expected|estimated|target(?:ed)?|annual|gross)"
    r"[\s:;,.=()*–—\-]*){0,7}",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:salar(?:y|ies)|pay|compensation|remuneration|wages?|\w*gehalt\w*|\w*vergütung|\w*entgelt|lohn|salaires?|"
    r"rémunération|TJM|tagess[aä]tze?|stundens[aä]tze?|salario|sueldo|salário|remuneração|wynagrodzenie|salaris|lön|løn|"
    r"CTC|RAL|rate|hourly|day rate|base|honorar|\w*sal[aä]r|stundenans[aä]tze?|retribuzione|stipendio|tarifa?|"
    r"banda salarial|faixa salarial|fourchette(?: salariale)?|palkka|mzda|plat|maaş|lønn|widełki|stawka|"
    r"remuneración|retribución|verdienst)\b|"
    r"年収|年薪|月薪|月給|연봉|월급",
    re.IGNORECASE,
)
_MINIMUM_PAY = re.compile(
    r"\b(?:minimum|min\.|mindest)\w*\b[^.]*\b(?:salary|pay|wage|compensation)\b|\bmindest(?:gehalt|lohn|entgelt)",
    re.IGNORECASE,
)
_BY_EXPERIENCE = re.compile(
    r"\s*[,(]?\s*(?:selon (?:l['’])?(?:expérience|profil)|je nach (?:Erfahrung|Qualifikation)|"
    r"según (?:la )?experiencia|"
    r"depending on (?:your )?experience|DOE\b|a seconda dell['’]esperienza|afhankelijk van (?:je )?ervaring)",
    re.IGNORECASE,
)
_GROSS_BEHIND = re.compile(r"\s*(?:brutto|brut[aeo]?s?|lord[aoie]|gross|netto)\b", re.IGNORECASE)
"""“65-75k brutto” is pay, whose currency its place tells."""
_OF_A_JOB = re.compile(
    r"\b(?:role|position|candidates?|depending on|commensurate|DOE|DOQ|dependent on|experience|IR35|B2B|freelance|"
    r"contract(?:or)?|W-?2|C2C|full[- ]time|negotiable|super|equity|bonus|UoP|CLT|PJ|"
    r"(?:plus|and) (?:benefits|pension)|\d+ ?% (?:employer )?pension)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Around:
    """The words before a sum in its sentence, behind it, and in the line before where it may hang on that."""

    before: str
    after: str
    lead: str
    follows: bool
    """Whether another sum stands before it in the line."""

    @property
    def own(self) -> str:
        """The words before it that are its own: behind the comma or “and” that ends what is said of the sum before."""
        parts = _NEXT.split(self.before) if self.follows else [self.before]
        return parts[-1]

    @property
    def label(self) -> str:
        return self.before if self.before.strip() else self.lead


@dataclass(frozen=True, slots=True)
class Told:
    """A kind; `named` where words at the sum say so. `kind` None: nothing says what it is.

    `used`: how many of the characters behind the sum said it; they say nothing of the next one.
    """

    kind: MoneyKind | None
    named: bool
    used: int = 0


def kind_at(around: Around, earlier: Told | None, *, in_pay: bool) -> Told:
    """What a sum is. `earlier`: the sum before it in the line; `in_pay`: it stands in a section on pay."""
    left, right = _last_kind(around.own), _first_kind(around.after)
    if left is not None and left[1]:
        return _describe(left[0])
    if right is not None and (left is None or right[0] not in _NO_OVERRIDE):
        return _describe(*right)
    left = left or _last_kind(around.before)
    if left is not None:
        return _describe(left[0])
    if earlier and earlier.kind not in (None, MoneyKind.OTHER) and len(around.before) < CLOSE:
        return replace(earlier, used=0)
    above = _last_kind(around.lead)
    if above is not None and (above[0] == "base" or _is_label(around.lead)):
        return _describe(above[0])
    return Told(MoneyKind.BASE, named=True) if in_pay else Told(None, named=False)


def is_labelled(around: Around) -> bool:
    """Whether a word of pay introduces the sum with nothing but connecting words between."""
    found = list(_STRONG.finditer(around.label))
    if _BY_EXPERIENCE.match(around.after) or _GROSS_BEHIND.match(around.after):
        return True
    return bool(found) and _CONNECTORS.fullmatch(around.label, found[-1].end()) is not None


def has_label(around: Around) -> bool:
    """Whether a word of pay stands before the sum in its sentence."""
    return _STRONG.search(around.before) is not None


def names_no_other(words: str) -> bool:
    """Whether a line names nothing that is no pay, or has words of a job that is offered."""
    return not any(kind in _OTHERS for kind, _, _ in _kinds_in(words))


def has_words_of_a_job(line: str) -> bool:
    return _OF_A_JOB.search(line) is not None


def says_little(words: str) -> bool:
    return len(_LETTERS.findall(words)) <= FEW_WORDS


def open_end(around: Around, *, has_plus: bool) -> OpenEnd | None:
    """Which end a single figure is, if it says so."""
    words, before = _open_words(), around.label[-OPEN_WINDOW:]
    if words.upto.search(before) or words.upto_behind.match(around.after):
        return OpenEnd.UP_TO
    says = words.since.search(before) or words.since_behind.match(around.after) or _MINIMUM_PAY.search(around.label)
    return OpenEnd.FROM if has_plus or says else None


@dataclass(frozen=True, slots=True)
class _OpenWords:
    upto: re.Pattern[str]
    since: re.Pattern[str]
    upto_behind: re.Pattern[str]
    since_behind: re.Pattern[str]


@cache
def _open_words() -> _OpenWords:
    table = tables()["open"]
    tail = r"[\s:(]{0,3}(?:only |just )?\Z"
    return _OpenWords(
        upto=compile_pattern(rf"(?:{joined_words(table['upto'])}){tail}", re.IGNORECASE),
        since=compile_pattern(rf"(?:{joined_words(table['from'])}){tail}", re.IGNORECASE),
        upto_behind=compile_pattern(rf"\s*(?:{joined_words(table['upto_after'])})", re.IGNORECASE),
        since_behind=compile_pattern(rf"\s*(?:{'|'.join(table['from_after'])})", re.IGNORECASE),
    )


@cache
def _kinds() -> Vocabulary:
    table = tables()["kinds"]
    return Vocabulary({kind: table[kind] for kind in _ORDER})


def _kinds_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Every word of a kind in a text, as (kind, start, end), none within another."""
    for found in _kinds().finditer(text):
        yield str(found.lastgroup), found.start(), found.end()


def _is_label(lead: str) -> bool:
    """Whether the line before is a heading of this one, not a sentence that happened to stand there."""
    return len(lead) <= LONGEST_LABEL or lead.rstrip().endswith(":")


def _describe(name: str, used: int = 0) -> Told:
    return Told(MoneyKind({"soft_other": "other", "weak_base": "base"}.get(name, name)), named=True, used=used)


def _last_kind(before: str) -> tuple[str, bool] | None:
    """The kind that the nearest word names, and whether only connecting words follow it; a base beats a soft word."""
    found = list(_kinds_in(before))
    firm = [word for word in found if word[0] != "soft_other"]
    if not firm:
        return ("soft_other", False) if found else None
    strong = [word for word in firm if word[0] != "weak_base"]
    kind, _, end = (strong or firm)[-1]
    return kind, bool(strong) and _CONNECTORS.fullmatch(before, end) is not None


def _first_kind(after: str) -> tuple[str, int] | None:
    """The kind of the noun right behind a sum ("… signing bonus"), up to where another thought begins, and its end."""
    cut = _CUT.search(after)
    near = after[: cut.start()] if cut else after
    found = next(_kinds_in(near), None)
    return (found[0], found[2]) if found and len(near[: found[1]].split()) <= NEAR_WORDS else None
