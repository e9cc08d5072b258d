"""One candidate's variant of a lab: its seed, its files, kept where only we can read them."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import secrets
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenfold.kit.errors import Place, UserError
from tenfold.labs import environments
from tenfold.labs.home import Home
from tenfold.labs.lab import PLACEHOLDER, Lab
from tenfold.sandbox import trees
from tenfold.sandbox.interface import MEBIBYTE, BoxSpec, Limits, Sandbox, Tree

KIT = Path(__file__).with_name("tenfold_grader")
_MOST_BYTES = 256 * MEBIBYTE
TEMPLATED = (".py", ".md", ".toml", ".txt", ".json", ".sh", ".csv", ".yml", ".yaml")


@dataclass(frozen=True, slots=True)
class Variant:
    """A lab made with a seed. `tar` holds all that `materialise` wrote."""

    lab: Lab
    seed: str
    tar: bytes

    def workspace(self, name: str) -> bytes:
        """One workspace as a tar: `starter`, `reference`, `mutants/x`, `alternates/x`, `attacks/x`."""
        return subtree(self.tar, name)

    @property
    def parameters(self) -> dict[str, Any]:
        return dict(json.loads(self.file("parameters.json")))

    @property
    def instruction(self) -> str:
        return self.file("instruction.md").decode()

    def file(self, path: str) -> bytes:
        with tarfile.open(fileobj=io.BytesIO(self.tar)) as archive:
            try:
                held = archive.extractfile(path)
            except KeyError:
                held = None
            if held is None:
                raise UserError(f"the variant has no {path}")
            return held.read()


def seed_for(home: Home, lab: Lab, candidate: str, attempt: int) -> str:
    """HMAC(server key, lab@version | candidate | attempt): no one guesses another's, and we can make it again."""
    words = f"{lab.slug}@{lab.version}|{candidate}|{attempt}".encode()
    return hmac.new(_key(home), words, hashlib.sha256).hexdigest()[:32]


def _key(home: Home) -> bytes:
    path = home.keys / "seed.key"
    if not path.exists():
        home.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = home.keys / f"seed.{os.getpid()}.part"
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(32))
        try:
            os.link(fresh, path)  # the first wins, also when two start at once
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()


def variant(home: Home, sandbox: Sandbox, lab: Lab, seed: str) -> Variant:
    """The variant, made in a box the first time and read from its file afterwards. Raises `UserError` for a bad lab."""
    folder = home.variants / f"{lab.slug}-{lab.digest[:16]}-{kit_digest()[:8]}"
    path = folder / f"{hashlib.sha256(seed.encode()).hexdigest()[:24]}.tar"
    if not path.is_file():
        content = _make(home, sandbox, lab, seed)
        _must_be_filled_in(lab, content)
        home.variants.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as part:
            part.write(content)
        Path(part.name).rename(path)
    return Variant(lab, seed, path.read_bytes())


def _make(home: Home, sandbox: Sandbox, lab: Lab, seed: str) -> bytes:
    environment = environment_of(home, lab)
    box = sandbox.create(
        BoxSpec(
            limits=Limits(memory_mb=2048, disk_mb=512, cpus=2),
            environment=environment,
            trees=(Tree("/opt/lab", trees.tar_of(lab.folder)), kit_tree()),
        )
    )
    try:
        words = ["python", "-I", "/opt/kit/tenfold_grader/materialise.py", "/opt/lab", seed, "/workspace"]
        done = box.exec(words, timeout_s=120)
        if done.returncode:
            tail = done.stderr.decode(errors="replace").strip().splitlines()[-3:]
            raise UserError(
                f"lab {lab.slug} cannot be made: {' '.join(tail)}", remedy="mend lab/variant.py or its templates"
            )
        with tempfile.TemporaryFile() as out:
            box.snapshot(out, max_bytes=_MOST_BYTES)
            out.seek(0)
            return out.read()
    finally:
        box.destroy()


def _must_be_filled_in(lab: Lab, tar: bytes) -> None:
    """Raises `UserError` where a value that was filled in holds a placeholder itself; nothing is filled in twice.

    So none is ever cyclic, and none reaches a candidate half done.
    """
    for name, content in trees.files_in(tar):
        if not name.endswith(TEMPLATED) or name.startswith("data/"):
            continue
        for row, line in enumerate(content.splitlines(), 1):
            if left := PLACEHOLDER.search(line.decode(errors="replace")):
                raise UserError(
                    f"{left[0]} is left after filling in: a value of lab/variant.py holds a placeholder itself",
                    remedy="let make() or derived() give whole values; templates are filled in once",
                    place=Place(file=f"{lab.slug}: {name}", line=row),
                )


def environment_of(home: Home, lab: Lab) -> str:
    """The key of the lab's environment as built. Raises `UserError` when it is not."""
    environment = environments.environment_named(lab.folder.parent, lab.environment)
    if not environment.is_built(home.environments):
        raise UserError(
            f"environment {lab.environment} is not built", remedy=f"tenfold labs env build {lab.environment}"
        )
    return environment.key


def kit_tree() -> Tree:
    """The grader kit as it is bound into boxes, at /opt/kit/tenfold_grader."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for path in sorted(KIT.glob("*.py")):
            info = tarfile.TarInfo(f"tenfold_grader/{path.name}")
            content = path.read_bytes()
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return Tree("/opt/kit", out.getvalue())


def kit_digest() -> str:
    return hashlib.sha256(kit_tree().tar).hexdigest()


def subtree(tar: bytes, prefix: str) -> bytes:
    """The part of a tree below a folder, as a tree of its own."""
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive, tarfile.open(fileobj=out, mode="w") as made:
        for info in archive:
            if info.name.startswith(f"{prefix}/"):
                info.name = info.name[len(prefix) + 1 :]
                made.addfile(info, archive.extractfile(info) if info.isreg() else None)
    return out.getvalue()
