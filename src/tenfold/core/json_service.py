"""Asks an outside service that an organisation named (its identity provider) for JSON, as guarded as pages are fetched.

Services inside the operator's own networks are reached where `TENFOLD_SIGN_IN_NETWORKS` names them (`10.0.0.0/8`).
"""

from __future__ import annotations

import ipaddress
import json
import os
import ssl
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlunsplit

import httpcore

from tenfold import __version__
from tenfold.core.fetching import Fetcher, Network, PinnedBackend, parse_address
from tenfold.kit.errors import UserError

MOST_BYTES = 500_000
TIMEOUT_S = 10.0
NETWORKS = "TENFOLD_SIGN_IN_NETWORKS"


class ServiceFailed(UserError):
    """The service did not answer as it should."""


def own_networks(variable: str = NETWORKS) -> tuple[Network, ...]:
    """The networks that the operator allows beside the public web, by the environment variable that names them.

    Raises:
        UserError: one of them is no network.
    """
    try:
        return tuple(ipaddress.ip_network(one) for one in os.environ.get(variable, "").replace(",", " ").split())
    except ValueError as error:
        raise UserError(
            f"{variable} names what is no network: {error}.", remedy="As 10.0.0.0/8, between commas."
        ) from None


class JsonService(Fetcher):
    """Gets and posts; no redirects are followed, and only https is spoken but to this very machine."""

    def __init__(self) -> None:
        super().__init__(timeout_s=TIMEOUT_S, most_bytes=MOST_BYTES, most_redirects=0, also=own_networks())

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        return self._ask("GET", url, headers=headers or {}, body=b"")

    def post_form(
        self, url: str, form: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        head = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self._ask("POST", url, headers=head, body=urlencode(form).encode())

    def _ask(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """The answer's JSON object.

        Raises:
            ServiceFailed: no answer, or none of status 200 with a JSON object of a sensible size.
            NotFetched: an address that is not reached from here.
        """
        at = parse_address(url)
        if at.scheme != "https" and not _is_loopback(at.hostname or ""):
            raise ServiceFailed(f"{at.hostname} is asked over https only.", remedy="Give an address with https://.")
        head = {"User-Agent": f"Tenfold/{__version__}", "Accept": "application/json", "Connection": "close", **headers}
        backend = PinnedBackend(self.address_of, time.monotonic() + self.timeout_s)
        try:
            with (
                httpcore.ConnectionPool(network_backend=backend, max_connections=1) as pool,
                pool.stream(method, urlunsplit(at), headers=[*head.items()], content=body) as response,
            ):
                content = self._read_bounded(response)
        except (TimeoutError, httpcore.TimeoutException):
            raise ServiceFailed(f"{at.hostname} did not answer within {self.timeout_s:g} seconds.") from None
        except (OSError, ssl.SSLError, httpcore.ProtocolError, httpcore.NetworkError) as error:
            raise ServiceFailed(f"{at.hostname} did not answer ({type(error).__name__}).") from None
        return _object(content, response.status, at.hostname or "")

    def _read_bounded(self, response: httpcore.Response) -> bytes:
        read = bytearray()
        for chunk in response.iter_stream():
            read += chunk
            if len(read) > self.most_bytes:
                raise ServiceFailed("The service answers with more than it may.")
        return bytes(read)


def _object(content: bytes, status: int, host: str) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if status == 200 and isinstance(said, dict):
        return said
    reason = said.get("error") if isinstance(said, dict) else None
    raise ServiceFailed(f"{host} answered {status}{f' ({str(reason)[:80]})' if reason else ''}.")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
