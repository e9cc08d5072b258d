"""Lists of own pay, invented."""

from __future__ import annotations

import hashlib

from tenfold.apps.pay.models import PayUpload
from tenfold.apps.pay.services import ParsedPayFile, commit_import, create_upload, start_import, update_mapping
from tenfold.market.pay_review import Person
from tests.company import NOW, Company

HEADER = "Employee name;Job title;Grade;Base salary (USD);Location"
ROWS = (
    "Rosa Lund;MLOps Engineer;Senior;181,000;Denver, CO",
    "Omar Haas;MLOps Engineer;Senior;158,000;Denver, CO",
    "Ida Brandt;MLOps Engineer;Senior;166,500;Denver, CO",
    "Lee Okafor;MLOps Engineer;Senior;149,000;Denver, CO",
    "Mia Sato;MLOps Engineer;Senior;172,000;Denver, CO",
)
GOOD = "\n".join((HEADER, *ROWS)) + "\n"
FAULTY = GOOD + "Ana Roth;Data Engineer;P3;o.k.;\nJon Ek;Data Engineer;P3;152;\nTim Vale;Data Engineer;P3;152,000;\n"


def listed(name: str = "people.csv") -> ParsedPayFile:
    return ParsedPayFile(
        name=name,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        columns=("Job title", "Grade", "Base salary"),
        personal=("Employee name",),
        rows=tuple((line, ("MLOps Engineer", "senior", f"{150 + line},000")) for line in range(2, 10)),
        mapping={
            "columns": {"title": "Job title", "level": "Grade", "pay": "Base salary"},
            "same": {"currency": "USD", "period": "year", "country": "US"},
            "levels": {},
        },
    )


def received_list(company: Company, name: str = "people.csv") -> PayUpload:
    return create_upload(organisation=company.organisation, listed=listed(name), by=company.administrator, now=NOW)


def imported_list(company: Company, name: str = "people.csv", people: int = 8) -> PayUpload:
    """A list with so many people of one role and level, brought in by the administrator."""
    upload = received_list(company, name)
    update_mapping(upload=upload, mapping=upload.mapping, by=company.administrator, now=NOW)
    start_import(upload=upload, by=company.administrator, now=NOW)
    held = [(line, Person(f"row {line}", "mlops", "senior", 150_000.0 + 1_000 * line)) for line in range(2, people + 2)]
    commit_import(upload=upload, people=held, dropped={}, by=company.administrator, now=NOW)
    upload.refresh_from_db()
    return upload
