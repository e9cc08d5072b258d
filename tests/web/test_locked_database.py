"""A database file that another process holds: told, with when to try again; nothing half written; then all is well."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deployment import ROOT, environment_of


@pytest.mark.parametrize(("how", "asked"), [("write", 2), ("alone", 6)])
def test_a_database_that_another_process_holds_is_told_and_nothing_is_half_written(
    how: str, asked: int, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "tests.locked_database", how]
    done = subprocess.run(
        command,
        env=environment_of(tmp_path, TENFOLD_HOSTS="testserver"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer == {"told": [[503, "5"]] * asked, "unchanged": True, "afterwards": [302, 1]}
