"""Lists of people from other systems: CSV or XLSX with any headings, Greenhouse Harvest v3 and Ashby as JSON files.

The shapes of the two systems are those of their published documents: Greenhouse, “Harvest API v3, candidates and
applications” (developers.greenhouse.io), Ashby, “candidate.list” and “application.list” (developers.ashbyhq.com).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any, ClassVar

from tenfold.apps.candidates.models import OpenRole, RoleStage, Source
from tenfold.apps.candidates.queries.applicant import Applicant
from tenfold.apps.candidates.queries.contact import is_email, is_link
from tenfold.connectors.tables import read_table
from tenfold.kit.errors import Place, UserError

MAX_ROWS = 5_000
MAX_BYTES = 10_000_000
MAX_CELL = 5_000

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "full name", "candidate", "candidate name", "applicant", "vollständiger name", "nom complet"),
    "first_name": ("first name", "firstname", "given name", "vorname", "prénom", "prenom", "nombre", "nome"),
    "last_name": ("last name", "lastname", "surname", "family name", "nachname", "nom", "apellido", "cognome"),
    "email": ("email", "e-mail", "mail", "email address", "e-mail address", "e-mail-adresse", "courriel", "correo"),
    "phone": ("phone", "telephone", "mobile", "phone number", "telefon", "handy", "téléphone", "teléfono", "telefono"),
    "link": ("linkedin", "profile", "website", "url", "github", "link", "linkedin url", "profil"),
    "location": ("location", "city", "place", "ort", "stadt", "lieu", "ville", "ciudad", "luogo"),
    "stage": ("stage", "status", "current stage", "phase", "stufe", "étape", "etapa", "fase"),
    "source": ("source", "quelle", "fuente", "fonte", "origin"),
    "applied": ("applied", "applied at", "applied on", "date applied", "application date", "created at", "datum"),
    "letter": ("cover letter", "message", "letter", "anschreiben", "lettre"),
    "external_id": ("id", "candidate id", "external id"),
}
DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%Y", "%d %B %Y", "%B %d, %Y", "%d %b %Y")
SOURCES: Mapping[str, Source] = {
    "referral": Source.REFERRAL,
    "employee referral": Source.REFERRAL,
    "empfehlung": Source.REFERRAL,
    "agency": Source.AGENCY,
    "sourced": Source.SOURCED,
    "linkedin": Source.JOB_BOARD,
    "indeed": Source.JOB_BOARD,
    "job board": Source.JOB_BOARD,
    "careers page": Source.JOB_PAGE,
    "job page": Source.JOB_PAGE,
    "website": Source.JOB_PAGE,
}


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One person of a list, and what stands against importing them. `line` counts from 1 in the file."""

    FIELDS: ClassVar = (
        "name",
        "email",
        "phone",
        "link",
        "location",
        "stage",
        "source",
        "applied",
        "letter",
        "external_id",
        "application_id",
    )
    line: int
    values: Mapping[str, str]
    problems: tuple[tuple[str, str], ...]

    @property
    def to_correct(self) -> list[tuple[str, str, str]]:
        """Field, what is wrong in it, and what stands there now."""
        return [(where, what, self.values[where]) for where, what in self.problems]


@dataclass(frozen=True, slots=True)
class ReadList:
    """A file as rows, the shape that was recognised, and columns that we do not take."""

    rows: tuple[dict[str, Any], ...]
    shape: str
    left_out: tuple[str, ...] = ()


def read_list(name: str, content: bytes) -> ReadList:
    """The people in a file.

    Raises:
        UserError: too large, no table and no export that we know, or no column that names people.
    """
    if len(content) > MAX_BYTES:
        raise UserError(f"This is larger than {MAX_BYTES // 1_000_000} MB.", remedy="Split it.")
    if PurePath(name).suffix.lower() == ".json":
        return _of_json(name, content)
    return _of_table(name, content)


