"""Rebuilds the model and tables shipped with the package from their sources. Reads and writes files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tenfold.kit.writing import write_whole
from tenfold.market import model as model_file
from tenfold.market.ads import read_ads
from tenfold.market.fit import fit
from tenfold.market.fx import yearly_rates
from tenfold.market.places import fit_places

# The later file does not say in which week an ad appeared: the middle of its span, 26 January to 3 August
# 2025.
LATER_ADS_SEEN = date(2025, 5, 1)
SOURCES = (
    "ai-jobs.net posted ranges first seen to 2025-01-19 (CC0)",
    "ai-jobs.net posted ranges first seen 2025-01-26 to 2025-08-03 (CC0)",
)


def rebuild(pay_data: Path, target: Path) -> list[Path]:
    """Writes `pay-model.json`, `pay-places.json` and `fx-yearly.json` into `target` from the pay folder of the data."""
    ads = read_ads(pay_data / "posted_ranges_train.csv")
    ads += read_ads(pay_data / "posted_ranges_valid.csv", undated=LATER_ADS_SEEN)
    model, tables = target / "pay-model.json", target / "pay-places.json"
    write_whole(model, model_file.to_json(fit(ads, made_from=SOURCES)))
    write_whole(
        tables,
        fit_places(
            pay_data / "oews_metro_2025.csv",
            pay_data / "oews_national_2019_2025.csv",
            pay_data / "lca_metro_soc_fy2025.csv",
            pay_data / "lca_title_pay_fy2025.csv",
        ),
    )
    rates = target / "fx-yearly.json"
    write_whole(rates, yearly_rates(pay_data / "fx_yearly.csv", pay_data / "aijobs_salaries_2025-01-19.csv"))
    return [model, tables, rates]
