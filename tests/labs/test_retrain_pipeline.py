"""retrain-pipeline over many seeds without a sandbox: what its grader asks is decided by far in every variant.

A right pipeline must never lose a point because the data of its variant happened to make a worse model the better one.
So each promotion and each refusal that the grader expects is computed here from the variant's own data.
"""

from __future__ import annotations

import importlib.util
import random
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tenfold.labs import registry
from tenfold.labs.tenfold_grader import answers, results, runner
from tests.sizes import size

LAB = registry.labs_folder() / "retrain-pipeline/lab"
SEEDS = range(size(5, nightly=16))
BY_FAR = 0.1  # of log loss; the largest margin of any variant is 0.004


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, ModuleType, ModuleType]:
    monkeypatch.syspath_prepend(str(LAB / "grader"))
    package = sys.modules["tenfold.labs.tenfold_grader"]
    kit = (("", package), (".answers", answers), (".results", results), (".runner", runner))
    for name, module in kit:
        monkeypatch.setitem(sys.modules, f"tenfold_grader{name}", module)
    found = [load(LAB / name) for name in ("variant.py", "grader/grade.py", "grader/batches.py")]
    sys.modules.pop("batches", None)
    return found[0], found[1], found[2]


def load(path: Any) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"retrain_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", SEEDS)
def test_every_promotion_is_decided_by_far(seed: int, modules: tuple[ModuleType, ModuleType, ModuleType]) -> None:
    variant, _, batches = modules
    parameters = variant.make(random.Random(f"seed {seed}"))  # noqa: S311  a seed of a test
    made, features = batches.Batches(parameters), parameters["features"]

    def days(*numbers: int, **how: Any) -> dict[int, list[dict[str, Any]]]:
        return {day: made.day(day, **how) for day in numbers}

    def trained(of: dict[int, list[dict[str, Any]]]) -> tuple[list[float], list[dict[str, Any]]]:
        rows, holdout = made.split(of)
        assert rows
        assert len(holdout) >= parameters["least_holdout"]
        return batches.train(rows, features), holdout

    def gain(champion: list[float], of: dict[int, list[dict[str, Any]]]) -> float:
        fresh, holdout = trained(of)
        return float(batches.log_loss(champion, holdout, features) - batches.log_loss(fresh, holdout, features))

    last_trained = 10 - parameters["holdout_days"]
    base = days(*range(1, 10))
    champion, promoted = trained(base)[0], base
    for what, later in batches.close_calls(made).items():
        seen = gain(champion, base | later) / parameters["margin"]
        assert (1.3 < seen < 4) if what == "just enough" else seen < 0.8, what
        promoted = later
    assert max(promoted) == last_trained + parameters["holdout_days"]
    healthy = base | promoted
    worse = healthy | days(*range(1, last_trained + 1), salt="turned", flip=0.9)
    turned = worse | days(*range(last_trained + 1, 13), salt="new", flip=0.9)
    champion = trained(healthy)[0]
    assert gain(champion, worse) < -BY_FAR
    assert gain(champion, turned) > BY_FAR

    champion = trained(days(*range(1, 7)))[0]
    for salt in ("again", "atom2"):
        assert gain(champion, days(*range(1, 9), salt=salt, flip=0.9)) > BY_FAR

    steps = [days(*range(1, 7), salt=f"roll {step}", flip=flip, count=90) for step, flip in enumerate((0, 0.9, 0, 0.9))]
    served = [trained(step)[0] for step in steps]
    assert all(gain(served[at], steps[at + 1]) > BY_FAR for at in (0, 1))
    assert gain(served[0], steps[3]) > BY_FAR

    few, _ = made.split(days(1))
    assert not few


@pytest.mark.parametrize("seed", SEEDS)
def test_the_batch_at_the_limits_breaks_no_rule_and_every_bad_one_breaks_one(
    seed: int, modules: tuple[ModuleType, ModuleType, ModuleType]
) -> None:
    """By the rules of the instruction, written down once more."""
    variant, _, batches = modules
    parameters = variant.make(random.Random(f"seed {seed}"))  # noqa: S311  a seed of a test
    made = batches.Batches(parameters)
    assert not wrong(parameters, made.csv(batches.at_the_limits(made, 4)))
    assert not wrong(parameters, made.csv(made.day(4)))
    for what, text in batches.broken(made, 4).items():
        assert wrong(parameters, text), what


def wrong(parameters: dict[str, Any], text: str) -> str:
    import csv
    import math

    try:
        text.encode()
        rows = list(csv.DictReader(text.splitlines()))
        features, total = parameters["features"], parameters["total"]
        gaps = sum(row[features[2]] == "" for row in rows)
        for row in rows:
            numbers = {name: float(row[name]) for name in [*features, total] if name != features[2] or row[name] != ""}
            if not all(math.isfinite(one) and abs(one) <= parameters["limit"] for one in numbers.values()):
                return "out of range"
            if abs(numbers[features[0]] + numbers[features[1]] - numbers[total]) > 0.01 + 1e-9:
                return "sum"
            if int(row["label"]) not in {0, 1} or int(row["label_day"]) < int(row["day"]) or not row["row_id"]:
                return "label or id"
    except (UnicodeEncodeError, KeyError, ValueError, TypeError, csv.Error) as error:
        return f"cannot be read: {error}"
    few = len(rows) < parameters["least_rows"] or gaps > parameters["most_gaps"] * len(rows)
    odd = len({row["row_id"] for row in rows}) < len(rows) or len({row["day"] for row in rows}) != 1
    return "rows" if few or odd else ""


def test_a_trial_expects_no_promotion_on_too_few_rows(modules: tuple[ModuleType, ModuleType, ModuleType]) -> None:
    variant, grade, _ = modules
    parameters = variant.make(random.Random("few"))  # noqa: S311  the same
    trial = grade.Trial(SimpleNamespace(parameters=parameters))
    days = {day: trial.days[day] for day in (1, 2, 9)}  # of the last days only one, whose labels are not known yet
    assert not trial.is_better(days, SimpleNamespace(weights=[]))
