"""A data source and a name in another system, as the API asks about them; all invented."""

from __future__ import annotations

from datetime import date

from tenfold.apps.sources.models import DataSource, OutsideName, SourceKind
from tenfold.apps.sources.services import keeping, names
from tenfold.connectors.records import Change
from tests.company import NOW, Company


def source_and_name(company: Company) -> tuple[DataSource, OutsideName]:
    """Merged changes of a forge that answers under a reserved name, with one author who waits for a review."""
    source = DataSource(
        organisation=company.organisation,
        kind=SourceKind.CHANGES,
        name="Merged changes",
        url="https://forge.test/pulls",
        first_date=date(2026, 1, 1),
    )
    keeping.save_source(source=source, by=company.administrator, now=NOW)
    change = Change(id="1", author="someone.invented", created_at=NOW, merged_at=NOW)
    names.keep_changes(source, [change], now=NOW)
    return source, OutsideName.objects.get(organisation=company.organisation)
