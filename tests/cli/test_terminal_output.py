"""What commands print never steers a terminal, and a reader that leaves or a full disk is no fault of ours."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.kit.terminal import STEERING, neutral
from tests.command import said, tenfold
from tests.fuzz.commands import Call, calls
from tests.fuzz.mutations import ENDINGS, seeds

PAINT = re.compile(r"\x1b\[[0-9;]*m")
STEERS = re.compile(f"[{STEERING}]")
MARKS = ("\x1b]0;owned\x07", "\x1b[2J", "\x9b31m", "\u202e", "\u2066", "\x1b[8m", "\x08\x08")
ROOT = Path(__file__).parent.parent.parent
TALKATIVE = (
    ("facts",),
    ("rules",),
    ("rules", "--json"),
    ("plan", "schema"),
    ("law", "--help"),
    ("--help",),
    ("catalogue", "list"),
)


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("\x1b\x9b\u202e\u2067[;m038")))
def test_nothing_steers_and_nothing_else_is_changed(text: str) -> None:
    told = neutral(text)
    assert not STEERS.search(told)
    assert told == "".join(f"\\u{ord(each):04x}" if STEERS.match(each) else each for each in text)
    painted = neutral(text, colours=True)
    assert not STEERS.search(PAINT.sub("", painted))
    assert "\x1b[8m" not in painted


OF_DATABASE = {"people", "fairness", "offers", "web"}
READING = [call for call in calls() if call.words[0] not in OF_DATABASE]
"""Commands that need no database: the others are tried as whole processes by `tests.fuzz`."""


def _files_with(mark: str, folder: Path, reads: tuple[tuple[str, str], ...]) -> None:
    """Whole files with a mark in every few words, at places where texts of theirs are repeated to the reader."""
    for name, ending in reads:
        content = seeds()[ENDINGS.get(ending, ending)][0]
        if ending not in ("xlsx", "pdf", "docx"):
            content = content.replace(b"engineer", f"engi{mark}neer".encode()).replace(
                b"MLOps", f"ML{mark}Ops".encode()
            )
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@pytest.mark.parametrize("call", READING, ids=lambda call: " ".join(call.words)[:60])
def test_no_command_obeys_a_foreign_text(call: Call) -> None:
    mark = MARKS[len(" ".join(call.words)) % len(MARKS)]
    with tempfile.TemporaryDirectory() as folder:
        _files_with(mark, Path(folder), call.reads)
        done = tenfold(*call.words, cwd=Path(folder), TENFOLD_HOME=str(Path(folder, ".home")))
    assert not STEERS.search(done.stdout.decode("utf-8", "replace"))
    assert not STEERS.search(said(done))
    assert done.returncode in (0, 1, 2), said(done)


def test_at_a_terminal_colours_are_all_that_passes(tmp_path: Path) -> None:
    (tmp_path / "p\x1b]0;x\x07.md").write_text(
        "# Senior \x1b[2J\u202eMLOps engineer\n\nWe need Kubernetes. Denver, CO.\n"
    )
    reader, writer = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm-256color"}
    command = [sys.executable, "-m", "tenfold", "audit", *(path.name for path in tmp_path.iterdir())]
    with subprocess.Popen(command, cwd=tmp_path, stdout=writer, stderr=writer, env=environment) as process:
        os.close(writer)
        told = b"".join(iter(lambda: _read(reader), b"")).decode()
        process.wait(60)
    os.close(reader)
    assert PAINT.search(told)
    assert not STEERS.search(PAINT.sub("", told))


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65_536)
    except OSError:  # how Linux says that the other end is closed
        return b""


def _ran(redirected: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", "-c", f'exec "$@" {redirected}', "sh", sys.executable, "-m", "tenfold", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("words", TALKATIVE, ids=" ".join)
def test_a_reader_that_leaves_is_no_error(words: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "tenfold", *words]
    done = subprocess.run(command, cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, check=False, timeout=120)
    os.close(writer)
    assert (done.returncode in (0, 141), done.stderr) == (True, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told_and_is_no_fault_of_ours() -> None:
    done = _ran(">/dev/full", "rules")
    assert (done.returncode, "No space left" in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_fault_of_ours(closed: str) -> None:
    for words, code in ((("--version",), 0), (("rules",), 0), (("nonsense",), 2)):
        assert _ran(closed, *words).returncode == code


def test_marks_stand_between_words_of_the_examples() -> None:
    """The files of the property hold the marks: else it would show nothing."""
    with tempfile.TemporaryDirectory() as folder:
        _files_with("\x1b", Path(folder), (("p.md", "md"), ("p.yaml", "yaml")))
        assert all("\x1b" in path.read_text() for path in Path(folder).iterdir())
    assert all(one != other for one, other in pairwise(MARKS))


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "schema", "--out", "s" * 300),
        ("posting", "compare", "a" * 300, "b" * 300),
        ("pay", "role", "mlops", "--out", f"{'deep/' * 60}{'n' * 300}"),
        ("posting", "read", "x" * 5_000),
    ],
)
def test_a_name_that_no_file_can_have_is_the_users_mistake(words: tuple[str, ...], tmp_path: Path) -> None:
    done = tenfold(*words, cwd=tmp_path, TENFOLD_HOME=str(tmp_path / ".home"))
    assert done.returncode == 2, said(done)
    assert [path.name for path in tmp_path.iterdir() if path.name != ".home"] == []


@pytest.mark.parametrize("query", ["", " ", ";", "-- nothing", "''", "SELECT"])
def test_a_query_that_asks_nothing_is_the_users_mistake(query: str, tmp_path: Path) -> None:
    done = tenfold("market", "sql", query, cwd=tmp_path, TENFOLD_HOME=str(tmp_path / ".home"))
    assert done.returncode == 2, said(done)
