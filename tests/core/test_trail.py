from __future__ import annotations

from enum import StrEnum

import pytest
from django.db import DatabaseError, connection, transaction

from tenfold.apps.plans.services import approve
from tenfold.core.events import UnknownEvent, register_events
from tenfold.core.models import AuditEntry, ChainHead
from tenfold.core.models.only_added import RowChanged
from tenfold.core.models.triggers import protect_trail, unprotect_trail
from tenfold.core.services.trail import record, record_sight_of_pay, verify_trail
from tenfold.kit.hashchain import ChainBroken
from tests.company import NOW, Company


def test_entries_follow_each_other_and_the_whole_trail_verifies(company: Company) -> None:
    company.plan()
    verdict = verify_trail()
    assert verdict.entries == AuditEntry.objects.count()
    assert verdict.head == ChainHead.objects.get().seal
    assert [entry.kind for entry in AuditEntry.objects.order_by("n")] == [
        "organisation.founded",
        *["person.joined"] * 4,
        "plan.created",
    ]


def test_no_model_method_changes_or_removes_an_entry(company: Company) -> None:
    entry = AuditEntry.objects.get(n=0)
    for attempt in (entry.save, entry.delete, AuditEntry.objects.all().delete, AuditEntry.objects.update):
        with pytest.raises(RowChanged):
            attempt()


@pytest.mark.parametrize("statement", ["UPDATE core_auditentry SET data = '{}'", "DELETE FROM core_auditentry"])
def test_the_database_itself_refuses(company: Company, statement: str) -> None:
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify_trail().entries == 5


def test_what_is_rewritten_behind_the_database_s_back_is_found(company: Company) -> None:
    company.plan()
    company.plan()
    with connection.cursor() as cursor, Unguarded():
        cursor.execute("UPDATE core_auditentry SET by = 'somebody@else.example' WHERE n = 1")
    with pytest.raises(ChainBroken) as broken:
        verify_trail()
    assert broken.value.n == 1


def test_an_end_that_was_cut_off_is_found(company: Company) -> None:
    company.plan()
    with connection.cursor() as cursor, Unguarded():
        cursor.execute("DELETE FROM core_auditentry WHERE n = 1")
    with pytest.raises(ChainBroken):
        verify_trail()


def test_nothing_is_saved_when_the_entry_cannot_be_written(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = company.plan()

    def fails(**_given: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr("tenfold.apps.plans.services.record", fails)
    with pytest.raises(DatabaseError):
        approve(plan=plan, number=1, by=company.administrator, now=NOW)
    plan.refresh_from_db()
    assert (plan.state, plan.approved_number) == ("draft", None)


def test_sight_of_pay_is_noted_once_a_day(company: Company) -> None:
    plan = company.plan()
    assert record_sight_of_pay(by=company.administrator, of=plan, now=NOW)
    assert record_sight_of_pay(by=company.administrator, of=plan, now=NOW) is None
    assert AuditEntry.objects.filter(kind="pay.seen").count() == 1


class ShapeEvent(StrEnum):
    SHAPE = "test.shape"


def test_an_event_that_no_app_declares_is_refused(company: Company) -> None:
    class Undeclared(StrEnum):
        NEW = "nobody.declared"

    with pytest.raises(UnknownEvent):
        record(kind=Undeclared.NEW, by="tenfold", of=company.organisation, now=NOW)


def test_data_of_any_plain_shape_is_sealed_as_it_is_read_back(company: Company) -> None:
    data = {"f": 0.1, "words": "“quoted” – ü", "list": [1, None, True], "nested": {"b": 1, "a": 2}}
    register_events(ShapeEvent)
    record(kind=ShapeEvent.SHAPE, by="tenfold", of=company.organisation, now=NOW, data=data)
    verify_trail()


class Editor:
    """What the migration's functions need of a schema editor, within a test's transaction."""

    connection = connection

    def execute(self, statement: str) -> None:
        connection.cursor().execute(statement)


class Unguarded:
    """The table without its triggers, as someone with the database file in hand would have it."""

    def __enter__(self) -> None:
        unprotect_trail(None, Editor())

    def __exit__(self, *_error: object) -> None:
        protect_trail(None, Editor())
