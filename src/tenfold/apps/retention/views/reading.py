"""What pages on teams begin with: who reads, and which records there are."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from tenfold.apps.retention.models import RecordKind, TeamRecord
from tenfold.core.http.sign_in import current_organisation, signed_in
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import require


def team_reader(request: HttpRequest) -> tuple[Organisation, User]:
    """The organisation and the reader, who may see figures of teams; else 404 or 403."""
    user, organisation = signed_in(request), current_organisation(request)
    if organisation is None:
        raise Http404
    require(user, "teams.see", organisation)
    return organisation, user


def team_records(user: User, organisation: Organisation, *kinds: RecordKind) -> list[TeamRecord]:
    """Records of these kinds, the latest first."""
    found = TeamRecord.objects.visible_to(user).filter(organisation=organisation, kind__in=kinds)
    return list(found.select_related("team", "imported_by"))
