"""Years with one tool."""

import pytest

from tenfold.posting.reading import read
from tenfold.posting.tool_years import tool_years


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("10+ years of experience with MLflow", {"mlflow": 10}),
        ("At least 5 years of hands-on production experience in Kubernetes and Docker", {"kubernetes": 5}),
        ("3-5 years using Terraform", {"terraform": 3}),
        ("5 years of experience in data engineering; Kubernetes is a must", {}),
        ("Kubernetes, Docker and 5 years of experience", {}),
    ],
)
def test_years_belong_to_the_tool_that_follows_them(line: str, expected: dict[str, int]) -> None:
    reading = read(f"# MLOps Engineer\n\n## Requirements\n\n- {line}\n")
    assert {skill: cited.value for skill, cited in tool_years(reading).items()} == expected


def test_the_span_quotes_years_and_tool() -> None:
    reading = read("# MLOps Engineer\n\n## Requirements\n\n- 10+ years of experience with MLflow\n")
    cited = tool_years(reading)["mlflow"]
    assert reading.text[cited.start : cited.end] == "10+ years of experience with MLflow"
