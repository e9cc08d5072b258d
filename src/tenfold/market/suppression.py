"""Which cells may be shown so that no small one can be worked out, not even as the difference of two shown figures.

The house rules `market.min_ads_*` say how many: a cell is shown from five observations unless they are edited. Where a
whole and some of its parts are shown, what is left over (the whole less the shown parts) must be nothing or as many as
well; otherwise the smallest shown part is withheld too, until it is.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from tenfold.kit.facts import load

_Key = TypeVar("_Key", bound=Hashable)


def least_for_median() -> int:
    """How many observations a median, or a cell at all, is shown from."""
    return int(load().number("market.min_ads_median"))


def least_for_quartiles() -> int:
    return int(load().number("market.min_ads_quartiles"))


def least_for_deciles() -> int:
    return int(load().number("market.min_ads_deciles"))


def is_shown(parts: Mapping[_Key, int], *, least: int | None = None, whole_is_shown: bool = True) -> set[_Key]:
    """The parts that may be shown beside their whole; `least` is `least_for_median` where it is not given.

    >>> sorted(shown({"a": 20, "b": 8, "c": 3}))  # 3 alone would be 31 - 28: b goes too
    ['a']
    """
    least = least_for_median() if least is None else least
    held = {key for key, n in parts.items() if n >= least}
    if not whole_is_shown:
        return held
    whole = sum(parts.values())
    while held and 0 < whole - sum(parts[key] for key in held) < least:
        held.remove(min(held, key=lambda key: (parts[key], str(key))))
    return held
