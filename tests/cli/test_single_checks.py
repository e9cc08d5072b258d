"""`tenfold timing`, `scope` and `alignment`: one check by itself, with what it is for written out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.plan.yaml_io import load_plan
from tenfold.practices.alignment.sheets import as_markdown, draft_sheets
from tenfold.practices.timing.costs import WaitingInputs, break_even_share, cost_of_waiting
from tests.command import tenfold
from tests.conftest import EXAMPLES

PLAN = str(EXAMPLES / "good_plan.yaml")
POSTING = str(EXAMPLES / "posting_with_faults.md")


@pytest.mark.parametrize("command", ["timing", "scope", "alignment"])
@pytest.mark.parametrize("file", [PLAN, POSTING])
def test_each_answers_a_plan_and_a_posting_in_words_and_as_json(command: str, file: str) -> None:
    assert tenfold(command, file).returncode == 0
    record = json.loads(tenfold(command, file, "--json").stdout.decode())
    assert record["practice"] == command
    assert record["state"] in ("fix", "review", "unanswered", "good")


def test_they_leave_with_1_where_a_finding_is_as_severe_as_asked_and_2_for_no_file(tmp_path: Path) -> None:
    assert tenfold("scope", PLAN, "--fail-on", "fix").returncode == 0
    assert tenfold("timing", str(tmp_path / "none.yaml")).returncode == 2
    assert tenfold("timing", PLAN, "--fail-on", "often").returncode == 2


def test_the_cost_of_waiting_says_what_it_lacks_and_shows_its_inputs() -> None:
    assert "not enough data" in tenfold("timing", PLAN).stdout.decode()
    told = tenfold("timing", PLAN, "--engineer-month", "15000").stdout.decode()
    assert "5 ML engineers, 35 % of their time" in told
    assert "our assumption, not measured" in told


@given(
    st.builds(
        WaitingInputs,
        ml_engineers=st.integers(0, 60),
        manual_share=st.floats(0, 100),
        removed_share=st.floats(0, 100),
        engineer_month=st.floats(0, 50_000),
        hire_month=st.floats(1, 50_000),
    )
)
def test_waiting_grows_with_time_and_breaks_even_where_it_says(inputs: WaitingInputs) -> None:
    costs = cost_of_waiting(inputs)
    assert [one.saved for one in costs] == sorted(one.saved for one in costs)
    share = break_even_share(inputs)
    if share is not None:
        at = WaitingInputs(inputs.ml_engineers, inputs.manual_share, share, inputs.engineer_month, inputs.hire_month)
        assert cost_of_waiting(at)[0].balance == pytest.approx(0, abs=1e-3 * inputs.hire_month)


def test_the_charter_marks_gaps_committees_and_goals_that_pull_apart(tmp_path: Path) -> None:
    plan = load_plan(
        "tenfold_plan: 1\n"
        "decision_rights:\n"
        "  - {decision: deployment-standards, accountable: [head of ML, head of platform]}\n"
        "  - {decision: budget}\n"
        "incentives:\n"
        "  - {team: ML, metrics: [deployment-velocity], tied_to: [okr]}\n"
        "  - {team: platform, metrics: [reliability], tied_to: [pay]}\n"
    ).plan
    sheets = draft_sheets(plan)
    marks = {row.decision: row.mark for row in sheets.rights}
    assert marks["Deployment standards"] == "more than one decides"
    assert marks["Budget"] == "nobody decides"
    assert marks["ML infrastructure"] == marks["Tool choice"] == "not in the plan"
    assert {row.mark for row in sheets.incentives} == {"pulls against platform", "pulls against ML"}
    assert "| Budget | not decided yet |" in as_markdown(sheets)
    out = tmp_path / "charter.md"
    assert tenfold("alignment", PLAN, "--charter", str(out)).returncode == 0
    assert "## Who decides what" in out.read_text(encoding="utf-8")
