"""Somebody who applies, as values: from a form, a list or a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tenfold.apps.candidates.models import RoleStage, Source


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file whose kind was told from its content."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Applicant:
    """What is known of somebody who applies. The first e-mail address is the one that we write to."""

    name: str
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()
    links: Sequence[str] = ()
    location: str = ""
    letter: str = ""
    source: Source = Source.JOB_PAGE
    source_detail: str = ""
    files: Sequence[UploadedFile] = ()
    keep_for_future: bool = False
    external_id: str = ""
    application_id: str = ""
    applied_at: datetime | None = None
    stage: RoleStage | None = None
