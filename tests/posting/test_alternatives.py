"""What may stand for one another is one demand; one list of tools is no list of careers."""

from __future__ import annotations

from itertools import permutations

import pytest

from tenfold.posting.alternatives import alternatives, fields_of_depth, one_of_each
from tenfold.posting.reading import read

TOOLS = {"AWS": "aws", "GCP": "gcp", "Azure": "azure"}


def _posting(line: str) -> str:
    return f"# Platform Engineer\n\n## What you will do\n- Run our clusters\n\n## Requirements\n- {line}\n- Linux\n"


@pytest.mark.parametrize("named", list(permutations(TOOLS)))
@pytest.mark.parametrize(
    "words",
    [
        "Experience with {0}, {1} or {2}",
        "Experience with {0}/{1}/{2}",
        "A cloud provider such as {0}, {1} and {2}",
        "Experience with at least one of {0}, {1}, {2}",
        "Cloud experience (e.g. {0}, {1}, {2})",
    ],
)
def test_alternatives_are_found_in_any_order(words: str, named: tuple[str, ...]) -> None:
    reading = read(_posting(words.format(*named)))
    assert alternatives(reading) == (frozenset(TOOLS.values()),)
    assert len(one_of_each(reading)) == 2
    assert "linux" not in one_of_each(reading)


@pytest.mark.parametrize("words", ["Experience with {0}, {1} and {2}", "{0}, {1}, {2}", "Strong in {0}. {1} and {2}"])
def test_what_is_asked_together_is_no_choice(words: str) -> None:
    assert alternatives(read(_posting(words.format(*TOOLS)))) == ()


def test_one_list_of_tools_is_one_field() -> None:
    one = read(_posting("Expertise in SQL, Python and AWS"))
    assert len({cited.value for cited in one.deep_areas}) > 1
    assert len(fields_of_depth(one)) == 1


def test_careers_named_as_such_stay_several() -> None:
    several = read(_posting("Deep expertise in machine learning, data engineering and infrastructure"))
    assert len(fields_of_depth(several)) >= 2
