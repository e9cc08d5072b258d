"""P7: whom does the hire report to, what may they decide, and do the teams' goals agree?"""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.checking.case import Case
from tenfold.checking.quoting import plan_says
from tenfold.checking.rules import FindingDraft, QuestionDraft, Ruleset
from tenfold.checking.scopes import INFRASTRUCTURE_HEAVY, profile_of
from tenfold.kit.findings import Observation, Severity, Verdict
from tenfold.kit.words import join, plural, sentence
from tenfold.plan.answers import is_stated
from tenfold.plan.document import Incentive, Line
from tenfold.practices.alignment.engine import (
    CORE_DECISIONS,
    Charter,
    LineAdvice,
    Right,
    advise_line,
    examine_charter,
    incentive_conflicts,
    slug,
)

alignment = Ruleset("alignment")


def check(case: Case) -> Verdict:
    return alignment.check(case)


@alignment.rule(
    "no-line",
    requirement="P7.1",
    severity=Severity.NOTE,
    why="Without one reporting line, every team is the hire's boss.",
    facts=("alignment.one_line",),
)
def no_line(case: Case) -> Iterator[QuestionDraft]:
    if case.plan.reporting.line is None:
        yield QuestionDraft(
            "reporting.line",
            "Whom does the hire report to: ML leadership, infrastructure, an ML platform team, data or product?",
        )


