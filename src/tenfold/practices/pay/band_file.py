"""The company's own bands from a CSV file, and the one that applies to a place, currency and day, level by level."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tenfold.catalogue.store import catalogue
from tenfold.kit.errors import Place, UserError
from tenfold.kit.typed_numbers import NotANumber, read_amount
from tenfold.kit.words import money_range
from tenfold.market.company_bands import (
    BASE,
    BandAnswer,
    BandQuestion,
    CompanyBand,
    NoBand,
    StatedRate,
    find_band,
    job_name,
    spot,
)

COLUMNS = ("role", "level", "low", "high", "currency", "place", "valid_from")
MOST_BYTES = 2_000_000


def read_bands(path: Path) -> list[CompanyBand]:
    """Bands of a CSV with the columns `COLUMNS`; an empty place is anywhere. Comma or semicolon between cells.

    Raises:
        UserError: the file cannot be read, a column is missing, or a line holds what is no band.
    """
    try:
        text = path.read_bytes()[:MOST_BYTES].decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"The bands cannot be read: {error}.", place=Place(file=str(path))) from None
    divider = ";" if text.partition("\n")[0].count(";") >= len(COLUMNS) - 1 else ","
    rows = csv.DictReader(io.StringIO(text), delimiter=divider)
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or [])]
    if missing:
        raise UserError(
            f"The file has no column {', '.join(missing)}.",
            remedy=f"Its first line is {','.join(COLUMNS)}.",
            place=Place(file=str(path)),
        )
    return [_read_band(row, Place(file=str(path), line=line)) for line, row in enumerate(rows, start=2)]


def _read_band(row: Mapping[str, str | None], at: Place) -> CompanyBand:
    cells = {name: (row[name] or "").strip() for name in COLUMNS}
    try:
        low, high = (read_amount(cells[end]) for end in ("low", "high"))
        start = date.fromisoformat(cells["valid_from"])
        code = spot(cells["place"]).code
    except NotANumber:
        raise UserError("low and high are amounts a year, as 72000.", place=at) from None
    except ValueError:
        raise UserError(f"“{cells['valid_from']}” is no day.", remedy="As 2027-01-01.", place=at) from None
    except UserError as error:
        raise UserError(error.what, remedy=error.remedy, place=at) from None
    known = catalogue()
    if cells["role"] not in known.roles or cells["level"] not in known.levels:
        raise UserError(f"“{cells['role']}, {cells['level']}” is no role and level that we know.", place=at)
    if not 0 < low <= high:
        raise UserError("The band runs backwards.", remedy="Write the lower amount first.", place=at)
    return CompanyBand(cells["role"], cells["level"], low, high, currency_code(cells["currency"], at), code, start)


def currency_code(words: str, at: Place | None = None) -> str:
    """`EUR` of “eur”.

    Raises:
        UserError: it is no code of three letters.
    """
    code = words.strip().upper()
    if len(code) != len(BASE) or not (code.isascii() and code.isalpha()):
        raise UserError(f"“{words[:20]}” is not a currency.", remedy="Write its three letters, as EUR.", place=at)
    return code


def read_rate(words: str) -> StatedRate:
    """A rate as typed: `EUR=0.92@2026-11-01`, what one USD buys and on which day.

    Raises:
        UserError: it is written otherwise.
    """
    code, _, rest = words.partition("=")
    amount, _, day = rest.partition("@")
    try:
        per_usd, on = read_amount(amount, is_price=True), date.fromisoformat(day)
    except (NotANumber, ValueError):
        per_usd, on = 0.0, date.min
    if per_usd <= 0:
        raise UserError(f"“{words}” is not an exchange rate with its day.", remedy="As in --rate EUR=0.92@2026-11-01.")
    return StatedRate(currency_code(code), per_usd, on)


def answers_by_level(
    bands: Sequence[CompanyBand], asked: BandQuestion, rates: Mapping[str, StatedRate]
) -> dict[str, BandAnswer | NoBand]:
    """The answer for each level of the role."""
    return {
        level: find_band(bands, BandQuestion(asked.role, level, asked.currency, asked.spot, asked.day), rates)
        for level in catalogue().levels
    }


def in_words(role: str, answers: Mapping[str, BandAnswer | NoBand]) -> str:
    lines = []
    for level, found in answers.items():
        if isinstance(found, NoBand):
            lines.append(f"  {job_name(role, level)}: {found.says}")
            continue
        how = f" ({found.how_converted})" if found.rates else ""
        ends = f"{money_range(found.low, found.high)} {found.currency} a year{how}"
        lines.append(f"  {job_name(role, level)}: {ends}, {found.where}, valid from {found.band.valid_from}")
    return "\n".join(lines)


def to_values(role: str, answers: Mapping[str, BandAnswer | NoBand]) -> list[dict[str, Any]]:
    return [{"role": role, "level": level, **_values(found)} for level, found in answers.items()]


def _values(found: BandAnswer | NoBand) -> dict[str, Any]:
    if isinstance(found, NoBand):
        return {"band": None, "why": found.kind.value, "says": found.says}
    return {
        "band": {"min": found.low, "max": found.high, "currency": found.currency},
        "place": found.where,
        "valid_from": found.band.valid_from.isoformat(),
        "stated_in": found.band.currency,
        "rates": [
            {"currency": rate.currency, "per_usd": rate.per_usd, "day": rate.day.isoformat()} for rate in found.rates
        ],
    }
