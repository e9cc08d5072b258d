"""Fetches one page from outside for a person who asked for it, and nothing that is inside.

The name is resolved once, every address it has must be public, and the connection goes to that very address: a name
that answers differently a moment later changes nothing. Each redirect is looked at anew. Time and size are bounded as a
whole.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import httpcore

from tenfold import __version__
from tenfold.audit.intake import MAX_BYTES
from tenfold.kit.errors import UserError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
USER_AGENT = f"Tenfold/{__version__} (reads one posting because a person asked for it)"
SENDER = f"Tenfold/{__version__} (a webhook that an administrator set up)"
TAKEN = "text/html, application/xhtml+xml, application/json, text/plain;q=0.8, text/markdown, application/pdf"
HEADERS = {"User-Agent": USER_AGENT, "Accept": TAKEN, "Accept-Encoding": "gzip, identity", "Connection": "close"}
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
NEVER_PUBLIC = tuple(ipaddress.IPv6Network(net) for net in ("::/96", "64:ff9b:1::/48", "fec0::/10"))
"""Wrapped IPv4 of old, translation inside a network, site-local: Python counts some of them as global."""
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
        backend = PinnedBackend(self.address_of, time.monotonic() + self.timeout_s)
        at = parse_address(url)
        for _ in range(self.most_redirects + 1):
            found = self._once(at, backend)
            if isinstance(found, Fetched):
                return found
            then = parse_address(urljoin(urlunsplit(at), found))
            if (at.scheme, then.scheme) == ("https", "http"):
                raise NotFetched("This page sends its readers from https to http.", remedy=PASTE)
            at = then
        raise NotFetched(f"This page sends its readers on more than {self.most_redirects} times.", remedy=PASTE)

    def post(self, url: str, body: bytes, headers: dict[str, str], *, method: str = "POST") -> int:
        """Sends a body to an address and says the status of the answer, which is not read. Redirects are not followed.

        Raises:
            NotFetched: not an address of the public web, or nothing answered in time.
        """
        at = parse_address(url)
        backend = PinnedBackend(self.address_of, time.monotonic() + self.timeout_s)
        sent = {"User-Agent": SENDER, "Connection": "close", **headers}
        try:
            with (
                httpcore.ConnectionPool(network_backend=backend, max_connections=1) as pool,
                pool.stream(method, urlunsplit(at), headers=[*sent.items()], content=body) as response,
            ):
                return response.status
        except (TimeoutError, httpcore.TimeoutException):
            raise NotFetched(f"No answer within {self.timeout_s:g} seconds.", remedy="Check the address.") from None
        except (OSError, httpcore.ProtocolError, httpcore.NetworkError, UnicodeError) as error:
            raise NotFetched(
                f"{at.hostname} did not answer ({type(error).__name__}).", remedy="Check the address."
            ) from None

    def _once(self, at: SplitResult, backend: PinnedBackend) -> Fetched | str:
        """The page, or where it sends its readers."""
        try:
            with (
                httpcore.ConnectionPool(network_backend=backend, max_connections=1) as pool,
                pool.stream("GET", urlunsplit(at), headers=[*HEADERS.items()]) as response,
            ):
                answer = _Answer(response)
                location = answer.header("location")
                return location if response.status in REDIRECTS and location else self._page(at, answer, backend)
        except (TimeoutError, httpcore.TimeoutException):
            raise NotFetched(f"This page did not come within {self.timeout_s:g} seconds.", remedy=PASTE) from None
        except (ssl.SSLError, httpcore.ConnectError) as error:
            raise _connection_problem(at, error) from None
        except (OSError, httpcore.ProtocolError, httpcore.NetworkError, UnicodeError) as error:
            raise NotFetched(
                f"{at.hostname} did not answer as a web page does ({type(error).__name__}).", remedy=PASTE
            ) from None

    def _page(self, at: SplitResult, answer: _Answer, backend: PinnedBackend) -> Fetched:
        if answer.status != 200:
            raise NotFetched(f"{at.hostname} answered {answer.status}.", remedy=_remedy(answer.status))
        media_type = answer.content_type.get_content_type()
        if media_type not in MEDIA_TYPES:
            raise NotFetched(
                f"This address holds {media_type}, not a page.", remedy="Give the posting's own page, text or PDF."
            )
        charset = answer.content_type.get_content_charset()
        return Fetched(urlunsplit(at), media_type, self._content(answer, backend), charset)

    def _content(self, answer: _Answer, backend: PinnedBackend) -> bytes:
        unpack = _unpacking((answer.header("content-encoding") or "identity").strip().lower())
        read = bytearray()
        for chunk in answer.response.iter_stream():
            read += unpack(chunk, self.most_bytes + 1 - len(read))
            if len(read) > self.most_bytes:
                raise NotFetched(
                    f"This page is larger than {self.most_bytes / 1_000_000:g} MB; a posting is a few pages.",
                    remedy="Give the address of the one posting, or paste its text.",
                )
            backend.seconds_left()
        return bytes(read)

    def address_of(self, host: str, port: int) -> str:
        """The address to connect to. Where one of a name's addresses is not public, none is taken."""
        try:
            found = self.resolve(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise NotFetched(f"There is no {host} on the web.", remedy="Check the address.") from None
        addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        extra = [any(address in network for network in self.also) for address in addresses]
        public = [is_public(address) and port in PORTS.values() for address in addresses]
        if not addresses or not all(a or b for a, b in zip(extra, public, strict=True)):
            raise NotFetched(
                f"{host} is not on the public web, or not at its usual port; such addresses are not fetched.",
                remedy=PASTE,
            )
        return str(addresses[0])


def is_public(address: Address) -> bool:
    """On the open internet: not private, loopback, link-local, shared, reserved or multicast, nor wrapping such."""
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in network for network in NEVER_PUBLIC):
            return False
        wrapped = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in NAT64:
            wrapped.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        inner = [one for one in wrapped if one is not None]
        if inner:
            return all(is_public(one) for one in inner)
    return address.is_global and not address.is_multicast


