"""The trail holds what it speaks of: a direct change in the database is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tenfold.apps.accounts.services import remove_member
from tenfold.apps.pay.models import OwnPay
from tenfold.apps.pay.services import remove
from tenfold.apps.plans.models import PlanVersion
from tenfold.apps.plans.services import approve, duplicate, save_version
from tenfold.apps.postings.models import PublishedPosting
from tenfold.apps.postings.services import close, publish
from tenfold.core.models import Membership
from tenfold.core.services.trail import verify_trail
from tenfold.kit.hashchain import ChainBroken
from tests.company import GOOD_PLAN, NOW, Company
from tests.pay.lists import imported_list

RAISED = GOOD_PLAN.replace("max: 206,000", "max: 212,000")
DIRECT_CHANGES: dict[str, Callable[[], object]] = {
    "first version": lambda: PlanVersion.objects.filter(number=1).update(text=RAISED),
    "second version": lambda: PlanVersion.objects.filter(number=2).update(text=GOOD_PLAN),
    "version removed": lambda: PlanVersion.objects.filter(number=1).delete(),
    "posting's words": lambda: PublishedPosting.objects.update(text="Come and work for us"),
    "posting's data": lambda: PublishedPosting.objects.update(linked_data={"baseSalary": 1}),
    "posting removed": lambda: PublishedPosting.objects.all().delete(),
    "one pay": lambda: OwnPay.objects.filter(line=3).update(pay_usd_year=1.0),
    "a role": lambda: Membership.objects.filter(role="interviewer").update(role="administrator"),
    "the sight of pay": lambda: Membership.objects.filter(role="recruiter").update(sees_pay=True),
    "a member removed": lambda: Membership.objects.filter(role="recruiter").delete(),
    "one pay removed": lambda: OwnPay.objects.filter(line=3).delete(),
}


@pytest.fixture
def busy(company: Company) -> Company:
    plan, by = company.plan(), company.administrator
    save_version(plan=plan, text=RAISED, base_number=1, by=by, now=NOW)
    duplicate(plan=plan, title="Copy", by=by, now=NOW)
    approve(plan=plan, number=2, by=by, now=NOW)
    publish(plan=plan, by=by, now=NOW, why="The range is agreed")
    imported_list(company)
    return company


@pytest.mark.parametrize("change", DIRECT_CHANGES)
def test_a_direct_change_is_found(change: str, busy: Company) -> None:
    verify_trail()
    DIRECT_CHANGES[change]()
    with pytest.raises(ChainBroken, match="changed since, or is missing"):
        verify_trail()


def test_what_people_do_in_tenfold_breaks_no_seal(busy: Company) -> None:
    close(posting=PublishedPosting.objects.get(), by=busy.administrator, now=NOW)
    remove_member(membership=busy["recruiter"].memberships.get(), by=busy.administrator, now=NOW)
    remove(upload=OwnPay.objects.all()[0].upload, by=busy.administrator, now=NOW)
    verify_trail()
    busy.organisation.delete()
    verify_trail()
