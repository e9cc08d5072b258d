"""Bad labs are told what is wrong with them, with file and line."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tenfold.kit.errors import InputProblems
from tenfold.labs import lab, lab_reader, registry
from tenfold.labs.engine_digest import engine_digest
from tenfold.labs.lab_tables import Rule
from tests.labs import toy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return toy.write(tmp_path)


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def gigabyte(path: Path) -> None:
    """Sparse: it takes no room here, and would take a gigabyte of memory if it were read."""
    with path.open("wb") as file:
        file.truncate(1 << 30)


def test_a_good_lab_has_no_findings(folder: Path) -> None:
    assert lab_reader.findings(folder) == ()


@pytest.mark.parametrize("slug", ["slow-inference", "drift-watch"])
def test_labs_that_ship_have_none(slug: str) -> None:
    assert [str(one) for one in lab_reader.findings(registry.labs_folder() / slug)] == []


CASES: tuple[tuple[str, Callable[[Path], object], Rule, str, int | None], ...] = (
    ("a missing key", lambda f: rewrite(f / "task.toml", "minutes = 10\n", ""), Rule.MISSING_KEY, "task.toml", 1),
    ("a bad number", lambda f: rewrite(f / "task.toml", "minutes = 10", "minutes = 0"), Rule.BAD_VALUE, "task.toml", 16),
    ("a bad kind", lambda f: rewrite(f / "task.toml", '"live"', '"exam"'), Rule.BAD_VALUE, "task.toml", 15),
    ("an unknown key", lambda f: rewrite(f / "task.toml", "pids = 32", "pids = 32\ncolour = 1"), Rule.UNKNOWN_KEY, "task.toml", 25),
    ("our keys at the top", lambda f: rewrite(f / "task.toml", "[metadata.lab]", "[lab]\nx = 1\n[metadata.lab]"), Rule.HARBOR, "task.toml", 13),
    ("a network", lambda f: rewrite(f / "task.toml", "no-network", "public"), Rule.HARBOR, "task.toml", 9),
    ("no TOML", lambda f: rewrite(f / "task.toml", "[task]", "[task"), Rule.NOT_TOML, "task.toml", 3),
    ("a criterion not cited", lambda f: rewrite(f / "instruction.md", "`criterion:tells`", "told"), Rule.NOT_CITED, "lab/criteria.toml", 9),
    ("a criterion that is none", lambda f: rewrite(f / "instruction.md", "criterion:tells", "criterion:sings"), Rule.CITES_UNKNOWN, "instruction.md", 1),
    ("points that are not 100", lambda f: rewrite(f / "lab/criteria.toml", "points = 20", "points = 30"), Rule.POINTS, "lab/criteria.toml", 1),
    ("an unknown placeholder", lambda f: rewrite(f / "workspace/service.py", "@@name@@", "@@nome@@"), Rule.UNKNOWN_PLACEHOLDER, "workspace/service.py", 6),
    ("a symlink", lambda f: (f / "workspace/link").symlink_to("/etc/passwd"), Rule.LEADS_OUTSIDE, "workspace/link", None),
    ("a pipe", lambda f: os.mkfifo(f / "workspace/pipe"), Rule.SPECIAL_FILE, "workspace/pipe", None),
    ("a symlinked folder", lambda f: (f / "lab/mutants/m9").symlink_to("/etc"), Rule.LEADS_OUTSIDE, "lab/mutants/m9", None),
    ("an entry outside", lambda f: rewrite(f / "task.toml", 'entry = "service.py"', 'entry = "../../etc/passwd"'), Rule.LEADS_OUTSIDE, "task.toml", 30),
    ("an absolute entry", lambda f: rewrite(f / "task.toml", 'entry = "service.py"', 'entry = "/etc/passwd"'), Rule.LEADS_OUTSIDE, "task.toml", 30),
    ("a base outside", lambda f: rewrite(f / "lab/mutants/m1/trial.toml", '"reference"', '"../../../etc"'), Rule.LEADS_OUTSIDE, "lab/mutants/m1/trial.toml", 2),
    ("a gigabyte", lambda f: gigabyte(f / "workspace/big.csv"), Rule.TOO_LARGE, "workspace/big.csv", None),
    ("a text for a number", lambda f: rewrite(f / "task.toml", "memory_mb = 128", 'memory_mb = "much"'), Rule.BAD_VALUE, "task.toml", 11),
    ("no text at all", lambda f: (f / "task.toml").write_bytes(b"\xff\xfe\x00"), Rule.NOT_TOML, "task.toml", 1),
    ("too few mutants", lambda f: (f / "lab/mutants/m0").rename(f / "lab/m0"), Rule.TOO_FEW, "lab/mutants", None),
    ("a mutant that loses nothing", lambda f: rewrite(f / "lab/mutants/m1/trial.toml", '["doubles"]', '["nothing"]'), Rule.BAD_VALUE, "lab/mutants/m1/trial.toml", 3),
    ("no grader", lambda f: (f / "lab/grader/grade.py").unlink(), Rule.MISSING_FILE, "lab/grader/grade.py", None),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_a_bad_lab_is_told_where(
    folder: Path, case: tuple[str, Callable[[Path], object], Rule, str, int | None]
) -> None:
    _, harm, rule, file, line = case
    harm(folder)
    found = lab_reader.findings(folder)
    assert (rule, f"toy/{file}", line) in [(one.rule, one.place.file, one.place.line) for one in found], found
    with pytest.raises(InputProblems):
        lab_reader.read(folder)


def test_templates_are_rendered_in_one_pass_so_that_none_is_cyclic() -> None:
    from tenfold.labs.tenfold_grader.materialise import rendered

    assert rendered("@@a@@", {"a": "@@b@@", "b": "@@a@@"}) == "@@b@@"


def test_the_digest_follows_every_file_but_the_report_card(folder: Path) -> None:
    before = lab.digest(folder)
    (folder / "lab/report-card.toml").write_text("x = 1")
    assert lab.digest(folder) == before
    rewrite(folder / "lab/grader/grade.py", "42", "43")
    assert lab.digest(folder) != before


def test_the_registry_says_when_a_lab_changed_since_its_check(folder: Path) -> None:
    def summaries() -> registry.LabSummary:
        (found,) = registry.summaries(folder.parent)
        return found

    card = folder / "lab/report-card.toml"
    assert (summaries().checked_on, registry.is_verified(summaries())) == (None, False)
    card.write_text(f'date = 2026-11-22\npassed = true\nedition = "toy@1+{lab.digest(folder)[:12]}"\n')
    os.utime(folder / "task.toml", ns=(1, 1))  # the registry looks again when a task file changes
    assert (summaries().checked_on, registry.is_verified(summaries())) == ("2026-11-22", True)
    rewrite(folder / "workspace/service.py", "FACTOR = 1", "FACTOR = 0")
    assert not registry.is_verified(summaries())


def test_gates_hold_for_just_this_lab_and_what_judges_it(folder: Path) -> None:
    def card(edition: str, judged_by: str, passed: str = "true") -> None:
        text = f'date = 2026-11-27\npassed = {passed}\nedition = "{edition}"\njudged_by = "{judged_by}"\n'
        (folder / "lab/gates.toml").write_text(text)

    found = lab_reader.read(folder)
    assert registry.passed_unchanged(found) is None
    card(found.edition, engine_digest())
    assert registry.passed_unchanged(lab_reader.read(folder)) == "2026-11-27"  # the card itself changes no digest
    for harm in (
        (found.edition, "another engine"),
        ("toy@1+other", engine_digest()),
        (found.edition, engine_digest(), "false"),
    ):
        card(*harm)
        assert registry.passed_unchanged(lab_reader.read(folder)) is None


def test_a_fault_without_a_source_is_found(folder: Path) -> None:
    (folder / "lab/sources.toml").write_text("")
    assert [one.rule for one in lab_reader.findings(folder)] == [Rule.NO_SOURCE]


def test_mutants_are_read_from_one_file_and_must_differ_in_name(folder: Path) -> None:
    row = '[[mutant]]\nname = "m1"\nwhat = "wrong"\nloses = ["doubles"]\nfiles = {"../out" = "x"}\n'
    (folder / "lab/mutants.toml").write_text(row)
    assert {one.rule for one in lab_reader.findings(folder)} == {Rule.BAD_VALUE, Rule.LEADS_OUTSIDE}
