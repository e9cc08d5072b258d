"""The plan's checks know what is set up for its role, and tell it to the hiring team alone."""

from __future__ import annotations

import json
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenfold.apps.interviews.services import make_kit, set_panel
from tenfold.apps.plans.services import approve, save_version, share
from tenfold.audit.check_text import check_text
from tenfold.checking.role_setup import RoleSetup, read_setup, to_dict
from tenfold.core.models import TeamRole
from tenfold.core.role_setup import setup_of_plan
from tenfold.core.scopes import Scope
from tenfold.core.services.teams import remove_team_member
from tests.apps.interviews.test_calibration import panel_of
from tests.company import GOOD_PLAN, NOW, Company
from tests.factories.candidates import application_to, role_of
from tests.factories.interviews import asked, handed_in, join_team, kit_of
from tests.factories.labs import invited
from tests.web.api_client import program_of

HIDDEN = "is shown to its hiring team"


def pages_of(company: Company, role: str, plan: object) -> str:
    client = Client()
    client.force_login(company[role])
    return "".join(client.get(reverse(name, args=[plan])).content.decode() for name in ("plan", "plan-report"))


def test_a_plan_without_a_role_has_nothing_set_up(company: Company) -> None:
    plan = company.plan()
    assert setup_of_plan(plan.pk, company["recruiter"]) is None
    assert "In use is kit" not in pages_of(company, "recruiter", plan.pk)


def test_the_team_reads_what_is_set_up_and_others_that_it_is_hidden(company: Company) -> None:
    role = role_of(company)
    kit = kit_of(company, role)
    application, round_ = application_to(role), kit.rounds.all()[0]
    set_panel(round_=round_, people=[company["interviewer"]], by=company["recruiter"], now=NOW)
    (card,) = asked(company, application, round_, company["interviewer"])
    told = pages_of(company, "recruiter", role.plan_id)
    assert f"rated by {company['interviewer']}; 0 of 1 scorecard is in" in told
    assert told.count("one interviewer alone rates") == 2  # the panel beside the editor, and the report
    handed_in(card)
    assert "1 of 1 scorecard is in" in pages_of(company, "recruiter", role.plan_id)
    team = pages_of(company, "interviewer", role.plan_id)
    assert f"rated by {company['interviewer']}" in team
    assert "scorecard is in" not in team
    outside = pages_of(company, "people-analyst", role.plan_id)
    assert HIDDEN in outside
    assert "In use is kit" not in outside


def test_a_shared_link_tells_nothing_of_the_role(company: Company) -> None:
    role = role_of(company)
    kit_of(company, role)
    assert role.plan is not None
    lasts, by = timedelta(days=7), company["recruiter"]
    made = share(plan=role.plan, lasts=lasts, with_pay=False, by=by, now=timezone.now())
    page = Client().get(reverse("shared", args=[made.token])).content.decode()
    assert "MLOps" in page
    assert "In use is kit" not in page
    assert HIDDEN not in page


def test_the_verdict_is_the_same_for_who_may_not_see_it(company: Company) -> None:
    role = role_of(company)
    kit_of(company, role)
    seen, hidden = (setup_of_plan(role.plan_id, company[one]) for one in ("recruiter", "people-analyst"))  # type: ignore[arg-type]
    assert hidden == RoleSetup(is_hidden=True)
    states = [check_text(GOOD_PLAN, as_of=NOW.date(), setup=one).states for one in (None, seen, hidden)]
    assert states[0] == states[1] == states[2]


def test_a_kit_of_an_older_version_is_named(company: Company) -> None:
    role = role_of(company)
    kit_of(company, role)
    assert role.plan is not None
    text = GOOD_PLAN.replace("max: 206,000", "max: 207,000")
    save_version(plan=role.plan, text=text, base_number=1, by=company.administrator, now=NOW)
    approve(plan=role.plan, number=2, by=company.administrator, now=NOW)
    assert "The kit in use is from version 1" in pages_of(company, "recruiter", role.plan_id)
    make_kit(role=role, by=company["recruiter"], now=NOW)
    assert "The kit in use is from version 1" not in pages_of(company, "recruiter", role.plan_id)


def test_reliability_is_measured_on_decided_applications_from_eight_on(company: Company) -> None:
    made = panel_of(company, 16)
    setup = setup_of_plan(made[0].role.plan_id, company["recruiter"])  # type: ignore[arg-type]
    assert setup is not None
    assert setup.measured is not None
    assert (setup.measured.ratings, setup.measured.candidates, setup.measured.interviewers) == (32, 16, 2)
    assert "Measured on your own decided applications" in pages_of(company, "recruiter", made[0].role.plan_id)


def test_seven_decided_candidates_are_not_enough(company: Company) -> None:
    made = panel_of(company, 7)
    page = pages_of(company, "recruiter", made[0].role.plan_id)
    assert "not enough data. 7 decided candidates were rated by two interviewers; 8 are needed." in page


def test_labs_in_use_are_counted_for_who_runs_the_hiring(company: Company) -> None:
    role = role_of(company)
    invited(company, application_to(role), lab="slow-inference")
    assert "`slow-inference`: 1 person invited, 0 handed in" in checked_by(company, "recruiter", role.plan_id)
    assert "1 person invited" not in checked_by(company, "interviewer", role.plan_id)


def checked_by(company: Company, role: str, plan: object) -> str:
    setup = setup_of_plan(plan, company[role])  # type: ignore[arg-type]
    report = check_text(GOOD_PLAN, as_of=NOW.date(), setup=setup).report
    return " ".join(line.text for section in report.sections for line in section.observations)


def test_the_api_gives_a_file_that_the_command_line_reads(company: Company) -> None:
    role = role_of(company)
    kit_of(company, role)
    given = program_of(company, "recruiter").get(f"/roles/{role.pk}/setup")
    setup = setup_of_plan(role.plan_id, company["recruiter"])  # type: ignore[arg-type]
    assert setup is not None
    assert read_setup(json.dumps(given).encode("utf-16"), name="setup.json") == setup
    assert to_dict(setup) == given


def test_the_audit_of_the_api_tells_it_to_who_may_read_hiring(company: Company) -> None:
    role = role_of(company)
    kit_of(company, role)
    path = f"/plans/{role.plan_id}/audit"
    assert "In use is kit 1" in str(program_of(company, "recruiter").get(path))
    assert "In use is kit 1" not in str(program_of(company, "recruiter", [Scope.PLANS_READ]).get(path))
    assert HIDDEN in str(program_of(company, "people-analyst").get(path))


def test_leaving_the_team_ends_it(company: Company) -> None:
    role = role_of(company)
    kit_of(company, role)
    join_team(company, role, "people-analyst", TeamRole.INTERVIEWER)
    assert HIDDEN not in pages_of(company, "people-analyst", role.plan_id)
    member = company["people-analyst"].memberships.get()
    remove_team_member(team=role.team, member=member, by=company.administrator, now=NOW)
    assert HIDDEN in pages_of(company, "people-analyst", role.plan_id)


def test_without_a_panel_raters_are_as_many_as_candidates_have_had(company: Company) -> None:
    role = role_of(company)
    round_ = kit_of(company, role).rounds.all()[0]
    both = (join_team(company, role, "people-analyst"), company["interviewer"])
    for n in range(2):
        asked(company, application_to(role, n), round_, *both)
    told = pages_of(company, "recruiter", role.plan_id)
    assert "rated by 2 interviewers; 0 of 4 scorecards are in" in told
