"""The small cluster of broken-rollout, spoken to by the real kubectl where it is installed, else by HTTP alone."""

from __future__ import annotations

import http.client
import importlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

GRADER = Path(__file__).parents[2] / "labs/broken-rollout/lab/grader"
IMAGE = "registry.internal/scorer:1.0"
PACE = 8.0


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(GRADER))
    for name in [name for name in sys.modules if name == "cluster" or name.startswith("cluster.")]:
        monkeypatch.delitem(sys.modules, name)
    controllers, checks = importlib.import_module("cluster.controllers"), importlib.import_module("cluster.checks")
    monkeypatch.setattr(checks, "by_schema", lambda *_: None)  # Kubernetes' schemas are in the lab's environment only
    scorer = {"program": "scorer.py", "model": 1, "width": 2, "model_mb": 1, "load_s": 1}
    images = {
        IMAGE: scorer,
        IMAGE.replace("1.0", "1.1"): scorer,
        IMAGE.replace("1.0", "bad"): {**scorer, "works": False},
    }
    (tmp_path / "images.json").write_text(json.dumps(images))
    made = controllers.Cluster(tmp_path / "images.json", pace=PACE, net=91)
    made.server = importlib.import_module("cluster.api").serve(made)
    yield made
    made.close()
    made.server.shutdown()
    made.server.server_close()
    until = time.monotonic() + 5
    while made.pods and time.monotonic() < until:
        time.sleep(0.05)


def ask(cluster: Any, method: str, path: str, body: object = None, kind: str = "application/json") -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", cluster.server.server_address[1], timeout=10)
    try:
        connection.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": kind})
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())
    finally:
        connection.close()


def deployment(**spec: Any) -> dict[str, Any]:
    probe = {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 1}
    container = {
        "name": "scorer", "image": IMAGE, "ports": [{"name": "http", "containerPort": 8085}], "readinessProbe": probe,
        "env": [{"name": "PORT", "value": "8085"}, {"name": "MODEL_TOKEN", "value": "x"}],
    }  # fmt: skip
    template = {
        "metadata": {"labels": {"app": "a"}},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 4},
    }
    whole = {"replicas": 2, "selector": {"matchLabels": {"app": "a"}}, "template": template, **spec}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": whole}


DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"


def ready(cluster: Any) -> int:
    return int(ask(cluster, "GET", f"{DEPLOYMENTS}/a")[1].get("status", {}).get("readyReplicas", 0))


def wait(is_so: Any, limit_s: float = 15) -> bool:
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.05)
    return False


def test_pods_come_up_and_a_service_leads_to_them(cluster: Any) -> None:
    assert ask(cluster, "POST", DEPLOYMENTS, deployment())[0] == 201
    service = {
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"},
        "spec": {
            "clusterIP": "127.96.0.231", "selector": {"app": "a"}, "ports": [{"port": 8080, "targetPort": "http"}],
        },
    }  # fmt: skip
    assert ask(cluster, "POST", "/api/v1/namespaces/default/services", service)[0] == 201
    assert wait(lambda: ready(cluster) == 2)

    def scored() -> bool:
        connection = http.client.HTTPConnection("127.96.0.231", 8080, timeout=5)
        try:
            connection.request("POST", "/v1/score", json.dumps({"rows": [[1.0, 2.0]]}))
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    assert wait(scored)


def test_a_release_that_never_gets_ready_takes_nothing_away_and_is_undone(cluster: Any) -> None:
    ask(cluster, "POST", DEPLOYMENTS, deployment(strategy={"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}))
    assert wait(lambda: ready(cluster) == 2)
    before = ask(cluster, "GET", f"{DEPLOYMENTS}/a")[1]["spec"]["template"]
    patch = {"spec": {"template": {"spec": {"containers": [{"name": "scorer", "image": IMAGE.replace("1.0", "bad")}]}}}}
    ask(cluster, "PATCH", f"{DEPLOYMENTS}/a", patch, "application/strategic-merge-patch+json")
    time.sleep(1)
    status = ask(cluster, "GET", f"{DEPLOYMENTS}/a")[1]["status"]
    assert (status["readyReplicas"], status["updatedReplicas"]) == (2, 1)
    undo = [{"op": "replace", "path": "/spec/template", "value": before}]
    ask(cluster, "PATCH", f"{DEPLOYMENTS}/a", undo, "application/json-patch+json")
    assert wait(lambda: ask(cluster, "GET", f"{DEPLOYMENTS}/a")[1]["status"]["replicas"] == 2 and ready(cluster) == 2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"selector": {"matchLabels": {"app": "b"}}}, "does not match template"),
        ({"replicas": 5000}, "at most"),
        ({"strategy": {"type": "Recreate", "rollingUpdate": {"maxSurge": 1}}}, "Forbidden"),
        ({"strategy": {"rollingUpdate": {"maxSurge": -1}}}, "a number or a percentage"),
    ],
)
def test_what_the_api_server_refuses_is_refused(cluster: Any, change: dict[str, Any], words: str) -> None:
    status, answer = ask(cluster, "POST", DEPLOYMENTS, deployment(**change))
    assert status == 422
    assert words in answer["message"]


@pytest.mark.parametrize("key", ["command", "volumeMounts"])
def test_nothing_of_a_manifest_is_ever_run(cluster: Any, key: str) -> None:
    made = deployment()
    made["spec"]["template"]["spec"]["containers"][0][key] = ["/bin/sh"]
    assert ask(cluster, "POST", DEPLOYMENTS, made)[0] == 422


@pytest.mark.parametrize("name", ["LD_PRELOAD", "PYTHONPATH", "PATH"])
def test_no_variable_reaches_a_pod_that_could_make_it_run_something_else(cluster: Any, name: str) -> None:
    made = deployment(replicas=1)
    made["spec"]["template"]["spec"]["containers"][0]["env"].append({"name": name, "value": "evil"})
    ask(cluster, "POST", DEPLOYMENTS, made)

    def waiting() -> str:
        pods = ask(cluster, "GET", "/api/v1/namespaces/default/pods")[1]["items"]
        held = [one["state"].get("waiting", {}) for pod in pods for one in pod["status"].get("containerStatuses", [])]
        return str(held[0].get("reason", "")) if held else ""

    assert wait(lambda: waiting() == "CreateContainerConfigError")
