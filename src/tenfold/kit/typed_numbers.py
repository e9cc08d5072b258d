"""Numbers as people type them, in US, UK, German, French, Swiss and Indian habits: one reader for all that is typed.

`65,000`, `65.000`, `65 000`, `65'000`, `65k` and `€65.000,00` are one amount; `1,5 %` is 1.5. Where a figure could be
two numbers it is refused in words, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_SIGNS = r"[$€£¥₹]|US\$|CHF|Fr\.?|Rs\.?|kr|zł|[A-Z]{3}(?![A-Za-z])"
_BEFORE = re.compile(rf"^(?:{_SIGNS})\s*")
_AFTER = re.compile(rf"\s*(?:{_SIGNS}|[.,][-–—])\s*$")
_TIMES: Mapping[str, float] = {
    "": 1,
    "k": 1e3,
    "tsd": 1e3,
    "m": 1e6,
    "mio": 1e6,
    "b": 1e9,
    "lakh": 1e5,
    "lakhs": 1e5,
    "l": 1e5,
    "cr": 1e7,
    "crore": 1e7,
    "crores": 1e7,
}
_SCALED = re.compile(r"^(.*?\d)\s*([A-Za-z]*)\.?$", re.DOTALL)
_SPACES = r"\u00a0\u202f\u2009 "
_PLAIN = re.compile(r"\d+")
_POINT = re.compile(r"(\d+)[.,](\d+)")
_GROUPED = re.compile(rf"(\d{{1,3}})((?:([,.'’_{_SPACES}])\d{{3}})(?:\3\d{{3}})*)(?:([.,])(\d{{1,2}}))?")
_INDIAN = re.compile(r"(\d{1,2}(?:,\d{2})+,\d{3})(?:\.(\d{1,2}))?")


class NotANumber(ValueError):
    """What was typed is no number, or could be two; the message says which and what to write."""


def read_amount(typed: str, *, is_price: bool = False) -> float:
    """An amount; `is_price` where three decimals are usual, so that `2.125` is two and an eighth.

    Raises:
        NotANumber: it is none, or could be two.
    """
    text = typed.strip()
    bare = _AFTER.sub("", _BEFORE.sub("", text)).strip()
    scaled = _SCALED.match(bare)
    times = _TIMES.get(scaled[2].casefold()) if scaled else None
    if scaled is None or times is None:
        raise _none_of(typed)
    value = _figure(scaled[1].strip(), typed, is_price=is_price or times > 1)
    return _round(value * times)


def read_percent(typed: str) -> float:
    """A percentage, with or without its sign: `35`, `1,5 %`, `12.5 percent`.

    Raises:
        NotANumber: it is none.
    """
    text = re.sub(r"\s*(?:%|percent|per cent|prozent)\s*$", "", typed.strip(), flags=re.IGNORECASE)
    if _PLAIN.fullmatch(text):
        return float(text)
    if found := _POINT.fullmatch(text):
        return float(f"{found[1]}.{found[2]}")
    raise NotANumber(f"“{typed}” is not a percentage; write 35, 12.5 or 1,5 %")


def _figure(text: str, typed: str, *, is_price: bool) -> float:
    if _PLAIN.fullmatch(text):
        return float(text)
    point = _POINT.fullmatch(text)
    if point and (len(point[2]) != 3 or len(point[1]) > 3 or point[1] == "0" or (is_price and "." in text)):
        return float(f"{point[1]}.{point[2]}")
    if point and is_price:
        raise NotANumber(f"“{typed}” could be {point[1]}.{point[2]} or {point[1]}{point[2]}; write it with a point")
    if (found := _GROUPED.fullmatch(text)) and found[4] != found[3]:
        return float(re.sub(r"\D", "", found[1] + found[2]) + "." + (found[5] or "0"))
    if found := _INDIAN.fullmatch(text):
        return float(found[1].replace(",", "") + "." + (found[2] or "0"))
    raise _none_of(typed)


def _round(value: float) -> float:
    """Without the dust that a factor leaves (`165.1k` is 165,100)."""
    return float(f"{value:.12g}")


def _none_of(typed: str) -> NotANumber:
    return NotANumber(f"“{typed}” is not an amount; write 165000, 165,000, 165.000 or 165k")
