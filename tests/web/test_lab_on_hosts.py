"""The lab room's journey in a real browser, where three hosts hold the rooms and the web process holds none."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("temporalio", reason="temporalio is not installed (tenfold[temporal])")

from tenfold.labs import environments, registry
from tenfold.labs.engines.temporal.connect import Settings
from tenfold.labs.engines.temporal.engine import engine_at
from tenfold.labs.home import Home
from tests.company import PASSWORD
from tests.labs.engines.machines import Machine, temporal_server, until_there, why_no_server
from tests.web import test_lab_journey as journey
from tests.web.test_hiring_journey import PREPARE, browser, in_django
from tests.web.test_journeys import PERSON, Visit, serving

__all__ = ["browser"]
NO_SERVER = why_no_server()
pytestmark = [
    *journey.pytestmark,
    pytest.mark.skipif(bool(NO_SERVER), reason=NO_SERVER),
    pytest.mark.skipif(
        os.environ.get("HYPOTHESIS_PROFILE") != "thorough", reason="nightly: HYPOTHESIS_PROFILE=thorough"
    ),
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, str, str]]:
    """As the journey's own, with three hosts: address, the web's home, the invitation's id and link."""
    store, place = tmp_path_factory.mktemp("store"), Path("/var/lib", f"tenfold-test-rooms-{os.getpid()}")
    place.mkdir(mode=0o755)
    (place / "environments").symlink_to(journey.built_environments() or "")
    with temporal_server() as address, pytest.MonkeyPatch.context() as patch:
        hosts = [_host(f"host-{number}", address, store) for number in range(3)]
        try:
            asyncio.run(_wait_for(hosts, address, store))
            patch.setenv("TENFOLD_ROOMS", "hosts")
            patch.setenv("TENFOLD_TEMPORAL", address)
            patch.setenv("TENFOLD_STORE", str(store))
            patch.setenv("TENFOLD_HEARTBEAT_TIMEOUT_S", "60")
            with serving(place, person=PERSON) as running:
                in_django(place, PREPARE)
                told = in_django(place, journey.INVITE.replace("PASSWORD", repr(PASSWORD)))
                found = re.search(r"LAB (\S+) (\S+)", told)
                assert found is not None
                yield running.address, place, found[1], found[2]
        finally:
            sys.stderr.write((place / "said.txt").read_text("utf-8")[-8_000:])  # shown where a test failed
            for host in hosts:
                host.remove()
            journey.end_servers(place)
            shutil.rmtree(place, ignore_errors=True)


def _host(name: str, address: str, store: Path) -> Machine:
    root = Path("/var/lib", f"tenfold-test-{os.getpid()}-{name}")
    root.mkdir(mode=0o755)
    (root / "environments").symlink_to(journey.built_environments() or "")
    wanted = environments.environment_named(registry.labs_folder(), journey.ENVIRONMENT)
    limits = {"TENFOLD_HEARTBEAT_TIMEOUT_S": "60", "TENFOLD_FREEZE_AFTER_S": "45"}
    made = Machine(name, Home(root), address, store, wanted, extra=limits)
    made.start()
    return made


async def _wait_for(hosts: list[Machine], address: str, store: Path) -> None:
    engine = await engine_at(Settings(address, str(store)), hosts[0].home)
    await until_there(engine, *(one.name for one in hosts), limit_s=90)


def test_from_an_invitation_to_a_decision_on_three_hosts(lab: tuple[str, Path, str, str], browser: Any) -> None:
    address, place, pk, link = lab
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(journey.TIMEOUT_MS)
    visit = Visit(context.new_page(), address)
    journey.consented(visit, link)
    journey.practised(visit)
    journey.worked(visit, context)
    assert not list((place / "rooms").glob("*")), "the web's own machine holds no room"
    journey.submitted_by(visit)
    assert "OUTCOME" in in_django(place, journey.GRADE.replace("WHICH", pk))
    journey.decided(browser, address, pk)
    visit.to(link)
    assert "What the grader observed" in visit.page.inner_text("main")
