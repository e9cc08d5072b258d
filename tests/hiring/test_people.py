from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from tenfold.hiring import models
from tenfold.hiring.models import AuditEntry, Membership, Organisation, Role, StoredPlan, User
from tenfold.hiring.permissions import PERMISSIONS, NotAllowed, may
from tenfold.hiring.services.people import (
    accept_invitation,
    change_membership,
    found_organisation,
    invite,
    make_first_administrator,
    new_user,
    remove_example,
    remove_member,
)
from tenfold.hiring.services.plans import comment, share
from tenfold.kit.errors import UserError
from tests.company import NOW, PASSWORD, Company

ALLOWED = {
    "organisation.view": {"administrator", "hiring-manager", "recruiter", "interviewer", "people-analyst"},
    "organisation.manage": {"administrator"},
    "trail.view": {"administrator"},
    "pay.see": {"administrator", "hiring-manager", "people-analyst"},
    "plan.create": {"administrator", "hiring-manager", "recruiter"},
    "plan.view": {"administrator", "hiring-manager", "recruiter", "interviewer", "people-analyst"},
    "plan.comment": {"administrator", "hiring-manager", "recruiter", "interviewer", "people-analyst"},
    "plan.edit": {"administrator", "hiring-manager", "recruiter"},
    "plan.share": {"administrator", "hiring-manager", "recruiter"},
    "plan.approve": {"administrator", "hiring-manager"},
    "posting.publish": {"administrator", "hiring-manager", "recruiter"},
}


def test_who_may_do_what(company: Company, other_company: Company) -> None:
    assert set(ALLOWED) == set(PERMISSIONS)
    plan = company.plan()
    for permission, roles in ALLOWED.items():
        assert {role for role in Role.values if may(company[role], permission, plan)} == roles
        assert not any(may(other_company[role], permission, plan) for role in Role.values)
        assert not may(AnonymousUser(), permission, plan)


def test_someone_who_was_switched_off_may_do_nothing(company: Company) -> None:
    person = company["administrator"]
    person.is_active = False
    assert not may(person, "plan.view", company.organisation)


def test_every_model_shows_a_stranger_nothing(company: Company, other_company: Company) -> None:
    """Each model with rows of one company, seen from the other and by nobody."""
    plan = company.plan()
    comment(plan=plan, text="Hm", by=company.administrator, now=NOW)
    share(plan=plan, lasts=timedelta(days=1), with_pay=False, by=company.administrator, now=NOW)
    invite(
        organisation=company.organisation,
        email="new@x.example",
        role="recruiter",
        sees_pay=False,
        by=company.administrator,
        now=NOW,
    )
    for model in (
        Organisation,
        Membership,
        StoredPlan,
        models.PlanVersion,
        models.Comment,
        models.ShareLink,
        models.Invitation,
        AuditEntry,
        User,
    ):
        seen = model.objects.visible_to(company.administrator)
        from_elsewhere = model.objects.visible_to(other_company.administrator)
        assert seen.exists(), model
        assert not from_elsewhere.filter(pk__in=seen.values("pk")).exists(), model
        assert not model.objects.visible_to(AnonymousUser()).exists(), model


def test_an_invitation_is_taken_up_once_and_before_it_expires(company: Company) -> None:
    invited = invite(
        organisation=company.organisation,
        email="Kim@X.example",
        role="recruiter",
        sees_pay=True,
        by=company.administrator,
        now=NOW,
    )
    with pytest.raises(UserError, match="no longer open"):
        accept_invitation(token=invited.token, name="Kim", password=PASSWORD, now=NOW + timedelta(days=14))
    member = accept_invitation(token=invited.token, name="Kim", password=PASSWORD, now=NOW + timedelta(days=13))
    assert (member.user.email, member.role, member.sees_pay) == ("kim@x.example", "recruiter", True)
    with pytest.raises(UserError, match="no longer open"):
        accept_invitation(token=invited.token, name="Kim", password=PASSWORD, now=NOW)


def test_a_second_invitation_to_an_address_withdraws_the_first(company: Company) -> None:
    first, second = (
        invite(
            organisation=company.organisation,
            email="kim@x.example",
            role="recruiter",
            sees_pay=False,
            by=company.administrator,
            now=NOW,
        )
        for _ in range(2)
    )
    first.invitation.refresh_from_db()
    assert (first.invitation.withdrawn_at, second.invitation.withdrawn_at) == (NOW, None)


def test_only_administrators_invite(company: Company) -> None:
    with pytest.raises(NotAllowed):
        invite(
            organisation=company.organisation,
            email="kim@x.example",
            role="recruiter",
            sees_pay=False,
            by=company["hiring-manager"],
            now=NOW,
        )


def test_the_last_administrator_stays_one(company: Company) -> None:
    own = company.administrator.memberships.get()
    with pytest.raises(UserError, match="one administrator"):
        change_membership(membership=own, role="recruiter", sees_pay=True, by=company.administrator, now=NOW)
    with pytest.raises(UserError, match="one administrator"):
        remove_member(membership=own, by=company.administrator, now=NOW)


def test_the_first_administrator_is_made_once(db: None) -> None:
    made = make_first_administrator(name="Ada", email="Ada@x.example", password=PASSWORD, organisation="Quay", now=NOW)
    assert made.check_password(PASSWORD)
    assert may(made, "organisation.manage", Organisation.objects.get())
    with pytest.raises(UserError, match="already"):
        make_first_administrator(name="Eve", email="eve@x.example", password=PASSWORD, organisation="Quay", now=NOW)


def test_the_example_goes_with_everything_in_it_and_leaves_its_trail(company: Company) -> None:
    invented = new_user(name="Robin Example", email="robin@example.example", password=None, is_example=True)
    example = found_organisation(name="Example", administrator=invented, now=NOW, is_example=True)
    real = company.administrator
    Membership.objects.create(organisation=example, user=real, role="administrator", sees_pay=True, created_at=NOW)
    remove_example(organisation=example, by=real, now=NOW)
    assert not Organisation.objects.filter(is_example=True).exists()
    assert not User.objects.filter(is_example=True).exists()
    assert User.objects.filter(pk=real.pk).exists()
    assert AuditEntry.objects.filter(what="example.removed").exists()


def test_a_real_company_is_not_removed_as_an_example(company: Company) -> None:
    with pytest.raises(UserError, match="not the example"):
        remove_example(organisation=company.organisation, by=company.administrator, now=NOW)