@alignment.rule(
    "two-lines",
    requirement="P7.1",
    severity=Severity.FIX,
    why="With two people setting priorities, the hire negotiates instead of building.",
    facts=("alignment.one_line",),
)
def two_lines(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    reporting = case.plan.reporting
    others = is_stated(reporting.other_lines)
    if reporting.line is not None and reporting.other_lines is None:
        yield QuestionDraft("reporting.other_lines", "Does anyone else set the hire's priorities? (“none” if nobody)")
    elif others and 1 + len(others) > case.facts.number("alignment.one_line"):
        yield FindingDraft(
            what=f"{'Another' if len(others) == 1 else 'Others'} also set the hire's priorities: {join(others)}.",
            why="In a matrix, two teams' disagreements are settled by the hire, usually by working nights.",
            fix=f"Keep {_line_name(reporting.line.value) if reporting.line else 'one line'}; move {join(others)} to "
            "the dotted lines, for advice.",
            field="reporting.other_lines",
            evidence=plan_says(case, "reporting.line", "reporting.other_lines"),
        )


@alignment.rule(
    "line-misfit",
    requirement="P7.1",
    severity=Severity.REVIEW,
    why="The right reporting line depends on how many people the platform serves and what kind of work it is.",
    facts=("alignment.dedicated_team", "alignment.several_consumers"),
)
def line_misfit(case: Case) -> Iterator[FindingDraft]:
    line, advice = case.plan.reporting.line, _advice(case)
    if line is None or not advice.sure or line.value == advice.line:
        return
    enough, people = case.facts.number("alignment.dedicated_team"), case.plan.situation.ml_engineers
    teams, several = case.plan.situation.teams_with_models, case.facts.number("alignment.several_consumers")
    evidence = plan_says(case, "reporting.line", "situation.ml_engineers", "situation.teams_with_models")
    if line is Line.ML_PLATFORM_TEAM and people is not None and people >= enough:
        yield FindingDraft(
            what=f"A platform team of its own for {plural(teams or 0, 'team')} with models is too early.",
            why=f"{people} ML engineers are enough, but a platform pays where {several:g} or more teams need the same "
            "thing; for fewer it only adds a hand-over.",
            fix=f"Report to {_line_name(advice.line)} for now: {advice.because}. Review this when a "
            f"{_nth(several)} team puts a model into production.",
            field="reporting.line",
            flips=f"{several:g} teams with models instead of {teams}.",
            evidence=evidence,
        )
    elif line is Line.ML_PLATFORM_TEAM:
        yield FindingDraft(
            what=f"A platform team of its own for {people} ML engineers is a team with too few users.",
            why=f"The guide speaks of {enough:g} or more; until then the first hire works best inside the "
            "team it serves.",
            fix=f"Report to {_line_name(advice.line)} for now: {advice.because}. Review this at "
            f"{enough:g} ML engineers.",
            field="reporting.line",
            flips=f"{enough:g} ML engineers instead of {people}.",
            evidence=evidence,
        )
    elif advice.line == Line.ML_PLATFORM_TEAM.value:
        yield FindingDraft(
            what=f"With {people} ML engineers, it is time for a dedicated ML platform team.",
            why="At this size, several teams send requests; a hire who reports to one of them serves that one first.",
            fix="Name the team that this hire starts or joins, or write down why not yet.",
            field="reporting.line",
            flips=f"Fewer than {enough:g} ML engineers.",
            evidence=evidence,
        )
    elif line in (Line.DATA, Line.PRODUCT):
        yield FindingDraft(
            what=f"Reporting to {_line_name(line.value)} leaves serving and on-call without a clear owner.",
            why="ML leadership, infrastructure or a platform team are the lines that work; "
            "elsewhere the hire "
            "is the only one of their kind, with nobody to review their work.",
            fix=f"Consider {_line_name(advice.line)}: {advice.because}.",
            field="reporting.line",
            evidence=evidence,
        )


@alignment.rule(
    "no-charter",
    requirement="P7.2",
    severity=Severity.FIX,
    why="Responsibility without authority is a common reason for leaving a platform role.",
    facts=("alignment.one_line",),
)
def no_charter(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    rights = case.plan.decision_rights
    if rights is None:
        yield QuestionDraft("decision_rights", "Who decides on ML infrastructure, deployment standards and tools?")
    elif not is_stated(rights):
        yield FindingDraft(
            what="No decision rights are assigned.",
            why="Standards that anyone may ignore are suggestions; the hire would be responsible for systems "
            "that others "
            "choose.",
            fix="List at least ML infrastructure, deployment standards and tool choice, each with one "
            "accountable post.",
            field="decision_rights",
            evidence=plan_says(case, "decision_rights"),
        )


@alignment.rule(
    "charter-gap",
    requirement="P7.2",
    severity=Severity.REVIEW,
    why="Decisions that nobody owns are made by whoever is loudest.",
    facts=("alignment.one_line", "alignment.one_accountable"),
)
def charter_gap(case: Case) -> Iterator[FindingDraft]:
    charter = _charter(case)
    if charter is None:
        return
    unowned = [right.decision for right in charter.unowned]
    gaps = [*charter.missing, *unowned]
    if gaps:
        yield FindingDraft(
            what=f"Nobody is named to decide on {join(gaps)}.",
            why="An MLOps engineer runs into these decisions in the first month.",
            fix=f"Add {join([gap.replace('-', ' ') for gap in gaps])}"
            f" to the decision rights, with this role accountable"
            f"{f' or {case.plan.reporting.manager}' if case.plan.reporting.manager else ''}, and who is consulted.",
            field="decision_rights",
            evidence=plan_says(case, "decision_rights"),
        )


@alignment.rule(
    "committee",
    requirement="P7.2",
    severity=Severity.FIX,
    why="A decision with two owners, or a committee, has no owner when it is urgent.",
    facts=("alignment.one_accountable",),
)
def committee(case: Case) -> Iterator[FindingDraft]:
    charter = _charter(case)
    for right in charter.shared if charter else ():
        yield FindingDraft(
            what=f"{_title_words(right.decision)} is decided by {join(right.accountable)}: that is a committee.",
            why=f"{sentence(plural(case.facts.number('alignment.one_accountable'), 'post'))} can be accountable; the "
            "others can be consulted and still be heard.",
            fix=f"Make {right.accountable[0]} accountable and move {join(right.accountable[1:])} to "
            "those who are consulted, or the other way round."
            if len(right.accountable) > 1
            else f"Name the one post of the {right.accountable[0]} that decides; the rest are consulted.",
            field="decision_rights",
            evidence=plan_says(case, *_rows(case, right.decision)),
        )


@alignment.rule(
    "no-authority",
    requirement="P7.2",
    severity=Severity.REVIEW,
    why="A senior hire who decides nothing is a pair of hands at a senior salary.",
    facts=("alignment.one_accountable",),
)
def no_authority(case: Case) -> Iterator[FindingDraft]:
    charter = _charter(case)
    level = case.plan.role.level
    if charter is None or charter.hires or level in (None, "junior", "mid"):
        return
    yield FindingDraft(
        what=f"The {level} hire decides nothing: every right belongs to someone else.",
        why="Authority over at least one of infrastructure, deployment standards or tools is what makes the role real.",
        fix=_first_right(case),
        field="decision_rights",
        evidence=plan_says(case, "role.level", "decision_rights"),
    )


@alignment.rule(
    "incentives-missing",
    requirement="P7.3",
    severity=Severity.REVIEW,
    why="People do what they are measured on.",
    facts=("alignment.shared_incentives",),
)
def incentives_missing(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    if case.plan.incentives is None:
        yield QuestionDraft("incentives", "Which goals are this team and its partner teams measured on?")
        return
    incentives = is_stated(case.plan.incentives) or []
    measured = {slug(metric) for incentive in incentives for metric in incentive.metrics or []}
    absent = [metric for metric in case.facts["alignment.shared_incentives"].value if metric not in measured]
    silent = [index for index, row in enumerate(incentives) if row.metrics is None]
    if absent and silent:
        yield QuestionDraft(
            f"incentives[{silent[0]}].metrics", f"Which goals is {incentives[silent[0]].team} measured on?"
        )
    elif absent:
        yield FindingDraft(
            what=f"Nobody is measured on {join([metric.replace('-', ' ') for metric in absent])}.",
            why="What the platform is for (faster deployments, models that stay up, systems that hold) then "
            "earns no one "
            "anything.",
            fix=f"Give {join([row.team for row in incentives]) or 'the team of the hire and its users'} a shared "
            f"goal for "
            f"{join([metric.replace('-', ' ') for metric in absent])}, in the OKRs.",
            field="incentives",
            evidence=plan_says(case, "incentives") if not incentives else (),
        )


@alignment.rule(
    "incentives-untied",
    requirement="P7.3",
    severity=Severity.REVIEW,
    why="A metric that counts for nothing changes nothing.",
    facts=("alignment.shared_incentives",),
)
def incentives_untied(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    incentives = is_stated(case.plan.incentives) or []
    if not incentives or any(incentive.tied_to for incentive in incentives):
        return
    silent = [index for index, row in enumerate(incentives) if row.tied_to is None]
    if silent:
        yield QuestionDraft(
            f"incentives[{silent[0]}].tied_to", "What do these metrics count for: okr, pay, bonus, promotion or []?"
        )
    else:
        yield FindingDraft(
            what="The teams' metrics do not count for anything.",
            why="None of them is part of OKRs, pay, bonus or promotion, so they give way whenever something "
            "else is urgent.",
            fix="Say what each is tied to; OKRs are enough to start.",
            field="incentives[0].tied_to",
            evidence=plan_says(case, "incentives[0].team", "incentives[0].metrics"),
        )


@alignment.rule(
    "incentives-conflict",
    requirement="P7.3",
    severity=Severity.FIX,
    why="If one team is rewarded for shipping and another for nothing changing, the hire will disappoint one of them.",
    facts=("alignment.shared_incentives",),
)
def incentives_conflict(case: Case) -> Iterator[FindingDraft]:
    incentives = is_stated(case.plan.incentives) or []
    for conflict in incentive_conflicts({row.team: row.metrics or [] for row in incentives}):
        yield FindingDraft(
            what=f"Conflicting goals: {conflict.fast} on speed only, {conflict.steady} on stability only.",
            why="Every deployment helps one team's numbers and puts the other's at risk, with MLOps in the middle.",
            fix=f"Give {conflict.fast} and {conflict.steady} the same two: deployment velocity and model uptime.",
            field="incentives",
            flips=f"A stability metric for {conflict.fast}, or a speed metric for {conflict.steady}.",
            evidence=plan_says(case, *_metric_fields(incentives, conflict.fast, conflict.steady)),
        )


@alignment.summary
def what_was_weighed(case: Case) -> Iterator[Observation]:
    charter = _charter(case)
    line, dotted = case.plan.reporting.line, case.plan.reporting.dotted_line
    if line:
        beside = f", with a dotted line to {dotted}" if dotted else ""
        yield Observation(f"Reports to {_line_name(line.value)}{beside}.")
    if charter and charter.hires:
        rights = [CORE_DECISIONS.get(slug(decision), decision.replace("-", " ")) for decision in charter.hires]
        yield Observation(f"The hire decides on {join(rights)}.")


def _advice(case: Case) -> LineAdvice:
    situation, scope = case.plan.situation, case.plan.role.scope
    return advise_line(
        ml_engineers=situation.ml_engineers,
        models=situation.models_in_production,
        teams=situation.teams_with_models,
        infra_share=scope,
        mostly_infrastructure=scope is not None and profile_of(scope, case.facts) == INFRASTRUCTURE_HEAVY,
        dedicated_from=case.facts.number("alignment.dedicated_team"),
        teams_from=case.facts.number("alignment.several_consumers"),
    )


def _charter(case: Case) -> Charter | None:
    rights = is_stated(case.plan.decision_rights)
    if not rights:
        return None
    return examine_charter(
        [Right(row.decision, tuple(row.accountable or ())) for row in rights],
        most_accountable=case.facts.number("alignment.one_accountable"),
    )


def _rows(case: Case, decision: str) -> list[str]:
    rights = is_stated(case.plan.decision_rights) or []
    return [f"decision_rights[{index}].accountable" for index, row in enumerate(rights) if row.decision == decision]


def _metric_fields(incentives: list[Incentive], *teams: str) -> list[str]:
    return [f"incentives[{index}].metrics" for index, row in enumerate(incentives) if row.team in teams]


def _title_words(words: str) -> str:
    return sentence(words.replace("-", " "))


def _first_right(case: Case) -> str:
    """The first core decision for the hire, with whoever holds it now consulted."""
    held = {slug(row.decision): row.accountable or [] for row in is_stated(case.plan.decision_rights) or []}
    decision = next((key for key in CORE_DECISIONS if key in held), next(iter(CORE_DECISIONS)))
    holders = join(held.get(decision, [])) or "the others"
    return f"Make this role accountable for {CORE_DECISIONS[decision]}, with {holders} consulted."


def _nth(number: float) -> str:
    return {2: "second", 3: "third", 4: "fourth"}.get(int(number), f"{number:g}th")


def _line_name(line: str) -> str:
    return {"ml-platform-team": "an ML platform team", "ml-leadership": "ML leadership"}.get(line, line)
