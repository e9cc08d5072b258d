"""`HiringPlan`: everything ten practices ask about one hire, in one document.

Everything is optional. What is absent is unanswered, never assumed; the word `none` is an answer. Field descriptions
are what editors, the skeleton and `tenfold plan new` show.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from tenfold.catalogue.store import catalogue
from tenfold.plan.answers import (
    AllowNone,
    Amount,
    ArchetypeId,
    CompetencyId,
    Count,
    Day,
    Every,
    LevelId,
    Minutes,
    Nothing,
    Percent,
    PercentAsWritten,
    Price,
    RoleId,
    SkillId,
    Years,
    number,
    writable,
)

VERSION = 1
MAX_TEXT = 2_000
Text = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(writable)]
Texts = list[Text]
ScopeInWords = Annotated[str, Field(pattern=r"^(infrastructure-heavy|balanced|ml-heavy|\d+\s*/\s*\d+)$")]


class Section(BaseModel):
    """A part of the plan: unknown keys are refused, values never change."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, use_enum_values=False, defer_build=True
    )


class Stage(StrEnum):
    PRE_SEED = "pre-seed"
    SEED = "seed"
    SERIES_A = "series-a"
    SERIES_B = "series-b"
    SERIES_C = "series-c"
    LATER = "later"
    PUBLIC = "public"
    BOOTSTRAPPED = "bootstrapped"
    PUBLIC_SECTOR = "public-sector"


class Workplace(StrEnum):
    REMOTE = "remote"
    HYBRID = "hybrid"
    ONSITE = "onsite"


class Pain(StrEnum):
    NO = "no"
    SOME = "some"
    SEVERE = "severe"


class Depth(StrEnum):
    AWARE = "aware"
    WORKING = "working"
    DEEP = "deep"


class Line(StrEnum):
    ML_LEADERSHIP = "ml-leadership"
    INFRASTRUCTURE = "infrastructure"
    ML_PLATFORM_TEAM = "ml-platform-team"
    DATA = "data"
    PRODUCT = "product"


class InstrumentKind(StrEnum):
    LAB = "lab"
    TAKE_HOME = "take-home"
    LIVE = "live"
    CODE_REVIEW = "code-review"
    PAIRING = "pairing"
    PORTFOLIO = "portfolio"
    QUIZ = "quiz"
    WHITEBOARD = "whiteboard"
    PUZZLE = "puzzle"


class InterviewKind(StrEnum):
    STRUCTURED = "structured"
    UNSTRUCTURED = "unstructured"
    PRESENTATION = "presentation"
    WRITTEN = "written"
    DEBUGGING = "debugging"
    SCREEN = "screen"


class Hours(StrEnum):
    BUSINESS = "business-hours"
    EXTENDED = "extended"
    ROUND_THE_CLOCK = "24x7"


class Company(Section):
    """Who is hiring."""

    name: Text | None = Field(None, description="Name as candidates know it")
    place: Text | None = Field(None, description="Main office, such as Denver, CO")
    employees: Count | None = Field(None, description="Number of employees")
    employees_at: dict[str, Count] | None = Field(
        None, description="Employees in places whose laws count them, such as US-CO: 12"
    )
    stage: Stage | None = Field(None, description="Funding stage")
    jurisdictions: Texts | None = Field(
        None, description="Where people are employed or may apply from, ISO 3166-2: US-CO, CA-ON, DE"
    )
    about: Text | None = Field(None, description="One paragraph for candidates")


class Situation(Section):
    """Machine learning at the company today."""

    models_in_production: Count | None = Field(None, description="Models that serve users or decisions today")
    models_near_production: Count | None = Field(None, description="Models expected in production within three months")
    models_planned_12_months: Count | None = Field(None, description="Production models planned in twelve months")
    research_only: bool | None = Field(None, description="Is ML here still research, with nothing to operate?")
    ml_engineers: Count | None = Field(None, description="ML engineers")
    data_scientists: Count | None = Field(None, description="Data scientists")
    platform_engineers: Count | None = Field(None, description="Platform, DevOps or SRE engineers")
    teams_with_models: Count | None = Field(None, description="Teams with models in production")
    manual_share: Percent | None = Field(
        None, description="Percent of ML engineers' time that goes to manual deployment and monitoring"
    )
    reproducibility_pain: Pain | None = Field(None, description="Do unreproducible results hurt?")
    tracking_pain: Pain | None = Field(None, description="Does it hurt that nobody knows which model runs where?")
    inherits_technical_debt: bool | None = Field(None, description="Does the hire inherit a platform in trouble?")


