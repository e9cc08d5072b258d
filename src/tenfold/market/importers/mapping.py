"""Which column of a list of own pay holds what: proposed from the file, written as TOML, checked.

A mapping (`map.toml`) says which column holds what, and what is the same for all rows:

    [columns]
    title = "Job title"
    pay = "Base salary"        # or pay_min and pay_max
    level = "Grade"

    [same_for_all]
    currency = "USD"
    period = "year"

    [levels]                   # the company's words for our levels
    P3 = "senior"

Where no date of the list tells whether the day or the month comes first, `same_for_all` says it: `date_order` is
`day-first` or `month-first`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tomli

from tenfold.catalogue.store import catalogue
from tenfold.kit.errors import Place, UserError
from tenfold.kit.words import join
from tenfold.market.importers import cells
from tenfold.market.importers.headers import Column, assign, is_personal
from tenfold.market.importers.tables import columns_of

FIELDS = (
    "title",
    "pay",
    "pay_min",
    "pay_max",
    "currency",
    "period",
    "frequency",
    "fte",
    "weekly_hours",
    "full_time_hours",
    "pay_for",
    "level",
    "role",
    "country",
    "place",
    "workplace",
    "employment",
    "working_time",
    "status",
    "date",
)
DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
"""`date_order`: how `03/04/2026` is meant, in a list whose other dates do not tell."""
ONLY_THE_SAME = ("date_order",)
"""What no column holds, and what may be said of all rows at once."""
FULL_TIME = "full-time"
"""`pay_for`: the figures are full-time pay already, whatever the share of the work."""
_FULL_TIME_PAY = re.compile(r"\b(fte|full time|vollzeit|vza|etp|temps plein|tempo pieno|voltijd)\b")
_FROM_FULL_TIME_HOURS = 30.0


@dataclass(frozen=True)
class ColumnMap:
    """Which column holds what. `same` are values for all rows; `levels` translate the company's words."""

    columns: Mapping[str, str]
    same: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """A mapping guessed from a file, to be looked over. `personal` columns may name a person and are never stored.

    `doubts` are sentences on what was guessed.
    """

    mapping: ColumnMap
    personal: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def read_mapping(path: Path) -> ColumnMap:
    """Raises UserError: no TOML, an unknown field or level, or neither pay nor pay_min and pay_max."""
    place = Place(file=str(path))
    try:
        document = tomli.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UserError(f"The mapping cannot be read: {error.strerror}.", place=place) from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"The mapping is not valid TOML: {error}", place=place) from error
    tables = {name: document.get(name, {}) for name in ("columns", "same_for_all", "levels")}
    for name, table in tables.items():
        if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
            raise UserError(f"[{name}] must hold words only.", remedy='As in: title = "Job title"', place=place)
    mapping = ColumnMap(tables["columns"], tables["same_for_all"], tables["levels"])
    check_mapping(mapping, place)
    return mapping


def check_mapping(mapping: ColumnMap, place: Place) -> None:
    """Raises UserError as `read_mapping` does."""
    known = f"One of {', '.join(FIELDS)}."
    for name in (*mapping.columns, *(name for name in mapping.same if name not in ONLY_THE_SAME)):
        if name not in FIELDS:
            raise UserError(f"“{name}” is not a field of pay data.", remedy=known, place=place)
    order = mapping.same.get("date_order", DAY_FIRST)
    if order not in (DAY_FIRST, MONTH_FIRST):
        what = f"“{order}” is not an order of dates."
        raise UserError(what, remedy=f"Write {DAY_FIRST} or {MONTH_FIRST}.", place=place)
    given = {*mapping.columns, *mapping.same}
    if "title" not in given and "role" not in given:
        raise UserError("The mapping names neither a title nor a role.", remedy='Add: title = "…"', place=place)
    if "pay" not in given and not {"pay_min", "pay_max"} <= given:
        raise UserError("The mapping names no pay.", remedy='Add: pay = "…", or pay_min and pay_max.', place=place)
    levels = catalogue().levels
    for word, level in mapping.levels.items():
        if level not in levels:
            raise UserError(f"“{word}” is mapped to “{level}”.", remedy=f"One of {', '.join(levels)}.", place=place)


def proposal_of(path: Path) -> Proposal:
    """Which column of a file holds what.

    Raises:
        UserError: not a readable CSV or XLSX, or it is empty.
    """
    return proposal(columns_of(path))


def proposal(header: Sequence[str | Column]) -> Proposal:
    """Which column holds what, by what HR systems and people call them in many languages, and by their cells."""
    columns = [each if isinstance(each, Column) else Column(each) for each in header]
    named = [column for column in columns if column.name]
    taken = assign(named)
    doubts: list[str] = []
    if "pay" in taken:
        taken.pop("pay_min", None)
        taken.pop("pay_max", None)
    by_name = {column.name: column for column in named}
    same = _same_for_all(taken, by_name, doubts)
    doubts += _look_alikes(taken, named)
    left = [column for column in named if column.name not in taken.values()]
    return Proposal(ColumnMap(taken, same), tuple(column.name for column in left if is_personal(column)), tuple(doubts))


