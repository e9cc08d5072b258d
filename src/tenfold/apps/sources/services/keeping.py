"""Sources are added, changed, paused and removed by those who keep the records."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from django.db import transaction

from tenfold.apps.sources.models import DataSource, SourceKind, SourcesEvent
from tenfold.apps.sources.queries import repository_path
from tenfold.connectors.dates import UnreadableDate, zone
from tenfold.connectors.prometheus import require_matching_step
from tenfold.core.fetching import parse_address
from tenfold.core.models import User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError

SECRETS = ("token", "access_token", "private_token", "api_key", "apikey", "key", "secret", "password")
A_WEEK = 168


@transaction.atomic
def save_source(*, source: DataSource, by: User, now: datetime) -> DataSource:
    """Adds a source, or keeps what was changed of it; it is read soon, from its beginning.

    Raises:
        NotAllowed: only those who keep the records.
        UserError: no web address, a secret inside it, another host with the token of the one before, no time zone, a
            list of people more than once a week, or a repository that the operator did not put there.
    """
    require(by, "sources.manage", source.organisation)
    source.url = source.url.strip() if source.kind == SourceKind.GIT else source.url.strip().replace(" ", "%20")
    _require_readable(source)
    _require_token_of_its_own(source)
    try:
        zone(source.zone)
    except UnreadableDate as error:
        raise UserError(f"{error}.", remedy="Write it as Europe/Berlin.") from None
    is_new = source._state.adding  # noqa: SLF001 - Django's documented attribute
    source.cursor, source.begun_at, source.pages_read = "", None, 0
    source.trouble, source.remedy, source.failures, source.next_at = "", "", 0, now
    if is_new:
        source.added_by, source.added_at = by, now
    source.save()
    record(kind=SourcesEvent.ADDED if is_new else SourcesEvent.CHANGED, by=by, of=source, now=now)
    return source


def _require_readable(source: DataSource) -> None:
    if source.kind == SourceKind.GIT:
        repository_path(source)
        return
    require_address(source.url)
    if source.kind == SourceKind.REQUESTS:
        require_matching_step(source.url)
    if source.kind == SourceKind.PEOPLE and source.every_hours < A_WEEK:
        raise UserError("A list of people is read once a week at most.", remedy=f"Write {A_WEEK} hours or more.")


def require_address(url: str) -> None:
    """Raises UserError where an address is none, or holds what should be in the field for the token."""
    at = parse_address(url.replace("{since}", "2026-01-01").replace("{until}", "2026-01-02"))
    held = [name for name, _ in parse_qsl(urlsplit(url).query) if name.casefold() in SECRETS]
    if held:
        raise UserError(f"The address holds a secret (“{held[0]}”).", remedy="Put it into the field for the token.")
    if not at.hostname:
        raise UserError("This is not a web address.", remedy="It begins with https://.")


def _require_token_of_its_own(source: DataSource) -> None:
    """A token that is kept, and that nobody here can read, goes to no other host than it was given for."""
    kept = DataSource.objects.filter(pk=source.pk).first()
    if kept is None or not kept.token or kept.token != source.token:
        return
    if urlsplit(kept.url)[:2] != urlsplit(source.url)[:2]:
        raise UserError(
            f"The token that is kept is for {urlsplit(kept.url).hostname} only.",
            remedy="Type the token for the new address.",
        )


@transaction.atomic
def pause_source(*, source: DataSource, is_paused: bool, by: User, now: datetime) -> None:
    require(by, "sources.manage", source.organisation)
    DataSource.objects.filter(pk=source.pk).update(is_paused=is_paused, next_at=now)
    record(kind=SourcesEvent.CHANGED, by=by, of=source, now=now, data={"paused": is_paused})


@transaction.atomic
def remove_source(*, source: DataSource, by: User, now: datetime) -> None:
    """Removes a source with its merged changes and its token; the record of the team stays."""
    require(by, "sources.manage", source.organisation)
    record(kind=SourcesEvent.REMOVED, by=by, of=source, now=now)
    source.delete()
