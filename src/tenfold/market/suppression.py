"""Which cells may be shown so that no small one can be worked out, not even as the difference of two shown figures.

House rules (facts `market.min_ads_*`): a cell is shown from five observations. Where a whole and some of its parts are
shown, what is left over (the whole less the shown parts) must be nothing or five or more as well; otherwise the
smallest shown part is withheld too, until it is.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

MIN_SHOWN = 5
_Key = TypeVar("_Key", bound=Hashable)


def shown(parts: Mapping[_Key, int], *, least: int = MIN_SHOWN, whole_is_shown: bool = True) -> set[_Key]:
    """The parts that may be shown beside their whole.

    >>> sorted(shown({"a": 20, "b": 8, "c": 3}))  # 3 alone would be 31 - 28: b goes too
    ['a']
    """
    held = {key for key, n in parts.items() if n >= least}
    if not whole_is_shown:
        return held
    whole = sum(parts.values())
    while held and 0 < whole - sum(parts[key] for key in held) < least:
        held.remove(min(held, key=lambda key: (parts[key], str(key))))
    return held
