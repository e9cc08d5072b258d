"""A list of own pay between its file and its import: columns chosen, rows checked, what is wrong mended."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tenfold.apps.pay.models import BandRate, PayBand, PayUpload
from tenfold.catalogue.store import catalogue
from tenfold.core.typed import whole
from tenfold.kit.errors import Place, UserError
from tenfold.kit.typed_numbers import NotANumber, read_amount
from tenfold.market.company_bands import (
    BandAnswer,
    BandQuestion,
    CompanyBand,
    NoBand,
    OwnBands,
    StatedRate,
    find_band,
    name_of_code,
)
from tenfold.market.fx import Rates
from tenfold.market.importers.cells import read_day
from tenfold.market.importers.mapping import DAY_FIRST, MONTH_FIRST
from tenfold.market.importers.own import OPEN_DAY, ColumnMap, check_mapping
from tenfold.market.importers.source import Record
from tenfold.market.observation import Rate
from tenfold.market.store import Store
from tenfold.practices.pay.own_pay import NO_LEVEL, CheckedRows, check_rows

SAMPLES = 3
LABELS = {
    "title": ("Job title", "Role and level are read from it where no column says them."),
    "pay": ("Base pay", "One figure per person, without bonus."),
    "level": ("Level", "Your own words or grades are fine."),
    "role": ("Role", "Only where it holds our names, such as mlops."),
    "place": ("Place", "A city, or a metro."),
    "workplace": ("Workplace", "Remote, hybrid or on site."),
    "currency": ("Currency", "Three letters."),
    "period": ("Pay period", "Year, month, week or hour."),
    "country": ("Country", "Where the work is done, by name or code."),
    "date": ("As of", "The date of the pay data."),
}
SAME = {"currency": "USD", "period": "year", "country": ""}
"""Fields that may be the same for all rows, and what they then are."""
UNDERSTOOD = (
    "frequency",
    "fte",
    "weekly_hours",
    "full_time_hours",
    "pay_for",
    "employment",
    "working_time",
    "status",
)
"""Fields taken as the file says them: without them part-time pay, or pay abroad, would be compared as it is."""
ENDS, RANGE = ("pay_min", "pay_max"), "range"
"""Pay that stands in two columns, and the word for both."""
LEFT_OUT = "left out by hand"
NO_RATE = "no exchange rate for"
LEAST_RATE, MOST_RATE = 1e-4, 1e7
DATE_ORDER = "date_order"
MOST_ALIKE = 8


@dataclass(frozen=True)
class CompanyBands:
    """All bands of an organisation, of all days, and the exchange rates that it states."""

    bands: tuple[CompanyBand, ...]
    rates: Mapping[str, StatedRate]

    def find(self, asked: BandQuestion) -> BandAnswer | NoBand:
        return find_band(self.bands, asked, self.rates)


def company_bands(organisation_id: uuid.UUID) -> CompanyBands:
    """For whoever may compare with them: who sees pay is the caller's question."""
    fields = ("role", "level", "low_year", "high_year", "currency", "place", "valid_from", "valid_until")
    rows = PayBand.objects.filter(organisation=organisation_id).values_list(*fields)
    stated = BandRate.objects.filter(organisation=organisation_id).values_list("currency", "per_usd", "day")
    return CompanyBands(
        tuple(CompanyBand(*row) for row in rows),
        {currency: StatedRate(currency, rate, day) for currency, rate, day in stated},
    )


BAND_ORDER = ("role", "level", "currency", "place", "valid_from")


def band_to_dict(band: PayBand) -> dict[str, Any]:
    """A band as files and the API give it."""
    return {
        "role": band.role,
        "level": band.level,
        "currency": band.currency,
        "place": band.place,
        "place_name": name_of_code(band.place),
        "low_year": band.low_year,
        "high_year": band.high_year,
        "valid_from": band.valid_from,
        "valid_until": band.valid_until,
    }


def own_bands(organisation_id: uuid.UUID) -> OwnBands:
    """As `company_bands`, as a value that two checks of the same plan can share."""
    found = company_bands(organisation_id)
    return OwnBands(found.bands, tuple(found.rates.values()))


@dataclass(frozen=True)
class Choice:
    """One field of pay data and the column that holds it."""

    field: str
    label: str
    help: str
    column: str
    same: str | None
    required: bool


@dataclass(frozen=True)
class Cell:
    """One cell of a row that is shown to be mended."""

    column: str
    number: int
    value: str
    is_wrong: bool


@dataclass(frozen=True)
class BadRow:
    line: int
    reason: str
    cells: tuple[Cell, ...]
    is_skipped: bool


def map_of(upload: PayUpload) -> ColumnMap:
    parts = upload.mapping
    return ColumnMap(parts.get("columns", {}), parts.get("same", {}), parts.get("levels", {}))


def check(upload: PayUpload, *, today: date, advance: Callable[[], None] = lambda: None) -> CheckedRows:
    """The rows under the mapping, without those that are left out.

    Raises:
        UserError: the mapping names neither a title nor pay.
    """
    mapping = map_of(upload)
    check_mapping(mapping, Place(file=upload.name))
    return check_rows(_records(upload), mapping, today=today, rates=_rates(upload), advance=advance, abroad=True)


