"""The report in a terminal: 80 columns, sixteen colours, and the same without colour or Unicode."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from tenfold.audit.registry import PRACTICES
from tenfold.audit.renderers.terminal import Terminal, plain_text
from tenfold.audit.report import Report, report
from tests.audit.sample import POSTING, sample


def drawn(*reports: Report, width: int = 80, colour: bool = False, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    console = Console(
        file=stream, width=width, color_system="standard" if colour else None, force_terminal=colour, highlight=False,
        emoji=False, markup=False, legacy_windows=False,
    )  # fmt: skip
    Terminal(console=console).show(reports)
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(sample_report: Report, width: int) -> None:
    assert max(len(line) for line in drawn(sample_report, width=width).splitlines()) <= width


def test_the_answer_stands_before_the_strip_and_the_strip_before_the_findings(sample_report: Report) -> None:
    text = drawn(sample_report)
    order = [text.index(part) for part in ("Not ready to publish.", "Requirements    Pay", "Pay  ✕ Fix", "Sources")]
    assert order == sorted(order)


def test_the_strip_keeps_its_order_in_two_rows_of_five(sample_report: Report) -> None:
    lines = drawn(sample_report).splitlines()
    names = next(at for at, line in enumerate(lines) if line.startswith("Requirements    Pay"))
    assert lines[names].split() == [practice.title for practice in PRACTICES[:5]]
    assert lines[names - 1].split() == ["◐", "✕", "✕", "◐", "◐"]
    assert lines[names + 3].split() == [practice.title for practice in PRACTICES[5:]]


def test_a_finding_reads_as_an_editor_s_note(sample_report: Report) -> None:
    text = plain_text([sample_report], width=80)
    assert (
        """\
  Two people set the hire's priorities.
    “Lead a team of three engineers and report to the VP of Data, with
    priorities set by Product”
  A matrix makes the hire the place where two teams' disagreements are settled.
  [3]
  → Keep one line; make the other a dotted line for advice.
"""
        in text
    )


def test_questions_name_their_field(sample_report: Report) -> None:
    assert "? Is there a ladder for this role? growth.ladder" in drawn(sample_report)


def test_colours_are_the_sixteen_every_terminal_has(sample_report: Report) -> None:
    coloured = drawn(sample_report, colour=True)
    assert "\x1b[" in coloured
    assert "38;5" not in coloured
    assert "38;2" not in coloured
    assert "48;5" not in coloured


def test_states_can_be_told_without_colour(sample_report: Report) -> None:
    text = drawn(sample_report)
    for told in ("Pay  ✕ Fix", "Scope  ◐ Review", "Growth  ? Unanswered", "Timing  ✓ Good"):
        assert told in text


def test_an_ascii_terminal_gets_ascii(sample_report: Report) -> None:
    text = drawn(sample_report, encoding="ascii")
    assert "Pay  x Fix" in text
    assert "-> Raise the range to 165-195k" in text
    assert '"$130,000 - $165,000, plus bonus."' in text


def test_several_reports_begin_with_a_table_of_their_strips(sample_report: Report) -> None:
    first = drawn(sample_report, sample_report).split("Senior MLOps Engineer")[0].splitlines()
    assert next(line for line in first if line.startswith("posting.md")).split()[1:] == [
        "◐", "✕", "✕", "◐", "◐", "✓", "✕", "?", "?", "✓"
    ]  # fmt: skip


def test_a_posting_cannot_move_the_cursor() -> None:
    hostile = report(sample(POSTING.replace("plus bonus", "plus \x1b[2J\x1b]0;owned\x07 bonus [bold red]x[/]")))
    assert "\x1b" not in drawn(hostile)
    assert "\x07" not in drawn(hostile)
