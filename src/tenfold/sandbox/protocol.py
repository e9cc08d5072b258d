"""What a client may ask the runner: one JSON object a packet, strictly typed; nothing names a host's path."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

PACKET = 64 * 1024
MOST_DESCRIPTORS = 8
MOST_TREE_BYTES = 256 * 1024 * 1024
TerminalId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
BoxId = Annotated[str, Field(pattern=r"^[0-9a-f]{12,40}$")]


class _Request(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Create(_Request):
    """Descriptors: one per tree, each holding its tar."""

    op: Literal["create"] = "create"
    memory_mb: Annotated[int, Field(ge=16, le=65536)]
    pids: Annotated[int, Field(ge=8, le=4096)]
    cpus: Annotated[float, Field(ge=0.05, le=64)]
    disk_mb: Annotated[int, Field(ge=1, le=32768)]
    inodes: Annotated[int, Field(ge=64, le=1_000_000)]
    open_files: Annotated[int, Field(ge=32, le=65536)]
    environment: Annotated[str, Field(pattern=r"^([a-z][a-z0-9-]{0,80})?$")]
    trees: Annotated[list[str], Field(max_length=MOST_DESCRIPTORS)]
    keep_s: Annotated[float, Field(ge=0, le=7 * 86400)]
    label: Annotated[str, Field(max_length=100)]


class Adopt(_Request):
    """Takes over a kept box from a connection that is gone."""

    op: Literal["adopt"] = "adopt"
    box: BoxId


class Start(_Request):
    """Descriptors: standard input, output, error, perhaps a fourth. The exit status follows later."""

    op: Literal["start"] = "start"
    box: BoxId
    argv: Annotated[list[str], Field(min_length=1, max_length=200)]
    env: dict[str, str]


class OpenPty(_Request):
    """Answered with the terminal's outer end. The exit status follows on the same connection.

    A kept one lives as long as its box, also when the connection ends: `TakePty` gets it back.
    """

    op: Literal["pty"] = "pty"
    box: BoxId
    argv: Annotated[list[str], Field(min_length=1, max_length=200)]
    rows: Annotated[int, Field(ge=1, le=1000)]
    cols: Annotated[int, Field(ge=1, le=1000)]
    keep: bool = False


class TakePty(_Request):
    """Answered with a kept terminal's outer end, unless another connection has it: two readers would share bytes out.

    The exit status follows on the same connection, at once where the program has ended already.
    """

    op: Literal["take-pty"] = "take-pty"
    box: BoxId
    terminal: TerminalId


class Fill(_Request):
    """Descriptor: a tar for the workspace of a box that was made without one, once; from then on it is kept."""

    op: Literal["fill"] = "fill"
    box: BoxId
    keep_s: Annotated[float, Field(ge=0, le=7 * 86400)]
    label: Annotated[str, Field(max_length=100)]


class Files(_Request):
    """Descriptor: a socket on which the workspace's files are served, by a process with the box's own uid."""

    op: Literal["files"] = "files"
    box: BoxId


class Socket(_Request):
    """Answered with a fresh TCP socket of the box's network."""

    op: Literal["socket"] = "socket"
    box: BoxId


class Snapshot(_Request):
    """Descriptor: where the tar goes."""

    op: Literal["snapshot"] = "snapshot"
    box: BoxId
    max_bytes: Annotated[int, Field(ge=1, le=4 * 1024**3)]


class UsageOf(_Request):
    op: Literal["usage"] = "usage"
    box: BoxId


class Freeze(_Request):
    """Everything in the box stops where it stands."""

    op: Literal["freeze"] = "freeze"
    box: BoxId


class Thaw(_Request):
    op: Literal["thaw"] = "thaw"
    box: BoxId


class Destroy(_Request):
    op: Literal["destroy"] = "destroy"
    box: BoxId


class Rescued(_Request):
    """The workspace of a kept box whose runner was killed: answered with a descriptor of its tar."""

    op: Literal["rescued"] = "rescued"
    box: BoxId


class ListBoxes(_Request):
    op: Literal["list"] = "list"


Request = (
    Create
    | Adopt
    | Start
    | OpenPty
    | TakePty
    | Fill
    | Files
    | Socket
    | Snapshot
    | UsageOf
    | Freeze
    | Thaw
    | Destroy
    | Rescued
    | ListBoxes
)
_ADAPTER: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="op")])


def parse(packet: bytes) -> Request:
    """Raises `ValueError` for anything that is no request."""
    return _ADAPTER.validate_json(packet)


def encode(message: BaseModel | dict[str, Any]) -> bytes:
    text = message.model_dump_json() if isinstance(message, BaseModel) else json.dumps(message)
    packet = text.encode()
    if len(packet) > PACKET:
        raise ValueError(f"a packet of {len(packet)} bytes is too long")
    return packet
