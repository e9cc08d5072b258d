"""A table of durations and whether they have ended, where no dates are known."""

from __future__ import annotations

from tenfold.connectors.tables import Row, Table, require_rows
from tenfold.kit.errors import Place, UserError
from tenfold.stats.survival import Spell

YES = frozenset({"1", "1.0", "true", "yes", "y", "t", "x", "ja", "oui", "si", "sí"})
NO = frozenset({"", "0", "0.0", "false", "no", "n", "f", "nein", "non"})


def read_durations(table: Table, *, duration: str, event: str, per_year: float) -> list[Spell]:
    """Spells in years.

    Raises:
        UserError: a column is missing, or a cell is no duration or no yes or no.
    """
    at, whether = require_rows(table).position(duration), table.position(event)
    return [
        Spell(_number(table, row, at) / per_year, _is_yes(table, row, whether))
        for row in table.rows
        if row.cells[at] or row.cells[whether]
    ]


def _number(table: Table, row: Row, at: int) -> float:
    cell = row.cells[at].replace(" ", "")
    plain = cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell
    try:
        value = float(plain)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e6:
        raise UserError(
            f"“{row.cells[at]}” is no duration.",
            remedy="Durations are positive numbers.",
            place=Place(file=table.name, line=row.line, field=table.header[at]),
        )
    return value


def _is_yes(table: Table, row: Row, at: int) -> bool:
    word = row.cells[at].casefold()
    if word not in YES | NO:
        raise UserError(
            f"“{row.cells[at]}” does not say whether this has ended.",
            remedy="Write 1 for ended and 0 for still going on.",
            place=Place(file=table.name, line=row.line, field=table.header[at]),
        )
    return word in YES
