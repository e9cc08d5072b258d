"""Combinations of demands, weighed: values in, frozen answers out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.kit.expressions import Expression

CORE = {
    "infrastructure fundamentals": frozenset(
        {
            "container-orchestration",
            "delivery-automation",
            "infrastructure-code",
            "cloud-platforms",
            "linux-systems",
        }
    ),
    "model deployment and serving": frozenset({"model-serving", "ml-lifecycle"}),
    "Python": frozenset({"python"}),
    "production monitoring and debugging": frozenset({"model-monitoring", "service-operations"}),
}
"""The default must-haves (P3.1): any one of the competencies answers for its line."""

LEARNABLE = {
    "model-development": "model training",
    "data-pipelines": "advanced data engineering",
}
"""Competencies that are nice to have in an MLOps engineer by default (P3.1)."""

DEEP_AREA_OF_GROUP = {
    "infrastructure": "infrastructure",
    "ml": "ml",
    "data": "data-engineering",
    "software": "software-engineering",
}


@dataclass(frozen=True, slots=True)
class Unicorn:
    """Deep areas demanded at once, and whether leading people comes on top."""

    areas: tuple[str, ...]
    leads: bool
    modest: bool
    """Whether level (or pay) is mid or lower."""

    @property
    def count(self) -> int:
        return len(self.areas) + self.leads


_MASTERY = re.compile(
    r"\b(?:expert|expertise|mastery|extensive|advanced|in-depth|guru|strong|proven|world-class"
    r"|deep(?! (?:learning|neural|network|reinforcement)))\b",
    re.IGNORECASE,
)


def is_mastery(words: str) -> bool:
    """Whether a demand speaks of mastery: “deep expertise in”, not “5 years of” or “deep learning”."""
    return bool(_MASTERY.search(words))


_WEAKER = re.compile(r"\b(?:strong|proven)\b", re.IGNORECASE)


def is_expertise(words: str) -> bool:
    """Whether a demand of mastery is more than “strong” or “proven”."""
    return is_mastery(_WEAKER.sub("", words))


CORE_WORDS = {
    "infrastructure fundamentals": r"cloud|infrastructure|containers?|kubernetes|docker|ci ?/ ?cd|terraform|devops",
    "model deployment and serving": r"deploy\w*|serving|inference|productioni[sz]\w*",
    "Python": r"python",
    "production monitoring and debugging": r"monitor\w*|observab\w*|debug\w*|troubleshoot\w*|on-call|incidents?",
}
"""Words by which a posting speaks of a default must-have without naming a tool for it."""
_CORE_SPOKEN = {name: Expression(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in CORE_WORDS.items()}


def core_spoken_of(text: str) -> frozenset[str]:
    """The default must-haves that a posting speaks of in words."""
    return frozenset(name for name, words in _CORE_SPOKEN.items() if words.search(text))


def missing_core(competencies: Sequence[str], core: Sequence[str] = tuple(CORE)) -> tuple[str, ...]:
    """The default must-haves that none of these competencies answers.

    `core` names them: lines of `CORE`, or competencies by id, each of which answers for itself.
    """
    have = set(competencies)
    return tuple(name for name in core if not have & CORE.get(name, frozenset({name})))


@dataclass(frozen=True, slots=True)
class TeamCover:
    """What the team already does. `well`: enough people; `thin`: somebody; `nobody`: no one."""

    well: tuple[str, ...]
    thin: tuple[str, ...]
    nobody: tuple[str, ...]


def team_cover(needed: Sequence[str], people: Sequence[Sequence[str]], *, enough: float) -> TeamCover:
    """Counts for each needed competency how many teammates have it."""
    have = Counter(competency for person in people for competency in set(person))
    wanted = list(dict.fromkeys(needed))
    return TeamCover(
        well=tuple(name for name in wanted if have[name] >= enough),
        thin=tuple(name for name in wanted if 0 < have[name] < enough),
        nobody=tuple(name for name in wanted if not have[name]),
    )
