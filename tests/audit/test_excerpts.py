"""Evidence in place: sentences around the words, and the posting with every place marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tenfold.audit.excerpts import Span, excerpts, marked_posting, spans_of
from tenfold.kit.findings import Quote
from tenfold.posting.model import PostingReading
from tenfold.posting.reading import read

TEXT = """\
We are hiring. You bring deep Kubernetes and expert Spark, and you lead a team. You write well.

- Ten years of Terraform
"""


def quote(reading: PostingReading, words: str) -> Quote:
    at = reading.text.index(words)
    return Quote(words, "posting", at, at + len(words))


def shown(reading: PostingReading, *words: str) -> list[str]:
    """Excerpts with the marked words in brackets."""
    return [
        "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in excerpt.pieces)
        for excerpt in excerpts(reading, [quote(reading, word) for word in words])
    ]


def test_a_quote_is_shown_in_its_sentence() -> None:
    assert shown(read(TEXT), "lead a team") == ["You bring deep Kubernetes and expert Spark, and you [lead a team]."]


def test_quotes_of_one_sentence_share_it() -> None:
    assert shown(read(TEXT), "expert Spark", "deep Kubernetes") == [
        "You bring [deep Kubernetes] and [expert Spark], and you lead a team."
    ]


def test_a_bullet_is_shown_without_its_dash() -> None:
    assert shown(read(TEXT), "Terraform") == ["Ten years of [Terraform]"]


def test_a_long_sentence_is_cut_at_words_on_both_sides() -> None:
    reading = read("We want " + "very good people " * 20 + "with Kubernetes " + "and other fine things " * 20 + "here.")
    (only,) = shown(reading, "Kubernetes")
    assert only.startswith("… ")
    assert only.endswith(" …")
    assert "[Kubernetes]" in only
    assert len(only) < 220
    assert set(only.replace("…", "").replace("[", "").replace("]", "").split()) <= set(reading.text.split())


def test_quotes_of_the_plan_are_not_places_in_the_posting() -> None:
    reading = read(TEXT)
    assert spans_of(reading, [Quote("pay.min: 10", "pay.min"), Quote("x", "posting", 5, 5_000)]) == []


def test_a_finding_s_words_are_marked_in_the_whole_posting() -> None:
    reading = read(TEXT)
    at = reading.text.index("deep Kubernetes")
    blocks = marked_posting(reading, {"f": [Span(at, at + 15)], "g": [Span(at + 5, at + 15)]})
    marked = [piece for block in blocks for piece in block.pieces if piece.marked]
    assert [(piece.text, piece.findings) for piece in marked] == [("deep ", ("f",)), ("Kubernetes", ("f", "g"))]
    assert [piece.anchor for piece in marked] == [f"at-{at}", f"at-{at + 5}"]


@given(st.text(min_size=1, max_size=400), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60)), max_size=6))
def test_no_text_and_no_span_is_ever_lost_or_doubled(text: str, places: list[tuple[int, int]]) -> None:
    reading = read(text)
    quotes = [Quote("", "posting", start, start + length) for start, length in places]
    spans = spans_of(reading, quotes)
    for block, line in zip(marked_posting(reading, {"f": spans}), reading.lines, strict=bool(reading.lines)):
        assert "".join(piece.text for piece in block.pieces) == reading.text[line.start : line.end]
    for excerpt in excerpts(reading, quotes):
        assert any(piece.marked for piece in excerpt.pieces) or not excerpt.plain.strip(" …")
