"""P3: what the posting's own words cost, and how its demands stand among real postings."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.kit.findings import Severity
from tenfold.posting.base_rates import base_rates
from tenfold.posting.wording import _rules
from tenfold.practices.skills.check import check
from tenfold.practices.skills.unusual import asked_together
from tests.practices.examples import FIX, NOTE, REVIEW, Said, case, said, severity

POSTING = """\
# Senior MLOps Engineer

## What you will do

- Build the serving platform for our 12 pricing models on KServe.

## Requirements

- {line}

## Equal opportunity

We welcome applicants of any age, sex and ability, ninjas or not.
"""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("You are a Kubernetes ninja", "ninja"),
        ("A digital native who lives in the terminal", "digital native"),
        ("Native English speaker", "Native English"),
        ("He/she writes Python every day", "He/she"),
        ("We work hard and play hard", "work hard and play hard"),
    ],
)
def test_words_that_shut_people_out_are_quoted(line: str, words: str) -> None:
    (found,) = said(check, "shuts-out", posting=POSTING.format(line=line))
    assert (found.severity, found.evidence) == (REVIEW, (words,))


@pytest.mark.parametrize(
    "line",
    [
        "Experience with cloud-native systems",
        "You mentor young people in our schools programme",
        "Maximum likelihood and 5 years of experience",
        "Vacation without guilt: work hard, play hard, take your time off",
        "The setup wizard of our product is yours",
    ],
)
def test_words_that_mean_something_else_are_left_alone(line: str) -> None:
    assert said(check, "shuts-out", posting=POSTING.format(line=line)) == []


@given(st.data())
def test_whatever_a_rule_of_wording_matches_holds_one_of_its_needles(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(_rules()))
    phrase = data.draw(st.from_regex(re.compile(rule.words.pattern, re.IGNORECASE | re.ASCII)))
    match = rule.words.search(phrase)
    assert match is None or any(needle in match.group().lower() for needle in rule.needles)


def test_tools_that_few_ask_for_together_are_a_note() -> None:
    plan = "requirements: {must: [pytorch, terraform, python], nice: [spark]}\nteam: none"
    assert said(check, "rare-pair", plan) == [
        Said(
            "Rarely asked of one person: PyTorch with Terraform.",
            NOTE,
            "requirements.must[1]",
            "",
            ("requirements.must[0]: pytorch", "requirements.must[1]: terraform"),
        )
    ]
    assert severity(check, "rare-pair", f"role: {{family: mlops}}\n{plan}") is None
    assert severity(check, "rare-pair", "requirements: {must: [kubernetes, terraform, python], nice: [spark]}") is None


def test_a_long_list_is_compared_with_real_postings_of_the_role() -> None:
    tools = (
        "kubernetes, docker, python, mlflow, kserve, terraform, helm, aws, gcp, linux, bash, prometheus, grafana, git"
    )
    (found,) = check(case(f"role: {{family: devops}}\nrequirements: {{must: [{tools}], nice: [spark]}}")).findings
    assert found.rule == "skills.long-list"
    half = base_rates().groups["devops"]["must_tools"]["quantiles"][3]
    assert f"half require {half} named tools or fewer" in found.why
    assert "real postings for DevOps / SRE engineers" in found.why
    assert found.sources[-1].n == base_rates().groups["devops"]["must_tools"]["n"]


def test_a_very_long_list_is_more_than_in_nearly_all() -> None:
    tools = [skill for skill in case().spine.skills.values() if skill.is_tool][:30]
    names = ", ".join(skill.id for skill in tools)
    found = check(case(f"requirements: {{must: [{names}], nice: [spark]}}")).findings
    why = next(finding.why for finding in found if finding.rule == "skills.long-list")
    assert "30 named tools are more than in 99 % of 1,576 real postings." in why


def test_no_more_postings_ask_for_all_than_for_the_rarest_pair() -> None:
    together = asked_together(["kubernetes", "terraform", "pytorch", "no-such-tool"], base_rates())
    assert together is not None
    assert together.skills == ("kubernetes", "terraform", "pytorch")
    assert together.rarest == ("terraform", "pytorch")
    assert together.most == base_rates().pairs[frozenset({"pytorch", "terraform"})]
    assert asked_together(["kubernetes"], base_rates()) is None


def test_an_operator_shortens_the_default_must_haves() -> None:
    plan = "role: {family: mlops}\nrequirements: {must: [python], nice: [spark]}\nteam: none"
    assert severity(check, "core-missing", plan) is REVIEW
    assert severity(check, "core-missing", plan, skills__core=("Python",)) is None
    (found,) = said(check, "core-missing", plan, skills__core=("Python", "model-serving"))
    assert found.what == "The must-haves leave out model deployment and serving."


STRONG = """\
# Senior DevOps Engineer

## Requirements

- {0} knowledge of Kubernetes and cloud infrastructure
- {0} knowledge of machine learning
- {0} knowledge of data engineering with Spark
- {0} software engineering in Python
"""


@pytest.mark.parametrize(("word", "expected"), [("Expert", FIX), ("Strong", REVIEW)])
def test_strong_is_a_weaker_word_than_expert(word: str, expected: Severity) -> None:
    assert severity(check, "several-people", "role: {level: senior}", STRONG.format(word)) is expected


def test_a_list_that_is_not_split_is_not_counted_as_must_haves_too() -> None:
    tools = (
        "Kubernetes, Docker, Python, MLflow, KServe, Terraform, Helm, AWS, GCP, Linux, Prometheus, Grafana, Jenkins, Go"
    )
    posting = f"# MLOps Engineer\n\n## {{}}\n\n- You know {tools}\n"
    unsplit, musts = posting.format("Requirements"), posting.format("Must have")
    assert severity(check, "one-list", posting=unsplit) is REVIEW
    assert severity(check, "long-list", posting=unsplit) is None
    assert severity(check, "one-list", posting=musts) is None
    assert severity(check, "long-list", posting=musts) is REVIEW
