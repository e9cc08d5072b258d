"""How far off borrowed medians are where the answer is known: each cell's ads are left out of the fit, and estimated.

    python -m benchmarks.pay_borrowing ADS.csv [--least 20]

ADS are posted ranges as `tenfold pay fit` reads them. A cell is a role at a level with at least `--least` ads; its own
median is that of the cell fitted with its ads, which for few ads leans on others as well.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from tenfold.catalogue.titles import read_title
from tenfold.market.ads import Ad, read_ads
from tenfold.market.borrowing import borrow
from tenfold.market.fit import fit
from tenfold.market.level_codes import level_of
from tenfold.market.model import Z95


def key_of(ad: Ad) -> tuple[str, str | None]:
    return read_title(ad.row.title).role, level_of(ad.row.title, ad.row.level_code)


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("ads", type=Path)
    arguments.add_argument("--least", type=int, default=20)
    given = arguments.parse_args()
    ads = read_ads(given.ads)
    known = {(one.role, one.level): one for one in fit(ads).cells.values() if one.workplace == "any"}
    errors, within = [], 0
    for key, own in sorted(known.items()):
        if own.n_raw < given.least:
            continue
        lent = borrow(*key, fit([ad for ad in ads if key_of(ad) != key]).cells.values())
        if lent is None:
            print(f"{key[0]:18} {key[1]:10} nothing lends")
            continue
        error = own.median_log - lent.cell.median_log
        held = abs(error) <= Z95 * math.hypot(lent.cell.median_sd_log, own.median_sd_log)
        errors.append(error)
        within += held
        off = f"{100 * math.expm1(error):+5.1f} %"
        print(f"{key[0]:18} {key[1]:10} n {own.n_raw:5} off by {off}  {'' if held else 'outside'}")
    typical = math.sqrt(sum(error * error for error in errors) / len(errors))
    print(f"{len(errors)} cells: off by {100 * math.expm1(typical):.1f} % typically, {within} within the 95 % interval")


if __name__ == "__main__":
    main()
