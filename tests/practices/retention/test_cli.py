"""`tenfold retention` as it is called from outside: fields, exit codes, and whatever file is handed in."""

from __future__ import annotations

import io
import json
import random
import string
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from tenfold.cli.app import run
from tests.practices.retention.companies import company
from tests.sizes import size

ESTIMATE = {"value", "low", "high"}


def called(*words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one command."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
        run(["retention", *words])
    code = left.value.code
    assert isinstance(code, int)
    return code, out.getvalue(), err.getvalue()


def answered(*words: str) -> dict[str, Any]:
    code, out, err = called(*words, "--json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    rows = (";".join(row.cells) for row in company(12).contracts().rows)
    path.write_text("\n".join(["Nr;Eintritt;Austritt", *rows]), encoding="cp1252")
    return path


TENURE = ("--start", "Eintritt", "--end", "Austritt", "--person", "Nr", "--as-of", "2025-06-30")


def test_tenure_has_the_fields_that_are_promised(people: Path) -> None:
    found = answered("tenure", str(people), *TENURE)
    assert {"n", "exits", "median_years", "survival", "curve_starts_at_years", "refused", "warnings"} <= set(found)
    assert set(found["survival"]) == {"1", "1.5", "2", "5"}
    assert set(found["median_years"]) == ESTIMATE
    assert all(set(share) == ESTIMATE for share in found["survival"].values())
    assert found["refused"] is None
    assert all(set(warning) == {"kind", "text", "where"} for warning in found["warnings"])


def test_tenure_of_lists_and_with_causes(tmp_path: Path, people: Path) -> None:
    lists = tmp_path / "lists.csv"
    lists.write_text("day,who\n" + "".join(f"{r.cells[0]},{r.cells[1]}\n" for r in company(12).lists(30).rows))
    found = answered("tenure", str(lists), "--snapshot", "DAY", "--person", "Who")
    assert {"interval-censoring", "left-truncation"} <= {warning["kind"] for warning in found["warnings"]}
    by_cause = answered("tenure", str(people), *TENURE, "--cause", "Nr")["by_cause"]
    assert all(set(cause) == {"exits", "1", "1.5", "2", "5"} for cause in by_cause.values())


def test_oncall_has_the_fields_that_are_promised(tmp_path: Path) -> None:
    path = tmp_path / "pages.csv"
    path.write_text("when,tz\n2026-03-02T10:00:00Z,Europe/Berlin\n2026-03-29T01:30:00Z,Europe/Berlin\n")
    found = answered("oncall", str(path), "--at", "when", "--zone", "tz", "--compare", "2:8")
    assert {"mean", "p90"} <= set(found["pages_per_shift"])
    assert isinstance(found["night_pages_per_week"], float)
    assert isinstance(found["chance_more_than_two_per_shift"], float)
    assert [each["people"] for each in found["by_rotation"]] == [2, 3, 4, 5, 6, 7, 8]
    assert [
        each["people"] for each in answered("oncall", str(path), "--at", "when", "--people", "3")["by_rotation"]
    ] == [3]


def test_promotions_has_the_fields_that_are_promised(tmp_path: Path) -> None:
    path = tmp_path / "looks.csv"
    rows = "".join(f"2026-03-{day:02d}T08:00:00Z,churn,champion,{1 + day // 4 - (day == 9)}\n" for day in range(1, 29))
    path.write_text("time,name,alias,version\n" + rows)
    found = answered("promotions", str(path))
    assert {"promotions", "per_week", "longest_gap", "rollbacks", "warnings"} <= set(found)
    assert set(found["per_week"]) == ESTIMATE
    assert (found["promotions"], found["rollbacks"]) == (8, 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("tenure", "none.csv", "--start", "a", "--end", "b"), "cannot be read"),
        (("tenure", "empty.csv", "--start", "a", "--end", "b"), "empty"),
        (("tenure", "header.csv", "--start", "a", "--end", "b"), "no rows"),
        (("tenure", "both.csv", "--start", "a", "--end", "b"), "two ways"),
        (("tenure", "both.csv", "--start", "x", "--end", "b"), "There is no column"),
        (("tenure", "both.csv"), "Which columns"),
        (("tenure", "one_list.csv", "--snapshot", "a", "--person", "b"), "one list only"),
        (("oncall", "empty.csv", "--at", "a"), "empty"),
        (("oncall", "both.csv", "--at", "a", "--compare", "8:2"), "no range"),
        (("promotions", "both.csv"), "There is no column"),
    ],
)
def test_what_cannot_be_used_is_said_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty.csv").write_text("")
    Path("header.csv").write_text("a,b\n")
    Path("both.csv").write_text("a,b\n03/04/2020,05/06/2021\n")
    Path("one_list.csv").write_text("a,b\n2020-01-01,x\n")
    code, out, err = called(*words)
    assert code == 2
    assert out == ""
    assert said in err
    assert "Try:" in err


PIECES = [
    "2020-01-01",
    "31.12.2021",
    "13/31/2020",
    "",
    "?",
    "\x00",
    '"',
    "9999-12-31",
    "2020",
    "é",
    "1e9",
    "-5",
    "44000",
    "\r",
]


@pytest.mark.parametrize("seed", range(size(40, nightly=1_000)))
def test_whatever_file_is_handed_in_there_is_no_traceback(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    mark = chance.choice(",;\t|")
    header = mark.join(["time", "name", "alias", "version"][: chance.randint(1, 4)])
    lines = [
        mark.join(chance.choice(PIECES) for _ in range(chance.randint(0, 5))) for _ in range(chance.randint(0, 12))
    ]
    raw = "\n".join([header, *lines]).encode(chance.choice(["utf-8", "utf-16", "latin-1"]), "replace")
    if chance.random() < 0.2:
        raw = "".join(chance.choice(string.printable) for _ in range(200)).encode()
    path = tmp_path / "any.csv"
    path.write_bytes(raw)
    for words in (
        ("tenure", str(path), "--start", "time", "--end", "name"),
        ("tenure", str(path), "--snapshot", "time", "--person", "name"),
        ("oncall", str(path), "--at", "time", "--zone", "name"),
        ("promotions", str(path)),
    ):
        code, out, err = called(*words, "--json")
        assert code in (0, 2), err
        assert (code == 0) == bool(out and json.loads(out))
