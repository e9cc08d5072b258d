"""`tenfold pay` and `tenfold market` as processes."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import pytest

from tests import command
from tests.market.adverts import ads

HEADER = [
    "work_year",
    "experience_level",
    "employment_type",
    "job_title",
    "salary_currency",
    "salary_min",
    "salary_max",
    "salary_min_usd",
    "salary_max_usd",
    "employee_residence",
    "remote_ratio",
    "company_location",
    "company_size",
    "first_snapshot",
]


def tenfold(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    done = command.tenfold(*arguments, COLUMNS="100", TENFOLD_HOME=str(home))
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ads") / "posted.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for ad in ads(700):
            low, high, row = ad.min_usd_year, ad.max_usd_year, ad.row
            scope = [row.work_year, row.level_code, row.employment, row.title, ad.currency, low, high, low, high]
            writer.writerow([*scope, ad.residence, row.remote_ratio, row.country, row.size, ad.seen])
    return path


def test_an_estimate_is_read_as_words_values_or_a_picture(tmp_path: Path) -> None:
    asked = ["pay", "estimate", "--role", "mlops", "--level", "senior", "--place", "Denver, CO", "--offer", "130k-165k"]
    words = tenfold(*asked, home=tmp_path)
    assert words.returncode == 0
    assert "95 % interval" in words.stdout
    assert "stands at percentile" in words.stdout
    values = json.loads(tenfold(*asked, "--json", home=tmp_path).stdout)
    assert values["offer"]["midpoint"] == 147_500
    assert values["metro"]["cbsa"] == "19740"
    picture = tenfold(*asked, "--format", "svg", home=tmp_path)
    assert picture.stdout.startswith("<svg")


def test_assumptions_stand_apart_from_data(tmp_path: Path) -> None:
    asked = ["pay", "estimate", "--role", "mlops", "--level", "senior", "--json"]
    plain, assumed = (json.loads(tenfold(*asked, *more, home=tmp_path).stdout) for more in ([], ["--rescue"]))
    assert plain["p50"] == assumed["p50"]
    assert plain["assumptions"] is None
    assert assumed["assumptions"]["percent"] == {"pay.rescue_premium": 10}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["estimate"], "Which role"),
        (["estimate", "--role", "mlops"], "Neither a level nor years"),
        (["estimate", "--role", "wizard", "--level", "senior"], "not known"),
        (["estimate", "--role", "mlops", "--level", "senior", "--place", "Qwertyville"], "No place that we know"),
        (["estimate", "--role", "mlops", "--level", "senior", "--place", "Portland"], "may mean Portland, Maine"),
        (["estimate", "--role", "mlops", "--level", "senior", "--scope", "70/70"], "not a scope"),
        (["estimate", "--role", "mlops", "--level", "senior", "--offer", "much"], "not a range"),
        (["estimate", "--rows", "nowhere.csv"], "cannot be read"),
        (["fit", "--ads", "nowhere.csv", "--out", "m.json"], "cannot be read"),
        (["role", "wizard"], "not known"),
        (["compare"], "One or two offers"),
    ],
)
def test_what_cannot_be_answered_is_said_in_words(tmp_path: Path, arguments: list[str], words: str) -> None:
    done = tenfold("pay", *arguments, home=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_model_is_fitted_and_prices_rows_in_their_order(tmp_path: Path, posted: Path) -> None:
    model, predictions = tmp_path / "model.json", tmp_path / "predictions.csv"
    fitted = tenfold("pay", "fit", "--ads", str(posted), "--out", str(model), "--json", home=tmp_path)
    assert fitted.returncode == 0
    assert json.loads(fitted.stdout)["n"] > 600
    rows = tmp_path / "rows.csv"
    with posted.open() as source, rows.open("w", newline="") as target:
        kept = [name for name in HEADER if not name.startswith("salary") and name != "first_snapshot"]
        writer = csv.DictWriter(target, kept, extrasaction="ignore")
        writer.writeheader()
        records = list(csv.DictReader(source))
        writer.writerows(records)
    asked = ["--rows", str(rows), "--model", str(model), "--out", str(predictions)]
    assert tenfold("pay", "estimate", *asked, home=tmp_path).returncode == 0
    with predictions.open() as stream:
        priced = list(csv.DictReader(stream))
    assert len(priced) == len(records)
    assert list(priced[0]) == ["p10", "p25", "p50", "p75", "p90", "label"]
    senior_ml = [
        float(price["p50"])
        for record, price in zip(records, priced, strict=True)
        if (record["job_title"], record["experience_level"]) == ("Machine Learning Engineer", "SE")
    ]
    assert all(180_000 < pay < 220_000 for pay in senior_ml)


def test_a_backtest_prints_all_three_predictors(tmp_path: Path, posted: Path) -> None:
    lines = posted.read_text().splitlines()
    early, late = tmp_path / "early.csv", tmp_path / "late.csv"
    dated = sorted(lines[1:], key=lambda line: line.rsplit(",", 1)[1])
    early.write_text("\n".join([lines[0], *dated[:520]]))
    late.write_text("\n".join([lines[0], *dated[520:]]))
    done = tenfold(
        "pay", "backtest", "--train", str(early), "--test", str(late), "--no-rolling", "--json", home=tmp_path
    )
    assert done.returncode == 0, done.stderr
    scores = json.loads(done.stdout)["scores"]
    assert set(scores) == {"tenfold", "lightgbm", "cells"}
    assert scores["lightgbm"][0]["ratio_to_lightgbm"] == 1


def test_a_bad_line_is_named_and_no_model_is_written(tmp_path: Path, posted: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text(
        posted.read_text().replace("MLOps Engineer,USD,", "MLOps Engineer,USD,x", 1).replace(",SE,", ",XX,", 1)
    )
    done = tenfold("pay", "fit", "--ads", str(broken), "--out", str(tmp_path / "m.json"), home=tmp_path)
    assert done.returncode == 2
    assert "broken.csv:" in done.stderr
    assert not (tmp_path / "m.json").exists()


def test_own_pay_is_imported_reviewed_and_listed(tmp_path: Path) -> None:
    own, mapping = tmp_path / "own.csv", tmp_path / "map.toml"
    people = "".join(f"Person {n},MLOps Engineer,Senior,{140_000 + 5_000 * n},USD\n" for n in range(9))
    own.write_text("Name,Job title,Level,Base salary,Currency\n" + people)
    assert tenfold("market", "map", str(own), "--out", str(mapping), home=tmp_path).returncode == 0
    imported = tenfold("market", "import", str(own), "--map", str(mapping), "--json", home=tmp_path)
    assert json.loads(imported.stdout)["kept"] == 9
    again = tenfold("market", "import", str(own), "--map", str(mapping), home=tmp_path)
    assert "Already imported" in again.stdout
    asked = tenfold("market", "sql", "select role, level, count(*) as n from observations group by all", home=tmp_path)
    assert asked.stdout == "role,level,n\nmlops,senior,9\n"
    found = json.loads(tenfold("pay", "review", str(own), "--map", str(mapping), "--json", home=tmp_path).stdout)
    assert found["groups"][0]["n"] == 9
    assert found["cost_interval_95"][0] <= found["cost_usd_year"] <= found["cost_interval_95"][1]


def test_an_import_without_a_kind_is_helped_along(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a\n1\n")
    done = tenfold("market", "import", str(file), home=tmp_path)
    assert done.returncode == 2
    assert "tenfold market map" in done.stderr
