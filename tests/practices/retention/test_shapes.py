"""The same people, pages and looks, written as the world's systems write them: the answer must not change."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.practices.retention.companies import LISTED, company
from tests.practices.retention.test_cli import answered, called

MONTHS = [date(2026, number, 1).strftime("%b") for number in range(1, 13)]
_FIRST_HALF = ["Januar", "Februar", "März", "April", "Mai", "Juni"]
GERMAN = [*_FIRST_HALF, "Juli", "August", "September", "Oktober", "November", "Dezember"]
BERLIN = ZoneInfo("Europe/Berlin")
FIRM = company(12)
PEOPLE = [row.cells for row in FIRM.contracts().rows]
ENDS = ("--as-of", LISTED.isoformat())

DAYS: dict[str, Callable[[date], str]] = {
    "ISO": date.isoformat,
    "ISO and midnight": lambda d: f"{d}T00:00:00.000+00:00",
    "German": lambda d: f"{d:%d.%m.%Y}",
    "German, short": lambda d: f"{d.day}. {d.month}. {d:%y}",
    "German, in words": lambda d: f"{d.day}. {GERMAN[d.month - 1]} {d.year}",
    "German, with weekday": lambda d: f"Do, {d:%d.%m.%Y}",
    "British": lambda d: f"{d:%d/%m/%Y}",
    "Dutch": lambda d: f"{d:%d-%m-%Y}",
    "American": lambda d: f"{d.month}/{d.day}/{d.year}",
    "American export": lambda d: f"{d.month}/{d.day}/{d.year} 12:00:00 AM",
    "Oracle": lambda d: f"{d.day:02d}-{MONTHS[d.month - 1].upper()}-{d:%y}",
    "in words": lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year}",
    "SAP": lambda d: f"{d:%Y%m%d}",
    "Excel's number": lambda d: str((d - date(1899, 12, 30)).days),
    "milliseconds": lambda d: str((d - date(1970, 1, 1)).days * 86_400_000),
}
STILL = ("", "-", "NULL", "heute", "noch aktiv", "still employed", "(aktiv)", "en poste", "unbefristet")
FAR = ("31.12.9999", "9999-12-31", "31.12.4712", "00.00.0000", "0000-00-00", "29991231")
MOMENTS: dict[str, Callable[[datetime], str]] = {
    "Zulu": lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}",
    "local with offset": lambda at: at.astimezone(BERLIN).isoformat(),
    "elsewhere with offset": lambda at: at.astimezone(ZoneInfo("America/Los_Angeles")).isoformat(),
    "Java": lambda at: f"{at.astimezone(BERLIN).isoformat()}[Europe/Berlin]",
    "seconds": lambda at: str(int(at.timestamp())),
    "milliseconds": lambda at: str(int(at.timestamp()) * 1000),
    "mail": lambda at: f"{at:%a, %d %b %Y %H:%M:%S} +0000",
    "short zone": lambda at: at.astimezone(BERLIN).strftime("%d %b %Y %H:%M:%S %Z"),
    "compact": lambda at: f"{at:%Y%m%dT%H%M%SZ}",
    "German, local": lambda at: f"{at.astimezone(BERLIN):%d.%m.%Y, %H:%M:%S} Uhr",
    "American, local": lambda at: f"{at.astimezone(BERLIN):%m/%d/%Y %I:%M:%S %p}",
    "log, local": lambda at: f"{at.astimezone(BERLIN):%Y-%m-%d %H:%M:%S},000",
}


def write(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], *, mark: str = ",", encoding: str = "utf-8"
) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=mark)
    writer.writerow(header)
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return str(path)


def figures(found: dict[str, Any]) -> tuple[Any, ...]:
    return found["n"], found["exits"], found["median_years"], found["survival"], found["left_out"]


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ...]:
    path = write(tmp_path_factory.mktemp("usual") / "p.csv", ("id", "from", "to"), PEOPLE)
    return figures(answered("tenure", path, "--start", "from", "--end", "to", "--person", "id", *ENDS))


@pytest.mark.parametrize("form", DAYS)
def test_the_form_of_dates_changes_nothing(tmp_path: Path, usual: tuple[Any, ...], form: str) -> None:
    told = DAYS[form]
    rows = [(i, told(date.fromisoformat(a)), told(date.fromisoformat(b)) if b else "") for i, a, b in PEOPLE]
    path = write(tmp_path / "p.csv", ("Personal-Nr", "Eintritt", "Austritt"), rows, mark=";", encoding="cp1252")
    columns = ("--start", "eintritt", "--end", "AUSTRITT", "--person", "personal nr")
    assert figures(answered("tenure", path, *columns, *ENDS)) == usual


@pytest.mark.parametrize("word", STILL + FAR)
def test_the_word_for_still_there_changes_nothing(tmp_path: Path, usual: tuple[Any, ...], word: str) -> None:
    path = write(tmp_path / "p.csv", ("id", "from", "to"), [(i, a, b or word) for i, a, b in PEOPLE])
    assert figures(answered("tenure", path, "--start", "from", "--end", "to", "--person", "id", *ENDS)) == usual


def test_an_unknown_word_for_still_there_is_asked_about_and_not_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "p.csv", ("id", "from", "to"), [(i, a, b or "im Haus") for i, a, b in PEOPLE])
    code, _, err = called("tenure", path, "--start", "from", "--end", "to", *ENDS)
    assert code == 2
    assert "im Haus" in err
    assert "Leave the end blank" in err


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_the_spreadsheet_changes_nothing(tmp_path: Path, usual: tuple[Any, ...], mark: str, encoding: str) -> None:
    path = write(tmp_path / "p.csv", ("Übergang", "Von (Tag)", "Bis; Tag"), PEOPLE, mark=mark, encoding=encoding)
    columns = ("--start", "Von (Tag)", "--end", "Bis; Tag", "--person", "übergang")
    assert figures(answered("tenure", path, *columns, *ENDS)) == usual


@pytest.mark.parametrize(
    "form", ["%Y-%m-%d", "%d.%m.%Y", "%Y-%m", "%m/%Y", "%b %Y", "%Y%m", "%d/%m/%Y", "%m/%d/%Y"], ids=str
)
def test_month_lists_are_read_in_any_form(tmp_path: Path, form: str) -> None:
    """Lists of the first of each month decide by their even steps whether day or month comes first."""
    months = [date(2016 + n // 12, n % 12 + 1, 1) for n in range(110)]
    rows = [(month, i) for month in months for i, (a, b) in enumerate(FIRM.stays) if a <= month < b]

    def found(told: Callable[[date], str]) -> tuple[Any, ...]:
        path = write(tmp_path / "lists.csv", ("Stichtag", "Nr"), [(told(month), str(i)) for month, i in rows])
        return figures(answered("tenure", path, "--snapshot", "Stichtag", "--person", "Nr"))

    assert found(lambda month: month.strftime(form)) == found(date.isoformat)


def pages() -> list[datetime]:
    chance, end = random.Random(5), datetime(2026, 7, 5, tzinfo=BERLIN)  # noqa: S311 - repeatable
    at, found = datetime(2026, 1, 5, 8, tzinfo=UTC), []
    while (at := at + timedelta(seconds=int(72_000 * chance.expovariate(1)))) < end:
        found.append(at)
    return found


@pytest.mark.parametrize("form", MOMENTS)
def test_the_form_of_times_changes_nothing_on_call(tmp_path: Path, form: str) -> None:
    def found(name: str) -> dict[str, Any]:
        path = write(
            tmp_path / "pages.csv", ("Nr", "Zeit"), [(str(i), MOMENTS[name](at)) for i, at in enumerate(pages())]
        )
        told = answered("oncall", path, "--at", "Zeit", "--zone", "Europe/Berlin", "--compare", "2:8")
        return {key: value for key, value in told.items() if key != "warnings"}

    assert found(form) == found("Zulu")


@pytest.mark.parametrize("form", [name for name in MOMENTS if "local" not in name or "offset" in name])
def test_the_form_of_times_changes_no_promotion(tmp_path: Path, form: str) -> None:
    versions = [*"1" * 20, *"2" * 20, *"1" * 10, *"3" * 20, *"4" * 3, *"3" * 20, *"5" * 30]
    start = datetime(2026, 3, 20, tzinfo=UTC)
    looks = [(start + timedelta(hours=6 * n), "churn", "champion", each) for n, each in enumerate(versions)]
    random.Random(1).shuffle(looks)  # noqa: S311 - repeatable
    path = write(tmp_path / "l.csv", ("time", "name", "alias", "version"), [(MOMENTS[form](a), *r) for a, *r in looks])
    found = answered("promotions", path)
    assert (found["promotions"], found["rollbacks"], found["longest_gap"]["hours"]) == (4, 2, 6.0)


@pytest.mark.parametrize("titles", ["HR export", "HR export, 27 November 2026\n\nTeam: platform"])
def test_titles_above_the_header_change_nothing(tmp_path: Path, usual: tuple[Any, ...], titles: str) -> None:
    path = Path(write(tmp_path / "p.csv", ("id", "from", "to"), PEOPLE, mark=";"))
    path.write_text(f"{titles}\n\n{path.read_text()}")
    columns = ("--start", "from", "--end", "to", "--person", "id")
    assert figures(answered("tenure", str(path), *columns, *ENDS)) == usual


def test_a_table_of_one_column_has_no_title(tmp_path: Path) -> None:
    path = write(tmp_path / "pages.csv", ("Zeit",), [(MOMENTS["Zulu"](at),) for at in pages()])
    assert answered("oncall", path, "--at", "Zeit", "--zone", "UTC")["pages"] == len(pages())


def test_days_without_a_time_place_no_page_in_a_night(tmp_path: Path) -> None:
    path = write(
        tmp_path / "pages.csv", ("nr", "day"), [(str(i), at.date().isoformat()) for i, at in enumerate(pages())]
    )
    code, _, err = called("oncall", path, "--at", "day")
    assert code == 2
    assert "names no time of day" in err


def test_a_page_at_midnight_sharp_may_be_written_as_a_day(tmp_path: Path) -> None:
    rows = [(str(i), MOMENTS["Zulu"](at)) for i, at in enumerate(pages())]
    path = write(tmp_path / "pages.csv", ("nr", "at"), [*rows, ("x", "2026-03-01")])
    assert answered("oncall", path, "--at", "at")["pages"] == len(rows) + 1


# Logs of incident tools --------------------------------------------------------------------------


def log_entries() -> list[dict[str, Any]]:
    """Each page as PagerDuty logs it: the trigger, two notifications, and what is no page; in any order."""
    chance = random.Random(11)  # noqa: S311 - repeatable
    entries = [
        {"type": kind, "created_at": (at + timedelta(seconds=wait)).isoformat(), "incident": {"id": f"P{number}"}}
        for number, at in enumerate(pages())
        for kind, wait in (
            ("trigger_log_entry", 0),
            ("notify_log_entry", 40),
            ("notify_log_entry", 400),
            ("acknowledge_log_entry", 500),
            ("resolve_log_entry", 4_000),
        )
    ]
    chance.shuffle(entries)
    return entries


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The pages themselves, each once."""
    path = write(
        tmp_path_factory.mktemp("pages") / "p.csv",
        ("id", "at"),
        [(str(n), at.isoformat()) for n, at in enumerate(pages())],
    )
    return answered("oncall", path, "--at", "at", "--zone", "Europe/Berlin")


