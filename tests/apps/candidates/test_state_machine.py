"""Merge, move, reject, undo, withdraw, erase in any order: what is there is always what the trail explains."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tenfold.apps.candidates.models import (
    Application,
    ApplicationMove,
    ApplicationState,
    Candidate,
    CandidateEvent,
    CandidateMerge,
    MailState,
    MailTemplate,
    OutgoingMail,
    RejectionReason,
    TemplateKind,
)
from tenfold.apps.candidates.queries.groups import group_ids
from tenfold.apps.candidates.queries.history import find_unexplained, missing_in_trail
from tenfold.apps.candidates.services.actors import CANDIDATE
from tenfold.apps.candidates.services.applying import apply
from tenfold.apps.candidates.services.duplicates import merge, unmerge
from tenfold.apps.candidates.services.mail import send_due
from tenfold.apps.candidates.services.moves import (
    move_applications,
    reject_applications,
    undo_batch,
    undo_move,
    withdraw,
)
from tenfold.apps.candidates.services.privacy import erase
from tenfold.core.models import AuditEntry
from tenfold.core.services.trail import verify_trail
from tenfold.kit.errors import UserError
from tests.company import NOW, found
from tests.factories.candidates import applicant, role_of
from tests.sizes import size

PLACES = st.integers(0, 40)


class Hiring(RuleBasedStateMachine):
    """One role, up to seven people; every rule may be refused, and then nothing has changed."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        """Every sequence ends with a trail that verifies and says something, before its rows go."""
        if hasattr(self, "company"):
            assert verify_trail().entries > 0
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.company = found("Harbour Parcel")
        self.role = role_of(self.company, places=["DE"])
        self.by = self.company["recruiter"]
        self.now = NOW
        self.text = MailTemplate.objects.get(organisation=self.company.organisation, kind=TemplateKind.REJECTION)
        for n in range(3):
            apply(role=self.role, applicant=applicant(n), now=self.now)

    def attempt(self, step: Any) -> None:
        self.now += timedelta(minutes=7)
        before = self.shown()
        try:
            step()
        except UserError:
            assert self.shown() == before

    def shown(self) -> list[Any]:
        return [
            list(Application.objects.order_by("pk").values_list("pk", "stage", "state", "closed_at")),
            list(CandidateMerge.objects.order_by("pk").values_list("kept", "merged")),
            list(OutgoingMail.objects.order_by("pk").values_list("pk", "state")),
            AuditEntry.objects.count(),
        ]

    def application(self, place: int) -> Application:
        rows = list(Application.objects.select_related("role__team", "candidate", "stage").order_by("applied_at", "pk"))
        return rows[place % len(rows)]

    @rule(n=st.integers(0, 6))
    def applies(self, n: int) -> None:
        self.attempt(lambda: apply(role=self.role, applicant=applicant(n), now=self.now))

    @rule(places=st.lists(PLACES, min_size=1, max_size=4), stage=st.integers(0, 5))
    def moves(self, places: list[int], stage: int) -> None:
        chosen = [self.application(place) for place in places]
        to = list(self.role.stages.kept())[stage]
        self.attempt(lambda: move_applications(applications=chosen, stage=to, by=self.by, now=self.now))

    @rule(
        places=st.lists(PLACES, min_size=1, max_size=4), reason=st.sampled_from(RejectionReason), writes=st.booleans()
    )
    def rejects(self, places: list[int], reason: RejectionReason, writes: bool) -> None:
        chosen = [self.application(place) for place in places]
        text = self.text if writes else None
        self.attempt(
            lambda: reject_applications(applications=chosen, reason=reason, by=self.by, now=self.now, template=text)
        )

    @rule(place=PLACES)
    def takes_back(self, place: int) -> None:
        moves = list(ApplicationMove.objects.select_related("application__role__team").order_by("at", "number", "pk"))
        move = moves[place % len(moves)]
        self.attempt(lambda: undo_move(move=move, by=self.by, now=self.now))

    @rule(place=PLACES)
    def takes_a_batch_back(self, place: int) -> None:
        found = ApplicationMove.objects.exclude(batch=None).values_list("batch", flat=True)
        batches = sorted({one for one in found if one}, key=str)
        if batches:
            batch = batches[place % len(batches)]
            self.attempt(lambda: undo_batch(role=self.role, batch=batch, by=self.by, now=self.now))

    @rule(place=PLACES)
    def withdraws(self, place: int) -> None:
        self.attempt(lambda: withdraw(application=self.application(place), now=self.now))

    @rule(one=PLACES, other=PLACES)
    def merges(self, one: int, other: int) -> None:
        kept, merged = self.application(one).candidate, self.application(other).candidate
        self.attempt(lambda: merge(kept=kept, merged=merged, by=self.by, now=self.now))

    @rule(place=PLACES)
    def parts(self, place: int) -> None:
        links = list(CandidateMerge.objects.select_related("kept", "merged").order_by("merged_at", "pk"))
        if links:
            self.attempt(lambda: unmerge(link=links[place % len(links)], by=self.by, now=self.now))

    @rule(place=PLACES)
    def erases(self, place: int) -> None:
        candidate = self.application(place).candidate
        if candidate.erased_at is None:
            self.attempt(lambda: erase(candidate=candidate, actor=CANDIDATE, now=self.now))

    @rule(minutes=st.sampled_from([1, 31, 600]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        send_due(self.now)

    @invariant()
    def every_state_is_explained(self) -> None:
        for one in Application.objects.prefetch_related("moves"):
            moves = list(one.moves.all())
            assert [*find_unexplained(one, moves), *missing_in_trail(one, moves)] == []

    @invariant()
    def one_open_application_a_person(self) -> None:
        opened = list(Application.objects.filter(state=ApplicationState.OPEN).values_list("candidate", flat=True))
        assert len(opened) == len(set(opened))

    @invariant()
    def no_mail_of_a_rejection_that_was_taken_back_waits(self) -> None:
        waiting = OutgoingMail.objects.filter(state=MailState.HELD, move__isnull=False).select_related("application")
        assert {one.application.state for one in waiting} <= {ApplicationState.REJECTED}

    @invariant()
    def merges_are_those_of_the_trail(self) -> None:
        """Links are those that were made, less those that were taken back or went with an erased person."""
        alive: set[tuple[str, str]] = set()
        for entry in AuditEntry.objects.filter(of="candidate").order_by("n"):
            pair = (entry.data.get("kept", ""), entry.data.get("merged", ""))
            if entry.kind == CandidateEvent.MERGED:
                alive.add(pair)
            elif entry.kind == CandidateEvent.UNMERGED:
                alive.discard(pair)
            elif entry.kind == CandidateEvent.ERASED:
                alive = {one for one in alive if entry.of_id not in one}
        assert {(str(k), str(m)) for k, m in CandidateMerge.objects.values_list("kept", "merged")} == alive

    @invariant()
    def erased_people_are_gone_and_counted(self) -> None:
        erased = Candidate.objects.exclude(erased_at=None)
        assert all(one.name == "" and not one.emails.exists() and not one.files.exists() for one in erased)
        told = AuditEntry.objects.filter(kind=CandidateEvent.ERASED).values_list("of_id", flat=True)
        assert {str(one.pk) for one in erased} == set(told)
        assert not Application.objects.filter(candidate__in=erased, state=ApplicationState.OPEN).exists()

    @invariant()
    def groups_hold_every_row_once(self) -> None:
        rows = list(Candidate.objects.all())
        groups = {frozenset(group_ids(row)) for row in rows}
        assert sum(len(group) for group in groups) == len(rows)


@pytest.mark.django_db
def test_no_sequence_ends_in_a_state_that_the_trail_does_not_explain() -> None:
    examples = size(10, nightly=500)
    run_state_machine_as_test(Hiring, settings=settings(max_examples=examples, stateful_step_count=25, deadline=None))
