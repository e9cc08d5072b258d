"""Fifty people behind nginx as docs/operate.md sets it up, for a minute alone and for a minute beside hostile clients.

Each person comes from an own address of loopback, by TLS; what they do is that of `benchmarks.web_load`. In the second
minute forty clients drip headers and forty send large bodies slowly, each anew when it is turned away.

Run: .venv/bin/python -m benchmarks.web_proxy
     bin/with-postgres .venv/bin/python -m benchmarks.web_proxy
"""

# ruff: noqa: PLC0415 - Django is ready only after `at_home`
from __future__ import annotations

import argparse
import asyncio
import os
import socket
import ssl
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from tests.deployment import HOST, Deployment, certificate_in, free_ports, nginx_before, running

from benchmarks.web_load import Told, lost, p95, visit
from benchmarks.web_visitors import Browser, Person, Proxy, Server, at_home, people

HOSTILE = 40
"""Clients that drip headers, and as many that send large bodies."""
HEADERS = f"GET /plans/ HTTP/1.1\r\nHost: {HOST}\r\nX-A: ".encode()
BODY = f"POST /sign-in/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 29000000\r\n\r\n".encode()


async def disturb(port: int, context: ssl.SSLContext, number: int, until: float) -> None:
    """One client that is slow or heavy, again and again."""
    first, piece = (HEADERS, b"a") if number % 2 else (BODY, b"x" * 60_000)
    own = (f"127.0.2.{1 + number // 20}", 0)
    while time.monotonic() < until:
        with suppress(OSError, EOFError):
            _, writer = await asyncio.open_connection(
                "127.0.0.1", port, ssl=context, server_hostname=HOST, local_addr=own
            )
            writer.write(first)
            while time.monotonic() < until and not writer.is_closing():
                writer.write(piece)
                await asyncio.wait_for(writer.drain(), 5)
                await asyncio.sleep(1)
            writer.close()
        await asyncio.sleep(0.2)


async def minute(everyone: tuple[Person, ...], made: Deployment, seconds: float, told: Told, *, hostile: int) -> Told:
    """What people did; `told` holds what they saved before."""
    context, until = ssl.create_default_context(cafile=str(made.certificate)), time.monotonic() + seconds
    browsers = (
        Browser(made.tls, person, proxy=Proxy(HOST, context, f"127.0.1.{1 + at}")) for at, person in enumerate(everyone)
    )
    now = Told(saved=told.saved, said=told.said)
    visits = (visit(browser, until=until, think_s=2.0, told=now) for browser in browsers)
    await asyncio.gather(*visits, *(disturb(made.tls, context, number, until) for number in range(2 * hostile)))
    return now


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--people", type=int, default=50)
    asked.add_argument("--seconds", type=float, default=60)
    given = asked.parse_args()
    os.environ |= {"TENFOLD_URL": f"https://{HOST}", "TENFOLD_BEHIND_PROXY": "1"}
    home, folder = at_home(), Path(tempfile.mkdtemp(prefix="tenfold-nginx-"))
    from django.db import connection

    everyone = people(given.people)
    connection.close()
    server, (plain, tls) = Server(workers=2), free_ports(2)
    made = Deployment(home, server.port, plain, tls, certificate_in(folder), {})
    load = os.getloadavg()[0]
    try:
        server.wait()
        with running(nginx_before(folder, made), None, folder / "log"):
            _wait_for(tls)
            warm = asyncio.run(minute(everyone, made, 8, Told(), hostile=0))
            alone = asyncio.run(minute(everyone, made, given.seconds, warm, hostile=0))
            beside = asyncio.run(minute(everyone, made, given.seconds, alone, hostile=HOSTILE))
    finally:
        server.end()
    print(f"{connection.vendor}, nginx, 2 server processes, {given.people} people, twice {given.seconds:g} s; ", end="")
    print(f"load of the machine before: {load:.1f}")
    worst = [_line("alone", alone), _line(f"beside {2 * HOSTILE} slow and heavy clients", beside)]
    missing = lost(beside)
    print(f"{worst[1] / worst[0]:.2f} times as long at the 95th percentile; lost: {missing or 'none'}")
    errors = warm.errors + alone.errors + beside.errors
    if errors or missing or worst[1] > 2 * worst[0]:
        print("\n".join(errors[:10]))
        raise SystemExit(1)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)


def _line(name: str, told: Told) -> float:
    pages = [ms for act, taken in told.taken_ms.items() if act != "static" for ms in taken]
    print(f"{name}: {len(pages)} pages, {len(told.errors)} errors, p95 {p95(pages):.0f} ms")
    return p95(pages)


if __name__ == "__main__":
    main()
