"""An audit as the renderers meet one: a posting that we wrote, and ten verdicts on it, one of each kind."""

from __future__ import annotations

from datetime import date

from tenfold.audit.run import Audit
from tenfold.kit.facts import Evidence, Fact
from tenfold.kit.findings import Finding, Observation, Picture, Question, Quote, Severity, Verdict
from tenfold.plan.document import HiringPlan
from tenfold.posting.reading import read

AS_OF = date(2026, 11, 18)
POSTING = """\
# Senior MLOps Engineer

Northwind Foods is looking for a rockstar to own everything between a notebook and production. Denver, CO, hybrid.

## What you will do

- Keep our Kubernetes clusters, CI/CD and cloud accounts healthy and affordable
- Support data scientists with deployments and be the first point of contact for platform tickets
- Lead a team of three engineers and report to the VP of Data, with priorities set by Product

## What you bring

- Expert-level Kubernetes and Terraform, deep expertise in model architecture and training, and expert Spark and \
Airflow pipelines at terabyte scale
- 10+ years of experience with KFServing or TorchServe in production
- Excellent communication skills

## What we offer

$130,000 – $165,000, plus bonus. A whiteboard algorithm round comes before the on-site day.
"""
GUIDE = Fact(
    key="sample.guide",
    value=(180_000, 240_000),
    unit="USD a year",
    statement="Base pay of senior MLOps engineers in the US, as the guide gives it",
    as_of=date(2026, 4, 4),
    source="AiPaycheck Team, “10 Mistakes Companies Make When Hiring MLOps Engineers”, AiPaycheck.io blog",
    evidence=Evidence.SECONDARY,
)
ADS = Fact(
    key="sample.ads",
    value=180_000,
    unit="USD a year",
    statement="Median posted base pay, senior MLOps, US",
    as_of=date(2026, 8, 31),
    source="A made-up survey of job postings",
    evidence=Evidence.DERIVED,
    url="https://example.org/survey?year=2026&kind=ads",
    n=45,
    interval=(165_000, 193_000),
)
ONE_LINE = Fact(
    key="sample.one-line",
    value=1,
    unit="reporting line",
    statement="One person sets the hire's priorities",
    as_of=date(2026, 4, 4),
    source="Tenfold house rule",
    evidence=Evidence.HOUSE_RULE,
)


