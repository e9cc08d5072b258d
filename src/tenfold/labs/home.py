"""Where lab state lives, and which sandbox this process may use."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from tenfold.sandbox import boxes, client, runner
from tenfold.sandbox.interface import Sandbox, SandboxUnavailable
from tenfold.sandbox.local import LocalSandbox

HOME_VARIABLE = "TENFOLD_HOME"
RUNNER_VARIABLE = "TENFOLD_RUNNER"
_SYSTEM = Path("/var/lib/tenfold")
_DATA_MODE = 0o755


@dataclass(frozen=True, slots=True)
class Home:
    """The folders below `TENFOLD_HOME`."""

    root: Path

    @property
    def environments(self) -> Path:
        return self.root / "environments"

    @property
    def sessions(self) -> Path:
        return self.root / "sessions"

    @property
    def variants(self) -> Path:
        return self.root / "variants"

    @property
    def editions(self) -> Path:
        """Labs as they were when a session began: what it is graded by, however the lab changes meanwhile."""
        return self.root / "editions"

    @property
    def doctor(self) -> Path:
        return self.root / "doctor"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def runner(self) -> Path:
        return self.root / "runner"

    @property
    def host_mark(self) -> Path:
        """A file in the home of one host of several: its rooms are its own only while it is told so again and again."""
        return self.root / "host"

    @property
    def rooms(self) -> Path:
        """The server of rooms: its socket, its lock, and which rooms are open."""
        return self.root / "rooms"

    @property
    def cordon(self) -> Path:
        """A file that is there while no new rooms are made on this machine."""
        return self.rooms / "cordoned"


def home() -> Home:
    """`TENFOLD_HOME`, else the user's data folder, else /var/lib/tenfold where a box's own uid could not reach that."""
    named = os.environ.get(HOME_VARIABLE)
    if named:
        root = Path(named).expanduser().absolute()
    else:
        root = Path(platformdirs.user_data_path("tenfold"))
        if os.geteuid() == 0 and not reachable_by_others(root):
            root = _SYSTEM
    return Home(root)


def reachable_by_others(path: Path) -> bool:
    """Whether any uid may search every folder down to `path` (as far as they exist)."""
    for folder in [*reversed(path.absolute().parents), path.absolute()]:
        try:
            if not folder.stat().st_mode & stat.S_IXOTH:
                return False
        except FileNotFoundError:
            return True
        except OSError:
            return False
    return True


def sandbox(place: Home) -> Sandbox:
    """The best sandbox there is: a runner that answers, else for root a runner of its own, else the local backend.

    Raises `SandboxUnavailable` where bubblewrap is missing.
    """
    named = os.environ.get(RUNNER_VARIABLE)
    if named:
        return client.RunnerSandbox(Path(named) / "runner.sock")
    path = runner.socket_path(boxes.Place(place.runner, place.environments, privileged=True))
    if client.is_listening(path):
        return client.RunnerSandbox(path)
    boxes.bwrap_path()
    if os.geteuid() == 0:
        if not reachable_by_others(place.root):
            raise SandboxUnavailable(
                f"a box's own uid cannot reach {place.root}",
                remedy="set TENFOLD_HOME to a folder that others may enter",
            )
        place.root.mkdir(parents=True, exist_ok=True, mode=_DATA_MODE)
        return client.start_own(place.runner, place.environments)
    return LocalSandbox(place.environments)
