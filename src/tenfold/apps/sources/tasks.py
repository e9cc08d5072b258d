"""Background work of sources: each is read in its turn."""

from __future__ import annotations

from django.utils import timezone

from tenfold.apps.sources.models import DataSource
from tenfold.apps.sources.services.reading import READ_JOB, read_source
from tenfold.core.jobs import job


@job(READ_JOB)
def read_one_source(_work_id: str, *, source: str) -> None:
    """Reads one source on; nothing is done for one that was removed or paused meanwhile."""
    found = DataSource.objects.filter(pk=source, is_paused=False).first()
    if found is not None:
        read_source(found, now=timezone.now())
