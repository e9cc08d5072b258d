"""What never reaches a log: secrets in addresses."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

_SECRET_IN_PATH = re.compile(r"(/(?:shared|invitation|start|password/new|candidate)/)[^\s?]+")


def without_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Links that open something by themselves are logged without what opens it."""
    for key, value in event.items():
        if isinstance(value, str) and "/" in value:
            event[key] = _SECRET_IN_PATH.sub(r"\1…", value)
    return event
