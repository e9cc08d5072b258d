"""One machine's engine."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest

from tenfold.labs import engines, sessions
from tenfold.labs.engines import Engine
from tenfold.labs.home import Home
from tenfold.labs.lab import Lab
from tenfold.labs.sessions import Session
from tenfold.sandbox.client import RunnerSandbox
from tests.labs.engines.conformance import CHECKS, Bench
from tests.sandboxes import needs_bwrap, needs_root

pytestmark = [needs_bwrap, needs_root]
_numbers = itertools.count()


@dataclass
class LocalBench:
    """This machine."""

    home: Home
    sandbox: RunnerSandbox
    lab: Lab
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = engines.engine(self.home)

    def begin(self) -> Session:
        name = f"engine-{next(_numbers)}"
        now = sessions.utc_now()
        return sessions.start(self.home, self.sandbox, self.lab, candidate=name, attempt=1, now=now)

    def room_of(self, session: Session, host: str) -> Session:  # noqa: ARG002  there is one host
        return session


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_local_engine_does_what_every_engine_must(
    check: Callable[[Bench], Coroutine[Any, Any, None]], home: Home, runner: RunnerSandbox, toy_lab: Lab
) -> None:
    asyncio.run(check(LocalBench(home, runner, toy_lab)))
