"""`tenfold retention merit | equity | departure | toil | loop | poll | knowledge | impact` on files of many hands."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tenfold.connectors.tables import parse_number
from tests.practices.retention.test_cli import answered, called


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("95000", 95_000),
        ("95,000", 95_000),
        ("95.000", 95_000),
        ("95.000,50", 95_000.5),
        ("95,000.50", 95_000.5),
        ("95 000", 95_000),
        ("95'000", 95_000),
        ("€ 95.000", 95_000),
        ("1.095.000", 1_095_000),
        ("3,5 %", 3.5),
        ("-4.25", -4.25),
    ],
)
def test_amounts_are_read_in_either_countrys_marks(cell: str, number: float) -> None:
    assert parse_number(cell, is_money=True) == number


@pytest.mark.parametrize("cell", ["", "o.k.", "nan", "inf", "1,2,3.4.5"])
def test_what_is_no_number_is_refused(cell: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any reading of it would do
        parse_number(cell)


@pytest.mark.parametrize("seed", range(20))
def test_a_merit_round_stays_within_its_budget_and_its_ranges(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    rows = [
        f"{chance.randint(80, 160) * 1000};90000;140000;{chance.randint(0, 3)}" for _ in range(chance.randint(1, 60))
    ]
    file = write(tmp_path / "p.csv", "\n".join(["base;min;max;rating", *rows]))
    columns = ("--pay", "base", "--low", "min", "--high", "max", "--rating", "rating", "--budget", "3.5")
    found = answered("merit", file, *columns)
    assert found["cost"] <= found["budget"] + 0.01
    for line, each in zip(rows, found["raises"], strict=True):
        pay, _, high, rating = (float(cell) for cell in line.split(";"))
        assert each["new_pay"] <= max(pay, high) + 0.01
        assert each["amount"] == 0 or rating > 0


def test_pay_equity_refuses_small_cells_and_names_the_threshold(tmp_path: Path) -> None:
    rows = [f"{100_000 - (7_000 if n % 2 else 0) + n % 5},A,{'women' if n % 2 else 'men'}" for n in range(40)]
    file = write(tmp_path / "e.csv", "\n".join(["pay,category,group", *rows, "90000,B,women"]))
    large, small = answered("equity", file)["categories"]
    assert (large["joint_assessment"], round(large["gap"], 2)) == (True, 0.07)
    assert (small["gap"], small["n"], small["n_reference"]) == (None, None, None)


COSTS = """
loaded_pay_year = [200000, 225000, 260000]
vacancy_months = [4, 6, 9]
cover_share = [0.2, 0.4, 0.7]
ramp_months = 5
ramp_lost = 0.4
interview_hours = 60
recruiter_hours = 50
handover_hours = 40
hourly_rate = 110
agency_fee = 0
"""


def test_a_departure_costs_what_its_parts_cost(tmp_path: Path) -> None:
    found = answered("departure", write(tmp_path / "c.toml", COSTS))
    assert found["low"] < sum(found["parts"].values()) < found["high"]
    code, _, err = called("departure", write(tmp_path / "d.toml", COSTS.replace("[4, 6, 9]", "[9, 6, 4]")))
    assert (code, "is no range" in err) == (2, True)


def test_toil_is_a_range_and_self_report_stands_apart(tmp_path: Path) -> None:
    rows = "\n".join(f"{n},2026-0{1 + n % 6}-1{n % 9}" for n in range(60))
    found = answered("toil", write(tmp_path / "t.csv", f"id,created\n{rows}"), "--people", "2", "--self-report", "0.4")
    assert found["share"]["low"] < found["share"]["likely"] < found["share"]["high"]
    assert found["self_report"] == 0.4


def test_few_hires_are_too_few_to_tell(tmp_path: Path) -> None:
    file = write(tmp_path / "l.csv", "assessed,shown\n" + "\n".join(f"{n},{n}" for n in range(9)) + "\n4,\n")
    [found] = answered("loop", file)["loops"]
    assert (found["answer"], found["n"], found["correlation"]) == ("too few to tell", 9, None)
    assert found["still_needed"] > 0


def looked(folder: Path, version: str) -> str:
    held: dict[str, Any] = {"name": "churn", "version": version, "aliases": ["champion"], "creation_timestamp": 1}
    return write(folder / "v.json", json.dumps({"model_versions": [held]}))


def test_a_registry_that_is_polled_is_remembered_and_a_changed_line_is_found(tmp_path: Path) -> None:
    log = tmp_path / "registry.log"
    for version in ("1", "1", "2", "1", "3"):
        answered("poll", looked(tmp_path, version), "--log", str(log))
    found = answered("promotions", str(log))
    assert (found["observations"], found["promotions"], found["rollbacks"]) == (5, 2, 1)
    log.write_text(log.read_text(encoding="utf-8").replace('"3"', '"4"'), encoding="utf-8")
    code, _, err = called("promotions", str(log))
    assert (code, "was changed after it was written" in err) == (2, True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two authors, two tags: known answers."""
    folder = tmp_path / "code"
    folder.mkdir()

    def git(*words: str, who: str = "Ada", day: int = 1) -> None:
        when = f"2026-05-{day:02d}T09:00:00+00:00"
        environment = {
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_DATE": when,
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
        }
        name = ("-c", f"user.name={who}", "-c", f"user.email={who.lower()}@x.example", "-c", "tag.gpgsign=false")
        subprocess.run(["git", "-C", str(folder), *name, *words], check=True, capture_output=True, env=environment)

    git("init", "-q", "-b", "main")
    for number, (who, name, day) in enumerate(
        (("Ada", "serve.py", 1), ("Ada", "serve.py", 3), ("Ada", "shared.py", 5), ("Bo", "shared.py", 7)), start=1
    ):
        (folder / name).write_text(str(number), encoding="utf-8")
        git("add", ".", who=who, day=day)
        git("commit", "-q", "-m", f"change {number}", who=who, day=day)
        if number in (1, 4):
            git("tag", "-a", f"v{number}", "-m", "release", day=day)
    return folder


def test_what_rests_on_one_person_is_a_list_of_files(repository: Path) -> None:
    found = answered("knowledge", str(repository), "--author", "ada@x.example")
    assert (found["files_touched"], found["by_nobody_else"]) == (2, 1)
    assert found["folders"][0]["by_nobody_else"] == ["serve.py"]
    code, _, err = called("knowledge", str(repository), "--author", "nobody")
    assert (code, "Ada <ada@x.example>" in err) == (2, True)


def test_releases_of_a_repository_are_measured_to_the_day(repository: Path) -> None:
    by_id = {each["id"]: each for each in answered("impact", "--repo", str(repository))["measures"]}
    assert (by_id["lead-time"]["value"], by_id["lead-time"]["n"]) == (2.0, 3)
    assert all(each["definition"] and each["source"] for each in by_id.values())