def _of_table(name: str, content: bytes) -> ReadList:
    with tempfile.TemporaryDirectory(prefix="tenfold-people-") as folder:
        path = Path(folder) / PurePath(name).name
        path.write_bytes(content)
        try:
            table = read_table(path)
        except UserError as error:
            raise UserError(error.what, remedy=error.remedy, place=Place(file=name, line=error.place.line)) from None
    columns = {field: table.header.index(heading) for field, heading in _columns(table.header).items()}
    if "name" not in columns and not {"first_name", "last_name"} & set(columns):
        raise UserError(
            "No column of this list names people.",
            remedy="Call one “Name”, or two “First name” and “Last name”.",
            place=Place(file=name, line=1),
        )
    if len(table.rows) > MAX_ROWS:
        raise UserError(f"These are more than {MAX_ROWS:,} people.", remedy="Split the list.", place=Place(file=name))
    rows = [
        {"line": row.line, **_join({field: row.cells[at][:MAX_CELL] for field, at in columns.items()})}
        for row in table.rows
        if any(row.cells)
    ]
    used = set(columns.values())
    left = tuple(heading for at, heading in enumerate(table.header) if at not in used and heading)
    return ReadList(tuple(rows), "table", left)


def _columns(header: Sequence[str]) -> dict[str, str]:
    """For each value the heading that it stands under; the first that fits."""
    plain = {heading: " ".join(heading.replace("_", " ").casefold().split()) for heading in header}
    found: dict[str, str] = {}
    for field, words in HEADINGS.items():
        for heading, text in plain.items():
            if text in words and heading not in found.values():
                found[field] = heading
                break
    return found


def _join(values: dict[str, str]) -> dict[str, str]:
    first, last = values.pop("first_name", ""), values.pop("last_name", "")
    if not values.get("name"):
        values["name"] = f"{first} {last}".strip()
    return {field: values.get(field, "").strip() for field in ImportRow.FIELDS}


# Exports of other systems -------------------------------------------------------------------------------------


def _of_json(name: str, content: bytes) -> ReadList:
    try:
        held = json.loads(content)
    except (ValueError, RecursionError):
        raise UserError("This is not JSON.", remedy="Export it again.", place=Place(file=name)) from None
    if isinstance(held, dict) and isinstance(held.get("candidates"), list):
        return _rows_of(_greenhouse(held), "greenhouse-v3")
    if isinstance(held, dict) and isinstance(held.get("results"), list):
        return _rows_of(_ashby(held["results"]), "ashby")
    raise UserError(
        "This is neither an export of Greenhouse Harvest v3 nor of Ashby.",
        remedy="Greenhouse: {candidates, applications}; Ashby: {results} of application.list. Or send a CSV.",
        place=Place(file=name),
    )


def _rows_of(rows: Iterable[dict[str, str]], shape: str) -> ReadList:
    numbered = [{"line": place, **row} for place, row in enumerate(rows, start=1)]
    if len(numbered) > MAX_ROWS:
        raise UserError(f"These are more than {MAX_ROWS:,} people.", remedy="Split the export.")
    return ReadList(tuple(numbered), shape)


def _greenhouse(held: Mapping[str, Any]) -> Iterable[dict[str, str]]:
    """One row an application; a candidate without one is a row as well."""
    applications: dict[str, list[Mapping[str, Any]]] = {}
    for one in _dicts(held.get("applications")):
        applications.setdefault(str(one.get("candidate_id")), []).append(one)
    for person in _dicts(held["candidates"]):
        own: list[Mapping[str, Any]] = applications.get(str(person.get("id"))) or [{}]
        for application in own:
            yield _row(
                name=f"{_text(person.get('first_name'))} {_text(person.get('last_name'))}".strip(),
                email=_first(person.get("email_addresses"), "value"),
                phone=_first(person.get("phone_numbers"), "value"),
                link=_first(person.get("social_media_addresses"), "value")
                or _first(person.get("website_addresses"), "value"),
                location=_first(person.get("addresses"), "value"),
                external_id=f"greenhouse:{person['id']}" if person.get("id") else "",
                application_id=f"greenhouse:{application['id']}" if application.get("id") else "",
                stage=_text(application.get("stage_name") or _name_columns(application.get("current_stage"))),
                source=_text(_name_columns(application.get("source"))),
                applied=_text(application.get("applied_at") or application.get("created_at")),
            )


