"""The recording is the bytes as they came; what is made from it shows the same."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.kit.errors import UserError
from tenfold.labs.rooms.frames import MAX_FRAME_BYTES, BadFrame, FrameReader, Kind, encode
from tenfold.labs.rooms.raw_log import RECORD, RawLog, RawRecording, Screen
from tenfold.labs.rooms.replay import MAX_LEAD_BYTES, MAX_SEGMENT_BYTES, Replay, export_cast
from tenfold.labs.rooms.sanitise import sanitise


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "001.raw"


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=30), st.integers(0, 3))
def test_whatever_is_kept_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[bytes], kills: int
) -> None:
    path = tmp_path_factory.mktemp("log") / "001.raw"
    log = RawLog.create(path, cols=80, rows=24, title="t")
    for number, block in enumerate(blocks):
        if number < kills:  # its writer was killed: the bytes are there, a record is half written
            with path.with_suffix(".index").open("ab") as index:
                index.write(os.urandom(number + 1))
            log.close()
            log = RawLog.reopen(path)
        log.append(block)
    log.close()
    whole = b"".join(blocks)
    assert path.read_bytes() == whole
    with RawRecording(path) as raw:
        assert raw.read(0, raw.size) == whole
        assert b"".join(block for _, block in raw.outputs(most=7)) == whole
        times = [one.at_us for one in map(raw.record, range(raw.count))]
        assert times == sorted(times)
        for offset in range(0, len(whole), 97):
            assert raw.read(offset, offset + 10) == whole[offset : offset + 10]


def test_bytes_without_a_record_are_not_lost(path: Path) -> None:
    log = RawLog.create(path, cols=80, rows=24, title="t")
    log.append(b"one")
    log.close()
    with path.open("ab") as raw_file:
        raw_file.write(b"two")  # written, and killed before the record
    again = RawLog.reopen(path)
    again.append(b"three")
    again.close()
    with RawRecording(path) as raw:
        assert b"".join(block for _, block in raw.outputs()) == b"onetwothree"


def test_old_bytes_come_from_the_disk_and_new_ones_from_memory(path: Path) -> None:
    noise = random.Random(1)  # noqa: S311  noise, no secrets
    log = RawLog.create(path, cols=80, rows=24, title="t")
    whole = b"".join(noise.randbytes(50_000) for _ in range(80))
    for begin in range(0, len(whole), 50_000):
        log.append(whole[begin : begin + 50_000])
    read = b""
    while len(read) < len(whole):
        read += log.read(len(read), 37_001)
    assert read == whole
    log.close()


def make_recording(path: Path, seed: int, *, pauses: bool = True) -> bytes:
    """A recording with a time line of its own: 90 minutes in a moment."""
    noise = random.Random(seed)  # noqa: S311  noise, no secrets
    log = RawLog.create(path, cols=80, rows=24, title="t")
    log.close()
    index, whole, at_us = bytearray(), bytearray(), 0
    for number in range(20_000):
        at_us += noise.choice((1_000, 100_000, 900_000 if pauses else 1)) + (60_000_000 if number % 400 == 0 else 0)
        text = noise.choice((b"$ ls\r\n", b"\x1b[31mred\x1b[0m\r\n", "grüße ✓\r\n".encode(), noise.randbytes(80)))
        index += RECORD.pack(len(whole), at_us, 0, len(text))
        whole += text
        if number % 5_000 == 4_999:
            index += RECORD.pack(len(whole), at_us, 1, 100 << 16 | 30)
    path.write_bytes(whole)
    path.with_suffix(".index").write_bytes(index)
    return bytes(whole)


def test_segments_are_the_whole_and_nothing_twice(path: Path) -> None:
    whole = make_recording(path, 3)
    with Replay(path) as replay:
        assert [one.begin for one in replay.segments] == [0, *(one.end for one in replay.segments[:-1])]
        assert replay.segments[-1].end == len(whole)
        assert all(one.end - one.begin <= MAX_SEGMENT_BYTES for one in replay.segments)
        assert all(one.end_s - one.begin_s <= 602.1 for one in replay.segments)  # the pause after it is a part of it
        for segment in replay.segments:
            lines = [json.loads(line) for line in replay.cast(segment.number).splitlines()]
            events = [line for line in lines[1:] if line[1] == "o"]
            shown = "".join(text for _, _, text in events[1 if segment.begin else 0 :])
            assert sanitise(whole[segment.begin : segment.end]).decode().startswith(shown)
            assert len(shown) >= (segment.end - segment.begin) * 0.5
            times = [at for at, *_ in lines[1:]]
            assert times == sorted(times)
            assert all(0 <= at <= segment.end_s - segment.begin_s + 2.01 for at in times)


def test_pauses_are_cut_and_markers_move_with_them(path: Path) -> None:
    make_recording(path, 4)
    with Replay(path, idle_limit_s=2.0) as short, Replay(path, idle_limit_s=1e9) as long:
        assert long.duration_s > 50 * 60
        assert short.duration_s < long.duration_s - 49 * 58
        for at_s in (0.0, 100.0, 1000.0, long.duration_s):
            assert abs(long.shift(at_s) - at_s) < 1e-3 or at_s < 61
            assert 0 <= short.shift(at_s) <= short.duration_s + 2


def test_seeking_shows_what_playing_up_to_there_shows(path: Path) -> None:
    whole = make_recording(path, 5)
    with Replay(path) as replay:
        for share in (0.0, 0.1, 0.5, 0.999, 1.5):
            point = replay.seek(replay.duration_s * share)
            lead = whole[max(0, point.offset - MAX_LEAD_BYTES) : point.offset]
            assert sanitise(lead).startswith(point.screen)
            assert replay.segments[point.segment].begin <= point.offset <= replay.segments[point.segment].end
        assert (replay.seek(1e9).cols, replay.seek(1e9).rows) == (100, 30)


def test_a_kept_screen_is_where_a_seek_begins(path: Path) -> None:
    log = RawLog.create(path, cols=80, rows=24, title="t")
    log.append(b"A" * 200_000)
    log.keep_screen(Screen(200_000, log.now_us(), 80, 24, b"\x1b[Hkept screen\x1b]0;evil\x07"))
    log.append(b"after")
    log.close()
    with Replay(path) as replay:
        assert replay.seek(1e9).screen == b"\x1b[Hkept screenafter"


def test_an_export_is_an_asciicast_with_every_character(path: Path) -> None:
    whole = make_recording(path, 6)
    lines = [json.loads(line) for line in b"".join(export_cast(path)).splitlines()]
    assert lines[0]["version"] == 2
    assert "".join(text for _, kind, text in lines[1:] if kind == "o") in sanitise(whole).decode()
    assert next(words for _, kind, words in lines[1:] if kind == "r") == "100x30"


def test_what_is_no_recording_is_refused(path: Path) -> None:
    path.write_bytes(b"x")
    with pytest.raises(UserError, match="no recording"):
        RawRecording(path)


@given(st.lists(st.tuples(st.sampled_from(list(Kind)), st.binary(max_size=200)), max_size=20), st.integers(1, 50))
def test_frames_come_out_as_they_went_in_however_they_are_cut(frames: list[tuple[Kind, bytes]], size: int) -> None:
    found: list[tuple[Kind, bytes]] = []
    reader = FrameReader(lambda kind, payload: found.append((kind, payload)))
    stream = b"".join(encode(kind, payload) for kind, payload in frames)
    for begin in range(0, len(stream), size):
        reader.take(stream[begin : begin + size])
    assert found == frames


@given(st.binary(max_size=300))
def test_what_is_no_frame_ends_the_connection_and_nothing_else(stream: bytes) -> None:
    reader = FrameReader(lambda *_: None)
    try:
        reader.take(stream)
    except BadFrame:
        return


def test_a_frame_that_is_too_long_is_refused_before_it_is_held() -> None:
    with pytest.raises(BadFrame):
        FrameReader(lambda *_: None).take(encode(Kind.JSON)[:0] + (MAX_FRAME_BYTES + 1).to_bytes(4, "big") + b"\x01")
