"""Tables made of the program's own data files, kept as JSON until one of these files changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tenfold.kit.kept import keep, read_kept


def kept_table(name: str, sources: Iterable[Path], build: Callable[[], Any]) -> Any:
    """The table that `build` makes of these files, as JSON gives it back; built anew when one of them has changed."""
    made_of = content_hash(sources)
    with suppress(ValueError, TypeError, KeyError):
        document = json.loads(read_kept(f"{name}.json") or b"{}")
        if document["made_of"] == made_of:
            return document["table"]
    text = json.dumps({"made_of": made_of, "table": build()}, ensure_ascii=False, separators=(",", ":"))
    keep(f"{name}.json", text.encode())
    return json.loads(text)["table"]


def content_hash(sources: Iterable[Path]) -> str:
    """One hash over the contents of files, in this order."""
    whole = hashlib.sha256()
    for source in sources:
        whole.update(hashlib.sha256(source.read_bytes()).digest())
    return whole.hexdigest()
