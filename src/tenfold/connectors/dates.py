"""Dates and times as tables hold them: one order of day and month a column, decided by the column, never guessed.

`12.03.2021`, `12/03/2021`, `2021-03-12`, `12 March 2021`, `12-Mar-21`, `08/2012`, `1984`, Excel's day numbers, and
times with or without a zone. A date may stand for a whole month or year; then it is a span, and its user says so.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tenfold.kit.errors import Place, UserError

NOT_STATED = frozenset({"not stated", "unknown", "unbekannt", "inconnu", "desconocido", "?", "tbd", "tbc"})
"""Cells that say that nobody knows."""
BLANK = frozenset({"", "-", "–", "—", "n/a", "na", "n.a.", "nan", "nat", "none", "null", "nil"})
"""Cells that hold nothing; at the end of a stay that is an answer: still there."""
STILL_THERE = BLANK | frozenset(
    {"present", "current", "currently", "active", "ongoing", "open", "open-ended", "permanent", "to date", "until now"}
    | {"still there", "still employed", "still active", "employed", "in post", "now", "today"}
    | {"heute", "aktiv", "laufend", "offen", "unbefristet", "noch aktiv", "noch da", "bis heute", "noch beschäftigt"}
    | {"actuel", "actif", "en cours", "en poste", "à ce jour", "actual", "activo", "presente", "attivo", "in corso"}
    | {"heden", "actief", "in dienst"}
)
_ZEROS = re.compile(r"[0\-./: ]*0[0\-./: ]*")
"""Dates of nought, which databases write for none."""
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
EXCEL_EPOCH = date(1899, 12, 30)
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan january januar janvier enero gennaio januari janv ene gen jänner",
            "feb february februar février febrero febbraio februari févr fevrier",
            "mar march märz mars marzo maart mär mrz mrt",
            "apr april avril abril aprile avr abr",
            "may mai mayo maggio mei mag",
            "jun june juni juin junio giugno giu",
            "jul july juli juillet julio luglio juil lug",
            "aug august août agosto augustus ago aout",
            "sep sept september septembre septiembre settembre set",
            "oct october oktober octobre octubre ottobre okt ott",
            "nov november novembre noviembre",
            "dec december dezember décembre diciembre dicembre dez déc dic decembre",
        ),
        start=1,
    )
    for word in words.split()
}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})([-/.\s])\s?(\d{1,2})\2\s?(\d{4}|\d{2})")
_WORDS = re.compile(
    r"(?:(\d{1,2})\.?[\s\-/.]*)?([^\W\d_]{3,10})\.?[\s\-/,.]*(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4}|\d{2})"
)
_MONTH = re.compile(r"(?:(\d{1,2})[-/.](\d{4})|(\d{4})[-/.](\d{1,2}))")
_YEAR = re.compile(r"(\d{4})")
_COMPACT_MONTH = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])")
_ZONE_HOURS = {
    zone: hours
    for hours, zones in {
        0: "Z UTC UT GMT WET",
        1: "WEST CET MEZ",
        2: "CEST MESZ EET",
        3: "EEST",
        -4: "EDT",
        -5: "EST CDT",
        -6: "CST MDT",
        -7: "MST PDT",
        -8: "PST",
    }.items()
    for zone in zones.split()
}
"""Short names of zones: those of RFC 5322, and Europe's."""
_CLOCK = re.compile(
    r"(?:[T\s,]+|\s+(?:at|um|à)\s+)(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,](\d+))?)?\s*([AaPp]\.?[Mm]\.?)?"
    r"\s*(?:Uhr|uhr|h)?\s*"
    rf"({'|'.join(_ZONE_HOURS)}|(?:UTC|GMT)?[+-]\d{{2}}:?\d{{2}}|[+-]\d{{1,2}})?(?:\s*[\[(][\w/ +:-]+[\])])?$"
)
_COMPACT_CLOCK = re.compile(r"^(\d{8})[T_ ](\d{2})(\d{2})(\d{2})?")
_WEEKDAY = re.compile(r"[^\W\d_]{2,10}\.?,\s*(?=\S)")


