"""Patches: strategic merge as kubectl apply sends it, JSON merge, and JSON patch as kubectl rollout undo sends it."""

import copy

from .store import Refused

KEYS = {
    "containers": "name", "initContainers": "name", "env": "name", "volumes": "name", "volumeMounts": "mountPath",
    "ports": ("containerPort", "port"), "conditions": "type", "imagePullSecrets": "name",
}  # fmt: skip


def strategic(target: object, patch: object, field: str = "") -> object:
    """The target with the patch laid over; lists of named things are merged by their key."""
    if isinstance(patch, dict):
        return _map(target if isinstance(target, dict) else {}, patch)
    if isinstance(patch, list) and field in KEYS and all(isinstance(one, dict) for one in patch):
        return _rows(target if isinstance(target, list) else [], patch, KEYS[field])
    return copy.deepcopy(patch)


def _map(target: dict, patch: dict) -> dict:
    if patch.get("$patch") == "replace":
        return {key: copy.deepcopy(value) for key, value in patch.items() if key != "$patch"}
    made = copy.deepcopy(target)
    if "$retainKeys" in patch:
        made = {key: value for key, value in made.items() if key in patch["$retainKeys"]}
    for key, value in patch.items():
        if key.startswith("$deleteFromPrimitiveList/"):
            name = key.partition("/")[2]
            made[name] = [one for one in made.get(name, []) if one not in value]
        elif key.startswith("$"):
            continue
        elif value is None or (isinstance(value, dict) and value.get("$patch") == "delete"):
            made.pop(key, None)
        else:
            made[key] = strategic(made.get(key), value, key)
    return made


def _rows(target: list, patch: list, keys: str | tuple[str, ...]) -> list:
    names = (keys,) if isinstance(keys, str) else keys
    key = next((name for name in names if any(name in row for row in [*patch, *target])), names[0])
    made = [copy.deepcopy(row) for row in target]
    for row in patch:
        at = next((n for n, held in enumerate(made) if isinstance(held, dict) and held.get(key) == row.get(key)), None)
        if row.get("$patch") == "delete":
            if at is not None:
                del made[at]
        elif at is None:
            made.append(_map({}, row))
        else:
            made[at] = _map(made[at], row)
    return made


def json_merge(target: object, patch: object) -> object:
    """RFC 7386."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    made = copy.deepcopy(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            made.pop(key, None)
        else:
            made[key] = json_merge(made.get(key), value)
    return made


def json_patch(target: dict, steps: list) -> dict:
    """RFC 6902: add, replace, remove, test."""
    made = copy.deepcopy(target)
    for step in steps:
        path = [part.replace("~1", "/").replace("~0", "~") for part in str(step["path"]).split("/")[1:]]
        parent = made
        try:
            for part in path[:-1]:
                parent = parent[int(part)] if isinstance(parent, list) else parent[part]
            _step(parent, path[-1], step)
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise Refused(422, "Invalid", f"the patch does not fit: {step.get('path')}") from error
    return made


def _step(parent: object, last: str, step: dict) -> None:
    op = step["op"]
    if op == "test":
        if parent[last] != step["value"]:
            raise Refused(422, "Invalid", f"test failed at {step['path']}")
    elif isinstance(parent, list):
        at = len(parent) if last == "-" else int(last)
        if op == "remove":
            del parent[at]
        elif op == "add":
            parent.insert(at, copy.deepcopy(step["value"]))
        else:
            parent[at] = copy.deepcopy(step["value"])
    elif op == "remove":
        del parent[last]
    else:
        parent[last] = copy.deepcopy(step["value"])
