"""A lab's repository over HTTP, as git speaks it: the smart protocol, with the invitation's key as password."""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from tenfold.apps.labroom.models import LabInvitation
from tenfold.apps.labroom.services import local_work
from tenfold.core.http.basic_auth import basic_credentials
from tenfold.core.http.limits import asks_too_often
from tenfold.kit.errors import UserError
from tenfold.labs.repository import MOST_PUSHED, GitFailed

STEPS_PER_MINUTE = 120
SERVICES = {"git-upload-pack": "upload-pack", "git-receive-pack": "receive-pack"}
Answer = Callable[[HttpRequest, LabInvitation, str], HttpResponse]


def by_key(answer: Answer) -> Callable[..., HttpResponse]:
    """An address that git asks, with the key of its invitation; what is wrong is told as git shows it."""

    @csrf_exempt  # the key is in a header that no other site can make a browser send, and in no cookie
    @login_not_required
    def ask(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        if asks_too_often(f"lab-git:{request.META.get('REMOTE_ADDR', '')}", STEPS_PER_MINUTE, per_minutes=1):
            return _plain("Too many requests. Wait a minute and try again.", 429)
        found = local_work.invitation_of_key(str(pk), basic_credentials(request)[1])
        if found is None:
            response = _plain("This key is not valid. Copy the address from your page again.", 401)
            response["WWW-Authenticate"] = 'Basic realm="work sample"'
            return response
        try:
            return answer(request, found, request.headers.get("Git-Protocol", ""))
        except UserError as error:
            return _plain(f"{error.what} {error.remedy or ''}", 403)
        except GitFailed as error:
            return _plain(f"This could not be read: {error}", 400)

    return ask


def _plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(words.strip() + "\n", status=status, content_type="text/plain; charset=utf-8")


@require_GET
@by_key
def refs(request: HttpRequest, found: LabInvitation, protocol: str) -> HttpResponse:
    """Which branches and tags there are."""
    service = SERVICES.get(request.GET.get("service", ""))
    if service is None:
        return _plain("Only git’s smart protocol is spoken here. Use a newer git.", 403)
    told = local_work.advertise(found, service, protocol=protocol, now=timezone.now())
    return _of_git(told, f"git-{service}-advertisement")


@require_POST
@by_key
def fetch(request: HttpRequest, found: LabInvitation, protocol: str) -> HttpResponse:
    told = local_work.fetch(found, _body(request), protocol=protocol, now=timezone.now())
    return _of_git(told, "git-upload-pack-result")


@require_POST
@by_key
def push(request: HttpRequest, found: LabInvitation, protocol: str) -> HttpResponse:
    told = local_work.push(found, _body(request), protocol=protocol, now=timezone.now())
    return _of_git(told, "git-receive-pack-result")


def _of_git(told: bytes, kind: str) -> HttpResponse:
    return HttpResponse(told, content_type=f"application/x-{kind}", headers={"Cache-Control": "no-store"})


def _body(request: HttpRequest) -> bytes:
    """What git sent, unpacked where it was packed. Raises UserError where it is too large, or packed wrongly."""
    held = request.read(MOST_PUSHED + 1)
    if request.headers.get("Content-Encoding", "") == "gzip":
        try:
            held = zlib.decompressobj(wbits=31).decompress(held, MOST_PUSHED + 1)
        except zlib.error:
            raise UserError("The body is said to be gzip, and is not.", remedy="Try again.") from None
    if len(held) > MOST_PUSHED:
        raise UserError(
            f"A push holds {MOST_PUSHED >> 20} MB at most.", remedy="Leave out what the work does not need."
        )
    return held
