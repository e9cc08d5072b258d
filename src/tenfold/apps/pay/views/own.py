"""The company's own people against the market: lists of pay brought in, looked over, imported, reviewed, erased."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.pay import queries as lists
from tenfold.apps.pay import services as service
from tenfold.apps.pay.forms.questions import UploadForm
from tenfold.apps.pay.forms.uploads import NoHeaderFound, read_upload
from tenfold.apps.pay.models import OwnPay, PayUpload, UploadState
from tenfold.catalogue.store import catalogue
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import current_organisation, signed_in
from tenfold.core.models import Organisation, User
from tenfold.core.models.background import Work
from tenfold.core.permissions import require
from tenfold.core.services.jobs import enqueue
from tenfold.core.services.trail import record_sight_of_pay
from tenfold.core.typed import whole
from tenfold.kit.errors import UserError
from tenfold.market import charts
from tenfold.market.company_bands import BandAnswer, BandQuestion, spot_of_person
from tenfold.market.pay_review import Person, Review, review
from tenfold.market.suppression import least_for_median
from tenfold.practices.pay.own_pay import CheckedRows
from tenfold.stats.disclosure import LEAST, block_means

BAD_ROWS_ON_A_PAGE = 50
GOOD_ROWS_SHOWN = 8
LISTS_ON_A_PAGE = 12
TARGETS = (25, 50, 75)
"""Percentiles to bring people to. Few, so that no single pay can be worked out from many answers."""
ROUND_COST_TO_USD = 1_000


@dataclass(frozen=True)
class GroupLine:
    """One role and level of the company, in words that a page shows."""

    role_id: str
    role: str
    level: str
    n: int
    compa: float
    behind: int
    cost_usd_year: float
    in_band: str


@dataclass(frozen=True)
class MarketStanding:
    """A review as the page shows it: groups from five people on, the whole from five on, costs in round figures."""

    review: Review
    people: int
    groups: tuple[GroupLine, ...]
    target: int

    @property
    def is_shown(self) -> bool:
        return len(self.review.standings) >= least_for_median()

    @property
    def n_below_target(self) -> int:
        return sum(each.is_behind for each in self.review.as_told)

    @property
    def cost(self) -> float:
        return _round(self.review.cost_usd_year)

    @property
    def cost_interval(self) -> tuple[float, float]:
        low, high = self.review.cost_interval
        return _round(low), _round(high)

    @property
    def not_priced(self) -> list[tuple[str, int]]:
        """Whom the data cannot price, by reason, where it is not a reason of few."""
        counted: dict[str, int] = {}
        for _, reason in self.review.unanswered:
            counted[reason] = counted.get(reason, 0) + 1
        return sorted(
            ((reason, n) for reason, n in counted.items() if n >= least_for_median()), key=lambda pair: -pair[1]
        )

    @property
    def picture(self) -> SafeString:
        """Each group's median pay against its market's: 1 is the market's median, its interval the bar."""
        rows = []
        for group in self.review.groups:
            low, high = _compa_interval(self.review, group.role, group.level)
            line = f"n = {group.n}, {group.median_compa_ratio:.2f}"
            rows.append(
                charts.Interval(_group_name(group.role, group.level), low, group.median_compa_ratio, high, line)
            )
        if not rows:
            return SafeString("")
        what = "Median pay of each group over the market's median, with the market's 95 % interval"
        drawn = charts.both(
            lambda width: charts.intervals_plot(rows, what=what, width=width, word=lambda ratio: f"{ratio:.2f}", zero=1)
        )
        return SafeString(drawn)


def standing(
    people: Sequence[Person], target: int, bands: lists.CompanyBands | None = None, today: date | None = None
) -> MarketStanding:
    found = review(people, target_percentile=float(target))
    names = catalogue()
    return MarketStanding(
        review=found,
        people=len(people),
        groups=tuple(
            GroupLine(
                role_id=group.role,
                role=names.roles[group.role].name if group.role in names.roles else group.role,
                level=names.levels[group.level].name.lower(),
                n=group.n,
                compa=group.median_compa_ratio,
                behind=group.behind,
                cost_usd_year=_round(group.cost_usd_year),
                in_band=_in_bands(people, (group.role, group.level), bands, today or timezone.localdate())
                if bands
                else "",
            )
            for group in found.groups
        ),
        target=target,
    )


