"""Needles never hide a match: whatever an expression finds, its needles stand in the text."""

from __future__ import annotations

import re
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tenfold.kit.expressions import Expression, Sweep
from tenfold.kit.needles import fold, needles_of

LETTERS = "abkisßéµ€019"
ATOMS = st.sampled_from(
    [*LETTERS, "ab", "kis", r"\d", "[ab]", "[0-5]", "[^a]", ".", r"\s", r"\b", "^", "$", "(?=a)", "(?!b)"]
)
SUFFIXES = st.sampled_from(["", "?", "*", "+", "{2}", "{0,2}", "+?"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        several.map("".join),
        several.map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, SUFFIXES).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
        inner.map(lambda part: f"(?={part})"),
    )


EXPRESSIONS = st.recursive(ATOMS, _grown, max_leaves=8)
TEXTS = st.text(alphabet="abkisßéµ€019 ABKISÉẞ٣KſıİμΜ\n", max_size=12)


def _holds(expression: str, flags: int, text: str) -> bool:
    folded = fold(text)
    return all(any(needle in folded for needle in needed) for needed in needles_of(expression, flags))


@pytest.mark.filterwarnings("ignore::FutureWarning")
@given(EXPRESSIONS, TEXTS, st.sampled_from([0, re.IGNORECASE]))
@example("kis", "Kıſ", re.IGNORECASE)
@example("i1", "İ1", re.IGNORECASE)
@example(r"a\d", "a٣", 0)
def test_whatever_matches_holds_the_needles(expression: str, text: str, flags: int) -> None:
    if re.search(expression, text, flags):
        assert _holds(expression, flags, text)


def test_every_letter_that_an_expression_takes_for_a_plain_one_is_folded_to_it() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    for plain in "abcdefghijklmnopqrstuvwxyz0123456789äöüßéèàçñ":
        (needed,) = needles_of(plain * 3, re.IGNORECASE)
        letter = re.compile(plain, re.IGNORECASE)
        taken = letter.findall(every)
        assert {fold(sign * 3) for sign in taken} == needed


@pytest.mark.parametrize(
    ("expression", "needles"),
    [
        (r"(?:teams? of|we are)\s+\d+", [{"team of", "teams of", "we are"}, set("0123456789")]),
        (r"\bon[\s-]?call\b", [{"call"}]),
        (r"(?:paid|unpaid) leave", [{"paid leave"}]),
        (r"\w+(?:ing)?", []),
        (r"colou?r", [{"color", "colour"}]),
        (r"a|bonus", []),
        (r"(?:bonus)?", []),
        (r"(?!never)paid", [{"paid"}]),
    ],
)
def test_needles_are_those_that_a_reader_would_name(expression: str, needles: list[set[str]]) -> None:
    assert sorted(map(sorted, needles_of(expression))) == sorted(map(sorted, needles))


@pytest.mark.filterwarnings("ignore::FutureWarning")
@given(EXPRESSIONS, TEXTS, st.sampled_from([0, re.IGNORECASE]))
def test_an_expression_answers_as_one_of_re(pattern: str, text: str, flags: int) -> None:
    quick, plain = Expression(pattern, flags, sweep=Sweep()), re.compile(pattern, flags)
    assert [found.span() for found in quick.finditer(text)] == [found.span() for found in plain.finditer(text)]
    for ask in ("search", "match", "fullmatch"):
        one, other = getattr(quick, ask)(text), getattr(plain, ask)(text)
        assert (one and one.span()) == (other and other.span())


def test_a_text_without_the_needles_is_not_searched() -> None:
    never = Expression(r"(?:stock options|equity) of \d+ %", sweep=Sweep())
    assert never.search("We pay well and on time.") is None
    assert "regex" not in vars(never)


def test_threads_share_a_sweep_while_others_add_to_it() -> None:
    """Whoever asks gets the answer of `re`, while modules of the program are still being imported elsewhere."""
    words = [f"tool{n} and skill{n}" for n in range(300)]
    text = " ".join(words[::3])
    sweep = Sweep()

    def ask(start: int) -> list[bool]:
        return [Expression(word, sweep=sweep).search(text) is not None for word in words[start::4]]

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads get in each other's way as often as they can
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(ask, range(4)))
    finally:
        sys.setswitchinterval(usual)
    assert found == [[word in text for word in words[start::4]] for start in range(4)]
