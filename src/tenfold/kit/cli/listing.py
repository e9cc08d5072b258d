"""Lists in the terminal: a bold head, what it says, where it is from."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

WIDEST = 100


class Listing:
    """Writes items to standard output; wide terminals get no wider lines than can be read."""

    def __init__(self) -> None:
        self.console = Console(highlight=False, emoji=False, markup=False)
        self.width = min(self.console.width, WIDEST)

    def item(self, head: Text | str, says: str, *asides: str) -> None:
        self.console.print(head if isinstance(head, Text) else Text(head, style="bold"), width=self.width)
        self._below(Text(says))
        for aside in asides:
            if aside:
                self._below(Text(aside, style="dim"))

    def table(self, columns: dict[str, bool], rows: Sequence[tuple[str, ...]]) -> None:
        """Plain columns by name; those that are True may wrap, the others keep their words together."""
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
        for name, wraps in columns.items():
            table.add_column(name, no_wrap=not wraps, overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self.console.print(table, width=self.width)

    def total(self, count: int, what: str) -> None:
        self.console.print(Text(f"\n{count:,} {what}{'' if count == 1 else 's'}", style="dim"))

    def _below(self, text: Text) -> None:
        self.console.print(Padding(text, (0, 0, 0, 2)), width=self.width)