def dropped_of(upload: PayUpload, found: CheckedRows) -> dict[str, int]:
    """How many rows are not kept, for which reason."""
    counted = Counter(problem.reason.partition(",")[0] for problem in found.problems)
    if upload.skipped:
        counted[LEFT_OUT] = len(upload.skipped)
    return dict(counted.most_common())


def choices(upload: PayUpload) -> list[Choice]:
    columns, same = upload.mapping.get("columns", {}), upload.mapping.get("same", {})
    return [
        Choice(
            field,
            label,
            help_,
            columns.get(field, ""),
            same.get(field, SAME[field]) if field in SAME else None,
            field in ("title", "pay"),
        )
        for field, (label, help_) in LABELS.items()
    ]


def range_of(upload: PayUpload) -> str:
    """The two columns that hold pay as a range, in words; "" where it is one."""
    columns = upload.mapping.get("columns", {})
    return " to ".join(columns[field] for field in ENDS) if set(ENDS) <= columns.keys() else ""


def samples(upload: PayUpload) -> dict[str, str]:
    """The first different values of each column."""
    found: dict[str, list[str]] = {column: [] for column in upload.columns}
    for _, cells in upload.rows[:40]:
        for column, cell in zip(upload.columns, cells, strict=True):
            if cell and cell not in found[column] and len(found[column]) < SAMPLES:
                found[column].append(cell[:24])
    return {column: ", ".join(values) for column, values in found.items()}


def mapping_from(posted: Mapping[str, str], upload: PayUpload) -> dict[str, dict[str, str]]:
    """The mapping that a form amounts to; columns that the list does not have are passed over."""
    columns = {field: posted[f"column:{field}"] for field in LABELS if posted.get(f"column:{field}") in upload.columns}
    if posted.get("column:pay") == RANGE:
        before = upload.mapping.get("columns", {})
        columns |= {field: before[field] for field in ENDS if field in before}
    columns |= _understood(upload, columns)
    same = {
        field: words
        for field in SAME
        if field not in columns and (words := posted.get(f"same:{field}", "").strip()[:20])
    }
    kept = {
        field: words for field, words in upload.mapping.get("same", {}).items() if field in (*UNDERSTOOD, DATE_ORDER)
    }
    levels = dict(upload.mapping.get("levels", {}))
    if "country" not in columns and same.get("currency") == "USD":
        same.setdefault("country", "US")
    return {**upload.mapping, "columns": columns, "same": {**kept, **same}, "levels": levels}


def _understood(upload: PayUpload, chosen: Mapping[str, str]) -> dict[str, str]:
    """Columns that the form does not ask about and the file's own names say: part-time work, contracts, countries."""
    before = upload.mapping.get("columns", {})
    taken = set(chosen.values())
    return {field: before[field] for field in UNDERSTOOD if field in before and before[field] not in taken}


def levels_from(posted: Mapping[str, str], upload: PayUpload) -> dict[str, dict[str, str]] | None:
    """The mapping with the company's words for levels added, where the form says any."""
    known = catalogue().levels
    said = {
        key.removeprefix("level:"): value
        for key, value in posted.items()
        if key.startswith("level:") and value in known
    }
    return {**upload.mapping, "levels": {**upload.mapping.get("levels", {}), **said}} if said else None


def rates_from(posted: Mapping[str, str], upload: PayUpload) -> dict[str, dict[str, str]] | None:
    """The mapping with exchange rates as they were typed, `rate:RON`; None where the form says none.

    Raises:
        UserError: a rate is no number above nothing.
    """
    typed = {key.removeprefix("rate:"): value.strip() for key, value in posted.items() if key.startswith("rate:")}
    said = {currency: f"{_rate(words):g}" for currency, words in typed.items() if words and _is_code(currency)}
    return {**upload.mapping, "rates": {**upload.mapping.get("rates", {}), **said}} if said else None


def _is_code(currency: str) -> bool:
    return len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()


def _rate(words: str) -> float:
    try:
        rate = read_amount(words[:20], is_price=True)
    except NotANumber:
        rate = 0.0
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise UserError(
            f"“{words[:20]}” is not an exchange rate.", remedy="Write how much one US dollar buys, as 4.57."
        )
    return rate


def missing_rates(found: CheckedRows) -> dict[str, int]:
    """Currencies of which no exchange rate is known, and how many rows wait for each."""
    reasons = (problem.reason for problem in found.problems if problem.reason.startswith(NO_RATE))
    return dict(Counter(reason.removeprefix(NO_RATE).strip() for reason in reasons).most_common())


def _rates(upload: PayUpload) -> Rates:
    """The rates that were typed for this list, then those that are known."""
    typed = upload.mapping.get("rates", {}).items()
    today = upload.uploaded_at.date()
    return Rates.of(Rate(today.replace(day=1), currency, float(rate)) for currency, rate in typed).over(Store().rates())