class DateOrder(StrEnum):
    """Which comes first in `03/04/2021`."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


@dataclass(frozen=True, slots=True)
class DaySpan:
    """A date as exact as it was written: one day, or the first and last day of a month or year."""

    first: date
    last: date

    @property
    def middle(self) -> date:
        return self.first + (self.last - self.first) / 2

    @property
    def is_exact(self) -> bool:
        return self.first == self.last


class UnreadableDate(ValueError):
    """A cell that is not a date; its text is the reason."""


def is_stated(cell: str) -> bool:
    """Whether a cell holds anything that should be a date."""
    return cell.strip().casefold() not in NOT_STATED | BLANK


def date_order(cells: Iterable[str], *, name: str, chosen: DateOrder | None = None) -> DateOrder:
    """Whether day or month comes first in the numeric dates of these cells.

    Decided by any date that can be read only one way (a part above 12), or by points (12.03.2021 is day first in every
    country that writes points).

    Raises:
        UserError: the cells contradict each other, or nothing decides and it matters.
    """
    if chosen is not None:
        return chosen
    day_first, month_first, open_question = "", "", ""
    for cell in cells:
        found = _NUMERIC.match(_CLOCK.sub("", _bare(cell)))
        if found is None:
            continue
        one, mark, two = int(found[1]), found[2], int(found[3])
        if one > 12 or (mark == "." and two <= 12):
            day_first = day_first or cell
        elif two > 12:
            month_first = month_first or cell
        elif one != two:
            open_question = open_question or cell
    if day_first and month_first:
        raise UserError(
            f"Some dates have the day first (“{day_first}”), others the month (“{month_first}”).",
            remedy="Export the dates again as YYYY-MM-DD.",
            place=Place(file=name),
        )
    if open_question and not day_first and not month_first:
        raise UserError(
            f"“{open_question}” can be read two ways, and no other date in the file decides which.",
            remedy="Add --date-order dmy or --date-order mdy, or export the dates as YYYY-MM-DD.",
            place=Place(file=name),
        )
    return DateOrder.MONTH_FIRST if month_first else DateOrder.DAY_FIRST


def parse_day(cell: str, order: DateOrder = DateOrder.DAY_FIRST) -> DaySpan:
    """The day, month or year that a cell names; a time of day is passed over.

    Raises:
        UnreadableDate: it names none.
    """
    plain = _CLOCK.sub("", _bare(cell))
    for pattern, make in _FORMS:
        found = pattern.fullmatch(plain)
        if found:
            return _within_reason(make(found, order), cell)
    if plain.isdecimal() and 10_000 <= int(plain) <= 80_000:
        return _exact(EXCEL_EPOCH + timedelta(days=int(plain)))
    if _EPOCH.fullmatch(plain):
        return _exact(_from_epoch(plain).date())
    raise UnreadableDate(f"“{cell}” is not a date")


_EPOCH = re.compile(r"1\d{9}(\.\d+)?|\d{12,13}")


def _from_epoch(plain: str) -> datetime:
    """Seconds since 1970, or milliseconds where there are twelve digits or more."""
    return datetime.fromtimestamp(float(plain) / (1000 if len(plain.partition(".")[0]) > 11 else 1), UTC)


def is_nothing(cell: str) -> bool:
    """Whether a cell of dates holds no date: blank, a dash, or noughts."""
    return cell.casefold() in BLANK or _ZEROS.fullmatch(cell) is not None


def _bare(cell: str) -> str:
    """A cell without its weekday, and with the marks that compact times leave out."""
    plain = _COMPACT_CLOCK.sub(lambda found: f"{found[1]}T{found[2]}:{found[3]}:{found[4] or '00'}", cell.strip())
    return _WEEKDAY.sub("", plain, count=1) if _WEEKDAY.match(plain) else plain


def parse_moment(cell: str, order: DateOrder = DateOrder.DAY_FIRST) -> datetime:
    """The moment that a cell names, with its zone where one is written (also seconds since 1970).

    Raises:
        UnreadableDate: it names none.
    """
    plain = _bare(cell)
    if _EPOCH.fullmatch(plain):
        return _from_epoch(plain)
    day = parse_day(plain, order)
    if not day.is_exact:
        raise UnreadableDate(f"“{cell}” names no day")
    clock = _CLOCK.search(plain)
    midnight = datetime(day.first.year, day.first.month, day.first.day)  # noqa: DTZ001 - as written
    return _at_clock(midnight, clock, cell) if clock else midnight


def names_time_of_day(cell: str) -> bool:
    """Whether a cell that holds a moment says more than the day."""
    plain = _bare(cell)
    return bool(_EPOCH.fullmatch(plain) or _CLOCK.search(plain))


def zone(name: str) -> ZoneInfo | timezone:
    """A time zone by its IANA name (`Europe/Berlin`) or offset (`+02:00`, `UTC+2`).

    Raises:
        UnreadableDate: no such zone.
    """
    plain = name.strip()
    offset = re.fullmatch(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?", plain)
    if offset:
        return _fix_offset(offset[1], int(offset[2]), int(offset[3] or 0), name)
    if plain.upper() in ("UTC", "GMT", "Z", "UT"):
        return UTC
    try:
        return ZoneInfo(plain)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        if plain.upper() in _ZONE_HOURS:
            return _short_zone(plain)
        raise UnreadableDate(f"“{name}” is not a time zone such as Europe/Berlin") from None


def _short_zone(name: str) -> timezone:
    return timezone(timedelta(hours=_ZONE_HOURS[name.upper()]))


def _fix_offset(sign: str, hours: int, minutes: int, written: str) -> timezone:
    if hours > 14 or minutes > 59:
        raise UnreadableDate(f"“{written}” is not a time zone")
    return timezone((1 if sign == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _at_clock(midnight: datetime, clock: re.Match[str], cell: str) -> datetime:
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if clock[5]:
        hour = hour % 12 + (12 if clock[5][0] in "Pp" else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise UnreadableDate(f"“{cell}” has no such time of day")
    moment = midnight.replace(hour=hour, minute=minute, second=second)
    if clock[4]:
        moment += timedelta(microseconds=int(clock[4][:6].ljust(6, "0")))
    if not clock[6]:
        return moment
    return moment.replace(tzinfo=_short_zone(clock[6]) if clock[6] in _ZONE_HOURS else zone(clock[6]))


def _within_reason(span: DaySpan, cell: str) -> DaySpan:
    if not EARLIEST <= span.first <= LATEST:
        raise UnreadableDate(f"“{cell}” is not a date of our time")
    return span


def _exact(day: date) -> DaySpan:
    return DaySpan(day, day)


def _day(year: int, month: int, day: int, cell: str) -> DaySpan:
    try:
        return _exact(date(year, month, day))
    except ValueError:
        raise UnreadableDate(f"“{cell}” is no day of the calendar") from None


def _year(digits: str) -> int:
    """Two digits as spreadsheets read them: 00–49 are 20xx."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)


