from __future__ import annotations

from datetime import timedelta

import pytest

from tenfold.apps.plans.models import PlanVersion, ShareLink, StoredPlan
from tenfold.apps.plans.services import (
    ConflictingEdit,
    approve,
    archive,
    comment,
    delete_plan,
    duplicate,
    erase_deleted_plans,
    restore,
    save_edit,
    save_version,
    settle_comment,
    share,
    shared_version,
    undo_deletion,
    withdraw_share,
)
from tenfold.apps.postings.services import close, publish
from tenfold.core.errors import EditConflict
from tenfold.core.models import AuditEntry
from tenfold.core.permissions import NotAllowed
from tenfold.kit.errors import UserError
from tenfold.plan.changes import Change, changes
from tests.company import GOOD_PLAN, NOW, Company

RAISED = GOOD_PLAN.replace("max: 206,000", "max: 212,000")


def test_every_save_is_a_version_with_who_why_and_what_changed(company: Company) -> None:
    plan = company.plan()
    version = save_version(
        plan=plan,
        text=RAISED,
        base_number=1,
        by=company["hiring-manager"],
        now=NOW,
        why="Market moved",
    )
    assert (version.number, version.why, str(version.saved_by)) == (2, "Market moved", "Hiring-manager")
    assert version.changes == [{"field": "pay.max", "before": "206,000", "after": "212,000"}]
    assert plan.versions.get(number=1).text == GOOD_PLAN


def test_saving_what_is_there_already_writes_nothing(company: Company) -> None:
    plan = company.plan()
    entries = AuditEntry.objects.count()
    save_version(plan=plan, text=GOOD_PLAN, base_number=1, by=company.administrator, now=NOW)
    assert (plan.versions.count(), AuditEntry.objects.count()) == (1, entries)


def test_the_second_of_two_who_edit_at_once_is_told_and_loses_nothing(company: Company) -> None:
    plan = company.plan()
    save_version(plan=plan, text=RAISED, base_number=1, by=company.administrator, now=NOW)
    with pytest.raises(EditConflict) as moved:
        save_version(plan=plan, text=GOOD_PLAN, base_number=1, by=company["recruiter"], now=NOW)
    assert moved.value.latest_number == 2
    assert plan.versions.count() == 2


def test_text_that_is_no_plan_is_refused_and_nothing_is_saved(company: Company) -> None:
    plan = company.plan()
    with pytest.raises(UserError, match="senior"):
        save_version(
            plan=plan,
            text="tenfold_plan: 1\nrole:\n  level: grandmaster\n",
            base_number=1,
            by=company.administrator,
            now=NOW,
        )
    assert PlanVersion.objects.count() == 1


def test_someone_who_may_not_see_pay_saves_without_changing_it(company: Company) -> None:
    plan = company.plan()
    mine = "tenfold_plan: 1\nrole:\n  title: Staff engineer\npay:\n  min: 1\n"
    version = save_version(plan=plan, text=mine, base_number=1, by=company["recruiter"], now=NOW)
    assert "min: 172,000" in version.text
    assert "Staff engineer" in version.text
    assert not [change for change in version.changes if change["field"].startswith("pay")]


def test_an_approved_plan_that_is_edited_is_a_draft_again(company: Company) -> None:
    plan = company.plan()
    approve(plan=plan, number=1, by=company["hiring-manager"], now=NOW)
    assert plan.is_approved_as_is
    save_version(plan=plan, text=RAISED, base_number=1, by=company.administrator, now=NOW)
    assert (plan.state, plan.approved_number, plan.is_approved_as_is) == ("draft", 1, False)


def test_a_version_that_is_no_longer_the_latest_is_not_approved(company: Company) -> None:
    plan = company.plan()
    save_version(plan=plan, text=RAISED, base_number=1, by=company.administrator, now=NOW)
    with pytest.raises(EditConflict):
        approve(plan=plan, number=1, by=company.administrator, now=NOW)


def test_the_archive_keeps_plans_from_being_edited_until_they_come_out(company: Company) -> None:
    plan = company.plan()
    archive(plan=plan, by=company.administrator, now=NOW)
    assert not StoredPlan.objects.kept().exists()
    with pytest.raises(UserError, match="archived"):
        save_version(plan=plan, text=RAISED, base_number=1, by=company.administrator, now=NOW)
    restore(plan=plan, by=company.administrator, now=NOW)
    assert plan.state == "draft"


def test_a_copy_says_where_it_comes_from(company: Company) -> None:
    copy = duplicate(plan=company.plan(), title="Second hire", by=company.administrator, now=NOW)
    assert (copy.title, copy.latest().text, copy.latest().why) == (
        "Second hire",
        GOOD_PLAN,
        "Copied from Senior MLOps Engineer, version 1",
    )


def test_only_one_who_sees_pay_makes_a_copy_of_it(company: Company) -> None:
    with pytest.raises(NotAllowed):
        duplicate(plan=company.plan(), title="Second hire", by=company["recruiter"], now=NOW)


