"""Grades broken-rollout: the manifests are applied by the real kubectl to a cluster of ours, and what runs is used.

Nothing of the candidate's is executed: images are ours, and the cluster refuses commands, volumes and whatever else it does
not do. Each side, the candidate's manifests and the reference's as control, gets a cluster of its own, in a process of its own.
"""

import http.client
import json
import math
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tenfold_grader import CANDIDATE, REFERENCE, Check, OurFault, Result, Room, lost, met, partly, run_checks, weighed
from tenfold_grader.answers import printable
from tenfold_grader.findings import named_causes

HERE = Path(__file__).parent
PACE = 4.0  # seconds of the cluster in one of the clock's
OTHER_FRONT = "127.96.0.240"
STEADY_FRONTS = {CANDIDATE: "127.96.0.241", REFERENCE: "127.96.0.242"}
RESTART_S, LEFT_ALONE_S = 60.0, 8.0  # of the cluster; the instruction asks for a minute and for five seconds
FRONT_PORT, MOST_FILES, MOST_MEMORY = 8080, 40, 128 << 20
CRITERIA = ("applies", "ready", "serves", "release", "bad-release", "settings", "steady", "kept", "diagnosis")
KUBECONFIG = """apiVersion: v1
kind: Config
clusters: [{{name: room, cluster: {{server: "http://127.0.0.1:{port}"}}}}]
contexts: [{{name: room, context: {{cluster: room, user: room, namespace: default}}}}]
users: [{{name: room, user: {{}}}}]
current-context: room
"""


def grade(room: Room) -> list[Result]:
    faults = set(room.parameters["faults"])
    diagnosis = named_causes("diagnosis", room.file("diagnosis.toml"), faults or {"none"})
    if not faults and diagnosis.share != 1.0:
        why = "nothing is wrong with these manifests, and the diagnosis does not say so"
        return [lost(one, why) for one in CRITERIA[:-1]] + [diagnosis]
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(room, Path(folder))
        try:
            return [*run_checks(room, trial.checks()), diagnosis]
        finally:
            trial.close()


class NotApplied(ValueError):
    """The manifests could not be applied: nothing else can be looked at."""


