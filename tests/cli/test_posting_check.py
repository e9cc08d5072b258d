"""`tenfold posting check`: the remarks, and the law of the places."""

from __future__ import annotations

import json
from pathlib import Path

from tests.command import tenfold

FAULTY = Path(__file__).parents[2] / "examples" / "posting_with_faults.md"


def shown(*options: str) -> str:
    done = tenfold("posting", "check", str(FAULTY), "--as-of", "2026-11-22", *options, PYTHONIOENCODING="utf-8")
    return " ".join(done.stdout.decode().split())


def test_the_law_of_the_place_stands_by_name_below_the_remarks() -> None:
    text = shown("--place", "US-CO", "--employees", "40")
    assert "Pay transparency: Colorado, United States" in text
    assert "missing: pay range. State the pay or the pay range." in text
    assert "One posting that satisfies them all It carries pay range (asked by 1)" in text
    assert "Not legal advice." in text
    assert "US-CO" not in text


def test_remote_anywhere_is_told_by_what_is_missing() -> None:
    text = shown()
    assert "Pay transparency: anywhere in the United States" in text
    assert "Missing: pay range whatever your size and offices: Virginia" in text


def test_json_holds_the_panel() -> None:
    done = tenfold("posting", "check", str(FAULTY), "--as-of", "2026-11-22", "--json")
    law = json.loads(done.stdout)["pay_transparency"]
    assert law["places"] == ["anywhere in the United States"]
    assert {answer["status"] for rule in law["rules"] for answer in rule["answers"]} >= {"missing", "unknown"}
    assert law["strictest_common"]["keep_records_years"] >= 1
