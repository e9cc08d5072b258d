"""Plans: made, saved, approved, archived, duplicated, commented on and shared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.timezone import localdate

from tenfold.apps.plans.models import Comment, PlanEvent, PlanState, PlanVersion, ShareLink, StoredPlan
from tenfold.apps.plans.queries import why_shut
from tenfold.audit.check_text import check_text
from tenfold.core.errors import EditConflict
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may, require
from tenfold.core.seals import KEY, hash_of_content
from tenfold.core.services.trail import SYSTEM, record
from tenfold.core.signals import plan_archived
from tenfold.core.tokens import hash_of, new_token
from tenfold.kit.errors import UserError
from tenfold.plan.changes import changes
from tenfold.plan.merging import EditedTwice, merge_plans
from tenfold.plan.redaction import restore_pay

MAX_SHARE = timedelta(days=90)
UNDO_LASTS = timedelta(days=14)
"""How long a deleted plan can be brought back."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A share link and its token, which is shown once and not kept."""

    link: ShareLink
    token: str


@dataclass(frozen=True, slots=True)
class SavedEdit:
    """A version, and the fields that somebody else had changed meanwhile and that it keeps."""

    version: PlanVersion
    merged: tuple[str, ...] = ()


class ConflictingEdit(EditConflict):
    """Both changed the same fields. `text` is both edits together, with one's own answer in those fields."""

    def __init__(self, latest_number: int, text: str, fields: tuple[EditedTwice, ...]) -> None:
        super().__init__(latest_number)
        self.text, self.fields = text, fields


@transaction.atomic
def create_plan(*, organisation: Organisation, text: str, by: User, now: datetime, why: str = "") -> StoredPlan:
    """A new plan with its first version, checked.

    Raises:
        NotAllowed: only editors make plans.
        UserError: the text is not a plan.
    """
    require(by, "plan.create", organisation)
    plan = StoredPlan(organisation=organisation, created_by=by, created_at=now, changed_at=now)
    _summarise(plan, text, now)
    plan.save()
    _add_version(plan, text, why=why, by=by, now=now, changed=[])
    record(kind=PlanEvent.CREATED, by=by, of=plan, now=now, data={"title": plan.title, KEY: hash_of_content(text)})
    return plan


@transaction.atomic
def save_version(
    *, plan: StoredPlan, text: str, base_number: int, by: User, now: datetime, why: str = "", sees_pay: bool = True
) -> PlanVersion:
    """Keeps an edited text as the next version; where nothing changed, nothing is written and the latest is the answer.

    `base_number` is the version that was edited. Somebody who may not see pay leaves it as it was, and so does a
    caller (`sees_pay`) whose token may not.

    Raises:
        NotAllowed: only editors save.
        EditConflict: another version was saved in between.
        UserError: the text is not a plan, or the plan is archived.
    """
    require(by, "plan.edit", plan)
    held = StoredPlan.objects.select_for_update().get(pk=plan.pk)
    latest = held.latest()
    if held.is_archived:
        raise _archived_error()
    if latest.number != base_number:
        raise EditConflict(latest.number)
    if not (sees_pay and may(by, "pay.see", held)):
        text = restore_pay(text, latest.text)
    changed = changes(latest.text, text)
    if text == latest.text:
        return latest
    _summarise(held, text, now)
    version = _add_version(held, text, why=why, by=by, now=now, changed=[change.to_dict() for change in changed])
    record(
        kind=PlanEvent.SAVED,
        by=by,
        of=held,
        now=now,
        data={
            "version": version.number,
            "why": why,
            "fields": [change.field for change in changed],
            KEY: hash_of_content(text),
        },
    )
    plan.refresh_from_db()
    return version


@transaction.atomic
def save_edit(*, plan: StoredPlan, text: str, base_number: int, by: User, now: datetime, why: str = "") -> SavedEdit:
    """As `save_version`, but where somebody else saved meanwhile, both edits are kept, field by field.

    Raises:
        NotAllowed: only editors save.
        ConflictingEdit: both changed the same field; nothing is saved.
        UserError: the text is not a plan, both together are none, or the plan is archived.
    """
    require(by, "plan.edit", plan)
    held = StoredPlan.objects.select_for_update().get(pk=plan.pk)
    base = held.versions.filter(number=base_number).first()
    if held.latest_number == base_number or base is None or held.is_archived:
        return SavedEdit(save_version(plan=plan, text=text, base_number=base_number, by=by, now=now, why=why))
    latest = held.latest()
    own = text if may(by, "pay.see", held) else restore_pay(text, base.text)
    merged = merge_plans(base.text, own, latest.text)
    if merged.conflicts:
        raise ConflictingEdit(latest.number, merged.text, merged.conflicts)
    version = save_version(plan=plan, text=merged.text, base_number=latest.number, by=by, now=now, why=why)
    return SavedEdit(version, merged.taken)


