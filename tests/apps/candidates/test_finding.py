"""Search tells of somebody what the reader may see of them, and no more."""

from __future__ import annotations

from datetime import timedelta

from tenfold.apps.accounts.services import add_member, new_user
from tenfold.apps.candidates.models import Application, OpenRole
from tenfold.apps.candidates.queries.finding import find_candidates
from tenfold.apps.candidates.services.roles import open_role
from tenfold.apps.plans.services import approve
from tests.company import NOW, PASSWORD, Company
from tests.factories.candidates import application_to, role_of


def test_a_person_in_two_teams_roles_is_found_by_each_team_in_its_own(company: Company) -> None:
    """The newer application is to the other team's role, whose title this reader does not know of."""
    role, by = role_of(company), company.administrator
    person = new_user(name="Otto Elsewhere", email="otto@harbour-parcel.example", password=PASSWORD)
    member = add_member(
        organisation=company.organisation, user=person, role="hiring-manager", sees_pay=False, by=by, now=NOW
    )
    plan = company.plan()
    approve(plan=plan, number=1, by=by, now=NOW)
    other = open_role(plan=plan, lead=member, by=person, now=NOW)
    OpenRole.objects.filter(pk=other.pk).update(title="Head of a team that nobody knows of")
    ours = application_to(role, 0)
    theirs = application_to(other, 0, now=NOW + timedelta(days=9))
    Application.objects.filter(pk=theirs.pk).update(candidate=ours.candidate)
    (hit,) = find_candidates(company["recruiter"], company.organisation, "Ana", 10)
    assert (hit.about, str(ours.pk) in hit.url) == (role.title, True)
    (hit,) = find_candidates(person, company.organisation, "Ana", 10)
    assert (hit.about, str(theirs.pk) in hit.url) == ("Head of a team that nobody knows of", True)
