"""`labs new`: what it makes passes lint, and says what to write."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tenfold.kit.errors import UserError
from tenfold.labs import lab_reader, registry, scaffold


def test_a_new_lab_has_nothing_that_lint_finds_and_much_that_says_todo(tmp_path: Path) -> None:
    made = scaffold.new(tmp_path, "queue-backlog")
    shutil.copytree(registry.labs_folder() / "environments", tmp_path / "environments")
    assert lab_reader.findings(made) == ()
    lab = lab_reader.read(made)
    assert (lab.slug, len(lab.mutants), len(lab.alternates)) == ("queue-backlog", 8, 2)
    assert sum("TODO" in path.read_text("utf-8") for path in made.rglob("*") if path.is_file()) >= 8


@pytest.mark.parametrize("like", ["slow-inference", "drift-watch"])
def test_a_copy_of_a_lab_is_a_lab_of_its_own_without_its_card(tmp_path: Path, like: str) -> None:
    made = scaffold.new(tmp_path, "another-one", like=lab_reader.read(registry.labs_folder() / like))
    assert lab_reader.findings(made) == ()
    assert not list((made / "lab").glob("report-card*"))


@pytest.mark.parametrize("slug", ["Upper", "a b", "../out", "", "x"])
def test_a_name_that_is_none_is_refused_and_leaves_nothing(tmp_path: Path, slug: str) -> None:
    with pytest.raises(UserError):
        scaffold.new(tmp_path, slug)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    scaffold.new(tmp_path, "queue-backlog")
    with pytest.raises(UserError, match="exists already"):
        scaffold.new(tmp_path, "queue-backlog")
