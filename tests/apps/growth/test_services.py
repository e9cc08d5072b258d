"""Check-ins in which nobody is led, ladders that two people edit, and evidence that only the two may add."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tenfold.apps.growth import services as service
from tenfold.apps.growth.models import CheckInRecord, EvidencePiece, GrowthItem, LadderVersion, Step
from tenfold.apps.growth.queries import agreement, person_on_ladder
from tenfold.core.errors import EditConflict
from tenfold.core.permissions import NotAllowed
from tenfold.core.personal_data import export_person
from tenfold.kit.errors import UserError
from tests.company import NOW, Company
from tests.teams import CELLS, people

WORDS = "Owns one model's service"


def test_neither_sees_the_others_view_before_both_have_given_theirs(company: Company) -> None:
    found = people(company)
    service.save_check_in_step(
        employee=found.employee, step=Step.SELF, views={CELLS[0]: "partly"}, by=company["interviewer"], now=NOW
    )
    manager = Client()
    manager.force_login(company["hiring-manager"])
    before = manager.get(reverse("check-in", args=[found.employee.pk])).content.decode()
    assert "Own view</th>" not in before
    assert person_on_ladder(found.employee, today=NOW.date()).answer.cells[0].check_in is None  # type: ignore[union-attr]
    service.save_check_in_step(
        employee=found.employee, step=Step.MANAGER, views={CELLS[0]: "shown"}, by=company["hiring-manager"], now=NOW
    )
    after = manager.get(reverse("check-in", args=[found.employee.pk])).content.decode()
    assert "Own view</th>" in after
    placed = person_on_ladder(found.employee, today=NOW.date())
    assert placed is not None
    assert [warning.kind for warning in placed.answer.warnings] == ["not-settled"]


def test_an_export_holds_no_view_of_the_manager_that_the_page_hides(company: Company) -> None:
    found = people(company)
    service.save_check_in_step(
        employee=found.employee, step=Step.MANAGER, views={CELLS[0]: "not-yet"}, by=company["hiring-manager"], now=NOW
    )
    assert "not-yet" not in str(export_person(str(found.employee.pk))["growth"]["check_ins"])


def test_a_step_is_given_once_by_whose_turn_it_is(company: Company) -> None:
    found = people(company)
    give = {"employee": found.employee, "views": {CELLS[0]: "shown"}, "now": NOW}
    with pytest.raises(NotAllowed):
        service.save_check_in_step(step=Step.MANAGER, by=company["interviewer"], **give)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="Both views come first"):
        service.save_check_in_step(step=Step.TOGETHER, by=company["hiring-manager"], **give)  # type: ignore[arg-type]
    service.save_check_in_step(step=Step.SELF, by=company["interviewer"], **give)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="already saved"):
        service.save_check_in_step(step=Step.SELF, by=company["interviewer"], **give)  # type: ignore[arg-type]
    assert CheckInRecord.objects.count() == 1


def test_an_edit_says_what_it_means_for_people_placed_before(company: Company) -> None:
    found = people(company)
    text = found.ladder.text()
    changed = text.replace(WORDS, f"{WORDS} and its cost")
    assert changed != text
    service.save_ladder(
        ladder=found.ladder, text=changed, base_number=1, why="Cost counts", by=company.administrator, now=NOW
    )
    placed = person_on_ladder(found.employee, today=NOW.date())
    assert placed is not None
    assert [effect.cell for effect in placed.effects] == [CELLS[0]]
    with pytest.raises(EditConflict):
        service.save_ladder(ladder=found.ladder, text=text, base_number=1, why="", by=company.administrator, now=NOW)
    with pytest.raises(UserError):
        service.save_ladder(
            ladder=found.ladder, text="name: x", base_number=2, why="", by=company.administrator, now=NOW
        )
    assert LadderVersion.objects.count() == 2


def test_evidence_to_come_or_at_no_entry_is_refused_and_nothing_is_kept(company: Company) -> None:
    found = people(company)
    before = EvidencePiece.objects.count()
    for cell, on in ((CELLS[0], NOW.date() + timedelta(days=1)), ("no-such.entry", NOW.date())):
        with pytest.raises(UserError):
            service.add_evidence(
                employee=found.employee,
                cell=cell,
                kind="review",
                link="",
                on=on,
                note="x",
                by=company["hiring-manager"],
                now=NOW,
            )
    assert EvidencePiece.objects.count() == before
    for role in ("administrator", "people-analyst", "recruiter"):
        assert not EvidencePiece.objects.visible_to(company[role]).exists()
        assert not GrowthItem.objects.visible_to(company[role]).exists()


def test_agreement_waits_for_a_second_judge(company: Company) -> None:
    found = people(company)
    service.vote(session=found.session, views={(0, CELLS[0]): "shown"}, by=company.administrator, now=NOW)
    assert agreement(found.session) is None
    service.vote(session=found.session, views={(0, CELLS[0]): "not-yet"}, by=company["hiring-manager"], now=NOW)
    measured = agreement(found.session)
    assert measured is not None
    assert [each.case for each in measured.to_discuss] == ["case 1"]
    with pytest.raises(NotAllowed):
        service.vote(session=found.session, views={}, by=company["recruiter"], now=NOW)
