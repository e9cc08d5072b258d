"""A plan that somebody may see, and what of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tenfold.apps.plans.models import PlanVersion, ShareLink, StoredPlan
from tenfold.checking.role_setup import RoleSetup
from tenfold.core.models import AuditEntry, Membership, Organisation, User
from tenfold.core.own_bands import own_bands_of
from tenfold.core.permissions import EDITORS, may, membership, require
from tenfold.core.role_setup import setup_of_plan
from tenfold.core.seals import hash_of_content
from tenfold.core.services.trail import record_sight_of_pay
from tenfold.market.company_bands import OwnBands
from tenfold.plan.redaction import redact_pay

MAX_NAMED = 3


@dataclass(frozen=True)
class PlanAccess:
    """A plan, and what one person may see and do of it now."""

    plan: StoredPlan
    user: User
    can_see_pay: bool
    can_edit: bool
    can_approve: bool
    can_publish: bool

    def setup(self) -> RoleSetup | None:
        """What is set up for the plan's role, as far as this person may know it."""
        return setup_of_plan(self.plan.pk, self.user)

    def bands(self) -> OwnBands | None:
        """The company's bands, where this person sees pay."""
        return own_bands_of(self.plan.organisation_id) if self.can_see_pay else None

    def text(self, version: PlanVersion, *, now: datetime) -> str:
        """What this person may read of a version. Whoever is shown pay is recorded in the trail, once a day."""
        if not self.can_see_pay:
            return redact_pay(version.text)
        record_sight_of_pay(by=self.user, of=self.plan, now=now)
        return version.text


def plan_for_user(user: User, pk: uuid.UUID, permission: str = "plan.view") -> PlanAccess:
    """The plan, where the user may see it.

    Raises:
        StoredPlan.DoesNotExist: there is none, or none that this person may know of.
        NotAllowed: they may know of it, but not do this.
    """
    plan = StoredPlan.objects.visible_to(user).select_related("organisation").get(pk=pk)
    require(user, permission, plan)
    return PlanAccess(
        plan=plan,
        user=user,
        can_see_pay=may(user, "pay.see", plan),
        can_edit=may(user, "plan.edit", plan) and not plan.is_archived,
        can_approve=may(user, "plan.approve", plan) and not plan.is_archived,
        can_publish=may(user, "posting.publish", plan) and not plan.is_archived,
    )


def people_to_ask(plan: StoredPlan) -> list[str]:
    """Who may change a plan, by name: those who saved it last first, no more than a sentence holds."""
    editors = Membership.objects.filter(organisation=plan.organisation_id, role__in=EDITORS).select_related("user")
    recent = [version.saved_by_id for version in plan.versions.order_by("-number")[:MAX_NAMED]]
    order = {user: place for place, user in reversed(list(enumerate(recent)))}
    ranked = sorted(editors, key=lambda one: (order.get(one.user_id, MAX_NAMED), one.pk))
    return [str(one.user) for one in ranked[:MAX_NAMED]] or ["an administrator"]


def why_shut(link: ShareLink) -> str:
    """Why a link that has neither expired nor been withdrawn shows nothing today; "" where it is open.

    It shows what its maker may show now. Rights that come back open it again.
    """
    maker = link.made_by
    if link.plan.is_archived:
        return "The plan is archived."
    if maker is None or not maker.is_active or membership(maker, link.plan) is None:
        return "The person who made it is no longer a member."
    if not may(maker, "plan.share", link.plan):
        return "The person who made it may no longer share plans."
    if link.with_pay and not may(maker, "pay.see", link.plan):
        return "It shows pay, which the person who made it may no longer see."
    return ""


def open_links(organisation: Organisation, user: User, *, now: datetime) -> list[tuple[ShareLink, str]]:
    """Every link of an organisation that has neither expired nor been withdrawn, and why it shows nothing today."""
    links = ShareLink.objects.visible_to(user).filter(plan__organisation=organisation).open_at(now)
    links = links.select_related("plan__organisation", "made_by").prefetch_related("made_by__memberships")
    return [(link, why_shut(link)) for link in links]


def plan_titles(user: User, ids: Collection[str]) -> dict[str, str]:
    """What plans are called today, by id, of those that the user may see."""
    plans = StoredPlan.objects.visible_to(user).filter(pk__in=[one for one in ids if _is_uuid(one)])
    return {str(pk): title for pk, title in plans.values_list("pk", "title")}


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def hash_of_version(entry: AuditEntry) -> str | None:
    """Of the version that an entry of the trail speaks of, as it is now (`core.seals`)."""
    version = PlanVersion.objects.filter(plan_id=uuid.UUID(entry.of_id), number=entry.data.get("version", 1)).first()
    if version is not None:
        return hash_of_content(version.text)
    return "" if StoredPlan.objects.filter(pk=entry.of_id).exists() else None
