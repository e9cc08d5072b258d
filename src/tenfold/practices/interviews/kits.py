"""An interview kit from a hiring plan: which competency is asked about where, with which questions, in what time.

The plan's own rounds are kept where it has any; a round that does not say what it assesses gets what is still open.
Where the plan has none, three structured rounds with two raters each are proposed. Nothing here is drawn at random:
the same plan and the same library give the same kit, so every candidate is asked the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tenfold.catalogue.store import catalogue
from tenfold.checking.case import Case
from tenfold.checking.evidence_map import (
    Assessed,
    ExpectedReliability,
    Looks,
    evidence_map,
    expected_reliability,
)
from tenfold.plan.answers import NONE, is_stated
from tenfold.plan.document import Interview, InterviewKind, InterviewPlan
from tenfold.practices.interviews.engine import FRAME_MINUTES, SOFT
from tenfold.practices.interviews.questions import InterviewQuestion, QuestionType, library

PROPOSED_MINUTES, PROPOSED_RATERS = 60, 2
MOST_IN_ROUND = 3
"""Competencies that one proposed round looks at."""
PARTS = ("one", "two", "three")
"""Rounds on the work; with the one on working together they are four, from which on each adds little."""
MOST_QUESTIONS = 3
"""Questions on one competency in one round."""

# Which kinds of question a kind of round is for, best first.
PREFERRED: Mapping[InterviewKind, tuple[QuestionType, ...]] = {
    InterviewKind.STRUCTURED: (QuestionType.SITUATIONAL, QuestionType.BEHAVIOURAL, QuestionType.TECHNICAL),
    InterviewKind.UNSTRUCTURED: (QuestionType.BEHAVIOURAL, QuestionType.SITUATIONAL, QuestionType.TECHNICAL),
    InterviewKind.PRESENTATION: (QuestionType.WORK_SAMPLE, QuestionType.SITUATIONAL, QuestionType.BEHAVIOURAL),
    InterviewKind.WRITTEN: (QuestionType.WORK_SAMPLE, QuestionType.TECHNICAL, QuestionType.SITUATIONAL),
    InterviewKind.DEBUGGING: (QuestionType.WORK_SAMPLE, QuestionType.SITUATIONAL, QuestionType.TECHNICAL),
    InterviewKind.SCREEN: (QuestionType.BEHAVIOURAL, QuestionType.SITUATIONAL, QuestionType.TECHNICAL),
}
# Talking about code is not writing it: these are shown rather than told, where there is time.
SHOWN = frozenset({"python", "programming", "infrastructure-code", "software-design"})
SHOWN_PREFERRED = (QuestionType.WORK_SAMPLE, QuestionType.TECHNICAL, QuestionType.SITUATIONAL)
# Somebody at the beginning has seldom been on call or taken a release back: what they did comes last there.
NEW_TO_IT = "junior"
# The collaboration competencies that tell most at a level; the third round of a proposed kit asks about them.
TOGETHER: Mapping[str, tuple[str, ...]] = {
    "junior": ("collaborative-debugging", "explaining", "requirements-discovery"),
    "mid": ("collaborative-debugging", "requirements-discovery", "explaining"),
    "senior": ("requirements-discovery", "trade-offs", "collaborative-debugging"),
    "staff": ("trade-offs", "requirements-discovery", "leadership"),
    "principal": ("trade-offs", "leadership", "explaining"),
}


@dataclass(frozen=True, slots=True)
class KitRound:
    """One conversation with its questions, in the order in which they are asked.

    `is_proposed`: the kit chose what it assesses; `is_new`: the plan has no such round yet.
    `unasked`: competencies that the round shall assess and that its time leaves no question for.
    """

    name: str
    kind: InterviewKind
    minutes: int
    raters: int | None
    assesses: tuple[str, ...]
    questions: tuple[InterviewQuestion, ...]
    is_proposed: bool
    is_new: bool = False
    field: str = "interviews.rounds"
    unasked: tuple[str, ...] = ()

    @property
    def question_minutes(self) -> int:
        return sum(one.minutes for one in self.questions)


@dataclass(frozen=True, slots=True)
class KitCompetency:
    """One competency and everything in the process that looks at it."""

    looks: Looks
    expected: ExpectedReliability | None
    is_enough: bool


@dataclass(frozen=True)
class Kit:
    """Everything that interviewers and the candidate need. `uncovered`: must-haves that nothing assesses."""

    case: Case
    level: str | None
    infra_share: float | None
    competencies: tuple[KitCompetency, ...]
    rounds: tuple[KitRound, ...]
    uncovered: tuple[str, ...]


def kit(case: Case, questions: Sequence[InterviewQuestion] | None = None) -> Kit:
    """The kit for a plan. `questions`: a library in place of the one that ships."""
    pool = library() if questions is None else tuple(questions)
    level, share = case.plan.role.level, case.plan.role.scope
    planned = evidence_map(case)
    drafts = _planned_rounds(case, planned) or _proposed_rounds(planned, level)
    chooser = _Chooser(pool, level, share)
    first = [looks.competency for looks in planned if looks.is_must]
    rounds = tuple(_trim(chooser.fill(one, first)) for one in drafts)
    competencies = _competencies(case, planned, rounds)
    return Kit(
        case=case,
        level=level,
        infra_share=share,
        competencies=competencies,
        rounds=rounds,
        uncovered=tuple(one.looks.competency for one in competencies if one.looks.is_must and not one.looks.by),
    )


def _planned_rounds(case: Case, planned: Sequence[Looks]) -> list[KitRound]:
    """The plan's rounds; one that does not say what it assesses gets open must-haves, or collaboration."""
    interviews = case.plan.interviews
    rounds = [] if interviews is NONE else (is_stated(interviews) or InterviewPlan()).rounds or []
    waiting = _open_musts(planned)
    told = {name for one in rounds for name in one.assesses or ()}
    together = [name for name in _together(case.plan.role.level) if name not in told]
    found = []
    for index, one in enumerate(rounds):
        assesses = tuple(dict.fromkeys(one.assesses or ()))
        if one.assesses is None:
            room = max(1, (_minutes(one) - FRAME_MINUTES) // 15)
            source = together if one.kind is InterviewKind.SCREEN else waiting or together
            assesses = tuple(source[: min(room, MOST_IN_ROUND)])
            del source[: len(assesses)]
        found.append(
            KitRound(
                name=one.name or f"Interview {index + 1}",
                kind=one.kind or InterviewKind.STRUCTURED,
                minutes=_minutes(one),
                raters=one.raters,
                assesses=assesses,
                questions=(),
                is_proposed=one.assesses is None,
                field=f"interviews.rounds[{index}]",
            )
        )
    return found


def _minutes(one: Interview) -> int:
    default = 30 if one.kind is InterviewKind.SCREEN else PROPOSED_MINUTES
    return one.minutes if one.minutes is not None else default


def _proposed_rounds(planned: Sequence[Looks], level: str | None) -> list[KitRound]:
    """Two rounds on the work, three where two cannot hold it, and one on working together: two raters each."""
    soft = [looks.competency for looks in planned if looks.is_must and looks.competency in SOFT and not looks.by]
    hard = [name for name in _open_musts(planned) if name not in soft]
    together = list(dict.fromkeys([*soft, *_together(level)]))[:MOST_IN_ROUND]
    parts = max(2, min(len(PARTS), -(-len(hard) // MOST_IN_ROUND)))
    each = min(MOST_IN_ROUND, -(-len(hard) // parts))
    rounds = [
        (f"The work, part {name}", InterviewKind.STRUCTURED, tuple(hard[at * each : (at + 1) * each]))
        for at, name in enumerate(PARTS[:parts])
    ]
    rounds.append(("Working together", InterviewKind.PRESENTATION, tuple(together)))
    return [
        KitRound(name, kind, PROPOSED_MINUTES, PROPOSED_RATERS, assesses, (), is_proposed=True, is_new=True)
        for name, kind, assesses in rounds
        if assesses
    ]


def _open_musts(planned: Sequence[Looks]) -> list[str]:
    """Must-haves that need a look: those without any first, then those with too few raters."""
    musts = [looks for looks in planned if looks.is_must]
    bare = [looks.competency for looks in musts if not looks.by]
    thin = [looks.competency for looks in musts if looks.by and not looks.is_enough(PROPOSED_RATERS)]
    return [*bare, *thin]


def _together(level: str | None) -> tuple[str, ...]:
    return TOGETHER.get(level or "senior", TOGETHER["senior"])


@dataclass
class _Chooser:
    """Chooses questions for one round after the other and never the same twice."""

    pool: Sequence[InterviewQuestion]
    level: str | None
    infra_share: float | None

    def __post_init__(self) -> None:
        self.used: set[str] = set()
        self.types: dict[str, set[QuestionType]] = {}

    def fill(self, one: KitRound, first: Sequence[str]) -> KitRound:
        """One question a competency, must-haves (`first`) before others; then further ones, ML operations first."""
        left = one.minutes - _frame(one.minutes)
        chosen: dict[str, list[InterviewQuestion]] = {name: [] for name in one.assesses}
        order = sorted(one.assesses, key=lambda name: name not in first)
        for at, name in enumerate(order):
            found = self._next(name, one.kind, left - self._least(order[at + 1 :])) or self._next(name, one.kind, left)
            if found is not None:
                left -= found.minutes
                chosen[name].append(found)
        asked = [name for name in one.assesses if chosen[name]]
        for _ in range(MOST_QUESTIONS - 1):
            for name in sorted(asked, key=lambda name: not _is_ml_operations(name)):
                found = self._next(name, one.kind, left)
                if found is not None:
                    left -= found.minutes
                    chosen[name].append(found)
        return replace(
            one,
            questions=tuple(question for name in one.assesses for question in chosen[name]),
            unasked=tuple(name for name in one.assesses if not chosen[name]),
        )

    def _next(self, competency: str, kind: InterviewKind, minutes: int) -> InterviewQuestion | None:
        fitting = [one for one in self._open(competency) if one.minutes <= minutes]
        best = max(fitting, key=lambda one: self._merit(one, kind), default=None)
        if best is not None:
            self.used.add(best.id)
            self.types.setdefault(competency, set()).add(best.type)
        return best

    def _open(self, competency: str) -> list[InterviewQuestion]:
        """Unused questions on it that fit.

        Before any was asked, one of the other half of the job or of the nearest level is better than none.
        """
        mine = [one for one in self.pool if one.competency == competency]
        unused = [one for one in mine if one.id not in self.used]
        fitting = [one for one in unused if one.fits(level=self.level, infra_share=self.infra_share)]
        if fitting or len(unused) < len(mine):
            return fitting
        at_level = [one for one in unused if one.fits(level=self.level, infra_share=None)]
        return at_level or _nearest(unused, self.level)

    def _merit(self, one: InterviewQuestion, kind: InterviewKind) -> tuple[bool, int, int, int]:
        """A type not asked yet, the round's kind of question, the role's half of the job, a narrow span of levels.

        Where the level is not known, a wide span.
        """
        shown = one.competency in SHOWN and kind in (InterviewKind.STRUCTURED, InterviewKind.UNSTRUCTURED)
        order = SHOWN_PREFERRED if shown else PREFERRED[kind]
        preferred = len(order) - order.index(one.type) if one.type in order else 0
        if one.type is QuestionType.BEHAVIOURAL and self.level == NEW_TO_IT:
            preferred = -1
        fresh = one.type not in self.types.get(one.competency, set())
        width = len(one.levels) if self.level is None else -len(one.levels)
        return fresh, preferred, int(one.scope != "any"), width

    def _least(self, names: Iterable[str]) -> int:
        """Minutes that must be kept for competencies still without a question."""
        return sum(min((one.minutes for one in self._open(name)), default=0) for name in names)


def _trim(one: KitRound) -> KitRound:
    """A proposed round takes no more of a candidate's time than its questions need."""
    if one.minutes != PROPOSED_MINUTES or not one.is_new:
        return one
    return replace(one, minutes=min(one.minutes, 5 * -(-(one.question_minutes + FRAME_MINUTES) // 5)))


def _frame(minutes: int) -> int:
    return FRAME_MINUTES if minutes >= 40 else FRAME_MINUTES // 2


def _is_ml_operations(competency: str) -> bool:
    spine = catalogue()
    return spine.areas[spine.competencies[competency].area].mlops


def _nearest(questions: Sequence[InterviewQuestion], level: str | None) -> list[InterviewQuestion]:
    """Those whose levels come nearest."""
    ranks = {name: at for at, name in enumerate(catalogue().levels)}
    rank = ranks.get(level or "senior", 2)

    def distance(one: InterviewQuestion) -> int:
        return min(abs(ranks[name] - rank) for name in one.levels)

    least = min(map(distance, questions), default=0)
    return [one for one in questions if distance(one) == least]


def _competencies(case: Case, planned: Sequence[Looks], rounds: Sequence[KitRound]) -> tuple[KitCompetency, ...]:
    """The plan's looks with what the kit adds, less what a round has no time to ask."""
    found = {looks.competency: looks for looks in planned}
    for one in rounds:
        for name in one.assesses if one.is_proposed else ():
            looks = found.get(name, Looks(name, False, ()))
            added = Assessed(one.name, one.field, is_interview=True, automatic=False, raters=one.raters)
            found[name] = replace(looks, by=(*looks.by, added))
        for name in one.unasked:
            kept = tuple(look for look in found[name].by if (look.field, look.instrument) != (one.field, one.name))
            found[name] = replace(found[name], by=kept)
    needed = int(case.facts.number("interviews.raters_per_competency"))
    return tuple(
        KitCompetency(looks, expected_reliability(case, looks), looks.is_enough(needed)) for looks in found.values()
    )
