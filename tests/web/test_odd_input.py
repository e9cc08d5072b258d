"""What nobody types by accident is told or taken as nothing said: never a failure of ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from tenfold.apps.plans.models import PlanQuerySet
from tenfold.core.typed import day_of, whole
from tests.company import Company

ODD = ("²", "١٢", "9" * 5_000, "-1", "1e9", "%00", "0x1", "")
DAYS = ("0001-01-01", "9999-12-31", "2026-02-30", "٢٠٢٦-01-01", "tomorrow")


@pytest.mark.parametrize("odd", ODD)
def test_odd_numbers_are_taken_as_nothing_said(odd: str, company: Company, signed_in: Callable[[str], Client]) -> None:
    client, plan = signed_in("administrator"), company.plan()
    version = reverse("plan-version", args=[plan.pk, 1])
    asked = (f"{version}?against={odd}", f"/pay/own/?target={odd}", f"/pay/?scope={odd}", f"/plans/?page={odd}")
    assert [client.get(address).status_code for address in asked if client.get(address).status_code >= 500] == []
    row = {"base": "1", "do": "check", "requirements.must.0.was": odd, "requirements.must": "0"}
    assert client.post(reverse("plan", args=[plan.pk]), row).status_code < 500


@pytest.mark.parametrize("day", DAYS)
def test_far_days_are_taken_as_nothing_said(day: str, company: Company, signed_in: Callable[[str], Client]) -> None:
    answer = signed_in("administrator").get(reverse("trail"), {"from": day, "to": day})
    assert answer.status_code == 200


@pytest.mark.parametrize("address", ["/plans/?q=%00", "/trail/?q=a%00b", "/plans/%00/", "/api/v1/plans?cursor=%00"])
def test_a_nul_in_an_address_is_refused(address: str, company: Company, signed_in: Callable[[str], Client]) -> None:
    assert signed_in("administrator").get(address).status_code == 400


def test_a_locked_database_is_told_with_when_to_try_again(
    company: Company, signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(PlanQuerySet, "visible_to", locked)
    answer = signed_in("administrator").get("/plans/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "busy" in answer.content.decode()


def test_only_whole_numbers_in_plain_digits_and_days_that_clocks_know_count() -> None:
    assert [whole(text) for text in ("7", "²", "١", "9" * 10, "", None)] == [7, None, None, None, None, None]
    assert [day_of(text) is None for text in ("2026-11-18", *DAYS)] == [False, True, True, True, True, True]
