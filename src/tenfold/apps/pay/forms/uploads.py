"""An uploaded list of pay: what it is, how large, and its rows: of columns that are mapped, and of no others."""

from __future__ import annotations

import codecs
import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

from django.core.files.uploadedfile import UploadedFile

from tenfold.apps.pay.services import ParsedPayFile
from tenfold.kit.errors import Place, UserError
from tenfold.market.importers.mapping import Proposal
from tenfold.market.importers.own import proposal
from tenfold.market.importers.tables import columns_of, first_lines, header_of, open_rows

MAX_BYTES = 10_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_UNPACKED_BYTES = 150_000_000
MAX_CELL = 300
MAX_TOLD, MAX_CELLS_TOLD = 24, 8
ENDINGS = (".csv", ".xlsx")


class NoHeaderFound(UserError):
    """No column is recognised as pay; `first` are the first rows of the file, to choose the one with the names."""

    first: tuple[tuple[int, tuple[str, ...]], ...] = ()


def read_upload(file: UploadedFile, *, also: str = "", names_in: int | None = None) -> ParsedPayFile:
    """The rows of a list, in the columns that the importer recognises and those that `also` names, with commas.

    Everything else is named and left out: what a column may tell of a person is not known in every language.

    `names_in`: the line that holds the names of the columns; without it the line is looked for.

    Raises:
        NoHeaderFound: no column is recognised as pay.
        UserError: not a CSV or XLSX, too large, it holds no rows, or no column that holds pay.
    """
    name = PurePath(str(file.name).replace("\\", "/")).name
    ending = PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        raise UserError("This is neither CSV nor XLSX.", remedy="Save the list as one of them.")
    if (file.size or 0) > MAX_BYTES:
        raise UserError(f"This is larger than {MAX_BYTES // 1_000_000} MB.", remedy="Leave out columns, or split it.")
    with _on_disk(file, ending) as (path, digest):
        try:
            _guard(path, ending)
            return _parse(path, name, digest, [word.strip() for word in also.split(",") if word.strip()], names_in)
        except NoHeaderFound as error:
            error.first = tuple((line, _shorten(cells)) for line, cells in first_lines(path))
            raise
        except UserError as error:
            where = Place(file=name, line=error.place.line)
            raise UserError(error.what, remedy=error.remedy, place=where) from None


@contextmanager
def _on_disk(file: UploadedFile, ending: str) -> Iterator[tuple[Path, str]]:
    """The bytes in a file of ours that goes again, and their SHA-256."""
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix="tenfold-pay-") as folder:
        path = Path(folder) / f"list{ending}"
        with path.open("wb") as copy:
            for chunk in file.chunks():
                digest.update(chunk)
                copy.write(chunk)
        yield path, digest.hexdigest()


def _guard(path: Path, ending: str) -> None:
    """What the bytes are, whatever the name says; a workbook that would unpack to more than memory holds is refused."""
    with path.open("rb") as stream:
        head = stream.read(4_096)
    if not head:
        raise UserError("The file is empty.")
    if ending == ".csv":
        if head.startswith(b"PK"):
            raise UserError("This is a workbook with the name of a CSV.", remedy="Give it the ending .xlsx.")
        if b"\x00" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise UserError("This is not a CSV file in UTF-8.", remedy="Save it as CSV UTF-8, or as XLSX.")
        return
    try:
        with zipfile.ZipFile(path) as book:
            parts = book.infolist()
    except zipfile.BadZipFile:
        raise UserError("This is not a whole XLSX workbook.", remedy="Download or export it again.") from None
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise UserError("This is a zip file, but not an XLSX workbook.", remedy="Export the list as XLSX or CSV.")
    if len(parts) > 2_000 or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise UserError("This workbook unpacks to more than a list holds.", remedy="Export the one sheet as CSV.")


def _parse(path: Path, name: str, digest: str, also: list[str], names_in: int | None) -> ParsedPayFile:
    header = [column for column in header_of(path, names_in=names_in) if column]
    if len(header) > MAX_COLUMNS:
        raise UserError(f"This has more than {MAX_COLUMNS} columns.", remedy="Leave out what is not needed.")
    if len({column.casefold() for column in header}) < len(header):
        raise UserError("Two columns have the same name.", remedy="Give them different names in the first row.")
    guess = proposal(columns_of(path, names_in=names_in))
    kept = _kept_columns(header, guess, also)
    rows: list[tuple[int, tuple[str, ...]]] = []
    for line, record in open_rows(path, kept, names_in=names_in):
        if not any(record.values()):
            continue
        if len(rows) == MAX_ROWS:
            raise UserError(f"This has more than {MAX_ROWS:,} rows.", remedy="Split the list.")
        rows.append((line, tuple(cell.strip()[:MAX_CELL] for cell in record.values())))
    if not rows:
        raise UserError("The file has a row of names but nothing below it.")
    return ParsedPayFile(
        name=name,
        sha256=digest,
        columns=kept,
        personal=tuple(column for column in header if column not in kept),
        rows=tuple(rows),
        mapping={"columns": guess.mapping.columns, "same": guess.mapping.same, "levels": {}},
    )


def _shorten(cells: list[str]) -> tuple[str, ...]:
    """The first cells of a row, short: enough to know it by."""
    return tuple(cell[:MAX_TOLD] for cell in cells[:MAX_CELLS_TOLD])


def _kept_columns(header: list[str], guess: Proposal, also: list[str]) -> tuple[str, ...]:
    named = {word.casefold() for word in also}
    if missing := named - {column.casefold() for column in header}:
        raise UserError(f"No column is called {', '.join(sorted(missing))}.", remedy="Write it as the file does.")
    if not named and not {"pay", "pay_min", "pay_max"} & set(guess.mapping.columns):
        raise NoHeaderFound(
            f"No column is recognised as pay. The file has: {', '.join(header)[:MAX_CELL]}.",
            remedy="If another line holds the names of the columns, say which one. Otherwise write the names of the "
            "columns for pay, title and level under “Columns with unusual names”.",
        )
    mapped = set(guess.mapping.columns.values())
    wanted = [column for column in header if column in mapped or column.casefold() in named]
    return tuple(column for column in wanted if column not in guess.personal)
