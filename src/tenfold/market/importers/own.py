"""The company's own pay data: any CSV or XLSX with a mapping file. Nothing that names a person is ever stored.

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
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import tomli

from tenfold.catalogue.store import catalogue
from tenfold.catalogue.titles import read_title
from tenfold.kit.errors import Place, UserError
from tenfold.market.fx import Rates
from tenfold.market.importers.source import BadRowError, Dropped, Made, Record, amount, day, one_by_one, times_a_year
from tenfold.market.level_codes import level_of_code
from tenfold.market.observation import OBSERVATIONS, Observation

FIELDS = (
    "title",
    "pay",
    "pay_min",
    "pay_max",
    "currency",
    "period",
    "level",
    "role",
    "country",
    "place",
    "workplace",
    "employment",
    "date",
)
# What columns are called in HR systems and surveys; the wizard proposes by these, first match wins.
_CALLED = {
    "title": ("job title", "title", "position", "position title", "job", "role title", "business title"),
    "pay_min": ("min salary", "salary min", "pay min", "range min", "minimum", "salary_min", "from"),
    "pay_max": ("max salary", "salary max", "pay max", "range max", "maximum", "salary_max", "to"),
    "pay": (
        "base salary",
        "base pay",
        "annual base",
        "salary",
        "base",
        "pay",
        "annual salary",
        "compensation rate",
        "amount",
    ),
    "currency": ("currency", "currency code", "pay currency", "salary currency"),
    "period": ("pay period", "frequency", "pay frequency", "period", "unit", "pay rate type"),
    "level": ("level", "grade", "job level", "seniority", "band", "job grade"),
    "role": ("role", "job family", "family", "function"),
    "country": ("country", "country code", "location country"),
    "place": ("location", "city", "office", "work location", "metro"),
    "workplace": ("workplace", "remote", "work mode", "work arrangement"),
    "employment": ("employment type", "fte", "worker type", "time type"),
    "date": ("effective date", "date", "as of", "pay date", "last change", "hire date"),
}
# Words in a column's name that say that it may name a person.
_PERSONAL = re.compile(
    r"(?<![a-z])((first|last|sur|user)?names?|employee|person|staff|manager|supervisor|e?mail|id|number|no|ssn|birth|"
    r"birthday|dob|gender|sex|ethnic(ity)?|race|religion|nationality|phone|mobile|address|street|age|login|user|"
    r"initials|photo|iban|account)(?![a-z])"
)


@dataclass(frozen=True)
class ColumnMap:
    """Which column holds what. `same` are values for all rows; `levels` translate the company's words."""

    columns: Mapping[str, str]
    same: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)


def read_mapping(path: Path) -> ColumnMap:
    """Raises UserError: no TOML, an unknown field or level, or neither pay nor pay_min and pay_max."""
    place = Place(file=str(path))
    try:
        document = tomli.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UserError(f"The mapping cannot be read: {error.strerror}.", place=place) from error
    except (UnicodeDecodeError, tomli.TOMLDecodeError) as error:
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
    for name in (*mapping.columns, *mapping.same):
        if name not in FIELDS:
            raise UserError(f"“{name}” is not a field of pay data.", remedy=known, place=place)
    given = {*mapping.columns, *mapping.same}
    if "title" not in given and "role" not in given:
        raise UserError("The mapping names neither a title nor a role.", remedy='Add: title = "…"', place=place)
    if "pay" not in given and not {"pay_min", "pay_max"} <= given:
        raise UserError("The mapping names no pay.", remedy='Add: pay = "…", or pay_min and pay_max.', place=place)
    levels = catalogue().levels
    for word, level in mapping.levels.items():
        if level not in levels:
            raise UserError(f"“{word}” is mapped to “{level}”.", remedy=f"One of {', '.join(levels)}.", place=place)


@dataclass(frozen=True)
class Proposal:
    """A mapping guessed from a header, to be looked over. `personal` columns may name a person and are never stored."""

    mapping: ColumnMap
    personal: tuple[str, ...]


def proposal(header: Sequence[str]) -> Proposal:
    """Which column holds what, by what HR systems and surveys call them."""
    folded = {_folded(name): name for name in header if name.strip()}
    taken: dict[str, str] = {}
    for what, names in _CALLED.items():
        found = next((folded[name] for name in names if name in folded and folded[name] not in taken.values()), None)
        if found is not None:
            taken[what] = found
    if {"pay_min", "pay_max"} <= taken.keys():
        taken.pop("pay", None)
    assumed = (("currency", "USD"), ("period", "year"), ("country", "US"))
    left = [name for name in header if name.strip() and name not in taken.values()]
    return Proposal(
        ColumnMap(taken, {what: value for what, value in assumed if what not in taken}),
        tuple(name for name in left if _PERSONAL.search(name.casefold())),
    )


