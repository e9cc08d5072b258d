"""Every command that takes a TOML file tells what is wrong with one, however odd it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import said, tenfold
from tests.fuzz.commands import Call, calls
from tests.fuzz.mutations import ENDINGS, seeds

READING = [call for call in calls() if any(ending == "toml" for _, ending in call.reads)]
ODD = {
    "a number of 5,000 digits": "a = " + "9" * 5_000,
    "lists in lists": "a = " + "[" * 5_000,
    "tables in tables": "a = " + "{a = " * 5_000,
    "no TOML": "a = = 1",
    "no text": "\udcff",
    "another day": "a = 2026-02-30",
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("call", READING, ids=lambda call: " ".join(call.words)[:40])
def test_odd_toml_is_told(call: Call, odd: str, tmp_path: Path) -> None:
    for name, ending in call.reads:
        whole = seeds()[ENDINGS.get(ending, ending)][0]
        (tmp_path / name).write_bytes(ODD[odd].encode("utf-8", "surrogateescape") if ending == "toml" else whole)
    done = tenfold(*call.words, cwd=tmp_path, TENFOLD_HOME=str(tmp_path / "home"))
    assert (done.returncode, said(done).startswith("tenfold: ")) == (2, True), said(done)


@pytest.mark.parametrize("odd", ODD)
def test_odd_house_rules_are_told(odd: str, tmp_path: Path) -> None:
    (tmp_path / "p.md").write_text("# MLOps engineer\n\nWe need Kubernetes.\n")
    (tmp_path / "rules.toml").write_bytes(ODD[odd].encode("utf-8", "surrogateescape"))
    done = tenfold("audit", "p.md", "--rules", "rules.toml", cwd=tmp_path)
    assert done.returncode == 2, said(done)
