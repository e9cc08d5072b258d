"""Reads outside APIs that an organisation named (its forge, its incident tool), as guarded as pages are fetched.

Services inside the operator's own networks are reached where `TENFOLD_SOURCE_NETWORKS` names them (`10.0.0.0/8`).
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlunsplit

import httpcore

from tenfold import __version__
from tenfold.core.fetching import Fetcher, NotFetched, PinnedBackend, parse_address
from tenfold.core.json_service import own_networks

MOST_BYTES = 20_000_000
TIMEOUT_S = 30.0
NETWORKS = "TENFOLD_SOURCE_NETWORKS"
NO_ANSWER = "Check that the address is right and the service is up; it is asked again by itself."


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """What a service answered: its status, its headers with names in lower case, and its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class ApiReader(Fetcher):
    """Asks with GET only; follows no redirect, so that a token goes to the address that was named and nowhere else."""

    def __init__(self) -> None:
        super().__init__(timeout_s=TIMEOUT_S, most_bytes=MOST_BYTES, most_redirects=0, also=own_networks(NETWORKS))

    def ask(self, url: str, *, headers: Mapping[str, str]) -> ApiAnswer:
        """The answer, whatever its status.

        Raises:
            NotFetched: an address that is not reached from here, or no whole answer in time.
        """
        at = parse_address(url)
        sent = {"User-Agent": f"Tenfold/{__version__}", "Accept": "application/json", "Connection": "close", **headers}
        backend = PinnedBackend(self.address_of, time.monotonic() + self.timeout_s)
        try:
            with (
                httpcore.ConnectionPool(network_backend=backend, max_connections=1) as pool,
                pool.stream("GET", urlunsplit(at), headers=[*sent.items()]) as response,
            ):
                return ApiAnswer(response.status, _headers(response), self._read_bounded(response, at))
        except (TimeoutError, httpcore.TimeoutException):
            raise NotFetched(
                f"{at.hostname} did not answer within {self.timeout_s:g} seconds.", remedy=NO_ANSWER
            ) from None
        except (OSError, ssl.SSLError, httpcore.ProtocolError, httpcore.NetworkError, UnicodeError) as error:
            raise NotFetched(f"{at.hostname} did not answer ({type(error).__name__}).", remedy=NO_ANSWER) from None

    def _read_bounded(self, response: httpcore.Response, at: SplitResult) -> bytes:
        read = bytearray()
        for chunk in response.iter_stream():
            read += chunk
            if len(read) > self.most_bytes:
                raise NotFetched(
                    f"{at.hostname} answers with more than {self.most_bytes / 1_000_000:g} MB at once.",
                    remedy="Ask for fewer entries a page, such as per_page=50 or limit=50.",
                )
        return bytes(read)


def _headers(response: httpcore.Response) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
