"""Two hosts on a real Temporal server, and the machine where sessions begin and end."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tenfold.labs import environments, sessions
from tenfold.labs.home import Home
from tenfold.labs.lab import Lab
from tenfold.labs.sessions import Session
from tenfold.sandbox.client import RunnerSandbox
from tests.labs.engines.machines import TIMEOUT_S, Machine, temporal_server

if TYPE_CHECKING:
    from tenfold.labs.engines.temporal.engine import TemporalEngine

_numbers = itertools.count()


@dataclass
class Cluster:
    """Two hosts, and this machine, where sessions begin and end."""

    home: Home
    sandbox: RunnerSandbox
    lab: Lab
    address: str
    store: Path
    machines: dict[str, Machine]

    async def engine(self) -> TemporalEngine:
        from tenfold.labs.engines.temporal.connect import Settings
        from tenfold.labs.engines.temporal.engine import engine_at

        found = Settings(self.address, str(self.store), heartbeat_timeout_s=TIMEOUT_S, freeze_after_s=TIMEOUT_S / 2)
        return await engine_at(found, self.home)

    def begin(self) -> Session:
        now = sessions.utc_now()
        name = f"many-{next(_numbers)}"
        return sessions.start(self.home, self.sandbox, self.lab, candidate=name, attempt=1, now=now)

    def machine(self, name: str, address: str = "", **words: Any) -> Machine:
        environment = environments.environment_named(self.lab.folder.parent, "tiny")
        root = Path("/var/lib", f"tenfold-test-{os.getpid()}-{name}")
        made = Machine(name, Home(root), address or self.address, self.store, environment, **words)
        self.machines[name] = made
        made.start()
        return made


@dataclass
class ClusterBench:
    """The cluster, as the conformance suite wants it."""

    cluster: Cluster
    engine: Any

    def begin(self) -> Session:
        return self.cluster.begin()

    def room_of(self, session: Session, host: str) -> Session:
        return self.cluster.machines[host].room_of(session)


@pytest.fixture(scope="module")
def cluster(
    home: Home, runner: RunnerSandbox, toy_lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    with temporal_server() as address:
        found = Cluster(home, runner, toy_lab, address, tmp_path_factory.mktemp("store"), {})
        try:
            found.machine("one")
            found.machine("two")
            yield found
        finally:
            for machine in found.machines.values():
                machine.remove()