@transaction.atomic
def approve(*, plan: StoredPlan, number: int, by: User, now: datetime) -> None:
    """Approves the latest version; what is saved later is a draft again.

    Raises:
        NotAllowed: hiring managers and administrators approve.
        EditConflict: it is no longer the latest version.
        UserError: the plan is archived.
    """
    require(by, "plan.approve", plan)
    held = StoredPlan.objects.select_for_update().get(pk=plan.pk)
    if held.is_archived:
        raise _archived_error()
    if held.latest_number != number:
        raise EditConflict(held.latest_number)
    held.state, held.approved_number = PlanState.APPROVED, number
    held.save(update_fields=["state", "approved_number"])
    record(kind=PlanEvent.APPROVED, by=by, of=held, now=now, data={"version": number})
    plan.refresh_from_db()


@transaction.atomic
def archive(*, plan: StoredPlan, by: User, now: datetime) -> None:
    """Puts a plan away: its share links are withdrawn, and whatever else is open of it closes (`plan_archived`)."""
    require(by, "plan.edit", plan)
    held = StoredPlan.objects.select_for_update().get(pk=plan.pk)
    for link in held.share_links.open_at(now):
        _withdraw(link, by=by, now=now)
    _set_state(held, PlanState.ARCHIVED, kind=PlanEvent.ARCHIVED, by=by, now=now)
    plan_archived.send(StoredPlan, plan=held, by=by, now=now)
    plan.refresh_from_db()


@transaction.atomic
def restore(*, plan: StoredPlan, by: User, now: datetime) -> None:
    """Out of the archive, as a draft."""
    require(by, "plan.edit", plan)
    _set_state(plan, PlanState.DRAFT, kind=PlanEvent.RESTORED, by=by, now=now)


@transaction.atomic
def delete_plan(*, plan: StoredPlan, by: User, now: datetime) -> None:
    """Takes a plan out of sight, closes what is open of it, and erases it after a time in which that can be undone.

    Raises:
        NotAllowed: hiring managers and administrators delete.
    """
    require(by, "plan.delete", plan)
    held = StoredPlan.objects.select_for_update().get(pk=plan.pk)
    for link in held.share_links.open_at(now):
        _withdraw(link, by=by, now=now)
    plan_archived.send(StoredPlan, plan=held, by=by, now=now)
    held.deleted_at = now
    held.save(update_fields=["deleted_at"])
    record(kind=PlanEvent.DELETED, by=by, of=held, now=now, data={"title": held.title})


@transaction.atomic
def undo_deletion(*, plan: StoredPlan, by: User, now: datetime) -> None:
    """Brings a deleted plan back; its links and posting stay closed.

    Raises:
        NotAllowed: hiring managers and administrators delete and bring back.
    """
    require(by, "plan.delete", plan)
    plan.deleted_at = None
    plan.save(update_fields=["deleted_at"])
    record(kind=PlanEvent.DELETION_UNDONE, by=by, of=plan, now=now, data={"title": plan.title})


@transaction.atomic
def erase_deleted_plans(now: datetime) -> int:
    """Erases what was deleted long enough ago, with its versions and comments; the trail keeps its id."""
    due = list(StoredPlan.objects.select_for_update().filter(deleted_at__lte=now - UNDO_LASTS))
    return sum(_erase(plan, now) for plan in due)


def _erase(plan: StoredPlan, now: datetime) -> bool:
    """False where people's data hangs on it, which has time limits of its own."""
    try:
        with transaction.atomic():
            record(kind=PlanEvent.ERASED, by=SYSTEM, of=plan, now=now)
            plan.delete()
    except ProtectedError:
        return False
    return True


@transaction.atomic
def duplicate(*, plan: StoredPlan, title: str, by: User, now: datetime) -> StoredPlan:
    """A copy of the latest version as a draft of its own. It holds the pay, so whoever copies must see it.

    Raises:
        NotAllowed: not an editor, or one who may not see pay.
    """
    require(by, "plan.create", plan)
    require(by, "pay.see", plan)
    copy = StoredPlan(
        organisation=plan.organisation,
        title=title[:200],
        facts_line=plan.facts_line,
        strip=plan.strip,
        opening=plan.opening,
        created_by=by,
        created_at=now,
        changed_at=now,
    )
    copy.save()
    why = f"Copied from {plan.title}, version {plan.latest_number}"
    text = plan.latest().text
    _add_version(copy, text, why=why[:500], by=by, now=now, changed=[])
    data = {"from": str(plan.pk), "title": title, KEY: hash_of_content(text)}
    record(kind=PlanEvent.DUPLICATED, by=by, of=copy, now=now, data=data)
    return copy


