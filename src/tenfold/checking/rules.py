"""Rules: one function each, with an id, a requirement of MISSION, a severity, a rationale and its sources.

A rule looks at a case and yields what it finds. `found` says what is wrong with the plan; `asked` says which answer is
missing. The ruleset turns both into a verdict and holds two promises: a rule never speaks above its stated severity,
and a rule that rests on unconfirmed figures alone never says more than a note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tenfold.checking.case import Case
from tenfold.kit.facts import Fact, FactBook
from tenfold.kit.findings import Finding, Observation, Picture, Question, Quote, Severity, Verdict


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """What a rule says before it is signed with the rule's name.

    `publishes`: the plan's answers that the fix would put into the posting as they stand.
    """

    what: str
    why: str
    fix: str
    field: str = ""
    flips: str = ""
    severity: Severity | None = None
    publishes: tuple[str, ...] = ()
    evidence: tuple[Quote, ...] = ()
    sources: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """An answer that the plan does not give."""

    field: str
    ask: str


RuleFunction = Callable[[Case], Iterable[FindingDraft | QuestionDraft]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a practice.

    `id` is `practice.name`; `requirement` the `Pn.m` of the mission that it serves; `severity` the most it can say;
    `why` is the rationale that a hiring manager would accept; `facts` the keys of the figures that it rests on.
    """

    id: str
    requirement: str
    severity: Severity
    why: str
    facts: tuple[str, ...]
    function: RuleFunction

    @property
    def practice(self) -> str:
        return self.id.partition(".")[0]


class Ruleset:
    """The rules of one practice, in the order in which their findings should be read."""

    def __init__(self, practice: str) -> None:
        self.practice = practice
        self.rules: list[Rule] = []
        self._summaries: list[Callable[[Case], Iterable[Observation]]] = []
        self._picture: Callable[[Case], Picture | None] = lambda _case: None

    def summary(self, function: Callable[[Case], Iterable[Observation]]) -> Callable[[Case], Iterable[Observation]]:
        """Registers a function that says, in short sentences, what the verdict rests on."""
        self._summaries.append(function)
        return function

    def picture(self, function: Callable[[Case], Picture | None]) -> Callable[[Case], Picture | None]:
        """Registers the function that draws what the verdict rests on."""
        self._picture = function
        return function

    def rule(
        self, name: str, *, requirement: str, severity: Severity, why: str, facts: tuple[str, ...] = ()
    ) -> Callable[[RuleFunction], RuleFunction]:
        """Registers the function below it as the rule `practice.name`."""

        def register(function: RuleFunction) -> RuleFunction:
            self.rules.append(Rule(f"{self.practice}.{name}", requirement, severity, why, facts, function))
            return function

        return register

    def check(self, case: Case) -> Verdict:
        findings: list[Finding] = []
        questions: dict[str, Question] = {}
        for rule in self.rules:
            for said in rule.function(case):
                if isinstance(said, QuestionDraft):
                    questions.setdefault(said.field, Question(self.practice, rule.id, said.field, said.ask, rule.why))
                else:
                    findings.append(_sign(rule, said, case.facts))
        order = list(Severity)
        findings.sort(key=lambda finding: order.index(finding.severity))
        observations = tuple(remark for summary in self._summaries for remark in summary(case))
        return Verdict(self.practice, tuple(findings), tuple(questions.values()), observations, self._picture(case))


def _sign(rule: Rule, said: FindingDraft, facts: FactBook) -> Finding:
    sources = tuple(dict.fromkeys((*(facts[key] for key in rule.facts), *said.sources)))
    return Finding(
        practice=rule.practice,
        rule=rule.id,
        severity=_cap_severity(said.severity or rule.severity, rule.severity, sources),
        what=said.what,
        why=said.why,
        fix=said.fix,
        field=said.field,
        flips=said.flips,
        publishes=said.publishes,
        evidence=said.evidence,
        sources=sources,
    )


def _cap_severity(severity: Severity, most: Severity, sources: tuple[Fact, ...]) -> Severity:
    order = list(Severity)
    if sources and not any(fact.evidence.may_decide for fact in sources):
        return Severity.NOTE
    return max(severity, most, key=order.index)
