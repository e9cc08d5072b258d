"""The guide's commands for PostgreSQL, typed as they stand there, on a real server; new keys of encryption, too."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deployment import GUIDE, ROOT, environment_of

NO_SERVER = 77


def _documented(command: str) -> str:
    [typed] = re.findall(rf"`({command} [^`]*)`", GUIDE.read_text("utf-8"))
    return " ".join(typed.split())


def test_a_dump_brings_everything_back_and_the_newest_key_opens_it(tmp_path: Path) -> None:
    dump, restore = (re.sub(r"FILE\b", f"{tmp_path}/one.dump", _documented(name)) for name in ("pg_dump", "pg_restore"))
    command = ["bin/with-postgres", sys.executable, "-m", "tests.postgres_backup", dump, restore]
    environment = environment_of(tmp_path, TENFOLD_FSYNC="off")
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode == NO_SERVER:
        pytest.skip("no PostgreSQL server here")
    assert done.returncode == 0, done.stderr[-3_000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "database": "postgresql",
        "written anew": True,
        "newest key opens": True,
        "restored": True,
        "trail is guarded": True,
    }
