"""Where the audit trail ends, noted outside the database once a day: a rewritten trail no longer holds what was noted.

`TENFOLD_HEADS_FILE` names a file that is added to (best on another machine, or where the server may only add), and
`TENFOLD_HEADS_MAIL` an address that the same line is sent to.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import structlog
from django.core.mail import send_mail

from tenfold.core.models import AuditEntry, ChainHead
from tenfold.kit.errors import Place, UserError

FILE, MAIL = "TENFOLD_HEADS_FILE", "TENFOLD_HEADS_MAIL"
log = structlog.get_logger(__name__)


def note_head(now: datetime) -> str | None:
    """Notes today's head where it is not noted yet; the line, or None. A chore of every worker."""
    path, head = os.environ.get(FILE), ChainHead.objects.filter(pk=1).first()
    if not path or head is None or head.n < 0:
        return None
    day, file = now.date().isoformat(), Path(path)
    line = f"{day} {head.n} {head.seal}"
    try:
        noted = file.read_text(encoding="ascii") if file.exists() else ""
        if any(one.startswith(day) for one in noted.splitlines()):
            return None
        with file.open("a", encoding="ascii") as out:
            out.write(line + "\n")
    except OSError as error:
        log.warning("the trail's head is not noted", reason=error.strerror)
        return None
    if address := os.environ.get(MAIL):
        send_mail(f"Tenfold: the trail ends with entry {head.n}", line, None, [address], fail_silently=True)
    return line


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