def test_a_page_that_pagerduty_logs_five_times_counts_once(tmp_path: Path, alone: dict[str, Any]) -> None:
    """As JSON and as CSV, across a change to summer time (29 March 2026), in whatever order."""
    file = tmp_path / "log.json"
    file.write_text(json.dumps({"log_entries": log_entries()}))
    assert answered("oncall", str(file), "--zone", "Europe/Berlin") == alone
    rows = [(each["type"], each["created_at"], each["incident"]["id"]) for each in log_entries()]
    path = write(tmp_path / "log.csv", ("type", "created_at", "incident_id"), rows, mark=";")
    assert answered("oncall", path, "--at", "created_at", "--zone", "Europe/Berlin") == alone


def test_alerts_of_alertmanager_are_pages_and_a_second_firing_counts(tmp_path: Path, alone: dict[str, Any]) -> None:
    alerts = [{"startsAt": at.isoformat(), "labels": {"alertname": "Latency"}, "fingerprint": "f"} for at in pages()]
    file = tmp_path / "alerts.json"
    file.write_text(json.dumps(alerts))
    assert answered("oncall", str(file), "--zone", "Europe/Berlin") == alone


def test_rows_with_an_incident_but_no_kind_of_entry_are_all_pages(tmp_path: Path, alone: dict[str, Any]) -> None:
    rows = [(at.isoformat(), f"P{number // 2}", "high") for number, at in enumerate(pages())]
    path = write(tmp_path / "p.csv", ("at", "incident_id", "type"), rows)
    assert answered("oncall", path, "--at", "at", "--zone", "Europe/Berlin")["pages"] == alone["pages"]


def test_a_table_without_a_named_column_of_times_is_asked_about(tmp_path: Path) -> None:
    path = write(tmp_path / "p.csv", ("at",), [("2026-03-02T10:00:00Z",)])
    code, _, err = called("oncall", path)
    assert (code, "Add --at" in err) == (2, True)
