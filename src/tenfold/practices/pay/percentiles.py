"""Percentiles in words."""

from __future__ import annotations


def share_paying_more(percentile: float) -> str:
    """How many pay more, in words that never say more than the figure does."""
    share = 100 - percentile
    if share >= 95:
        return "Nearly all"
    words = {9: "Nine in ten", 8: "Four in five", 7: "Seven in ten", 6: "Three in five"}
    return words.get(int(share // 10), f"{share:.0f} % of")


def ordinal(percentile: float) -> str:
    number = max(1, round(percentile))
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
