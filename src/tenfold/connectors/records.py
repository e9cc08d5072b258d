"""What outside systems tell, in our words: changes, deployments, incidents, pages, model versions, tickets, series.

Times are in UTC. People stand as the system names them; who they are is a reviewed table's business, above.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit with the files that it touched, where they are known."""

    sha: str
    authored_at: datetime
    committed_at: datetime
    author: str
    subject: str = ""
    files: tuple[str, ...] = ()

    @property
    def is_revert(self) -> bool:
        """Whether the subject begins with “Revert” or, in conventional commits, “revert:”."""
        return re.match(r"revert\b", self.subject, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Release:
    """A tag or release and the commit it points to."""

    name: str
    at: datetime
    sha: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A pull or merge request."""

    id: str
    author: str
    created_at: datetime
    first_commit_at: datetime | None = None
    first_review_at: datetime | None = None
    merged_at: datetime | None = None
    merge_sha: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment to an environment."""

    id: str
    finished_at: datetime
    environment: str
    has_succeeded: bool
    sha: str = ""
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident; `resolved_at` is None while it lasts."""

    id: str
    started_at: datetime
    resolved_at: datetime | None = None
    severity: str = ""
    service: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Someone was paged. Whom is not read: on-call is looked at by team."""

    at: datetime
    service: str = ""
    urgency: str = ""
    incident: str = ""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A version in a model registry and the aliases (or stage) that point to it now."""

    name: str
    version: str
    created_at: datetime | None
    run_id: str = ""
    trained_at: datetime | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket of a help-desk or board."""

    id: str
    opened_at: datetime
    closed_at: datetime | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One point of a measured series."""

    at: datetime
    value: float
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RequestCount:
    """Requests of a service up to `at` since the point before, and those of them that it answered without its fault."""

    at: datetime
    good: float
    total: float