class RoleSection(Section):
    """The job."""

    title: Text | None = Field(None, description="Title as it will be posted")
    family: RoleId | None = Field(None, description="mlops, ml-engineer, ai-infrastructure, data-engineer or devops")
    level: LevelId | None = Field(None, description="junior, mid, senior, staff or principal")
    scope: Percent | None = Field(
        None,
        description="Infrastructure share: infrastructure-heavy (70), balanced (50), ml-heavy (30), a split "
        "such as 60/40",
    )
    archetype: ArchetypeId | None = Field(None, description="infrastructure, pipelines-and-tracking or platform-owner")
    workplace: Workplace | None = Field(None, description="remote, hybrid or onsite")
    places: Texts | None = Field(None, description="Where the work may be done")
    people_managed: Count | None = Field(None, description="Direct reports; 0 for none")
    start_by: Day | None = Field(None, description="When the person should start")
    projects: Texts | None = Field(None, description="Real projects of the first year, one each")
    day_to_day: Texts | None = Field(None, description="What an ordinary week holds, one thing each")
    rescue_statement: Text | None = Field(
        None, description="What candidates are told about the trouble they inherit, in plain words"
    )

    @field_validator("scope", mode="before", json_schema_input_type=PercentAsWritten | ScopeInWords | None)
    @classmethod
    def _scope(cls, value: Any) -> Any:
        return infrastructure_share(value) if isinstance(value, str) else value


class Requirement(Section):
    """One thing the hire must or may bring."""

    skill: SkillId = Field(description="Id of a skill or competency; `tenfold catalogue find WORD` looks one up")
    depth: Depth | None = Field(None, description="aware, working or deep")
    years: Years | None = Field(None, description="Years asked for, if any")
    why: Text | None = Field(None, description="What in the job needs it")
    alternatives: list[SkillId] | None = Field(None, description="Others that would do as well: any one is enough")


def _from_word(value: Any) -> Any:
    return {"skill": value} if isinstance(value, str) else value


RequirementOrWord = Annotated[
    Requirement, BeforeValidator(_from_word, json_schema_input_type=Requirement | Annotated[str, Field()])
]


class Requirements(Section):
    """Must-have and nice-to-have are separate lists."""

    must: list[RequirementOrWord] | None = Field(None, description="Without these the person cannot do the job")
    nice: list[RequirementOrWord] | None = Field(None, description="Welcome, and learnable on the job")
    years_min: Annotated[int, BeforeValidator(number), Field(ge=0, le=60)] | None = Field(
        None, description="Years of experience asked for"
    )
    degree: Literal["required", "required-or-equivalent", "preferred", "no"] | None = Field(
        None, description="Is a degree asked for?"
    )


class Equity(Section):
    """What kind of ownership comes with the job."""

    instrument: Literal["iso", "nso", "rsu", "other"] | None = Field(None, description="iso, nso, rsu or other")
    amount: Amount | None = Field(
        None, description="Options or units granted, or money where RSUs are granted by value"
    )
    vesting_years: Annotated[float, BeforeValidator(number), Field(gt=0, le=10)] | None = Field(
        None, description="Years until fully vested"
    )
    strike: Price | None = Field(None, description="Strike price of an option")
    preferred_price: Price | None = Field(None, description="Price of the last preferred round")
    fully_diluted: Amount | None = Field(None, description="Fully diluted share count")


class Pay(Section):
    """The offer."""

    min: Amount | None = Field(None, description="Lowest base pay you would offer on hire")
    max: Amount | None = Field(None, description="Highest base pay you would offer on hire")
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = Field("USD", description="ISO 4217 code")
    period: Literal["YEAR", "MONTH", "DAY", "HOUR"] = Field("YEAR", description="YEAR, MONTH, DAY or HOUR")
    benchmark_role: RoleId | None = Field(None, description="Which role's market the range was taken from")
    benchmark_date: Day | None = Field(None, description="Date of the pay data that the range rests on")
    range_basis: Text | None = Field(
        None, description="What the range rests on: pay scale, set range, incumbents' actual range, or budget"
    )
    bonus_percent: Annotated[Percent | Nothing, AllowNone(Percent)] | None = Field(
        None, description="Target bonus in percent of base, or none"
    )
    equity: Annotated[Equity | Nothing, AllowNone(Equity)] | None = Field(None, description="Equity terms, or none")
    benefits: Annotated[Texts | Nothing, AllowNone(Texts)] | None = Field(None, description="Benefits, or none")
    asks_pay_history: bool | None = Field(None, description="Are candidates asked what they earned before?")

    @field_validator("max", mode="after")
    @classmethod
    def _check_order(cls, most: float | None, info: ValidationInfo) -> float | None:
        least = info.data.get("min")
        if least is not None and most is not None and least > most:
            raise ValueError(f"the lowest pay ({least:,.0f}) is above the highest ({most:,.0f})")
        return most


