"""What an offer is at a moment: approved by whom, shown to the candidate or on its way, expired, answered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tenfold.apps.candidates.models import Application, OpenRole
from tenfold.apps.decisions.models import Decision, Verdict
from tenfold.apps.offers.models import (
    AnswerKind,
    Offer,
    OfferAnswer,
    OfferApproval,
    OfferSending,
    OfferState,
    OfferVersion,
)
from tenfold.apps.offers.queries.terms import terms_from
from tenfold.core.models import AuditEntry, Membership, User
from tenfold.core.permissions import may
from tenfold.core.seals import hash_of_content


@dataclass(frozen=True, slots=True)
class Standing:
    """`shown`: the version on the candidate's page. `waiting`: a sending that can still be taken back.

    `missing`: named people who have not said a word on the latest version. `words`: all of it in a few words.
    """

    latest: OfferVersion
    shown: OfferVersion | None
    waiting: OfferSending | None
    missing: tuple[User, ...]
    is_approved: bool
    is_expired: bool
    words: str


def first_day(application: Application) -> date | None:
    """The day on which the work begins, by the version that was accepted; None where none was."""
    accepted = OfferAnswer.objects.filter(version__offer__application=application, kind=AnswerKind.ACCEPTED)
    answer = accepted.select_related("version").order_by("-at").first()
    return None if answer is None else terms_from(answer.version.terms).start_date


def standing_of(offer: Offer, *, now: datetime) -> Standing:
    latest = offer.latest()
    shown, waiting = shown_version(offer, now=now), waiting_sending(offer, now=now)
    expired = shown is not None and not hasattr(shown, "answer") and now >= expiry(shown)
    return Standing(
        latest=latest,
        shown=shown,
        waiting=waiting,
        missing=tuple(missing_approvers(latest)),
        is_approved=is_approved(latest),
        is_expired=expired and offer.state == OfferState.SENT,
        words=_words(offer, latest, waiting, is_expired=expired),
    )


def _words(offer: Offer, latest: OfferVersion, waiting: OfferSending | None, *, is_expired: bool) -> str:
    if offer.state in (OfferState.ACCEPTED, OfferState.WITHDRAWN):
        return offer.get_state_display()
    if waiting is not None:
        return "On its way"
    if not latest.sendings.standing().exists():
        return _preparation(latest)
    if offer.state == OfferState.SENT and is_expired:
        return "Expired"
    return offer.get_state_display()


def _preparation(latest: OfferVersion) -> str:
    if any(not one.is_yes for one in latest.approvals.all()):
        return "Objected to"
    return "Approved, not sent" if is_approved(latest) else "Waits for approval"


def shown_version(offer: Offer, *, now: datetime) -> OfferVersion | None:
    """What the candidate sees: of the versions that were sent and have opened, the last one."""
    rows = OfferSending.objects.standing().filter(version__offer=offer, opens_at__lte=now)
    last = rows.select_related("version").order_by("version__number").last()
    return last.version if last else None


def waiting_sending(offer: Offer, *, now: datetime) -> OfferSending | None:
    rows = OfferSending.objects.standing().filter(version__offer=offer, opens_at__gt=now)
    found: OfferSending | None = rows.select_related("version").first()
    return found


def expiry(version: OfferVersion) -> datetime:
    """The end of the version's last day, where the role is."""
    zone = ZoneInfo(version.offer.application.role.zone)
    return datetime.combine(version.expires_date + timedelta(days=1), time(), tzinfo=zone)


def missing_approvers(version: OfferVersion) -> list[User]:
    """Named people whose word on this version is not in, by name."""
    heard = OfferApproval.objects.filter(version=version).values("by")
    return sorted(version.approvers.exclude(pk__in=heard), key=str)


def is_approved(version: OfferVersion) -> bool:
    """Everybody named said yes, and at least one of them did not write it."""
    words = list(version.approvals.all())
    from_others = any(one.is_yes and one.by_id != version.written_by_id for one in words)
    return from_others and all(one.is_yes for one in words) and not missing_approvers(version)


def people_who_approve(role: OpenRole) -> list[User]:
    """Who may be named: by the rights of now."""
    members = Membership.objects.filter(organisation=role.organisation_id).select_related("user")
    people = User.objects.filter(pk__in=members.values("user")).prefetch_related("memberships")
    return sorted((one for one in people if may(one, "offer.approve", role)), key=str)


def decision_for_offer(application: Application) -> Decision | None:
    """The signed decision that an offer rests on: it stands, and says so."""
    found: Decision | None = Decision.objects.filter(
        application=application, verdict=Verdict.OFFER, taken_back_at=None
    ).first()
    return found


def standing_offer(application: Application) -> Offer | None:
    """The offer that was not withdrawn."""
    found: Offer | None = Offer.objects.filter(application=application).exclude(state=OfferState.WITHDRAWN).first()
    return found


# The trail -----------------------------------------------------------------------------------------------------


def hash_of_version(version: OfferVersion) -> str:
    said = [str(version.offer_id), version.number, version.terms, version.comparisons, version.is_outside]
    return hash_of_content([*said, version.why_outside, version.expires_date.isoformat()])


def hash_in_trail(entry: AuditEntry) -> str | None:
    """Of the version that an entry speaks of, as it is now; None where the person was erased."""
    version = OfferVersion.objects.filter(offer_id=entry.of_id, number=entry.data.get("version")).first()
    if version is not None:
        return hash_of_version(version)
    person = Application.objects.filter(pk=entry.data.get("application")).select_related("candidate").first()
    return "" if person is not None and person.candidate.erased_at is None else None


def offer_titles(user: User, ids: Collection[str]) -> dict[str, str]:
    """In the trail an offer is called by its role: nobody's name is looked up there."""
    rows = Offer.objects.visible_to(user).filter(pk__in=[one for one in ids if len(one) == 36])
    return {str(pk): f"Offer, {title}" for pk, title in rows.values_list("pk", "application__role__title")}
