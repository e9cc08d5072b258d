from __future__ import annotations

from datetime import timedelta

import pytest

from tenfold.apps.accounts.services import (
    accept_invitation,
    add_member,
    change_membership,
    found_organisation,
    invite,
    make_first_administrator,
    new_user,
    remove_example,
    remove_member,
)
from tenfold.core.models import AuditEntry, Membership, Organisation, User
from tenfold.core.permissions import NotAllowed, may
from tenfold.kit.errors import UserError
from tenfold.web.example.seed import seed_example
from tests.company import NOW, PASSWORD, Company


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
    assert AuditEntry.objects.filter(kind="example.removed").exists()


def test_a_real_company_is_not_removed_as_an_example(company: Company) -> None:
    with pytest.raises(UserError, match="not the example"):
        remove_example(organisation=company.organisation, by=company.administrator, now=NOW)


def test_whoever_joined_the_example_stays_and_has_an_administrator(db: None) -> None:
    invented = seed_example(now=NOW)
    example = Organisation.objects.get(is_example=True)
    colleague = new_user(name="Kim", email="kim@quay.example", password=PASSWORD)
    other = new_user(name="Bo", email="bo@quay.example", password=PASSWORD)
    for person, role in ((colleague, "recruiter"), (other, "interviewer")):
        add_member(organisation=example, user=person, role=role, sees_pay=False, by=invented, now=NOW)
    founded = remove_example(organisation=example, by=invented, now=NOW)
    assert founded is not None
    roles = dict(founded.memberships.values_list("user__email", "role"))
    assert roles == {"kim@quay.example": "administrator", "bo@quay.example": "interviewer"}
