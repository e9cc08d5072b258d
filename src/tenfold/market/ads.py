"""Posted pay ranges as a table: one ad a row, read from CSV with the columns of `posted_ranges`."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from tenfold.kit.errors import InputProblems, Place, UserError

FEATURE_COLUMNS = ("experience_level", "job_title", "remote_ratio", "company_size")
SCOPE_COLUMNS = ("work_year", "employment_type", "company_location")
PAY_COLUMNS = ("salary_currency", "salary_min_usd", "salary_max_usd")
LEVEL_CODES = ("EN", "MI", "SE", "EX")
_TOLD_AT_ONCE = 20
POSTED, OWN = "posted-range", "own"
_T = TypeVar("_T")


class _BadCellError(Exception):
    def __init__(self, column: str, what: str) -> None:
        super().__init__(what)
        self.column = column
        self.what = what


@dataclass(frozen=True, slots=True)
class Row:
    """What of a row the model sees; also a row that is to be priced.

    `basis` is `posted-range` or `own` (a person's pay): other bases than posted ranges get an effect of their own.
    """

    title: str
    level_code: str
    remote_ratio: str
    size: str
    country: str
    employment: str
    work_year: int
    basis: str = POSTED


@dataclass(frozen=True, slots=True)
class Ad:
    """One posted range. `seen` is the week in which it first appeared; None where the source does not say.

    `local_midpoint_year` is the middle of the range in `currency`; None where the source gives only USD.
    """

    row: Row
    min_usd_year: float
    max_usd_year: float
    currency: str
    residence: str
    seen: date | None
    local_midpoint_year: float | None = None

    @property
    def log_local(self) -> float | None:
        return math.log(self.local_midpoint_year) if self.local_midpoint_year else None

    @property
    def log_midpoint(self) -> float:
        return math.log((self.min_usd_year + self.max_usd_year) / 2)

    @property
    def in_model(self) -> bool:
        """Whether the model is fitted on it: US, full-time, paid in USD."""
        return self.row.country == "US" and self.row.employment == "FT" and self.currency == "USD"


def read_ads(path: Path, *, undated: date | None = None) -> list[Ad]:
    """All ads of a CSV file; `undated` is the date given to rows of a file without `first_snapshot`.

    Raises:
        UserError: not a CSV of this layout, or rows that cannot be read (up to twenty told at once).
    """
    return _read_rows(path, (*FEATURE_COLUMNS, *SCOPE_COLUMNS, *PAY_COLUMNS), lambda record: _ad(record, undated))


def read_rows(path: Path) -> list[Row]:
    """Rows to be priced; pay columns are neither needed nor looked at."""
    return _read_rows(path, (*FEATURE_COLUMNS, *SCOPE_COLUMNS), _row)


def distinct(ads: Iterable[Ad]) -> list[Ad]:
    """The ads without copies: equal in all but the week in which they appeared. The first one stays."""
    kept: dict[tuple[object, ...], Ad] = {}
    for ad in ads:
        kept.setdefault(identity(ad), ad)
    return list(kept.values())


def identity(ad: Ad) -> tuple[object, ...]:
    return (ad.row, ad.min_usd_year, ad.max_usd_year, ad.currency, ad.residence)


def _read_rows(path: Path, columns: Sequence[str], make: Callable[[dict[str, str]], _T]) -> list[_T]:
    made: list[_T] = []
    problems: list[UserError] = []
    for line, record in _records(path, columns):
        try:
            made.append(make(record))
        except _BadCellError as bad:
            problems.append(UserError(bad.what, place=Place(file=str(path), line=line, field=bad.column)))
            if len(problems) == _TOLD_AT_ONCE:
                break
    if problems:
        raise InputProblems(problems)
    if not made:
        raise UserError("The file has a header but no rows.", place=Place(file=str(path)))
    return made


def _records(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise UserError(
                    f"Columns are missing: {', '.join(missing)}.",
                    remedy="Use the layout of posted ranges: "
                    + ", ".join((*FEATURE_COLUMNS, *SCOPE_COLUMNS, *PAY_COLUMNS)),
                    place=Place(file=str(path), line=1),
                )
            for record in reader:
                yield reader.line_num, record
    except OSError as error:
        raise UserError(f"The file cannot be read: {error.strerror}.", place=Place(file=str(path))) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"This is not a CSV file in UTF-8: {error}.", place=Place(file=str(path))) from error


def _ad(record: dict[str, str], undated: date | None) -> Ad:
    low, high = _money(record, "salary_min_usd"), _money(record, "salary_max_usd")
    if low > high:
        raise _BadCellError("salary_min_usd", f"The range runs backwards: {low:,.0f} to {high:,.0f}.")
    return Ad(
        row=_row(record),
        min_usd_year=low,
        max_usd_year=high,
        currency=_text(record, "salary_currency"),
        residence=record.get("employee_residence") or "",
        seen=_observe(record.get("first_snapshot") or "", undated),
        local_midpoint_year=_local(record),
    )


def _local(record: dict[str, str]) -> float | None:
    if not record.get("salary_min") or not record.get("salary_max"):
        return None
    return (_money(record, "salary_min") + _money(record, "salary_max")) / 2


def _row(record: dict[str, str]) -> Row:
    code = _text(record, "experience_level")
    if code not in LEVEL_CODES:
        raise _BadCellError("experience_level", f"“{code}” is none of {', '.join(LEVEL_CODES)}.")
    year = _text(record, "work_year")
    if not (year.isascii() and year.isdigit()):  # a superscript two is a digit too, and no number
        raise _BadCellError("work_year", f"“{year}” is not a year.")
    return Row(
        title=_text(record, "job_title"),
        level_code=code,
        remote_ratio=_text(record, "remote_ratio"),
        size=_text(record, "company_size"),
        country=_text(record, "company_location"),
        employment=_text(record, "employment_type"),
        work_year=int(year),
    )


def _text(record: dict[str, str], column: str) -> str:
    cell = record[column]
    if not (cell or "").strip():
        raise _BadCellError(column, "The cell is empty.")
    return sys.intern(cell.strip())


def _money(record: dict[str, str], column: str) -> float:
    cell = _text(record, column)
    try:
        amount = float(cell)
    except ValueError:
        raise _BadCellError(column, f"“{cell}” is not an amount.") from None
    if not 0 < amount < math.inf:
        raise _BadCellError(column, f"Pay must be above nothing, not {cell}.")
    return amount


def _observe(cell: str, undated: date | None) -> date | None:
    if not cell:
        return undated
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise _BadCellError("first_snapshot", f"“{cell}” is not a date like 2024-11-17.") from None
