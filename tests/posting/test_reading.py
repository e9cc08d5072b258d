"""Worked examples of what the reader takes out of a posting."""

import hashlib

import pytest

from tenfold.posting.model import Demand, PostingReading
from tenfold.posting.reading import read
from tenfold.posting.record import record
from tests.posting.sample import POSTING


@pytest.fixture(scope="module")
def reading() -> PostingReading:
    return read(POSTING, name="quartz")


def names(reading: PostingReading, demand: Demand) -> set[str]:
    return {tool.name for tool in reading.tools_with(demand)}


def test_the_whole_sample_is_read(reading: PostingReading) -> None:
    assert reading.title is not None
    assert reading.title.value == "Senior MLOps Engineer"
    assert reading.employer is not None
    assert reading.employer.value == "Quartz Labs"
    assert names(reading, Demand.MUST) == {"Kubernetes", "Docker", "Python", "MLflow"}
    assert names(reading, Demand.NICE) == {"Feast", "Go"}
    assert names(reading, Demand.CONTEXT) == {"Flask", "KServe", "Terraform"}
    assert reading.explicit_split
    assert reading.years_min is not None
    assert reading.years_min.value == 5
    assert reading.level is not None
    assert reading.level.value == "senior"
    assert reading.workplace is not None
    assert reading.workplace.value == "remote"
    assert reading.pay is not None
    assert (reading.pay.min, reading.pay.max, reading.pay.currency, reading.pay.period) == (
        160_000,
        190_000,
        "USD",
        "YEAR",
    )
    assert reading.equity_or_bonus is not None
    assert reading.degree is not None
    assert reading.degree.or_equivalent
    assert reading.family.value == "mlops"
    assert {area.value for area in reading.ml_ops_areas} >= {
        "tracking-registry",
        "feature-store",
        "serving",
        "monitoring-drift",
    }


def test_every_span_quotes_the_text_the_reader_emits(reading: PostingReading) -> None:
    for tool in reading.tools:
        for mention in tool.mentions:
            assert reading.text[mention.start : mention.end] == mention.text
    assert reading.pay is not None
    assert reading.quote(reading.pay) == "$160,000 - $190,000 a year"
    assert reading.text_hash == hashlib.sha256(reading.text.encode()).hexdigest()


def test_the_record_holds_what_the_guide_names(reading: PostingReading) -> None:
    row = record(reading)
    assert row["id"] == "quartz"
    assert row["pay"] == {"min": 160_000, "max": 190_000, "currency": "USD", "period": "YEAR"}
    assert row["equity_or_bonus"] is True
    span = row["spans"]["years_min"]
    assert row["text"][span["start"] : span["end"]] == "5+ years"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("The salary range is $135,482$227,700.", (135_482, 227_700, "USD", "YEAR")),
        ("Salary for this position 85-110k USD + stock options", (85_000, 110_000, "USD", "YEAR")),
        ("Pay range: €50.000 – €75.000 gross per year", (50_000, 75_000, "EUR", "YEAR")),
        ("Compensation: $45 - $60 per hour", (45, 60, "USD", "HOUR")),
        ("Salary: 4,600 - 9,000 USD monthly", (4_600, 9_000, "USD", "MONTH")),
        (
            "Pay:\n\nZone A: USD $163,600 - USD $245,400\n\nZone B: USD $139,000 - USD $208,600",
            (139_000, 245_400, "USD", "YEAR"),
        ),
        ("Base salary: $120,000", (120_000, 120_000, "USD", "YEAR")),
        ("The base salary is 70,000 - 85,000 CAD.", (70_000, 85_000, "CAD", "YEAR")),
    ],
)
def test_pay_is_read_however_it_is_written(words: str, expected: tuple[object, ...]) -> None:
    pay = read(f"# MLOps Engineer\n\n{words}\n").pay
    assert pay is not None
    assert (pay.min, pay.max, pay.currency, pay.period) == expected


