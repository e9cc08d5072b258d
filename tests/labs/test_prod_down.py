"""prod-down over many seeds without a sandbox: what is sound keeps what is agreed, and each fault breaks just that.

The agreement is computed here from the files that a candidate sees, by code of its own.
"""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tenfold.labs import registry
from tenfold.labs.tenfold_grader import materialise
from tests.sizes import size

FOLDER = registry.labs_folder() / "prod-down"
SEEDS = range(size(6, nightly=40))
FAULTS = (
    "wrong-alias", "library-mismatch", "renamed-column", "frozen-watermark", "clock-offset", "expired-features",
    "too-many-copies", "ready-too-early", "never-ready",
)  # fmt: skip


@pytest.fixture(scope="module")
def variant() -> ModuleType:
    return materialise._module(FOLDER / "lab/variant.py")


def system(variant: ModuleType, out: Path, seed: int, *faults: str) -> tuple[Path, dict[str, Any]]:
    """The sound system of a seed with these faults in it, and its parameters."""
    parameters = variant.make(random.Random(f"seed {seed}"))  # noqa: S311  a seed of a test
    words = {**parameters, **variant.derived(parameters)}
    maker = materialise._Maker(FOLDER, out, variant, {**parameters, "faults": list(faults)}, words)
    maker.everywhere = variant.everywhere(parameters)
    maker.starter({})
    return out / "starter", parameters


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def broken_agreements(folder: Path) -> set[str]:
    """What files that a candidate sees say of what is agreed, two of them at a time."""
    held = json.loads((folder / "registry/registry.json").read_text("utf-8"))
    store = json.loads((folder / "store/online.json").read_text("utf-8"))
    state = json.loads((folder / "store/state.json").read_text("utf-8"))
    header = (folder / "events/2026-11.csv").read_text("utf-8").splitlines()[0].split(",")[2:]
    renames = (folder / "config/features.toml").read_text("utf-8")
    known = {name for values in store.values() for name in values}
    written = {
        version: json.loads((folder / f"registry/models/{version}/model.json").read_text("utf-8"))["written_by"]
        for version in held["versions"]
    }
    found = {
        "wrong-alias": held["aliases"]["champion"] != approved(folder, held["name"]),
        "library-mismatch": any(
            not by.startswith(f"scorelib {held['versions'][one]['scorelib']}") for one, by in written.items()
        ),
        "renamed-column": any(name not in known and f"{name} =" not in renames for name in header),
        "frozen-watermark": state["taken_up_to_ms"] > 1000 * time.time(),
        "clock-offset": "timegm" not in (folder / "jobs/times.py").read_text("utf-8"),
        "expired-features": any(value[2] for values in store.values() for value in values.values()),
        "too-many-copies": sum(words["keep"] == "warm" for words in held["versions"].values()) != 2,
        "ready-too-early": "fromkeys(ROLES" not in (folder / "service/model.py").read_text("utf-8"),
        "never-ready": not set(json.loads((folder / "config/warm_up.json").read_text("utf-8"))["ids"]) <= store.keys(),
    }
    return {name for name, is_broken in found.items() if is_broken}


def approved(folder: Path, model: str) -> str:
    with (folder / "registry/approvals.csv").open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["model"] == model and row["role"] == "champion"]
    stands: dict[str, str] = {}
    for row in sorted(rows, key=lambda one: one["date"]):
        if row["decision"] == "withdrawn":
            stands.pop(row["version"])
        else:
            stands[row["version"]] = row["date"]
    return max(stands, key=lambda version: stands[version])


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_sound_keeps_every_agreement(variant: ModuleType, tmp_path: Path, seed: int) -> None:
    folder, _ = system(variant, tmp_path, seed)
    assert broken_agreements(folder) == set()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("seed", SEEDS)
def test_each_fault_breaks_one_agreement_in_one_file(
    variant: ModuleType, tmp_path: Path, seed: int, fault: str
) -> None:
    sound, broken = (system(variant, tmp_path / str(n), seed, *([fault] * n))[0] for n in range(2))
    assert broken_agreements(broken) == {fault}
    before, after = contents(sound), contents(broken)
    assert before.keys() == after.keys()
    assert sum(before[name] != after[name] for name in before) == 1


@pytest.mark.parametrize("fault", [None, "renamed-column", "frozen-watermark", "clock-offset"])
def test_an_event_of_an_hour_ago_counts_unless_the_job_is_at_fault(
    variant: ModuleType, tmp_path: Path, fault: str | None
) -> None:
    folder, parameters = system(variant, tmp_path, 1, *([fault] if fault else []))
    names = parameters["feature_list"]
    columns = [parameters["new_name"] if name == parameters["old_name"] else name for name in names]
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() - 3600))
    rows = [["event_time", f"{parameters['thing']}_id", *columns], [at, "fresh", *(["7.5"] * len(names))]]
    (folder / "events/new.csv").write_text("\n".join(",".join(row) for row in rows), "utf-8")
    done = subprocess.run([sys.executable, "jobs/materialise.py"], cwd=folder, check=True, capture_output=True)
    assert b"state=success" in done.stdout
    held = json.loads((folder / "store/online.json").read_text("utf-8")).get("fresh", {})
    taken = {name for name in names if held.get(name, [0])[0] == 7.5}
    wanted = {None: set(names), "renamed-column": set(names[1:])}.get(fault, set())
    assert taken == wanted


def test_the_alert_reads_the_same_whatever_is_wrong(variant: ModuleType) -> None:
    made = [variant.make(random.Random(f"seed {seed}")) for seed in range(80)]  # noqa: S311  seeds of a test
    says = {json.loads(variant.stand_in(one)["incident/alert.json"])["says"] for one in made}
    assert len(says) == 1
    assert len({tuple(one["faults"]) for one in made}) > 10


def test_every_family_comes_up_and_one_in_ten_is_sound(variant: ModuleType) -> None:
    made = [variant.make(random.Random(f"seed {seed}")) for seed in range(1000)]  # noqa: S311  seeds of a test
    counts = Counter(fault for one in made for fault in one["faults"] or ["none"])
    assert set(counts) == {*FAULTS, "none"}
    assert 60 <= counts["none"] <= 140
    assert min(counts.values()) >= 60
