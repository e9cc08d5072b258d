"""Pods as processes: each container a program on the pod's own address, with probes, restarts and a memory limit."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from .store import Store, now

IMAGE = Path(__file__).parent / "images"
REFUSED_NAMES = ("LD_", "PYTHON", "PATH", "HOME", "POD_")
LEAST_TIMEOUT_S = 2.0  # of real time: a busy machine is not what a probe is about
BACKOFF_S = (1, 2, 4, 8, 16)


class Waiting(Exception):
    """A container that cannot be made: reason and message, as kubectl shows them."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason, self.message = reason, message


class Container:
    """One container of a pod: its process, its probes, how often it was started again."""

    def __init__(self, pod: "Pod", spec: dict) -> None:
        self.pod, self.spec, self.name = pod, spec, spec["name"]
        self.process: subprocess.Popen | None = None
        self.log = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the container
        self.restarts, self.since, self.started_at = 0, 0.0, now()
        self.is_ready = self.has_started = False
        self.waiting: Waiting | None = Waiting("ContainerCreating", "")
        self.last: dict | None = None
        self.retry_at = 0.0
        self.counts = {"startupProbe": [0, 0], "livenessProbe": [0, 0], "readinessProbe": [0, 0]}  # passed, failed
        self.due = dict.fromkeys(self.counts, 0.0)

    def start(self) -> None:
        try:
            env = self.environment()
            program = self.pod.cluster.program(self.spec["image"])
        except Waiting as waiting:
            if self.waiting is None or self.waiting.reason != waiting.reason:
                self.pod.tell("Warning", "Failed", waiting.message)
            self.waiting, self.retry_at = waiting, time.monotonic() + self.pod.cluster.s(2)
            return
        words = [sys.executable, "-I", "-S", str(program), *map(str, self.spec.get("args", []))]
        self.process = subprocess.Popen(words, env=env, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        self.since, self.started_at = time.monotonic(), now()
        self.waiting, self.has_started, self.is_ready = None, "startupProbe" not in self.spec, False
        for name in self.counts:
            self.counts[name] = [0, 0]
            self.due[name] = self.since + self.pod.cluster.s(self.spec.get(name, {}).get("initialDelaySeconds", 0))
        self.pod.tell("Normal", "Started", f"Started container {self.name}")

    def environment(self) -> dict[str, str]:
        """As the kubelet makes it. Raises `Waiting` for a key or an object that is missing."""
        store, made = self.pod.cluster.store, {}
        for source in self.spec.get("envFrom", []):
            for kind, resource in (("configMapRef", "configmaps"), ("secretRef", "secrets")):
                if kind in source:
                    made |= _values(_held(store, resource, source[kind]["name"]))
        for one in self.spec.get("env", []):
            made[one["name"]] = str(one.get("value", "")) if "valueFrom" not in one else _from(store, one["valueFrom"])
        bad = [name for name in made if name.startswith(REFUSED_NAMES) or "=" in name or "\0" in name + made[name]]
        if bad:
            raise Waiting("CreateContainerConfigError", f"this cluster gives no container a variable {bad[0]!r}")
        cluster = self.pod.cluster
        own = {
            "POD_IP": self.pod.ip, "POD_NAME": self.pod.name, "POD_PACE": str(cluster.pace),
            "POD_IMAGE": self.spec["image"], "POD_IMAGES": str(cluster.images), "PATH": "/usr/bin:/bin",
        }  # fmt: skip
        return {**made, **own}

    # one look

    def tick(self, clock: float) -> None:
        if self.process is None:
            if clock >= self.retry_at:
                self.start()
            return
        status = self.process.poll()
        limit = _bytes(self.spec.get("resources", {}).get("limits", {}).get("memory"))
        if status is None and limit and _resident(self.process.pid) > limit:
            self.process.kill()
            self.process.wait()
            self.ended(137, "OOMKilled")
        elif status is not None:
            self.ended(status if status >= 0 else 128 - status, "Error" if status else "Completed")
        else:
            self.probe(clock)

    def ended(self, status: int, reason: str) -> None:
        self.process, self.is_ready = None, False
        self.last = {
            "terminated": {"exitCode": status, "reason": reason, "startedAt": self.started_at, "finishedAt": now()}
        }
        wait = BACKOFF_S[min(self.restarts, len(BACKOFF_S) - 1)]
        self.restarts += 1
        self.retry_at = time.monotonic() + self.pod.cluster.s(wait)
        self.waiting = Waiting("CrashLoopBackOff", f"back-off {wait}s restarting failed container={self.name}")
        self.pod.tell("Warning", "BackOff", f"Back-off restarting failed container {self.name} ({reason}, exit code {status})")

    def probe(self, clock: float) -> None:
        """Startup first; readiness and liveness once that has passed."""
        for name in ("startupProbe",) if not self.has_started else ("livenessProbe", "readinessProbe"):
            spec = self.spec.get(name)
            if spec is None:
                if name == "readinessProbe":
                    self.is_ready = True
            elif clock >= self.due[name]:
                self.due[name] = clock + self.pod.cluster.s(spec.get("periodSeconds", 10))
                self.judge(name, spec, self.ask(spec))

    def judge(self, name: str, spec: dict, why: str) -> None:
        passed, failed = self.counts[name]
        self.counts[name] = [passed + 1, 0] if not why else [0, failed + 1]
        if why:
            self.pod.tell("Warning", "Unhealthy", f"{name.removesuffix('Probe').capitalize()} probe failed: {why}")
        passed, failed = self.counts[name]
        out = failed >= spec.get("failureThreshold", 3)
        if name == "readinessProbe":
            self.is_ready = passed >= spec.get("successThreshold", 1) or (self.is_ready and not out)
        elif name == "startupProbe" and passed:
            self.has_started = True
        elif out:
            self.pod.tell("Normal", "Killing", f"Container {self.name} failed {name.removesuffix('Probe')} probe, will be restarted")
            self.kill(1.0)
            self.ended(137, "Error")

    def ask(self, spec: dict) -> str:
        """Why a probe failed; "" where it passed."""
        target = spec.get("httpGet") or spec.get("tcpSocket") or {}
        limit_s = max(LEAST_TIMEOUT_S, self.pod.cluster.s(spec.get("timeoutSeconds", 1)))
        try:
            port = self.port(target.get("port"))
            if "tcpSocket" in spec:
                socket.create_connection((self.pod.ip, port), timeout=limit_s).close()
                return ""
            connection = http.client.HTTPConnection(self.pod.ip, port, timeout=limit_s)
            connection.request("GET", target.get("path", "/"))
            status = connection.getresponse().status
            connection.close()
        except (OSError, http.client.HTTPException, ValueError) as error:
            return f"{target.get('path', 'tcp')} on port {target.get('port')}: {error}"
        return "" if 200 <= status < 400 else f"HTTP probe failed with statuscode: {status}"

    def port(self, named: object) -> int:
        if isinstance(named, int):
            return named
        for one in self.spec.get("ports", []):
            if one.get("name") == named:
                return int(one["containerPort"])
        raise ValueError(f"no port is called {named!r}")

    def kill(self, grace_s: float) -> None:
        """SIGTERM, and SIGKILL after the grace."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(grace_s)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def status(self) -> dict:
        state = {"waiting": {"reason": self.waiting.reason, "message": self.waiting.message}} if self.waiting else {
            "running": {"startedAt": self.started_at}}  # fmt: skip
        made = {
            "name": self.name, "image": self.spec["image"], "imageID": self.spec["image"], "ready": self.is_ready,
            "restartCount": self.restarts, "started": self.has_started, "state": state,
        }  # fmt: skip
        return made | ({"lastState": self.last} if self.last else {})


class Pod:
    """One pod, until it is gone: a thread looks at it twenty times a second."""

    def __init__(self, cluster: "object", made: dict, ip: str) -> None:
        self.cluster, self.ip, self.name, self.made = cluster, ip, made["metadata"]["name"], made
        self.containers = [Container(self, spec) for spec in made["spec"]["containers"]]
        self.ending = threading.Event()
        self.written: dict | None = None
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def tell(self, kind: str, reason: str, message: str) -> None:
        self.cluster.store.tell(self.made, kind, reason, message)

    @property
    def is_ready(self) -> bool:
        return not self.ending.is_set() and bool(self.containers) and all(one.is_ready for one in self.containers)

    def run(self) -> None:
        while not self.ending.wait(0.05):
            for one in self.containers:
                one.tick(time.monotonic())
            self.write()
        self.finish()

    def write(self) -> None:
        ready = "True" if self.is_ready else "False"
        conditions = [{"type": kind, "status": ready} for kind in ("Ready", "ContainersReady")]
        conditions.append({"type": "PodScheduled", "status": "True"})
        phase = "Running" if any(one.process for one in self.containers) or any(c.restarts for c in self.containers) else "Pending"
        status = {
            "phase": phase, "podIP": self.ip, "podIPs": [{"ip": self.ip}], "hostIP": "127.0.0.1", "conditions": conditions,
            "startTime": self.made["metadata"]["creationTimestamp"], "containerStatuses": [one.status() for one in self.containers],
        }  # fmt: skip
        if status != self.written:
            self.written = status
            self.cluster.set_status("pods", self.name, status)

    def finish(self) -> None:
        """preStop, SIGTERM, and SIGKILL at the end of the grace period, which counts from the beginning."""
        spec = self.made["spec"]
        grace_s = self.cluster.s(spec.get("terminationGracePeriodSeconds", 30))
        began = time.monotonic()

        def end(one: Container) -> None:
            if one.process is not None:
                self.pause(pre_stop_s(one.spec), grace_s)
            one.kill(max(0.05, grace_s - (time.monotonic() - began)))
            one.log.close()

        threads = [threading.Thread(target=end, args=(one,)) for one in self.containers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.cluster.gone(self.name)

    def pause(self, seconds: float, grace_s: float) -> None:
        """PreStop. One that is longer than routes take ends after the routes have changed, however busy the machine is."""
        time.sleep(min(grace_s, self.cluster.s(seconds)))
        until = time.monotonic() + 10
        while seconds > self.cluster.routes_lag_s and self.cluster.is_routed_to(self) and time.monotonic() < until:
            time.sleep(0.02)

    def log(self, container: str, tail: int | None) -> str:
        one = next((c for c in self.containers if c.name == container), self.containers[0])
        try:
            size = os.fstat(one.log.fileno()).st_size
            text = os.pread(one.log.fileno(), 1 << 20, max(0, size - (1 << 20))).decode(errors="replace")
        except ValueError:
            return ""
        return text if tail is None else "".join(text.splitlines(True)[-tail:])


def pre_stop_s(spec: dict) -> float:
    """How long the preStop hook takes: `sleep`, or `exec` of sleep, the only program of these images beside their own."""
    hook = spec.get("lifecycle", {}).get("preStop", {})
    if "sleep" in hook:
        return float(hook["sleep"].get("seconds", 0))
    words = " ".join(map(str, hook.get("exec", {}).get("command", []))).split()
    at = next((n for n, word in enumerate(words) if word.rpartition("/")[2] == "sleep"), None)
    try:
        return float(words[at + 1]) if at is not None else 0.0
    except (IndexError, ValueError):
        return 0.0


def _held(store: Store, resource: str, name: str) -> dict:
    held = store.get(resource, name)
    if held is None:
        raise Waiting("CreateContainerConfigError", f'{resource.removesuffix("s")} "{name}" not found')
    return held


def _values(held: dict) -> dict[str, str]:
    import base64

    if held["kind"] == "Secret":
        plain = {key: base64.b64decode(value).decode(errors="replace") for key, value in held.get("data", {}).items()}
        return plain | held.get("stringData", {})
    return {key: str(value) for key, value in held.get("data", {}).items()}


def _from(store: Store, source: dict) -> str:
    for kind, resource in (("configMapKeyRef", "configmaps"), ("secretKeyRef", "secrets")):
        if kind in source:
            named = source[kind]
            held = _values(_held(store, resource, named["name"]))
            if named["key"] not in held:
                raise Waiting("CreateContainerConfigError", f"couldn't find key {named['key']} in {held_name(resource)} default/{named['name']}")
            return held[named["key"]]
    raise Waiting("CreateContainerConfigError", "this cluster knows configMapKeyRef and secretKeyRef only")


def held_name(resource: str) -> str:
    return {"configmaps": "ConfigMap", "secrets": "Secret"}[resource]


def _bytes(text: object) -> int:
    """A quantity of memory; 0 for none."""
    units = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "k": 10**3, "M": 10**6, "G": 10**9}
    words = str(text or "")
    for unit, factor in units.items():
        if words.endswith(unit):
            return int(float(words.removesuffix(unit)) * factor)
    return int(float(words)) if words.replace(".", "").isdigit() else 0


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
