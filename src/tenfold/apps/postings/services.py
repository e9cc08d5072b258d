"""Postings: opened to the public from an approved plan, and closed again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator, URLValidator
from django.db import transaction
from django.utils.timezone import localdate

from tenfold.apps.plans.models import StoredPlan
from tenfold.apps.postings.models import RULES, PostingEvent, PublishedPosting, PublishingRules
from tenfold.audit.check_text import check_text, reading_of
from tenfold.audit.registry import PRACTICES
from tenfold.core.models import AuditEntry, Organisation, User
from tenfold.core.permissions import may, require
from tenfold.core.seals import KEY, hash_of_content
from tenfold.core.services.trail import record
from tenfold.kit.errors import Place, UserError
from tenfold.kit.findings import State
from tenfold.kit.words import join, plural
from tenfold.plan.answers import is_stated
from tenfold.plan.document import HiringPlan
from tenfold.plan.yaml_io import load_plan
from tenfold.posting.public_page import linked_data

MAX_APPLY_TO = 300
HIDDEN_CHECK = "a check that is hidden from you"


@transaction.atomic
def publish(*, plan: StoredPlan, by: User, now: datetime, why: str = "", apply_to: str = "") -> PublishedPosting:
    """Opens the approved version's posting; one that is open already is replaced.

    Where a check says fix, it takes a reason (`why`), which stands in the trail and beside the plan. `apply_to`: the
    e-mail or https address where candidates apply while no role of the plan takes applications.

    Raises:
        NotAllowed: only editors publish.
        UserError: the plan is archived, its latest version is not approved, or holds no posting; a rule of the
            organisation is not met; checks say fix and there is no reason; or `apply_to` is no address.
    """
    require(by, "posting.publish", plan)
    _check_apply_to(apply_to.strip())
    held = StoredPlan.objects.select_for_update().get(pk=plan.pk)
    if held.is_archived:
        raise UserError("This plan is archived.", remedy="Take it out of the archive first.")
    if not held.is_approved_as_is:
        raise UserError("Only an approved version is published.", remedy="Have the latest version approved first.")
    content = load_plan(held.latest().text).plan
    if not content.posting or not content.posting.strip():
        raise UserError("This plan holds no posting.", remedy="Write the posting's text first.")
    _require_rules(held, now, by)
    if (to_fix := checks_to_fix(held, now, by=by)) and not why.strip():
        raise UserError(
            f"{plural(len(to_fix), 'check')} of this plan {'says' if len(to_fix) == 1 else 'say'} fix: {join(to_fix)}.",
            remedy="Fix the plan, or give a reason for publishing it as it is.",
        )
    PublishedPosting.objects.filter(plan=held, closed_at=None).update(closed_at=now)
    posting = PublishedPosting.objects.create(
        plan=held,
        version_number=held.latest_number,
        title=held.title,
        employer=content.company.name or held.organisation.name,
        text=content.posting,
        linked_data=linked_data(content, text=content.posting, title=held.title, day=localdate(now)),
        last_date=content.apply_by,
        why=why.strip()[:500] if to_fix else "",
        accommodations=_accommodations(content),
        apply_to=apply_to.strip(),
        published_by=by,
        published_at=now,
    )
    record(
        kind=PostingEvent.POSTING_PUBLISHED,
        by=by,
        of=posting,
        now=now,
        data={"plan": str(held.pk), "version": held.latest_number, "why": posting.why, KEY: _content(posting)},
    )
    return posting


def _check_apply_to(text: str) -> None:
    """Raises UserError where a text is neither empty, nor an e-mail address, nor one of the web."""
    if not text:
        return
    check = URLValidator(schemes=["https"]) if text.startswith("https:") else EmailValidator()
    try:
        for one in (check, MaxLengthValidator(MAX_APPLY_TO)):
            one(text)
    except ValidationError:
        raise UserError(
            f"“{text[:80]}” is no address to apply to.",
            remedy="Write an e-mail address, or a web address that begins with https://.",
            place=Place(field="apply_to"),
        ) from None


def checks_to_fix(plan: StoredPlan, now: datetime, *, by: User) -> list[str]:
    """The checks of the latest version that say fix, by name; pay is not named to whoever may not see it."""
    states = check_text(plan.latest().text, as_of=localdate(now)).states
    to_fix = [practice for practice in PRACTICES if states.get(practice.id) == State.FIX.value]
    sees_pay = may(by, "pay.see", plan)
    return [one.title if sees_pay or one.id != "pay" else HIDDEN_CHECK for one in to_fix]


def rules_not_met(plan: StoredPlan, now: datetime, *, by: User) -> list[str]:
    """The organisation's rules for publishing that the latest version does not meet, in words."""
    rules = PublishingRules.objects.filter(organisation=plan.organisation).first()
    if rules is None:
        return []
    content = load_plan(plan.latest().text).plan
    reading = reading_of(content.posting) if content.posting and content.posting.strip() else None
    met = {
        "pay_range": reading is not None and reading.pay is not None and reading.pay.max > reading.pay.min,
        "deadline": content.apply_by is not None,
        "accommodations": bool(_accommodations(content)),
        "no_fixes": not (rules.no_fixes and checks_to_fix(plan, now, by=by)),
    }
    return [words for name, words in RULES.items() if getattr(rules, name) and not met[name]]


def _accommodations(content: HiringPlan) -> str:
    """Whom candidates ask for more time or another format; empty where the plan does not say."""
    assessment = is_stated(content.assessment)
    return (is_stated(assessment.accommodations) or "") if assessment is not None else ""


def _require_rules(plan: StoredPlan, now: datetime, by: User) -> None:
    if missing := rules_not_met(plan, now, by=by):
        raise UserError(
            f"Your organisation does not publish without this: {join(missing)}.",
            remedy="Add it to the plan, have it approved, and publish then.",
        )


@transaction.atomic
def set_rules(*, organisation: Organisation, by: User, now: datetime, **rules: bool) -> PublishingRules:
    """Sets what this organisation does not publish without.

    Raises:
        NotAllowed: only administrators do this.
    """
    require(by, "organisation.manage", organisation)
    found, _ = PublishingRules.objects.update_or_create(organisation=organisation, defaults=rules)
    record(kind=PostingEvent.RULES_SET, by=by, of=found, now=now, data=dict(rules))
    return found


def hash_of_posting(entry: AuditEntry) -> str | None:
    """Of the posting that an entry of the trail speaks of, as it is now (`core.seals`)."""
    posting = PublishedPosting.objects.filter(pk=entry.of_id).first()
    if posting is not None:
        return _content(posting)
    return "" if StoredPlan.objects.filter(pk=entry.data["plan"]).exists() else None


def _content(posting: PublishedPosting) -> str:
    return hash_of_content([posting.title, posting.employer, posting.text, posting.linked_data, posting.apply_to])


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
