"""One list of tools is no list of careers."""

from __future__ import annotations

from itertools import permutations

import pytest

from tenfold.posting.deep_names import fields_of_depth
from tenfold.posting.model import PostingReading
from tenfold.posting.reading import read


def _asking(line: str) -> PostingReading:
    return read(f"# Engineer\n\n## What you will do\n- Run our clusters\n\n## Requirements\n- {line}\n")


@pytest.mark.parametrize("named", list(permutations(("SQL", "Python", "AWS"))))
def test_one_list_of_tools_is_one_field(named: tuple[str, ...]) -> None:
    reading = _asking(f"Expertise in {', '.join(named[:-1])} and {named[-1]}")
    assert len(reading.deep_areas) > 1
    assert len(fields_of_depth(reading)) == 1


def test_careers_named_as_such_stay_several() -> None:
    several = _asking("Deep expertise in machine learning, data engineering and infrastructure")
    assert len(fields_of_depth(several)) == len(several.deep_areas) > 1