@dataclass(frozen=True)
class OpenDates:
    """Dates of a list in which day and month could change places: one of them, how many, and what it may mean."""

    example: str
    n: int
    ways: tuple[tuple[str, date], ...]


def open_dates(upload: PayUpload, found: CheckedRows) -> OpenDates | None:
    """The question of what comes first, day or month; None where no date leaves it open."""
    lines = [problem.line for problem in found.problems if problem.reason == OPEN_DAY]
    if not lines:
        return None
    at = upload.columns.index(map_of(upload).columns["date"])
    example = next(cells[at] for line, cells in upload.rows if line == lines[0])
    readings = {order: read_day(example, day_first=order == DAY_FIRST) for order in (DAY_FIRST, MONTH_FIRST)}
    return OpenDates(example, len(lines), tuple((order, day) for order, day in readings.items() if day))


def order_from(posted: Mapping[str, str], upload: PayUpload) -> dict[str, dict[str, str]] | None:
    """The mapping with what comes first in dates, day or month; None where the form does not say."""
    order = posted.get(DATE_ORDER)
    if order not in (DAY_FIRST, MONTH_FIRST):
        return None
    return {**upload.mapping, "same": {**upload.mapping.get("same", {}), DATE_ORDER: order}}


@dataclass(frozen=True)
class Alike:
    """Rows with the same fault in the same words: mended, or left out, together."""

    number: int
    column: str
    value: str
    reason: str
    n: int

    @property
    def id(self) -> str:
        return f"alike-{self.number}"


def rows_alike(rows: Sequence[BadRow]) -> list[Alike]:
    """Groups of two or more rows with the same fault in one column, largest first."""
    counted = Counter((cell.number, cell.column, cell.value, row.reason) for row in rows for cell in _faulty(row))
    most = [(key, n) for key, n in counted.most_common(MOST_ALIKE) if n > 1]
    return [Alike(number, column, value, reason, n) for (number, column, value, reason), n in most]


def _faulty(row: BadRow) -> Iterator[Cell]:
    return (cell for cell in row.cells if cell.is_wrong and not row.is_skipped)


def mend_alike(
    posted: Mapping[str, str], rows: Sequence[BadRow], upload: PayUpload
) -> tuple[dict[int, dict[str, str]], set[int]]:
    """Cells to change and lines to leave out for whole groups: `alike:I:to` and `alike:I:skip` of `alike:I:key`."""
    cells: dict[int, dict[str, str]] = {}
    skipped: set[int] = set()
    for key, value in posted.items():
        if not (key.startswith("alike:") and key.endswith(":key")):
            continue
        index = key.removesuffix(":key")
        number, _, was = value.partition(":")
        place, to = whole(number), posted.get(f"{index}:to", "").strip()[:300]
        lines = [row.line for row in rows if any((cell.number, cell.value) == (place, was) for cell in _faulty(row))]
        if posted.get(f"{index}:skip") == "on":
            skipped |= set(lines)
        elif to and place is not None and place < len(upload.columns):
            cells |= {line: {upload.columns[place]: to} for line in lines}
    return cells, skipped


def cells_from(posted: Mapping[str, str], upload: PayUpload) -> dict[int, dict[str, str]]:
    """Cells as they were typed: `cell:LINE:COLUMN-NUMBER`."""
    typed: dict[int, dict[str, str]] = {}
    for key, value in posted.items():
        name, _, rest = key.partition(":")
        line, _, number = rest.partition(":")
        row, place = whole(line), whole(number)
        if name == "cell" and row is not None and place is not None and place < len(upload.columns):
            typed.setdefault(row, {})[upload.columns[place]] = value.strip()[:300]
    return typed


def bad_rows(upload: PayUpload, found: CheckedRows) -> list[BadRow]:
    """Rows that cannot be used, with the cells that the mapping reads.

    Rows whose only fault is a word for a level, or an open date, stand aside: they are mended once for all of them.
    """
    fields = {column: field for field, column in map_of(upload).columns.items()}
    level = map_of(upload).columns.get("level", "")
    at = upload.columns.index(level) if level in upload.columns else -1
    by_word = {line for line, cells in upload.rows if at >= 0 and cells[at].strip() in found.unknown_levels}
    wrong = {
        each.line: each
        for each in found.problems
        if each.reason != OPEN_DAY and (each.reason != NO_LEVEL or each.line not in by_word)
    }
    skipped = set(upload.skipped)
    rows = []
    for line, cells in upload.rows:
        if line not in wrong and line not in skipped:
            continue
        problem = wrong.get(line)
        shown = tuple(
            Cell(column, number, cell, problem is not None and problem.field == fields[column])
            for number, (column, cell) in enumerate(zip(upload.columns, cells, strict=True))
            if column in fields
        )
        rows.append(BadRow(line, problem.reason if problem else LEFT_OUT, shown, line in skipped))
    return rows


def _records(upload: PayUpload) -> Iterator[tuple[int, Record]]:
    skipped = set(upload.skipped)
    for line, cells in upload.rows:
        if line not in skipped:
            yield line, dict(zip(upload.columns, cells, strict=True))