class Side:
    """One set of manifests in a cluster of its own."""

    def __init__(self, room: Room, which: str, folder: Path, *, front: str = "", net: int = 0) -> None:
        self.room, self.words, self.folder = room, dict(room.parameters), folder
        self.app, given = self.words["app"], self.words["front"]
        # The reference has an address of its own, so that both may run at once.
        self.front = front or (OTHER_FRONT if which == REFERENCE else given)
        folder.mkdir()
        for name, content in handed_in(room, which).items():
            path = folder / "manifests" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.replace(given.encode(), self.front.encode()))
        (folder / "images.json").write_bytes(room.data("images.json"))
        self.port = free_port()
        (folder / "kubeconfig").write_text(KUBECONFIG.format(port=self.port))
        words = [sys.executable, "-m", "cluster", "--port", str(self.port), "--pace", str(PACE), "--images", str(folder / "images.json")]
        words += ["--net", str(net or (89 if which == REFERENCE else 88))]
        self.log = (folder / "cluster.log").open("wb")
        self.process = subprocess.Popen(words, cwd=HERE, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, start_new_session=True)
        self.applied: subprocess.CompletedProcess | None = None
        self.is_ready: bool | None = None
        self.wait_for_api()

    def wait_for_api(self) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                if self.get("/healthz", raw=True) == b'"ok"':
                    return
            except OSError:
                time.sleep(0.05)
        raise OurFault(f"the cluster does not start: {(self.folder / 'cluster.log').read_text()[-500:]}")

    def close(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, number)
                self.process.wait(3)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        self.log.close()

    # asking the cluster

    def kubectl(self, *words: str, timeout_s: float = 60) -> subprocess.CompletedProcess:
        env = {"PATH": os.environ.get("PATH", ""), "KUBECONFIG": str(self.folder / "kubeconfig"), "HOME": str(self.folder), "GOMEMLIMIT": "200MiB"}
        program = Path(sys.executable).with_name("kubectl")
        try:
            return subprocess.run([str(program), *words], env=env, cwd=self.folder, capture_output=True, timeout=timeout_s, check=False)
        except subprocess.TimeoutExpired as error:
            raise NotApplied(f"kubectl {words[0]} took more than {timeout_s:.0f} s") from error

    def get(self, path: str, *, raw: bool = False):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            content = connection.getresponse().read()
            return content if raw else json.loads(content)
        finally:
            connection.close()

    def deployment(self) -> dict:
        held = self.get(f"/apis/apps/v1/namespaces/default/deployments/{self.app}")
        if held.get("kind") != "Deployment":
            raise NotApplied(f"there is no Deployment {self.app}")
        return held

    def pods(self) -> list[dict]:
        """Those that do not end, of our Deployment."""
        wanted = self.deployment()["spec"]["selector"]["matchLabels"]
        return [
            one for one in self.get("/api/v1/namespaces/default/pods")["items"]
            if "deletionTimestamp" not in one["metadata"]
            and all(one["metadata"].get("labels", {}).get(key) == value for key, value in wanted.items())
        ]  # fmt: skip

    def why(self) -> str:
        """What the cluster's warnings say, for evidence."""
        rows = self.get("/api/v1/namespaces/default/events")["items"]
        words = [one["message"] for one in rows if one["type"] == "Warning"]
        return printable("; ".join(list(dict.fromkeys(words))[-3:]), 300)

    def wait(self, is_so, limit_s: float) -> bool:
        until = time.monotonic() + limit_s
        while time.monotonic() < until:
            if is_so():
                return True
            time.sleep(0.1)
        return False

    def rolled_out(self, image: str | None = None) -> bool:
        """Every replica is of the newest template (and image) and ready, and none of another is left."""
        held = self.deployment()
        status, wanted = held.get("status", {}), held["spec"].get("replicas", 1)
        if status.get("observedGeneration") != held["metadata"]["generation"]:
            return False
        if image and image not in {one["image"] for one in held["spec"]["template"]["spec"]["containers"]}:
            return False
        return all(status.get(key, 0) == wanted for key in ("replicas", "updatedReplicas", "readyReplicas"))

    # asking the service

    def score(self, rows: list, work_s: float = 0.0, timeout_s: float = 30) -> dict:
        return self.front_ask("POST", "/v1/score", {"rows": rows, "work_s": work_s}, timeout_s)

    def front_ask(self, method: str, path: str, body: object = None, timeout_s: float = 30) -> dict:
        """One request on a connection of its own. `OSError` where it is refused or cut off, `ValueError` for a status."""
        connection = http.client.HTTPConnection(self.front, FRONT_PORT, timeout=timeout_s)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None)
            reply = connection.getresponse()
            content = reply.read()
        except http.client.HTTPException as error:
            raise ConnectionError(f"cut off ({type(error).__name__})") from error
        finally:
            connection.close()
        if reply.status != 200:
            raise ValueError(f"{reply.status} {printable(content[:80])}")
        return json.loads(content)


class Traffic:
    """Callers who ask all the time, each request on a connection of its own; and some whose requests take long."""

    def __init__(self, side: Side, judge, *, threads: int = 3) -> None:
        self.side, self.judge = side, judge
        self.asked, self.failed = 0, []
        self.long_failed: list[str] = []
        self.stop = threading.Event()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.short, args=(n,), daemon=True) for n in range(threads)]
        self.longs: list[threading.Thread] = []
        for one in self.threads:
            one.start()

    def short(self, number: int) -> None:
        rng = random.Random(f"{self.side.words['model_seed']} {number}")
        while not self.stop.is_set():
            rows = nonce(rng, 2)
            why = self.judged(rows, 0.0)
            with self.lock:
                self.asked += 1
                if why:
                    self.failed.append(why)
            time.sleep(0.01)

    def judged(self, rows: list, work_s: float) -> str:
        try:
            return self.judge(rows, self.side.score(rows, work_s))
        except (OSError, ValueError) as error:
            return printable(str(error), 120) or type(error).__name__

    def send_long(self, count: int) -> None:
        def one(number: int) -> None:
            why = self.judged(nonce(random.Random(number), 1), float(self.side.words["longest_s"]))
            if why:
                with self.lock:
                    self.long_failed.append(why)

        fresh = [threading.Thread(target=one, args=(n,), daemon=True) for n in range(count)]
        self.longs += fresh
        for thread in fresh:
            thread.start()

    def end(self) -> None:
        for one in self.longs:
            one.join(20)
        self.stop.set()
        for one in self.threads:
            one.join(20)


