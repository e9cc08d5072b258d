"""Clients against servers that answer in every way there is, over real sockets."""

from __future__ import annotations

import contextlib
import socket
import time

import pytest

from tenfold.labs.tenfold_grader.clients import V2, Patience, Reply
from tenfold.labs.tenfold_grader.load import at_once
from tenfold.labs.tenfold_grader.results import OutOfPatience
from tests.labs.kit.rooms import PlainRoom, Serve, saying, serving

OK = b"HTTP/1.1 200 OK\r\n"


def reply_of(serve: Serve, timeout_s: float = 5) -> Reply:
    with serving(serve) as port:
        http = PlainRoom({"candidate": port}).service("candidate").http(80, timeout_s)
        with contextlib.closing(http):
            return http.get("/")


def test_an_answer_is_read_with_and_without_its_length() -> None:
    with_length = reply_of(saying(OK + b'Content-Length: 9\r\n\r\n{"a": 1}\n'))
    until_closed = reply_of(saying(b'HTTP/1.0 200 OK\r\n\r\n{"a":', b" 1}\n"))
    in_chunks = reply_of(saying(OK + b'Transfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n4\r\n: 1}\r\n0\r\n\r\n'))
    assert [one.json() for one in (with_length, until_closed, in_chunks)] == [{"a": 1}] * 3


@pytest.mark.parametrize(
    "said",
    [b"", b"\x00\xff" * 300, b"HTTP/9 x\r\n\r\n", OK + b"Content-Length: 100\r\n\r\nhalf", OK + b"a: b\r\n" * 500 + b"\r\n",
     OK + b"Content-Length: -5\r\n\r\n", OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"],
    ids=["nothing", "no http", "bad version", "half", "many headers", "negative length", "bad chunk"],
)  # fmt: skip
def test_what_is_no_whole_answer_is_an_answer_without_json_or_a_connection_error(said: bytes) -> None:
    try:
        assert reply_of(saying(said)).json() is None
    except ConnectionError as error:
        assert "GET /" in str(error)


def dripping(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(OK + b"Content-Length: 100000\r\n\r\n")
    for _ in range(1000):
        connection.sendall(b" ")
        time.sleep(0.02)


def test_a_dripping_answer_ends_at_its_time_however_often_it_drips() -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError, match="no whole answer"):
        reply_of(dripping, timeout_s=0.5)
    assert time.monotonic() - began < 3


def endless(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"1," * 100_000)


def test_an_endless_answer_is_cut_and_is_no_json() -> None:
    reply = reply_of(endless)
    assert (reply.is_truncated, reply.json(), len(reply.body)) == (True, None, 4 << 20)


def test_patience_ends_and_scales_with_what_the_reference_takes() -> None:
    reference, mine = Patience(), Patience(0.2, times=10)
    mine.reference = reference
    mine.used_s = 0.3
    with pytest.raises(OutOfPatience):
        mine.allowed(5)
    reference.used_s = 0.1  # the machine is loaded: the reference took longer as well
    assert mine.allowed(5) == pytest.approx(0.7)


def test_a_kept_connection_that_was_closed_is_opened_anew() -> None:
    def one_each(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(OK + b"Content-Length: 2\r\n\r\n{}")  # keeps alive by its version, and closes all the same

    with serving(one_each) as port:
        with contextlib.closing(PlainRoom({"candidate": port}).service("candidate").http(80)) as http:
            assert [http.get("/").json() for _ in range(3)] == [{}, {}, {}]


@pytest.mark.parametrize(
    ("body", "data"),
    [(b'{"outputs": [{"data": [1, 2.5]}]}', [1.0, 2.5]), (b'{"outputs": [{"data": [[1], [2]]}]}', [1.0, 2.0]),
     (b'{"outputs": [[null]]}', None), (b'{"outputs": [{"data": ["x"]}]}', None), (b"[]", None), (b'{"outputs": {}}', None)],
)  # fmt: skip
def test_v2_outputs_are_numbers_or_nothing(body: bytes, data: list[float] | None) -> None:
    assert V2.outputs(Reply(200, body)) == data


def test_many_who_wait_at_once_use_up_patience_once() -> None:
    patience = Patience()

    def wait() -> None:
        with patience.waiting():
            time.sleep(0.3)

    began = time.monotonic()
    at_once([wait] * 8)
    assert 0.25 < patience.used_s <= time.monotonic() - began
    wait()
    assert patience.used_s > 0.55