def _same_for_all(taken: dict[str, str], columns: Mapping[str, Column], doubts: list[str]) -> dict[str, str]:
    """What no column says and the header or the cells do; what nothing says is doubted, not guessed."""
    pay = columns.get(taken.get("pay", taken.get("pay_min", "")))
    same: dict[str, str] = {}
    if pay is not None:
        _period(pay, taken, same, doubts)
        if _FULL_TIME_PAY.search(pay.plain):
            same["pay_for"] = FULL_TIME
        if "currency" not in taken:
            _currency(pay, taken, same, doubts)
    if "weekly_hours" in taken and "full_time_hours" not in taken:
        hours = _usual_full_time(columns[taken["weekly_hours"]])
        same["full_time_hours"] = f"{hours:g}"
        doubts.append(f"Full time is taken to be {hours:g} hours a week.")
    if "country" not in taken and "place" not in taken and same.get("currency", "USD") == "USD":
        same["country"] = "US"
    return same


def _period(pay: Column, taken: dict[str, str], same: dict[str, str], doubts: list[str]) -> None:
    """The pay column's own name says its period; else a column does; else the year is assumed."""
    said = cells.period_in_header(pay.plain)
    if said is not None:
        for other in ("period", "frequency"):
            taken.pop(other, None)
        same["period"] = said
    elif "period" not in taken and "frequency" not in taken:
        same["period"] = "year"
        amounts = [amount for cell in pay.cells if (amount := cells.read_amount(cell)) is not None]
        if not any(amount.period for amount in amounts):
            doubts.append("No column says what period pay is for: a year is assumed.")


def _currency(pay: Column, taken: Mapping[str, str], same: dict[str, str], doubts: list[str]) -> None:
    """The currency in the pay column's name; none where the cells say their own; USD only for English dollars."""
    words = (cells.read_currency(word) for word in re.findall(r"\b[A-Z]{3}\b|[€£$₹]", pay.name))
    in_name = next((code for code in words if cells.is_currency(code)), "")
    amounts = [amount for cell in pay.cells if (amount := cells.read_amount(cell)) is not None]
    signs = {amount.currency for amount in amounts}
    if in_name:
        same["currency"] = in_name
    elif signs - {"", "$"} or not _is_english(pay) or "country" in taken:
        if "" in signs or not signs:
            doubts.append('No column says the currency; rows that do not say it are refused. Add: currency = "…"')
    else:
        same["currency"] = "USD"
        doubts.append("No column says the currency: USD is assumed.")


def _is_english(pay: Column) -> bool:
    return re.search(r"salary|pay|base|wage|rate|compensation|amount|ctc", pay.plain) is not None


def _usual_full_time(hours: Column) -> float:
    """The most frequent number of weekly hours from 30 up; 40 where there is none."""
    told = [
        value for cell in hours.cells if (value := cells.number(cell)) is not None and value >= _FROM_FULL_TIME_HOURS
    ]
    return Counter(told).most_common(1)[0][0] if told else cells.FULL_TIME_HOURS


def _look_alikes(taken: Mapping[str, str], columns: Sequence[Column]) -> Iterator[str]:
    """Columns of one name: the first is taken, and the reader is told."""
    for what, name in taken.items():
        others = [each.name for each in columns if each.name != name and each.plain == Column(name).plain]
        if others:
            yield f"“{name}” is there {len(others) + 1} times; the first is taken for {what}, not {join(others)}."


def propose(header: Sequence[str | Column]) -> str:
    """The text of a mapping file for these columns, to be looked over; personal columns are named and left out."""
    guess = proposal(header)
    lines = ["# Which column holds what. Look it over, correct it, then import with --map."]
    lines += [f"# {doubt}" for doubt in guess.doubts]
    lines += ["[columns]"]
    columns = guess.mapping.columns
    lines += [f"{what} = {_quote(columns[what])}" for what in FIELDS if what in columns]
    lines += ["", "[same_for_all]  # for every row, where no column says it"]
    lines += [f'{what} = "{value}"' for what, value in guess.mapping.same.items()]
    lines += ["", "[levels]  # your words for junior, mid, senior, staff, principal", *_levels(guess.mapping, header)]
    if guess.personal:
        lines += ["", f"# Never stored, they may name a person: {', '.join(guess.personal)}"]
    return "\n".join(lines) + "\n"


def _levels(mapping: ColumnMap, header: Sequence[str | Column]) -> list[str]:
    """The company's words for levels as comments to fill in; the commonest first."""
    column = next(
        (each for each in header if isinstance(each, Column) and each.name == mapping.columns.get("level")), None
    )
    words = Counter(column.cells).most_common(12) if column else []
    unknown = [word for word, _ in words if level_of_word(word, {}) is None]
    return [f'# {_quote(word)} = "senior"' for word in unknown] or ['# P3 = "senior"']


def level_of_word(word: str, levels: Mapping[str, str]) -> str | None:
    """Our level for the company's word: as the mapping says, else as it is commonly meant.

    A bare number or code (`4`, `P3`) is the company's own and means nothing before the mapping says it.
    """
    from tenfold.catalogue.titles import read_title  # noqa: PLC0415  keeps the module's start light
    from tenfold.market.level_codes import level_of_code  # noqa: PLC0415

    if word in levels:
        return levels[word]
    plain = word.casefold()
    if plain in catalogue().levels:
        return plain
    return level_of_code(word) or (None if re.fullmatch(r"[a-z]{0,2}\d+[a-z]?", plain) else read_title(word).level)


def _quote(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
