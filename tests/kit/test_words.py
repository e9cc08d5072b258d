"""Lists, counts, dates and money in a sentence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.kit.words import inside, join, money_range, on_day, plural, sentence, thousands


@pytest.mark.parametrize(
    ("items", "words"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_in_a_sentence(items: list[str], words: str) -> None:
    assert join(items) == words


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 models"), (1, "1 model"), (1.0, "1 model"), (1.5, "1.5 models"), (3, "3 models")]
)
def test_counts(number: float, words: str) -> None:
    assert plural(number, "model") == words


def test_a_plural_of_its_own() -> None:
    assert plural(2, "person", "people") == "2 people"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Model serving", "model serving"),
        ("CI/CD", "CI/CD"),
        ("ML engineer", "ML engineer"),
        ("Python", "Python"),
        ("", ""),
    ],
)
def test_names_inside_a_sentence(name: str, words: str) -> None:
    assert inside(name) == words


def test_a_sentence_begins_with_a_capital() -> None:
    assert sentence("ML and ops") == "ML and ops"
    assert sentence("too early") == "Too early"
    assert sentence("") == ""


def test_a_day_in_words() -> None:
    assert on_day(date(2026, 11, 8)) == "8 November 2026"


@pytest.mark.parametrize(
    ("amount", "words"), [(950, "950"), (9_999, "9,999"), (10_000, "10k"), (165_000, "165k"), (165_400, "165k")]
)
def test_money_in_prose(amount: float, words: str) -> None:
    assert thousands(amount) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(165_000, 195_000, "165–195k"), (60, 80, "60–80"), (165_000, 165_000, "165k"), (9_000, 12_000, "9,000–12k")],
)
def test_a_range_of_money(low: float, high: float, words: str) -> None:
    assert money_range(low, high) == words


@given(st.lists(st.text("abc", min_size=1), min_size=1))
def test_every_item_of_a_list_is_told(items: list[str]) -> None:
    assert all(item in join(items) for item in items)
