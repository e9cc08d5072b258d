"""What an operator does by command, against a database file of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SEED = """
import django; django.setup()
from django.utils import timezone
from tenfold.web.example.seed import seed_example
seed_example(now=timezone.now())
"""
FORGE = """
import sqlite3, sys
forged = sqlite3.connect(sys.argv[1])
forged.execute("DROP TRIGGER trail_no_update")
forged.execute("UPDATE core_auditentry SET by = 'nobody' WHERE n = 3")
forged.commit()
"""


class Home:
    """A home of the application, and commands in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ours = ("TENFOLD_SECRET_KEY", "DATABASE_URL")
        self.environment = {name: value for name, value in os.environ.items() if name not in ours}
        self.environment |= {"TENFOLD_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "tenfold.web.settings"}

    def web(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return self._run("-m", "tenfold", "web", *arguments, given=given)

    def tenfold(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._run("-m", "tenfold", *arguments)

    def python(self, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._run("-c", code, *arguments)

    def _run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, input=given, check=False
        )


@pytest.mark.parametrize(
    "command",
    [("people", "verify"), ("web", "user", "list"), ("web", "verify-trail"), ("web", "backup", "copy.sqlite3")],
)
def test_a_command_where_nothing_was_set_up_says_so(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = Home(tmp_path).tenfold(*command)
    assert done.returncode == 2, done.stderr
    assert "The database is empty" in done.stderr
    assert "tenfold web migrate" in done.stderr
    assert not Path("copy.sqlite3").exists()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.folder.mkdir()
    assert made.web("migrate").returncode == 0
    assert made.python(SEED).returncode == 0
    return made


def test_a_backup_brings_everything_back_and_the_trail_verifies(home: Home, tmp_path: Path) -> None:
    before = home.web("verify-trail").stdout
    kept = tmp_path / "kept.sqlite3"
    assert home.web("backup", str(kept)).returncode == 0
    assert "already there" in home.web("backup", str(kept)).stderr

    home.python(FORGE, str(home.folder / "tenfold.sqlite3"))
    broken = home.web("verify-trail")
    assert (broken.returncode, "entry 3" in broken.stdout) == (1, True)

    assert "--force" in home.web("restore", str(kept)).stderr
    restored = home.web("restore", str(kept), "--force")
    assert (restored.returncode, "before-" in restored.stdout) == (0, True), restored.stderr
    assert home.web("verify-trail").stdout == before


def test_what_is_no_backup_is_not_put_back(home: Home, tmp_path: Path) -> None:
    false = tmp_path / "false.sqlite3"
    false.write_bytes(b"SQLite format 3\x00" + bytes(4_000))
    answer = home.web("restore", str(false), "--force")
    assert (answer.returncode, "not a whole backup" in answer.stderr) == (2, True)
    assert home.web("verify-trail").returncode == 0


def test_people_are_added_and_listed_by_command(home: Home) -> None:
    weak = home.web("user", "add", "kim@x.example", "--organisation", "Quay", given="short\n")
    assert (weak.returncode, "at least 10 characters" in weak.stderr) == (2, True)
    added = home.web("user", "add", "kim@x.example", "--organisation", "Quay", given="quiet harbour at noon\n")
    assert added.returncode == 0
    assert "Quay  kim@x.example  administrator  sees pay" in home.web("user", "list").stdout


def test_the_command_line_loads_no_django_until_it_is_asked_to_serve() -> None:
    code = "import sys, tenfold.cli.app, tenfold.web.cli; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_restore_amid_writes_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """Server and worker run on while a backup is written and put back: `benchmarks.web_restore`."""
    home = Home(tmp_path)
    home.environment.pop("TENFOLD_TESTED", None)
    done = home.python("import sys; sys.argv[1:] = ['--writes', '90']; from benchmarks.web_restore import main; main()")
    assert done.returncode == 0, done.stdout + done.stderr[-2_000:]
    assert "lost: none" in done.stdout
