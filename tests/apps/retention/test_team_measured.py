"""A plan's checks show what is stored of the company's teams to those who may see it, and the same verdict to all."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from tenfold.apps.plans.models import StoredPlan
from tenfold.apps.retention.models import RecordKind, TeamRecord
from tenfold.apps.retention.queries import team_measured
from tenfold.core.models import User
from tenfold.core.role_setup import setup_of_plan
from tenfold.core.scopes import Scope
from tenfold.web.example.seed import seed_example
from tests.company import NOW, Company
from tests.teams import people
from tests.web.api_client import program_of


@pytest.fixture
def plan(db: None) -> StoredPlan:
    seed_example(now=NOW)
    return StoredPlan.objects.filter(title__startswith="Senior MLOps").first() or StoredPlan.objects.earliest("pk")


def user(login: str) -> User:
    return User.objects.get(email=f"{login}@tidewater.example")


def page(plan: StoredPlan, login: str) -> str:
    client = Client()
    client.force_login(user(login))
    return " ".join(client.get(reverse("plan-report", args=[plan.pk])).content.decode().split())


def test_the_example_tells_its_figures_beside_the_plan(plan: StoredPlan) -> None:
    for login in ("maren", "teodor", "ines"):
        told = page(plan, login)
        assert "pages a shift (95 % interval" in told
        assert "pages of half a year (invented).csv" in told
        assert "In force: the ladder" in told
    hidden = page(plan, "jonas")
    assert "Measured: " not in hidden
    assert "pages of half a year" not in hidden
    assert "is shown to administrators, hiring managers and people analysts" in hidden


def test_without_records_nothing_is_said_and_with_them_each_reason_is_another(company: Company) -> None:
    plan = company.plan()
    assert team_measured(plan.pk, company.administrator) == {}
    assert setup_of_plan(plan.pk, company.administrator) is None
    people(company)
    figures = team_measured(plan.pk, company["hiring-manager"])["team"]
    reasons = dict(figures.missing)
    assert reasons["help-desk"] == "nothing stored"
    assert reasons["placements"] == "fewer than five people"
    TeamRecord.objects.create(
        organisation=company.organisation,
        kind=RecordKind.TICKETS,
        name="tickets",
        values=["2026-03-01T08:00:00+00:00", "2026-03-09T08:00:00+00:00"],
        imported_at=NOW,
    )
    figures = team_measured(plan.pk, company["hiring-manager"])["team"]
    assert dict(figures.missing)["help-desk"] == "not enough data"
    assert team_measured(plan.pk, company["interviewer"])["team"].is_hidden


def test_a_program_sees_them_with_the_scope_for_teams_alone(company: Company) -> None:
    plan = company.plan()
    people(company)
    told = []
    for scopes in ([Scope.PLANS_READ], [Scope.PLANS_READ, Scope.TEAMS_READ]):
        answer = program_of(company, "hiring-manager", scopes).ask("GET", f"/plans/{plan.pk}/audit")
        told.append(json.dumps(json.loads(answer.content)))
    assert "In force: the ladder" not in told[0]
    assert "In force: the ladder" in told[1]