def nonce(rng: random.Random, count: int) -> list[list[float]]:
    return [[round(rng.gauss(0, 1), 4) for _ in range(5)] for _ in range(count)]


class Trial:
    """All checks; `which` is the side on trial: the candidate's, or the reference's as control."""

    def __init__(self, room: Room, folder: Path) -> None:
        self.room, self.folder, self.words = room, folder, dict(room.parameters)
        self.images = json.loads(room.data("images.json"))
        self.sides: dict[str, Side] = {}
        self.reference_serves: bool | None = None
        self.lives: dict[str, Life] = {}

    def checks(self) -> list[Check]:
        """Where the candidate's manifests make one fail, it is enough that the reference's come up and serve."""
        found = {
            "applies": self.applies, "ready": self.ready, "serves": self.serves, "kept": self.kept,
            "settings": self.settings,  # before the release, which brings new pods by itself
            "release": self.release, "bad-release": self.bad_release, "steady": self.steady,
        }  # fmt: skip
        return [Check((name,), run, control=self.reference_is_fine) for name, run in found.items()]

    def reference_is_fine(self) -> None:
        """Raises `OurFault` where it is not; looked at once."""
        if self.reference_serves is None:
            self.reference_serves = all(one.share == 1.0 for one in [*self.ready(REFERENCE), *self.serves(REFERENCE)])
        if not self.reference_serves:
            raise OurFault("the reference's manifests do not come up")

    def close(self) -> None:
        for side in self.sides.values():
            side.close()
        for one in self.lives.values():
            one.close()

    def side(self, which: str) -> Side:
        if which not in self.sides:
            self.sides[which] = Side(self.room, which, self.folder / which)
        return self.sides[which]

    def up(self, which: str) -> Side:
        """Applied, and waited for until ready. Raises where it never is."""
        side = self.side(which)
        if side.applied is None:
            side.applied = side.kubectl("apply", "-k", "manifests")
        if side.applied.returncode:
            raise NotApplied(f"kubectl apply: {printable(side.applied.stderr, 400)}")
        if side.is_ready is None:
            side.is_ready = side.wait(side.rolled_out, 30)
            if side.is_ready and which == CANDIDATE:
                self.life(which)  # in a cluster of its own, while the rest is looked at
        return side

    def must_be_up(self, which: str) -> Side:
        side = self.up(which)
        if not side.is_ready:
            raise NotApplied(f"the rollout never ended: {side.why()}")
        return side

    def expected(self, image: str, rows: list) -> list[float]:
        rng = random.Random(self.images[image]["model"])
        weights = [rng.gauss(0, 1) for _ in range(self.images[image]["width"])]
        return [1 / (1 + math.exp(-sum(w * x for w, x in zip(weights, row)))) for row in rows]

    def right(self, *images: str):
        def judge(rows: list, answer: dict) -> str:
            version = answer.get("version")
            if version not in images:
                return f"answered by {printable(str(version), 60)}"
            pairs = zip(answer["scores"], self.expected(version, rows), strict=True)
            return "" if all(abs(a - b) < 1e-9 for a, b in pairs) else "another score than the model's"

        return judge

    # criteria

    def applies(self, which: str) -> list[Result]:
        self.up(which)
        return [met("applies", "kubectl apply -k manifests: accepted")]

    def ready(self, which: str) -> list[Result]:
        side = self.up(which)
        pods = side.pods()
        ready = [one for one in pods if all(held["ready"] for held in one["status"].get("containerStatuses", [])) and one["status"].get("containerStatuses")]
        restarts = sum(held["restartCount"] for one in pods for held in one["status"].get("containerStatuses", []))
        wanted = self.words["replicas"]
        parts = {
            "the rollout ends": "" if side.is_ready else f"it never did: {side.why()}",
            f"{wanted} replicas": "" if len(ready) == wanted else f"{len(ready)} ready",
            "no restarts": "" if not restarts else f"{restarts} restarts: {side.why()}",
        }
        return [weighed("ready", parts, of=1)]

    def serves(self, which: str) -> list[Result]:
        side = self.must_be_up(which)
        judge, rng, wrong, pods = self.right(self.words["image"]), random.Random(self.words["model_seed"]), [], set()
        side.wait(lambda: self.answers(side), 5)
        for _ in range(20):
            rows = nonce(rng, 3)
            try:
                if why := judge(rows, side.score(rows)):
                    wrong.append(why)
                pods.add(side.front_ask("GET", "/config")["pod"])
            except (OSError, ValueError) as error:
                wrong.append(printable(str(error), 120) or type(error).__name__)
        if not wrong and len(pods) < 2:
            wrong.append("one pod answers for all")
        if wrong:
            return [lost("serves", f"{len(wrong)} of 20 requests failed at http://{side.front}:{FRONT_PORT}: {wrong[0]}")]
        return [met("serves", f"20 requests answered by {len(pods)} pods")]

    @staticmethod
    def answers(side: Side) -> bool:
        try:
            side.front_ask("GET", "/config", timeout_s=2)
        except (OSError, ValueError):
            return False
        return True

    def kept(self, which: str) -> list[Result]:
        """What was not to be changed: names and numbers, limits, who it runs as, the exporter beside it, the secret."""
        side = self.up(which)
        pod = side.deployment()["spec"]["template"]["spec"]
        held = {one["name"]: one for one in pod["containers"]}
        scorer, exporter = held.get("scorer", {}), held.get("exporter", {})
        limits = [megabytes(one.get("resources", {}).get("limits", {}).get("memory")) for one in held.values()]
        token = [one for one in scorer.get("env", []) if one["name"] == "MODEL_TOKEN"]
        security = {**pod.get("securityContext", {}), **scorer.get("securityContext", {})}
        parts = {
            "the image": "" if scorer.get("image") == self.words["image"] else f"{printable(str(scorer.get('image')), 80)}",
            "the exporter": "" if exporter.get("image", "").startswith("registry.internal/exporter:") else "it is gone",
            "memory limits": "" if all(0 < one <= MOST_MEMORY for one in limits) else f"every container has one, of {MOST_MEMORY >> 20} Mi at most",
            "not as root": "" if security.get("runAsNonRoot") is True else "runAsNonRoot is gone",
            "the token": "" if token and "secretKeyRef" in token[0].get("valueFrom", {}) else "it does not come from the Secret",
            "probes": "" if {"livenessProbe", "readinessProbe"} <= set(scorer) else "the scorer has no liveness or no readiness probe",
            "the exporter's probe": "" if "readinessProbe" in exporter else "the exporter has no readiness probe",
        }
        return [weighed("kept", parts, of=1)]

    def settings(self, which: str) -> list[Result]:
        """A setting is changed in settings.txt and applied: every pod must come to know it, and nobody must notice."""
        side = self.must_be_up(which)
        path, value = side.folder / "manifests/settings.txt", str(self.words["other_threshold"])
        if not path.is_file():
            return [lost("settings", "manifests/settings.txt is gone")]
        path.write_text(re.sub(r"(?m)^THRESHOLD=.*$", f"THRESHOLD={value}", path.read_text()))
        done = side.kubectl("apply", "-k", "manifests")
        if done.returncode:
            return [lost("settings", f"kubectl apply: {printable(done.stderr, 300)}")]

        def know() -> bool:
            try:
                return all(side.front_ask("GET", "/config")["threshold"] == float(value) for _ in range(8))
            except (OSError, ValueError):
                return False

        if side.wait(know, 20):
            return [met("settings", f"THRESHOLD={value} was applied, and every pod has it")]
        return [lost("settings", f"THRESHOLD={value} was applied, and pods go on with the old one")]

    def release(self, which: str) -> list[Result]:
        """The next release comes while callers ask; long requests are under way when their pod has to go."""
        side, fresh = self.must_be_up(which), self.words["next_image"]
        if not self.answers(side):
            return [lost("release", "nothing answers before the release")]
        traffic = Traffic(side, self.right(self.words["image"], fresh))
        try:
            time.sleep(0.3)
            traffic.send_long(6)
            time.sleep(0.2)
            done = side.kubectl("set", "image", f"deployment/{side.app}", f"scorer={fresh}")
            rolled = not done.returncode and side.wait(lambda: self.rolled(side, traffic, fresh), 40)
            time.sleep(0.5)
        finally:
            traffic.end()
        last = self.versions(side)
        parts = {
            "the rollout ends": "" if rolled else f"it did not: {side.why()}",
            "no request fails": self.told(traffic.failed, traffic.asked),
            "long requests are answered": self.told(traffic.long_failed, len(traffic.longs)),
            "the new release answers": "" if last == {fresh} else f"{', '.join(sorted(last)) or 'nobody'} does",
        }
        return [weighed("release", parts, of=1, asked=float(traffic.asked), failed=float(len(traffic.failed)))]

    @staticmethod
    def rolled(side: Side, traffic: Traffic, image: str) -> bool:
        """Keeps long requests coming, so that every pod has some that it was given just before the routes knew that it ends."""
        if sum(one.is_alive() for one in traffic.longs) < 24 and len(traffic.longs) < 240:
            traffic.send_long(2)
        return side.rolled_out(image)

    @staticmethod
    def told(failed: list[str], of: int) -> str:
        return f"{len(failed)} of {of} failed: {failed[0]}" if failed else "" if of else "none was asked"

    def versions(self, side: Side) -> set[str]:
        found = set()
        for _ in range(8):
            try:
                found.add(str(side.front_ask("GET", "/config")["version"])[:80])
            except (OSError, ValueError):
                return set()
        return found

    def bad_release(self, which: str) -> list[Result]:
        """A release whose model cannot be read: what runs goes on, and undo brings all back."""
        side = self.must_be_up(which)
        before = self.versions(side)
        if len(before) != 1:
            return [lost("bad-release", "the service does not answer with one version before")]
        traffic = Traffic(side, self.right(*before))
        try:
            side.kubectl("set", "image", f"deployment/{side.app}", f"scorer={self.words['bad_image']}")
            time.sleep(2.5)
            undone = side.kubectl("rollout", "undo", f"deployment/{side.app}")
            back = not undone.returncode and side.wait(lambda: side.rolled_out(*before), 30)
            time.sleep(0.3)
        finally:
            traffic.end()
        parts = {
            "no request fails": self.told(traffic.failed, traffic.asked),
            "undo brings it back": "" if back else f"it did not: {printable(undone.stderr, 100) or side.why()}",
        }
        return [weighed("bad-release", parts, of=1)]


    def life(self, which: str) -> "Life":
        if which not in self.lives:
            side = Side(self.room, which, self.folder / f"life-{which}", front=STEADY_FRONTS[which], net=90 + (which == REFERENCE))
            self.lives[which] = Life(side, self.right(self.words["image"]))
        return self.lives[which]

    def steady(self, which: str) -> list[Result]:
        """One pod hangs and is started again; one reads its model anew and is left alone meanwhile, by callers and by probes."""
        self.must_be_up(which)
        found, allowed = self.life(which).seen(), {"a pod that hangs is started again": RESTART_S, "a pod that reads its model anew is asked nothing": LEFT_ALONE_S}
        if any(taken > allowed[what] for what, taken in found.times.items()) and which == CANDIDATE:
            here = self.life(REFERENCE).seen().times  # on a busy machine the reference is late as well
            allowed = {what: max(most, min(240.0, 2 * here[what])) for what, most in allowed.items()}
        parts = {what: "" if taken <= allowed[what] else f"not within {allowed[what]:.0f} s of the cluster" for what, taken in found.times.items()}
        parts["reading a model is no reason to start again"] = "" if not found.restarts else f"{found.restarts} restarts"
        return [weighed("steady", parts, of=2)]


