"""One connection between a web process and a host that carries many lines to rooms: HTTP/2 over mutual TLS.

HTTP/2 has what is needed and is written down: streams, a window for each so that a slow reader stops nobody else, and
pings that tell a line that was cut from one on which nobody speaks.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import cast

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings

PING_S, SILENCE_S = 1.0, 4.0
"""A ping each second; after so long without any byte the other side is taken to be out of reach."""
_WINDOW, _ALL_WINDOWS, _MOST_STREAMS = 512 * 1024, 64 * 1024 * 1024, 20_000
_BUFFER = 256 * 1024
_REQUEST = [(":method", "POST"), (":scheme", "https"), (":authority", "rooms"), (":path", "/")]
_RESPONSE = [(":status", "200")]


class LineCut(Exception):
    """The connection has ended, or the other side is out of reach."""


class Stream:
    """One line: bytes both ways. Reading gives b"" at its end."""

    def __init__(self, connection: Lines, number: int) -> None:
        self.number = number
        self._connection = connection
        self._came: deque[tuple[bytes, int]] = deque()
        self._to_send = bytearray()
        self._is_ending = self._has_ended = False
        self.is_over = self.was_ended = False
        self._news, self._room = asyncio.Event(), asyncio.Event()
        self._room.set()

    async def read(self) -> bytes:
        while not self._came:
            if self._has_ended or self.is_over:
                return b""
            self._news.clear()
            await self._news.wait()
        block, counted = self._came.popleft()
        self._connection.acknowledge(self.number, counted)
        return block

    async def write(self, block: bytes) -> None:
        """Waits while the other side takes no more. Raises `LineCut`."""
        if self.is_over or self._is_ending:
            raise LineCut
        self._to_send += block
        self._connection.flush(self)
        if len(self._to_send) > _BUFFER:
            self._room.clear()
            await self._room.wait()
        if self.is_over:
            raise LineCut

    def end(self) -> None:
        """Nothing more will be written; what was is sent first."""
        if not (self._is_ending or self.is_over):
            self._is_ending = True
            self._connection.flush(self)

    def drop(self) -> None:
        """Both directions end at once."""
        self._connection.drop(self)

    # of the connection

    def take(self, block: bytes, counted: int) -> None:
        self._came.append((block, counted))
        self._news.set()

    def take_end(self) -> None:
        self._has_ended = True
        self._news.set()

    def close(self) -> int:
        """It is over; returns how many bytes lie here unread."""
        self.is_over = True
        self._news.set()
        self._room.set()
        unread = sum(counted for _, counted in self._came)
        if not self._has_ended:
            self._came.clear()
            return unread
        return 0

    def next_block(self, most: int) -> bytes:
        block = bytes(self._to_send[:most])
        del self._to_send[:most]
        if len(self._to_send) < _BUFFER // 2:
            self._room.set()
        return block

    @property
    def waits_to_send(self) -> bool:
        return bool(self._to_send)

    @property
    def ends_now(self) -> bool:
        return self._is_ending and not self._to_send


class Lines(asyncio.Protocol):
    """One end of the connection. `on_stream`: told of each line that the other side opens, on the host's end."""

    def __init__(self, on_stream: Callable[[Stream], None] | None = None) -> None:
        self._on_stream = on_stream
        self._http = h2.connection.H2Connection(h2.config.H2Configuration(client_side=on_stream is None))
        self._streams: dict[int, Stream] = {}
        self._transport: asyncio.Transport | None = None
        self._may_write = True
        self._heard_at = time.monotonic()
        self._pinging: asyncio.Task[None] | None = None
        self.is_cut = False

    # asyncio's

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._http.initiate_connection()
        codes = h2.settings.SettingCodes
        self._http.update_settings({codes.INITIAL_WINDOW_SIZE: _WINDOW, codes.MAX_CONCURRENT_STREAMS: _MOST_STREAMS})
        self._http.increment_flow_control_window(_ALL_WINDOWS)
        self._send_out()
        self._pinging = asyncio.get_running_loop().create_task(self._ping())

    def data_received(self, data: bytes) -> None:
        self._heard_at = time.monotonic()
        try:
            happened = self._http.receive_data(data)
        except h2.exceptions.ProtocolError:
            self.close()
            return
        for event in happened:
            self._take(event)
        self._send_out()
        self._flush_all()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  why it ended is all the same
        self.is_cut = True
        if self._pinging:
            self._pinging.cancel()
        for stream in list(self._streams.values()):
            stream.close()
        self._streams.clear()

    def pause_writing(self) -> None:
        self._may_write = False

    def resume_writing(self) -> None:
        self._may_write = True
        self._flush_all()

    # what happens

    def _take(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.RequestReceived(stream_id=int(number)) if self._on_stream is not None:
                self._http.send_headers(number, _RESPONSE)
                stream = self._streams[number] = Stream(self, number)
                self._on_stream(stream)
            case h2.events.DataReceived(stream_id=int(number), data=data, flow_controlled_length=counted):
                if (found := self._streams.get(number)) is not None:
                    found.take(data or b"", counted or 0)
                else:
                    self.acknowledge(number, counted or 0)
            case h2.events.StreamEnded(stream_id=int(number)):
                if (found := self._streams.get(number)) is not None:
                    found.take_end()
            case h2.events.StreamReset(stream_id=int(number)):
                self._forget(number)
            case h2.events.ConnectionTerminated():
                self.close()

    def _forget(self, number: int) -> None:
        if (found := self._streams.pop(number, None)) is not None:
            self.acknowledge(number, found.close())

    # what streams ask

    def open(self) -> Stream:
        """Raises `LineCut`."""
        if self.is_cut:
            raise LineCut
        try:
            number = self._http.get_next_available_stream_id()
            self._http.send_headers(number, _REQUEST)
        except h2.exceptions.ProtocolError as error:
            self.close()
            raise LineCut from error
        self._send_out()
        stream = self._streams[number] = Stream(self, number)
        return stream

    def acknowledge(self, number: int, counted: int) -> None:
        """So many bytes were read: as many more may come."""
        if counted and not self.is_cut:
            with contextlib.suppress(h2.exceptions.ProtocolError):
                self._http.acknowledge_received_data(counted, number)
            self._send_out()

    def flush(self, stream: Stream) -> None:
        if self.is_cut or stream.number not in self._streams:
            return
        try:
            self._send_waiting(stream)
        except h2.exceptions.ProtocolError:
            self._forget(stream.number)
        self._send_out()

    def _send_waiting(self, stream: Stream) -> None:
        while stream.waits_to_send and self._may_write:
            most = min(self._http.local_flow_control_window(stream.number), self._http.max_outbound_frame_size)
            if most <= 0:
                return
            self._http.send_data(stream.number, stream.next_block(most))
            self._send_out()
        if stream.ends_now and not stream.was_ended:
            stream.was_ended = True
            self._http.end_stream(stream.number)

    def drop(self, stream: Stream) -> None:
        if self._streams.get(stream.number) is stream:
            with contextlib.suppress(h2.exceptions.ProtocolError):
                self._http.reset_stream(stream.number)
            self._forget(stream.number)
            self._send_out()

    def _flush_all(self) -> None:
        for stream in list(self._streams.values()):
            if stream.waits_to_send or stream.ends_now:
                self.flush(stream)

    def _send_out(self) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.write(self._http.data_to_send())

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_S)
            if time.monotonic() - self._heard_at > SILENCE_S and self._transport:
                self._transport.abort()  # what lies in its buffer would keep it open
                return
            self._http.ping(b"tenfold!")
            self._send_out()

    def close(self) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.close()

    def cut(self) -> None:
        """At once, whatever is still to be sent."""
        if self._transport:
            self._transport.abort()


