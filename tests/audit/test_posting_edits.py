"""A posting that asks for less: what is left out is no longer read, and all else is read as before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenfold.audit.posting_edits import PostingEdits, changed_lines, edit_posting, posting_demands
from tenfold.posting.reading import read

TEXTS = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[1] / "posting" / "stated").glob("*.md"))
}
LISTED = [name for name, text in TEXTS.items() if posting_demands(text).lines]


def skills(text: str) -> set[tuple[str, str]]:
    return {(tool.skill_id, tool.demand.value) for tool in read(text).tools}


def test_most_postings_list_what_they_ask_for() -> None:
    assert len(LISTED) >= 0.7 * len(TEXTS)


@pytest.mark.parametrize("name", TEXTS)
def test_without_a_change_the_text_is_the_same(name: str) -> None:
    assert edit_posting(TEXTS[name], PostingEdits()) == TEXTS[name]
    assert edit_posting(TEXTS[name], PostingEdits(title=posting_demands(TEXTS[name]).title)) == TEXTS[name]


@pytest.mark.parametrize("name", LISTED)
def test_a_line_left_out_asks_for_nothing_more_and_nothing_new_is_asked(name: str) -> None:
    text = TEXTS[name]
    for line in posting_demands(text).lines:
        after = edit_posting(text, PostingEdits(left_out=frozenset({line.number})))
        assert changed_lines(text, after) == ((False, changed_lines(text, after)[0][1]),)
        assert {skill for skill, _ in skills(after)} <= {skill for skill, _ in skills(text)}
        alone = {tool.skill_id for tool in read(f"# Job\n\n## Requirements\n\n- {line.words}\n").tools}
        elsewhere = {skill for skill, _ in skills(text.replace(line.words, "", 1))}
        assert not (alone - elsewhere) & {skill for skill, _ in skills(after)}


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if posting_demands(text).years])
@pytest.mark.parametrize("years", ["1", "12"])
def test_other_years_are_read_as_such(name: str, years: str) -> None:
    after = read(edit_posting(TEXTS[name], PostingEdits(years=years)))
    assert after.years_min is not None
    assert after.years_min.value == int(years)


@pytest.mark.parametrize("name", TEXTS)
def test_another_title_is_read_as_such(name: str) -> None:
    if not posting_demands(TEXTS[name]).title:
        pytest.skip("the title is not in the text as it was read")
    after = read(edit_posting(TEXTS[name], PostingEdits(title="Principal ML Platform Engineer")))
    assert after.title is not None
    assert "Principal ML Platform Engineer" in after.title.value


def test_pay_is_said_only_where_the_text_is_silent() -> None:
    silent = "# MLOps Engineer\n\n## Requirements\n\n- Python\n- Kubernetes\n"
    said = "Base pay: 72,000–88,000 EUR a year"
    after = read(edit_posting(silent, PostingEdits(pay=said)))
    assert after.pay is not None
    assert (after.pay.min, after.pay.max, after.pay.currency) == (72_000, 88_000, "EUR")
    spoken = TEXTS["lantern"]
    assert edit_posting(spoken, PostingEdits(pay=said)) == spoken


def test_what_is_not_in_the_text_literally_is_not_offered() -> None:
    page = "<html><body><h1>MLOps Engineer</h1><h2>Requirements</h2><ul><li>Python</li><li>Go</li></ul></body></html>"
    assert posting_demands(page).lines == ()
