"""Whose fault a grading is that breaks: the candidate's where the reference in its place does not break it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenfold.kit.errors import UserError
from tenfold.labs import environments, grading, judging, lab_reader, variants
from tenfold.labs.attacks import Files
from tenfold.labs.home import Home
from tenfold.labs.judging import Base
from tenfold.labs.lab import Lab
from tenfold.labs.verdicts import Fault, GradingEvent, Outcome, Verdict
from tenfold.sandbox.client import RunnerSandbox
from tests.labs import toy
from tests.sandboxes import needs_bwrap, needs_root

pytestmark = [needs_bwrap, needs_root]
ENDS_WHEN_ASKED = toy.SERVICE.replace("number = self", "import os; self.path == '/ready' or os._exit(1); number = self")
BROKEN_GRADER = "def grade(room):\n    raise RuntimeError('the grader is broken')\n"


@pytest.fixture(scope="module")
def home(runner: RunnerSandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    place = Home(runner.path.parent)
    labs = toy.write(tmp_path_factory.mktemp("labs")).parent
    environments.build(environments.environment_named(labs, "tiny"), place.environments, lambda _: None)
    yield place
    shutil.rmtree(place.variants, ignore_errors=True)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return lab_reader.read(toy.write(tmp_path))


def judged(home: Home, runner: RunnerSandbox, lab: Lab, folder: Path, over: Base = Base.REFERENCE) -> Verdict:
    return judging.judge(home, runner, lab, seed="1", over=over, folder=folder)


def laid(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, "utf-8")
    return folder


def test_a_service_that_breaks_the_grader_loses_and_what_was_seen_stands(
    home: Home, runner: RunnerSandbox, lab: Lab, tmp_path: Path
) -> None:
    verdict = judged(home, runner, lab, laid(tmp_path / "w", service__py=ENDS_WHEN_ASKED))
    assert (verdict.outcome, verdict.fault_of) == (Outcome.FAIL, Fault.CANDIDATE)
    assert verdict.event is GradingEvent.CANDIDATE_BROKE_GRADING
    assert all("keeps this from being checked" in one.evidence[0] for one in verdict.criteria)


def test_a_grader_that_breaks_on_the_reference_as_well_is_our_fault(
    home: Home, runner: RunnerSandbox, tmp_path: Path
) -> None:
    folder = toy.write(tmp_path)
    (folder / "lab/grader/grade.py").write_text(BROKEN_GRADER, "utf-8")
    verdict = judged(home, runner, lab_reader.read(folder), laid(tmp_path / "w"))
    assert (verdict.outcome, verdict.fault_of, verdict.points) == (Outcome.INFRA_ERROR, Fault.US, 0)
    assert verdict.event is GradingEvent.GRADER_FAILED


def test_everybody_reads_what_a_strong_solution_does(
    home: Home, runner: RunnerSandbox, lab: Lab, tmp_path: Path
) -> None:
    verdict = judged(home, runner, lab, laid(tmp_path / "w"))
    assert (verdict.points, verdict.fault_of) == (100, None)
    assert [one.learn for one in verdict.criteria] == ["two times", "say so"]


def test_what_a_service_prints_reaches_nobody_s_terminal_as_codes(
    home: Home, runner: RunnerSandbox, lab: Lab, tmp_path: Path
) -> None:
    says = "import sys; sys.stdout.write('\\x1b]0;owned\\x07\\x1b[2J'); sys.stdout.flush(); sys.exit(1)"
    verdict = judged(home, runner, lab, laid(tmp_path / "w", service__py=says))
    text = verdict.why + "".join(line for one in verdict.criteria for line in one.evidence)
    assert "\x1b" not in text
    assert "\x07" not in text


# judging without a session


def test_a_folder_is_laid_over_the_base_that_is_named(
    home: Home, runner: RunnerSandbox, lab: Lab, tmp_path: Path
) -> None:
    told = laid(tmp_path / "told", told__txt="factor")
    assert judged(home, runner, lab, told, Base.STARTER).points == 20
    assert judged(home, runner, lab, told, Base.REFERENCE).points == 100


def test_a_change_edits_the_base(home: Home, runner: RunnerSandbox, lab: Lab, tmp_path: Path) -> None:
    change = (
        "def change(files, variant):\n    files.held['service.py'] = files.held['service.py'].replace(b'= 1', b'= 2')\n"
    )
    folder = laid(tmp_path / "c", _change__py=change)
    assert judged(home, runner, lab, folder, Base.STARTER).points == 80


@pytest.mark.parametrize(
    "change",
    ["def change(files, variant):\n    assert 0, 'no such text'\n", "def change(:", "x = 1\n", "import nothing_here\n"],
)
def test_a_change_that_cannot_be_made_is_told(
    home: Home, runner: RunnerSandbox, lab: Lab, tmp_path: Path, change: str
) -> None:
    with pytest.raises(UserError) as told:
        judged(home, runner, lab, laid(tmp_path / "c", _change__py=change))
    assert told.value.place is not None
    assert str(told.value.place.file).endswith("_change.py")


def test_what_judge_prints_has_the_keys_that_are_promised(
    home: Home, runner: RunnerSandbox, lab: Lab, tmp_path: Path
) -> None:
    words = judging.to_dict(judged(home, runner, lab, laid(tmp_path / "w")))
    assert {"outcome", "points", "criteria", "fault_of", "seconds"} <= set(words)
    assert set(words["criteria"][0]) == {"id", "share", "earned", "evidence"}


def test_a_grading_waits_no_longer_than_it_may(home: Home, runner: RunnerSandbox, lab: Lab) -> None:
    """The toy's grader waits ten seconds for a service; a control that ends in time shows whose fault it is."""
    variant = variants.variant(home, runner, lab, "1")
    never = Files.of(variant.workspace("reference"))
    never.held["service.py"] = b"import time\ntime.sleep(3600)\n"
    verdict = grading.grade(home, runner, variant, never.tar(), timeout_s=6)
    assert (verdict.outcome, verdict.fault_of) == (Outcome.FAIL, Fault.CANDIDATE)