@transaction.atomic
def comment(*, plan: StoredPlan, text: str, by: User, now: datetime, field: str = "") -> Comment:
    require(by, "plan.comment", plan)
    said = Comment.objects.create(
        plan=plan, version_number=plan.latest_number, field=field, text=text, said_by=by, said_at=now
    )
    record(kind=PlanEvent.COMMENT_ADDED, by=by, of=said, now=now, data={"plan": str(plan.pk), "field": field})
    return said


@transaction.atomic
def settle_comment(*, comment: Comment, by: User, now: datetime) -> None:
    """Marks a comment as dealt with; it stays readable."""
    require(by, "plan.comment", comment)
    comment.settled_by, comment.settled_at = by, now
    comment.save(update_fields=["settled_by", "settled_at"])
    record(kind=PlanEvent.COMMENT_SETTLED, by=by, of=comment, now=now, data={"plan": str(comment.plan_id)})


@transaction.atomic
def share(*, plan: StoredPlan, lasts: timedelta, with_pay: bool, by: User, now: datetime) -> Shared:
    """A link to the latest version's report, for anyone who has it, until it expires.

    Raises:
        NotAllowed: not an editor; or the link would show pay that its maker may not see.
        UserError: it would last too long, or the plan is archived.
    """
    require(by, "plan.share", plan)
    if plan.is_archived:
        raise _archived_error()
    if with_pay:
        require(by, "pay.see", plan)
    if not timedelta() < lasts <= MAX_SHARE:
        raise UserError(f"A link lasts at most {MAX_SHARE.days} days.", remedy="Choose a shorter time.")
    token = new_token()
    link = ShareLink.objects.create(
        plan=plan,
        version_number=plan.latest_number,
        token_hash=hash_of(token),
        with_pay=with_pay,
        made_by=by,
        made_at=now,
        expires_at=now + lasts,
    )
    data = {"version": link.version_number, "with_pay": with_pay, "until": link.expires_at.isoformat()}
    record(kind=PlanEvent.SHARED, by=by, of=link, now=now, data={"plan": str(plan.pk), **data})
    return Shared(link, token)


@transaction.atomic
def withdraw_share(*, link: ShareLink, by: User, now: datetime) -> None:
    require(by, "plan.share", link)
    _withdraw(link, by=by, now=now)


def _withdraw(link: ShareLink, *, by: User, now: datetime) -> None:
    link.withdrawn_at = now
    link.save(update_fields=["withdrawn_at"])
    record(kind=PlanEvent.SHARE_WITHDRAWN, by=by, of=link, now=now, data={"plan": str(link.plan_id)})


def shared_version(*, token: str, now: datetime) -> tuple[ShareLink, PlanVersion] | None:
    """What a share link shows; None where it has expired, was withdrawn, shows too much today or never was."""
    links = ShareLink.objects.filter(token_hash=hash_of(token)).open_at(now)
    link = links.select_related("plan__organisation", "made_by").first()
    if link is None or why_shut(link):
        return None
    return link, link.plan.versions.get(number=link.version_number)


def _archived_error() -> UserError:
    return UserError("This plan is archived.", remedy="Take it out of the archive first.")


def _set_state(plan: StoredPlan, state: PlanState, *, kind: PlanEvent, by: User, now: datetime) -> None:
    plan.state = state
    plan.changed_at = now
    plan.save(update_fields=["state", "changed_at"])
    record(kind=kind, by=by, of=plan, now=now, data={"title": plan.title})


def _summarise(plan: StoredPlan, text: str, now: datetime) -> None:
    """What lists show, from the ten checks on the whole text."""
    summary = check_text(text, as_of=localdate(now)).summary
    plan.title = summary.title[:200] or "Untitled plan"
    plan.facts_line = summary.facts_line[:300]
    plan.strip, plan.opening = dict(summary.strip), summary.opening[:200]


def _add_version(
    plan: StoredPlan, text: str, *, why: str, by: User, now: datetime, changed: list[dict[str, str]]
) -> PlanVersion:
    plan.latest_number += 1
    plan.changed_at = now
    if plan.state == PlanState.APPROVED:
        plan.state = PlanState.DRAFT
    plan.save()
    return PlanVersion.objects.create(
        plan=plan,
        number=plan.latest_number,
        text=text,
        why=why.strip()[:500],
        changes=changed,
        saved_by=by,
        saved_at=now,
    )
