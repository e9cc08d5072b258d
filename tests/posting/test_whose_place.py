"""The job's places, not the employer's; one workplace where two are offered; degrees by the lowest that is offered."""

from __future__ import annotations

import pytest

from tenfold.posting.reading import read

POSTING = """# Data Engineer

Location: {place}

## What you will do
- Build pipelines in Spark for the sales team

## Requirements
- SQL and Python
{more}
## About Quartz
{about}
"""


def _read(place: str = "Ottawa, Canada", about: str = "We like wind.", more: str = "") -> set[str]:
    return {place.id for place in read(POSTING.format(place=place, about=about, more=more)).places}


@pytest.mark.parametrize(
    "about",
    [
        "We have five global offices in Ottawa, Nairobi, Penang, Columbus and Amsterdam.",
        "Quartz is headquartered in Berlin, Germany.",
        "Our headquarters is located in the San Francisco Bay Area with offices in more than 15 countries.",
        "Team members near our main hubs in Nairobi, Columbus and Amsterdam meet once a month in the office.",
        "Germany Applicants: read about our careers page here.",
    ],
)
def test_offices_of_the_employer_are_no_places_of_the_job(about: str) -> None:
    assert _read(about=about) == {"CA-ON"}


def test_an_office_within_the_stated_place_counts() -> None:
    assert "US-CO" in _read("United States", "We have offices in Denver, San Francisco and New York City.")


@pytest.mark.parametrize(
    "title", ["Engineer (onsite or remote)", "Engineer (remote or hybrid)", "Engineer, Hybrid/Remote"]
)
def test_who_may_work_remotely_works_remotely(title: str) -> None:
    workplace = read(f"# {title}\n\n## Requirements\n- Python\n").workplace
    assert workplace
    assert workplace.value == "remote"


def test_teams_of_customers_say_nothing_on_the_workplace() -> None:
    about = "We serve storytellers and globally distributed teams."
    text = f"# Engineer\n\n## Requirements\n- Python\n\n## About us\n{about}\n"
    assert read(text).workplace is None


@pytest.mark.parametrize(
    ("line", "value", "counts_instead"),
    [
        ("Ph.D., M.S. or Bachelor's degree in statistics", "bachelor", False),
        ("Master's or PhD in computer science", "master", False),
        ("Bachelor's degree in physics; a PhD is a plus", "bachelor", False),
        ("Bachelor's degree in a related field OR\n- A finished engineering bootcamp", "bachelor", True),
        ("BS in computer science or equivalent experience", "bachelor", True),
    ],
)
def test_the_lowest_degree_and_what_counts_instead(line: str, value: str, counts_instead: bool) -> None:
    degree = read(f"# Engineer\n\n## Requirements\n- {line}\n- Python\n").degree
    assert degree
    assert (degree.value, degree.or_equivalent) == (value, counts_instead)


def test_an_employer_is_no_tool_of_its_own() -> None:
    about = "This product group is responsible for making HubSpot smarter"
    text = f"# Engineer\n\n### HubSpot\n#### `🌎 Remote`\n\n## About us\n{about}\n\n## Requirements\n- Java\n"
    assert [tool.name for tool in read(text).tools] == ["Java"]
