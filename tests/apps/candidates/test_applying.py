"""One person may apply to several roles at a time, and to each of them once."""

from __future__ import annotations

import pytest

from tenfold.apps.candidates.models import Application
from tenfold.apps.candidates.services.applying import AlreadyApplied
from tests.company import Company
from tests.factories.candidates import application_to, role_of


def test_an_open_application_bars_the_same_role_and_no_other(company: Company) -> None:
    first, second = role_of(company), role_of(company)
    one = application_to(first)
    other = application_to(second)
    assert (one.candidate_id, other.former_id) == (other.candidate_id, one.pk)
    for role in (first, second):
        with pytest.raises(AlreadyApplied):
            application_to(role)
    assert Application.objects.count() == 2
