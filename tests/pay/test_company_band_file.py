"""`tenfold pay bands`: own bands by place, currency and day; market bands in the market's currency."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tenfold.kit.errors import UserError
from tenfold.practices.pay.cli import app

FILE = """role;level;low;high;currency;place;valid_from
mlops;senior;80.000;104.000;EUR;Berlin;2026-01-01
mlops;senior;84.000;109.000;EUR;Berlin;2027-01-01
mlops;senior;150,000;190,000;USD;US;2026-01-01
"""


@pytest.fixture
def bands_file(tmp_path: Path) -> Path:
    path = tmp_path / "bands.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def senior(path: Path, *options: str) -> dict[str, object]:
    said = CliRunner().invoke(app, ["bands", "--role", "mlops", "--company", str(path), "--json", *options])
    assert said.exit_code == 0, said.output
    return next(each for each in json.loads(said.stdout) if each["level"] == "senior")


def test_the_band_of_a_place_currency_and_day(bands_file: Path) -> None:
    for day, low in (("2026-06-01", 80_000), ("2027-06-01", 84_000)):
        found = senior(bands_file, "--place", "Berlin", "--currency", "eur", "--as-of", day)
        assert found["band"] == {"min": low, "max": pytest.approx(low * 1.3, rel=0.01), "currency": "EUR"}


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--place", "Leeds, UK", "--currency", "GBP"), "not-covered"),
        (("--place", "Berlin", "--currency", "EUR", "--as-of", "2025-01-01"), "not-covered"),
        (("--place", "Berlin"), "not-stated"),
        (("--place", "Germany", "--currency", "EUR"), "not-stated"),
        (("--place", "Denver, CO", "--currency", "EUR"), "not-converted"),
    ],
)
def test_why_there_is_none(bands_file: Path, options: tuple[str, ...], why: str) -> None:
    dated = options if "--as-of" in options else (*options, "--as-of", "2026-06-01")
    found = senior(bands_file, *dated)
    assert (found["band"], found["why"]) == (None, why)


def test_a_stated_rate_is_used_and_shown(bands_file: Path) -> None:
    found = senior(bands_file, "--place", "Denver, CO", "--currency", "EUR", "--rate", "EUR=0,92@2026-11-01")
    assert found["band"] == {"min": pytest.approx(138_000), "max": pytest.approx(174_800), "currency": "EUR"}
    assert (found["stated_in"], found["rates"]) == ("USD", [{"currency": "EUR", "per_usd": 0.92, "day": "2026-11-01"}])


def test_market_bands_are_in_the_markets_currency_or_refused() -> None:
    def words(*options: str) -> str:
        said = CliRunner().invoke(app, ["bands", "--role", "mlops", *options])
        return said.output if said.exit_code == 0 else f"{said.exception}"

    assert "GBP a year" in words("--place", "Leeds, UK")
    assert "USD a year" not in words("--place", "Leeds, UK", "--currency", "GBP")
    assert "No bands in EUR" in words("--place", "Leeds, UK", "--currency", "EUR")
    assert "--rate is for --company" in words("--rate", "EUR=1@2026-01-01")


@pytest.mark.parametrize(
    "line",
    [
        "mlops;senior;9;8;EUR;Berlin;2026-01-01",
        "mlops;senior;8;9;EU;Berlin;2026-01-01",
        "x;senior;8;9;EUR;;2026-01-01",
        "mlops;senior;8;9;EUR;Xyzzyville;2026-01-01",
        "mlops;senior;8;9;EUR;Berlin;soon",
        "mlops;senior;a;9;EUR;Berlin;2026-01-01",
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(FILE + line + "\n", encoding="utf-8")
    said = CliRunner().invoke(app, ["bands", "--role", "mlops", "--company", str(path)])
    assert said.exit_code != 0
    assert isinstance(said.exception, UserError)
    assert said.exception.place.line == 5
