"""A check-in is due for the person and their manager, half a year after the last one began."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tenfold.apps.employees.models import Employee
from tenfold.apps.growth import services as growth
from tenfold.apps.growth.models import Step
from tenfold.apps.growth.presenters.found import CHECK_IN_EVERY, check_ins_waiting
from tests.company import NOW, Company
from tests.teams import CELLS, people

SOON, LATE = NOW + CHECK_IN_EVERY - timedelta(days=2), NOW + CHECK_IN_EVERY + timedelta(days=1)
THE_TWO = ("interviewer", "hiring-manager")


def reminded(company: Company, now: datetime, kind: str = "Check-in due") -> set[str]:
    asked = {role: check_ins_waiting(company[role], company.organisation, now) for role in company.people}
    return {role for role, found in asked.items() if any(each.kind == kind for each in found)}


def test_the_two_are_reminded_half_a_year_after_the_placement_and_nobody_else(company: Company) -> None:
    people(company)
    assert reminded(company, SOON) == set()
    assert reminded(company, LATE) == set(THE_TWO)


def test_one_that_is_open_waits_for_its_next_step_and_is_not_due_again(company: Company) -> None:
    employee = people(company).employee
    views = {CELLS[0]: "shown"}
    for step, role in ((Step.SELF, "interviewer"), (Step.MANAGER, "hiring-manager")):
        growth.save_check_in_step(employee=employee, step=step, views=views, by=company[role], now=LATE)
        assert reminded(company, LATE + 2 * CHECK_IN_EVERY) == set()
    assert reminded(company, LATE, "Check-in") == {"hiring-manager"}
    growth.save_check_in_step(
        employee=employee, step=Step.TOGETHER, views=views, by=company["hiring-manager"], now=LATE
    )
    assert reminded(company, LATE + CHECK_IN_EVERY - timedelta(days=2)) == set()
    assert reminded(company, LATE + CHECK_IN_EVERY + timedelta(days=1)) == set(THE_TWO)


@pytest.mark.parametrize("change", [{"left_date": LATE.date()}, {"manager": None}])
def test_whoever_has_left_or_has_no_manager_reminds_nobody_of_them(company: Company, change: dict[str, object]) -> None:
    employee = people(company).employee
    Employee.objects.filter(pk=employee.pk).update(**change)
    assert reminded(company, LATE) == (set() if "left_date" in change else {"interviewer"})
