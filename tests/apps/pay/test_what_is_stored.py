"""Only what is mapped reaches the database, whatever the other columns are called; lists that nobody imports expire."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from tenfold.apps.pay.forms.uploads import read_upload
from tenfold.apps.pay.models import PayUpload
from tenfold.apps.pay.services import ParsedPayFile, create_upload
from tenfold.core.chores import do_chores
from tenfold.core.models import AuditEntry
from tenfold.kit.errors import UserError
from tests.company import NOW, Company
from tests.pay.lists import imported_list, received_list

SECRET = "Zyxwvut"  # noqa: S105 - what a personal cell holds
PERSONAL = (
    "Mitarbeiter", "Nome completo", "Geburtsdatum", "Geschlecht", "Staatsangehörigkeit", "Konfession", "Nom de famille",
    "Sexe", "Date de naissance", "Numéro de sécurité sociale", "Apellidos", "Fecha de nacimiento", "Codice fiscale",
    "Data di nascita", "Naam", "Geboortedatum", "Burgerservicenummer", "Imię i nazwisko", "Numer PESEL", "Födelsedatum",
    "Personnummer", "Fornavn", "Syntymäaika", "Henkilötunnus", "Születési név", "Rodné číslo", "Příjmení",
    "Ημερομηνία γέννησης", "Дата рождения", "Име и презиме", "Doğum tarihi", "Isikukood", "Asmens kodas",
)  # fmt: skip


def file_with(columns: list[str], *, pay: str = "Base salary (USD)") -> SimpleUploadedFile:
    header = ";".join([*columns, "Job title", pay])
    rows = [";".join([*[f"{SECRET} {n}"] * len(columns), "MLOps Engineer", f"{150 + n},000"]) for n in range(9)]
    return SimpleUploadedFile("people.csv", "\n".join([header, *rows]).encode())


@pytest.mark.parametrize("column", PERSONAL)
def test_a_personal_column_in_any_language_is_not_read_further(column: str) -> None:
    listed = read_upload(file_with([column]))
    assert SECRET not in str(listed.rows)
    assert column in listed.personal


words = st.text(st.characters(categories=["Ll", "Lu"]), min_size=3, max_size=20).map(lambda word: f"q{word}q")


@given(st.lists(words, min_size=1, max_size=4, unique_by=str.casefold))
def test_a_column_of_any_unknown_name_is_not_read_further(columns: list[str]) -> None:
    assert SECRET not in str(read_upload(file_with(columns)).rows)


def test_nothing_of_it_is_in_the_database(company: Company) -> None:
    listed = read_upload(file_with(list(PERSONAL)))
    create_upload(organisation=company.organisation, listed=listed, by=company.administrator, now=NOW)
    kept = [*PayUpload.objects.values(), *AuditEntry.objects.values()]
    assert SECRET not in str(kept)
    assert "MLOps Engineer" in str(kept)


def columns_of(listed: ParsedPayFile) -> set[str]:
    return set(listed.columns)


def test_a_column_of_an_unusual_name_is_kept_where_it_is_named() -> None:
    file = file_with(["Mitarbeiter"], pay="Zorp")
    with pytest.raises(UserError, match="recognised as pay"):
        read_upload(file)
    file.seek(0)
    assert columns_of(read_upload(file, also="zorp")) == {"Job title", "Zorp"}
    file.seek(0)
    with pytest.raises(UserError, match="No column is called"):
        read_upload(file, also="Zurp")


def test_a_list_that_nobody_imports_goes_after_a_week_and_one_that_counts_stays(company: Company) -> None:
    left, counts = received_list(company, "left.csv"), imported_list(company, "counts.csv")
    do_chores(NOW + timedelta(days=6))
    assert PayUpload.objects.count() == 2
    do_chores(NOW + timedelta(days=8))
    assert list(PayUpload.objects.all()) == [counts]
    assert AuditEntry.objects.filter(kind="pay.expired", of_id=str(left.pk)).count() == 1