class Instrument(Section):
    """One work sample or test."""

    name: Text | None = Field(None, description="What candidates call it")
    kind: InstrumentKind | None = Field(
        None, description="lab, take-home, live, code-review, pairing, portfolio, quiz, whiteboard or puzzle"
    )
    lab: Text | None = Field(None, description="Slug of a Tenfold lab, where it is one")
    minutes: Minutes | None = Field(None, description="The candidate's time, as a hard cap")
    assesses: list[CompetencyId] | None = Field(None, description="Competencies it gives evidence of")
    graded: Literal["automatic", "raters"] | None = Field(None, description="automatic or raters")
    raters: Count | None = Field(None, description="How many people rate it independently")
    rubric: bool | None = Field(None, description="Is there a written rubric?")


class Assessment(Section):
    """How candidates show what they can do."""

    instruments: list[Instrument] | None = Field(None, description="Work samples and tests, in order")
    accommodations: Annotated[Text | Nothing, AllowNone(Text)] | None = Field(
        None, description="How a candidate asks for more time or another format"
    )
    paid: bool | None = Field(None, description="Is longer work paid?")


class Interview(Section):
    """One conversation with the candidate."""

    name: Text | None = Field(None, description="What candidates call it")
    kind: InterviewKind | None = Field(
        None, description="structured, unstructured, presentation, written, debugging or screen"
    )
    minutes: Minutes | None = Field(None, description="Length")
    assesses: list[CompetencyId] | None = Field(None, description="Competencies it gives evidence of")
    raters: Count | None = Field(None, description="How many people rate independently")
    anchored: bool | None = Field(None, description="Does each rating have a written anchor?")


class InterviewPlan(Section):
    """How people talk with candidates, and how the decision is made."""

    rounds: list[Interview] | None = Field(None, description="Interviews in order")
    scorecards_before_debrief: bool | None = Field(
        None, description="Are scorecards filled in before anyone sees another's?"
    )
    decision_rule: Annotated[Text | Nothing, AllowNone(Text)] | None = Field(
        None, description="How ratings become a decision, written down beforehand"
    )
    decided_by: Text | None = Field(None, description="The named post that decides, such as hiring manager")
    automatic_rejection: bool | None = Field(None, description="Does any score reject a person by itself?")
    ai_screening: bool | None = Field(None, description="Does software rank, score or screen candidates?")
    format_told_beforehand: bool | None = Field(None, description="Do candidates get the format beforehand?")
    feedback_within_days: Annotated[Count | Nothing, AllowNone(Count)] | None = Field(
        None, description="Days until candidates get feedback, or none"
    )


class Reporting(Section):
    """Whom the hire reports to."""

    line: Line | None = Field(None, description="ml-leadership, infrastructure, ml-platform-team, data or product")
    manager: Text | None = Field(None, description="The manager's post")
    other_lines: Annotated[Texts | Nothing, AllowNone(Texts)] | None = Field(
        None, description="Anyone else who sets the hire's priorities, or none"
    )
    dotted_line: Text | None = Field(None, description="Whom the hire works with closely without reporting")


class DecisionRight(Section):
    """Who decides one kind of thing."""

    decision: Text = Field(description="ml-infrastructure, deployment-standards, tool-choice, or any other")
    accountable: (
        Annotated[
            list[Text],
            BeforeValidator(lambda v: [v] if isinstance(v, str) else v, json_schema_input_type=list[Text] | Text),
        ]
        | None
    ) = Field(None, description="The one post that decides; `this role` for the hire")
    consulted: Texts | None = Field(None, description="Posts that are asked first")


class Incentive(Section):
    """What one team is measured by."""

    team: Text = Field(description="Team or post; `this role` for the hire")
    metrics: Texts | None = Field(
        None,
        description="deployment-velocity, model-uptime, reliability, cost, model-quality, tickets-closed, …",
    )
    tied_to: list[Literal["okr", "pay", "bonus", "promotion"]] | None = Field(
        None, description="okr, pay, bonus, promotion"
    )


class OnCall(Section):
    """Who is woken when it breaks."""

    hours: Hours | None = Field(None, description="business-hours, extended or 24x7")
    people: Count | None = Field(None, description="People in the rotation, the hire included")
    with_secondary: bool | None = Field(None, description="Is there a second person behind the first?")
    pages_per_shift: Annotated[float, BeforeValidator(number), Field(ge=0, le=1_000)] | None = Field(
        None, description="Pages in a 12-hour shift, on average"
    )
    compensated: bool | None = Field(None, description="Is on-call paid or given back as time?")


