"""Imports survey microdata in the layout of the Stack Overflow public results (all years since 2021).

One row a respondent; answers of "worked with" columns joined by `;`; names of columns vary by year. Only what the
estimate needs is kept, as bitmaps: nothing of a single respondent can be read back one by one by name.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tenfold.catalogue.store import catalogue
from tenfold.kit.errors import Place, UserError
from tenfold.practices.skills.pool import Respondents

YEARS_COLUMNS = ("YearsCodePro", "WorkExp", "YearsCode")
PAY_COLUMN = "ConvertedCompYearly"
COUNTRY_COLUMN = "Country"
ROLE_COLUMN = "DevType"
_WORKED_WITH = re.compile(r"(?:HaveWorkedWith|WorkedWith)$")
_WORDS_FOR_YEARS = {"less than 1 year": 0.5, "more than 50 years": 51.0}
_ANSWER_IDS = {
    "bash/shell": "bash", "bash/shell (all shells)": "bash", "google cloud": "gcp", "google cloud platform": "gcp",
    "amazon web services (aws)": "aws", "microsoft azure": "azure", "torch/pytorch": "pytorch", "html/css": "html",
    "microsoft sql server": "sql-server", "apache kafka": "kafka", "apache spark": "spark",
}  # fmt: skip


@dataclass
class _Builder:
    """Collects the numbers of respondents per answer, to be turned into bitmaps at the end."""

    members: dict[str, list[int]] = field(default_factory=dict)

    def add(self, answer: str, respondent: int) -> None:
        self.members.setdefault(answer, []).append(respondent)

    def bitmaps(self, n: int) -> dict[str, int]:
        return {answer: bitmap(numbers, n) for answer, numbers in self.members.items()}


def bitmap(numbers: Iterable[int], n: int) -> int:
    """A whole number with these bits set."""
    raw = bytearray(n // 8 + 1)
    for number in numbers:
        raw[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(raw, "little")


def load_survey(path: Path) -> Respondents:
    """Reads the CSV once, row by row.

    Raises:
        UserError: not readable, or without a column of what people have worked with.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="", errors="replace") as lines:
            return _read_rows(csv.DictReader(lines), path)
    except OSError as error:
        raise UserError(
            f"This file cannot be read: {error.strerror}.", remedy="Check the path.", place=Place(file=str(path))
        ) from None
    except csv.Error as error:
        raise UserError(
            f"This is no CSV: {error}.", remedy="Give the survey's own file.", place=Place(file=str(path))
        ) from error


def _read_rows(rows: csv.DictReader[str], path: Path) -> Respondents:
    columns = list(rows.fieldnames or ())
    worked = [column for column in columns if _WORKED_WITH.search(column)]
    if not worked:
        raise UserError(
            "This file has no column of what respondents have worked with.",
            remedy="Give survey_results_public.csv of the Stack Overflow survey, 2021 or later.",
            place=Place(file=str(path)),
        )
    years_column = next((column for column in YEARS_COLUMNS if column in columns), None)
    skills, countries, roles = _Builder(), _Builder(), _Builder()
    years: list[tuple[float, int]] = []
    pay: list[tuple[float, int]] = []
    known: dict[str, str | None] = {}
    n = 0
    for number, row in enumerate(rows):
        n = number + 1
        for column in worked:
            for answer in _answers(row.get(column)):
                skill = known[answer] if answer in known else known.setdefault(answer, _skill_of(answer))
                if skill is not None:
                    skills.add(skill, number)
        _place(row, number, countries, roles)
        if years_column and (amount := _years(row.get(years_column))) is not None:
            years.append((amount, number))
        if (amount := _number(row.get(PAY_COLUMN))) is not None:
            pay.append((amount, number))
    return Respondents(
        n=n,
        skills=skills.bitmaps(n),
        asked=frozenset(skills.members),
        countries=countries.bitmaps(n),
        roles=roles.bitmaps(n),
        years=_thresholds(years, n),
        pay_usd_year=_thresholds(pay, n),
        paid=bitmap((number for _, number in pay), n),
        source=f"{path.name}, {n:,} respondents",
    )


def _place(row: Mapping[str, str | None], number: int, countries: _Builder, roles: _Builder) -> None:
    if country := (row.get(COUNTRY_COLUMN) or "").strip():
        countries.add(country, number)
    for role in _answers(row.get(ROLE_COLUMN)):
        roles.add(role, number)


def _thresholds(amounts: list[tuple[float, int]], n: int) -> list[tuple[float, int]]:
    """For each amount that occurs (at most a thousand, evenly taken), who has at least that much."""
    ordered = sorted(amounts)
    steps = sorted({amount for amount, _ in ordered})
    steps = steps if len(steps) <= MOST_STEPS else [steps[at * len(steps) // MOST_STEPS] for at in range(MOST_STEPS)]
    found: list[tuple[float, int]] = []
    people, at = 0, len(ordered)
    for step in reversed(steps):
        newcomers = []
        while at and ordered[at - 1][0] >= step:
            at -= 1
            newcomers.append(ordered[at][1])
        people |= bitmap(newcomers, n)
        found.append((step, people))
    return found[::-1]


MOST_STEPS = 1000


def _answers(cell: str | None) -> list[str]:
    return [answer for part in (cell or "").split(";") if (answer := part.strip()) and answer != "NA"]


def _skill_of(answer: str) -> str | None:
    """The catalogue's id for an answer of the survey; None where the catalogue has none."""
    listed = _ANSWER_IDS.get(answer.lower())
    if listed in catalogue().skills:
        return listed
    skill = catalogue().find(answer) or catalogue().find(re.sub(r"\s*\(.*\)$", "", answer))
    return skill.id if skill else None


def _years(cell: str | None) -> float | None:
    words = (cell or "").strip().lower()
    return _WORDS_FOR_YEARS.get(words, _number(words))


def _number(cell: str | None) -> float | None:
    try:
        amount = float((cell or "").replace(",", ""))
    except ValueError:
        return None
    return amount if 0 <= amount < 1e9 else None


def save_respondents(respondents: Respondents, path: Path) -> None:
    """Writes an imported survey beside the target and renames it: the bitmaps alone, in hexadecimal."""
    people = {
        "n": respondents.n,
        "asked": sorted(respondents.asked),
        "paid": f"{respondents.paid:x}",
        "source": respondents.source,
        "years": [[least, f"{who:x}"] for least, who in respondents.years],
        "pay_usd_year": [[least, f"{who:x}"] for least, who in respondents.pay_usd_year],
        **{
            name: {answer: f"{who:x}" for answer, who in getattr(respondents, name).items()}
            for name in ("skills", "countries", "roles")
        },
    }
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(people), encoding="utf-8")
    part.replace(path)


def load_respondents(path: Path) -> Respondents:
    """What `keep` wrote."""
    people = json.loads(path.read_text(encoding="utf-8"))
    return Respondents(
        n=people["n"],
        asked=frozenset(people["asked"]),
        paid=int(people["paid"], 16),
        source=people["source"],
        years=[(least, int(who, 16)) for least, who in people["years"]],
        pay_usd_year=[(least, int(who, 16)) for least, who in people["pay_usd_year"]],
        **{
            name: {answer: int(who, 16) for answer, who in people[name].items()}
            for name in ("skills", "countries", "roles")
        },
    )