class _Answer:
    """A response with its headers by name."""

    def __init__(self, response: httpcore.Response) -> None:
        self.response, self.status = response, response.status

    def header(self, name: str) -> str | None:
        values = [value for key, value in self.response.headers if key.lower() == name.encode()]
        return values[-1].decode("latin-1") if values else None

    @property
    def content_type(self) -> Message:
        message = Message()
        message["Content-Type"] = self.header("content-type") or "text/plain"
        return message


class PinnedBackend(httpcore.SyncBackend):
    """Connects to the address that was judged, whatever the name says by then, and ends with the deadline."""

    def __init__(self, address_of: Callable[[str, int], str], deadline: float) -> None:
        self._address_of, self._deadline = address_of, deadline

    def seconds_left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the base's signature
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        address = self._address_of(host, port)
        stream = super().connect_tcp(address, port, self.seconds_left(), local_address, socket_options)
        return _Hurried(stream, self.seconds_left)


class _Hurried(httpcore.NetworkStream):
    """A stream that ends with the deadline, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, seconds_left: Callable[[], float]) -> None:
        self._stream, self._seconds_left = stream, seconds_left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the base's signature
        return self._stream.read(max_bytes, self._seconds_left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the base's signature
        self._stream.write(buffer, self._seconds_left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the base's signature
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, self._seconds_left())
        return _Hurried(secure, self._seconds_left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _connection_problem(at: SplitResult, error: Exception) -> NotFetched:
    if "CERTIFICATE" in str(error) or "SSL" in str(error):
        reason = getattr(error, "reason", None) or "no secure connection"
        return NotFetched(f"The certificate of {at.hostname} cannot be trusted ({reason}).", remedy=PASTE)
    return NotFetched(f"{at.hostname} did not answer as a web page does ({type(error).__name__}).", remedy=PASTE)


def parse_address(url: str) -> SplitResult:
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


def _remedy(status: int) -> str:
    if status in (401, 403):
        return f"It does not let programs in. {PASTE}"
    return "Check the address; the posting may be closed." if status in (404, 410) else PASTE
