"""Audit tables: whole numbers, the 2 % rule, strata; and what may be published. Everybody in them is invented."""

from __future__ import annotations

import csv
import io
import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tenfold.cli.app import leave
from tenfold.practices.interviews.fairness import BOTH, RACE, SEX, Candidacy, FairnessTable, fairness_tables
from tests.stats.test_reference_values import berkeley

LINE = "id;sex;race;stage;role;went_on"


def people(*groups: tuple[str, str, str, int, int], step: str = "hired") -> list[Candidacy]:
    """Of each group (sex, race, role, n, selected), people who do not exist."""
    return [
        Candidacy(f"{group} {n}", f"{group} {n}", group[2], _answers(group[0], group[1]), {step: n < group[4]})
        for group in groups
        for n in range(group[3])
    ]


def _answers(sex: str, race: str) -> dict[str, str]:
    return {name: said for name, said in ((SEX, sex), (RACE, race)) if said}


def table_of(found: tuple[FairnessTable, ...], question: str, part: str = "") -> FairnessTable:
    return next(one for one in found if (one.question, one.part) == (question, part))


def test_the_published_example_of_four_fifths() -> None:
    groups = [("", "white", "a", 100, 60), ("", "hispanic", "a", 100, 48), ("", "black", "a", 100, 47)]
    found = table_of(fairness_tables(people(*groups), ["hired"]), RACE)
    told = {row.category: (row.comparison.ratio, row.comparison.flagged) for row in found.rows if row.comparison}
    assert told == {
        "white": (1, False),
        "hispanic": (Fraction(4, 5), False),
        "black": (Fraction(47, 60), True),
    }


def test_below_two_percent_has_no_ratio_and_is_no_yardstick() -> None:
    groups = [("", "white", "a", 500, 200), ("", "asian", "a", 10, 10), ("", "black", "a", 200, 60)]
    found = table_of(fairness_tables(people(*groups), ["hired"], least=1), RACE)
    small = next(row for row in found.rows if row.category == "asian")
    assert (found.reference, small.is_small, small.comparison) == ("white", True, None)
    assert "below 2 %" in small.words[0]


def test_who_states_nothing_is_counted_and_compared_with_nobody() -> None:
    found = table_of(fairness_tables(people(("female", "", "a", 20, 5), ("", "", "a", 30, 30)), ["hired"]), SEX)
    assert [(row.category, row.n, row.comparison is None) for row in found.rows] == [
        ("female", 20, False),
        ("not stated", 30, True),
    ]
    assert (found.assessed, found.selected, found.reference) == (50, 35, "female")


def test_berkeley_is_said_to_mislead() -> None:
    groups = [(sex, "", dept, one.n, one.selected) for dept, cells in berkeley().items() for sex, one in cells.items()]
    found = table_of(fairness_tables(people(*groups), ["hired"]), SEX)
    assert any("The sum misleads" in word for word in found.words)
    assert found.stratified[0].ratio == pytest.approx(1.0583, abs=1e-4)


def crowd(seed: int) -> list[Candidacy]:
    chance = random.Random(seed)  # noqa: S311 - people who do not exist
    made = []
    for n in range(chance.randint(30, 150)):
        passed, steps = True, {}
        for step in ("screen", "lab", "hired"):
            if passed:
                passed = chance.random() < 0.6
                steps[step] = passed
        said = _answers(
            chance.choice(["female", "male", "male", "another", ""]),
            chance.choice(["white", "white", "asian", "black", ""]),
        )
        made.append(Candidacy(str(n), str(n // 2 if n % 7 == 0 else n), chance.choice("ab"), said, steps))
    return made


def shown_counts(found: tuple[FairnessTable, ...]) -> dict[tuple[str, str, str, str], tuple[int, int]]:
    return {
        (one.step, one.question, one.part, row.category): (row.selected, row.n - row.selected)
        for one in found
        for row in one.rows
    }


@pytest.mark.parametrize("seed", range(15))
def test_no_count_of_one_to_four_is_shown_whoever_is_left_out(seed: int) -> None:
    """Of everybody, and of everybody but one person, each of them in turn: never a count below five."""
    everybody = crowd(seed)
    for left_out in (None, *everybody[:12]):
        found = fairness_tables([one for one in everybody if one is not left_out], ["screen", "lab", "hired"])
        assert not any(0 < n < 5 for pair in shown_counts(found).values() for n in pair)


@pytest.mark.parametrize("seed", range(5))
def test_order_of_people_changes_nothing(seed: int) -> None:
    everybody = crowd(seed)
    turned = random.Random(9).sample(everybody, len(everybody))  # noqa: S311 - as above
    steps = ["screen", "lab", "hired"]
    assert shown_counts(fairness_tables(everybody, steps)) == shown_counts(fairness_tables(turned, steps))


def lines(everybody: list[Candidacy]) -> str:
    rows = [
        ";".join([one.id, one.answers.get(SEX, ""), one.answers.get(RACE, ""), step, one.role, str(int(went_on))])
        for one in everybody
        for step, went_on in one.steps.items()
    ]
    return "\n".join([LINE, *rows])


def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, *more: str) -> tuple[int, str, str]:
    file = tmp_path / "steps.csv"
    file.write_text(text, encoding="utf-8-sig")
    options = ["--sex", "sex", "--race", "race", "--selected", "went_on", "--step", "stage", "--role", "role"]
    code = leave(["interviews", "audit", str(file), *options, "--person", "id", *more])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_command_says_what_the_tables_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    everybody = crowd(3)
    code, out, _ = ask(tmp_path, capsys, lines(everybody), "--json")
    found: dict[str, Any] = json.loads(out)
    assert code == 0
    first = next(one for one in found["tables"] if one["question"] == SEX)
    women = [one for one in everybody if one.answers.get(SEX) == "female"]
    row = next(one for one in first["rows"] if one["category"] == "female")
    assert (row["assessed"], row["selected"]) == (len(women), sum(one.steps["screen"] for one in women))
    code, out, _ = ask(tmp_path, capsys, lines(everybody), "--publishable", "--format", "csv")
    told = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert not any(0 < int(one["selected"]) < 5 or 0 < int(one["assessed"]) < 5 for one in told)
    assert {one["question"] for one in told} <= {SEX, RACE, BOTH}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (LINE, "nobody"),
        (f"{LINE}\n1;f;white;screen;a;maybe", "neither 0 nor 1"),
        (f"{LINE}\n1;f;white;screen;a;1\n1;f;white;screen;a;0", "counted twice"),
        ("id;sex;race\n1;f;white", "no column"),
    ],
)
def test_unusable_files_are_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, says: str
) -> None:
    code, out, err = ask(tmp_path, capsys, text, "--json")
    assert (code, out) == (2, "")
    assert says in err


def test_no_cell_is_a_formula(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "\n".join(f"{n};=1+1;white;screen;a;1" for n in range(9))
    _, out, _ = ask(tmp_path, capsys, f"{LINE}\n{rows}", "--format", "csv")
    assert "'=1+1" in out
    assert not any(cell.startswith("=") for line in csv.reader(io.StringIO(out)) for cell in line)
