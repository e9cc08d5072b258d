"""The company's bands: proposed at the market's medians, set by hand, and shown where the market has moved away."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from tenfold.apps.pay import services as service
from tenfold.apps.pay.forms.questions import AmountField
from tenfold.apps.pay.models import PayBand
from tenfold.apps.pay.views.own import who
from tenfold.catalogue.store import catalogue
from tenfold.core.http.limits import rate_limit
from tenfold.core.services.trail import record_sight_of_pay
from tenfold.core.typed import whole
from tenfold.kit.errors import UserError
from tenfold.market import charts
from tenfold.market.benchmark import PayEstimate, PayQuestion, estimate
from tenfold.market.pay_review import DEFAULT_SPREAD_PERCENT, bands
from tenfold.practices.pay.page import ROLES

SPREADS = (20, 30, 40, 50, 60)


@dataclass(frozen=True)
class LevelLine:
    """A level: what the market says, the band that is set, and how one stands to the other."""

    id: str
    name: str
    market: PayEstimate | None
    why_not: str
    low: str
    high: str
    says: str


@rate_limit(120, per_minutes=1)
@require_http_methods(["GET", "POST"])
def company_bands(request: HttpRequest) -> HttpResponse:
    """Bands of one role. A POST sets them; `do=propose` fills the form from the market and sets nothing."""
    organisation, user = who(request)
    posted = request.POST
    role = (posted if request.method == "POST" else request.GET).get("role", "mlops")
    if role not in ROLES:
        raise Http404
    spread = _spread(posted.get("spread", ""))
    trouble = ""
    record_sight_of_pay(by=user, of=organisation, now=timezone.now())
    kept = {band.level: band for band in PayBand.objects.visible_to(user).filter(organisation=organisation, role=role)}
    typed = {band.level: (f"{band.low_usd_year:,.0f}", f"{band.high_usd_year:,.0f}") for band in kept.values()}
    if posted.get("do") == "propose":
        typed = {
            band.level: (f"{band.minimum:,.0f}", f"{band.maximum:,.0f}") for band in bands(role, spread_percent=spread)
        }
    elif posted.get("do") == "set":
        typed = {level: (posted.get(f"low:{level}", ""), posted.get(f"high:{level}", "")) for level in _levels()}
        try:
            service.set_bands(
                organisation=organisation, role=role, bands=_entered_ranges(posted), by=user, now=timezone.now()
            )
            messages.success(request, f"The bands of {catalogue().roles[role].name} are set.")
            return redirect(f"{reverse('pay-bands')}?role={role}")
        except UserError as error:
            trouble = f"{error.what} {error.remedy}"
    lines = [_line(role, level, typed.get(level, ("", ""))) for level in _levels()]
    context = {
        "role": catalogue().roles[role],
        "roles": [catalogue().roles[each] for each in ROLES],
        "lines": lines,
        "spread": spread,
        "spreads": SPREADS,
        "trouble": trouble,
        "proposed": posted.get("do") == "propose",
        "set_at": max((band.set_at for band in kept.values()), default=None),
        "picture": _picture(lines, catalogue().roles[role].name),
    }
    return render(request, "pay/bands.html", context, status=422 if trouble else 200)


def _levels() -> list[str]:
    return list(catalogue().levels)


def _spread(words: str) -> float:
    asked_for = whole(words)
    return float(asked_for) if asked_for in SPREADS else DEFAULT_SPREAD_PERCENT


def _entered_ranges(posted: QueryDict) -> dict[str, tuple[float, float]]:
    """Levels with both ends; a level left empty has no band.

    Raises:
        UserError: one end is missing, or is no amount.
    """
    made: dict[str, tuple[float, float]] = {}
    field = AmountField(required=False)
    for level in _levels():
        words = [posted.get(f"{end}:{level}", "")[:16].strip() for end in ("low", "high")]
        name = catalogue().levels[level].name
        try:
            ends = [field.clean(each) for each in words]
        except ValidationError as error:
            raise UserError(f"{name}: {' '.join(error.messages)}") from None
        if (ends[0] is None) != (ends[1] is None):
            raise UserError(f"{name} has one end only.", remedy="Give both, or leave both empty.")
        if ends[0] is not None and ends[1] is not None:
            made[level] = (ends[0], ends[1])
    return made


def _line(role: str, level: str, typed: tuple[str, str]) -> LevelLine:
    answer = estimate(PayQuestion(role, level, as_of=timezone.localdate()))
    market = answer if isinstance(answer, PayEstimate) else None
    low, high = (_amount(words) for words in typed)
    return LevelLine(
        id=level,
        name=catalogue().levels[level].name,
        market=market,
        why_not="" if isinstance(answer, PayEstimate) else answer.reason,
        low=typed[0],
        high=typed[1],
        says=_says(market, low, high) if market and low and high else "",
    )


def _amount(words: str) -> float | None:
    try:
        return AmountField(required=False).clean(words)  # type: ignore[no-any-return]  # the field's own kind
    except ValidationError:
        return None


def _says(market: PayEstimate, low: float, high: float) -> str:
    """How the band lies to the market's median and its interval: only what the interval bears."""
    least, most = market.median_interval
    middle = (low + high) / 2
    if high < least:
        return "The whole band lies below the market’s median."
    if low > most:
        return "The whole band lies above the market’s median."
    if middle < least:
        return f"Behind: its middle lies {100 * (1 - middle / market.p50):.0f} % below the market’s median."
    if middle > most:
        return f"Ahead: its middle lies {100 * (middle / market.p50 - 1):.0f} % above the market’s median."
    return "With the market, as far as the data can tell."


def _picture(lines: list[LevelLine], role: str) -> SafeString:
    rows = []
    for line in lines:
        low, high = _amount(line.low), _amount(line.high)
        band = (low, high) if low and high and low <= high else None
        note = f"median {line.market.p50 / 1000:.0f}k, n = {line.market.n_raw}" if line.market else ""
        rows.append(charts.Spread(line.name, line.market.quantile if line.market else None, note, band=band))
    what = f"Posted pay of {role}s by level, and your bands"
    drawn = charts.both(lambda width: charts.rows_plot(rows, what=what, width=width))
    return SafeString(drawn)
