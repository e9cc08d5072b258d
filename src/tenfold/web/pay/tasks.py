"""The import of a list of pay, done by the worker."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from tenfold.hiring.models import PayUpload, UploadState
from tenfold.hiring.services import pay as service
from tenfold.kit.errors import UserError
from tenfold.web.pay.lists import check, dropped_of

TOLD_EVERY_ROWS = 500


@task()
def import_own_pay(upload_id: str) -> str:
    """Reads every row, telling how far it is, then keeps all of them at once. Run twice, it does the work once."""
    upload = PayUpload.objects.get(pk=upload_id)
    if upload.state != UploadState.IMPORTING:
        return upload.state
    done = 0

    def advance() -> None:
        nonlocal done
        done += 1
        if done % TOLD_EVERY_ROWS == 0:
            PayUpload.objects.filter(pk=upload.pk).update(done=done)

    now = timezone.now()
    by = upload.uploaded_by or "worker"
    try:
        found = check(upload, today=timezone.localdate(), advance=advance)
        service.keep(upload=upload, people=found.people, dropped=dropped_of(upload, found), by=by, now=now)
    except UserError as error:
        service.give_up(upload=upload, trouble=f"{error.what} {error.remedy}", now=now)
        return UploadState.FAILED
    except Exception:
        service.give_up(upload=upload, trouble="Something went wrong on our side. Nothing was imported.", now=now)
        raise
    return UploadState.IMPORTED