def _ashby(results: Any) -> Iterable[dict[str, str]]:
    for one in _dicts(results):
        inner = one.get("candidate")
        person: Mapping[str, Any] = inner if isinstance(inner, dict) else one
        application: Mapping[str, Any] = one if inner else {}
        yield _row(
            name=_text(person.get("name")),
            email=_value(person.get("primaryEmailAddress")),
            phone=_value(person.get("primaryPhoneNumber")),
            link=_first(person.get("socialLinks"), "url"),
            location=_text(_name_columns(person.get("location"), "locationSummary")),
            external_id=f"ashby:{person['id']}" if person.get("id") else "",
            application_id=f"ashby:{application['id']}" if application.get("id") else "",
            stage=_text(_name_columns(application.get("currentInterviewStage"), "title")),
            source=_text(_name_columns(application.get("source"), "title")),
            applied=_text(application.get("createdAt")),
        )


def _row(**values: str) -> dict[str, str]:
    return {field: values.get(field, "")[:MAX_CELL] for field in ImportRow.FIELDS}


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _name_columns(value: Any, key: str = "name") -> Any:
    return value.get(key) or value.get("public_name") or value.get("name") if isinstance(value, dict) else value


def _first(value: Any, key: str) -> str:
    return next((_text(one.get(key)) for one in _dicts(value) if one.get(key)), "")


def _value(value: Any) -> str:
    return _text(value.get("value")) if isinstance(value, dict) else _text(value)


# Rows looked over -----------------------------------------------------------------------------------------------


def check_rows(rows: Sequence[Mapping[str, Any]], role: OpenRole) -> list[ImportRow]:
    """Every row with what stands against importing it; the same address twice counts against the second."""
    stages = {stage.name.casefold() for stage in role.stages.kept()}
    seen: dict[str, int] = {}
    checked = []
    for row in rows:
        values = {field: str(row.get(field, "")) for field in ImportRow.FIELDS}
        problems = [*_problems(values, stages), *_find_repeats(values, row["line"], seen)]
        checked.append(ImportRow(row["line"], values, tuple(problems)))
    return checked


def _problems(values: Mapping[str, str], stages: set[str]) -> Iterable[tuple[str, str]]:
    if not values["name"].strip() or len(values["name"]) > 200:
        yield "name", "A name is needed."
    if values["email"] and not is_email(values["email"].strip()):
        yield "email", "This is not an e-mail address."
    if values["link"] and not is_link(values["link"].strip()):
        yield "link", "This is not a web address; begin it with https://."
    if values["applied"] and day_in(values["applied"]) is None:
        yield "applied", "This day cannot be read, or may be read in two ways. Write it as 2026-11-18."
    if values["stage"] and values["stage"].strip().casefold() not in stages:
        yield "stage", "There is no stage with this name."


def _find_repeats(values: Mapping[str, str], line: int, seen: dict[str, int]) -> Iterable[tuple[str, str]]:
    key = values["application_id"] or values["email"].strip().casefold()
    if key and key in seen:
        yield "email", f"The same person as in line {seen[key]}."
    elif key:
        seen[key] = line


def day_in(text: str) -> datetime | None:
    """A day or an instant; None where it cannot be read, or day and month may be meant either way."""
    plain = text.strip()
    try:
        found = datetime.fromisoformat(plain)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        pass
    read = {day for form in DAYS if (day := _day(plain, form)) is not None}
    return read.pop() if len(read) == 1 else None


def _day(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return None


def applicant_of(row: ImportRow, role: OpenRole, *, now: datetime) -> Applicant:
    """The row as somebody who applies; only for rows without problems."""
    values = {field: value.strip() for field, value in row.values.items()}
    applied = day_in(values["applied"]) if values["applied"] else None
    return Applicant(
        name=values["name"],
        emails=[values["email"]] if values["email"] else [],
        phones=[values["phone"]] if values["phone"] else [],
        links=[values["link"]] if values["link"] else [],
        location=values["location"],
        letter=values["letter"],
        source=SOURCES.get(values["source"].casefold(), Source.OTHER if values["source"] else Source.IMPORTED),
        source_detail=values["source"],
        external_id=values["external_id"],
        application_id=values["application_id"],
        applied_at=min(applied, now) if applied else None,
        stage=_stage(values["stage"], role),
    )


def _stage(name: str, role: OpenRole) -> RoleStage | None:
    return next((stage for stage in role.stages.kept() if stage.name.casefold() == name.casefold()), None)
