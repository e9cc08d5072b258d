"""A line at the head of a posting says the same whatever stands between its fields."""

from __future__ import annotations

import itertools

import pytest

from tenfold.posting.reading import read

BETWEEN = (", ", " | ", " – ", " - ", " · ", " • ", " / ")
PLACES = {"Bergen, Norway": "NO", "Berlin, Germany": "DE", "Austin, TX": "US-TX", "London, UK": "GB"}


@pytest.mark.parametrize("mark", BETWEEN)
@pytest.mark.parametrize("place", PLACES)
def test_the_place_is_read_behind_the_employer(place: str, mark: str) -> None:
    for employer in ("Quartz AS", "Quartz GmbH", "**Quartz**"):
        reading = read(f"# MLOps Engineer\n\n{employer}{mark}{place}\n\n## Duties\n\n- Run models in production.\n")
        assert [found.id for found in reading.places] == [PLACES[place]], (employer, mark)


@pytest.mark.parametrize("mark", [" | ", " · ", " • "])
def test_fields_are_read_in_every_order(mark: str) -> None:
    fields = ("London, UK", "Hybrid", "£70,000 – £90,000", "Full-time")
    for order in itertools.permutations(fields):
        reading = read(f"# MLOps Engineer\n\n{mark.join(order)}\n\nYou run models in production.\n")
        assert [found.id for found in reading.places] == ["GB"], order
        assert reading.workplace is not None, order
        assert reading.workplace.value == "hybrid", order
        assert reading.pay is not None, order
        assert (reading.pay.min, reading.pay.max) == (70_000, 90_000), order


def test_a_labelled_list_and_long_items_stay_a_list() -> None:
    marked = read("# MLOps Engineer\n\nYou bring: • Python • Kubernetes • Terraform\n")
    assert {tool.skill_id for tool in marked.tools} >= {"python", "kubernetes", "terraform"}
    items = "You run models in production every day • You are on call one week in six, with a colleague"
    assert len(read(f"# MLOps Engineer\n\n{items}\n").lines) == 3


@pytest.mark.parametrize(
    ("line", "low", "high"),
    [
        ("Salary: 1920 - 1960 zł per day", 1920, 1960),
        ("Salary: 1950-2050 EUR/month", 1950, 2050),
        ("Pay: 2000 to 2020 € per month", 2000, 2020),
        ("Salary: $1990 - 2010 per week", 1990, 2010),
    ],
)
def test_a_sum_that_could_be_a_year_is_a_sum_where_its_range_has_a_currency(line: str, low: int, high: int) -> None:
    reading = read(f"# MLOps Engineer\n\n{line}\n")
    assert reading.pay is not None
    assert (reading.pay.min, reading.pay.max) == (low, high)


@pytest.mark.parametrize(
    "line", ["Founded in 2015, we raised $20 million.", "From 2021 to 2022 we grew to 2050 people."]
)
def test_a_year_is_no_pay(line: str) -> None:
    assert read(f"# MLOps Engineer\n\n{line}\n").pay is None


@pytest.mark.parametrize("words", ["two-to-four years", "2-to-4 years", "two to four years", "2–4 years"])
def test_years_as_a_range_are_asked_by_their_lower_end(words: str) -> None:
    found = read(f"# MLOps Engineer\n\n## Requirements\n\n- {words} of experience\n").years_min
    assert found is not None
    assert found.value == 2


def test_other_things_to_let_somebody_know_are_no_wishes() -> None:
    text = "# MLOps Engineer\n\n## Requirements\n\n- Python\n\n## {heading}\n\n- Kubernetes\n"
    wishes = read(text.format(heading="Other things we'd like to see"))
    others = read(text.format(heading="A few other things we want to let you know about"))
    assert next(tool for tool in wishes.tools if tool.skill_id == "kubernetes").demand == "nice"
    assert next(tool for tool in others.tools if tool.skill_id == "kubernetes").demand != "nice"
