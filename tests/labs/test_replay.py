"""What a replay in the reader's own terminal shows."""

from __future__ import annotations

import io
import json
from pathlib import Path

from tenfold.labs.recording import play
from tenfold.labs.rooms.raw_log import RawLog

SAID = "\x1b]52;c;cHduZWQ=\x07a\x1b]0;owned\x1b\\b\x1bPq#0\x1b\\\x1b[31mred\x1b[0m\x1b[6n\x1b[cend\x1b]0;unclosed"
SHOWN = "ab\x1b[31mred\x1b[0mend"


def test_a_replay_shows_text_and_colours_and_speaks_to_no_terminal(tmp_path: Path) -> None:
    cast = tmp_path / "1.cast"
    lines = [{"version": 2, "width": 80, "height": 24}, [0.0, "o", SAID]]
    cast.write_text("".join(json.dumps(line) + "\n" for line in lines))
    out = io.StringIO()
    play(cast, out=out, speed=100)
    assert out.getvalue() == SHOWN


def test_a_raw_recording_is_played_alike_however_it_was_cut(tmp_path: Path) -> None:
    log = RawLog.create(tmp_path / "1.raw", cols=80, rows=24, title="t")
    for byte in SAID.encode():
        log.append(bytes([byte]))
    log.close()
    out = io.StringIO()
    play(tmp_path / "1.raw", out=out, speed=100)
    assert out.getvalue() == SHOWN
