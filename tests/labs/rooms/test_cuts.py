"""Lines that are cut at random, servers that are killed: what was typed arrives once, what was shown is what was."""

from __future__ import annotations

import asyncio
import random

import pytest

from tenfold.labs import rooms
from tenfold.labs.home import Home
from tenfold.labs.rooms import files, transcript
from tenfold.labs.sessions import Session
from tests.labs.rooms.candidate import Candidate
from tests.sandboxes import needs_bwrap, needs_root, stop_room_server
from tests.sizes import size

pytestmark = [needs_bwrap, needs_root]
CUTS = size(50, nightly=1000)
KILLS_EVERY = 100 if CUTS >= 1000 else 25

# Writes down every byte that is typed, and puts out as many bytes of noise, whole and broken UTF-8 and escapes alike.
RECORDER = rb"""
import os, random, sys
noise = random.Random(7)
typed = open('/workspace/typed', 'ab', buffering=0)
os.write(1, b'READY')
while True:
    block = os.read(0, 4096)
    if b'\x00' in block:
        typed.write(block.partition(b'\x00')[0])
        break
    typed.write(block)
    os.write(1, noise.randbytes(len(block) * 3) + b'\xff\xfe\xc3\x28\xe2\x82')
os.write(1, b'DONE-WITH-IT')
"""


@pytest.mark.parametrize("seed", [1])
def test_no_byte_is_lost_or_doubled_in_either_direction(home: Home, session: Session, seed: int) -> None:
    typed, candidate = asyncio.run(work_on_a_bad_line(home, session, CUTS, seed))
    held = asyncio.run(_typed_file(session))
    assert held == typed
    recording = next(one for one in rooms.recordings(session) if one.name == "001")
    whole = transcript(session, "001")
    assert candidate.gaps == []
    assert bytes(candidate.shown) == whole[: len(candidate.shown)]
    assert recording.bytes == len(whole)
    assert b"DONE-WITH-IT" in candidate.shown
    with pytest.raises(UnicodeDecodeError):
        whole.decode()


async def work_on_a_bad_line(home: Home, session: Session, cuts: int, seed: int) -> tuple[bytes, Candidate]:
    """Types random bytes while the line is cut `cuts` times, and the server killed now and then."""
    chance = random.Random(seed)  # noqa: S311  cuts, no secrets
    candidate = Candidate(session)
    await candidate.connect()
    await files(session).write("recorder.py", RECORDER, version="")
    await candidate.type(b"stty raw -echo; exec python3 recorder.py\r")
    await candidate.until_shown(b"READY")
    typed = bytearray()
    for number in range(1, cuts + 1):
        block = bytes(chance.randrange(1, 256) for _ in range(chance.choice((1, 1, 2, 7, 300))))
        typed += block
        await candidate.type(block)
        await asyncio.sleep(chance.choice((0, 0, 0.001, 0.01, 0.03)))
        candidate.cut()
        if number % KILLS_EVERY == 0:
            await asyncio.to_thread(stop_room_server, home.root, number=9)
        await candidate.connect()
    await candidate.until(lambda: candidate.unarrived == 0, 60)
    await candidate.type(b"\x00")
    await candidate.until_shown(b"DONE-WITH-IT", 60)
    await candidate.leave()
    return bytes(typed), candidate


async def _typed_file(session: Session) -> bytes:
    return (await files(session).read("typed")).content
