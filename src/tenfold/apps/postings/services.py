"""Postings: opened to the public from an approved plan, and closed again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from tenfold.apps.plans.models import StoredPlan
from tenfold.apps.postings.models import PostingEvent, PublishedPosting
from tenfold.core.models import AuditEntry, User
from tenfold.core.permissions import require
from tenfold.core.seals import KEY, hash_of_content
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError
from tenfold.plan.yaml_io import load_plan
from tenfold.posting.public_page import linked_data


@transaction.atomic
def publish(*, plan: StoredPlan, by: User, now: datetime) -> PublishedPosting:
    """Opens the approved version's posting; one that is open already is replaced.

    Raises:
        NotAllowed: only editors publish.
        UserError: the plan is archived, its latest version is not approved, or holds no posting.
    """
    require(by, "posting.publish", plan)
    held = StoredPlan.objects.select_for_update().get(pk=plan.pk)
    if held.is_archived:
        raise UserError("This plan is archived.", remedy="Take it out of the archive first.")
    if not held.is_approved_as_is:
        raise UserError("Only an approved version is published.", remedy="Have the latest version approved first.")
    content = load_plan(held.latest().text).plan
    if not content.posting or not content.posting.strip():
        raise UserError("This plan holds no posting.", remedy="Write the posting's text first.")
    PublishedPosting.objects.filter(plan=held, closed_at=None).update(closed_at=now)
    posting = PublishedPosting.objects.create(
        plan=held,
        version_number=held.latest_number,
        title=held.title,
        employer=content.company.name or held.organisation.name,
        text=content.posting,
        linked_data=linked_data(content, text=content.posting, title=held.title, day=localdate(now)),
        last_date=content.apply_by,
        published_by=by,
        published_at=now,
    )
    record(
        kind=PostingEvent.POSTING_PUBLISHED,
        by=by,
        of=posting,
        now=now,
        data={"plan": str(held.pk), "version": held.latest_number, KEY: _content(posting)},
    )
    return posting


def hash_of_posting(entry: AuditEntry) -> str | None:
    """Of the posting that an entry of the trail speaks of, as it is now (`core.seals`)."""
    posting = PublishedPosting.objects.filter(pk=entry.of_id).first()
    if posting is not None:
        return _content(posting)
    return "" if StoredPlan.objects.filter(pk=entry.data["plan"]).exists() else None


def _content(posting: PublishedPosting) -> str:
    return hash_of_content([posting.title, posting.employer, posting.text, posting.linked_data])


@transaction.atomic
def close(*, posting: PublishedPosting, by: User, now: datetime) -> None:
    require(by, "posting.publish", posting)
    _close(posting, by=by, now=now)


def close_with_plan(*, plan: StoredPlan, by: User, now: datetime, **_rest: Any) -> None:
    """Closes what is open of a plan that goes into the archive (receives `plan_archived`)."""
    for posting in PublishedPosting.objects.filter(plan=plan, closed_at=None):
        _close(posting, by=by, now=now)


def _close(posting: PublishedPosting, *, by: User, now: datetime) -> None:
    posting.closed_at = now
    posting.save(update_fields=["closed_at"])
    record(kind=PostingEvent.POSTING_CLOSED, by=by, of=posting, now=now, data={"plan": str(posting.plan_id)})