def _from_iso(found: re.Match[str], order: DateOrder) -> DaySpan:  # noqa: ARG001 - ISO has one order
    return _day(int(found[1]), int(found[2]), int(found[3]), found[0])


def _from_numeric(found: re.Match[str], order: DateOrder) -> DaySpan:
    one, two = int(found[1]), int(found[3])
    day, month = (one, two) if order is DateOrder.DAY_FIRST else (two, one)
    return _day(_year(found[4]), month, day, found[0])


def _from_words(found: re.Match[str], order: DateOrder) -> DaySpan:  # noqa: ARG001 - words have one order
    month = _MONTHS.get(found[2].casefold())
    if month is None:
        raise UnreadableDate(f"“{found[0]}” is not a date")
    day = found[1] or found[3]
    return _day(_year(found[4]), month, int(day), found[0]) if day else _whole_month(_year(found[4]), month, found[0])


def _from_month(found: re.Match[str], order: DateOrder) -> DaySpan:  # noqa: ARG001 - the year has four digits
    return _whole_month(int(found[2] or found[3]), int(found[1] or found[4]), found[0])


def _from_compact_month(found: re.Match[str], order: DateOrder) -> DaySpan:  # noqa: ARG001 - one order
    return _whole_month(int(found[1]), int(found[2]), found[0])


def _from_year(found: re.Match[str], order: DateOrder) -> DaySpan:  # noqa: ARG001
    year = int(found[1])
    if not EARLIEST.year <= year <= LATEST.year:
        raise UnreadableDate(f"“{found[0]}” is not a year of our time")
    return DaySpan(date(year, 1, 1), date(year, 12, 31))


def _whole_month(year: int, month: int, cell: str) -> DaySpan:
    if not (1 <= month <= 12 and EARLIEST.year <= year <= LATEST.year):
        raise UnreadableDate(f"“{cell}” is no month of the calendar")
    return DaySpan(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


_FORMS: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str], DateOrder], DaySpan]]] = (
    (_ISO, _from_iso),
    (_NUMERIC, _from_numeric),
    (_COMPACT, _from_iso),
    (_MONTH, _from_month),
    (_COMPACT_MONTH, _from_compact_month),
    (_YEAR, _from_year),
    (_WORDS, _from_words),
)
