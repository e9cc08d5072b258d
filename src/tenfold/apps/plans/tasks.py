"""Work on plans that takes longer than a page should."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from tenfold.apps.plans.models import StoredPlan
from tenfold.apps.plans.presenters.page_words import report_for_page
from tenfold.apps.plans.presenters.pdf import as_pdf
from tenfold.apps.plans.presenters.print_page import paper_for
from tenfold.audit.check_text import check_text, check_without_pay
from tenfold.core.jobs import job
from tenfold.core.models import User
from tenfold.core.models.background import Work
from tenfold.core.own_bands import own_bands_of
from tenfold.core.permissions import may
from tenfold.core.role_setup import setup_of_plan
from tenfold.core.services.jobs import running
from tenfold.core.services.trail import record_sight_of_pay
from tenfold.kit.errors import UserError


def file_name(plan: StoredPlan, ending: str) -> str:
    return (slugify(plan.title)[:60] or "plan") + ending


def may_open_report(work: Work, user: User) -> bool:
    """A report is opened by who may see the plan, and its pay or role where it shows them: today, not when drawn."""
    found = StoredPlan.objects.visible_to(user).filter(pk=work.details["plan"]).first()
    if found is None or not may(user, "plan.view", found):
        return False
    setup = setup_of_plan(found.pk, user)
    if work.details.get("shows_setup") and (setup is None or setup.is_hidden):
        return False
    if work.details.get("shows_team") and (setup is None or setup.team is None or setup.team.is_hidden):
        return False
    return not work.details.get("shows_pay", True) or may(user, "pay.see", found)


@job("plans.report", may_open=may_open_report)
def draw_report(work_id: str, *, plan: str, number: int) -> None:
    """One version's report as PDF, with what its asker may see at the time of drawing."""
    with running(work_id) as progress:
        progress.report("Running the ten checks", done=0, of=2)
        asker = progress.work.asked_by
        found = StoredPlan.objects.visible_to(asker).filter(pk=plan).first()
        if found is None:
            raise UserError("The plan is no longer there.", remedy="")
        version = found.versions.get(number=number)
        shows_pay = may(asker, "pay.see", found)
        progress.note(shows_pay=shows_pay)
        if shows_pay:
            record_sight_of_pay(by=asker, of=found, now=timezone.now())
        setup = setup_of_plan(found.pk, asker)
        team = setup.team if setup else None
        progress.note(shows_setup=setup is not None and setup.is_open and not setup.is_hidden)
        progress.note(shows_team=team is not None and not team.is_hidden)
        told: dict[str, Any] = {"as_of": timezone.localdate(), "name": f"{found} v{number}", "setup": setup}
        if shows_pay:
            checked = check_text(version.text, bands=own_bands_of(found.organisation_id), **told)
        else:
            checked = check_without_pay(version.text, **told)
        progress.report("Drawing the pages", done=1, of=2)
        progress.keep(
            as_pdf(report_for_page(checked.report), paper=paper_for(checked.case)),
            name=file_name(found, f"-v{number}.pdf"),
            media_type="application/pdf",
        )
