"""A job's title read as a role family and a level, by stated rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tenfold.catalogue.store import catalogue


@dataclass(frozen=True, slots=True)
class ReadTitle:
    """`level` is None where the title does not say one; `role` is `other` where none of the families fits."""

    role: str
    level: str | None


_MAKER = r"(engineer|developer)"
_ML = r"machine[ -]learning|ml|deep learning|computer vision|nlp|(generative )?ai|artificial intelligence|llm"
_OPERATIONS = r"platform|operations|infra\w*|reliability|production|deployment|serving"
_GPU_WORK = (
    r"gpu|hpc|high[ -]performance computing|(training|inference) (infra\w*|platform|systems?)"
    r"|(machine learning|ml) (performance|systems?)"
)
_PLATFORM = r"platform|cloud|infrastructure|reliability|production|release|build"
_PRODUCT = r"back ?-?end|front ?-?end|full[ -]?stack|web|mobile|ios|android|java|python|\.net|c\+\+"

# The sources mark no staff level; own pay data may, and then carries this mark.
STAFF_CODE = "ST"

# First match wins: the narrower families stand before the wider ones.
_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern, re.IGNORECASE))
    for role, pattern in (
        (
            "mlops",
            rf"\b(ml|llm|ai|model) ?-?ops\b|\b(machine learning|ml|model|ai/ml|ml/ai)[ -]({_OPERATIONS})\b",
        ),
        (
            "ai-infrastructure",
            rf"\b({_GPU_WORK})\b|\b(ai|deep learning|llm|genai)[ -](infra\w*|platform|compute|cluster)\b",
        ),
        (
            "ml-engineer",
            rf"\b({_ML})( software| model| research| applications?)? {_MAKER}|\b{_MAKER}\w*,? ({_ML})\b",
        ),
        (
            "data-engineer",
            rf"\b(data|etl|analytics|data platform|data infrastructure) {_MAKER}|\bdata engineering\b",
        ),
        (
            "devops",
            rf"\bdev ?-?(sec)?-?ops\b|\bsite[ -]reliability\b|\bsre\b|\b({_PLATFORM}) engineer",
        ),
        (
            "data-scientist",
            r"\bdata scien|\b(applied|machine learning|ml|ai|decision) scientist\b|\bapplied science\b",
        ),
        (
            "software-engineer",
            rf"\bsoftware\b|\b({_PRODUCT}) {_MAKER}|\bmember of technical staff\b|\bprogrammer\b",
        ),
    )
)

# Managers of a family are not engineers of it.
_MANAGES = re.compile(
    r"\b(manager|director|head|vp|vice president|chief|c[dti]o|president|product owner|recruiter|sales"
    r"|account|analyst|architect|consultant|writer|instructor|teacher)\b",
    re.IGNORECASE,
)

# Read in this order: "senior staff engineer" is staff, "senior principal" principal, "associate director"
# neither.
_LEVELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (level, re.compile(pattern, re.IGNORECASE))
    for level, pattern in (
        ("principal", r"\b(principal|distinguished|fellow|chief engineer)\b"),
        (
            "staff",
            r"\bstaff\b(?! (augmentation|accountant))|\b(tech|technical|team)? ?lead\b|\b(iv|4)\b|\bl6\b",
        ),
        ("senior", r"\b(senior|sr\.?|snr|experienced|iii|3)\b|\bl5\b"),
        (
            "junior",
            r"\b(junior|jr\.?|entry[ -]level|grad(uate)?|intern(ship)?|trainee|early[ -]career|associate)\b",
        ),
        ("mid", r"\b(mid|mid[ -]level|intermediate|ii|2)\b|\bl4\b"),
    )
)
_TECHNICAL_STAFF = re.compile(r"\bmembers? of (the )?technical staff\b", re.IGNORECASE)


@lru_cache(maxsize=65536)
def read_title(title: str) -> ReadTitle:
    """Role and level of a title.

    “Member of technical staff” is a rank-free title: its “staff” says nothing. “Engineer II” is mid, “III”
    senior.
    """
    return ReadTitle(role=_role(title), level=_level(title))


def _role(title: str) -> str:
    if _MANAGES.search(title):
        return "other"
    return next((role for role, pattern in _ROLES if pattern.search(title)), "other")


def _level(title: str) -> str | None:
    plain = _TECHNICAL_STAFF.sub(" ", title)
    return next((level for level, pattern in _LEVELS if pattern.search(plain)), None)


def level_of_code(code: str) -> str | None:
    """The level of a pay source's mark (ai-jobs: EN, MI, SE, EX); None where the catalogue knows none."""
    wanted = code.strip().upper()
    return next((level.id for level in catalogue().levels.values() if wanted in level.codes), None)


def level_of(title: str, code: str) -> str | None:
    """The title's word where it says staff or principal, which the marks do not tell, else the source's mark."""
    said = read_title(title).level
    if said in ("staff", "principal"):
        return said
    return "staff" if code == STAFF_CODE else level_of_code(code)


def code_of_level(level: str) -> str:
    """The mark of a level: ai-jobs' own, and ours for staff, which that source does not tell apart."""
    codes = catalogue().levels[level].codes
    return codes[0] if codes else STAFF_CODE