def test_comments_are_settled_and_stay(company: Company) -> None:
    said = comment(plan=company.plan(), text="Is 212k agreed?", field="pay.max", by=company["interviewer"], now=NOW)
    settle_comment(comment=said, by=company["hiring-manager"], now=NOW)
    said.refresh_from_db()
    assert (said.text, said.settled_at) == ("Is 212k agreed?", NOW)


def test_a_share_link_opens_its_version_until_it_expires_or_is_withdrawn(company: Company) -> None:
    plan = company.plan()
    shared = share(plan=plan, lasts=timedelta(days=7), with_pay=True, by=company.administrator, now=NOW)
    found = shared_version(token=shared.token, now=NOW + timedelta(days=6))
    assert found is not None
    assert found[1].number == 1
    assert shared_version(token=shared.token, now=NOW + timedelta(days=7)) is None
    assert shared_version(token="g" * 43, now=NOW) is None
    withdraw_share(link=shared.link, by=company.administrator, now=NOW)
    assert shared_version(token=shared.token, now=NOW) is None
    assert shared.token not in str(ShareLink.objects.values().get())


def test_nobody_shares_pay_that_they_may_not_see(company: Company) -> None:
    with pytest.raises(NotAllowed):
        share(plan=company.plan(), lasts=timedelta(days=1), with_pay=True, by=company["recruiter"], now=NOW)


def test_only_what_is_approved_is_published_and_one_at_a_time(company: Company) -> None:
    plan = company.plan()
    with pytest.raises(UserError, match="approved"):
        publish(plan=plan, by=company["recruiter"], now=NOW)
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    first = publish(plan=plan, by=company["recruiter"], now=NOW)
    second = publish(plan=plan, by=company["recruiter"], now=NOW)
    assert list(plan.postings.filter(closed_at=None)) == [second]
    close(posting=second, by=company["recruiter"], now=NOW)
    assert not type(first).objects.open_on(NOW.date()).exists()


def test_changes_are_told_by_what_an_item_is_called_not_by_where_it_stands() -> None:
    before = "tenfold_plan: 1\nrequirements:\n  must: [kubernetes, {skill: python, depth: deep}]\n"
    after = "tenfold_plan: 1\nrequirements:\n  must: [{skill: python, depth: working}]\n  nice: [kubernetes]\n"
    assert changes(before, after) == (
        Change("requirements.must[python]", "depth: deep", "depth: working"),
        Change("requirements.nice[kubernetes]", "", "yes"),
        Change("requirements.must[kubernetes]", "yes", ""),
    )


def test_two_who_edit_different_fields_both_keep_theirs(company: Company) -> None:
    plan = company.plan()
    save_version(plan=plan, text=RAISED, base_number=1, by=company.administrator, now=NOW)
    mine = GOOD_PLAN.replace("title: Senior MLOps Engineer", "title: Lead MLOps Engineer")
    saved = save_edit(plan=plan, text=mine, base_number=1, by=company["recruiter"], now=NOW)
    assert (saved.version.number, saved.merged) == (3, ("pay.max",))
    assert "max: 212,000" in saved.version.text
    assert "Lead MLOps Engineer" in saved.version.text


def test_what_both_changed_is_not_saved_before_one_of_them_chooses(company: Company) -> None:
    plan = company.plan()
    save_version(plan=plan, text=RAISED, base_number=1, by=company.administrator, now=NOW)
    mine = GOOD_PLAN.replace("max: 206,000", "max: 209,000")
    with pytest.raises(ConflictingEdit) as conflict:
        save_edit(plan=plan, text=mine, base_number=1, by=company["hiring-manager"], now=NOW)
    (field,) = conflict.value.fields
    assert (field.field, field.mine, field.theirs) == ("pay.max", "209,000", "212,000")
    assert plan.versions.count() == 2


def test_a_deleted_plan_comes_back_within_two_weeks_and_is_erased_after(company: Company) -> None:
    plan = company.plan()
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    posting = publish(plan=plan, by=company.administrator, now=NOW)
    delete_plan(plan=plan, by=company["hiring-manager"], now=NOW)
    assert not StoredPlan.objects.visible_to(company.administrator).exists()
    posting.refresh_from_db()
    assert posting.closed_at == NOW
    assert erase_deleted_plans(NOW + timedelta(days=13)) == 0
    undo_deletion(plan=StoredPlan.objects.get(), by=company["hiring-manager"], now=NOW)
    assert StoredPlan.objects.visible_to(company.administrator).count() == 1
    delete_plan(plan=StoredPlan.objects.get(), by=company.administrator, now=NOW)
    assert erase_deleted_plans(NOW + timedelta(days=14)) == 1
    assert not PlanVersion.objects.exists()
    kinds = list(AuditEntry.objects.filter(of_id=str(plan.pk)).values_list("kind", flat=True))
    assert kinds[:3] == ["plan.erased", "plan.deleted", "plan.deletion-undone"]
    with pytest.raises(NotAllowed):
        delete_plan(plan=company.plan(), by=company["recruiter"], now=NOW)