class Life:
    """What happens to pods that nobody releases: a thread of its own, in a cluster of its own. Seconds are the cluster's."""

    def __init__(self, side: Side, judge) -> None:
        self.side, self.judge = side, judge
        self.times: dict[str, float] = {}
        self.restarts = 0
        self.error: Exception | None = None
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def seen(self) -> "Life":
        """Waits for it. Raises what went wrong."""
        self.thread.join(150)
        if self.error is not None:
            raise self.error
        if self.thread.is_alive():
            raise NotApplied("pods that hang and read their models anew: this did not end within 150 s")
        return self

    def close(self) -> None:
        self.side.close()
        self.thread.join(5)

    def run(self) -> None:
        try:
            self.live()
        except Exception as error:  # noqa: BLE001  told by `seen`, in the check's own thread
            self.error = error

    def live(self) -> None:
        if self.side.kubectl("apply", "-k", "manifests").returncode or not self.side.wait(self.side.rolled_out, 30):
            raise NotApplied(f"the rollout never ended: {self.side.why()}")
        self.times["a pod that reads its model anew is asked nothing"] = self.left_alone()
        self.times["a pod that hangs is started again"] = self.started_again()

    def pod(self) -> dict:
        return sorted(self.side.pods(), key=lambda one: one["metadata"]["name"])[0]

    def tell(self, pod: dict, path: str) -> None:
        """Asks a pod by its own address; its port is the one that its program was given."""
        held = next(one for one in pod["spec"]["containers"] if one["name"] == "scorer")
        port = next((int(one["value"]) for one in held.get("env", []) if one["name"] == "PORT" and "value" in one), 8080)
        connection = http.client.HTTPConnection(pod["status"]["podIP"], port, timeout=20)
        try:
            connection.request("POST", path, "{}")
            connection.getresponse().read()
        finally:
            connection.close()

    @staticmethod
    def restarts_of(pod: dict) -> int:
        return sum(one["restartCount"] for one in pod["status"].get("containerStatuses", []))

    def left_alone(self) -> float:
        """How long callers were still sent to it, of the sixteen seconds that it takes."""
        pod, rng = self.pod(), random.Random(7)
        self.tell(pod, "/reload")
        began = last = time.monotonic()
        while time.monotonic() - began < 15.0 / PACE:
            rows = nonce(rng, 1)
            try:
                why = self.judge(rows, self.side.score(rows))
            except (OSError, ValueError) as error:
                why = str(error) or "failed"
            last = time.monotonic() if why else last
            time.sleep(0.03)
        self.side.wait(self.side.rolled_out, 20)
        self.restarts = sum(self.restarts_of(one) for one in self.side.pods())
        return (last - began) * PACE

    def started_again(self) -> float:
        """How long until it was started again; at most 240."""
        pod = self.pod()
        name, before = pod["metadata"]["name"], self.restarts_of(pod)
        self.tell(pod, "/hang")
        began = time.monotonic()

        def is_fresh() -> bool:
            held = next((one for one in self.side.pods() if one["metadata"]["name"] == name), None)
            return held is None or self.restarts_of(held) > before

        self.side.wait(is_fresh, 240.0 / PACE)
        return (time.monotonic() - began) * PACE


