"""Named columns of a CSV file as people export them: comma or semicolon, decimal point or comma, gaps, encodings."""

from __future__ import annotations

import csv
import difflib
import io
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tenfold.kit.errors import Place, UserError
from tenfold.kit.words import join

DELIMITERS = (",", ";", "\t", "|")
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "–", "—", ".", "?", "missing", "#n/a", "#na"})
NOT_RATED = frozenset(
    {"not rated", "no rating", "unrated", "nr", "n/r", "n.a.", "n.a", "k.a.", "k. a.", "keine angabe", "nicht bewertet"}
    | {"nd", "n.d.", "non noté", "--", "---", "absent", "no show", "no-show", "abstained", "skipped"}
)
"""Words that people write where there is no rating."""
MOST_BYTES = 500_000_000
MOST_TITLES, LONGEST_HEAD = 10, 100_000
"""Lines that may stand above the header, and characters in which they are looked for."""
YES = frozenset({"1", "yes", "y", "true", "ja", "oui", "si", "sí", "x"})
NO = frozenset({"0", "no", "n", "false", "nein", "non"})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file: the cells of the columns asked for, stripped; an absent cell is empty."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the columns asked for, in that order. Lines count from 1 and include the header."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def place(self, row: Row, column: str) -> Place:
        return Place(file=self.name, line=row.line, field=column)


def read_table(file: str, columns: Sequence[str]) -> Table:
    """The columns of a CSV file (`-` reads standard input), whatever separates its cells.

    Raises:
        UserError: the file cannot be read, is no CSV, or lacks a column.
    """
    name = "standard input" if file == "-" else file
    text = _decode(_bytes(file, name), name)
    if not text.strip():
        raise UserError("The file is empty.", remedy="Export it again, with a header line.", place=Place(file=name))
    if len(set(columns)) < len(columns):
        raise UserError("Each option needs a column of its own; one is named twice.", place=Place(file=name))
    delimiter, titles = _layout(text, columns)
    records = _records(text, delimiter, name)
    _, header = next(islice(records, titles, None))
    places = [_find(column, header, name) for column in columns]
    rows = []
    for line, cells in records:
        if any(cells[len(header) :]):
            raise _too_wide(len(cells), len(header), delimiter, Place(file=name, line=line))
        rows.append(Row(line, tuple(cells[at] if at < len(cells) else "" for at in places)))
    return Table(name, tuple(columns), tuple(rows))


def is_missing(cell: str) -> bool:
    return cell.casefold() in MISSING


def is_not_rated(cell: str) -> bool:
    return cell.casefold() in NOT_RATED


def spelled_alike(names: Iterable[str]) -> list[str]:
    """A sentence for each name that is written in several ways: capitals, spaces."""
    spellings: dict[str, set[str]] = defaultdict(set)
    for name in names:
        spellings[" ".join(name.casefold().split())].add(name)
    return [
        f"{join([f'“{name}”' for name in sorted(found)])} are counted apart; write them alike if they are one."
        for found in spellings.values()
        if len(found) > 1
    ]


def number(cell: str) -> float | None:
    """A number with decimal point or comma; None for text and for what is not finite."""
    plain = cell.replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    if "," in plain and "." in plain:  # the later of the two is the decimal mark
        plain = plain.replace("." if plain.rfind(",") > plain.rfind(".") else ",", "")
    try:
        value = float(plain.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in plain else None


def yes_or_no(cell: str) -> bool | None:
    """1/0, yes/no, true/false; None for anything else."""
    word = cell.casefold()
    if word in YES or number(word) == 1:
        return True
    return False if word in NO or number(word) == 0 else None


def _bytes(file: str, name: str) -> bytes:
    try:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1) if file == "-" else _cap(Path(file))
    except OSError as error:
        raise UserError(
            f"This file cannot be read: {error.strerror or error}.", remedy="Check the path.", place=Place(file=name)
        ) from None
    if len(raw) > MOST_BYTES:
        raise UserError("This file is larger than 500 MB.", remedy="Split it by role.", place=Place(file=name))
    return raw


def _cap(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _decode(raw: bytes, name: str) -> str:
    if raw[:2] == b"PK":
        raise UserError(
            "This is a workbook, not a CSV file.", remedy="Save the sheet as CSV (UTF-8).", place=Place(file=name)
        )
    encodings = ["utf-16"] if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise UserError("This is not a text file.", remedy="Save the table as CSV (UTF-8).", place=Place(file=name))


def _layout(text: str, columns: Sequence[str]) -> tuple[str, int]:
    """The delimiter under which most columns are found, and how many lines of titles stand above the header."""
    wanted = {_fold(column) for column in columns}
    head = [line for line in text[:LONGEST_HEAD].splitlines() if line.strip()][: MOST_TITLES + 1]
    if head[0].casefold().startswith("sep="):
        return head[0][4:5] or ",", 0

    def fits(choice: tuple[str, int]) -> tuple[int, int, int]:
        delimiter, at = choice
        names = next(csv.reader([head[at]], delimiter=delimiter), [])
        return len(wanted & {_fold(one) for one in names}), -at, len(names)

    return max(((delimiter, at) for at in range(len(head)) for delimiter in DELIMITERS), key=fits)


def _records(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each record that holds anything, the header first."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            is_hint = len(cells) <= 2 and cells[:1] and cells[0].casefold().startswith("sep=")
            if any(cell.strip() for cell in cells) and not is_hint:
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise UserError(
            f"This line cannot be read as CSV: {error}.",
            remedy="Look for a quotation mark that is never closed.",
            place=Place(file=name, line=reader.line_num),
        ) from None


def _find(column: str, header: Sequence[str], name: str) -> int:
    exact = [at for at, one in enumerate(header) if one == column]
    found = exact or [at for at, one in enumerate(header) if _fold(one) == _fold(column)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(
            f"Two columns are called “{column}”.", remedy="Rename one of them.", place=Place(file=name, line=1)
        )
    near = difflib.get_close_matches(_fold(column), [_fold(one) for one in header], n=1)
    meant = next((one for one in header if near and _fold(one) == near[0]), None)
    names = join([f"“{one}”" for one in header[:20]]) or "none"
    raise UserError(
        f"There is no column “{column}”; the columns are {names}.",
        remedy=f"Did you mean “{meant}”?" if meant else "Name one of these columns.",
        place=Place(file=name, line=1),
    )


def _too_wide(cells: int, header: int, delimiter: str, place: Place) -> UserError:
    decimal = " A decimal comma needs quotes where commas separate cells." if delimiter == "," else ""
    return UserError(
        f"This line has {cells} cells and the header {header}.{decimal}",
        remedy="Export the table again with semicolons, or with quotes around text.",
        place=place,
    )


def _fold(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").split())