async def pump(stream: Stream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Joins a line and a socket until both directions have ended, or one of them is cut."""

    async def out() -> None:
        while block := await reader.read(65536):
            await stream.write(block)
        stream.end()

    async def back() -> None:
        while block := await stream.read():
            writer.write(block)
            await writer.drain()
        with contextlib.suppress(OSError):
            writer.write_eof()

    parts = [asyncio.ensure_future(out()), asyncio.ensure_future(back())]
    try:
        await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait(parts, timeout=1.0)  # who ends one direction is read to the end
    finally:
        for part in parts:
            part.cancel()
        for ended in await asyncio.gather(*parts, return_exceptions=True):
            if isinstance(ended, BaseException) and not isinstance(ended, (LineCut, OSError, asyncio.CancelledError)):
                raise ended
        stream.drop()
        writer.close()


def tls_of(ca: Path, certificate: Path, key: Path, *, for_host: bool) -> ssl.SSLContext:
    """Both sides prove who they are by certificates of one authority. Raises OSError for files that are none."""
    purpose = ssl.Purpose.CLIENT_AUTH if for_host else ssl.Purpose.SERVER_AUTH
    found = ssl.create_default_context(purpose, cafile=str(ca))
    found.minimum_version = ssl.TLSVersion.TLSv1_3
    found.verify_mode = ssl.CERT_REQUIRED
    found.load_cert_chain(str(certificate), str(key))
    found.set_alpn_protocols(["h2"])
    return found
