"""The example's own pay: last year's list imported, this year's half looked over, bands that the market has passed."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.resources import files

from django.core.files.uploadedfile import SimpleUploadedFile

from tenfold.apps.pay import services as pay
from tenfold.apps.pay.forms.uploads import read_upload
from tenfold.apps.pay.models import PayUpload
from tenfold.apps.pay.queries import check, dropped_of
from tenfold.core.models import Organisation, User

GRADES = {"P2": "mid", "P3": "senior", "P5": "principal"}
BANDS_IN_GERMANY = {"mid": (62_000.0, 80_000.0), "senior": (78_000.0, 102_000.0)}
BANDS = {"mid": (118_000.0, 150_000.0), "senior": (150_000.0, 195_000.0)}


def seed_own_pay(*, group: Organisation, analyst: User, start: datetime) -> None:
    imported = _upload(group, "people_2026.csv", analyst, start + timedelta(days=4))
    pay.start_import(upload=imported, by=analyst, now=start + timedelta(days=4))
    found = check(imported, today=start.date())
    pay.commit_import(
        upload=imported,
        people=found.people,
        dropped=dropped_of(imported, found),
        by=analyst,
        now=start + timedelta(days=4, minutes=1),
    )
    pay.set_bands(organisation=group, role="mlops", bands=BANDS, by=analyst, now=start + timedelta(days=5))
    pay.set_bands(
        organisation=group,
        role="mlops",
        bands=BANDS_IN_GERMANY,
        by=analyst,
        now=start + timedelta(days=5),
        scope=pay.BandScope("EUR", "DE", start.date()),
    )
    _upload(group, "people_after_reviews.csv", analyst, start + timedelta(days=22))


def _upload(group: Organisation, name: str, by: User, now: datetime) -> PayUpload:
    content = (files("tenfold.web.example") / name).read_bytes()
    listed = read_upload(SimpleUploadedFile(name, content))
    upload = pay.create_upload(organisation=group, listed=listed, by=by, now=now)
    pay.update_mapping(upload=upload, mapping={**upload.mapping, "levels": GRADES}, by=by, now=now)
    return upload
