"""Hosts in network namespaces of this machine, certificates for them, and lines that are cut one way or both."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ipaddress
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAY = dt.timedelta(days=1)


def why_no_networks() -> str:
    """Why no network namespaces can be made here; "" where they can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not shutil.which("ip") or not shutil.which("nsenter"):
        return "ip or nsenter is not installed (bin/system)"
    name = f"tf{os.getpid()}x"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode == 0
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
    return "" if made else "no network namespaces can be made here"


def _ip(*words: str, check: bool = True) -> None:
    subprocess.run(["ip", *words], check=check, capture_output=True)


@dataclass(frozen=True, slots=True)
class Network:
    """A namespace and its line to this machine. `number`: of this process, up to 60."""

    number: int

    @property
    def name(self) -> str:
        return f"tf{os.getpid()}n{self.number}"

    @property
    def ours(self) -> str:
        """This machine's address on the line."""
        return f"10.213.{os.getpid() % 250}.{4 * self.number + 1}"

    @property
    def theirs(self) -> str:
        return f"10.213.{os.getpid() % 250}.{4 * self.number + 2}"

    def make(self) -> None:
        here, there = f"{self.name}h", f"{self.name}t"
        _ip("netns", "add", self.name)
        _ip("link", "add", here, "type", "veth", "peer", "name", there)
        _ip("link", "set", there, "netns", self.name)
        _ip("addr", "add", f"{self.ours}/30", "dev", here)
        _ip("link", "set", here, "up")
        self._there("addr", "add", f"{self.theirs}/30", "dev", there)
        self._there("link", "set", there, "up")
        self._there("link", "set", "lo", "up")

    def _there(self, *words: str, check: bool = True) -> None:
        _ip("-n", self.name, *words, check=check)

    def cut(self, *, out: bool, back: bool) -> None:
        """What the host sends (`out`), or what is sent to it (`back`), arrives nowhere, and nobody says so."""
        if out:
            self._there("route", "add", "blackhole", f"{self.ours}/32")
        if back:
            _ip("route", "add", "blackhole", f"{self.theirs}/32")

    def mend(self) -> None:
        self._there("route", "del", "blackhole", f"{self.ours}/32", check=False)
        _ip("route", "del", "blackhole", f"{self.theirs}/32", check=False)

    def remove(self) -> None:
        self.mend()
        _ip("netns", "del", self.name, check=False)
        _ip("link", "del", f"{self.name}h", check=False)


@dataclass(frozen=True, slots=True)
class Papers:
    """Files of an authority and of one member."""

    ca: Path
    certificate: Path
    key: Path

    def variables(self) -> dict[str, str]:
        return {
            "TENFOLD_TEMPORAL_CA": str(self.ca),
            "TENFOLD_TEMPORAL_CERTIFICATE": str(self.certificate),
            "TENFOLD_TEMPORAL_KEY": str(self.key),
        }


class Authority:
    """Signs certificates for addresses. For tests alone: keys lie in files beside each other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"authority {folder.name}")])
        made = self._builder(self._name, self._key).add_extension(x509.BasicConstraints(True, None), critical=True)
        self.file = folder / "ca.pem"
        self.file.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def _builder(self, name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        made = x509.CertificateBuilder().subject_name(name).issuer_name(self._name).public_key(key.public_key())
        return made.serial_number(x509.random_serial_number()).not_valid_before(now - _DAY).not_valid_after(now + _DAY)

    def papers(self, name: str, *addresses: str) -> Papers:
        key = ec.generate_private_key(ec.SECP256R1())
        known = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(one)) for one in addresses])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        signed = self._builder(subject, key).add_extension(known, critical=False).sign(self._key, hashes.SHA256())
        found = Papers(self.file, self._folder / f"{name}.pem", self._folder / f"{name}.key")
        found.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        found.key.write_bytes(key.private_bytes(*kinds))
        return found


async def serve_tls(papers: Papers, to: str, *at: str) -> tuple[int, asyncio.Server]:
    """Mutual TLS before a server that speaks none, as a proxy would; returns the port and what to close."""
    from tenfold.labs.engines.temporal.lines import tls_of

    host, _, port = to.rpartition(":")

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):  # ended with its loop
            far_reader, far_writer = await asyncio.open_connection(host, int(port))
            await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))

    tls = tls_of(papers.ca, papers.certificate, papers.key, for_host=True)
    first = await asyncio.start_server(carry, list(at), 0 if len(at) == 1 else _port_for_all(at), ssl=tls)
    return int(first.sockets[0].getsockname()[1]), first


def _port_for_all(at: tuple[str, ...]) -> int:
    import socket

    with socket.socket() as probe:
        probe.bind((at[0], 0))
        return int(probe.getsockname()[1])


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while block := await reader.read(65536):
            writer.write(block)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.transport.abort()
