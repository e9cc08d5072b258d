"""Where the audit trail ends, noted outside the database once a day: a rewritten trail no longer holds what was noted.

`TENFOLD_HEADS_FILE` names a file that is added to (best on another machine, or where the server may only add),
`TENFOLD_HEADS_MAIL` an address that the line is sent to, and `TENFOLD_HEADS_WEBHOOK` one that it is posted to. Each
is enough by itself; what fails is tried again by the next round of any worker.
"""

from __future__ import annotations

import ipaddress
import json
import os
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.core.cache import cache
from django.core.mail import send_mail

from tenfold.core.fetching import Fetcher, NotFetched
from tenfold.core.models import AuditEntry, ChainHead
from tenfold.kit.errors import Place, UserError

FILE, MAIL, WEBHOOK = "TENFOLD_HEADS_FILE", "TENFOLD_HEADS_MAIL", "TENFOLD_HEADS_WEBHOOK"
REMEMBERED = timedelta(days=3)
ANY_NETWORK = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
"""The operator names the address, by the environment: it may be inside."""
log = structlog.get_logger(__name__)


def note_head(now: datetime) -> list[str]:
    """Notes today's head in each place where it is not noted yet; the names of those. A chore of every worker."""
    places = {name: value for name in NOTING if (value := os.environ.get(name))}
    head = ChainHead.objects.filter(pk=1).first() if places else None
    if head is None or head.n < 0:
        return []
    return [name for name, place in places.items() if _is_noted_now(name, place, head, now)]


def _is_noted_now(name: str, place: str, head: ChainHead, now: datetime) -> bool:
    """Whether this call noted it: one worker does, and gives the day back where it fails."""
    mark = f"trail.head:{name}:{now.date()}"
    if not cache.add(mark, 1, timeout=REMEMBERED.total_seconds()):
        return False
    try:
        NOTING[name](place, head, now)
    except (OSError, smtplib.SMTPException, NotFetched) as error:
        cache.delete(mark)
        log.warning("the trail's head is not noted", place=name, reason=type(error).__name__)
        return False
    return True


def line_of(head: ChainHead, now: datetime) -> str:
    """As `missing_heads` reads it: day, entry, seal."""
    return f"{now.date().isoformat()} {head.n} {head.seal}"


def _add_to_file(place: str, head: ChainHead, now: datetime) -> None:
    with Path(place).open("a", encoding="ascii") as out:
        out.write(line_of(head, now) + "\n")


def _mail(place: str, head: ChainHead, now: datetime) -> None:
    send_mail(f"Tenfold: the trail ends with entry {head.n}", line_of(head, now), None, [place])


def _post(place: str, head: ChainHead, now: datetime) -> None:
    said = {"day": now.date().isoformat(), "entry": head.n, "seal": head.seal, "line": line_of(head, now)}
    status = Fetcher(also=ANY_NETWORK).post(place, json.dumps(said).encode(), {"Content-Type": "application/json"})
    if not 200 <= status < 300:
        raise NotFetched(f"The answer is {status}.", remedy=f"Check {WEBHOOK}.")


NOTING: dict[str, Callable[[str, ChainHead, datetime], None]] = {FILE: _add_to_file, MAIL: _mail, WEBHOOK: _post}
"""How the head is noted, by the setting that names the place."""


def missing_heads(path: Path) -> list[str]:
    """The noted lines that the trail does not hold, at their own entry.

    Raises:
        UserError: the file cannot be read, or a line is none of ours.
    """
    try:
        lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        noted = [(f"{day} {n}", int(n), seal) for day, n, seal in lines]
    except (OSError, ValueError) as error:
        raise UserError(
            f"The noted heads cannot be read: {error}.",
            remedy="One a line: day, entry, seal.",
            place=Place(file=str(path)),
        ) from None
    held = dict(AuditEntry.objects.filter(n__in=[n for _, n, _ in noted]).values_list("n", "seal"))
    return [words for words, n, seal in noted if held.get(n) != seal]
