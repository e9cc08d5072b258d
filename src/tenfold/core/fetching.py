"""Fetches one page from outside for a person who asked for it, and nothing that is inside.

The name is resolved once, every address it has must be public, and the connection goes to that very address: a name
that answers differently a moment later changes nothing. Each redirect is looked at anew. Time and size are bounded as a
whole.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from tenfold import __version__
from tenfold.audit.intake import MAX_BYTES
from tenfold.kit.errors import UserError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
USER_AGENT = f"Tenfold/{__version__} (reads one posting because a person asked for it)"
TAKEN = "text/html, application/xhtml+xml, application/json, text/plain;q=0.8, text/markdown, application/pdf"
MEDIA_TYPES = frozenset(
    {
        "text/html",
        "application/xhtml+xml",
        "application/json",
        "application/ld+json",
        "text/plain",
        "text/markdown",
        "text/yaml",
        "text/x-yaml",
        "application/yaml",
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PORTS = {"http": 80, "https": 443}
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
CHUNK = 65_536
PASTE = "Open the page in your browser and paste its text instead."


class NotFetched(UserError):
    """Why a page was not fetched."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came: its last address, its media type without parameters, its bytes and how they are encoded."""

    url: str
    media_type: str
    content: bytes
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    location: str
    fetched: Fetched | None


