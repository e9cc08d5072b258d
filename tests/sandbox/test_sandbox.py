"""Each backend passes the one conformance suite, as far as it claims to hold."""

import subprocess
import sys
from pathlib import Path

import pytest

from tenfold.sandbox.client import RunnerSandbox
from tenfold.sandbox.conformance import CHECKS, Check
from tests.sandboxes import needs_bwrap, needs_root

by_name = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.says)


@by_name
def test_the_runner_conforms(check: Check, runner: RunnerSandbox) -> None:
    check.run(runner)


SYSTEM_PYTHON = Path("/usr/bin/python3.11")
UNPRIVILEGED = """
import sys; sys.path[:0] = sys.argv[1:3]
from pathlib import Path
from tenfold.sandbox.conformance import CHECKS
from tenfold.sandbox.local import LocalSandbox
sandbox = LocalSandbox(Path("/nonexistent"))
for check in CHECKS:
    if check.rests_on and check.rests_on not in sandbox.holds:
        print("skipped", check.says)
        continue
    try:
        check.run(sandbox)
        print("passed", check.says)
    except Exception as error:
        print("FAILED", check.says, type(error), error)
sandbox.close()
"""


@needs_bwrap
@needs_root
def test_the_local_backend_conforms_as_an_ordinary_user() -> None:
    if not SYSTEM_PYTHON.exists() or sys.version_info[:2] != (3, 11):
        pytest.skip("needs a system Python of the same version, which an ordinary user can read")
    if not _others_may_read("src"):
        pytest.skip("the checkout lies where an ordinary user cannot read it")
    words = [str(SYSTEM_PYTHON), "-c", UNPRIVILEGED, "src", str(Path(pydantic_folder()))]
    done = subprocess.run(words, user=65534, group=65534, extra_groups=[], capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert [line for line in lines if line.startswith("FAILED")] == []
    assert sum(line.startswith("passed") for line in lines) == 17
    assert sum(line.startswith("skipped") for line in lines) == 4


def _others_may_read(folder: str) -> bool:
    asked = subprocess.run(["test", "-r", str(Path(folder).resolve())], user=65534, group=65534, check=False)
    return asked.returncode == 0


def pydantic_folder() -> str:
    import pydantic

    return str(Path(pydantic.__file__).parent.parent)
