"""The plain version of the room: files as text fields, commands one at a time. No scripts, nothing drawn.

For whoever cannot use a terminal in a browser; graded in the same way. The clock runs from each step to
the next, as long as no more than five minutes lie between them.
"""

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tenfold.apps.labroom.models import LabInvitation
from tenfold.apps.labroom.presenters.markdown import render_markdown, without_heading
from tenfold.apps.labroom.queries.labs import title_of
from tenfold.apps.labroom.queries.standing import Step, standing
from tenfold.apps.labroom.services import working
from tenfold.apps.labroom.services.plain import note_presence
from tenfold.apps.labroom.views.public import by_link, without_scripts
from tenfold.kit.errors import UserError
from tenfold.labs import practice as practice_rooms
from tenfold.labs import rooms
from tenfold.labs.engines import engine
from tenfold.labs.rooms import FileConflict, FileKind, RoomError
from tenfold.labs.sessions import Session

COMMAND_S = 60.0
LONGEST_FILE = 500_000


@without_scripts
@require_http_methods(["GET", "POST"])
@by_link
def plain_room(request: HttpRequest, found: LabInvitation, token: str) -> HttpResponse:
    """The task, the files, one open file, the last command and its output."""
    is_practice = "practice" in request.GET
    if standing(found, timezone.now()).step not in {Step.READY, Step.WORKING}:
        return redirect("lab-invitation", token=token)
    try:
        session = _session(found, is_practice=is_practice)
        if not is_practice:
            session.must_be_enterable()
            note_presence(found, session, timezone.now())
        page = _answer(request, session)
        page["files"] = [one.path for one in async_to_sync(_tree)(session) if one.kind is FileKind.FILE]
    except (UserError, RoomError) as error:
        context = {"token": token, "title": title_of(found.lab), "problem": str(getattr(error, "what", error))}
        return render(request, "labroom/no_room.html", context, status=503)
    context = page | {
        "token": token,
        "title": "Practice room" if is_practice else title_of(found.lab),
        "is_practice": is_practice,
        "standing": standing(found, timezone.now()),
        "brief": render_markdown(without_heading(_brief(session, is_practice=is_practice))),
        "here": reverse("candidate-plain-room", args=[token]),
        "room_url": reverse("candidate-practice" if is_practice else "candidate-room", args=[token]),
    }
    return render(request, "labroom/plain.html", context, status=409 if page.get("conflict") else 200)


def _session(found: LabInvitation, *, is_practice: bool) -> Session:
    enter = working.enter_practice if is_practice else working.begin
    return enter(invitation=found, now=timezone.now())


def _brief(session: Session, *, is_practice: bool) -> str:
    if is_practice:
        return (practice_rooms.CONTENT / "instruction.md").read_text("utf-8").partition("## What is graded")[0]
    return working.instruction(session)


async def _tree(session: Session) -> list[rooms.FileEntry]:
    await engine().hold(session)
    return await rooms.files(session).tree()


def _answer(request: HttpRequest, session: Session) -> dict[str, Any]:
    """What was done with this step, and the file that is open."""
    path = request.GET.get("file", "")[:1_000]
    match request.POST.get("do", ""):
        case "run":
            return _run(request, session) | (_read(session, path) if path else {})
        case "save":
            return _save(request, session, path)
    return _read(session, path) if path else {}


def _run(request: HttpRequest, session: Session) -> dict[str, Any]:
    line = request.POST.get("line", "").replace("\x00", "").strip()[:8_000]
    if not line:
        return {}
    done = async_to_sync(rooms.run_command)(session, line, timeout_s=COMMAND_S)
    if done.status is None:
        ended = f"It took longer than {COMMAND_S:.0f} seconds and was ended. Put “&” behind what should go on."
    else:
        ended = f"Ended with status {done.status}."
    return {"line": line, "output": done.output, "ended": ended, "folder": done.folder, "cut": done.is_truncated}


def _read(session: Session, path: str) -> dict[str, Any]:
    try:
        found = async_to_sync(rooms.files(session).read)(path)
        text = found.content.decode("utf-8")
    except UserError as error:
        return {"told": error.what}
    except UnicodeDecodeError:
        return {"told": f"{path} is not text. Use a command for it."}
    if len(text) > LONGEST_FILE:
        return {"told": f"{path} is too large to edit here. Use a command for it."}
    return {"file": path, "text": text, "version": found.version}


def _save(request: HttpRequest, session: Session, path: str) -> dict[str, Any]:
    """Never over what was written meanwhile: then both texts are shown, and the person chooses."""
    path = path or request.POST.get("path", "").strip().lstrip("/")[:1_000]
    text = request.POST.get("text", "").replace("\r\n", "\n").replace("\x00", "")
    version = request.POST.get("version", "")
    try:
        kept = async_to_sync(rooms.files(session).write)(path, text.encode(), version=version)
    except FileConflict as error:
        there = _read(session, path)
        return {"conflict": True, "theirs": there.get("text", ""), "file": path, "text": text, "version": error.version}
    except UserError as error:
        return {"told": f"Not saved: {error.what}", "file": path, "text": text, "version": version}
    return {"told": f"{path} is saved.", "file": path, "text": text, "version": kept}
