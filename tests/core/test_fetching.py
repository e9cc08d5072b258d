"""The fetcher against a real server on this machine, which it is allowed to reach by its constructor only here."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.core.fetching import USER_AGENT, Fetcher, NotFetched, is_public

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
PAGE = b"<!doctype html><title>Job</title><h1>MLOps engineer</h1><p>Run models on Kubernetes.</p>"


class Site(BaseHTTPRequestHandler):
    """What real sites do, and what hostile ones would."""

    seen: list[Any] = []  # noqa: RUF012 - the handler is a class by the library's design

    def do_GET(self) -> None:
        Site.seen.append((self.path, dict(self.headers)))
        getattr(self, "page_" + self.path.strip("/").partition("?")[0].replace("-", "_"), self.page_missing)()

    def send(self, body: bytes, media_type: str = "text/html; charset=utf-8", **headers: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def to(self, location: str) -> None:
        self.send_response(302)
        self.send_header("Location", location)
        self.end_headers()

    def page_job(self) -> None:
        self.send(PAGE)

    def page_packed(self) -> None:
        self.send(gzip.compress(PAGE), Content_Encoding="gzip")

    def page_bomb(self) -> None:
        self.send(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")

    def page_brotli(self) -> None:
        self.send(b"...", Content_Encoding="br")

    def page_moved(self) -> None:
        self.to("/job")

    def page_circle(self) -> None:
        self.to("/circle")

    def page_inside(self) -> None:
        self.to("http://169.254.169.254/latest/meta-data/")

    def page_file(self) -> None:
        self.to("file:///etc/passwd")

    def page_picture(self) -> None:
        self.send(b"\x89PNG", "image/png")

    def page_large(self) -> None:
        self.send(b"x" * 3_000_000)

    def page_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b".")
            self.wfile.flush()
            time.sleep(0.05)

    def page_drip_head(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(200):
            self.wfile.write(b"X-A: b\r\n")
            self.wfile.flush()
            time.sleep(0.05)

    def page_missing(self) -> None:
        self.send_error(404)

    def log_message(self, *_: Any) -> None:
        pass


class Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """A reader that leaves in the middle is what some tests are about."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = Quiet(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def fetcher(**more: Any) -> Fetcher:
    return Fetcher(also=LOOPBACK, **more)


def test_a_page_is_fetched_by_a_reader_that_says_who_it_is(site: str) -> None:
    Site.seen.clear()
    page = fetcher().fetch(f"{site}/job?id=7#apply")
    assert (page.content, page.media_type, page.url) == (PAGE, "text/html", f"{site}/job?id=7")
    path, headers = Site.seen[0]
    assert path == "/job?id=7"
    assert headers["User-Agent"] == USER_AGENT
    assert not {"Cookie", "Referer", "Authorization"} & set(headers)


def test_a_packed_page_is_unpacked_and_a_redirect_followed(site: str) -> None:
    assert fetcher().fetch(f"{site}/packed").content == PAGE
    assert fetcher().fetch(f"{site}/moved").url == f"{site}/job"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/bomb", "larger than"),
        ("/large", "larger than"),
        ("/brotli", "not asked for"),
        ("/circle", "more than 3 times"),
        ("/inside", "not on the public web"),
        ("/file", "not a web address"),
        ("/picture", "image/png"),
        ("/nothing", "404"),
    ],
)
def test_what_should_not_be_fetched_is_refused_with_a_reason_and_a_remedy(path: str, said: str, site: str) -> None:
    with pytest.raises(NotFetched) as refused:
        fetcher().fetch(site + path)
    assert said in refused.value.what
    assert refused.value.remedy


@pytest.mark.parametrize("path", ["/drip", "/drip-head"])
def test_a_page_that_drips_ends_with_the_time_it_has(path: str, site: str) -> None:
    with pytest.raises(NotFetched, match="within"):
        fetcher(timeout_s=0.5).fetch(site + path)


def test_loopback_is_refused_unless_the_constructor_allows_it(site: str) -> None:
    for address in (site, site.replace("127.0.0.1", "localhost"), "http://[::1]/", "http://127.1/", "http://0/"):
        with pytest.raises(NotFetched):
            Fetcher().fetch(address)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "gopher://127.0.0.1:11211/_stats",
        "http://",
        "https://user:secret@example.org/",
        "https://example.org:22/",
        "https://exa mple.org/",
        "https://example.org/\r\nHost: inside",
        "https://example.org:99999/",
        "https://" + "a" * 3_000,
        "http://[::1",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(NotFetched):
        Fetcher(resolve=_answers("93.184.215.14")).fetch(url)


def _answers(*addresses: str) -> Callable[..., list[Any]]:
    def resolve(_host: str, port: int, **_: Any) -> list[Any]:
        return [(0, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return resolve


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "127.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address that must be refused
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_a_name_that_leads_inside_is_refused_also_beside_a_public_address(address: str) -> None:
    for addresses in ((address,), ("93.184.215.14", address)):
        with pytest.raises(NotFetched, match="public web"):
            Fetcher(resolve=_answers(*addresses)).fetch("https://inside.example/")


def test_the_connection_goes_to_the_address_that_was_looked_at(site: str) -> None:
    """A name that is public when it is looked up and inside a moment later: it is looked up once."""
    asked: list[str] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return _answers("127.0.0.1")(host, port)

    port = site.rpartition(":")[2]
    assert Fetcher(also=LOOPBACK, resolve=resolve).fetch(f"http://jobs.example:{port}/job").content == PAGE
    assert asked == ["jobs.example"]


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="192.168.0.0/16"))
def test_no_private_address_is_public_however_it_is_wrapped(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    wrapped = (
        ipaddress.IPv6Address((0xFFFF << 32) | number),
        ipaddress.IPv6Address((0x2002 << 112) | (number << 80)),
        ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | number),
    )
    assert not any(is_public(one) for one in (address, *wrapped))