def sample(posting: str = POSTING) -> Audit:
    """The audit of the sample posting. Another posting may stand in; its evidence is then what it shares with ours."""
    reading = read(posting, name="posting.md")

    def quote(words: str) -> tuple[Quote, ...]:
        at = reading.text.find(words)
        return (Quote(words, "posting", at, at + len(words)),) if at >= 0 else ()

    plan = HiringPlan.model_validate(
        {
            "posting": posting,
            "company": {"name": "Northwind Foods", "place": "Denver, CO"},
            "role": {"title": "Senior MLOps Engineer", "workplace": "hybrid", "level": "senior"},
            "pay": {"min": "130k", "max": "165k"},
            "situation": {"models_in_production": 3, "manual_share": 35},
        }
    )
    verdicts = (
        Verdict(
            "requirements",
            (
                Finding(
                    "requirements",
                    "requirements.dead-tool",
                    Severity.REVIEW,
                    "The posting names two projects that are no longer developed.",
                    "KFServing became KServe in 2021 and TorchServe is archived. People who follow the field take this "
                    "as a sign that nobody who does the work read the posting.",
                    "Write KServe, and drop TorchServe or name what you really run.",
                    field="requirements.must[4]",
                    evidence=(*quote("KFServing"), *quote("TorchServe")),
                ),
                Finding(
                    "requirements",
                    "requirements.missing-areas",
                    Severity.NOTE,
                    "Nothing is said about experiment tracking or feature stores.",
                    "Both belong to the six areas of ML operations.",
                    "Say which of them you run, or that the hire will choose.",
                ),
            ),
            observations=(Observation("9 named tools, 2 of them for ML operations."),),
        ),
        Verdict(
            "pay",
            (
                Finding(
                    "pay",
                    "pay.below-market",
                    Severity.FIX,
                    "Four in five comparable ads pay more than your midpoint.",
                    "147,500 sits at the 19th percentile of 45 ads; their median is 180,000 (95 % interval "
                    "165,000–193,000). A DevOps benchmark seems to have been used.",
                    "Raise the range to 165–195k, or lower the level to mid.",
                    field="pay.max",
                    flips="A top of 193,000 would turn this into a review.",
                    evidence=(*quote("$130,000 – $165,000"), Quote("pay.max: 165,000", "pay.max")),
                    sources=(ADS, GUIDE),
                ),
            ),
            observations=(Observation("45 ads from January 2024 to August 2026."),),
            picture=Picture(
                '<svg viewBox="0 0 4 4"><title>Pay</title></svg>', "Each dot is 5 % of the postings.", (ADS,)
            ),
        ),
        Verdict(
            "skills",
            (
                Finding(
                    "skills",
                    "skills.four-specialities",
                    Severity.FIX,
                    "One person is asked for three specialities at expert level, and to lead a team.",
                    "Of 457 real postings for this role, 5 % ask for three or more deep areas (3–7 %).",
                    "Keep infrastructure deep. Move Spark, Airflow and model architecture to nice-to-have.",
                    field="requirements.must",
                    flips="One deep area less, or no direct reports, would turn this.",
                    evidence=(
                        *quote("Expert-level"),
                        *quote("deep expertise"),
                        *quote("expert Spark"),
                        *quote("Lead a team of three"),
                    ),
                    sources=(ADS,),
                ),
            ),
        ),
        Verdict(
            "scope",
            (
                Finding(
                    "scope",
                    "scope.title-misleads",
                    Severity.REVIEW,
                    "The title promises ML operations and the duties describe a platform engineer.",
                    "About 80 % of the work described is infrastructure (70–90 %).",
                    "Call it ML platform engineer, or describe two real projects on the model side.",
                    evidence=quote("Keep our Kubernetes clusters, CI/CD and cloud accounts healthy and affordable"),
                ),
            ),
        ),
        Verdict(
            "labs",
            (
                Finding(
                    "labs",
                    "labs.whiteboard",
                    Severity.REVIEW,
                    "A whiteboard round tests what the job does not hold.",
                    "Work samples tell more about the work than puzzles do, and candidates know it.",
                    "Replace it with one lab of 90 minutes on a broken deployment.",
                    evidence=quote("A whiteboard algorithm round"),
                ),
            ),
            (
                Question(
                    "labs",
                    "labs.minutes",
                    "assessment.instruments",
                    "How long does each work sample take?",
                    "Time is capped.",
                ),
            ),
        ),
        Verdict(
            "timing",
            observations=(
                Observation("2 of 4 signs to hire: 3 models in production; 35 % of the time is manual work."),
            ),
        ),
        Verdict(
            "alignment",
            (
                Finding(
                    "alignment",
                    "alignment.two-lines",
                    Severity.FIX,
                    "Two people set the hire's priorities.",
                    "A matrix makes the hire the place where two teams' disagreements are settled.",
                    "Keep one line; make the other a dotted line for advice.",
                    field="reporting.other_lines",
                    evidence=quote("report to the VP of Data, with priorities set by Product"),
                    sources=(ONE_LINE,),
                ),
            ),
        ),
        Verdict(
            "interviews",
            questions=(
                Question(
                    "interviews", "interviews.rounds", "interviews.rounds", "Which interviews are held?", "Structure."
                ),
                Question(
                    "interviews",
                    "interviews.cards",
                    "interviews.scorecards_before_debrief",
                    "Are scorecards filled in before anyone sees another's?",
                    "Independence.",
                ),
            ),
        ),
        Verdict(
            "growth",
            questions=(
                Question("growth", "growth.ladder", "growth.ladder", "Is there a ladder for this role?", "A way up."),
            ),
        ),
        Verdict(
            "retention",
            observations=(
                Observation("Pay is reviewed every 12 months against the market."),
                Observation("One-to-ones every 2 weeks."),
            ),
        ),
    )
    return Audit(name="posting.md", plan=plan, reading=reading, as_of=AS_OF, verdicts=verdicts)
