"""What is set up for a role, from a file: it adds notes and observations, and turns no verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tenfold.cli.app import leave

PLAN = Path(__file__).parents[2] / "examples" / "good_plan.yaml"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert leave([*map(str, arguments)]) == 0
    return capsys.readouterr().out


def audited(capsys: pytest.CaptureFixture[str], *more: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(printed(capsys, "audit", PLAN, "--json", *more))
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_kit_of_a_plan_says_who_rates_what(
    encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kit = tmp_path / "kit.json"
    kit.write_text(printed(capsys, "interviews", "kit", PLAN, "--json"), encoding)
    told = audited(capsys, "--setup", kit)
    assert told["states"] == audited(capsys)["states"]
    observations = {one["id"]: " ".join(said["text"] for said in one["observations"]) for one in told["practices"]}
    assert "rated by 2 interviewers" in observations["interviews"]
    assert "As set up for the role: " in observations["labs"]
    rules = [finding["rule"] for one in told["practices"] for finding in one["findings"]]
    assert rules == ["labs.must-not-set-up", "labs.lab-not-used"]  # nobody was invited to the plan's lab yet


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "\0",
        '{"rounds": 3}',
        '{"rounds": [{}]}',
        '{"rounds": [], "labs": [1]}',
        '{"rounds": [], "kit": 4}',
        '{"rounds": [{"name": "A", "questions": [{"competency": "x"}], "raters": -1}]}',
    ],
)
def test_a_file_of_something_else_is_refused_in_words(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kit.json"
    file.write_text(text)
    assert leave(["audit", str(PLAN), "--setup", str(file)]) == 2
    assert "does not say what is set up" in capsys.readouterr().err


def test_competencies_that_nobody_knows_are_named_as_they_stand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kit.json"
    file.write_text('{"rounds": [{"name": "A", "raters": 1, "questions": [{"competency": "baking"}]}]}')
    told = str(audited(capsys, "--setup", file)["practices"][7])
    assert "“A” asks about baking (1 question)" in told
