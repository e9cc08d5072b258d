"""A posting that asks for present pay: what is said depends on the ban of the place, and is quoted from the posting."""

from __future__ import annotations

from datetime import date

import pytest

from tenfold.law.pay_history import pay_history_rules, pay_history_rules_for, places_without_ban
from tenfold.law.places import is_place
from tenfold.practices.pay.check import check
from tests.practices.examples import FIX, REVIEW, said

ASKS = "# MLOps Engineer\n\nWe plan parcel routes.\n\n## How to apply\n\n- Please share your current salary\n"


@pytest.mark.parametrize("place", ["US-OR", "US-DE", "US-PR"])
def test_a_ban_that_stands_apart_is_a_fault(place: str) -> None:
    (found,) = said(check, "asks-pay-history", f"company:\n  jurisdictions: [{place}]", ASKS)
    assert (found.severity, found.field, found.evidence) == (FIX, "posting", ("current salary",))
    assert found.what.endswith(" bars.")


@pytest.mark.parametrize("place", ["US-CA", "US-IL", "US-NY-ALBANY"])
def test_a_ban_in_a_pay_law_is_told_with_that_law_and_the_postings_words(place: str) -> None:
    plan = f"company:\n  jurisdictions: [{place}]\n  employees: 400"
    assert said(check, "asks-pay-history", plan, ASKS) == []
    (found,) = (one for one in said(check, "law-wants-more", plan, ASKS) if "past pay" in one.what)
    assert found.evidence == ("current salary",)


@pytest.mark.parametrize("place", ["US-TX", "US-GA", "JP"])
def test_a_place_of_which_no_ban_is_known_is_not_in_our_table(place: str) -> None:
    verdict = said(check, "asks-pay-history", f"company:\n  jurisdictions: [{place}]", ASKS)
    (found,) = verdict
    assert found.severity is REVIEW
    assert places_without_ban([place], date(2026, 11, 22)) == (place,)


def test_alabama_bars_no_question() -> None:
    (found,) = said(check, "asks-pay-history", "company:\n  jurisdictions: [US-AL]", ASKS)
    assert found.severity is REVIEW


def test_a_posting_that_does_not_ask_is_left_alone() -> None:
    quiet = ASKS.replace("Please share your current salary", "We never ask for your current salary")
    assert said(check, "asks-pay-history", "company:\n  jurisdictions: [US-OR]", quiet) == []


def test_a_ban_holds_from_its_first_day_on() -> None:
    for rule in pay_history_rules().values():
        assert is_place(rule.place)
        assert rule.sources
        assert rule in pay_history_rules_for([rule.place], rule.first)
        assert rule not in pay_history_rules_for([rule.place], date(2016, 1, 1))
