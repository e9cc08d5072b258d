"""The report in a terminal: sixteen colours, 80 columns and more, and the same without colour or Unicode."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tenfold.audit.excerpts import MOST_EXCERPTS, Excerpt
from tenfold.audit.report import Cell, FindingView, QuestionView, Report, Section
from tenfold.audit.wording import ASCII_MARKS, STATE_MARKS, STATE_WORDS, day
from tenfold.kit.findings import Severity, State

WIDEST = 92
INK = {
    State.FIX: "bold white on red",
    State.REVIEW: "bold black on yellow",
    State.UNANSWERED: "bold reverse dim",
    State.GOOD: "bold white on green",
}
WORD = {State.FIX: "bold red", State.REVIEW: "yellow", State.UNANSWERED: "bold", State.GOOD: "green"}
_TO_ASCII = str.maketrans(
    {"→": "->", "“": '"', "”": '"', "’": "'", "‘": "'", "…": "...", "–": "-", "—": "-", "·": "-", "•": "*", "≤": "<=",
     "≥": ">=", "×": "x", "─": "-", "│": "|", "\u00a0": " ", "\u202f": " "}
)  # fmt: skip


class Terminal:
    """Draws reports on a stream. Falls back to ASCII where the stream cannot write the marks."""

    def __init__(
        self, stream: TextIO | None = None, *, width: int | None = None, console: Console | None = None
    ) -> None:
        self.console = console or Console(file=stream, width=width, highlight=False, emoji=False, markup=False)
        self.ascii = not _writes(self.console.encoding, "✓◐✕→“”…–")
        self.width = min(self.console.width, WIDEST)

    def show(self, reports: Sequence[Report]) -> None:
        """Several reports begin with a table of their strips."""
        if len(reports) > 1:
            self._print(self._overview(reports), Text(""))
        for report in reports:
            self._print(*self._whole(report))

    def _print(self, *parts: RenderableType) -> None:
        for part in parts:
            self.console.print(part, width=self.width, soft_wrap=False)

    def _whole(self, report: Report) -> Iterator[RenderableType]:
        head = report.headline
        yield Text("")
        yield self._text(report.title, "bold")
        yield self._text(" · ".join(report.facts_line), "dim")
        yield Text("")
        answer = Text().append(self._plain(head.opening), style="bold")
        yield answer.append(self._plain("".join(f" {part}" for part in (*head.points, head.closing) if part)))
        yield Text("")
        yield self.strip(report.strip)
        for section in report.sections:
            if section.state is not State.GOOD:
                yield from self._section(section)
        yield from self._good([section for section in report.sections if section.state is State.GOOD])
        yield from self._sources(report)

    def strip(self, cells: Sequence[Cell]) -> RenderableType:
        """Ten marks with their names; two rows of five where ten do not fit."""
        names = max(len(cell.title) for cell in cells)
        across = len(cells) if self.width >= (names + 1) * len(cells) else len(cells) // 2
        width = min((self.width + 1) // across - 1, names + 4)
        rows = []
        for first in range(0, len(cells), across):
            row = Table.grid(padding=(0, 1, 0, 0))
            for _ in range(across):
                row.add_column(width=width, no_wrap=True)
            some = cells[first : first + across]
            row.add_row(*(self._block(cell.state, width) for cell in some))
            row.add_row(*(self._text(cell.title) for cell in some))
            rows.append(row)
        return Group(*_between(rows, Text("")))

    def _block(self, state: State, width: int) -> Text:
        if state is State.UNANSWERED:
            hatch = ("/ " if self.ascii else "╱") * width
            side = (width - 3) // 2
            return Text(f"{hatch[:side]} ? {hatch[: width - side - 3]}", style="bold")
        return Text(self.mark(state).center(width), style=INK[state])

    def mark(self, state: State) -> str:
        return (ASCII_MARKS if self.ascii else STATE_MARKS)[state]

    def _section(self, section: Section) -> Iterator[RenderableType]:
        yield Text("")
        yield self._rule(section)
        for note in section.notes:
            yield self._indent(self._note(note))
        if section.asks:
            yield self._indent(self._asks(section.asks, alone=not section.notes))

    def _rule(self, section: Section) -> Text:
        title = Text().append(f"{section.practice.title}  ", style="bold")
        title.append(f"{self.mark(section.state)} {section.word}", style=WORD[section.state])
        title.append(self._plain(f"  {section.practice.promise} "), style="dim")
        line = ("-" if self.ascii else "─") * max(0, self.width - title.cell_len)
        return title.append(line, style="dim")

    def _note(self, note: FindingView) -> Iterator[RenderableType]:
        finding = note.finding
        lead = "Worth knowing: " if finding.severity is Severity.NOTE else ""
        yield Text().append(lead).append(self._plain(finding.what), style="bold")
        for excerpt in note.excerpts[:MOST_EXCERPTS]:
            yield Padding(self._excerpt(excerpt), (0, 0, 0, 2))
        if len(note.excerpts) > MOST_EXCERPTS:
            yield Padding(self._text(f"and {len(note.excerpts) - MOST_EXCERPTS} more places", "dim"), (0, 0, 0, 2))
        for answer in note.answers:
            quoted = Text().append(self._plain(f"{answer.field}: "), style="cyan").append(self._plain(answer.value))
            yield Padding(quoted.append(f"  line {answer.line}" if answer.line else "", style="dim"), (0, 0, 0, 2))
        why = self._text(finding.why)
        yield why.append(_marks(note.sources), style="blue")
        yield self._hanging("→ ", finding.fix, "bold blue")
        if finding.flips:
            yield self._hanging("", f"What would change this: {finding.flips}", "dim")

    def _excerpt(self, excerpt: Excerpt) -> Text:
        quoted = Text(self._plain("“"))
        for piece in excerpt.pieces:
            quoted.append(self._plain(piece.text), style="black on yellow" if piece.marked else "")
        return quoted.append(self._plain("”"))

    def _asks(self, asks: Iterable[QuestionView], *, alone: bool) -> Iterator[RenderableType]:
        yield self._text("Unknown: answer these." if alone else "Still unknown: answer these.", "bold")
        for ask in asks:
            yield self._hanging("? ", ask.ask, "bold", field=ask.field)

    def _good(self, sections: Sequence[Section]) -> Iterator[RenderableType]:
        for section in sections:
            yield Text("")
            yield self._rule(section)
            for line in section.observations:
                yield Padding(self._text(line.text + _marks(line.sources), "dim"), (0, 0, 0, 2))
            for note in section.notes:
                yield self._indent(self._note(note))

    def _sources(self, report: Report) -> Iterator[RenderableType]:
        if not report.sources:
            return
        yield Text("")
        yield self._text("Sources", "bold")
        for source in report.sources:
            dates = sorted({figure.as_of for figure in source.figures})
            marks = dict.fromkeys(figure.evidence.value for figure in source.figures)
            told = f"{source.name}, {day(dates[-1])} ({', '.join(marks)})" if dates else source.name
            yield self._hanging(f"[{source.number}] ", told, "blue")
            if source.url:
                yield Padding(self._text(source.url, "dim"), (0, 0, 0, len(f"[{source.number}] ")))

    def _overview(self, reports: Sequence[Report]) -> RenderableType:
        table = Table.grid(padding=(0, 1, 0, 0))
        names = max(8, min(self.width - 4 * len(reports[0].strip) - 1, max(len(report.name) for report in reports)))
        table.add_column(width=names, no_wrap=True)
        for _ in reports[0].strip:
            table.add_column(width=3, justify="center", no_wrap=True)
        table.add_row("", *(self._text(cell.title[:3], "dim") for cell in reports[0].strip))
        for report in reports:
            cells = (Text(f" {self.mark(cell.state)} ", style=INK[cell.state]) for cell in report.strip)
            name = report.name if len(report.name) <= names else f"…{report.name[1 - names :]}"
            table.add_row(self._text(name), *cells)
        legend = "   ".join(
            f"{self.mark(state)} {STATE_WORDS[state].lower()}" for state in State if state is not State.HIDDEN
        )
        return Group(table, Text(""), self._text(legend, "dim"))

    def _indent(self, parts: Iterable[RenderableType]) -> RenderableType:
        return Padding(Group(*parts), (1, 0, 0, 2))

    def _hanging(self, lead: str, words: str, style: str, *, field: str = "") -> RenderableType:
        row = Table.grid()
        lead = self._plain(lead)
        row.add_column(width=len(lead), no_wrap=True)
        row.add_column(ratio=1)
        row.expand = True
        said = self._text(words, "dim" if style == "dim" else "")
        row.add_row(Text(lead, style=style), said.append(self._plain(f" {field}") if field else "", style="cyan"))
        return row

    def _text(self, words: str, style: str = "") -> Text:
        return Text(self._plain(words), style=style)

    def _plain(self, words: str) -> str:
        """Without control characters, which could move the cursor; in ASCII where the stream needs it."""
        words = "".join(character if character.isprintable() else " " for character in words)
        if not self.ascii:
            return words
        return words.translate(_TO_ASCII).encode("ascii", "replace").decode("ascii")


def _writes(encoding: str, characters: str) -> bool:
    try:
        characters.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _between(parts: Sequence[RenderableType], gap: RenderableType) -> Iterator[RenderableType]:
    for index, part in enumerate(parts):
        if index:
            yield gap
        yield part


def plain_text(reports: Sequence[Report], *, width: int) -> str:
    """The same without colour, for a file."""
    out = io.StringIO()
    Terminal(
        console=Console(file=out, width=width, color_system=None, highlight=False, emoji=False, markup=False)
    ).show(reports)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _marks(numbers: Iterable[int]) -> str:
    return "".join(f" [{number}]" for number in numbers)
