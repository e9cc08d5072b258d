"""`tenfold plan`: new, draft, validate, schema."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

from tenfold.plan.document import HiringPlan
from tenfold.plan.yaml_io import load_plan
from tests.cli.test_exit_codes import POSTING
from tests.command import said, tenfold


def test_a_new_plan_without_a_terminal_asks_nothing(tmp_path: Path) -> None:
    done = tenfold("plan", "new", cwd=tmp_path)
    assert done.returncode == 0
    assert load_plan((tmp_path / "plan.yaml").read_text(encoding="utf-8")).plan == HiringPlan()


def test_a_new_plan_never_replaces_one(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("mine", encoding="utf-8")
    done = tenfold("plan", "new", cwd=tmp_path)
    assert done.returncode == 2
    assert "--force" in said(done)
    assert (tmp_path / "plan.yaml").read_text(encoding="utf-8") == "mine"
    assert tenfold("plan", "new", "--force", cwd=tmp_path).returncode == 0


def test_a_new_plan_can_be_printed() -> None:
    assert load_plan(tenfold("plan", "new", "-").stdout.decode()).plan == HiringPlan()


def test_in_a_terminal_it_asks_and_asks_again_when_an_answer_cannot_be(tmp_path: Path) -> None:
    answers = ["Senior MLOps engineer", "mlops", "wizard", "senior", "60/40", "", "Northwind", "", "3"]
    told = _in_a_terminal(["plan", "new"], answers, tmp_path)
    plan = load_plan((tmp_path / "plan.yaml").read_text(encoding="utf-8")).plan
    assert "“wizard” is not a level" in told
    assert (plan.role.title, plan.role.level, plan.role.scope) == ("Senior MLOps engineer", "senior", 60)
    assert plan.role.workplace is None
    assert plan.situation.models_in_production == 3


def test_a_draft_sets_what_was_read_and_audits(tmp_path: Path) -> None:
    (tmp_path / "posting.md").write_text(POSTING, encoding="utf-8")
    assert tenfold("plan", "draft", "posting.md", "--out", "plan.yaml", cwd=tmp_path).returncode == 0
    text = (tmp_path / "plan.yaml").read_text(encoding="utf-8")
    plan = load_plan(text).plan
    assert plan.role.title == "Senior MLOps engineer"
    assert "  ## Read in the posting: “Senior MLOps engineer”.\n  title: Senior MLOps engineer\n" in text
    assert "  # models_in_production: 3" in text
    drafted, read = (
        json.loads(tenfold("audit", name, "--json", cwd=tmp_path).stdout) for name in ("plan.yaml", "posting.md")
    )
    assert drafted["states"] == read["states"]


def test_a_plan_is_not_drafted_from_a_plan(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("tenfold_plan: 1\n", encoding="utf-8")
    done = tenfold("plan", "draft", "plan.yaml", cwd=tmp_path)
    assert (done.returncode, said(done)) == (
        2, "tenfold: plan.yaml: This is a plan already.\n  Try: tenfold audit plan.yaml\n"
    )  # fmt: skip


def test_validate_says_ok_or_every_problem_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text("tenfold_plan: 1\n", encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("tenfold_plan: 1\nrole:\n  level: wizard\n  titel: x\n", encoding="utf-8")
    done = tenfold("plan", "validate", "good.yaml", "bad.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout.decode() == "good.yaml: OK\n"
    assert "bad.yaml:3 (role.level)" in said(done)
    assert "bad.yaml:4 (role.titel)" in said(done)


def test_validate_tells_scripts_where(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("tenfold_plan: 1\nrole:\n  level: wizard\n", encoding="utf-8")
    done = tenfold("plan", "validate", "bad.yaml", "--json", cwd=tmp_path)
    (told,) = json.loads(done.stdout)
    assert done.returncode == 2
    assert (told["ok"], told["problems"][0]["line"], told["problems"][0]["field"]) == (False, 3, "role.level")


def test_the_schema_is_written_with_how_to_use_it(tmp_path: Path) -> None:
    done = tenfold("plan", "schema", "--out", "s.json", cwd=tmp_path)
    assert "# yaml-language-server: $schema=s.json" in done.stdout.decode()
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))["title"] == "Tenfold hiring plan"


def _in_a_terminal(arguments: list[str], answers: list[str], cwd: Path) -> str:
    """Runs the command on a pseudo-terminal and types the answers, then Enter for whatever is still asked."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tenfold", *arguments], stdin=theirs, stdout=theirs, stderr=theirs, cwd=cwd
    )
    os.close(theirs)
    os.write(ours, "".join(f"{answer}\n" for answer in [*answers, *[""] * 12]).encode())
    told = b""
    while process.poll() is None or select.select([ours], [], [], 0)[0]:
        if select.select([ours], [], [], 0.2)[0]:
            try:
                told += os.read(ours, 65_536)
            except OSError:
                break
    os.close(ours)
    assert process.wait(60) == 0
    return told.decode()