def handed_in(room: Room, which: str) -> dict[str, bytes]:
    """manifests/kustomization.yaml and every file of manifests/ that it, or what it names, names."""
    found: dict[str, bytes] = {}
    asked = ["kustomization.yaml", "kustomization.yml", "Kustomization"]
    while asked and len(found) < MOST_FILES:
        name = asked.pop(0)
        if name in found or name.startswith("/") or ".." in name.split("/"):
            continue
        content = room.file(f"manifests/{name}", 128 << 10, which=which)
        if content is None:
            continue
        found[name] = content
        if name.rpartition("/")[2].lower().startswith("kustomization"):
            base = name.rpartition("/")[0]
            for word in re.findall(rb"[A-Za-z0-9_./-]+", content)[:400]:
                path = "/".join(part for part in [*base.split("/"), *word.decode().split("/")] if part not in {"", "."})
                asked += [path, f"{path}/kustomization.yaml"]
    if not found:
        raise NotApplied("there is no manifests/kustomization.yaml")
    return found


def megabytes(text: object) -> int:
    """A quantity of memory in bytes; 0 for none."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(Ki|Mi|Gi|k|M|G)?", str(text or ""))
    factor = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "k": 10**3, "M": 10**6, "G": 10**9, None: 1}
    return int(float(found[1]) * factor[found[2]]) if found else 0


def free_port() -> int:
    import socket

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


__all__ = ["CANDIDATE", "REFERENCE", "grade", "partly"]
