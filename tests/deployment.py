"""The deployment that docs/operate.md describes, on loopback: its own nginx block before the real application."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "operate.md"
SCALE = ROOT / "docs" / "scale.md"
HOST = "hire.example.org"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
FRAME = """\
daemon off;
{user}
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {block}
}}
"""


def documented_blocks(language: str, page: Path = GUIDE) -> list[str]:
    """The blocks of one language in a guide, as they stand."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on just now."""
    open_ones = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in open_ones]
    for one in open_ones:
        one.close()
    return ports


@dataclass
class Answer:
    """What came back, with its headers by lower-case name; cookies apart."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: str


@dataclass
class Deployment:
    """Where it listens. `jars` are the cookies of each browser, by the address that it comes from."""

    home: Path
    application: int
    plain: int
    tls: int
    certificate: Path
    environment: dict[str, str]
    jars: dict[str, dict[str, str]] = field(default_factory=dict)

    def connection(self, *, address: str = "127.0.0.2", timeout_s: float = 30.0) -> ssl.SSLSocket:
        """An open connection by TLS from an address of loopback; the certificate is checked."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        plain = socket.create_connection(("127.0.0.1", self.tls), timeout=timeout_s, source_address=(address, 0))
        return context.wrap_socket(plain, server_hostname=HOST)

    def ask(
        self,
        path: str,
        *,
        address: str = "127.0.0.2",
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        jar = self.jars.setdefault(address, {})
        sent = {"Host": HOST, "Cookie": "; ".join(f"{name}={value}" for name, value in jar.items()), **(headers or {})}
        body = None
        if form is not None:
            body = urlencode({**form, "csrfmiddlewaretoken": jar.get("__Host-csrf", "")})
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{HOST}{path}"}
        with closing(http.client.HTTPConnection("127.0.0.1")) as browser:
            browser.sock = self.connection(address=address)
            browser.request("POST" if form is not None else "GET", path, body, sent)
            return self._kept(browser.getresponse(), jar)

    def _kept(self, response: http.client.HTTPResponse, jar: dict[str, str]) -> Answer:
        cookies = response.headers.get_all("Set-Cookie") or []
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            jar[name] = value
        named = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, named, cookies, response.read().decode("utf-8", "replace"))

    def signs_in(self, email: str, password: str, *, address: str) -> bool:
        """Whether that opens the pages, in a new browser at this address."""
        self.jars[address] = {}
        self.ask("/sign-in/", address=address)
        self.ask("/sign-in/", address=address, form={"login": email, "password": password})
        return self.ask("/plans/", address=address).status == 200


def tenfold(environment: dict[str, str], *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tenfold", *arguments]
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, input=given, check=False, timeout=300
    )


def environment_of(home: Path, **more: str) -> dict[str, str]:
    """A clean environment with this home, and settings of no one else."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TENFOLD_", "DATABASE_URL"))}
    return kept | {"TENFOLD_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tenfold.web.settings", **more}


@contextmanager
def deployed(folder: Path, people: dict[str, str]) -> Iterator[Deployment]:
    """The application with these people (e-mail to password), and nginx before it, until the block ends."""
    home = folder / "home"
    home.mkdir(mode=0o755)
    (home / "tenfold.sqlite3").touch(mode=0o644)  # of a version that did not mind
    application, plain, tls = free_ports(3)
    environment = environment_of(home, TENFOLD_URL=f"https://{HOST}", TENFOLD_BEHIND_PROXY="1")
    migrated = tenfold(environment, "web", "migrate")
    assert migrated.returncode == 0, migrated.stderr
    for email, password in people.items():
        added = tenfold(environment, "web", "user", "add", email, "--organisation", "Quay", given=f"{password}\n")
        assert added.returncode == 0, added.stderr
    made = Deployment(home, application, plain, tls, certificate_in(folder), environment)
    run = [sys.executable, "-m", "tenfold", "web", "run", "--port", str(application), "--quiet"]
    with (
        running(run, environment, folder / "application.log"),
        running(nginx_before(folder, made), None, folder / "log"),
    ):
        _wait_until_it_answers(made, folder)
        yield made


@contextmanager
def running(command: list[str], environment: dict[str, str] | None, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process until the block ends, what it says in a file."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def nginx_before(folder: Path, made: Deployment) -> list[str]:
    """The command of nginx with the guide's own block, its files in the folder."""
    place = folder / "nginx"
    place.mkdir()
    block = documented_blocks("nginx")[0]
    for documented, here in (
        ("listen 80;", f"listen 127.0.0.1:{made.plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{made.tls} ssl http2;"),
        ("/etc/ssl/tenfold/", f"{folder}/"),
        ("127.0.0.1:8000", f"127.0.0.1:{made.application}"),
    ):
        assert documented in block, documented
        block = block.replace(documented, here)
    user = "user root;" if os.geteuid() == 0 else ""
    (place / "nginx.conf").write_text(FRAME.format(user=user, folder=place, block=block))
    return [str(NGINX), "-e", f"{place}/error.log", "-p", str(place), "-c", f"{place}/nginx.conf"]


def certificate_in(folder: Path) -> Path:
    """A certificate of the host, signed by itself, with its key beside it."""
    key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
    said = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout {key} -out {certificate}"
    subprocess.run(
        [*said.split(), "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"],
        check=True,
        capture_output=True,
    )
    return certificate


def _wait_until_it_answers(made: Deployment, folder: Path) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            if made.ask("/healthz").status == 200:
                return
        except OSError:
            pass
        time.sleep(0.3)
    said = "".join(path.read_text("utf-8", "replace") for path in folder.rglob("*log") if path.is_file())
    raise AssertionError(f"the deployment does not answer: {said[-2_000:]}")
