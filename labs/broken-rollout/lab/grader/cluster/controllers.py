"""What makes the cluster move: Deployments make ReplicaSets make pods; Services learn, a little late, who is ready."""

import copy
import hashlib
import itertools
import json
import math
import random
import threading
import time
import traceback
from pathlib import Path

from .network import Front
from .pods import Pod, Waiting
from .store import Refused, Store, matches, now

MOST_PODS = 14
ROUTES_LAG_S = 1.0  # of the cluster's time: routes hear of a pod that ends later than the pod does
REVISION = "deployment.kubernetes.io/revision"
HASH = "pod-template-hash"
PROGRAMS = Path(__file__).parent / "programs"


class Cluster:
    """One node. `pace`: how many seconds of the cluster pass in one of the clock's; `images`: what its registry holds."""

    def __init__(self, images: Path, *, pace: float = 1.0, net: int = 88) -> None:
        self.store, self.images, self.pace, self.net = Store(), images, pace, net
        self.pods: dict[str, Pod] = {}
        self.fronts: dict[tuple[str, int], Front] = {}
        self.addresses = itertools.count(10)
        self.services = itertools.count(10)
        self.seen: dict[str, float] = {}  # since when a pod is as its endpoints do not say yet
        self._open = True
        self.store.create("nodes", {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "room"}, "status": {
            "conditions": [{"type": "Ready", "status": "True"}], "nodeInfo": {"kubeletVersion": "v1.37.0"},
            "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}]}})  # fmt: skip
        self.store.create("namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}, "status": {"phase": "Active"}})
        threading.Thread(target=self.run, daemon=True).start()

    def s(self, seconds: float) -> float:
        """Seconds of the clock for so many of the cluster's."""
        return max(0.0, float(seconds)) / self.pace

    def program(self, image: str) -> Path:
        """What runs for an image. Raises `Waiting` where the registry does not hold it."""
        held = json.loads(self.images.read_text("utf-8"))
        if image not in held:
            raise Waiting("ImagePullBackOff", f'Back-off pulling image "{image}": not found')
        return PROGRAMS / held[image]["program"]

    def set_status(self, resource: str, name: str, status: dict) -> None:
        with self.store.lock:
            held = self.store.get(resource, name)
            if held is not None:
                held["status"] = status
                self.store.put(resource, held)

    def close(self) -> None:
        """At once: no program of a pod outlives its cluster."""
        self._open = False
        for pod in list(self.pods.values()):
            pod.made["spec"]["terminationGracePeriodSeconds"] = 0
            pod.ending.set()
            for one in pod.containers:
                if one.process is not None:
                    one.process.kill()
        for front in list(self.fronts.values()):
            front.close()

    # the loop

    def run(self) -> None:
        while self._open:
            try:
                for deployment in self.store.all("deployments"):
                    self.roll(deployment)
                self.collect()
                for replica_set in self.store.all("replicasets"):
                    self.fill(replica_set)
                self.route()
            except Refused:
                pass
            except Exception:  # noqa: BLE001  a controller goes on, whatever an object is
                traceback.print_exc()
            time.sleep(0.05)

    # Deployments

    def roll(self, deployment: dict) -> None:
        spec = deployment["spec"]
        mine = [one for one in self.store.all("replicasets") if _owner(one) == deployment["metadata"]["uid"]]
        stamp = template_hash(spec["template"])
        new = next((one for one in mine if one["metadata"]["labels"][HASH] == stamp), None)
        newest = max((int(one["metadata"]["annotations"][REVISION]) for one in mine), default=0)
        if new is None:
            new = self.store.create("replicasets", _replica_set(deployment, stamp, newest + 1))
            self.store.tell(deployment, "Normal", "ScalingReplicaSet", f"Created replica set {new['metadata']['name']}")
            mine.append(new)
        elif int(new["metadata"]["annotations"][REVISION]) < newest:  # rolled back: it is the newest again
            new["metadata"]["annotations"][REVISION] = str(newest + 1)
            new = self.store.put("replicasets", new)
        old = [one for one in mine if one["metadata"]["name"] != new["metadata"]["name"]]
        self.scale(spec, new, old)
        self.tell(deployment, new["metadata"]["name"], stamp)
        for one in sorted(old, key=lambda one: int(one["metadata"]["annotations"][REVISION]))[: -spec.get("revisionHistoryLimit", 10) or None]:
            if one["spec"]["replicas"] == 0 and not self.of(one):
                self.store.remove("replicasets", one["metadata"]["name"])

    def scale(self, spec: dict, new: dict, old: list[dict]) -> None:
        wanted = int(spec.get("replicas", 1))
        strategy = spec.get("strategy", {})
        if strategy.get("type") == "Recreate":
            for one in old:
                self.resize(one, 0)
            self.resize(new, wanted if not any(self.of(one) for one in old) else 0)
            return
        surge, gone = rolling(strategy.get("rollingUpdate") or {}, wanted)
        total = new["spec"]["replicas"] + sum(one["spec"]["replicas"] for one in old)
        if new["spec"]["replicas"] > wanted:
            self.resize(new, wanted)
        elif new["spec"]["replicas"] < wanted:
            self.resize(new, min(wanted, new["spec"]["replicas"] + max(0, wanted + surge - total)))
        ready = {one["metadata"]["name"]: len(self.ready(one)) for one in [new, *old]}
        spare = sum(ready.values()) - (wanted - gone)
        for one in old:  # those that are not ready first: they serve nobody
            idle = one["spec"]["replicas"] - ready[one["metadata"]["name"]]
            less = min(one["spec"]["replicas"], idle + max(0, spare))
            spare -= max(0, less - idle)
            if less > 0:
                self.resize(one, one["spec"]["replicas"] - less)

    def resize(self, replica_set: dict, replicas: int) -> None:
        if replica_set["spec"]["replicas"] != replicas:
            replica_set["spec"]["replicas"] = replicas
            replica_set.update(self.store.put("replicasets", replica_set))

    def tell(self, deployment: dict, newest: str, stamp: str) -> None:
        """Status as kubectl rollout status reads it."""
        meta, wanted = deployment["metadata"], int(deployment["spec"].get("replicas", 1))
        mine = [one for one in self.store.all("replicasets") if _owner(one) == meta["uid"]]
        counts = {one["metadata"]["name"]: (len(self.of(one)), len(self.ready(one))) for one in mine}
        updated, updated_ready = counts.get(newest, (0, 0))
        total, ready = (sum(pair[at] for pair in counts.values()) for at in (0, 1))
        done = updated == updated_ready == wanted and total == wanted
        before = {one["type"]: one for one in deployment.get("status", {}).get("conditions", [])}.get("Progressing", {})
        key = f"{meta['name']} {stamp} {updated} {updated_ready} {total}"
        since = self.seen.setdefault(key, time.monotonic())
        late = time.monotonic() - since > self.s(deployment["spec"].get("progressDeadlineSeconds", 600))
        reason = "NewReplicaSetAvailable" if done else "ProgressDeadlineExceeded" if late else "ReplicaSetUpdated"
        words = f'ReplicaSet "{newest}" ' + {"NewReplicaSetAvailable": "has successfully progressed.", "ReplicaSetUpdated": "is progressing."}.get(reason, "has timed out progressing.")
        conditions = [
            {"type": "Available", "status": str(ready >= wanted - rolling((deployment["spec"].get("strategy") or {}).get("rollingUpdate") or {}, wanted)[1]), "reason": "MinimumReplicas", "message": ""},
            {"type": "Progressing", "status": str(not late or done), "reason": reason, "message": words},
        ]
        for one in conditions:
            one["lastUpdateTime"] = one["lastTransitionTime"] = before.get("lastUpdateTime", now()) if before.get("reason") == reason else now()
        status = {
            "observedGeneration": meta["generation"], "replicas": total, "updatedReplicas": updated, "readyReplicas": ready,
            "availableReplicas": ready, "unavailableReplicas": max(0, wanted - ready), "conditions": conditions,
        }  # fmt: skip
        with self.store.lock:
            held = self.store.get("deployments", meta["name"])
            if held is not None and held["metadata"]["generation"] == meta["generation"]:
                held["status"] = status
                held["metadata"].setdefault("annotations", {})[REVISION] = str(max((int(one["metadata"]["annotations"][REVISION]) for one in mine), default=1))
                self.store.put("deployments", held)

    # ReplicaSets and pods

    def of(self, replica_set: dict) -> list[dict]:
        """Its pods that do not end."""
        uid = replica_set["metadata"]["uid"]
        return [one for one in self.store.all("pods") if _owner(one) == uid and "deletionTimestamp" not in one["metadata"]]

    def ready(self, replica_set: dict) -> list[dict]:
        return [one for one in self.of(replica_set) if self.pods.get(one["metadata"]["name"]) and self.pods[one["metadata"]["name"]].is_ready]

    def fill(self, replica_set: dict) -> None:
        mine, wanted = self.of(replica_set), replica_set["spec"]["replicas"]
        for _ in range(wanted - len(mine)):
            if len(self.pods) >= MOST_PODS:
                self.store.tell(replica_set, "Warning", "FailedScheduling", "0/1 nodes are available: 1 too many pods")
                break
            self.create_pod(replica_set)
        mine.sort(key=lambda one: (self.pods[one["metadata"]["name"]].is_ready if one["metadata"]["name"] in self.pods else False, one["metadata"]["name"]))
        for one in mine[: max(0, len(mine) - wanted)]:
            self.delete_pod(one["metadata"]["name"])
        ready = len(self.ready(replica_set))
        self.set_status("replicasets", replica_set["metadata"]["name"], {
            "replicas": len(self.of(replica_set)), "readyReplicas": ready, "availableReplicas": ready,
            "observedGeneration": replica_set["metadata"].get("generation", 1)})  # fmt: skip

    def create_pod(self, replica_set: dict) -> None:
        template = copy.deepcopy(replica_set["spec"]["template"])
        name = f"{replica_set['metadata']['name']}-{''.join(random.choices('bcdfghjklmnpqrstvwxz2456789', k=5))}"
        meta = template.get("metadata") or {}
        made = self.store.create("pods", {
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "labels": meta.get("labels", {}), "annotations": meta.get("annotations") or {}, "ownerReferences": [_reference(replica_set)]},
            "spec": {**template["spec"], "nodeName": "room"}, "status": {"phase": "Pending"}})  # fmt: skip
        number = next(self.addresses)
        self.pods[name] = Pod(self, made, f"127.{self.net}.{number // 250 % 250}.{number % 250 + 1}")
        self.store.tell(replica_set, "Normal", "SuccessfulCreate", f"Created pod: {name}")

    def delete_pod(self, name: str) -> None:
        with self.store.lock:
            held = self.store.get("pods", name)
            if held is None or "deletionTimestamp" in held["metadata"]:
                return
            held["metadata"]["deletionTimestamp"] = now()
            held["metadata"]["deletionGracePeriodSeconds"] = held["spec"].get("terminationGracePeriodSeconds", 30)
            self.store.put("pods", held)
        if name in self.pods:
            self.pods[name].ending.set()

    def gone(self, name: str) -> None:
        self.pods.pop(name, None)
        self.store.remove("pods", name)

    def collect(self) -> None:
        """What belongs to something that is gone goes too."""
        alive = {one["metadata"]["uid"] for kind in ("deployments", "replicasets") for one in self.store.all(kind)}
        for one in self.store.all("replicasets"):
            if _owner(one) and _owner(one) not in alive:
                self.store.remove("replicasets", one["metadata"]["name"])
        for one in self.store.all("pods"):
            if _owner(one) and _owner(one) not in alive:
                self.delete_pod(one["metadata"]["name"])

    # Services

    routes_lag_s = ROUTES_LAG_S

    def is_routed_to(self, pod: Pod) -> bool:
        return any(pod.ip == address for front in list(self.fronts.values()) for address, _ in front.backends)

    def route(self) -> None:
        """Endpoints follow pods, a little late; and each Service listens."""
        wanted: dict[tuple[str, int], list[tuple[str, int]]] = {}
        for service in self.store.all("services"):
            ready = [pod for one in self.store.all("pods") if (pod := self.pods.get(one["metadata"]["name"])) and self.is_routed(service, one, pod)]
            for port in service["spec"].get("ports", []):
                wanted[service["spec"]["clusterIP"], port["port"]] = [
                    (pod.ip, number) for pod in ready if (number := _target(port, pod.made)) is not None
                ]
            self.tell_endpoints(service, ready)
        for at, backends in wanted.items():
            if at not in self.fronts:
                try:
                    self.fronts[at] = Front(*at)
                except OSError as error:
                    self.seen.setdefault(f"no front {at} {error}", time.monotonic())
                    continue
            self.fronts[at].backends = backends
        for at in set(self.fronts) - set(wanted):
            self.fronts.pop(at).close()

    def is_routed(self, service: dict, held: dict, pod: Pod) -> bool:
        """As the routes know it: what changed less than the lag ago has not come to them yet."""
        is_in = matches(service["spec"].get("selector"), held["metadata"].get("labels")) and pod.is_ready
        key = f"route {service['metadata']['name']} {pod.name}"
        was_in = self.seen.get(key, 0.0) > 0
        if is_in == was_in:
            self.seen.pop(f"{key} since", None)
        elif time.monotonic() - self.seen.setdefault(f"{key} since", time.monotonic()) >= (0 if is_in else self.s(ROUTES_LAG_S)):
            self.seen[key] = 1.0 if is_in else 0.0
            was_in = is_in
        return was_in

    def tell_endpoints(self, service: dict, ready: list[Pod]) -> None:
        name = service["metadata"]["name"]
        subsets = [
            {"addresses": [{"ip": pod.ip, "targetRef": {"kind": "Pod", "name": pod.name}} for pod in ready if _target(port, pod.made) is not None],
             "ports": [{"port": _target(port, ready[0].made) or 0, "name": port.get("name", "")}]}
            for port in service["spec"].get("ports", []) if ready
        ]  # fmt: skip
        held = self.store.get("endpoints", name)
        if held is None:
            self.store.create("endpoints", {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": name}, "subsets": subsets})
        elif held["subsets"] != subsets:
            held["subsets"] = subsets
            self.store.put("endpoints", held)


def rolling(words: dict, wanted: int) -> tuple[int, int]:
    """MaxSurge (rounded up) and pods that may be missing (rounded down); both 25 % by default, and never both nothing."""

    def number(value: object, up: bool) -> int:
        if isinstance(value, str) and value.endswith("%"):
            share = float(value[:-1]) / 100 * wanted
            return math.ceil(share) if up else math.floor(share)
        return int(value)  # type: ignore[call-overload]

    surge, gone = number(words.get("maxSurge", "25%"), up=True), number(words.get("maxUnavailable", "25%"), up=False)
    return (surge, 1) if not surge and not gone else (surge, gone)


def template_hash(template: dict) -> str:
    return hashlib.sha256(json.dumps(template, sort_keys=True).encode()).hexdigest()[:10]


def _replica_set(deployment: dict, stamp: str, revision: int) -> dict:
    template = copy.deepcopy(deployment["spec"]["template"])
    labels = template.setdefault("metadata", {}).setdefault("labels", {})
    labels[HASH] = stamp
    annotations = {REVISION: str(revision)}
    cause = (deployment["metadata"].get("annotations") or {}).get("kubernetes.io/change-cause")
    if cause:
        annotations["kubernetes.io/change-cause"] = cause
    return {
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": {"name": f"{deployment['metadata']['name']}-{stamp}", "labels": dict(labels), "annotations": annotations, "ownerReferences": [_reference(deployment)]},
        "spec": {"replicas": 0, "selector": {"matchLabels": dict(labels)}, "template": template}, "status": {"replicas": 0},
    }  # fmt: skip


def _reference(owner: dict) -> dict:
    meta = owner["metadata"]
    return {"apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": meta["name"], "uid": meta["uid"], "controller": True}


def _owner(one: dict) -> str:
    return next((ref["uid"] for ref in one["metadata"].get("ownerReferences", [])), "")


def _target(port: dict, pod: dict) -> int | None:
    """The pod's port that a Service's port leads to; None where the pod has none of that name."""
    target = port.get("targetPort", port["port"])
    if isinstance(target, int):
        return target
    for container in pod["spec"]["containers"]:
        for one in container.get("ports", []):
            if one.get("name") == target:
                return int(one["containerPort"])
    return None
