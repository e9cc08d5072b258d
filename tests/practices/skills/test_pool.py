"""The share of respondents who have all must-haves, proven on populations whose truth is known."""

import csv
import random
from pathlib import Path

import pytest

from tenfold.kit.errors import UserError
from tenfold.practices.skills.pool import Question, Respondents, estimate
from tenfold.practices.skills.survey import bitmap, load_survey

CHANCES = {"python": 0.8, "kubernetes": 0.4, "mlflow": 0.1}


def population(n: int, seed: int) -> Respondents:
    """Skills held independently with known chances; years evenly 0 to 19."""
    draw = random.Random(seed)  # noqa: S311 - a population, not a secret
    holders = {skill: [i for i in range(n) if draw.random() < chance] for skill, chance in CHANCES.items()}
    years = [draw.randrange(20) for _ in range(n)]
    return Respondents(
        n=n,
        skills={skill: bitmap(numbers, n) for skill, numbers in holders.items()},
        asked=frozenset(CHANCES),
        countries={"Spain": bitmap(range(0, n, 2), n), "Chile": bitmap(range(1, n, 2), n)},
        roles={},
        years=[(float(least), bitmap((i for i in range(n) if years[i] >= least), n)) for least in range(20)],
        pay_usd_year=[],
        paid=0,
        source="synthetic",
    )


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    truth = 0.8 * 0.4 * 0.1
    held = 0
    for seed in range(120):
        low, high = estimate(population(800, seed), Question(must=tuple(CHANCES))).pool.interval
        held += low <= truth <= high
    assert 0.90 <= held / 120 <= 1.0


def test_the_rarest_skill_costs_most_and_goes_first() -> None:
    found = estimate(population(20_000, 1), Question(must=("python", "kubernetes", "mlflow")))
    assert [step.demand for step in found.relaxing] == ["mlflow", "kubernetes", "python"]
    assert found.costs[0].demand == "mlflow"
    assert found.costs[0].factor == pytest.approx(10, rel=0.15)


def test_place_and_years_narrow_the_pool_before_skills_do() -> None:
    found = estimate(population(20_000, 2), Question(must=("python",), years_min=10, countries=("Spain",)))
    assert found.eligible.share == pytest.approx(0.25, abs=0.01)
    assert found.pool.share == pytest.approx(0.8, abs=0.02)
    assert {cost.demand for cost in found.costs} == {"python", "years", "countries"}


def test_a_skill_that_was_never_asked_about_is_unknown() -> None:
    found = estimate(population(500, 3), Question(must=("python", "kserve")))
    assert found.unknown == ("kserve",)
    assert found.pool.share == pytest.approx(0.8, abs=0.06)


def survey(path: Path) -> Path:
    """The layout of survey_results_public.csv."""
    rows = [
        (
            "United States of America",
            "12",
            "150000",
            "DevOps specialist;Developer, back-end",
            "Python;Bash/Shell;Go",
            "Docker;Kubernetes;Terraform",
        ),
        ("Germany", "Less than 1 year", "60000", "Developer, back-end", "Python;SQL", "Docker"),
        ("Germany", "More than 50 years", "NA", "NA", "C++", "NA"),
        ("Peru", "6", "", "Developer, full-stack", "JavaScript;Python", "Docker;Kubernetes"),
    ]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            [
                "Country",
                "YearsCodePro",
                "ConvertedCompYearly",
                "DevType",
                "LanguageHaveWorkedWith",
                "ToolsTechHaveWorkedWith",
            ]
        )
        writer.writerows(rows)
    return path


def test_the_public_layout_is_imported(tmp_path: Path) -> None:
    respondents = load_survey(survey(tmp_path / "survey_results_public.csv"))
    both = estimate(respondents, Question(must=("python", "kubernetes")))
    assert (both.pool.count, both.pool.of) == (2, 4)
    assert both.pool.is_too_small
    senior = estimate(respondents, Question(must=("python",), years_min=5, pay_max_usd_year=200_000))
    assert (senior.pool.count, senior.pool.of) == (1, 1)


def test_a_file_that_is_no_survey_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(UserError, match="worked with"):
        load_survey(path)
