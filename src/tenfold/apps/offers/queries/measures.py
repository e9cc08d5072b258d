"""How long a hire takes, how many offers are accepted, why others were declined: with n and interval, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min

from tenfold.apps.candidates.models import Application, ApplicationState, OpenRole
from tenfold.apps.offers.models import DeclineReason, Offer, OfferAnswer, OfferState, OfferVersion
from tenfold.apps.offers.queries.standing import standing_of
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may
from tenfold.stats.proportions import wilson
from tenfold.stats.publication import LEAST, names_to_combine
from tenfold.stats.survival import Spell, kaplan_meier

OTHER = "Other reasons"
NOT_ENOUGH = "not enough data"
SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure with its 95 % interval and what it rests on; `value` None: not enough data. A bound may be open."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    n_events: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why offers were declined; reasons of fewer than five people are told as one."""

    name: str
    n: int


@dataclass(frozen=True, slots=True)
class Measures:
    """`days_to_fill`: from opening a role to the acceptance; roles still open count for as long as they are open."""

    days_to_fill: Measure
    acceptance: Measure
    n_declined: int | None
    reasons: tuple[Reason, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def measures_for(user: User, organisation: Organisation, *, now: datetime) -> Measures:
    """Over all roles that the user may count."""
    rows = OpenRole.objects.visible_to(user).filter(organisation=organisation).select_related("team", "organisation")
    return measure([one for one in rows if may(user, "role.count", one)], now=now)


def measure(roles: Sequence[OpenRole], *, now: datetime) -> Measures:
    offers = list(Offer.objects.filter(application__role__in=roles).select_related("application__role"))
    declined = Counter(
        OfferAnswer.objects.filter(version__offer__in=offers, kind="declined").values_list("reason", flat=True)
    )
    n = sum(declined.values())
    reasons = _reasons(declined) if n >= LEAST else ()
    return Measures(_days_to_fill(roles, now), _acceptance(offers, now), n if n >= LEAST else None, reasons)


def _days_to_fill(roles: Sequence[OpenRole], now: datetime) -> Measure:
    """Kaplan and Meier's median: a role that is still open is known to take at least so long."""
    hired = Application.objects.filter(role__in=roles, state=ApplicationState.HIRED)
    filled = dict(hired.order_by().values("role").annotate(first=Min("closed_at")).values_list("role", "first"))
    spells = [spell for role in roles if (spell := _spell(role, filled.get(role.pk), now)) is not None]
    n, ended = len(spells), sum(one.ended for one in spells)
    median = kaplan_meier(spells).median() if ended >= LEAST else None
    if median is None:
        return Measure(None, None, None, n, ended)
    return Measure(median.value, median.low, median.high, n, ended)


def _spell(role: OpenRole, filled_at: datetime | None, now: datetime) -> Spell | None:
    """From opening a role to the hire, or for as long as it has been open; None for one that is opened later."""
    days = ((filled_at or role.closed_at or now) - role.opened_at).total_seconds() / SECONDS_A_DAY
    return Spell(end=days, ended=filled_at is not None) if days > 0 else None


def _acceptance(offers: Iterable[Offer], now: datetime) -> Measure:
    """Of offers that reached the candidate and came to an end: accepted, declined, or let run out."""
    accepted = ended = 0
    for offer in offers:
        accepted += offer.state == OfferState.ACCEPTED
        ended += offer.state in (OfferState.ACCEPTED, OfferState.DECLINED) or _ran_out(offer, now)
    if ended < LEAST:
        return Measure(None, None, None, ended, accepted)
    low, high = wilson(accepted, ended)
    return Measure(accepted / ended, low, high, ended, accepted)


def _ran_out(offer: Offer, now: datetime) -> bool:
    return offer.state == OfferState.SENT and standing_of(offer, now=now).is_expired


def _reasons(declined: Counter[str]) -> tuple[Reason, ...]:
    """Most often stated first; those that few stated as one, last."""
    few = names_to_combine(declined)
    labels = dict(DeclineReason.choices)
    told = [Reason(str(labels[value]), n) for value, n in declined.items() if value not in few]
    other = [Reason(OTHER, sum(declined[value] for value in few))] if few else []
    return (*sorted(told, key=lambda one: (-one.n, one.name)), *other)


def latest_answer(offer: Offer) -> OfferAnswer | None:
    versions: list[OfferVersion] = list(offer.versions.select_related("answer"))
    answers = [one.answer for one in versions if hasattr(one, "answer")]
    return answers[-1] if answers else None
