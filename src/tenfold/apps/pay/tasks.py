"""The import of a list of pay, done by the worker."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from tenfold.apps.pay import services as service
from tenfold.apps.pay.models import PayUpload, UploadState
from tenfold.apps.pay.queries import check, dropped_of
from tenfold.core.jobs import job
from tenfold.core.services.jobs import Progress, running
from tenfold.kit.errors import UserError


@job("pay.import")
def import_own_pay(work_id: str, *, upload: str) -> None:
    """Reads every row, telling how far it is, then keeps all of them at once. Run twice, it does the work once."""
    with running(work_id) as progress:
        found = PayUpload.objects.filter(pk=upload).first()
        if found is None:
            raise UserError("The list is no longer there.")
        if found.state == UploadState.IMPORTING:
            _import(found, progress)
        progress.lead_to(reverse("pay-upload", args=[upload]))


def _import(upload: PayUpload, progress: Progress) -> None:
    read = 0

    def advance() -> None:
        nonlocal read
        read += 1
        progress.report("Reading rows", done=read, of=upload.total)

    now = timezone.now()
    try:
        checked = check(upload, today=timezone.localdate(), advance=advance)
        by = upload.uploaded_by or "worker"
        service.commit_import(upload=upload, people=checked.people, dropped=dropped_of(upload, checked), by=by, now=now)
    except UserError as error:
        service.fail_import(upload=upload, trouble=f"{error.what} {error.remedy}", now=now)
        raise


def erase_expired_lists(now: datetime) -> None:
    """A worker's chore: lists that nobody has imported go."""
    service.expire_uploads(now=now)
