"""Random faults on hosts in network namespaces; `python -m benchmarks.labs_faults` does the same many times."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

pytest.importorskip("temporalio", reason="temporalio is not installed (tenfold[temporal])")

from tenfold.labs import rooms
from tenfold.labs.engines.temporal import gateway as gateways
from tenfold.labs.engines.temporal.connect import settings
from tenfold.labs.home import Home
from tenfold.labs.lab import Lab
from tenfold.sandbox.client import RunnerSandbox
from tests.labs.engines import faults
from tests.labs.engines.machines import TIMEOUT_S, why_no_server
from tests.labs.engines.networks import Authority, why_no_networks
from tests.sandboxes import needs_bwrap, needs_root

WHY_NOT = why_no_server() or why_no_networks()
pytestmark = [needs_bwrap, needs_root, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]
nightly = pytest.mark.skipif(
    os.environ.get("HYPOTHESIS_PROFILE") != "thorough", reason="nightly: HYPOTHESIS_PROFILE=thorough"
)
SAVE_EVERY_S = TIMEOUT_S / 2


def test_both_sides_of_a_line_prove_who_they_are(
    home: Home, runner: RunnerSandbox, toy_lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through mutual TLS a room is reached; with another authority's certificate neither server nor host is."""
    with faults.field_of(home, runner, toy_lab, tmp_path, hosts=1) as place:
        session = place.begin("papers")

        async def work() -> None:
            await faults.until_held(place, session)
            assert (await rooms.run_command(session, "echo in")).output == "in\n"

        asyncio.run(work())
        address = next(iter(gateways.gateway_of(home, settings()).addresses()))
        strangers = Authority(tmp_path / "strangers").papers("web", "127.0.0.1")
        known = settings()
        assert asyncio.run(faults.greeting(address, known)) == "let in"
        for name, value in strangers.variables().items():
            monkeypatch.setenv(name, value)
        assert asyncio.run(faults.greeting(address, settings())) == "refused"
        monkeypatch.setenv("TENFOLD_TEMPORAL_CA", str(known.ca))
        assert asyncio.run(faults.greeting(address, settings())) == "refused", "it knows us, we do not know it"
        monkeypatch.undo()


@nightly
@pytest.mark.parametrize("seed", [1, 2])
def test_no_fault_gives_two_rooms_two_verdicts_or_loses_what_was_saved(
    seed: int, home: Home, runner: RunnerSandbox, toy_lab: Lab, tmp_path: Path
) -> None:
    with faults.field_of(home, runner, toy_lab, tmp_path) as place:
        seen = asyncio.run(faults.run(place, faults=8, candidates=4, seed=seed))
    assert seen.stuck == []
    assert seen.two_live == []
    assert set(seen.verdicts.values()) == {1}
    assert max(seen.lost, default=0.0) <= SAVE_EVERY_S + 2.0  # a save takes a moment on a busy machine


@nightly
def test_with_the_freeze_taken_out_two_rooms_of_one_session_are_seen(
    home: Home, runner: RunnerSandbox, toy_lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "FAULTS", ("cut both",))
    with faults.field_of(home, runner, toy_lab, tmp_path, freezes=False) as place:
        seen = asyncio.run(faults.run(place, faults=6, candidates=4, seed=3))
    assert seen.two_live


@pytest.mark.parametrize("lasts_s", [1.0, 2.5 * TIMEOUT_S], ids=["below the limit", "beyond the timeout"])
def test_when_the_server_is_gone_rooms_stand_still_at_the_limit_and_go_on_after(
    lasts_s: float, home: Home, runner: RunnerSandbox, toy_lab: Lab, tmp_path: Path
) -> None:
    """A host cannot tell this from being cut off. A short outage is not noticed in the room."""
    with faults.field_of(home, runner, toy_lab, tmp_path, hosts=2) as place:
        found = asyncio.run(faults.outage(place, lasts_s, ends=lasts_s > TIMEOUT_S))
    if lasts_s < TIMEOUT_S / 2:
        assert (found.froze_after_s, found.attempts, found.lost_s) == (None, 0, 0.0)
        return
    assert found.froze_after_s is not None
    assert found.froze_after_s < TIMEOUT_S
    assert "lost touch" in found.why, "the candidate is told why"
    assert found.lost_s <= SAVE_EVERY_S + 1.0
    assert abs(found.charged_s - found.worked_s) <= 1.0, "what was not saved, and the outage, are not charged"


@nightly  # its bounds are seconds, which a loaded machine breaks
def test_rooms_that_are_still_the_hosts_go_on_within_two_seconds_of_the_servers_return(
    home: Home, runner: RunnerSandbox, toy_lab: Lab, tmp_path: Path
) -> None:
    with faults.field_of(home, runner, toy_lab, tmp_path, hosts=1, limits_s=(20.0, 4.0)) as place:
        found = asyncio.run(faults.outage(place, 9.0, ends=False))
    assert found.froze_after_s is not None
    assert found.attempts == 0, "it is the same room, with all that was in it"
    assert found.lost_s == 0.0
    assert found.back_after_s <= 2.0
    assert abs(found.charged_s - found.worked_s) <= 1.0