class LadderStep(Section):
    """One level of the ladder."""

    level: LevelId = Field(description="junior, mid, senior, staff or principal")
    scope: Text | None = Field(
        None, description="What the level owns: task, project, team, several teams, organisation"
    )
    behaviours: Texts | None = Field(None, description="What someone at this level does, observably")
    years: Years | None = Field(None, description="Years demanded, if any")


class Growth(Section):
    """How the engineer gets better and moves up."""

    ladder: Annotated[list[LadderStep] | Nothing, AllowNone(list[LadderStep])] | None = Field(
        None, description="The engineering ladder, or none"
    )
    learning_budget: Annotated[Amount | Nothing, AllowNone(Amount)] | None = Field(
        None, description="Money a year for conferences, courses and certifications, or none"
    )
    learning_time: Annotated[Percent | Nothing, AllowNone(Percent)] | None = Field(
        None, description="Percent of time for learning, open source and own projects, or none"
    )
    widening_scope: Annotated[Texts | Nothing, AllowNone(Texts)] | None = Field(
        None,
        description="What the engineer takes on next: pipelines, then feature store, monitoring, …; or none",
    )
    promotion_review_months: Annotated[Every | Nothing, AllowNone(Every)] | None = Field(
        None, description="Months between looks at the ladder together, or none"
    )


class Retention(Section):
    """How the company keeps whom it hired."""

    pay_review_months: Annotated[Every | Nothing, AllowNone(Every)] | None = Field(
        None, description="Months between pay reviews against the market, or none"
    )
    pay_review_source: Text | None = Field(None, description="Market data the review uses")
    impact_metrics: Annotated[Texts | Nothing, AllowNone(Texts)] | None = Field(
        None,
        description="How impact is made visible: deployment velocity, model uptime, reliability; or none",
    )
    helpdesk_share: Percent | None = Field(None, description="Percent of time that is tickets, toil and help-desk")
    one_on_ones_weeks: Annotated[Every | Nothing, AllowNone(Every)] | None = Field(
        None, description="Weeks between one-to-ones, or none"
    )
    one_on_one_topics: Texts | None = Field(None, description="growth, blockers, career, …")
    backfill_plan: Annotated[Text | Nothing, AllowNone(Text)] | None = Field(
        None, description="Who covers, and what happens, when the engineer leaves; or none"
    )
    individual_risk_scores: bool | None = Field(None, description="Are individual people scored on flight risk?")


class Teammate(Section):
    """Someone already there, by post; no names."""

    role: RoleId | None = Field(None, description="Role family")
    level: LevelId | None = Field(None, description="Level")
    skills: list[SkillId] | None = Field(None, description="What this person covers well")


class HiringPlan(Section):
    """A plan to hire one person."""

    tenfold_plan: Literal[1] = Field(1, description="Version of this format")
    company: Company = Field(default_factory=Company)
    situation: Situation = Field(default_factory=Situation)
    role: RoleSection = Field(default_factory=RoleSection)
    requirements: Requirements = Field(default_factory=Requirements)
    pay: Pay = Field(default_factory=Pay)
    posting: Annotated[str, AfterValidator(writable)] | None = Field(
        None, description="The posting's text, as Markdown, HTML or plain text", max_length=2_000_000
    )
    apply_by: Day | None = Field(None, description="When applications close")
    assessment: Annotated[Assessment | Nothing, AllowNone(Assessment)] | None = None
    interviews: Annotated[InterviewPlan | Nothing, AllowNone(InterviewPlan)] | None = None
    reporting: Reporting = Field(default_factory=Reporting)
    decision_rights: Annotated[list[DecisionRight] | Nothing, AllowNone(list[DecisionRight])] | None = Field(
        None, description="Who decides what, or none"
    )
    incentives: Annotated[list[Incentive] | Nothing, AllowNone(list[Incentive])] | None = Field(
        None, description="What each team is measured by, or none"
    )
    on_call: Annotated[OnCall | Nothing, AllowNone(OnCall)] | None = None
    growth: Growth = Field(default_factory=Growth)
    retention: Retention = Field(default_factory=Retention)
    team: Annotated[list[Teammate] | Nothing, AllowNone(list[Teammate])] | None = Field(
        None, description="Who is already there, by post, or none"
    )


def infrastructure_share(words: str) -> float | str:
    """A scope in words as the percent of infrastructure work: `balanced`, `60/40`, `70`."""
    profiles = catalogue().profiles
    if words in profiles:
        return profiles[words].infra_share
    first, slash, second = words.replace("%", "").partition("/")
    if slash and first.strip().isdecimal() and second.strip().isdecimal() and int(first) + int(second) == 100:
        return float(first)
    if first.strip().replace(".", "", 1).isdecimal() and not slash:
        return float(first)
    raise ValueError(f"“{words}” is not a scope; one of {', '.join(profiles)}, or a split such as 60/40")
