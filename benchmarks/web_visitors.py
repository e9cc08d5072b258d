"""A running server with people in it, and browsers of theirs that cost next to nothing: for load and for breakdowns.

The server is the real one (`tenfold web run`), on SQLite in a folder of its own or on `DATABASE_URL`.
"""

# ruff: noqa: PLC0415 - the settings are named before Django is asked for anything
from __future__ import annotations

import asyncio
import gzip
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent
PATIENCE_S = 90
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
Fields = dict[str, str]


def at_home(folder: str | None = None) -> Path:
    """Names a home and the settings for this process and those it starts; Django is ready then, and migrated."""
    home = Path(folder or tempfile.mkdtemp(prefix="tenfold-visitors-"))
    os.environ |= {
        "TENFOLD_HOME": str(home),
        "TENFOLD_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "tenfold.web.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from tenfold.core.models import User

    if User.objects.exists():
        raise SystemExit("This database holds people already; name an empty one.")
    return home


@dataclass(frozen=True)
class Person:
    """Somebody signed in, with a plan of their own."""

    cookie: str
    plan: str


def people(count: int) -> tuple[Person, ...]:
    """Hiring managers of one company, each with a plan; nobody signs in by hand."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils import timezone

    from tenfold.apps.accounts.services import found_organisation, new_user
    from tenfold.apps.plans.services import create_plan
    from tenfold.core.models import Membership, Role

    text, now = (ROOT / "examples/good_plan.yaml").read_text(encoding="utf-8"), timezone.now()
    sessions = import_module(settings.SESSION_ENGINE)
    organisation, made = None, []
    for number in range(count):
        user = new_user(name=f"Person {number}", email=f"p{number}@load.example", password=None)
        if organisation is None:
            organisation = found_organisation(name="Load", administrator=user, now=now)
        else:
            Membership.objects.create(
                organisation=organisation, user=user, role=Role.HIRING_MANAGER, sees_pay=True, created_at=now
            )
        session = sessions.SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        plan = create_plan(organisation=organisation, text=text, by=user, now=now)
        made.append(Person(f"{settings.SESSION_COOKIE_NAME}={session.session_key}", str(plan.pk)))
    return tuple(made)


class Running:
    """A command of ours in a process group of its own, so that it can be killed with all its children."""

    def __init__(self, *arguments: str) -> None:
        self.arguments = arguments
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tenfold", "web", *self.arguments]
        return subprocess.Popen(command, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        """As a power cut ends it: no signal that it could answer."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def again(self) -> None:
        self.process = self._started()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


class Server(Running):
    def __init__(self, *, workers: int = 1) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        super().__init__("run", "--port", str(self.port), "--workers", str(workers), "--quiet")

    def wait(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                with DIRECTLY.open(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise TimeoutError("the server did not come up")


@dataclass(frozen=True)
class Proxy:
    """How a proxy before the server is asked: by TLS, under its name, from an address of loopback."""

    name: str
    context: ssl.SSLContext
    address: str

    @property
    def origin(self) -> str:
        return f"Origin: https://{self.name}\r\n"


@dataclass
class Browser:
    """One connection that is kept, with the person's cookies: HTTP/1.1 and nothing more."""

    port: int
    person: Person
    token: str = "t" * 32
    proxy: Proxy | None = None
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(default=None, repr=False)

    async def get(self, path: str) -> tuple[int, str]:
        return await self._ask("GET", path, b"")

    async def post(self, path: str, fields: Fields) -> tuple[int, str]:
        return await self._ask("POST", path, urlencode({**fields, "csrfmiddlewaretoken": self.token}).encode())

    async def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def _ask(self, method: str, path: str, body: bytes) -> tuple[int, str]:
        if self._streams is None:
            self._streams = await self._opened()
        reader, writer = self._streams
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self.proxy.name if self.proxy else f'localhost:{self.port}'}\r\n"
            f"{self.proxy.origin if self.proxy else ''}"
            f"Cookie: {self.person.cookie}; {'__Host-' if self.proxy else ''}csrf={self.token}\r\n"
            f"Accept-Encoding: gzip\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        try:
            writer.write(head.encode() + body)
            return await self._answer(reader)
        except (OSError, EOFError, ValueError):
            await self.close()
            raise

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.proxy is None:
            return await asyncio.open_connection("127.0.0.1", self.port)
        own = (self.proxy.address, 0)
        return await asyncio.open_connection(
            "127.0.0.1", self.port, ssl=self.proxy.context, server_hostname=self.proxy.name, local_addr=own
        )

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, str]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        if found := re.search(r"content-length: (\d+)", head):
            body = await reader.readexactly(int(found[1]))
        else:
            body = b""
            while size := int(await reader.readline(), 16):
                body += await reader.readexactly(size)
                await reader.readline()
            await reader.readline()
        plain = gzip.decompress(body) if "content-encoding: gzip" in head else body
        return status, plain.decode("utf-8", "replace")


FILLED = re.compile(r'<input [^>]*?name="([^"]+)" value="([^"]*)"')


def editable(page: str) -> Fields:
    """What the editor's inputs hold, as the browser would send some of them back."""
    return {name: unescape(value) for name, value in FILLED.findall(page) if "__row__" not in name}
