"""What the shared data shows: acceptance figures, and that the shipped files are what their command makes."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from tenfold.market.ads import distinct, identity, read_ads
from tenfold.market.backtest import Backtest, backtest, backtest_abroad
from tenfold.market.embedded import rebuild
from tenfold.market.fit import FIRST_YEAR, fit
from tenfold.market.importers.aijobs import AiJobs
from tenfold.market.importers.official import ExchangeRates, Oews
from tenfold.market.model import load
from tenfold.market.store import Store
from tenfold.market.support import count_titles, group_of, spelt

ROOT = Path(__file__).parents[2]
PAY = Path(os.environ.get("TENFOLD_SHARED") or ROOT.parent / "shared") / "data" / "pay"
pytestmark = pytest.mark.skipif(not PAY.is_dir(), reason=f"the shared pay data is not at {PAY}")


@pytest.fixture(scope="module")
def later() -> Backtest:
    return backtest(read_ads(PAY / "posted_ranges_train.csv"), read_ads(PAY / "posted_ranges_valid.csv"))


def test_on_later_ads_estimates_beat_the_baseline_surely(later: Backtest) -> None:
    whole = later.scores["tenfold"][0]
    assert whole.n > 8_000
    assert whole.ratio_interval is not None
    assert whole.ratio_interval[1] < 1
    assert (later.scores["cells"][0].ratio or 0) > 1


def test_on_later_ads_the_bands_hold_what_they_promise(later: Backtest) -> None:
    whole, *groups = later.scores["tenfold"]
    assert 0.78 <= whole.cover80 <= 0.82
    assert 0.47 <= whole.cover50 <= 0.53
    for score in groups[:7]:
        assert abs(score.cover80 - 0.8) <= 0.04 + score.cover80_sampling_error, score.group


def test_on_later_ads_the_bands_hold_whatever_the_support() -> None:
    """Within two standard errors in each group of titles by the number of ads known before."""
    train, later = read_ads(PAY / "posted_ranges_train.csv"), read_ads(PAY / "posted_ranges_valid.csv")
    copies = {identity(ad) for ad in train}
    held = [ad for ad in distinct(later) if ad.in_model and identity(ad) not in copies]
    known = count_titles(distinct(ad for ad in train if ad.in_model and ad.row.work_year >= FIRST_YEAR))
    bands = np.log(np.array(fit(train, with_cells=False).predict_all([ad.row for ad in held])))
    logs = np.array([ad.log_midpoint for ad in held])
    inside = (bands[:, 0] <= logs) & (logs <= bands[:, 4])
    groups = np.array([min(1, known[spelt(ad.row.title)]) + group_of(known[spelt(ad.row.title)]) for ad in held])
    for group in np.unique(groups):
        share, n = inside[groups == group].mean(), (groups == group).sum()
        assert abs(share - 0.8) <= 2 * np.sqrt(0.16 / n), (group, n, share)


def test_british_bands_hold_what_they_promise() -> None:
    train, later = read_ads(PAY / "posted_ranges_train.csv"), read_ads(PAY / "posted_ranges_valid.csv")
    result = backtest_abroad(train, later, "GB")
    assert result.score.n > 250
    assert result.cover80_interval[0] <= 0.8 <= result.cover80_interval[1]
    assert result.score.pinball < result.cells.pinball


def test_the_shipped_files_are_what_the_command_makes(tmp_path: Path) -> None:
    model, tables, rates = rebuild(PAY, tmp_path)
    shipped = ROOT / "src" / "tenfold" / "market" / "data"
    assert tables.read_text("utf-8") == (shipped / tables.name).read_text("utf-8")
    made, held = load(model), load(shipped / model.name)
    assert rates.read_text("utf-8") == (shipped / rates.name).read_text("utf-8")
    assert made.tables == held.tables
    assert made.counts == held.counts
    assert made.effects.keys() == held.effects.keys()
    for name, effect in made.effects.items():  # the last digit may fall otherwise on another processor
        assert effect == pytest.approx(held.effects[name], abs=2e-4)
    assert sum(path.stat().st_size for path in shipped.iterdir()) < 2_000_000


def test_upstreams_file_becomes_as_many_ranges_as_were_posted(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.import_file(PAY / "fx_monthly.csv", ExchangeRates())
    batch = store.import_file(PAY / "aijobs_salaries_2025-01-19.csv", AiJobs(store.rates())).batch
    ranges = [one for one in store.observations() if one.max_year > one.min_year]
    posted = {
        (ad.row.title, ad.min_usd_year, ad.max_usd_year)
        for ad in read_ads(PAY / "posted_ranges_train.csv")
        if ad.in_model
    }
    found = {(one.title, one.min_usd_year, one.max_usd_year) for one in ranges if one.country == "US"}
    assert batch.bad == 0
    assert len(posted & found) > 0.9 * len(posted)


def test_the_official_workbook_is_read(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.import_file(PAY / "national_M2024_dl.xlsx", Oews(2024))
    assert store.query("SELECT p50 FROM official WHERE occupation = '15-1252'")[1] == [(133080.0,)]
