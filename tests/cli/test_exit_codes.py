"""The command: exit codes, where messages go, and no traceback for what the reader can fix."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command import said, tenfold

POSTING = """# Senior MLOps engineer

We need expert Kubernetes, deep learning research and Spark, and KFServing. Denver, CO.
"""
PLAN = "tenfold_plan: 1\nsituation:\n  models_in_production: 3\n  ml_engineers: 4\n  manual_share: 40\n"


@pytest.fixture
def posting(tmp_path: Path) -> Path:
    path = tmp_path / "posting.md"
    path.write_text(POSTING, encoding="utf-8")
    return path


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_help_lists_the_commands_that_are_there() -> None:
    done = tenfold("--help")
    assert done.returncode == 0
    for name in ("audit", "plan", "facts", "rules", "catalogue"):
        assert f" {name} " in done.stdout.decode()


@pytest.mark.parametrize(
    "command",
    [
        ("audit",), ("plan",), ("plan", "new"), ("plan", "draft"), ("plan", "validate"), ("plan", "schema"), ("facts",),
        ("rules",), ("catalogue", "find"), ("catalogue", "list"), ("catalogue", "show"), ("catalogue", "areas"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_command_has_help_and_examples(command: tuple[str, ...]) -> None:
    done = tenfold(*command, "--help")
    assert done.returncode == 0
    assert "tenfold " + command[0] in done.stdout.decode()


def test_version() -> None:
    assert tenfold("--version").stdout.decode().startswith("tenfold ")


def test_an_audit_is_clean_unless_asked_to_fail(posting: Path) -> None:
    assert tenfold("audit", str(posting)).returncode == 0
    assert tenfold("audit", str(posting), "--fail-on", "unanswered").returncode == 1


def test_fail_on_wrong_lets_a_doubt_pass(plan: Path) -> None:
    states = json.loads(tenfold("audit", str(plan), "--json").stdout)["states"]
    expected = {level: int(any(state in failing for state in states.values())) for level, failing in {
        "fix": {"fix"}, "review": {"fix", "review"}, "unanswered": {"fix", "review", "unanswered"},
    }.items()}  # fmt: skip
    assert {level: tenfold("audit", str(plan), "--fail-on", level).returncode for level in expected} == expected


def test_json_is_short_for_format_json(posting: Path) -> None:
    short, long = tenfold("audit", str(posting), "--json"), tenfold("audit", str(posting), "--format", "json")
    assert short.stdout == long.stdout
    assert len(json.loads(short.stdout)["practices"]) == 10


def test_standard_input_and_file_say_the_same(posting: Path) -> None:
    piped = json.loads(tenfold("audit", "-", "--json", given=POSTING.encode()).stdout)
    read = json.loads(tenfold("audit", str(posting), "--json").stdout)
    assert piped["states"] == read["states"]
    assert piped["text"] == read["text"]


def test_the_ending_of_out_chooses_the_format(posting: Path, tmp_path: Path) -> None:
    for name, begins in {"r.html": "<!doctype html>", "r.json": "{", "r.md": "# Senior", "r.txt": "\nSenior"}.items():
        assert tenfold("audit", str(posting), "--out", str(tmp_path / name)).returncode == 0
        assert (tmp_path / name).read_text(encoding="utf-8").lstrip("\n").startswith(begins.lstrip("\n"))


def test_a_folder_gets_a_file_for_each_input(posting: Path, plan: Path, tmp_path: Path) -> None:
    done = tenfold("audit", str(posting), str(plan), "--out", str(tmp_path / "reports"), "--format", "html")
    assert done.returncode == 0
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == ["plan.html", "posting.html"]


def test_several_files_begin_with_their_strips(posting: Path, plan: Path) -> None:
    lines = tenfold("audit", str(posting), str(plan), PYTHONIOENCODING="utf-8").stdout.decode().splitlines()
    assert lines[0].split() == ["Req", "Pay", "Ski", "Sco", "Lab", "Tim", "Ali", "Int", "Gro", "Ret"]


def test_one_bad_file_of_two_is_told_and_the_other_audited(posting: Path, tmp_path: Path) -> None:
    done = tenfold("audit", str(posting), str(tmp_path / "absent.md"), PYTHONIOENCODING="utf-8")
    assert done.returncode == 2
    assert "Senior MLOps" in done.stdout.decode()
    assert "absent.md: There is no such file." in said(done)


def test_the_day_is_the_reader_s_to_choose(posting: Path) -> None:
    done = tenfold("audit", str(posting), "--json", "--as-of", "2025-01-31")
    assert json.loads(done.stdout)["as_of"] == "2025-01-31"


def test_house_rules_of_one_s_own_change_the_verdict(plan: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('"timing.ml_team" = 9\n', encoding="utf-8")
    plain = json.loads(tenfold("audit", str(plan), "--json").stdout)
    edited = json.loads(tenfold("audit", str(plan), "--json", "--rules", str(rules)).stdout)
    assert plain["states"]["timing"] != "fix"
    assert edited["states"]["timing"] == "fix"


BAD = {
    "empty.md": b"",
    "blank.md": b" \n \n",
    "binary.md": bytes(range(256)) * 4,
    "large.md": b"words " * 900_000,
    "latin.md": "Café\n".encode("latin-1"),
    "word.docx": b"PK\x03\x04" + bytes(40),
    "nokey.yaml": b"role:\n  title: x\n",
    "tab.yaml": b"tenfold_plan: 1\nrole:\n\ttitle: x\n",
    "list.yaml": b"- tenfold_plan: 1\n",
    "type.yaml": b"tenfold_plan: 1\nsituation:\n  ml_engineers: many\n",
    "key.yaml": b"tenfold_plan: 1\nrole:\n  titel: x\n",
    "skill.yaml": b"tenfold_plan: 1\nrequirements:\n  must:\n    - kubernetess\n",
    "pay.yaml": b"tenfold_plan: 1\npay:\n  min: 200k\n  max: 100k\n",
    "bomb.yaml": b"tenfold_plan: 1\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\n"
    b"c: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\n"
    b"e: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n",
    "object.yaml": b"tenfold_plan: 1\nrole: !!python/object/apply:os.system ['true']\n",
    "deep.yaml": b"tenfold_plan: 1\nrole: " + b"[" * 3_000,
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_message_with_place_and_remedy(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(BAD[name])
    done = tenfold("audit", name, cwd=tmp_path)
    assert done.returncode == 2, said(done)
    assert done.stdout == b""
    assert said(done).startswith(f"tenfold: {name}")
    assert said(done).count("\n  Try: ") == 1
    assert "Traceback" not in said(done)
    assert len(said(done)) < 600


def test_places_name_line_and_field(tmp_path: Path) -> None:
    (tmp_path / "key.yaml").write_bytes(BAD["key.yaml"])
    assert said(tenfold("plan", "validate", "key.yaml", cwd=tmp_path)) == (
        "tenfold: key.yaml:3 (role.titel): A plan has no “role.titel”.\n  Try: Did you mean “title”?\n"
    )


def test_utf_16_is_read(tmp_path: Path) -> None:
    (tmp_path / "p.md").write_bytes(POSTING.encode("utf-16"))
    assert tenfold("audit", "p.md", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit",),
        ("audit", "--no-such-option", "x"),
        ("audit", "x", "--format", "pdf"),
        ("plan", "nonsense"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_leaves_with_2(arguments: tuple[str, ...]) -> None:
    done = tenfold(*arguments)
    assert done.returncode == 2
    assert "Usage: tenfold" in said(done)


def test_a_date_that_is_none_is_refused(posting: Path) -> None:
    done = tenfold("audit", str(posting), "--as-of", "tomorrow")
    assert (done.returncode, said(done)) == (
        2, "tenfold: --as-of: “tomorrow” is not a date.\n  Try: Write it as 2026-11-18.\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "says"), [("nonsense", "tenfold --help"), ("aduit", "tenfold audit"), ("--hlep", "option")]
)
def test_an_unknown_command_is_told_what_is_near(typed: str, says: str) -> None:
    done = tenfold(typed)
    assert done.returncode == 2
    assert f"“{typed}”" in said(done)
    assert says in said(done)


def test_an_output_that_cannot_be_written_leaves_nothing(posting: Path, tmp_path: Path) -> None:
    done = tenfold("audit", str(posting), "--out", str(tmp_path / "no" / "such" / "r.html"))
    assert done.returncode == 2
    assert "cannot be written" in said(done)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["posting.md"]


def test_a_fault_of_ours_keeps_its_traceback_in_a_file(tmp_path: Path) -> None:
    breaking = "import sys, tenfold.kit.facts as f, tenfold.cli.app as a\nf.load = lambda: 1 / 0\na.run(['facts'])"
    environment = {**os.environ, "TENFOLD_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", breaking], capture_output=True, env=environment, timeout=60, check=False
    )
    assert done.returncode == 3
    assert "Traceback" not in said(done)
    (kept,) = (tmp_path / "errors").iterdir()
    assert str(kept) in said(done)
    assert "ZeroDivisionError" in kept.read_text(encoding="utf-8")


def test_debugging_shows_the_traceback(tmp_path: Path) -> None:
    breaking = "import tenfold.kit.facts as f, tenfold.cli.app as a\nf.load = lambda: 1 / 0\na.run(['facts'])"
    environment = {**os.environ, "TENFOLD_HOME": str(tmp_path), "TENFOLD_DEBUG": "1"}
    done = subprocess.run(
        [sys.executable, "-c", breaking], capture_output=True, env=environment, timeout=60, check=False
    )
    assert "ZeroDivisionError" in said(done)


@pytest.mark.parametrize("arguments", [("facts",), ("facts", "--json"), ("--help",)], ids=" ".join)
def test_a_reader_that_leaves_early_is_no_error(arguments: tuple[str, ...]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tenfold", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), told) == (141, b"")


def test_an_interrupt_leaves_with_130() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tenfold", "audit", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  a background job ignores interrupts
    )  # fmt: skip
    with process:
        _until_it_waits_for_input(process.pid)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in told


def _until_it_waits_for_input(pid: int) -> None:
    """The process sleeps in its read of standard input; by then it has set up its own handling of interrupts."""
    waiting = Path(f"/proc/{pid}/wchan")
    if not waiting.exists():
        pytest.skip("needs /proc")
    for _ in range(1_000):
        if Path(f"/proc/{pid}/syscall").read_text().startswith("0 0x0 "):
            return
        time.sleep(0.02)
    pytest.fail("it never read its input")
