"""Years that a posting asks for with one tool ("10+ years of experience with MLflow").

Only the tool that follows the years directly counts: in "5 years with Python, Go or Java" the other two may be new.
"""

from __future__ import annotations

import re

from tenfold.posting.model import Cited, PostingReading

_YEARS_BEFORE = re.compile(
    r"\b(?P<years>\d{1,2})\s*(?:\+|plus|or more)?\s*(?:(?:-|to|–)\s*\d{1,2}\s*\+?\s*)?(?:years?|yrs?)(?:['’])?\s+"
    r"(?:(?:of|experience|expertise|hands-on|professional|production|working|work|practical|proven|commercial|industry|"
    r"solid|strong|development|programming|coding|with|in|using|on|the|and|building|developing|managing|running|operating|"
    r"administering|deploying)\s+){1,7}$",
    re.IGNORECASE,
)
_LOOK_BACK = 110


def tool_years(reading: PostingReading) -> dict[str, Cited[int]]:
    """Years per skill id, the most where several are stated; spans run from the years to the tool's name."""
    found: dict[str, Cited[int]] = {}
    for tool in reading.tools:
        for mention in tool.mentions:
            before = reading.text[max(0, mention.start - _LOOK_BACK) : mention.start]
            line = before[before.rfind("\n") + 1 :]
            match = _YEARS_BEFORE.search(line)
            if match is None:
                continue
            years, start = int(match["years"]), mention.start - len(line) + match.start()
            if tool.skill_id not in found or found[tool.skill_id].value < years:
                found[tool.skill_id] = Cited(years, start, mention.end)
    return found