@pytest.mark.parametrize(
    "words",
    [
        "We have raised $130M in funding.",
        "401(k) match up to $5,000 a year",
        "Home office stipend of $1,500",
        "We process $2 billion of payments.",
        "A learning budget of €2,000 per year",
        "Referral bonus of $3,000 to $5,000",
    ],
)
def test_money_that_is_not_pay_is_left_alone(words: str) -> None:
    assert read(f"# MLOps Engineer\n\n## Benefits\n\n- {words}\n").pay is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Experience with Kubernetes, Spark and Airflow is a plus",
            {"Kubernetes": "nice", "Spark": "nice", "Airflow": "nice"},
        ),
        ("Object-oriented languages such as Java; golang is preferred", {"Java": "must", "Go": "nice"}),
        ("Experience with a public cloud (preferably AWS)", {"AWS": "nice"}),
        ("Strong Python; in our stack we use Go", {"Python": "must", "Go": "context"}),
        (
            "Ideally, working knowledge of Kafka, Postgres or Redis",
            {"Kafka": "nice", "PostgreSQL": "nice", "Redis": "nice"},
        ),
    ],
)
def test_softer_words_soften_what_they_speak_of(line: str, expected: dict[str, str]) -> None:
    reading = read(f"# Engineer\n\n## Requirements\n\n- {line}\n- Good communication skills\n")
    assert {tool.name: tool.demand.value for tool in reading.tools} == expected


@pytest.mark.parametrize(
    ("line", "tools"),
    [
        ("We go above and beyond; R&D is at the heart of our Series C company.", set()),
        ("Scalable systems and scalability matter.", set()),
        ("Patient data from the EMR of each hospital", set()),
        ("Experience with Go, R or C++", {"Go", "R", "C++"}),
        ("tools such as sagemaker, tensorflow, spark, etc.", {"SageMaker", "TensorFlow", "Spark"}),
        ("C/C++ and Python", {"C", "C++", "Python"}),
    ],
)
def test_words_are_tools_only_in_the_company_of_tools(line: str, tools: set[str]) -> None:
    reading = read(f"# Engineer\n\n## Requirements\n\n- {line}\n")
    assert {tool.name for tool in reading.tools} == tools


@pytest.mark.parametrize(
    ("line", "years"),
    [
        ("12+ years with a Bachelor's degree; or 10 years and a Master's degree; or a PhD with 8 years", 12),
        ("5-7 years of software engineering experience", 5),
        ("Minimum of three (3) years of professional experience in engineering", 3),
        ("5+ experience with software engineering", 5),
        ("Our company is 20 years old", None),
        ("3+ years of Terraform is a plus", None),
    ],
)
def test_years_are_those_demanded_of_most_people(line: str, years: int | None) -> None:
    found = read(f"# Engineer\n\n## Requirements\n\n- {line}\n").years_min
    assert (found.value if found else None) == years


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Senior / Staff MLOps Engineer", "senior"),
        ("Senior Staff MLOps Engineer", "staff"),
        ("Junior/Middle DevOps Engineer", "junior"),
        ("Principal ML Engineer", "principal"),
        ("Site Reliability Engineer 3", "senior"),
        ("MLOps Engineer", None),
    ],
)
def test_the_level_stands_in_the_title(title: str, level: str | None) -> None:
    found = read(f"# {title}\n\nWe build things.\n").level
    assert (found.value if found else None) == level


def test_a_boards_badge_counts_only_as_a_range() -> None:
    body = "### Quartz Labs\n#### `💰 {badge}` `🌎 Remote,US`\n\nWe forecast wind.\n"
    assert read("# MLOps Engineer\n" + body.format(badge="~0k")).pay is None
    assert read("# MLOps Engineer\n" + body.format(badge="321900.0")).pay is None
    pay = read("# MLOps Engineer\n" + body.format(badge="65k-95k USD")).pay
    assert pay is not None
    assert pay.from_badge


def test_nothing_stated_is_none() -> None:
    reading = read("Hello")
    assert reading.pay is None
    assert reading.years_min is None
    assert reading.workplace is None
    assert reading.infra_share is None
