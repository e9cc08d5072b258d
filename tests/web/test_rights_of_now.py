"""What somebody may see is decided when they open it, not when it was made: results, share links, the archive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenfold.apps.accounts.services import change_membership, remove_member
from tenfold.apps.plans.models import ShareLink, StoredPlan
from tenfold.apps.plans.services import Shared, approve, archive, restore, share
from tenfold.apps.postings.services import publish
from tenfold.core.jobs import job
from tenfold.core.models import AuditEntry, User
from tenfold.core.models.background import Work, WorkState
from tenfold.core.services.jobs import enqueue, running
from tenfold.kit.errors import UserError
from tests.company import NOW, Company
from tests.worker import do_waiting_work


@job("test.unguarded")
def unguarded(work_id: str) -> None:

    with running(work_id) as progress:
        progress.keep(b"figures", name="figures.txt", media_type="text/plain")


def drawn(company: Company, plan: StoredPlan, asker: User, *, shows_pay: bool) -> Work:
    """A report as the worker leaves it, whatever of the drawing is installed here."""
    return Work.objects.create(
        organisation=company.organisation,
        asked_by=asker,
        title="A report",
        job="plans.report",
        details={"plan": str(plan.pk), "number": 1, "shows_pay": shows_pay},
        state=WorkState.DONE,
        file=b"%PDF-",
        file_name="report.pdf",
        media_type="application/pdf",
        asked_at=timezone.now(),
    )


def opened(work: Work, client: Client) -> int:
    return client.get(reverse("work-result", args=[work.pk])).status_code


def set_rights(company: Company, role: str, *, sees_pay: bool, new_role: str = "") -> None:
    own = company[role].memberships.get()
    change_membership(membership=own, role=new_role or own.role, sees_pay=sees_pay, by=company.administrator, now=NOW)


def test_a_drawn_report_with_pay_is_closed_to_whoever_lost_the_right_and_open_again_with_it(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    asker, client = company["hiring-manager"], signed_in("hiring-manager")
    plan = company.plan()
    with_pay, without = (drawn(company, plan, asker, shows_pay=shows) for shows in (True, False))
    assert (opened(with_pay, client), opened(without, client)) == (200, 200)
    set_rights(company, "hiring-manager", sees_pay=False)
    assert (opened(with_pay, client), opened(without, client)) == (403, 200)
    set_rights(company, "hiring-manager", sees_pay=True)
    assert opened(with_pay, client) == 200


def test_a_drawn_report_is_closed_to_whoever_has_left(company: Company, signed_in: Callable[[str], Client]) -> None:
    work = drawn(company, company.plan(), company["recruiter"], shows_pay=False)
    client = signed_in("recruiter")
    assert opened(work, client) == 200
    remove_member(membership=company["recruiter"].memberships.get(), by=company.administrator, now=NOW)
    assert opened(work, client) == 404
    assert client.get(reverse("work", args=[work.pk])).status_code == 404


def test_a_file_of_a_kind_of_work_without_a_guard_is_never_handed_out(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    work = enqueue(
        "test.unguarded",
        title="Figures",
        by=company.administrator,
        organisation=company.organisation,
        now=timezone.now(),
    )
    do_waiting_work()
    assert opened(work, signed_in("administrator")) == 403


def shared_by(company: Company, role: str, plan: StoredPlan, *, with_pay: bool) -> Shared:
    return share(plan=plan, lasts=timedelta(days=9), with_pay=with_pay, by=company[role], now=timezone.now())


def read(link: Shared) -> int:
    return Client().get(reverse("shared", args=[link.token])).status_code


def test_a_link_shows_what_its_maker_may_show_today(company: Company) -> None:
    plan = company.plan()
    plain, with_pay = (shared_by(company, "hiring-manager", plan, with_pay=shows) for shows in (False, True))
    assert (read(plain), read(with_pay)) == (200, 200)
    set_rights(company, "hiring-manager", sees_pay=False)
    assert (read(plain), read(with_pay)) == (200, 410)
    set_rights(company, "hiring-manager", sees_pay=True, new_role="interviewer")
    assert (read(plain), read(with_pay)) == (410, 410)


@pytest.mark.parametrize("gone", ["left", "locked", "erased"])
def test_a_link_dies_with_its_maker(company: Company, gone: str) -> None:
    link = shared_by(company, "recruiter", company.plan(), with_pay=False)
    assert read(link) == 200
    maker = company["recruiter"]
    if gone == "left":
        remove_member(membership=maker.memberships.get(), by=company.administrator, now=NOW)
    elif gone == "locked":
        maker.is_active = False
        maker.save()
    else:
        maker.delete()
    assert read(link) == 410


def test_a_link_dies_with_the_archiving_of_its_plan_and_stays_dead(company: Company) -> None:
    plan = company.plan()
    link = shared_by(company, "administrator", plan, with_pay=False)
    archive(plan=plan, by=company.administrator, now=timezone.now())
    assert read(link) == 410
    with pytest.raises(UserError, match="archived"):
        shared_by(company, "administrator", plan, with_pay=False)
    restore(plan=plan, by=company.administrator, now=timezone.now())
    assert read(link) == 410


def test_administrators_see_and_close_every_open_link_of_their_organisation_alone(
    company: Company, other_company: Company, signed_in: Callable[[str], Client]
) -> None:
    mine = shared_by(company, "recruiter", company.plan(), with_pay=False)
    theirs = shared_by(other_company, "recruiter", other_company.plan(), with_pay=False)
    client = signed_in("administrator")
    page = client.get(reverse("share-links")).content.decode()
    assert reverse("withdraw-any-share", args=[mine.link.pk]) in page
    assert str(theirs.link.pk) not in page
    assert client.post(reverse("withdraw-any-share", args=[theirs.link.pk])).status_code == 404
    assert client.post(reverse("withdraw-any-share", args=[mine.link.pk])).status_code == 302
    assert (read(mine), read(theirs)) == (410, 200)
    assert ShareLink.objects.get(pk=mine.link.pk).withdrawn_at is not None
    assert "No link is open" in client.get(reverse("share-links")).content.decode()


def test_the_list_says_why_a_link_shows_nothing_today(company: Company, signed_in: Callable[[str], Client]) -> None:
    shared_by(company, "hiring-manager", company.plan(), with_pay=True)
    set_rights(company, "hiring-manager", sees_pay=False)
    assert "may no longer see" in signed_in("administrator").get(reverse("share-links")).content.decode()


def test_an_archived_plan_is_neither_approved_nor_published_and_its_job_page_closes(company: Company) -> None:
    plan, by = company.plan(), company.administrator
    approve(plan=plan, number=1, by=by, now=NOW)
    posting = publish(plan=plan, by=by, now=NOW)
    posting.last_date = None
    posting.save()
    page = reverse("job", args=[posting.pk])
    assert Client().get(page).status_code == 200
    archive(plan=plan, by=by, now=timezone.now())
    assert Client().get(page).status_code == 410
    assert AuditEntry.objects.filter(kind="posting.closed", of_id=str(posting.pk)).count() == 1
    with pytest.raises(UserError, match="archived"):
        approve(plan=plan, number=1, by=by, now=NOW)
    StoredPlan.objects.filter(pk=plan.pk).update(approved_number=1)
    with pytest.raises(UserError, match="archived"):
        publish(plan=plan, by=by, now=NOW)
    plan.refresh_from_db()
    assert plan.is_archived
