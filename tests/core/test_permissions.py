"""Who may do what, and whose rows a list may show: over every permission and every model."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from tenfold.apps.accounts.models import Invitation
from tenfold.apps.accounts.services import invite
from tenfold.apps.plans.models import Comment, ShareLink, StoredPlan
from tenfold.apps.plans.services import comment, share
from tenfold.core.models import AuditEntry, ChainHead, Membership, Organisation, Role, User
from tenfold.core.models.background import WorkerBeat
from tenfold.core.permissions import PERMISSIONS, may
from tests.company import NOW, Company

ALLOWED: dict[str, set[str]] = {
    "organisation.view": {"administrator", "hiring-manager", "recruiter", "interviewer", "people-analyst"},
    "organisation.manage": {"administrator"},
    "team.create": {"administrator", "hiring-manager", "recruiter"},
    "team.edit": {"administrator"},
    "trail.view": {"administrator"},
    "pay.see": {"administrator", "hiring-manager", "people-analyst"},
    "plan.create": {"administrator", "hiring-manager", "recruiter"},
    "plan.view": {"administrator", "hiring-manager", "recruiter", "interviewer", "people-analyst"},
    "plan.comment": {"administrator", "hiring-manager", "recruiter", "interviewer", "people-analyst"},
    "plan.edit": {"administrator", "hiring-manager", "recruiter"},
    "plan.share": {"administrator", "hiring-manager", "recruiter"},
    "plan.approve": {"administrator", "hiring-manager"},
    "plan.delete": {"administrator", "hiring-manager"},
    "role.open": {"administrator", "hiring-manager", "recruiter"},
    "role.count": {"administrator", "people-analyst"},
    "fairness.see": {"people-analyst"},
    "fairness.publish": {"people-analyst"},
    "mail-template.edit": {"administrator", "hiring-manager", "recruiter"},
    "webhook.manage": {"administrator"},
    # With candidates a part in the role's hiring team decides: the tests of apps/candidates try each part.
    **{key: {"administrator"} for key in ("role.run", "role.edit", "application.view", "application.work")},
    **{key: {"administrator"} for key in ("application.decide", "candidate.import", "candidate.export")},
    **{key: {"administrator"} for key in ("interviews.see-kit", "interviews.arrange", "debrief.read", "decision.sign")},
    "interviews.edit-questions": {"administrator", "hiring-manager", "recruiter"},
    "offer.write": {"administrator"},  # with a part in the team, and only who sees pay
    "offer.approve": {"administrator", "hiring-manager"},
    "feedback.write": {"administrator"},
    **{key: set() for key in ("candidate.work", "accommodation.see", "scorecard.fill")},
    "lab.browse": {"administrator", "hiring-manager", "recruiter", "interviewer", "people-analyst"},
    **{key: {"administrator"} for key in ("lab.invite", "lab.arrange", "lab.decide")},
    **{key: set() for key in ("lab.set-time", "lab.join", "lab.see", "lab.work", "lab.review")},  # of one lab
    "posting.publish": {"administrator", "hiring-manager", "recruiter"},
    "sources.manage": {"administrator", "people-analyst"},
    "employees.keep": {"administrator", "people-analyst"},
    "employees.see-tenure": {"administrator", "hiring-manager", "people-analyst"},
    "ladder.view": {"administrator", "hiring-manager", "recruiter", "interviewer", "people-analyst"},
    "ladder.edit": {"administrator", "hiring-manager"},
    "calibration.call": {"administrator", "hiring-manager"},
    "teams.see": {"administrator", "hiring-manager", "people-analyst"},
    "teams.keep": {"administrator", "hiring-manager", "people-analyst"},
    "pulse.run": {"administrator", "people-analyst"},
    "pay-round.run": {"administrator", "hiring-manager", "people-analyst"},
    **{key: set() for key in ("growth.see", "growth.place", "growth.add-evidence", "growth.plan")},  # of a person
    **{key: set() for key in ("check-in.self", "check-in.manager", "check-in.together")},  # of a person
    "one-on-one.write": set(),  # of the two
    "pay-round.approve": set(),  # of a round that somebody else started
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


def our_models() -> list[Any]:
    """Every model of ours but bookkeeping that says nothing of anybody: the trail's one row, and that workers live."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("tenfold.")]
    return [model for model in ours if model not in (ChainHead, WorkerBeat)]


def test_every_model_says_who_may_see_its_rows() -> None:
    assert all(hasattr(model.objects, "visible_to") for model in our_models())


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
    shown = [model for model in our_models() if model._default_manager.exists()]
    assert {StoredPlan, Comment, ShareLink, Invitation, AuditEntry, User, Membership, Organisation} <= set(shown)
    for model in shown:
        seen = model.objects.visible_to(company.administrator)
        from_elsewhere = model.objects.visible_to(other_company.administrator)
        assert seen.exists(), model
        assert not from_elsewhere.filter(pk__in=seen.values("pk")).exists(), model
        assert not model.objects.visible_to(AnonymousUser()).exists(), model
