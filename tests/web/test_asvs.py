"""The list of docs/asvs.md: each line once, each yes with a test that is there, each no and n/a with a reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LIST = (ROOT / "docs" / "asvs.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (yes|no|n/a) \| (.+?) \|$", LIST, re.MULTILINE)


def test_each_line_is_there_once_and_all_chapters_are() -> None:
    numbers = [tuple(map(int, number.split("."))) for number, *_ in ROWS]
    assert len(numbers) == len(set(numbers)) > 240
    assert numbers == sorted(numbers)
    assert {chapter for chapter, *_ in numbers} == set(range(1, 15))
    assert len(re.findall(r"^\| \d", LIST, re.MULTILINE)) == len(ROWS)


@pytest.mark.parametrize(("number", "test"), [(number, why) for number, _, answer, why in ROWS if answer == "yes"])
def test_each_yes_names_a_test_that_is_there(number: str, test: str) -> None:
    file, _, name = test.partition("::")
    path = ROOT / "tests" / file
    assert path.is_file(), number
    assert name, f"{number} names a file and no test in it"
    assert re.search(rf"^def {name}\(", path.read_text("utf-8"), re.MULTILINE), number


def test_each_other_answer_says_why() -> None:
    assert all(not why.endswith(".py") and len(why) > 3 for _, _, answer, why in ROWS if answer != "yes")


def test_the_threat_model_names_tests_that_are_there() -> None:
    page = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
    walls = [line for line in page.splitlines() if line.startswith("| ") and "`tests/" in line]
    assert len(walls) > 30
    named = {path for line in walls for path in re.findall(r"`(tests/[\w/]+\.py)`", line)}
    assert sorted(path for path in named if not (ROOT / path).is_file()) == []
    assert not re.search(r"^\| (?!Who|---)(?!.*`tests/).*\|$", page, re.MULTILINE)
