"""The company's bands: proposed at the market's medians, set by hand, and shown where the market has moved away."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

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
from tenfold.apps.pay.models import BandRate, PayBand
from tenfold.apps.pay.queries import BAND_ORDER
from tenfold.apps.pay.views.own import who
from tenfold.catalogue.store import catalogue
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import signed_in
from tenfold.core.models import Organisation, User
from tenfold.core.services.trail import record_sight_of_pay
from tenfold.core.typed import whole
from tenfold.kit.errors import UserError
from tenfold.kit.typed_numbers import NotANumber, read_amount
from tenfold.market import charts
from tenfold.market.benchmark import PayEstimate, PayQuestion, estimate
from tenfold.market.company_bands import BASE, StatedRate, name_of_code, spot
from tenfold.market.pay_review import DEFAULT_SPREAD_PERCENT, bands
from tenfold.market.places import locate
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


@dataclass(frozen=True)
class ChosenBands:
    """Which bands the page is about: a role, a currency, a place (its words and its code) and the day they begin."""

    role: str
    currency: str
    place: str
    code: str
    valid_from: date

    @property
    def query(self) -> str:
        return urlencode({"role": self.role, "currency": self.currency, "place": self.place})

    @property
    def scope(self) -> service.BandScope:
        return service.BandScope(self.currency, self.code, self.valid_from)


@rate_limit(120, per_minutes=1)
@require_http_methods(["GET", "POST"])
def company_bands(request: HttpRequest) -> HttpResponse:
    """Bands of one role, currency and place. A POST sets them, or states a rate; `do=propose` only fills the form."""
    organisation, user = who(request)
    posted, trouble = request.POST, ""
    record_sight_of_pay(by=user, of=organisation, now=timezone.now())
    if request.method == "GET" and request.GET.get("as") == "csv":
        return _as_csv(user, organisation)
    try:
        chosen = _chosen(posted if request.method == "POST" else request.GET)
        if posted.get("do") == "set":
            return _set(request, organisation, user, chosen)
        if posted.get("do") == "rate":
            return _state_rate(request, organisation, user, chosen)
    except UserError as error:
        trouble = f"{error.what} {error.remedy}".strip()
        chosen = _chosen(posted, strict=False)
    return _page(request, organisation, chosen, trouble)


def _as_csv(user: User, organisation: Organisation) -> HttpResponse:
    """All bands of all days, as `tenfold pay bands --company` reads them."""
    rows = PayBand.objects.visible_to(user).filter(organisation=organisation).order_by(*BAND_ORDER)
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(("role", "level", "low", "high", "currency", "place", "valid_from", "valid_until"))
    for one in rows:
        place = name_of_code(one.place) if one.place else ""
        ends = (one.valid_from, one.valid_until or "")
        table.writerow((one.role, one.level, one.low_year, one.high_year, one.currency, place, *ends))
    headers = {"Content-Disposition": 'attachment; filename="pay-bands.csv"'}
    return HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _page(request: HttpRequest, organisation: Organisation, chosen: ChosenBands, trouble: str) -> HttpResponse:
    user, posted = signed_in(request), request.POST
    every = PayBand.objects.visible_to(user).filter(organisation=organisation, role=chosen.role)
    kept = _valid(every.filter(currency=chosen.currency, place=chosen.code), timezone.localdate())
    typed = {band.level: (f"{band.low_year:,.0f}", f"{band.high_year:,.0f}") for band in kept}
    spread = _spread(posted.get("spread", ""))
    if posted.get("do") == "propose" and not trouble:
        typed, trouble = _propose(chosen, spread)
    elif posted.get("do") in ("set", "rate"):
        typed = {level: (posted.get(f"low:{level}", ""), posted.get(f"high:{level}", "")) for level in _levels()}
    lines = [_line(chosen, level, typed.get(level, ("", ""))) for level in _levels()]
    context = {
        "role": catalogue().roles[chosen.role],
        "roles": [catalogue().roles[each] for each in ROLES],
        "chosen": chosen,
        "where": name_of_code(chosen.code),
        "others": _others(every, chosen),
        "rates": BandRate.objects.visible_to(user).filter(organisation=organisation),
        "lines": lines,
        "spread": spread,
        "spreads": SPREADS,
        "trouble": trouble,
        "proposed": posted.get("do") == "propose" and not trouble,
        "set_at": max((band.set_at for band in kept), default=None),
        "valid_from": max((band.valid_from for band in kept), default=None),
        "picture": _picture(lines, chosen),
    }
    return render(request, "pay/bands.html", context, status=422 if trouble else 200)


def _set(request: HttpRequest, organisation: Organisation, user: User, chosen: ChosenBands) -> HttpResponse:
    service.set_bands(
        organisation=organisation,
        role=chosen.role,
        bands=_entered_ranges(request.POST),
        by=user,
        now=timezone.now(),
        scope=chosen.scope,
    )
    name, where = catalogue().roles[chosen.role].name, name_of_code(chosen.code)
    messages.success(request, f"The bands of {name} in {chosen.currency}, {where}, are set.")
    return redirect(f"{reverse('pay-bands')}?{chosen.query}")


def _state_rate(request: HttpRequest, organisation: Organisation, user: User, chosen: ChosenBands) -> HttpResponse:
    typed = request.POST
    try:
        per_usd = read_amount(typed.get("per_usd", "")[:20], is_price=True)
    except NotANumber:
        per_usd = 0.0
    rate = StatedRate(typed.get("rate_currency", ""), per_usd, _day(typed.get("rate_day", ""), "the rate"))
    service.state_rate(organisation=organisation, rate=rate, by=user, now=timezone.now())
    messages.success(request, f"The rate is stated: {rate}.")
    return redirect(f"{reverse('pay-bands')}?{chosen.query}")


def _chosen(given: QueryDict, *, strict: bool = True) -> ChosenBands:
    """What the page is about; with `strict` off, what cannot be read is left out.

    Raises:
        UserError: the currency, the place or the day cannot be read.
    """
    role, today = given.get("role", "mlops"), timezone.localdate()
    if role not in ROLES:
        raise Http404
    currency = given.get("currency", "").strip().upper()[:3] or BASE
    place = given.get("place", "").strip()[:100]
    try:
        code, start = spot(place).code, _day(given.get("valid_from", ""), "the first day")
    except UserError:
        if strict:
            raise
        code, start = "", today
    return ChosenBands(role, currency, place, code, start)


def _day(words: str, what: str) -> date:
    """A day as date fields send it; today where nothing is typed.

    Raises:
        UserError: it is no day.
    """
    if not words.strip():
        return timezone.localdate()
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        raise UserError(f"“{words[:20]}” is not a day.", remedy=f"Write {what} as 2027-01-31.") from None


def _valid(bands: Any, day: date) -> list[PayBand]:
    return [band for band in bands if band.valid_from <= day and (band.valid_until is None or day < band.valid_until)]


def _others(every: Any, chosen: ChosenBands) -> list[dict[str, str]]:
    """The role's other bands by currency and place, and those that begin later, as links."""
    held = {(band.currency, band.place) for band in _valid(every, timezone.localdate())}
    coming = {(band.currency, band.place, band.valid_from) for band in every if band.valid_from > timezone.localdate()}
    words = [(currency, code, "") for currency, code in held if (currency, code) != (chosen.currency, chosen.code)]
    words += [(currency, code, f", from {day:%-d %B %Y}") for currency, code, day in coming]
    return [
        {
            "query": urlencode(
                {"role": chosen.role, "currency": currency, "place": name_of_code(code) if code else ""}
            ),
            "words": f"{currency}, {name_of_code(code)}{later}",
        }
        for currency, code, later in sorted(words)
    ]


