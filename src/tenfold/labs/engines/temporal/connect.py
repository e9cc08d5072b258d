"""Where Temporal's server and the store are, and how to reach them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.service import TLSConfig

from tenfold.kit.errors import UserError

ADDRESS, NAMESPACE, STORE = "TENFOLD_TEMPORAL", "TENFOLD_TEMPORAL_NAMESPACE", "TENFOLD_STORE"
CA, CERTIFICATE, KEY = "TENFOLD_TEMPORAL_CA", "TENFOLD_TEMPORAL_CERTIFICATE", "TENFOLD_TEMPORAL_KEY"
TIMEOUT, FREEZE = "TENFOLD_HEARTBEAT_TIMEOUT_S", "TENFOLD_FREEZE_AFTER_S"

LEAST_MARGIN_S = 1.5
"""A lease is looked at twice a second, and a room takes a moment to freeze: then another may hold it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`address` is host:port. With certificate and key both sides prove who they are (mutual TLS)."""

    address: str
    store: str
    namespace: str = "default"
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    heartbeat_timeout_s: float = 60.0
    freeze_after_s: float = 45.0

    def __post_init__(self) -> None:
        if not 0 < self.freeze_after_s <= self.heartbeat_timeout_s - LEAST_MARGIN_S:
            raise UserError(
                f"{FREEZE} is {self.freeze_after_s:g} and {TIMEOUT} {self.heartbeat_timeout_s:g}: a host "
                "that is cut off would freeze its rooms after another may hold them",
                remedy=f"freeze at least {LEAST_MARGIN_S:g} s before the timeout, better at three quarters of it",
            )
        if (self.certificate is None) != (self.key is None):
            raise UserError(f"{CERTIFICATE} and {KEY} go together", remedy="set both, or neither")


def settings() -> Settings:
    """From the environment. Raises `UserError` where something is missing or no number."""
    address, store = os.environ.get(ADDRESS, ""), os.environ.get(STORE, "")
    if not address or not store:
        missing = ADDRESS if not address else STORE
        raise UserError(
            f"{missing} is not set", remedy="see docs/scale.md: the server's host:port, and a shared folder"
        )
    timeout_s = _seconds(TIMEOUT, 60.0)
    return Settings(
        address=address,
        store=store,
        namespace=os.environ.get(NAMESPACE, "default"),
        ca=_file(CA),
        certificate=_file(CERTIFICATE),
        key=_file(KEY),
        heartbeat_timeout_s=timeout_s,
        freeze_after_s=_seconds(FREEZE, timeout_s * 0.75),
    )


def _seconds(name: str, otherwise: float) -> float:
    text = os.environ.get(name, "")
    try:
        return float(text) if text else otherwise
    except ValueError:
        raise UserError(f"{name} is {text!r}", remedy="a number of seconds") from None


def _file(name: str) -> Path | None:
    text = os.environ.get(name, "")
    if text and not Path(text).is_file():
        raise UserError(f"{name} names {text}, where there is no file", remedy="name a PEM file that can be read")
    return Path(text) if text else None


async def client_of(found: Settings, *, identity: str = "") -> Client:
    """Raises `UserError` where no server answers."""
    try:
        return await Client.connect(
            found.address,
            namespace=found.namespace,
            tls=_tls(found),
            identity=identity or None,
            connect_timeout=timedelta(seconds=10),
        )
    except RuntimeError as error:
        raise UserError(
            f"no Temporal server answers at {found.address}: {str(error)[:200]}",
            remedy=f"start one, or set {ADDRESS} to where it is",
        ) from error


def _tls(found: Settings) -> bool | TLSConfig:
    if found.ca is None and found.certificate is None:
        return False
    return TLSConfig(
        server_root_ca_cert=found.ca.read_bytes() if found.ca else None,
        client_cert=found.certificate.read_bytes() if found.certificate else None,
        client_private_key=found.key.read_bytes() if found.key else None,
    )
