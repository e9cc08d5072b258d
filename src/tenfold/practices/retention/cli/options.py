"""What the commands of retention share: formats, days, ranges, numbers in tables."""

from __future__ import annotations

import json as json_text
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.kit.errors import Place, UserError

if TYPE_CHECKING:
    from tenfold.connectors.tables import Row, Table
    from tenfold.practices.retention.departure import Range


class Format(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"


DAYS = ["%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d"]
FormatOption = Annotated[Format, typer.Option("--format", help="text or json.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
OrderOption = Annotated[
    str | None, typer.Option("--date-order", help="dmy or mdy, where the dates themselves do not decide.")
]


def emit(values: Mapping[str, Any], text: str, *, as_json: bool) -> None:
    typer.echo(json_text.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) if as_json else text)


def number_in(table: Table, row: Row, column: str, *, is_money: bool = False) -> float:
    """The number in a cell, with either country's marks.

    Raises:
        UserError: it is none.
    """
    from tenfold.connectors.tables import parse_number

    cell = row.cells[table.position(column)]
    try:
        return parse_number(cell, is_money=is_money)
    except ValueError:
        place = Place(file=table.name, line=row.line, field=column)
        raise UserError(f"“{cell}” is no number.", remedy="Write it in digits.", place=place) from None


def parse_range(words: str) -> Range:
    """`0.5/1/3` as least, likely and most; one figure is all three.

    Raises:
        UserError: it is no range.
    """
    from tenfold.practices.retention.departure import Range

    try:
        parts = [float(part) for part in words.split("/")]
    except ValueError:
        parts = []
    if len(parts) not in (1, 3):
        raise UserError(f"“{words}” is no range.", remedy="Write least, likely and most: 0.5/1/3.")
    return Range(parts[0], parts[len(parts) // 2], parts[-1])