def propose(header: Sequence[str]) -> str:
    """The text of a mapping file for these columns, to be looked over; personal columns are named and left out."""
    guess = proposal(header)
    lines = ["# Which column holds what. Look it over, correct it, then import with --map.", "[columns]"]
    lines += [f"{what} = {_quoted(name)}" for what, name in guess.mapping.columns.items()]
    lines += ["", "[same_for_all]  # for every row, where no column says it"]
    lines += [f'{what} = "{value}"' for what, value in guess.mapping.same.items()]
    lines += ["", "[levels]  # your words for junior, mid, senior, staff, principal", '# P3 = "senior"']
    if guess.personal:
        lines += ["", f"# Never stored, they may name a person: {', '.join(guess.personal)}"]
    return "\n".join(lines) + "\n"


def _folded(name: str) -> str:
    """`Base_Salary (USD)` as `base salary`."""
    return re.sub(r"\s*\([^)]*\)\s*$", "", name.strip().casefold().replace("_", " "))


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Own:
    """Own pay data by a mapping. One currency is assumed only where the mapping says so."""

    kind = "own"
    table = OBSERVATIONS
    stateless = True
    provenance = "own pay data, de-identified on import"

    def __init__(self, mapping: ColumnMap, rates: Rates, *, today: date) -> None:
        self._mapping, self._rates, self._today = mapping, rates, today

    def columns(self) -> Sequence[str]:
        return tuple(dict.fromkeys(self._mapping.columns.values()))

    def read(self, rows: Iterator[tuple[int, Record]]) -> Iterator[Made | Dropped]:
        return one_by_one(rows, self._person)

    def pass_over(self, record: Record) -> None:
        """Each row stands alone: nothing to remember."""

    def _person(self, record: Record) -> Observation:
        def said(name: str) -> str:
            column = self._mapping.columns.get(name)
            return (record[column].strip() if column else "") or self._mapping.same.get(name, "")

        title = said("title") or said("role")
        if not title:
            raise BadRowError("the title is empty")
        read = read_title(title)
        currency = said("currency").upper()
        if len(currency) != 3 or not currency.isalpha():
            raise BadRowError("no currency is given")
        at = day(said("date"), "date") if said("date") else self._today
        times = times_a_year(said("period") or "year", "period")
        low, high = self._pay(said, times)
        usd_low, usd_high = (self._usd(end, currency, at) for end in (low, high))
        return Observation(
            basis="own",
            title=title,
            role=said("role") if said("role") in catalogue().roles else read.role,
            level=self.level_of(said("level")) or read.level or "",
            level_code="",
            country=said("country") or "US",
            place=said("place"),
            remote_ratio={"remote": "100", "yes": "100", "true": "100", "hybrid": "50"}.get(
                said("workplace").casefold(), "0"
            ),
            employment=said("employment") or "FT",
            size="",
            currency=currency,
            min_year=low,
            max_year=high,
            min_usd_year=usd_low,
            max_usd_year=usd_high,
            seen=at,
            work_year=at.year,
        )

    def _pay(self, said: Callable[[str], str], times: float) -> tuple[float, float]:
        if said("pay"):
            low = high = amount(said("pay"), "pay") * times
        elif "pay" in self._mapping.columns:
            raise BadRowError("pay is empty")
        else:
            low, high = amount(said("pay_min"), "pay_min") * times, amount(said("pay_max"), "pay_max") * times
        if not low:
            raise BadRowError("pay is nothing")
        if low > high:
            raise BadRowError("the range runs backwards")
        return low, high

    def level_of(self, word: str) -> str | None:
        """Our level for the company's word: as the mapping says, else as it is commonly meant."""
        if word in self._mapping.levels:
            return self._mapping.levels[word]
        plain = word.casefold()
        return plain if plain in catalogue().levels else level_of_code(word) or read_title(word).level

    def _usd(self, amount_local: float, currency: str, at: date) -> float:
        try:
            return round(self._rates.to_usd(amount_local, currency, at), 2)
        except UserError:
            raise BadRowError(f"no exchange rate for {currency}") from None
