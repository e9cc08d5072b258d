"""Two rows said to be one person, or not. A merge is a link and nothing else; removing it restores everything."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tenfold.apps.candidates.models import Candidate, CandidateEvent, CandidateMerge, DistinctPair
from tenfold.apps.candidates.queries.groups import root_of
from tenfold.core.models import User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError


@transaction.atomic
def merge(*, kept: Candidate, merged: Candidate, by: User, now: datetime) -> CandidateMerge:
    """Links two rows as one person; `kept` stands for both.

    Raises:
        NotAllowed: the user runs no role of one of them.
        UserError: they are of two organisations, one person already, or one was erased.
    """
    require(by, "candidate.work", kept)
    require(by, "candidate.work", merged)
    if kept.organisation_id != merged.organisation_id or kept.erased_at or merged.erased_at:
        raise UserError("These two cannot be merged.", remedy="Reload the page.")
    Candidate.objects.select_for_update().filter(pk__in=[kept.pk, merged.pk]).order_by("pk").values_list("pk").count()
    top, below = root_of(kept), root_of(merged)
    if top == below:
        raise UserError("These two are already merged.", remedy="Reload the page.")
    link = CandidateMerge.objects.create(
        organisation_id=kept.organisation_id, kept_id=top, merged_id=below, merged_by=by, merged_at=now
    )
    record(kind=CandidateEvent.MERGED, by=by, of=kept, now=now, data={"kept": str(top), "merged": str(below)})
    return link


@transaction.atomic
def unmerge(*, link: CandidateMerge, by: User, now: datetime) -> None:
    """Removes the link: every row is as it was before."""
    require(by, "candidate.work", link.kept)
    require(by, "candidate.work", link.merged)
    data = {"kept": str(link.kept_id), "merged": str(link.merged_id)}
    record(kind=CandidateEvent.UNMERGED, by=by, of=link.kept, now=now, data=data)
    link.delete()


@transaction.atomic
def say_distinct(*, one: Candidate, other: Candidate, by: User, now: datetime) -> None:
    """Notes that two rows are two people, so that they are not proposed again."""
    require(by, "candidate.work", one)
    require(by, "candidate.work", other)
    first, second = sorted((one, other), key=lambda row: str(row.pk))
    DistinctPair.objects.get_or_create(
        one=first, other=second, defaults={"organisation_id": one.organisation_id, "said_by": by, "said_at": now}
    )
    data = {"one": str(first.pk), "other": str(second.pk)}
    record(kind=CandidateEvent.NOT_THE_SAME, by=by, of=one, now=now, data=data)