@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """Who has fallen behind, from the latest list or the one asked for; and the lists."""
    organisation, user = who(request)
    uploads = PayUpload.objects.visible_to(user).filter(organisation=organisation).defer("rows")
    page = Paginator(uploads.select_related("uploaded_by"), LISTS_ON_A_PAGE).get_page(request.GET.get("page"))
    chosen = _chosen(request, uploads)
    target = _target(request.GET.get("target", ""))
    shown = None
    if chosen is not None:
        record_sight_of_pay(by=user, of=chosen, now=timezone.now())
        people = OwnPay.objects.visible_to(user).filter(upload=chosen)
        shown = standing([_person(one) for one in people], target, lists.company_bands(organisation.pk))
    context = {
        "page": page,
        "chosen": chosen,
        "standing": shown,
        "targets": TARGETS,
        "target": target,
        "least": least_for_median(),
        "may_see_rows": chosen is not None and chosen.uploaded_by_id == user.pk,
    }
    return render(request, "pay/own.html", context)


@require_GET
def rows(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Line by line, for whoever brought the list in: they hold it anyway, and nobody else is shown single people."""
    upload, user = _upload(request, pk, light=True)
    if upload.uploaded_by_id != user.pk or upload.state != UploadState.IMPORTED:
        raise Http404
    record_sight_of_pay(by=user, of=upload, now=timezone.now())
    target = _target(request.GET.get("target", ""))
    found = standing([_person(one) for one in OwnPay.objects.visible_to(user).filter(upload=upload)], target)
    lines = sorted(found.review.standings, key=lambda each: int(each.person.reference))
    context = {
        "upload": upload,
        "target": target,
        "targets": TARGETS,
        "page": Paginator(lines, 100).get_page(request.GET.get("page")),
    }
    return render(request, "pay/own_rows.html", context)


@rate_limit(20, per_minutes=1)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A list from a file."""
    organisation, user = who(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    first: tuple[tuple[int, tuple[str, ...]], ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            listed = read_upload(given["file"], also=given["also"], names_in=given["names_in"])
            upload = service.create_upload(organisation=organisation, listed=listed, by=user, now=timezone.now())
            return redirect("pay-upload", pk=upload.pk)
        except UserError as error:
            first = error.first if isinstance(error, NoHeaderFound) else ()
            line = f"Line {error.place.line}: " if error.place.line else ""
            form.add_error("file", f"{line}{error.what} {error.remedy}".strip())
    return render(
        request, "pay/new_upload.html", {"form": form, "first_lines": first}, status=422 if form.errors else 200
    )


@rate_limit(120, per_minutes=1)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One list, wherever it is on its way. `do` is map, mend, import or again (back to the columns)."""
    held, user = _upload(request, pk)
    if request.method == "POST":
        return _handle_post(request, held, user)
    record_sight_of_pay(by=user, of=held, now=timezone.now())
    work = _under_way(held) if held.state == UploadState.IMPORTING else None
    if held.state in (UploadState.IMPORTING, UploadState.IMPORTED):
        return render(request, "pay/upload_result.html", {"upload": held, "work": work})
    if held.state == UploadState.MAPPING or request.GET.get("columns"):
        return _columns(request, held)
    return _preview(request, held)


@require_POST
def remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    held, user = _upload(request, pk, light=True)
    service.remove(upload=held, by=user, now=timezone.now())
    messages.success(request, f"“{held.name}” is erased, with everyone in it.")
    return redirect("pay-own")


def _handle_post(request: HttpRequest, held: PayUpload, user: User) -> HttpResponse:
    action = request.POST.get("do", "")
    try:
        if action == "map":
            return _save_mapping(request, held, user)
        if action in ("mend", "import"):
            _mend(request, held, user)
            found = lists.check(held, today=timezone.localdate())
            if action == "import" and (not found.problems or request.POST.get("without") == "on"):
                return _import(held, user)
            _tell_left(request, len(found.problems))
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("pay-upload", pk=held.pk)


def _tell_left(request: HttpRequest, left: int) -> None:
    if left:
        messages.info(request, f"{left:,} row{'s' if left != 1 else ''} still cannot be read. What you typed is kept.")
    else:
        messages.success(request, "Every row can be read now.")


def _save_mapping(request: HttpRequest, held: PayUpload, user: User) -> HttpResponse:
    mapping = lists.mapping_from(request.POST.dict(), held)
    held.mapping = mapping
    try:
        lists.check(held, today=timezone.localdate())
    except UserError as error:
        return _columns(request, held, trouble=error)
    service.update_mapping(upload=held, mapping=mapping, by=user, now=timezone.now())
    return redirect("pay-upload", pk=held.pk)


def _mend(request: HttpRequest, held: PayUpload, user: User) -> None:
    posted = request.POST
    shown = {number for line in posted.getlist("line") if (number := whole(line)) is not None}
    left_out = {number for line in posted.getlist("skip") if (number := whole(line)) is not None}
    before = held.mapping
    bad = lists.bad_rows(held, lists.check(held, today=timezone.localdate())) if _mends_alike(posted) else []
    cells, without = lists.mend_alike(posted.dict(), bad, held)
    for line, typed in lists.cells_from(posted.dict(), held).items():
        cells[line] = typed | cells.get(line, {})
    held.mapping = lists.rates_from(posted.dict(), held) or held.mapping
    held.mapping = lists.order_from(posted.dict(), held) or held.mapping
    mapping = lists.levels_from(posted.dict(), held) or held.mapping
    skipped = (set(held.skipped) - shown) | (left_out & shown) | without
    if mapping != before or cells or skipped != set(held.skipped):
        service.update_mapping(upload=held, mapping=mapping, cells=cells, skipped=skipped, by=user, now=timezone.now())


def _mends_alike(posted: QueryDict) -> bool:
    return any(name.startswith("alike:") for name in posted)


def _import(held: PayUpload, user: User) -> HttpResponse:
    with transaction.atomic():
        service.start_import(upload=held, by=user, now=timezone.now())
        enqueue(
            "pay.import",
            title=f"Importing {held.name}",
            by=user,
            organisation=held.organisation,
            now=timezone.now(),
            key=_key(held),
            upload=str(held.pk),
        )
    return redirect("pay-upload", pk=held.pk)


def _key(held: PayUpload) -> str:
    return f"pay:{held.pk}"


def _under_way(held: PayUpload) -> Work | None:
    """The work that imports the list. Where it was given up, the list is open again."""
    work: Work | None = Work.objects.filter(key=_key(held)).defer("file").first()
    if work is None or work.has_failed:
        service.fail_import(upload=held, trouble=work.said if work else "The import was lost.", now=timezone.now())
        held.refresh_from_db()
    return work


def _columns(request: HttpRequest, held: PayUpload, trouble: UserError | None = None) -> HttpResponse:
    context = {
        "upload": held,
        "choices": lists.choices(held),
        "samples": lists.samples(held),
        "range": lists.range_of(held),
        "trouble": trouble,
    }
    return render(request, "pay/upload_columns.html", context, status=422 if trouble else 200)


def _preview(request: HttpRequest, held: PayUpload) -> HttpResponse:
    try:
        found: CheckedRows = lists.check(held, today=timezone.localdate())
    except UserError as error:
        return _columns(request, held, trouble=error)
    bad = lists.bad_rows(held, found)
    context: dict[str, Any] = {
        "upload": held,
        "found": found,
        "good": [_preview_row(line, person) for line, person in found.people[:GOOD_ROWS_SHOWN]],
        "page": Paginator(bad, BAD_ROWS_ON_A_PAGE).get_page(request.GET.get("page")),
        "wrong": len(found.problems),
        "missing_rates": lists.missing_rates(found),
        "open_dates": lists.open_dates(held, found),
        "alike": lists.rows_alike(bad),
        "other_roles": sum(1 for _, person in found.people if person.role == "other"),
        "levels": [(level.id, level.name) for level in catalogue().levels.values()],
        "import_waits": _why_import_waits(found, held),
    }
    return render(request, "pay/upload_preview.html", context)


def _why_import_waits(found: CheckedRows, held: PayUpload) -> str:
    """Why nothing can be imported yet, and what helps; "" where something can."""
    if found.people and len(found.problems) <= service.MAX_BAD_SHARE * held.total:
        return ""
    few = "No row can" if not found.people else "Fewer than half of the rows can"
    helps = "match your level names" if found.unknown_levels else "check that the columns are matched correctly"
    if lists.missing_rates(found):
        helps = "enter the exchange rate"
    elif lists.open_dates(held, found):
        helps = "say whether the day or the month comes first in dates"
    return f"Nothing can be imported yet. {few} be read: {helps}."


def _preview_row(line: int, person: Person) -> dict[str, Any]:
    names = catalogue()
    return {
        "line": line,
        "role": names.roles[person.role].name if person.role in names.roles else "Other",
        "level": names.levels[person.level].name,
        "pay": person.pay_year,
        "currency": person.currency,
        "has_metro": person.metro_cbsa is not None,
    }


def who(request: HttpRequest) -> tuple[Organisation, User]:
    """The organisation and its member who sees pay.

    Raises:
        NotAllowed: a member who does not.
    """
    user, organisation = signed_in(request), current_organisation(request)
    if organisation is None:
        raise Http404
    require(user, "pay.see", organisation)
    return organisation, user


def _upload(request: HttpRequest, pk: uuid.UUID, *, light: bool = False) -> tuple[PayUpload, User]:
    """The list, where the user may see it. Members without that right are told so; others that there is none."""
    user = signed_in(request)
    every = PayUpload.objects.filter(organisation__memberships__user_id=user.pk).select_related("organisation")
    held: PayUpload = get_object_or_404(every.defer("rows") if light else every, pk=pk)
    require(user, "pay.see", held)
    return held, user


def _chosen(request: HttpRequest, uploads: Any) -> PayUpload | None:
    imported = uploads.filter(state=UploadState.IMPORTED).order_by("-imported_at")
    try:
        wanted = uuid.UUID(request.GET.get("list", ""))
    except ValueError:
        return imported.first()  # type: ignore[no-any-return]  # of a query over lists
    return get_object_or_404(imported, pk=wanted)  # type: ignore[no-any-return]  # as above


def _target(words: str) -> int:
    asked_for = whole(words)
    return asked_for if asked_for in TARGETS else 50


def _person(one: OwnPay) -> Person:
    return Person(
        reference=str(one.line),
        role=one.role,
        level=one.level,
        pay_usd_year=one.pay_usd_year,
        metro_cbsa=one.metro_cbsa or None,
        workplace=one.workplace or None,
        country=one.country,
        currency=one.currency,
        pay_local_year=one.pay_local_year,
    )


def _compa_interval(found: Review, role: str, level: str) -> tuple[float, float]:
    """The group's median ratio at the ends of the market's interval, the mean of its people's."""
    ends = [each.compa_interval for each in found.as_told if (each.person.role, each.person.level) == (role, level)]
    ratios = [each.compa_ratio for each in found.as_told if (each.person.role, each.person.level) == (role, level)]
    middle = sorted(ratios)[len(ratios) // 2]
    low = sum(a / r for (a, _), r in zip(ends, ratios, strict=True)) / len(ends)
    high = sum(b / r for (_, b), r in zip(ends, ratios, strict=True)) / len(ends)
    return middle * low, middle * high


def _in_bands(people: Sequence[Person], cell: tuple[str, str], bands: lists.CompanyBands, today: date) -> str:
    """How a group that may be shown lies to the company's bands, each in its currency: `about 5 below, 8 within`."""
    placed: dict[str, list[tuple[float, BandAnswer]]] = defaultdict(list)
    for person, pay in _pays_of_blocks(people, cell):
        where = spot_of_person(person.country, person.metro_cbsa)
        found = bands.find(BandQuestion(person.role, person.level, person.currency, where, today))
        if isinstance(found, BandAnswer):
            placed[_band_name(found)].append((pay, found))
    told = {name: held for name, held in sorted(placed.items()) if len(held) >= LEAST}
    return "; ".join(f"{_in_band(held)}{'' if set(told) == {_PLAIN} else f' ({name})'}" for name, held in told.items())


def _pays_of_blocks(people: Sequence[Person], cell: tuple[str, str]) -> Iterator[tuple[Person, float]]:
    """The people of a group with the pay of their block, in their currency.

    Whoever sets bands could move one until the count changes, or set one for a single town: what is counted are blocks
    (`stats.disclosure`) of all who are paid in one currency, whatever bands there are.
    """
    by_currency: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        if (person.role, person.level) == cell:
            by_currency[person.currency].append(person)
    for members in by_currency.values():
        if len(members) >= LEAST:
            yield from zip(members, block_means([person.pay_year for person in members]), strict=True)


_PLAIN = "USD, anywhere"


def _band_name(found: BandAnswer) -> str:
    converted = f", {found.how_converted}" if found.rates else ""
    return f"{found.currency}, {found.where}{converted}"


def _in_band(held: Sequence[tuple[float, BandAnswer]]) -> str:
    """How people lie to their band, in its currency."""
    below, above = sum(pay < band.low for pay, band in held), sum(pay > band.high for pay, band in held)
    parts = (("below", below), ("within", len(held) - below - above), ("above", above))
    return "about " + ", ".join(f"{n} {where}" for where, n in parts if n)


def _group_name(role: str, level: str) -> str:
    names = catalogue()
    name = names.roles[role].name if role in names.roles else role
    return f"{name}, {names.levels[level].name.lower()}"


def _round(usd: float) -> float:
    return round(usd / ROUND_COST_TO_USD) * ROUND_COST_TO_USD
