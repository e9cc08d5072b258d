"""The columns that kubectl get shows."""

from datetime import UTC, datetime

COLUMNS = {
    "pods": ("Name", "Ready", "Status", "Restarts", "Age"),
    "deployments": ("Name", "Ready", "Up-to-date", "Available", "Age"),
    "replicasets": ("Name", "Desired", "Current", "Ready", "Age"),
    "services": ("Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age"),
    "endpoints": ("Name", "Endpoints", "Age"),
    "configmaps": ("Name", "Data", "Age"),
    "secrets": ("Name", "Type", "Data", "Age"),
    "events": ("Last Seen", "Type", "Reason", "Object", "Message"),
    "nodes": ("Name", "Status", "Roles", "Age", "Version"),
    "namespaces": ("Name", "Status", "Age"),
}


def table(resource: str, rows: list[dict], version: int) -> dict:
    columns = [{"name": name, "type": "string", "format": "name" if name == "Name" else "", "description": "", "priority": 0} for name in COLUMNS[resource]]
    shown = [{"cells": CELLS[resource](one), "object": {**_partial(one), "kind": "PartialObjectMetadata"}} for one in rows]
    meta = {"resourceVersion": str(version or (rows[0]["metadata"]["resourceVersion"] if rows else 0))}
    return {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": meta, "columnDefinitions": columns, "rows": shown}


def _partial(one: dict) -> dict:
    return {"apiVersion": "meta.k8s.io/v1", "metadata": one["metadata"]}


def age(text: str) -> str:
    made = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    seconds = max(0, int((datetime.now(UTC) - made).total_seconds()))
    return f"{seconds}s" if seconds < 120 else f"{seconds // 60}m" if seconds < 7200 else f"{seconds // 3600}h"


def _age(one: dict) -> str:
    return age(one["metadata"]["creationTimestamp"])


def _pod(one: dict) -> list:
    status = one.get("status", {})
    held = status.get("containerStatuses", [])
    word = status.get("phase", "Pending")
    for container in held:
        if reason := container["state"].get("waiting", {}).get("reason"):
            word = reason
    if not held and word == "Pending":
        word = "ContainerCreating"
    if "deletionTimestamp" in one["metadata"]:
        word = "Terminating"
    ready = sum(container["ready"] for container in held)
    restarts = sum(container["restartCount"] for container in held)
    return [one["metadata"]["name"], f"{ready}/{len(one['spec']['containers'])}", word, str(restarts), _age(one)]


def _deployment(one: dict) -> list:
    status, wanted = one.get("status", {}), one["spec"].get("replicas", 1)
    ready = f"{status.get('readyReplicas', 0)}/{wanted}"
    return [one["metadata"]["name"], ready, str(status.get("updatedReplicas", 0)), str(status.get("availableReplicas", 0)), _age(one)]


def _replica_set(one: dict) -> list:
    status = one.get("status", {})
    return [one["metadata"]["name"], str(one["spec"]["replicas"]), str(status.get("replicas", 0)), str(status.get("readyReplicas", 0)), _age(one)]


def _service(one: dict) -> list:
    ports = ",".join(f"{port['port']}/{port.get('protocol', 'TCP')}" for port in one["spec"].get("ports", []))
    return [one["metadata"]["name"], "ClusterIP", one["spec"]["clusterIP"], "<none>", ports, _age(one)]


def _endpoints(one: dict) -> list:
    pairs = [f"{at['ip']}:{part['ports'][0]['port']}" for part in one.get("subsets", []) for at in part["addresses"]]
    return [one["metadata"]["name"], ",".join(pairs) or "<none>", _age(one)]


def _event(one: dict) -> list:
    about = one["involvedObject"]
    return [age(one["lastTimestamp"]), one["type"], one["reason"], f"{about['kind'].lower()}/{about['name']}", one["message"]]


CELLS = {
    "pods": _pod, "deployments": _deployment, "replicasets": _replica_set, "services": _service, "endpoints": _endpoints, "events": _event,
    "configmaps": lambda one: [one["metadata"]["name"], str(len(one.get("data") or {})), _age(one)],
    "secrets": lambda one: [one["metadata"]["name"], one.get("type", "Opaque"), str(len(one.get("data") or {})), _age(one)],
    "nodes": lambda one: [one["metadata"]["name"], "Ready", "<none>", _age(one), "v1.37.0"],
    "namespaces": lambda one: [one["metadata"]["name"], "Active", _age(one)],
}  # fmt: skip
