"""Mail that comes in: as a raw message with a secret (a mail server's pipe), or by a mail service's webhook."""

from __future__ import annotations

import secrets

from anymail.inbound import AnymailInboundMessage
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tenfold.apps.candidates.services.incoming import take_message

MAX_BYTES = 2_000_000


@csrf_exempt  # a secret in a header, which no browser sends by itself
@login_not_required
@require_POST
def mail_in(request: HttpRequest) -> HttpResponse:
    """One message as RFC 5322 text. 204 where it was taken or belongs to nothing here; 401 without the secret."""
    token = settings.INCOMING_MAIL_TOKEN or ""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not secrets.compare_digest(given.encode(), token.encode()):
        return HttpResponse(status=401)
    if len(request.body) > MAX_BYTES:
        return HttpResponse(status=413)
    take_message(AnymailInboundMessage.parse_raw_mime_bytes(request.body), now=timezone.now())
    return HttpResponse(status=204)
