"""What a careful reader of whole postings disagreed with, as kinds, each in words of our own."""

import pytest

from tenfold.posting.reading import read
from tenfold.posting.record import record

POSTING = """# Site Reliability Engineer

{about}

## What you will do

- Keep the delivery service within its objectives
- Write the runbooks that the on-call engineer opens first

## Requirements

- {asked}
- Linux
{more}"""


def reading(*, about: str = "We deliver parcels.", asked: str = "Python", more: str = "") -> dict[str, object]:
    return record(read(POSTING.format(about=about, asked=asked, more=more), name="cold"))


PARTS = """
**Preferred Qualifications**

**Experience**

- Terraform

**Skills**

- Kafka

## Benefits

- 30 days of leave
"""


def test_parts_below_preferred_qualifications_are_preferred() -> None:
    tools = {tool["id"]: tool["demand"] for tool in reading(more=PARTS)["tools"]}  # type: ignore[attr-defined]
    assert tools == {"linux": "must", "python": "must", "terraform": "nice", "kafka": "nice"}


def test_skills_behind_a_list_of_preferred_things_are_a_section_of_their_own() -> None:
    more = PARTS.replace("**Experience**\n\n", "")
    tools = {tool["id"]: tool["demand"] for tool in reading(more=more)["tools"]}  # type: ignore[attr-defined]
    assert (tools["terraform"], tools["kafka"]) == ("nice", "must")


@pytest.mark.parametrize(
    "asked",
    [
        "Experience with master data and reference data",
        "Clean commits on the master branch, and reviews of others'",
        "Some years of practice; recent bachelor's graduates find this hard",
    ],
)
def test_words_like_those_of_degrees_ask_for_none(asked: str) -> None:
    assert reading(asked=asked)["degree"] is None


@pytest.mark.parametrize(
    "more",
    [
        "- We also hire people with a combination of coursework and experience\n",
        "- Four years of experience may substitute for the degree\n",
        "",
    ],
)
def test_what_counts_instead_of_a_degree_is_read_beside_it(more: str) -> None:
    asked = "Bachelor's degree in computer science. " + more.removeprefix("- ").strip()
    degree = read(POSTING.format(about="", asked=asked, more="")).degree
    assert degree is not None
    assert degree.or_equivalent is bool(more)


def test_where_the_employer_sits_is_not_where_the_job_is() -> None:
    about = (
        "#### 🌎 Brazil\n\nWe sell memberships of gyms to employers, all with one simple contract. Founded in 2012 "
        "and headquartered in NYC, we have, for years, eleven offices and a team that grows in every one of them."
    )
    assert [place["country"] for place in reading(about=about)["places"]] == ["BR"]  # type: ignore[attr-defined]


def test_years_that_the_employer_has_behind_it_are_not_asked_for() -> None:
    about = "With thousands of depots and 23+ years of experience, Parcelwise is a leader of its field."
    assert reading(about=about)["years_min"] is None
    assert reading(asked="With 6+ years of experience, you are at home in production")["years_min"] == 6
