"""Work on plans that takes longer than a page should."""

from __future__ import annotations

from django.utils import timezone
from django.utils.text import slugify

from tenfold.apps.plans.models import StoredPlan
from tenfold.apps.plans.presenters.pdf import as_pdf
from tenfold.audit.check_text import check_text
from tenfold.core.jobs import job
from tenfold.core.permissions import may
from tenfold.core.services.jobs import running
from tenfold.core.services.trail import record_sight_of_pay
from tenfold.kit.errors import UserError
from tenfold.plan.redaction import redact_pay


def file_name(plan: StoredPlan, ending: str) -> str:
    return (slugify(plan.title)[:60] or "plan") + ending


@job("plans.report")
def draw_report(work_id: str, *, plan: str, number: int) -> None:
    """One version's report as PDF, with what its asker may see at the time of drawing."""
    with running(work_id) as progress:
        progress.tell("Running the ten checks", done=0, of=2)
        asker = progress.work.asked_by
        found = StoredPlan.objects.visible_to(asker).filter(pk=plan).first()
        if found is None:
            raise UserError("The plan is no longer there.", remedy="")
        version = found.versions.get(number=number)
        text = redact_pay(version.text)
        if may(asker, "pay.see", found):
            record_sight_of_pay(by=asker, of=found, now=timezone.now())
            text = version.text
        checked = check_text(text, as_of=timezone.localdate(), name=f"{found} v{number}")
        progress.tell("Drawing the pages", done=1, of=2)
        progress.keep(as_pdf(checked.report), name=file_name(found, f"-v{number}.pdf"), media_type="application/pdf")
