"""What a plan assesses where: each competency with the work samples and interviews that look at it, and who rates.

The practices on work samples (P5) and on interviews (P8) and the interview kits read the same map.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenfold.checking.case import Case
from tenfold.checking.demanded_skills import demanded_skills
from tenfold.kit.facts import Fact, load
from tenfold.kit.words import inside, join, plural
from tenfold.plan.answers import is_stated
from tenfold.posting.model import Demand
from tenfold.stats.d_study import plan_reliability, spearman_brown


@dataclass(frozen=True, slots=True)
class Assessed:
    """One look at a competency: by which instrument, rated by a grader or by so many people (None: not stated)."""

    instrument: str
    field: str
    is_interview: bool
    automatic: bool
    raters: int | None


@dataclass(frozen=True, slots=True)
class Looks:
    """All looks at one competency, in the plan's order."""

    competency: str
    is_must: bool
    by: tuple[Assessed, ...]

    @property
    def raters(self) -> int:
        """Independent ratings by people; a look that does not say adds none."""
        return sum(one.raters or 0 for one in self.by if not one.automatic)

    @property
    def is_automatic(self) -> bool:
        return any(one.automatic for one in self.by)

    def is_enough(self, raters: int) -> bool:
        """Whether a grader or so many people rate it."""
        return self.is_automatic or self.raters >= raters


@dataclass(frozen=True, slots=True)
class ExpectedReliability:
    """What ratings like these were worth elsewhere: from real mini-interviews (low) to a meta-analysis (high)."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"about .{round(100 * self.low):02d} to .{round(100 * self.high):02d}"


def evidence_map(case: Case) -> tuple[Looks, ...]:
    """Must-haves first, then whatever else is assessed; a must-have that nothing assesses has no looks."""
    return case.cached(_evidence_map)


def expected_reliability(case: Case, looks: Looks) -> ExpectedReliability | None:
    """Of the mean of the people's ratings; None where no people rate. A grader's reliability is on its report card.

    Two raters in one interview share what they saw, so they are worth less than two interviews.
    """
    rated = [one.raters for one in looks.by if not one.automatic and one.raters]
    if not rated:
        return None
    variances = _components(case.facts["interviews.mini_interview_variances"])
    one = case.facts.number("interviews.one_rater_reliability")
    each = max(1, round(sum(rated) / len(rated)))
    return ExpectedReliability(plan_reliability(variances, len(rated), each), spearman_brown(one, sum(rated)))


def mini_interview_variances() -> Mapping[str, float]:
    """Variance components of real mini-interviews, by the names of `stats.d_study`."""
    return _components(load()["interviews.mini_interview_variances"])


def _components(fact: Fact) -> Mapping[str, float]:
    candidate, interviewer, by_question, in_question, rest = fact.value
    return {
        "subject": candidate,
        "rater": interviewer,
        "rater_x_within": by_question,
        "subject_x_within": in_question,
        "residual": rest,
    }


def looks_in_words(case: Case, looks: Looks) -> str:
    """`Model monitoring: “Drift lab” (graded automatically) and “A model in trouble” (2 raters); reliability …`."""
    name = case.spine.competencies[looks.competency].name
    if not looks.by:
        return f"{name}: nothing assesses it."
    expected = expected_reliability(case, looks)
    worth = f"; expected reliability of the ratings {expected}" if expected else ""
    return f"{name}: {join([_look(one) for one in looks.by])}{worth}."


def sharing_in_words(case: Case, maps: tuple[Looks, ...]) -> str:
    """Competencies of the same looks told together, so that a long plan stays short."""
    groups: dict[tuple[Assessed, ...], list[str]] = {}
    for looks in maps:
        groups.setdefault(looks.by, []).append(inside(case.spine.competencies[looks.competency].name))
    return "; ".join(f"{join(names)}: {join([_look(one) for one in by]) or 'nothing'}" for by, names in groups.items())


def _look(one: Assessed) -> str:
    if one.automatic:
        return f"“{one.instrument}” (graded automatically)"
    who = "raters not stated" if one.raters is None else plural(one.raters, "rater")
    return f"“{one.instrument}” ({who})"


def _evidence_map(case: Case) -> tuple[Looks, ...]:
    musts = dict.fromkeys(item.competency for item in demanded_skills(case) if item.demand is Demand.MUST)
    by: dict[str, list[Assessed]] = {name: [] for name in musts}
    for name, one in (*_instruments(case), *_rounds(case)):
        by.setdefault(name, []).append(one)
    return tuple(Looks(name, name in musts, tuple(looks)) for name, looks in by.items())


def _instruments(case: Case) -> list[tuple[str, Assessed]]:
    assessment = is_stated(case.plan.assessment)
    return [
        (
            competency,
            Assessed(
                instrument=item.name or item.lab or f"work sample {index + 1}",
                field=f"assessment.instruments[{index}]",
                is_interview=False,
                automatic=item.graded == "automatic",
                raters=item.raters,
            ),
        )
        for index, item in enumerate((assessment and assessment.instruments) or [])
        for competency in dict.fromkeys(item.assesses or ())
    ]


def _rounds(case: Case) -> list[tuple[str, Assessed]]:
    interviews = is_stated(case.plan.interviews)
    return [
        (
            competency,
            Assessed(
                instrument=item.name or f"interview {index + 1}",
                field=f"interviews.rounds[{index}]",
                is_interview=True,
                automatic=False,
                raters=item.raters,
            ),
        )
        for index, item in enumerate((interviews and interviews.rounds) or [])
        for competency in dict.fromkeys(item.assesses or ())
    ]


def by_competency(case: Case) -> Mapping[str, Looks]:
    return {looks.competency: looks for looks in evidence_map(case)}


def looks_set_up(case: Case, labs: Mapping[str, Sequence[str]]) -> tuple[Looks, ...]:
    """As `evidence_map`, of what is set up for the role: rounds held for everybody, and labs in use.

    `labs`: of each lab, the competencies that it looks at.
    """
    setup = case.setup
    musts = [looks.competency for looks in evidence_map(case) if looks.is_must]
    by: dict[str, list[Assessed]] = {name: [] for name in musts}
    for lab in setup.labs if setup else ():
        for name in labs.get(lab.lab, ()):
            look = Assessed(lab.lab, "assessment.instruments", is_interview=False, automatic=True, raters=None)
            by.setdefault(name, []).append(look)
    for one in setup.rounds if setup else ():
        for name, _ in () if one.is_optional else one.asks:
            look = Assessed(one.name, "interviews.rounds", is_interview=True, automatic=False, raters=one.raters)
            by.setdefault(name, []).append(look)
    return tuple(Looks(name, name in musts, tuple(looks)) for name, looks in by.items())
