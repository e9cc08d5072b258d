"""Questions for present or past pay in a posting ("Current CTC:", "please share your current salary").

Pay the employer states is none, nor is what the applicant expects, nor a promise not to ask. English, German, French,
Spanish, Italian and Dutch.
"""

from __future__ import annotations

import re
from itertools import pairwise

from tenfold.kit.expressions import Expression
from tenfold.posting.model import Cited, PostingReading

_PAID = (
    r"(?:salar(?:y|ies)|pay(?!ment|roll|-off)(?:\s+(?:package|rate|details))?|compensation|remuneration|ctc|wages?|earnings"
    r"|comp\b|package)"
)
_PAST = r"(?:current|present|existing|previous|past|prior|last(?:\s+drawn)?|most\s+recent)"
_MEASURE = r"(?:annual|yearly|monthly|base|gross|net|total|fixed|cash)"
_EXPECTED = (
    r"(?!\s*(?:expect|requirement|range|band|scale|level|review|cycle|bracket|polic|strateg|data|philosoph"
    r"|of\s+the\s+role))"
)
_AND_EXPECTED = r"(?:\s*(?:&|/|and|,|or)\s*(?:expected|desired|target)(?:\s+(?:salary|ctc|pay|compensation))?)?"
_ENGLISH = (
    rf"{_PAST}{_AND_EXPECTED}(?:\s+{_MEASURE})*\s+{_PAID}{_EXPECTED}",
    r"(?:salary|pay|compensation|wage)\s+history",
    rf"(?:expected|desired)\s*(?:&|/|and)\s*{_PAST}\s+{_PAID}{_EXPECTED}",
    r"(?:recent|last|current|previous)\s+(?:\w+\s+){0,3}(?:pay\s?slips?|pay\s?stubs?|salary\s+slips?)",
    rf"proof\s+of\s+(?:your\s+)?{_PAST}\s+{_PAID}",
    r"what\s+(?:you|do\s+you|are\s+you)\s+(?:currently\s+)?(?:earn|make|paid|being\s+paid)(?:ing)?(?:\s+(?:now|today|currently))?",
)
_OTHERS = (
    (
        r"(?:aktuell|derzeitig|jetzig|bisherig|gegenwärtig|letzt|früher)\w*\s+(?:\w+\s+){0,1}?"
        r"(?:\w*gehalt(?!svor|sw)\w*|\w*einkommens?|\w*vergütung(?!svor)\w*|bezüge\w*|\w*lohn(?:es|s)?)"
    ),
    r"gehalts(?:nachweis|abrechnung|historie)\w*",
    r"(?:salaire|rémunération|package)s?\s+(?:\w+\s+)?(?:actuel|précédent|antérieur|passé)\w*",
    r"(?:actuel(?:le)?|derni(?:er|ère)s?)\s+(?:salaire|rémunération)s?|bulletins?\s+de\s+(?:salaire|paie)|fiches?\s+de\s+paie",
    r"(?:salario|sueldo|remuneración)\s+(?:actual|anterior|previo)|últim[oa]\s+(?:salario|sueldo)|nómina\s+actual",
    r"(?:retribuzione|ral|stipendio)\s+(?:attuale|precedente)|attuale\s+(?:retribuzione|ral|stipendio)",
    r"(?:huidige?|vorige?|laatste)\s+(?:bruto\s*)?(?:salaris|loon|beloning)|loonstrook\w*|salarisstrook\w*",
)
_PAY = Expression(rf"(?<!\w)(?:{'|'.join((*_ENGLISH, *_OTHERS))})(?!\w)", re.IGNORECASE)
_ASKED = Expression(
    r"(?:\b(?:share|state|provide|includ\w*|mention|indicate|tell\s+us|send|specify|submit|attach|disclose|let\s+us\s+know"
    r"|advise|quote|enter|give|confirm|upload|list|what(?:'s|\s+is|\s+are|\s+was|\s+were)|how\s+much|please|require[ds]?|bring"
    r"|along\s+with|together\s+with|details?\s+of|we\s+(?:will\s+)?ask)\b"
    r"|\b(?:teil\w*|gib|geben|nenn\w*|angabe|angeben|schick\w*|send\w*|bitte|füg\w*|mit)\b"
    r"|\b(?:indiqu\w*|précis\w*|mentionn\w*|communiqu\w*|join\w*|envoy\w*|quel(?:le)?\s+est|merci)\b"
    r"|\b(?:indica\w*|envía\w*|adjunta\w*|cuál\s+es|indicar\w*|allega\w*|inviar\w*|qual\s+è|vermeld\w*|stuur\w*|geef|wat\s+is)\b)"
    r"[^.!?\n]{0,90}$",
    re.IGNORECASE,
)
_A_FIELD = Expression(r"^\W*(?:your\s+|ihr\w*\s+|votre\s+|su\s+|uw\s+)?$", re.IGNORECASE)
_FIELD_ENDS = Expression(
    r"^\s*(?:\([^)]{0,40}\))?(?:\s*(?:&|/|and|und|et)\s*(?:expected|expectations?|desired)\w*(?:\s+\w+){0,2}"
    r"(?:\s*\([^)]{0,40}\))?)?\s*[:?*_.…]*\s*$",
    re.IGNORECASE,
)
_NOT_ASKED = Expression(
    r"\b(?:do\s+not|don['’]?t|does\s+not|doesn['’]?t|did\s+not|never|no\s+need|not\s+(?:need|ask|be\s+asked|required|base\w*)|will\s+not|won['’]?t"
    r"|cannot|can['’]?t|neither|nor|regardless|irrespective|without|instead\s+of|rather\s+than|ban(?:s|ned)?|prohibit\w*|unlawful|optional"
    r"|match(?:es)?|exceed\w*|higher\s+than|increase\s+(?:on|over)|on\s+top\s+of|nicht|kein\w*|ohne|unabhängig|statt|ne\s+\w+\s+pas"
    r"|jamais|sans|indépendamment|no\s+(?:pedimos|preguntamos)|sin|non|niet|geen|zonder)\b",
    re.IGNORECASE,
)
_EMPLOYERS = Expression(
    r"\b(?:our|its|their|unsere?[mnrs]?|notre|nos|nuestr[oa]s?|onze|nostr[aoei])\s+$", re.IGNORECASE
)
_SENTENCE_END = Expression(r"(?<=[.!?;])\s+(?=\S)")


def pay_history_questions(reading: PostingReading) -> tuple[Cited[str], ...]:
    """The places of the text that ask for present or past pay, in order."""
    found = []
    for line in reading.lines:
        text = reading.text[line.start : line.end]
        for low, high in _sentences(text) if _PAY.may_match(text) else ():
            for match in _PAY.finditer(text, low, high):
                if _is_asked(text, match, low, high):
                    start = line.start + match.start()
                    found.append(Cited(match.group(), start, start + len(match.group())))
    return tuple(found)


def _sentences(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    return list(pairwise(cuts))


def _is_asked(text: str, match: re.Match[str], low: int, high: int) -> bool:
    before, after = text[low : match.start()], text[match.end() : high]
    if (
        _NOT_ASKED.search(before)
        or _EMPLOYERS.search(before)
        or re.match(r"\s+(?:is|are|will\s+be)\s+not\b", after, re.IGNORECASE)
    ):
        return False
    return bool(_ASKED.search(before) or (_A_FIELD.match(before) and _FIELD_ENDS.match(after)))
