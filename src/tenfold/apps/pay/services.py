"""The company's own pay: a list comes in, is looked over and imported whole or not at all; bands are set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from tenfold.apps.pay.models import BandRate, OwnPay, PayBand, PayEvent, PayUpload, UploadState
from tenfold.apps.pay.queries import LEAST_RATE, MOST_RATE
from tenfold.core.models import AuditEntry, Organisation, User
from tenfold.core.permissions import require
from tenfold.core.seals import KEY, hash_of_content
from tenfold.core.services.trail import SYSTEM, record
from tenfold.kit.errors import UserError
from tenfold.market.company_bands import ANYWHERE, BASE, StatedRate
from tenfold.market.pay_review import Person

MAX_BAD_SHARE = 0.5
CODE_LENGTH = 3
ROWS_AT_A_TIME = 1_000
UPLOAD_LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class BandScope:
    """Which bands are set: their currency, place (a code of `Spot`) and first day, None for today."""

    currency: str = BASE
    place: str = ANYWHERE
    valid_from: date | None = None


ANYWHERE_IN_USD = BandScope()


@dataclass(frozen=True, slots=True)
class ParsedPayFile:
    """A file as it was read: without the columns that may name a person, which are only named."""

    name: str
    sha256: str
    columns: tuple[str, ...]
    personal: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    mapping: Mapping[str, Mapping[str, str]]


@transaction.atomic
def create_upload(*, organisation: Organisation, listed: ParsedPayFile, by: User, now: datetime) -> PayUpload:
    """Keeps a list to be looked over. Nothing of it counts yet.

    Raises:
        NotAllowed: only who sees pay brings pay in.
        UserError: the same file was imported before.
    """
    require(by, "pay.see", organisation)
    expire_uploads(now=now)
    earlier = PayUpload.objects.filter(
        organisation=organisation, sha256=listed.sha256, state=UploadState.IMPORTED
    ).first()
    if earlier is not None:
        raise UserError(
            f"This file was imported already, as “{earlier.name}”.", remedy="Delete that list first to import it again."
        )
    upload = PayUpload.objects.create(
        organisation=organisation,
        name=listed.name[:200],
        sha256=listed.sha256,
        columns=list(listed.columns),
        personal=list(listed.personal),
        rows=[[line, list(cells)] for line, cells in listed.rows],
        total=len(listed.rows),
        mapping={part: dict(values) for part, values in listed.mapping.items()},
        uploaded_by=by,
        uploaded_at=now,
    )
    record(kind=PayEvent.RECEIVED, by=by, of=upload, now=now, data={"rows": upload.total, "left_out": upload.personal})
    return upload


@transaction.atomic
def update_mapping(
    *,
    upload: PayUpload,
    by: User,
    now: datetime,
    mapping: Mapping[str, Mapping[str, str]] | None = None,
    cells: Mapping[int, Mapping[str, str]] | None = None,
    skipped: Iterable[int] | None = None,
) -> None:
    """Another mapping, cells that were mended (by line and column), lines to leave out.

    Raises:
        NotAllowed: only who sees pay.
        UserError: the list is imported, or being so.
    """
    require(by, "pay.see", upload)
    held = _open(upload)
    if mapping is not None:
        held.mapping = {part: dict(values) for part, values in mapping.items()}
    if skipped is not None:
        held.skipped = sorted(set(skipped))
    mended = _mend(held, cells or {})
    held.state, held.trouble = UploadState.CHECKED, ""
    held.save()
    record(
        kind=PayEvent.LOOKED_OVER,
        by=by,
        of=held,
        now=now,
        data={"mapped": mapping is not None, "mended": mended, "left_out": len(held.skipped)},
    )
    upload.refresh_from_db()


@transaction.atomic
def start_import(*, upload: PayUpload, by: User, now: datetime) -> None:
    """Closes the list for changes; whoever does the work calls `keep` or `give_up`."""
    require(by, "pay.see", upload)
    held = _open(upload)
    held.state, held.trouble = UploadState.IMPORTING, ""
    held.save(update_fields=["state", "trouble"])
    record(kind=PayEvent.IMPORT_STARTED, by=by, of=held, now=now)
    upload.refresh_from_db()


@transaction.atomic
def commit_import(
    *,
    upload: PayUpload,
    people: Sequence[tuple[int, Person]],
    dropped: Mapping[str, int],
    by: User | str,
    now: datetime,
) -> None:
    """All people of a list at once, or none. The list's own rows go; what was dropped is told by number and reason.

    Raises:
        UserError: more rows cannot be read than can, or none is left.
    """
    held = PayUpload.objects.select_for_update().get(pk=upload.pk)
    if held.state != UploadState.IMPORTING:
        return  # done already: a task may run twice
    bad = sum(dropped.values()) - len(held.skipped)
    if not people or bad > MAX_BAD_SHARE * held.total:
        raise UserError(
            f"{bad:,} of {held.total:,} rows cannot be read. Nothing was imported.",
            remedy="Check which column holds what.",
        )
    OwnPay.objects.filter(upload=held).delete()
    OwnPay.objects.bulk_create(
        [
            OwnPay(
                organisation_id=held.organisation_id,
                upload=held,
                line=line,
                role=person.role,
                level=person.level,
                metro_cbsa=person.metro_cbsa or "",
                workplace=person.workplace or "",
                country=person.country,
                currency=person.currency,
                pay_local_year=person.pay_year,
                pay_usd_year=person.pay_usd_year,
            )
            for line, person in people
        ],
        batch_size=ROWS_AT_A_TIME,
    )
    held.state, held.kept, held.dropped = UploadState.IMPORTED, len(people), dict(dropped)
    held.rows, held.skipped, held.imported_at = [], [], now
    held.save()
    record(
        kind=PayEvent.IMPORTED,
        by=by,
        of=held,
        now=now,
        data={"kept": held.kept, "dropped": held.dropped, KEY: _content(held)},
    )


def hash_of_list(entry: AuditEntry) -> str | None:
    """Of the list that an entry of the trail speaks of, as it is now (`core.seals`); lists may be erased."""
    upload = PayUpload.objects.filter(pk=entry.of_id).defer("rows").first()
    return None if upload is None else _content(upload)


def _content(upload: PayUpload) -> str:
    fields = ("line", "role", "level", "metro_cbsa", "workplace", "currency", "pay_local_year", "pay_usd_year")
    return hash_of_content([list(row) for row in upload.people.order_by("line").values_list(*fields)])


@transaction.atomic
def fail_import(*, upload: PayUpload, trouble: str, now: datetime) -> None:
    """The import did not come off: the list is open again, with what went wrong."""
    held = PayUpload.objects.select_for_update().get(pk=upload.pk)
    if held.state != UploadState.IMPORTING:
        return
    held.state, held.trouble = UploadState.FAILED, trouble[:500]
    held.save(update_fields=["state", "trouble"])
    record(kind=PayEvent.IMPORT_FAILED, by="worker", of=held, now=now, data={"trouble": held.trouble})


@transaction.atomic
def remove(*, upload: PayUpload, by: User, now: datetime) -> None:
    """Erases a list with everyone in it. The trail keeps that it was there."""
    require(by, "pay.see", upload)
    record(kind=PayEvent.REMOVED, by=by, of=upload, now=now, data={"kept": upload.kept, "state": upload.state})
    upload.delete()


@transaction.atomic
def expire_uploads(*, now: datetime) -> int:
    """Erases lists that nobody has imported within a week; how many. The trail keeps that they were."""
    left = PayUpload.objects.filter(
        state__in=(UploadState.MAPPING, UploadState.CHECKED, UploadState.FAILED), uploaded_at__lt=now - UPLOAD_LASTS
    )
    gone = list(left.select_for_update().defer("rows"))
    for upload in gone:
        record(kind=PayEvent.EXPIRED, by=SYSTEM, of=upload, now=now, data={"rows": upload.total})
        upload.delete()
    return len(gone)


@transaction.atomic
def set_bands(
    *,
    organisation: Organisation,
    role: str,
    bands: Mapping[str, tuple[float, float]],
    by: User,
    now: datetime,
    scope: BandScope = ANYWHERE_IN_USD,
) -> None:
    """The company's bands of a role in one currency and place, by level, from a day on.

    Levels not named have none there from that day on. Bands of other currencies and places stay as they are, and so do
    those of earlier days, which end.

    Raises:
        NotAllowed: only who sees pay.
        UserError: a band runs backwards, the currency is no code.
    """
    require(by, "pay.see", organisation)
    for level, (low, high) in bands.items():
        if not 0 < low <= high:
            raise UserError(f"The band of {level} runs backwards.", remedy="Write the lower amount first.")
    currency, place, start = _currency_code(scope.currency), scope.place, scope.valid_from or localdate(now)
    alike = PayBand.objects.filter(organisation=organisation, role=role, currency=currency, place=place)
    alike.filter(valid_from=start).delete()
    earlier = alike.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=start), valid_from__lt=start)
    earlier.update(valid_until=start)
    later = alike.filter(valid_from__gt=start).order_by("valid_from").first()
    PayBand.objects.bulk_create(
        PayBand(
            organisation=organisation,
            role=role,
            level=level,
            currency=currency,
            place=place,
            valid_from=start,
            valid_until=later.valid_from if later else None,
            low_year=low,
            high_year=high,
            set_by=by,
            set_at=now,
        )
        for level, (low, high) in bands.items()
    )
    data = {"role": role, "levels": list(bands), "currency": currency, "place": place, "valid_from": start.isoformat()}
    record(kind=PayEvent.BANDS_SET, by=by, of=organisation, now=now, data=data)


@transaction.atomic
def state_rate(*, organisation: Organisation, rate: StatedRate, by: User, now: datetime) -> None:
    """The exchange rate at which pay may be compared with bands in another currency; it replaces the one before.

    Raises:
        NotAllowed: only who sees pay.
        UserError: the currency is no code, or USD; the rate is not above nothing.
    """
    require(by, "pay.see", organisation)
    currency = _currency_code(rate.currency)
    if currency == BASE:
        raise UserError("A rate says how much of a currency one USD buys; USD needs none.")
    if not LEAST_RATE <= rate.per_usd <= MOST_RATE:
        raise UserError("That is not an exchange rate.", remedy="Write how much one US dollar buys, as 4.57.")
    BandRate.objects.update_or_create(
        organisation=organisation,
        currency=currency,
        defaults={"per_usd": rate.per_usd, "day": rate.day, "stated_by": by},
    )
    data = {"currency": currency, "per_usd": rate.per_usd, "day": rate.day.isoformat()}
    record(kind=PayEvent.RATE_STATED, by=by, of=organisation, now=now, data=data)


def _currency_code(words: str) -> str:
    code = words.strip().upper()
    if not (len(code) == CODE_LENGTH and code.isascii() and code.isalpha()):
        raise UserError(f"“{words[:20]}” is not a currency.", remedy="Write its three letters, as EUR.")
    return code


def _open(upload: PayUpload) -> PayUpload:
    held: PayUpload = PayUpload.objects.select_for_update().get(pk=upload.pk)
    if not held.is_open:
        raise UserError("This list is already imported, or being imported.", remedy="Remove it to start again.")
    return held


def _mend(held: PayUpload, cells: Mapping[int, Mapping[str, str]]) -> int:
    places = {column: index for index, column in enumerate(held.columns)}
    mended = 0
    for line, row in held.rows:
        for column, words in cells.get(line, {}).items():
            if column in places and row[places[column]] != words:
                row[places[column]] = words
                mended += 1
    return mended
