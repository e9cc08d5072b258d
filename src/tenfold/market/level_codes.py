"""The marks by which pay sources tell levels, and how they meet a title's own words."""

from __future__ import annotations

from tenfold.catalogue.store import catalogue
from tenfold.catalogue.titles import read_title

# The sources mark no staff level; own pay data may, and then carries this mark.
STAFF_CODE = "ST"


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
