"""Environments are built once, whoever asks meanwhile."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from tenfold.labs import environments


@pytest.fixture
def small(tmp_path: Path) -> environments.Environment:
    folder = tmp_path / "environments/small"
    folder.mkdir(parents=True)
    (folder / "environment.toml").write_text('what = "nothing"\ndisk_mb = 1\nimports = ["json"]\n')
    (folder / "requirements.lock").write_text("")
    return next(environments.shipped_environments(tmp_path))


def test_what_another_process_builds_is_told_as_being_built(small: environments.Environment, tmp_path: Path) -> None:
    root = tmp_path / "built"
    assert not small.is_being_built(root)
    root.mkdir()
    with (root / f".{small.key}.lock").open("wb") as lock:
        assert not small.is_being_built(root)  # a file that an ended process left
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert small.is_being_built(root)
    assert not small.is_being_built(root)


def test_whoever_waited_takes_what_was_built(small: environments.Environment, tmp_path: Path) -> None:
    root = tmp_path / "built"
    said: list[str] = []
    first = environments.build(small, root, said.append)
    assert (first / "bin/python").exists()
    assert said
    assert environments.build(small, root, pytest.fail) == first
    assert oct(root.stat().st_mode)[-3:] == "755"
