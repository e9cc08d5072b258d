"""A job's title read as a role family and a level, by stated rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class ReadTitle:
    """`level` is None where the title does not say one; `role` is `other` where none of the families fits."""

    role: str
    level: str | None


# First match wins: the narrower families stand before the wider ones.
_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern, re.IGNORECASE | re.VERBOSE))
    for role, pattern in (
        (
            "mlops",
            r"""\b(machine[ ]learning|ml|llm|ai|model)[ ]?-?ops\b
            | \b(machine[ ]learning|ml|model|ai/ml|ml/ai)
              [ -](platform|operations|infra\w*|reliability|production|deployment|serving)\b
            | \bmodel[ ](serving|deployment)\b""",
        ),
        (
            "ai-infrastructure",
            r"""\b(ai|deep[ ]learning|gpu|llm|genai)[ -](infra\w*|platform|compute|cluster|systems?)\b
            | \bgpu\b | \bhpc\b | \bhigh[ -]performance[ ]computing\b
            | \b(training|inference)[ ](infra\w*|platform|systems?)\b
            | \b(machine[ ]learning|ml)[ ](performance|systems?)\b""",
        ),
        (
            "ml-engineer",
            r"""\b(machine[ -]learning|ml|deep[ ]learning|computer[ ]vision|nlp|ai|artificial[ ]intelligence
            |generative[ ]ai|llm)([ ]software|[ ]model|[ ]research|[ ]applications?)?[ ](engineer|developer)
            | \b(engineer|developer)\w*[ ,(/–—-]{1,3}(machine[ ]learning|ml|ai)\b""",
        ),
        (
            "data-engineer",
            r"""\b(data|etl|big[ ]data|analytics|data[ ]platform|data[ ]infrastructure)[ ](engineer|developer)
            | \bdata[ ]engineering\b""",
        ),
        (
            "devops",
            r"""\bdev[ ]?-?(sec)?-?ops\b | \bsite[ -]reliability\b | \bsre\b
            | \b(platform|cloud|infrastructure|reliability|production|release|build)[ ]engineer""",
        ),
        (
            "data-scientist",
            r"""\bdata[ ]scien | \b(applied|machine[ ]learning|ml|ai|decision)[ ]scientist\b | \bapplied[ ]science\b""",
        ),
        (
            "software-engineer",
            r"""\bsoftware\b | \bmember[ ]of[ ]technical[ ]staff\b | \bprogrammer\b
            | \b(back[ ]?-?end|front[ ]?-?end|full[ -]?stack|web|mobile|ios|android|java|python|\.net|c\+\+)
              [ ](engineer|developer)""",
        ),
    )
)

_ML_PLATFORM = re.compile(r"\b(ml|machine learning|ai|ai/ml|ml/ai)[ -](infra\w*|platform)", re.IGNORECASE)
_APPLIED_SCIENTIST = re.compile(
    r"\b(?:applied|research|machine[ -]learning|ml|ai|nlp|computer vision|deep learning)\b"
    r"(?:[ /,-]+\w+){0,2}[ -]+scien(?:tist|ce)\b",
    re.IGNORECASE,
)
"""Who builds models as their work may be called so whether they answer questions or ship the models."""
_INFRASTRUCTURE = re.compile(r"\b(infrastructure|cloud|platform|reliability)\b", re.IGNORECASE)

# Managers of a family are not engineers of it.
_MANAGES = re.compile(
    r"\b(manager|director|head|vp|vice president|chief|c[dti]o|president|product owner|recruiter|sales|account"
    r"|analyst|architect|consultant|writer|instructor|teacher)\b",
    re.IGNORECASE,
)

# Read in this order: "senior staff engineer" is staff, "senior principal" principal, "associate director" neither.
_LEVELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (level, re.compile(pattern, re.IGNORECASE))
    for level, pattern in (
        ("principal", r"\b(principal|distinguished|fellow|chief engineer)\b"),
        ("staff", r"\bstaff\b(?! (augmentation|accountant))|\b(tech|technical|team)? ?lead\b|\b(iv|4)\b|\bl6\b"),
        (
            "senior",
            (
                r"\b((?<!semi[ -])(?<!semi)senior|sénior|erfahrene?[rnsm]?|expérimentée?|ervaren|starszy|sr\.?|snr"
                r"|experienced|iii|3)\b|\bl5\b"
            ),
        ),
        (
            "junior",
            (
                r"\b(junior|jr\.?|entry[ -]level|early[ -]career|(new )?grad(uate)?|intern(ship)?|trainee|apprentice"
                r"|associate|berufseinsteiger\w*|absolvent\w*|débutante?|neolaureat[oa]|młodszy)\b"
            ),
        ),
        (
            "mid",
            (
                r"\b(mid|mid[ -]level|intermediate|medior|semi[ -]?senior|mittlere?[rsnm]? (level|ebene|stufe)"
                r"|confirmée?|berufserfahrene?[rnsm]?|ii|2)\b|\bl4\b"
            ),
        ),
    )
)
_TECHNICAL_STAFF = re.compile(r"\bmembers? of (the )?technical staff\b", re.IGNORECASE)


@lru_cache(maxsize=65536)
def read_title(title: str) -> ReadTitle:
    """Role and level of a title.

    “Member of technical staff” is a rank-free title: its “staff” says nothing. “Engineer II” is mid, “III” senior.
    """
    return ReadTitle(role=_role(title), level=_level(title))


def families_in_title(title: str) -> frozenset[str]:
    """Every family that a title's words may stand for: “ML infrastructure engineer” is MLOps and AI infrastructure."""
    if _MANAGES.search(title):
        return frozenset()
    named = {role for role, pattern in _ROLES if pattern.search(title)}
    if _ML_PLATFORM.search(title):
        named |= {"mlops", "ai-infrastructure"}
    if _APPLIED_SCIENTIST.search(title):
        named |= {"ml-engineer", "data-scientist"}
    if _INFRASTRUCTURE.search(title):
        named.add("devops")
    return frozenset(named)


def _role(title: str) -> str:
    if _MANAGES.search(title):
        return "other"
    return next((role for role, pattern in _ROLES if pattern.search(title)), "other")


def _level(title: str) -> str | None:
    plain = _TECHNICAL_STAFF.sub(" ", title)
    return next((level for level, pattern in _LEVELS if pattern.search(plain)), None)
