"""Growth plans against gaps, calibration among judges, and the promotion packet."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tenfold.kit.errors import UserError
from tenfold.practices.growth.calibration import Vote, calibrate
from tenfold.practices.growth.growth_plan import GrowthPlan, review_plan
from tenfold.practices.growth.placement import Judgement
from tenfold.practices.growth.yaml_files import parse_yaml
from tests.practices.growth.test_ladder import EVIDENCE, TODAY, called, placed

PLAN = """
tenfold_growth_plan: 1
budget: 1000
time_percent: 20
until: 2027-06-30
items:
  - {kind: stretch-project, what: Canary releases for two models, by: 2027-03-01, cells: [model-serving.senior]}
  - {kind: certificate, what: CKA, by: 2027-05-01, cost: 400, certificate_checked_at: 2026-11-01}
"""


def reviewed(text: str) -> list[str]:
    plan = parse_yaml(text, name="plan.yaml").to_model(GrowthPlan)
    return [warning.kind for warning in review_plan(plan, placed(), today=TODAY)]


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("", "", []),
        ("cells: [model-serving.senior]", "cells: []", ["gap-without-item"]),
        ("cells: [model-serving.senior]", "cells: [model-serving.senior, x]", ["unknown-cell"]),
        ("cost: 400", "cost: 4000", ["over-budget"]),
        ("budget: 1000\n", "", ["no-budget"]),
        ("2027-03-01", "2026-03-01", ["overdue"]),
        (", certificate_checked_at: 2026-11-01", "", ["certificate-unchecked"]),
        ("time_percent: 20", "time_percent: 0", ["no-time"]),
        ("kind: stretch-project", "kind: course", ["no-practice"]),
    ],
)
def test_what_does_not_hold_together_is_named(old: str, new: str, kinds: list[str]) -> None:
    assert reviewed(PLAN.replace(old, new) if old else PLAN) == kinds


def test_an_item_after_the_end_is_refused() -> None:
    with pytest.raises(UserError, match="after the plan ends"):
        reviewed(PLAN.replace("2027-05-01", "2028-05-01"))


def votes(*views: tuple[str, str, Judgement]) -> list[Vote]:
    return [Vote(judge, case, "python.mid", view) for judge, case, view in views]


def test_judges_who_agree_and_judges_who_do_not() -> None:
    cycle = [Judgement.SHOWN, Judgement.PARTLY, Judgement.NOT_YET]
    same = [(judge, f"case {n}", cycle[n % 3]) for n in range(12) for judge in ("a", "b")]
    assert calibrate(votes(*same)).alpha == pytest.approx(1.0)
    assert calibrate(votes(*same)).to_discuss == ()
    apart = [(judge, f"case {n}", cycle[(n + (judge == "b")) % 3]) for n in range(12) for judge in ("a", "b")]
    found = calibrate(votes(*apart))
    assert found.alpha is not None
    assert found.alpha < 0.2
    assert [each.distance for each in found.to_discuss] == [2] * 4 + [1] * 8


def test_few_judgements_measure_nothing() -> None:
    found = calibrate(votes(("a", "x", Judgement.SHOWN), ("b", "x", Judgement.PARTLY)))
    assert found.alpha is None
    assert "2 judgements can be compared" in found.why


def test_the_commands(tmp_path: Path) -> None:
    evidence, plan = tmp_path / "e.yaml", tmp_path / "p.yaml"
    evidence.write_text(EVIDENCE)
    plan.write_text(PLAN)
    code, out, _ = called("packet", str(evidence))
    assert code == 0
    assert "## At mid" in out
    assert "## No evidence yet at senior" in out
    code, out, _ = called("plan", str(plan), "--evidence", str(evidence), "--json")
    values: dict[str, Any] = json.loads(out)
    assert code == 0
    assert [item["by"] for item in values["items"]] == ["2027-03-01", "2027-05-01"]
    assert date.fromisoformat(values["until"]) > TODAY
