"""Groups of titles by the number of ads known: titles of which few are known get wider bands (`widening`)."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable

from tenfold.market.ads import Ad
from tenfold.market.features import words_of

FROM_ADS = (0, 5, 20, 100, 500, 2000)
"""Groups of titles begin at so many known ads."""
NO_WIDENING = (1.0,) * len(FROM_ADS)
HORIZON_DAYS = 90


def spelt(title: str) -> str:
    """The title as the model knows it: words in order, short forms spelt out."""
    return " ".join(words_of(title))


def count_titles(ads: Iterable[Ad]) -> Counter[str]:
    """Ads by title; `ads` are distinct."""
    return Counter(spelt(ad.row.title) for ad in ads)


def group_of(ads: int) -> int:
    """The index in FROM_ADS of a title of which so many ads are known."""
    return bisect_right(FROM_ADS, ads) - 1