class Fetcher:
    """Fetches public pages.

    Args:
        timeout_s: for everything together: name, connection, redirects, content.
        most_bytes: of the content as it is read, after unpacking.
        most_redirects: followed before it gives up.
        also: networks that are allowed although they are not public, on any port. Only tests give any.
        resolve: looks a name up, as `socket.getaddrinfo` does.
    """

    def __init__(
        self,
        *,
        timeout_s: float = 12.0,
        most_bytes: int = MAX_BYTES,
        most_redirects: int = 3,
        also: tuple[Network, ...] = (),
        resolve: Callable[..., list[Any]] = socket.getaddrinfo,
    ) -> None:
        self.timeout_s, self.most_bytes, self.most_redirects = timeout_s, most_bytes, most_redirects
        self.also, self.resolve = also, resolve

    def fetch(self, url: str) -> Fetched:
        """The page at an address.

        Raises:
            NotFetched: not an address of the public web, or the page did not come as it should.
        """
        deadline = time.monotonic() + self.timeout_s
        at = _parsed(url)
        for _ in range(self.most_redirects + 1):
            answer = self._once(at, deadline)
            if answer.fetched is not None:
                return answer.fetched
            then = _parsed(urljoin(urlunsplit(at), answer.location))
            if (at.scheme, then.scheme) == ("https", "http"):
                raise NotFetched("This page sends its readers from https to http.", remedy=PASTE)
            at = then
        raise NotFetched(f"This page sends its readers on more than {self.most_redirects} times.", remedy=PASTE)

    def _once(self, at: SplitResult, deadline: float) -> _Answer:
        connection = _Pinned(at, self._address_of(at), deadline)
        path = urlunsplit(("", "", at.path or "/", at.query, ""))
        try:
            connection.request(
                "GET",
                path,
                headers={
                    "User-Agent": USER_AGENT,
                    "Accept": TAKEN,
                    "Accept-Encoding": "gzip, identity",
                    "Connection": "close",
                },
            )
            response = connection.getresponse()
            if response.status in REDIRECTS and (location := response.headers.get("Location")):
                return _Answer(location, None)
            return _Answer("", self._page(at, response, deadline))
        except TimeoutError:
            raise NotFetched(f"This page did not come within {self.timeout_s:g} seconds.", remedy=PASTE) from None
        except ssl.SSLError as error:
            reason = error.reason or "no secure connection"
            raise NotFetched(f"The certificate of {at.hostname} cannot be trusted ({reason}).", remedy=PASTE) from None
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise NotFetched(
                f"{at.hostname} did not answer as a web page does ({type(error).__name__}).", remedy=PASTE
            ) from None
        finally:
            connection.end()

    def _page(self, at: SplitResult, response: http.client.HTTPResponse, deadline: float) -> Fetched:
        if response.status != 200:
            raise NotFetched(f"{at.hostname} answered {response.status} {response.reason}.", remedy=_remedy(response))
        media_type = response.headers.get_content_type()
        if media_type not in MEDIA_TYPES:
            raise NotFetched(
                f"This address holds {media_type}, not a page.", remedy="Give the posting's own page, text or PDF."
            )
        charset = response.headers.get_content_charset()
        return Fetched(urlunsplit(at), media_type, self._content(response, deadline), charset)

    def _content(self, response: http.client.HTTPResponse, deadline: float) -> bytes:
        unpack = _unpacking(response.headers.get("Content-Encoding", "identity").strip().lower())
        read = bytearray()
        while chunk := response.read1(CHUNK):
            read += unpack(chunk, self.most_bytes + 1 - len(read))
            if len(read) > self.most_bytes:
                raise NotFetched(
                    f"This page is larger than {self.most_bytes / 1_000_000:g} MB; a posting is a few pages.",
                    remedy="Give the address of the one posting, or paste its text.",
                )
            if time.monotonic() > deadline:
                raise TimeoutError
        return bytes(read)

    def _address_of(self, at: SplitResult) -> tuple[str, int]:
        """The address to connect to. Where one of a name's addresses is not public, none is taken."""
        host, port = at.hostname or "", at.port or PORTS[at.scheme]
        try:
            found = self.resolve(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise NotFetched(f"There is no {host} on the web.", remedy="Check the address.") from None
        addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        extra = [any(address in network for network in self.also) for address in addresses]
        public = [is_public(address) and port == PORTS[at.scheme] for address in addresses]
        if not addresses or not all(a or b for a, b in zip(extra, public, strict=True)):
            raise NotFetched(
                f"{host} is not on the public web, or not at its usual port; such addresses are not fetched.",
                remedy=PASTE,
            )
        return str(addresses[0]), port


def is_public(address: Address) -> bool:
    """On the open internet: not private, loopback, link-local, shared, reserved or multicast, nor wrapping such."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in NAT64:
            wrapped.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        inner = [one for one in wrapped if one is not None]
        if inner:
            return all(is_public(one) for one in inner)
    return address.is_global and not address.is_multicast


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever the name says by now; TLS is checked against the name."""

    def __init__(self, at: SplitResult, address: tuple[str, int], deadline: float) -> None:
        super().__init__(at.hostname or "", address[1])
        self._secure, self._address, self._deadline = at.scheme == "https", address, deadline
        self._open: socket.socket | None = None

    def connect(self) -> None:
        plain = socket.create_connection(self._address, _left(self._deadline))
        if self._secure:
            try:
                plain = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
            except BaseException:
                plain.close()
                raise
        self._open = plain
        self.sock: Any = _Hurried(plain, self._deadline)

    def end(self) -> None:
        """Closes for good; `close` leaves the answer to be read."""
        self.close()
        if self._open is not None:
            self._open.close()


class _Hurried:
    """A socket that ends with the deadline, however slowly the other side drips."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock, self._deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(_left(self._deadline))
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._sock, self._deadline))

    def close(self) -> None:
        """The connection lets go before its answer is read; `_Pinned.end` closes the socket itself."""


class _Reading(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: float) -> None:
        super().__init__()
        self._sock, self._deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(_left(self._deadline))
        return self._sock.recv_into(buffer)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _parsed(url: str) -> SplitResult:
    """The address in parts, without its fragment; whatever is not plainly a web address is refused."""
    given = url.strip()
    try:
        at = urlsplit(given)
        host, port = (at.hostname or "").encode("idna").decode("ascii"), at.port
    except (ValueError, UnicodeError):
        raise NotFetched("This is not a web address.", remedy="It begins with https://.") from None
    odd = any(character.isspace() or ord(character) < 33 for character in given)
    if at.scheme not in PORTS or not host or odd or len(given) > 2_000:
        raise NotFetched("This is not a web address.", remedy="It begins with https://.")
    if at.username is not None or at.password is not None:
        raise NotFetched("This address holds a name or password.", remedy="Give the address without it.")
    netloc = f"[{host}]" if ":" in host else host
    path = _ascii(at.path)
    return SplitResult(at.scheme, f"{netloc}:{port}" if port else netloc, path, _ascii(at.query), "")


def _ascii(part: str) -> str:
    """Letters beyond ASCII as a browser sends them."""
    return "".join(c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode()) for c in part)


def _unpacking(encoding: str) -> Callable[[bytes, int], bytes]:
    if encoding in ("identity", ""):
        return lambda chunk, most: chunk[:most]
    if encoding != "gzip":
        raise NotFetched(f"This page is packed as {encoding}, which was not asked for.", remedy=PASTE)
    packed = zlib.decompressobj(wbits=31)

    def unpack(chunk: bytes, most: int) -> bytes:
        try:
            return packed.decompress(chunk, most)
        except zlib.error:
            raise NotFetched("This page is packed, and the packing is broken.", remedy=PASTE) from None

    return unpack


def _remedy(response: http.client.HTTPResponse) -> str:
    if response.status in (401, 403):
        return f"It does not let programs in. {PASTE}"
    return "Check the address; the posting may be closed." if response.status in (404, 410) else PASTE