def _propose(chosen: ChosenBands, spread: float) -> tuple[dict[str, tuple[str, str]], str]:
    """Bands at the market's medians, where the market's data are in the currency asked for; else why not."""
    made = bands(chosen.role, spread_percent=spread, question=_question(chosen, "senior"))
    found = {band.level: band for band in made if band.market.currency == chosen.currency}
    if made and not found:
        where, theirs = name_of_code(chosen.code), made[0].market.currency
        return {}, f"No proposal in {chosen.currency}: the market’s data for {where} are in {theirs}."
    return {level: (f"{band.minimum:,.0f}", f"{band.maximum:,.0f}") for level, band in found.items()}, ""


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


def _line(chosen: ChosenBands, level: str, typed: tuple[str, str]) -> LevelLine:
    answer = estimate(_question(chosen, level))
    market = answer if isinstance(answer, PayEstimate) else None
    why_not = "" if isinstance(answer, PayEstimate) else answer.reason
    if market is not None and market.currency != chosen.currency:
        why_not = f"The market’s data are in {market.currency}, these bands in {chosen.currency}: not compared."
        market = None
    low, high = (_amount(words) for words in typed)
    return LevelLine(
        id=level,
        name=catalogue().levels[level].name,
        market=market,
        why_not=why_not,
        low=typed[0],
        high=typed[1],
        says=_says(market, low, high) if market and low and high else "",
    )


def _question(chosen: ChosenBands, level: str) -> PayQuestion:
    """The market of the place that the bands are for; the US market for bands of anywhere."""
    found = locate(chosen.place) if chosen.code else None
    country, cbsa = (found.country or "US", found.metro.cbsa if found.metro else None) if found else ("US", None)
    return PayQuestion(chosen.role, level, country=country, metro_cbsa=cbsa, as_of=timezone.localdate())


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


def _picture(lines: list[LevelLine], chosen: ChosenBands) -> SafeString:
    rows = []
    for line in lines:
        low, high = _amount(line.low), _amount(line.high)
        band = (low, high) if low and high and low <= high else None
        note = f"median {line.market.p50 / 1000:.0f}k, n = {line.market.n_raw}" if line.market else ""
        rows.append(charts.Spread(line.name, line.market.quantile if line.market else None, note, band=band))
    role = catalogue().roles[chosen.role].name
    what = f"Posted pay of {role}s by level in {chosen.currency}, and your bands"
    drawn = charts.both(lambda width: charts.rows_plot(rows, what=what, width=width))
    return SafeString(drawn)
