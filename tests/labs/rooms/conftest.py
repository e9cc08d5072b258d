"""A home with the toy's environment built, sessions in it, and a server of rooms that is ended with the tests."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import Iterator

import pytest

from tenfold.kit.errors import UserError
from tenfold.labs import environments, lab_reader, rooms, sessions
from tenfold.labs.home import RUNNER_VARIABLE, Home
from tenfold.labs.lab import Lab
from tenfold.labs.sessions import Session
from tenfold.sandbox.client import RunnerSandbox
from tests.labs import toy
from tests.sandboxes import place, runner, stop_room_server

__all__ = ["place", "runner"]


@pytest.fixture(scope="package")
def home(runner: RunnerSandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    found = Home(runner.path.parent)
    folder = toy.write(tmp_path_factory.mktemp("labs"))
    environments.build(environments.environment_named(folder.parent, "tiny"), found.environments, lambda _: None)
    before = os.environ.get(RUNNER_VARIABLE)
    os.environ[RUNNER_VARIABLE] = str(runner.path.parent)
    yield found
    os.environ.pop(RUNNER_VARIABLE)
    os.environ.update({RUNNER_VARIABLE: before} if before else {})
    stop_room_server(found.root)
    for box in runner.boxes():
        runner.adopt(box["id"]).destroy()
    shutil.rmtree(found.sessions, ignore_errors=True)


@pytest.fixture(scope="package")
def toy_lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return lab_reader.read(toy.write(tmp_path_factory.mktemp("labs")))


@pytest.fixture
def session(home: Home, runner: RunnerSandbox, toy_lab: Lab) -> Iterator[Session]:
    made = sessions.start(
        home, runner, toy_lab, candidate=f"c-{time.monotonic_ns()}", attempt=1, now=sessions.utc_now()
    )
    yield made
    if made.state is sessions.State.OPEN:
        try:
            asyncio.run(rooms.submit(made))
        except UserError:  # it was never opened
            return
