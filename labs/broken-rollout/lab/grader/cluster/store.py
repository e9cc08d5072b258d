"""Objects with versions, and those who watch them."""

import copy
import threading
import time
import uuid
from collections import deque
from datetime import UTC, datetime

MOST_OBJECTS = 400


class Refused(Exception):
    """An API error: HTTP status, Kubernetes' reason, and words."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status, self.reason, self.message = status, reason, message


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Store:
    """Everything there is, by (resource, name) in the one namespace. All changes go through `put` and `remove`."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.version = 1
        self._held: dict[tuple[str, str], dict] = {}
        self.history: deque[tuple[int, str, str, dict]] = deque(maxlen=2000)  # version, kind of event, resource, object

    def get(self, resource: str, name: str) -> dict | None:
        with self.lock:
            held = self._held.get((resource, name))
            return copy.deepcopy(held) if held else None

    def all(self, resource: str) -> list[dict]:
        with self.lock:
            return [copy.deepcopy(one) for (kind, _), one in sorted(self._held.items()) if kind == resource]

    def create(self, resource: str, made: dict) -> dict:
        with self.lock:
            meta = made["metadata"]
            if (resource, meta["name"]) in self._held:
                raise Refused(409, "AlreadyExists", f'{resource} "{meta["name"]}" already exists')
            if len(self._held) >= MOST_OBJECTS:
                raise Refused(403, "Forbidden", f"this cluster holds at most {MOST_OBJECTS} objects")
            meta.setdefault("uid", str(uuid.uuid4()))
            meta.setdefault("creationTimestamp", now())
            meta.setdefault("namespace", "default")
            meta.setdefault("generation", 1)
            return self._put("ADDED", resource, made)

    def put(self, resource: str, made: dict) -> dict:
        """Replaces what is there; nothing happens where nothing differs, or it is gone."""
        with self.lock:
            before = self._held.get((resource, made["metadata"]["name"]))
            if before is None:
                return made
            if made.get("spec") != before.get("spec"):
                made["metadata"]["generation"] = before["metadata"].get("generation", 1) + 1
            made["metadata"]["resourceVersion"] = before["metadata"]["resourceVersion"]
            return copy.deepcopy(before) if made == before else self._put("MODIFIED", resource, made)

    def remove(self, resource: str, name: str) -> dict | None:
        with self.lock:
            held = self._held.pop((resource, name), None)
            if held is not None:
                self._note("DELETED", resource, held)
            return held

    def _put(self, event: str, resource: str, made: dict) -> dict:
        made = copy.deepcopy(made)
        self._held[resource, made["metadata"]["name"]] = made
        self._note(event, resource, made)
        return copy.deepcopy(made)

    def _note(self, event: str, resource: str, made: dict) -> None:
        self.version += 1
        made["metadata"]["resourceVersion"] = str(self.version)
        self.history.append((self.version, event, resource, copy.deepcopy(made)))
        self.changed.notify_all()

    def since(self, resource: str, version: int, wait_s: float) -> list[tuple[int, str, dict]]:
        """Events after a version; waits for the first."""
        with self.lock:
            until = time.monotonic() + wait_s
            while True:
                found = [(at, event, made) for at, event, kind, made in self.history if at > version and kind == resource]
                left = until - time.monotonic()
                if found or left <= 0:
                    return found
                self.changed.wait(left)

    def tell(self, about: dict, kind: str, reason: str, message: str) -> None:
        """An event, as `kubectl describe` shows it; the same one again is counted."""
        meta = about["metadata"]
        name = f"{meta['name']}.{reason.lower()}.{abs(hash(message)) % 10**6:06d}"
        with self.lock:
            held = self.get("events", name)
            if held:
                held["count"] += 1
                held["lastTimestamp"] = now()
                self.put("events", held)
                return
            involved = {"kind": about["kind"], "name": meta["name"], "namespace": "default", "uid": meta.get("uid", "")}
            made = {
                "apiVersion": "v1", "kind": "Event", "metadata": {"name": name}, "involvedObject": involved,
                "reason": reason, "message": message, "type": kind, "count": 1, "firstTimestamp": now(),
                "lastTimestamp": now(), "source": {"component": "room"},
            }  # fmt: skip
            if sum(1 for kind_, _ in self._held if kind_ == "events") < 200:
                self.create("events", made)


def matches(selector: dict | None, labels: dict | None) -> bool:
    """Equality-based selectors; an empty one matches nothing."""
    return bool(selector) and all((labels or {}).get(key) == value for key, value in (selector or {}).items())
