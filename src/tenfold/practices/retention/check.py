"""P10: will the person stay? What the plan promises about pay, load, visibility and attention."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.checking.case import Case
from tenfold.checking.quoting import plan_says, posting_says
from tenfold.checking.rules import FindingDraft, QuestionDraft, Ruleset
from tenfold.kit.findings import Observation, Severity, Verdict
from tenfold.kit.words import join, plural
from tenfold.plan.answers import NONE, is_stated
from tenfold.plan.document import Hours
from tenfold.posting.round_the_clock import round_the_clock_on_call
from tenfold.practices.retention.engine import Load, Rotation, expect_pages, weigh_rotation
from tenfold.practices.retention.measured import measured_otherwise, talks_behind, what_is_measured

retention = Ruleset("retention")
TOPICS = ("growth", "blockers", "career")


def check(case: Case) -> Verdict:
    return retention.check(case)


@retention.rule(
    "no-pay-review",
    requirement="P10.1",
    severity=Severity.REVIEW,
    why="Pay that was right on the first day falls behind quietly; the engineer learns it from a recruiter.",
    facts=("retention.pay_review_months", "retention.private_wages"),
)
def no_pay_review(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    months, most = case.plan.retention.pay_review_months, case.facts.number("retention.pay_review_months")
    if months is None:
        yield QuestionDraft("retention.pay_review_months", "How often is pay compared with the market?")
    elif months is NONE or months > most:
        rise = case.facts.number("retention.private_wages")
        yield FindingDraft(
            what="Pay is never compared with the market."
            if months is NONE
            else f"Pay is compared with the market only every {months} months.",
            why=f"Private wages in the US rose {rise:g} % in the twelve months to March 2026. Whoever is not "
            "looked at falls "
            "behind by about that much a year.",
            fix=f"Compare with the market at least every {most:g} months and keep a budget for what you find.",
            field="retention.pay_review_months",
            evidence=plan_says(case, "retention.pay_review_months"),
        )


@retention.rule(
    "pay-review-without-data",
    requirement="P10.1",
    severity=Severity.REVIEW,
    why="Without market data a review only repeats the last raise.",
    facts=("retention.pay_review_months",),
)
def pay_review_without_data(case: Case) -> Iterator[FindingDraft]:
    plan = case.plan.retention
    if is_stated(plan.pay_review_months) and not plan.pay_review_source:
        yield FindingDraft(
            what="The pay review names no market data.",
            why="Without a source and a date there is nothing to compare with.",
            fix="Name the data behind the yearly review of pay; `tenfold pay estimate` gives one with date "
            "and interval.",
            field="retention.pay_review_source",
            evidence=plan_says(case, "retention.pay_review_months"),
        )


@retention.rule(
    "impact-invisible",
    requirement="P10.2",
    severity=Severity.REVIEW,
    why="Platform work shows only when it fails; people leave where nobody sees what they do.",
    facts=("retention.impact",),
)
def impact_invisible(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    metrics = case.plan.retention.impact_metrics
    if metrics is None:
        yield QuestionDraft("retention.impact_metrics", "How is the engineer's impact made visible?")
    elif not is_stated(metrics):
        known = [name.replace("-", " ") for name in case.facts["retention.impact"].value]
        yield FindingDraft(
            what="Nothing makes the engineer's work visible.",
            why="When all is well, nobody notices; when it is not, everybody does.",
            fix=f"Show {join(known)} from the systems you have, for the platform rather than the person.",
            field="retention.impact_metrics",
            evidence=plan_says(case, "retention.impact_metrics"),
        )


@retention.rule(
    "help-desk",
    requirement="P10.3",
    severity=Severity.FIX,
    why="An engineer hired to build, who mostly answers tickets, will look for another job.",
    facts=("retention.toil_most", "retention.toil_look"),
)
def help_desk(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    share = case.plan.retention.helpdesk_share
    if share is None:
        yield QuestionDraft("retention.helpdesk_share", "What percent of the job is tickets, toil and help-desk?")
        return
    most, look = case.facts.number("retention.toil_most"), case.facts.number("retention.toil_look")
    if share >= look or share > most:
        yield FindingDraft(
            what=f"{share:g} % of the job is tickets and help-desk.",
            why=f"Google's SRE book caps operational work at {most:g} % of an engineer's time; the rest is "
            "what they were "
            "hired for.",
            fix=f"Say which toil goes away first to come below {look:g} %, and who takes tickets meanwhile.",
            field="retention.helpdesk_share",
            severity=Severity.FIX if share > most else Severity.REVIEW,
            flips=f"Less than {look:g} %.",
            evidence=plan_says(case, "retention.helpdesk_share"),
        )


@retention.rule(
    "thin-rotation",
    requirement="P10.3",
    severity=Severity.FIX,
    why="With too few people, each is on call every second week, and one departure ends the rotation.",
    facts=("retention.rotation", "retention.rotation_primary_only"),
)
def thin_rotation(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    on_call = is_stated(case.plan.on_call)
    if case.plan.on_call is None:
        yield QuestionDraft("on_call", "Who is on call, at which hours, and how many share it? (“none” if nobody)")
    elif on_call and on_call.people is None:
        yield QuestionDraft("on_call.people", "How many people share the on-call rotation?")
    elif on_call and on_call.hours is None:
        yield QuestionDraft("on_call.hours", "Is on-call in business hours, extended, or around the clock?")
    elif _secondary_matters(case):
        yield QuestionDraft(
            "on_call.with_secondary", "Is there a second person behind the first? It takes twice the people."
        )
    rotation = _rotation(case)
    if rotation is None or rotation.load is Load.FINE or on_call is None or on_call.people is None:
        return
    clock = "around the clock" if on_call.hours is Hours.ROUND_THE_CLOCK else "in the rotation"
    yield FindingDraft(
        what="The hire alone is on call." if on_call.people <= 1 else f"{on_call.people} people are on call {clock}.",
        why=f"Each would be on duty {rotation.percent_on_call:.0f} % of the time; {rotation.needed} people are what "
        "such a rotation needs to leave room for work, illness and holidays.",
        fix=f"Share the rotation with {plural(rotation.needed - on_call.people, 'more person', 'more people')}, "
        f"such as the "
        "platform team, or restrict it to business hours.",
        field="on_call.people",
        severity=Severity.FIX if rotation.load is Load.BREAKING else Severity.REVIEW,
        flips=f"{plural(rotation.needed - on_call.people, 'more person', 'more people')} in the rotation.",
        evidence=plan_says(case, "on_call.people", "on_call.hours", "on_call.with_secondary"),
    )


@retention.rule(
    "around-the-clock",
    requirement="P10.3",
    severity=Severity.FIX,
    why="On call around the clock costs nights and weekends; candidates want to know how often and with whom.",
    facts=("retention.rotation", "retention.rotation_primary_only"),
)
def around_the_clock(case: Case) -> Iterator[FindingDraft]:
    """The posting says around the clock, and the plan says otherwise or leaves open how it is shared."""
    reading, planned = case.reading, case.plan.on_call
    said = round_the_clock_on_call(reading) if reading else None
    if reading is None or said is None:
        return
    on_call, needed = is_stated(planned), case.facts.number("retention.rotation")
    otherwise = planned is NONE or (on_call is not None and on_call.hours not in (None, Hours.ROUND_THE_CLOCK))
    shared = on_call is not None and on_call.people is not None and on_call.compensated is not None
    if shared and not otherwise:
        return
    yield FindingDraft(
        what="The posting asks for on-call around the clock; the plan does not."
        if otherwise
        else "The posting asks for on-call around the clock and the plan leaves open how it is shared and paid.",
        why="Candidates prepare their lives for what they read."
        if otherwise
        else f"A rotation around the clock with a second person needs {needed:g} people on one site; fewer, and nights "
        "come round every few weeks.",
        fix="Write the hours that are meant into the posting, or 24x7 into the plan."
        if otherwise
        else "Say in the posting how many share the rotation, how often a turn comes, and how it is paid; fill in "
        "the same in the plan.",
        field="on_call.hours" if otherwise else "on_call",
        severity=Severity.FIX if otherwise else Severity.REVIEW,
        evidence=(posting_says(reading, said.start, said.end), *plan_says(case, "on_call.hours", "on_call.people")),
    )


@retention.rule(
    "too-many-pages",
    requirement="P10.3",
    severity=Severity.FIX,
    why="Paging more often than people can handle with care burns them out and hides the page that matters.",
    facts=("retention.pages_most",),
)
def too_many_pages(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    on_call, most = is_stated(case.plan.on_call), case.facts.number("retention.pages_most")
    if on_call and on_call.pages_per_shift is None:
        yield QuestionDraft("on_call.pages_per_shift", "How many pages come in a twelve-hour shift, on average?")
    if on_call and on_call.pages_per_shift is not None and on_call.pages_per_shift > most:
        yield FindingDraft(
            what=f"{on_call.pages_per_shift:g} pages in a shift are more than anyone handles with care.",
            why=f"With root cause and follow-up an incident takes about six hours; {most:g} fill a twelve-hour shift.",
            fix="Delete alerts that ask for no action, and fix the two that fire most before the person starts.",
            field="on_call.pages_per_shift",
            flips=f"{most:g} or fewer.",
            evidence=plan_says(case, "on_call.pages_per_shift"),
        )


@retention.rule(
    "no-one-on-ones",
    requirement="P10.4",
    severity=Severity.REVIEW,
    why="What makes people leave is said in one-to-ones months before, or nowhere.",
    facts=("retention.one_on_ones_weeks",),
)
def no_one_on_ones(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    weeks, most = case.plan.retention.one_on_ones_weeks, case.facts.number("retention.one_on_ones_weeks")
    if weeks is None:
        yield QuestionDraft("retention.one_on_ones_weeks", "How many weeks are there between one-to-ones?")
    elif weeks is NONE or weeks > most:
        yield FindingDraft(
            what="There are no one-to-ones." if weeks is NONE else f"One-to-ones come only every {weeks} weeks.",
            why="An engineer between teams has nobody else to tell that they are stuck.",
            fix=f"Half an hour every {most:g} weeks or oftener, kept even in busy times.",
            field="retention.one_on_ones_weeks",
            evidence=plan_says(case, "retention.one_on_ones_weeks"),
        )


@retention.rule(
    "one-on-ones-about-status",
    requirement="P10.4",
    severity=Severity.REVIEW,
    why="A one-to-one about tickets leaves no time for growth, blockers and career.",
    facts=("retention.one_on_ones_weeks",),
)
def one_on_ones_about_status(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    plan = case.plan.retention
    if not is_stated(plan.one_on_ones_weeks):
        return
    if plan.one_on_one_topics is None:
        yield QuestionDraft("retention.one_on_one_topics", "What is on the agenda of one-to-ones?")
        return
    absent = [topic for topic in TOPICS if not any(topic in said.casefold() for said in plan.one_on_one_topics)]
    if absent:
        yield FindingDraft(
            what=f"One-to-ones leave out {join(absent)}.",
            why="Growth, blockers and career are what keeps or loses people; status has its own meetings.",
            fix=f"Put {join(absent)} on the standing agenda beside {join(plan.one_on_one_topics) or 'status'}; "
            f"notes stay "
            "private to the two.",
            field="retention.one_on_one_topics",
            evidence=plan_says(case, "retention.one_on_one_topics"),
        )


@retention.rule(
    "no-backfill",
    requirement="P10.5",
    severity=Severity.REVIEW,
    why="If one departure stops your models, there is no plan for it yet.",
    facts=("retention.backfill_months",),
)
def no_backfill(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    plan = case.plan.retention.backfill_plan
    if plan is None:
        yield QuestionDraft("retention.backfill_plan", "Who covers when this engineer is away or leaves?")
    elif plan is NONE:
        months = case.facts.number("retention.backfill_months")
        yield FindingDraft(
            what="If this engineer leaves, nobody can take over.",
            why=f"The guide expects {months:g} months or more until a successor is productive.",
            fix="Name who shadows, what is documented, and how long the team can go without.",
            field="retention.backfill_plan",
            evidence=plan_says(case, "retention.backfill_plan"),
        )


@retention.rule(
    "personal-risk-scores",
    requirement="P10.5",
    severity=Severity.FIX,
    why="A secret score on a person is a breach of trust, and fulfils itself.",
    facts=("retention.worker_systems",),
)
def personal_risk_scores(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    scored = case.plan.retention.individual_risk_scores
    if scored is None:
        yield QuestionDraft("retention.individual_risk_scores", "Do you score individual people on flight risk?")
    elif scored:
        yield FindingDraft(
            what="The plan scores individual people on flight risk.",
            why="Whoever is marked a risk is treated as one. Systems that evaluate workers are also becoming "
            "regulated as "
            "high-risk in the EU.",
            fix="Look at load, pay and tenure for the team as a whole; ask people, and write down what you change.",
            field="retention.individual_risk_scores",
            evidence=plan_says(case, "retention.individual_risk_scores"),
        )


retention.rule(
    "measured-otherwise",
    requirement="P10.3",
    severity=Severity.NOTE,
    why="A plan's figure that the team's own record contradicts misleads whoever reads it.",
)(measured_otherwise)
retention.rule(
    "talks-behind",
    requirement="P10.4",
    severity=Severity.NOTE,
    why="A rhythm counts once it is kept.",
)(talks_behind)


@retention.summary
def what_was_weighed(case: Case) -> Iterator[Observation]:
    rotation, on_call = _rotation(case), is_stated(case.plan.on_call)
    if rotation and on_call:
        yield Observation(
            f"{on_call.people} people share on-call; each is on duty {rotation.percent_on_call:.0f} % of the time."
        )
    yield from _pages_by_chance(case)
    months = is_stated(case.plan.retention.pay_review_months)
    if months:
        yield Observation(f"Pay is compared with the market every {months} months.")


retention.summary(what_is_measured)


def _pages_by_chance(case: Case) -> Iterator[Observation]:
    """What an average of pages means for single shifts and nights, if pages come by chance."""
    on_call = is_stated(case.plan.on_call)
    if on_call is None or not on_call.pages_per_shift:
        return
    load = expect_pages(on_call.pages_per_shift, on_call.people or 0)
    most = case.facts["retention.pages_most"]
    said = (
        f"At {on_call.pages_per_shift:g} pages a shift on average, {100 * load.chance_more_than_two:.0f} % of shifts "
        f"have more than {most.number:g} if pages come by chance"
    )
    if on_call.hours is Hours.ROUND_THE_CLOCK and load.disturbed_nights_per_person_month is not None:
        nights = load.disturbed_nights_per_person_month
        said += f", and each of {on_call.people} people is woken about {nights:.1f} nights a month"
    yield Observation(f"{said}.", (most,))


def _secondary_matters(case: Case) -> bool:
    """Whether the rotation stands or falls with an answer that is missing: is there a second person?"""
    on_call = is_stated(case.plan.on_call)
    if on_call is None or on_call.with_secondary is not None:
        return False
    alone, doubled = _rotation(case, with_secondary=False), _rotation(case, with_secondary=True)
    return alone is not None and doubled is not None and alone.load is not doubled.load


def _rotation(case: Case, *, with_secondary: bool | None = None) -> Rotation | None:
    on_call = is_stated(case.plan.on_call)
    if on_call is None or on_call.people is None or on_call.hours is None:
        return None
    return weigh_rotation(
        on_call.people,
        round_the_clock=on_call.hours is Hours.ROUND_THE_CLOCK,
        with_secondary=bool(on_call.with_secondary if with_secondary is None else with_secondary),
        needed_with_secondary=int(case.facts.number("retention.rotation")),
        needed_alone=int(case.facts.number("retention.rotation_primary_only")),
    )
