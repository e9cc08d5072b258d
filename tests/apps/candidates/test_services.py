"""Applications moved, rejected and taken back; people merged and parted; what the law asks. Real database, no mocks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction

from tenfold.apps.candidates.models import (
    Application,
    ApplicationMove,
    ApplicationState,
    Candidate,
    MailTemplate,
    OutgoingMail,
    RejectionReason,
    RoleTask,
    StageKind,
    TemplateKind,
)
from tenfold.apps.candidates.queries.duplicates import proposals
from tenfold.apps.candidates.queries.groups import group_ids
from tenfold.apps.candidates.queries.history import find_unexplained, missing_in_trail
from tenfold.apps.candidates.services.actors import CANDIDATE
from tenfold.apps.candidates.services.applying import AlreadyApplied, apply
from tenfold.apps.candidates.services.duplicates import merge, say_distinct, unmerge
from tenfold.apps.candidates.services.mail import send_due
from tenfold.apps.candidates.services.moves import (
    hire,
    move_applications,
    reject_applications,
    undo_batch,
    undo_move,
    withdraw,
)
from tenfold.apps.candidates.services.privacy import erase
from tenfold.apps.candidates.services.roles import StageDraft, open_role, set_stages
from tenfold.apps.plans.services import approve
from tenfold.core.models import Membership
from tenfold.core.models.only_added import RowChanged
from tenfold.core.permissions import NotAllowed
from tenfold.core.services.trail import verify_trail
from tenfold.kit.errors import UserError
from tenfold.kit.hashchain import ChainBroken
from tests.company import NOW, Company
from tests.factories.candidates import applicant, application_to, applications_to, role_of

LATER = NOW + timedelta(hours=2)


def rows_of_candidates() -> dict[str, list[tuple[Any, ...]]]:
    """Every table of the app as it is stored, byte for byte."""
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if name.startswith("candidates_")]
        found = {}
        for name in sorted(names):
            cursor.execute(f'SELECT * FROM "{name}" ORDER BY 1')  # noqa: S608 - a table of ours
            found[name] = [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor]
        return found


def again(application: Application) -> Application:
    return Application.objects.select_related("role__team", "candidate", "stage").get(pk=application.pk)


def assert_explained(*applications: Application) -> None:
    for one in applications:
        held = again(one)
        moves = list(held.moves.all())
        assert [*find_unexplained(held, moves), *missing_in_trail(held, moves)] == []


def rejection_text(company: Company) -> MailTemplate:
    return MailTemplate.objects.get(organisation=company.organisation, kind=TemplateKind.REJECTION)


def test_a_role_is_opened_only_from_an_approved_plan_and_once(company: Company) -> None:
    plan = company.plan()
    lead = Membership.objects.get(user=company["hiring-manager"])
    with pytest.raises(UserError, match="approved plan"):
        open_role(plan=plan, lead=lead, by=company["recruiter"], now=NOW)
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    with pytest.raises(NotAllowed):
        open_role(plan=plan, lead=lead, by=company["interviewer"], now=NOW)
    role = open_role(plan=plan, lead=lead, by=company["recruiter"], now=NOW)
    assert [stage.kind for stage in role.stages.all()] == ["applied", "screen", "lab", "interview", "debrief", "offer"]
    assert role.places == ["US-CO"]
    assert {one.member.user.email.partition("@")[0]: one.role for one in role.team.members.all()} == {
        "hiring-manager": "lead",
        "recruiter": "recruiter",
    }
    with pytest.raises(UserError, match="open already"):
        open_role(plan=plan, lead=lead, by=company["recruiter"], now=NOW)


def test_stages_swap_names_and_one_that_holds_people_stays(company: Company) -> None:
    role = role_of(company)
    application_to(role)
    first, second, *rest = [StageDraft(s.name, StageKind(s.kind), id=str(s.pk)) for s in role.stages.all()]
    swapped = [
        StageDraft(second.name, first.kind, id=first.id),
        StageDraft(first.name, second.kind, id=second.id),
        *rest,
    ]
    set_stages(role=role, stages=swapped, by=company["recruiter"], now=NOW)
    assert [stage.name for stage in role.stages.kept()][:2] == [second.name, first.name]
    with pytest.raises(UserError, match="left out"):
        set_stages(role=role, stages=swapped[1:], by=company["recruiter"], now=NOW)
    set_stages(role=role, stages=swapped[:1], by=company["recruiter"], now=NOW)
    assert role.stages.kept().count() == 1


def test_personal_fields_are_not_in_the_database_as_they_are_read(company: Company) -> None:
    application_to(role_of(company), name="Quillon Vexworth", letter="Zanzibar was lovely")
    held = repr(rows_of_candidates())
    for word in ("Quillon", "Vexworth", "Zanzibar", "person0@invented", "2000000", "profiles.example"):
        assert word not in held
    assert Candidate.objects.get().name == "Quillon Vexworth"


def test_an_encrypted_column_cannot_be_searched_and_a_value_cannot_be_moved(company: Company) -> None:
    application_to(role_of(company))
    with pytest.raises(FieldError):
        Candidate.objects.filter(name="Ana Adeyemi").count()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE candidates_candidate SET location = name")
    with pytest.raises(UserError, match="belongs elsewhere"):
        Candidate.objects.get()


def test_a_move_knows_who_and_from_where_and_is_never_changed(company: Company) -> None:
    role = role_of(company)
    one = application_to(role)
    screen = role.stages.get(kind="screen")
    batch = move_applications(applications=[one], stage=screen, by=company["recruiter"], now=LATER, comment="Strong")
    (move,) = batch.moves
    assert (move.number, move.from_stage.kind, move.to_stage_id, move.by_id) == (  # type: ignore[union-attr]  # it came from a stage
        2,
        "applied",
        screen.pk,
        company.people["recruiter"].pk,
    )
    with pytest.raises(RowChanged):
        ApplicationMove.objects.filter(pk=move.pk).update(reason="x")
    with pytest.raises(RowChanged):
        move.delete()
    assert again(one).stage_since == LATER
    assert_explained(one)


def test_only_the_last_move_is_taken_back_and_it_restores_the_day(company: Company) -> None:
    role = role_of(company)
    one = application_to(role)
    by = company["recruiter"]
    first = move_applications(applications=[one], stage=role.stages.get(kind="screen"), by=by, now=LATER).moves[0]
    later = LATER + timedelta(days=1)
    second = move_applications(applications=[again(one)], stage=role.stages.get(kind="lab"), by=by, now=later).moves[0]
    with pytest.raises(UserError, match="cannot be taken back"):
        undo_move(move=first, by=by, now=later)
    undo_move(move=second, by=by, now=later + timedelta(hours=1))
    assert (again(one).stage.kind, again(one).stage_since) == ("screen", LATER)
    undo_move(move=first, by=by, now=later + timedelta(hours=2))
    assert (again(one).stage.kind, again(one).stage_since) == ("applied", NOW)
    assert_explained(one)


def test_a_batch_of_a_hundred_rejections_is_taken_back_with_no_mail_sent(company: Company) -> None:
    role = role_of(company)
    many = applications_to(role, 100)
    send_due(NOW)
    outbox.outbox.clear()
    done = reject_applications(
        applications=many,
        reason=RejectionReason.MUST_HAVES,
        by=company["recruiter"],
        now=LATER,
        template=rejection_text(company),
    )
    assert (len(done.moves), len(done.mails)) == (100, 100)
    send_due(LATER + timedelta(minutes=29))
    taken = undo_batch(role=role, batch=done.id, by=company["recruiter"], now=LATER + timedelta(minutes=29))
    send_due(LATER + timedelta(days=3))
    assert (taken.undone, taken.kept, taken.mails_taken_back, taken.mails_gone) == (100, 0, 100, 0)
    assert outbox.outbox == []
    assert set(Application.objects.values_list("state", flat=True)) == {"open"}
    assert_explained(*many)
    verify_trail()


def test_a_batch_leaves_alone_what_happened_since(company: Company) -> None:
    role = role_of(company)
    one, other = applications_to(role, 2)
    by = company["recruiter"]
    done = reject_applications(applications=[one, other], reason=RejectionReason.LAB, by=by, now=LATER)
    undo_move(move=done.moves[0], by=by, now=LATER)
    moved = Application.objects.get(pk=done.moves[0].application_id)
    taken = undo_batch(role=role, batch=done.id, by=by, now=LATER)
    assert (taken.undone, taken.kept) == (1, 1)
    assert moved.is_open


def test_a_rejection_mail_goes_once_after_half_an_hour(company: Company) -> None:
    role = role_of(company)
    one = application_to(role)
    send_due(NOW)
    outbox.outbox.clear()
    done = reject_applications(
        applications=[one],
        reason=RejectionReason.LAB,
        by=company["recruiter"],
        now=LATER,
        template=rejection_text(company),
    )
    assert done.mails[0].send_after == LATER + timedelta(minutes=30)
    for minutes in (0, 29, 30, 31, 90):
        send_due(LATER + timedelta(minutes=minutes))
    assert [each.to for each in outbox.outbox] == [["person0@invented.example"]]
    assert "Ana" in outbox.outbox[0].body
    taken = undo_batch(role=role, batch=done.id, by=company["recruiter"], now=LATER + timedelta(hours=2))
    assert (taken.undone, taken.mails_taken_back, taken.mails_gone) == (1, 0, 1)


def test_a_mail_with_a_missing_value_stops_the_whole_batch(company: Company) -> None:
    role = role_of(company)
    fine, without = application_to(role, 0), application_to(role, 1, emails=[])
    with pytest.raises(UserError, match=r"not an e-mail address|no e-mail address"):
        reject_applications(
            applications=[fine, without],
            reason=RejectionReason.LAB,
            by=company["recruiter"],
            now=LATER,
            template=rejection_text(company),
        )
    assert set(Application.objects.values_list("state", flat=True)) == {"open"}
    assert not OutgoingMail.objects.filter(move__isnull=False).exists()


def test_interviewers_and_strangers_move_nobody(company: Company, other_company: Company) -> None:
    role = role_of(company)
    one = application_to(role)
    for by in (company["interviewer"], company["people-analyst"], other_company["administrator"]):
        with pytest.raises(NotAllowed):
            move_applications(applications=[one], stage=role.stages.get(kind="lab"), by=by, now=LATER)
        with pytest.raises(NotAllowed):
            reject_applications(applications=[one], reason=RejectionReason.LAB, by=by, now=LATER)
        assert list(Application.objects.visible_to(by)) == []
    assert again(one).moves.count() == 1


def test_the_same_address_and_name_find_the_person_again_another_name_does_not(company: Company) -> None:
    role = role_of(company)
    one = application_to(role)
    with pytest.raises(AlreadyApplied):
        application_to(role)
    other = application_to(role, name="Zoe Somebody")
    assert other.candidate_id != one.candidate_id
    reject_applications(applications=[one], reason=RejectionReason.LAB, by=company["recruiter"], now=LATER)
    later = application_to(role, now=LATER + timedelta(days=200))
    assert (later.candidate_id, later.former_id) == (one.candidate_id, one.pk)


def test_the_database_refuses_a_second_open_application(company: Company) -> None:
    one = application_to(role_of(company))
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.create(
            role=one.role, candidate=one.candidate, stage=one.stage, source="other", applied_at=NOW, stage_since=NOW
        )


def test_taking_a_rejection_back_after_a_new_application_changes_nothing(company: Company) -> None:
    role = role_of(company)
    one = application_to(role)
    done = reject_applications(applications=[one], reason=RejectionReason.LAB, by=company["recruiter"], now=LATER)
    application_to(role, now=LATER)
    with pytest.raises(UserError, match="applied to the role again"):
        undo_move(move=done.moves[0], by=company["recruiter"], now=LATER)
    assert undo_batch(role=role, batch=done.id, by=company["recruiter"], now=LATER).kept == 1
    assert again(one).state == ApplicationState.REJECTED


def test_a_merge_taken_back_leaves_every_row_byte_for_byte(company: Company) -> None:
    role = role_of(company)
    one, other, third = applications_to(role, 3)
    before = rows_of_candidates()
    link = merge(kept=one.candidate, merged=other.candidate, by=company["recruiter"], now=LATER)
    chained = merge(kept=third.candidate, merged=other.candidate, by=company["recruiter"], now=LATER)
    assert set(group_ids(one.candidate)) == {one.candidate_id, other.candidate_id, third.candidate_id}
    with pytest.raises(UserError, match="already merged"):
        merge(kept=one.candidate, merged=third.candidate, by=company["recruiter"], now=LATER)
    unmerge(link=chained, by=company["recruiter"], now=LATER)
    unmerge(link=link, by=company["recruiter"], now=LATER)
    assert rows_of_candidates() == before


def test_duplicates_are_proposed_with_reasons_and_never_merged(company: Company) -> None:
    role = role_of(company)
    one = application_to(role, 0)
    same_mail = application_to(role, 20, emails=["Person0@Invented.example"], name="Someone Else", phones=[], links=[])
    same_phone = application_to(role, 21, phones=["+49 30 2000000"], links=[])
    alike = application_to(role, 22, name="Adeyemi Ana")
    application_to(role, 23, name="Wholly Different")
    found = {frozenset((p.one.pk, p.other.pk)): p.words for p in proposals(company["recruiter"], company.organisation)}
    assert found == {
        frozenset((one.candidate_id, same_mail.candidate_id)): "the same e-mail address",
        frozenset((one.candidate_id, same_phone.candidate_id)): "the same telephone number",
        frozenset((one.candidate_id, alike.candidate_id)): "the same name",
    }
    say_distinct(one=one.candidate, other=alike.candidate, by=company["recruiter"], now=LATER)
    merge(kept=one.candidate, merged=same_mail.candidate, by=company["recruiter"], now=LATER)
    assert len(proposals(company["recruiter"], company.organisation)) == 1
    assert proposals(company["interviewer"], company.organisation) == []


def test_a_candidates_withdrawal_is_not_taken_back_by_us(company: Company) -> None:
    one = application_to(role_of(company))
    move = withdraw(application=one, now=LATER)
    assert move is not None
    with pytest.raises(UserError, match="cannot be taken back"):
        undo_move(move=move, by=company["recruiter"], now=LATER)
    assert withdraw(application=again(one), now=LATER) is None
    assert_explained(one)


def test_a_move_that_is_changed_in_the_database_breaks_the_trail(company: Company) -> None:
    one = application_to(role_of(company))
    hire(application=one, by=company["hiring-manager"], now=LATER)
    verify_trail()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE candidates_applicationmove SET to_state = 'rejected' WHERE kind = 'hired'")
    with pytest.raises(ChainBroken, match="application"):
        verify_trail()


def test_ontario_wants_the_outcome_within_45_days_of_a_meeting_that_took_place(company: Company) -> None:
    from tenfold.apps.candidates.services.duties import refresh_application_tasks
    from tenfold.apps.candidates.services.meetings import cancel_meeting, set_meeting

    role = role_of(company, places=["CA-ON"])
    one = application_to(role)
    at = NOW + timedelta(days=3)
    meeting = set_meeting(
        application=one,
        title="Interview",
        starts_at=at,
        minutes=60,
        place="",
        panel=[company["interviewer"]],
        by=company["recruiter"],
        now=NOW,
    )
    refresh_application_tasks(one, now=NOW + timedelta(days=2))
    assert not RoleTask.objects.filter(application=one).exists(), "nothing is counted from what is only planned"
    refresh_application_tasks(one, now=NOW + timedelta(days=4))
    (task,) = RoleTask.objects.filter(application=one, event="last-interview", due_date__isnull=False)
    assert task.due_date == (at + timedelta(days=45)).date()
    cancel_meeting(meeting=meeting, by=company["recruiter"], now=NOW + timedelta(days=4))
    assert not RoleTask.objects.filter(application=one).exists()


def test_an_unusable_application_leaves_nothing_behind(company: Company) -> None:
    role = role_of(company)
    for wrong in ({"name": " "}, {"emails": ["no address"]}, {"links": ["javascript:alert(1)"]}):
        with pytest.raises(UserError):
            apply(role=role, applicant=applicant(0, **wrong), now=NOW)
    assert not Candidate.objects.exists()


def test_nobody_who_was_erased_is_taken_up_again(company: Company) -> None:
    role = role_of(company, places=["DE"])
    one, other = applications_to(role, 2)
    by = company["recruiter"]
    done = reject_applications(applications=[one, other], reason=RejectionReason.LAB, by=by, now=LATER)
    erase(candidate=one.candidate, actor=CANDIDATE, now=LATER)
    with pytest.raises(UserError, match="cannot be taken back"):
        undo_move(move=ApplicationMove.objects.get(application=one, kind="rejected"), by=by, now=LATER)
    taken = undo_batch(role=role, batch=done.id, by=by, now=LATER)
    assert (taken.undone, taken.kept) == (1, 1)
    assert not again(one).is_open
