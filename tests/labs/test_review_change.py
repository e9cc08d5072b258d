"""review-change over many seeds without a sandbox: nothing of a candidate's is run there, so the grader may run here.

What the doctor shows on twenty seeds is held on forty: right reviews get full marks, wrong ones lose what they must,
and in variants where nothing is wrong, approving is the answer.
"""

from __future__ import annotations

import difflib
import importlib.util
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import tomli

from tenfold.labs import lab, lab_reader, registry
from tenfold.labs.tenfold_grader import answers, findings, results, runner

FOLDER = registry.labs_folder() / "review-change"
SEEDS = range(40)


def load(path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A file of the lab, with the kit under the name that it has in a box."""
    package = sys.modules["tenfold.labs.tenfold_grader"]
    for name, module in (("", package), (".answers", answers), (".findings", findings), (".results", results)):
        monkeypatch.setitem(sys.modules, f"tenfold_grader{name}", module)
    monkeypatch.setitem(sys.modules, "tenfold_grader.runner", runner)
    spec = importlib.util.spec_from_file_location(f"review_change_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def variant(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(FOLDER / "lab"))
    yield load(FOLDER / "lab/variant.py", monkeypatch)
    sys.modules.pop("pull_request", None)


@pytest.fixture
def grader(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return load(FOLDER / "lab/grader/grade.py", monkeypatch)


def shares(grader: ModuleType, parameters: dict[str, Any], files: dict[str, bytes]) -> dict[str, float | None]:
    class Room:
        def __init__(self) -> None:
            self.parameters = parameters

        def file(self, path: str, *_: object, **__: object) -> bytes | None:
            return files.get(path)

        def report(self, result: object) -> None:
            """Kept by `grade` as well."""

        def service(self, _: str) -> Any:
            return type("Service", (), {"patience": None})()

    return {one.criterion: one.share for one in grader.grade(Room())}


def review(variant: ModuleType, parameters: dict[str, Any], how: str, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    (folder / "findings.toml").write_text("")
    variant.rewrite(folder, parameters, how)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def drawn(variant: ModuleType, seed: int) -> dict[str, Any]:
    return dict(variant.make(random.Random(seed)))  # noqa: S311  a fixed seed, no secret


def trials(kind: str) -> list[dict[str, Any]]:
    return list(tomli.loads((FOLDER / f"lab/{kind}s.toml").read_text("utf-8"))[kind])


def test_the_reference_gets_full_marks_on_every_seed(variant: ModuleType, grader: ModuleType) -> None:
    for seed in SEEDS:
        parameters = drawn(variant, seed)
        handed_in = {"findings.toml": variant.derived(parameters)["findings"].encode()}
        assert set(shares(grader, parameters, handed_in).values()) == {1.0}, seed


@pytest.mark.parametrize("trial", trials("alternate"), ids=lambda one: str(one["name"]))
def test_other_right_reviews_get_full_marks(
    trial: dict[str, Any], variant: ModuleType, grader: ModuleType, tmp_path: Path
) -> None:
    for seed in SEEDS:
        parameters = drawn(variant, seed)
        files = review(variant, parameters, trial["rewrite"], tmp_path / str(seed))
        assert set(shares(grader, parameters, files).values()) == {1.0}, seed


@pytest.mark.parametrize("trial", trials("mutant"), ids=lambda one: str(one["name"]))
def test_wrong_reviews_lose_what_they_must_in_nine_seeds_of_ten(
    trial: dict[str, Any], variant: ModuleType, grader: ModuleType, tmp_path: Path
) -> None:
    lost = 0
    for seed in SEEDS:
        parameters = drawn(variant, seed)
        files = review(variant, parameters, trial["rewrite"], tmp_path / str(seed))
        found = shares(grader, parameters, files)
        lost += all(found[criterion] != 1.0 for criterion in trial["loses"])
    assert lost >= 0.9 * len(SEEDS)


def test_nothing_handed_in_earns_nothing(variant: ModuleType, grader: ModuleType) -> None:
    starter = (FOLDER / "workspace/findings.toml").read_bytes()
    for seed in SEEDS:
        assert set(shares(grader, drawn(variant, seed), {"findings.toml": starter}).values()) == {0.0}
        assert set(shares(grader, drawn(variant, seed), {}).values()) == {0.0}


def test_a_planted_defect_changes_the_file_where_it_is_said_to_stand(variant: ModuleType) -> None:
    for seed in SEEDS:
        parameters = drawn(variant, seed)
        sound = variant.pr.rendered({**parameters, "faults": []})[0]
        for name in parameters["faults"]:
            planted, (truth,), _ = variant.pr.rendered({**parameters, "faults": [name]})
            mine, other = planted[truth["file"]].splitlines(), sound[truth["file"]].splitlines()
            blocks = difflib.SequenceMatcher(None, other, mine, autojunk=False).get_opcodes()
            changed = [(first + 1, last) for tag, _, _, first, last in blocks if tag != "equal"]
            assert changed
            assert all(truth["first"] - 8 <= first and last <= truth["last"] + 8 for first, last in changed), truth


def test_in_some_variants_nothing_is_wrong_and_no_variant_is_all_of_one_kind(variant: ModuleType) -> None:
    made = [drawn(variant, seed) for seed in range(300)]
    clean = sum(not one["faults"] for one in made) / len(made)
    assert 0.05 <= clean <= 0.16  # one of ten, within three standard errors of 300 draws
    kinds = [{variant.pr.DEFECTS[name].kind for name in one["faults"]} for one in made if one["faults"]]
    assert min(map(len, kinds)) >= 6


def test_listing_an_equivalent_mutant_voids_no_grading_and_anything_else_does(tmp_path: Path) -> None:
    folder = tmp_path / "lab-a"
    (folder / "lab").mkdir(parents=True)
    (folder / "lab/mutation.toml").write_text("files = []\n")
    (folder / "lab/hints.toml").write_text("")
    before = lab.digest(folder)
    (folder / "lab/mutation.toml").write_text('files = ["x"]\n')
    assert lab.digest(folder) == before
    (folder / "lab/hints.toml").write_text("[[hint]]\n")
    assert lab.digest(folder) != before


def test_a_hint_says_what_it_costs_and_with_whom() -> None:
    assert (
        lab_reader.read(FOLDER).hints[0].endswith("(Costs 2 points with those who rate the work, none in the grading.)")
    )
