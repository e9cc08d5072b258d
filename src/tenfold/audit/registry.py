"""The ten practices, always in this order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tenfold.checking.case import Case
from tenfold.checking.rules import Rule, Ruleset
from tenfold.kit.findings import Verdict
from tenfold.practices.alignment import check as alignment
from tenfold.practices.growth import check as growth
from tenfold.practices.interviews import check as interviews
from tenfold.practices.labs import check as labs
from tenfold.practices.pay import check as pay
from tenfold.practices.requirements import check as requirements
from tenfold.practices.retention import check as retention
from tenfold.practices.scope import check as scope
from tenfold.practices.skills import check as skills
from tenfold.practices.timing import check as timing


@dataclass(frozen=True, slots=True)
class Practice:
    """One of the ten: its id in code and plans, its number in the mission, its name on pages, what it promises."""

    id: str
    mission: str
    title: str
    promise: str
    ruleset: Ruleset
    check: Callable[[Case], Verdict]


PRACTICES = (
    Practice(
        "requirements",
        "P1",
        "Requirements",
        "MLOps is not DevOps with a new title",
        requirements.requirements,
        requirements.check,
    ),
    Practice("pay", "P2", "Pay", "Benchmark against ML engineering", pay.pay, pay.check),
    Practice("skills", "P3", "Skills", "No impossible combinations", skills.skills, skills.check),
    Practice("scope", "P4", "Scope", "Say which MLOps job this is", scope.scope, scope.check),
    Practice("labs", "P5", "Labs", "Work samples, not whiteboards", labs.labs, labs.check),
    Practice("timing", "P6", "Timing", "Neither too early nor too late", timing.timing, timing.check),
    Practice(
        "alignment", "P7", "Alignment", "One reporting line, real authority", alignment.alignment, alignment.check
    ),
    Practice(
        "interviews", "P8", "Interviews", "Assess soft skills deliberately", interviews.interviews, interviews.check
    ),
    Practice("growth", "P9", "Growth", "A ladder that is real", growth.growth, growth.check),
    Practice("retention", "P10", "Retention", "Keep the people you hire", retention.retention, retention.check),
)
BY_ID = {practice.id: practice for practice in PRACTICES}


def all_rules() -> Iterator[Rule]:
    """Every rule, practice by practice, in the order in which its findings are read."""
    for practice in PRACTICES:
        yield from practice.ruleset.rules
