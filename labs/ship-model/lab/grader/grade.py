"""Grades ship-model: the candidate's service beside a sound one, both fed by a registry that we hold, fail and count."""

import json
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tenfold_grader import (
    CANDIDATE,
    REFERENCE,
    Check,
    OurFault,
    Result,
    Room,
    checks,
    lost,
    met,
    platforms,
    run_checks,
    weighed,
)
from tenfold_grader.answers import printable, same
from tenfold_grader.clients import Reply
from tenfold_grader.load import at_once

SERVICE, PLATFORM, LIVE, READY = 8000, 8600, "/v2/health/live", "/v2/health/ready"
TOGETHER, ROUNDS, TIMES_SLOWER = 12, 5, 2.5
LARGE_QUESTIONS, LARGE_BYTES, GROWTH_MB = 60, 250_000, 6.0
INSIDES = re.compile(rb"Traceback|File \"|/workspace|site-packages|\.py\b|joblib|sklearn|pandas|numpy")


def grade(room: Room) -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        for version in (room.parameters["version"], room.parameters["version"] + 1):
            Path(folder, f"model-{version}.joblib").write_bytes(room.data(f"model-{version}.joblib"))
        Path(folder, "platform.json").write_bytes(room.data("platform.json"))
        trial = Trial(room, Path(folder))
        return run_checks(room, trial.checks(), patience_s=120.0, times_reference=6.0)


class Trial:
    """Both services, each with its registry. `which` is the one on trial."""

    def __init__(self, room: Room, folder: Path) -> None:
        self.room, self.words = room, dict(room.parameters)
        self.columns = self.words["columns_made"]
        self.model, self.most = self.words["model"], self.words["most_rows"]
        self.infer = f"/v2/models/{self.model}/infer"
        self.rng = random.Random(self.words["seed"])
        self.is_fresh: dict[str, bool] = {}  # started again, by a registry that takes its time
        self.platforms = {which: platforms.load(folder) for which in (CANDIDATE, REFERENCE)}
        for which, platform in self.platforms.items():
            platform.serve(room.listen(which, PLATFORM))
        self.services = {which: room.service(which) for which in (CANDIDATE, REFERENCE)}
        for service in self.services.values():
            service.start(PLATFORM_URL=f"http://127.0.0.1:{PLATFORM}", OMP_NUM_THREADS="1")
        self.http = {which: service.http(SERVICE, timeout_s=30) for which, service in self.services.items()}
        self.services[REFERENCE].must_be_ready(SERVICE, READY, 120)
        limit_s = max(20.0, 3 * (self.services[REFERENCE].ready_after_s or 0))
        self.was_ready = {REFERENCE: True, CANDIDATE: self.services[CANDIDATE].wait_ready(SERVICE, READY, limit_s)}
        self.reference_answers: bool | None = None

    def checks(self) -> list[Check]:
        """Where the candidate's makes one fail, it is enough that the reference answers as agreed."""
        found = {
            ("protocol",): self.protocol, ("parity",): self.parity, ("refusals",): self.refusals, ("together",): self.together,
            ("ending",): self.ending, ("readiness", "registry-fails"): self.states_of_life, ("container",): self.container,
        }  # fmt: skip
        return [Check(criteria, run, control=self.reference_is_fine) for criteria, run in found.items()]

    def reference_is_fine(self) -> None:
        """Raises `OurFault` where it is not; looked at once."""
        if self.reference_answers is None:
            self.reference_answers = all(one.share == 1.0 for one in self.protocol(REFERENCE))
        if not self.reference_answers:
            raise OurFault("the reference does not answer as agreed")

    # questions

    def values(self, one: dict, count: int, *, nulls: bool = True) -> list:
        rng = self.rng
        make = {
            "FP64": lambda: round(rng.gauss(8, 6), 4) if rng.random() < 0.8 else rng.randint(0, 20), "INT64": lambda: rng.randint(0, 45),
            "BOOL": lambda: rng.random() < 0.5, "BYTES": lambda: rng.choice([*self.words["categories"], f"new {rng.randrange(9)}"]),
        }[one["datatype"]]  # fmt: skip
        return [None if nulls and one["nullable"] and rng.random() < 0.3 else make() for _ in range(count)]

    def question(self, count: int, *, flat: bool = True, shuffle: bool = True) -> dict:
        tensors = [
            {"name": one["name"], "datatype": one["datatype"], "shape": [count] if flat else [count, 1], "data": self.values(one, count)}
            for one in self.columns
        ]
        if shuffle:
            self.rng.shuffle(tensors)
        return {"id": f"q-{self.rng.randrange(10**9)}", "inputs": tensors}

    def ask(self, which: str, body: object, path: str = "") -> Reply:
        return self.http[which].post(path or self.infer, body)

    def ask_alone(self, which: str, body: object) -> Reply:
        http = self.services[which].http(SERVICE, timeout_s=60)
        try:
            return http.post(self.infer, body)
        finally:
            http.close()

    def healthy(self, body: dict) -> dict:
        reply = self.ask(REFERENCE, body)
        if reply.status != 200:
            raise OurFault(f"the reference answers {reply.status}: {reply.body[:200]!r}")
        return reply.json()

    def differs(self, reply: Reply, body: dict, wanted: dict) -> str:
        """What is wrong with an answer; "" where it is right. More than was agreed does no harm."""
        held = reply.json()
        if reply.status != 200 or not isinstance(held, dict):
            return f"{reply.status} {printable(reply.body[:120])}"
        for key, value in (("model_name", self.model), ("model_version", wanted["model_version"]), ("id", body["id"])):
            if held.get(key) != value:
                return f"{key} is {printable(repr(held.get(key)), 60)} instead of {value!r}"
        outputs = held.get("outputs")
        mine = outputs[0] if isinstance(outputs, list) and len(outputs) == 1 and isinstance(outputs[0], dict) else {}
        other = wanted["outputs"][0]
        if (mine.get("name"), mine.get("datatype")) != (other["name"], other["datatype"]):
            return f"the output is {printable(repr(mine.get('name')), 60)} of {printable(repr(mine.get('datatype')), 20)}"
        count = len(other["data"])
        if mine.get("shape") not in ([count], [count, 1]):
            return f"the output's shape is {printable(repr(mine.get('shape')), 60)} for {count} rows"
        data = mine.get("data")
        flat = [value[0] if isinstance(value, list) and len(value) == 1 else value for value in data] if isinstance(data, list) else data
        return "" if same(flat, other["data"], relative=1e-9) else "other scores than the pipeline's"

    def compared(self, which: str, body: dict) -> str:
        return self.differs(self.ask(which, body), body, self.healthy(body))

    # criteria

    def up(self, which: str) -> None:
        self.was_ready[which] = self.services[which].wait_ready(SERVICE, READY, 20 if self.was_ready[which] else 1)
        if not self.was_ready[which]:
            raise ConnectionError(f"it is not ready: {self.services[which].said()[-300:] or 'it printed nothing'}")

    def protocol(self, which: str) -> list[Result]:
        self.up(which)
        parts = {
            "one row": self.compared(which, self.question(1)),
            "many rows": self.compared(which, self.question(self.most)),
            "shape [n, 1]": self.compared(which, self.question(5, flat=False)),
            "columns in the signature's order": self.compared(which, self.question(7, shuffle=False)),
            "ready of the model": self.status(which, f"/v2/models/{self.model}/ready", 200),
            "live": self.status(which, LIVE, 200),
            "metadata": self.metadata(which),
            "another model's readiness": self.status(which, f"/v2/models/{self.model}-x/ready", 404),
            "another model's metadata": self.status(which, f"/v2/models/{self.model}-x", 404),
            "a request without an id": self.without_id(which),
        }
        return [weighed("protocol", parts, of=4)]

    def without_id(self, which: str) -> str:
        """It is answered like any other; what then stands for `id` is up to the service."""
        body = self.question(2)
        wanted = self.healthy(body)
        held = self.ask(which, {"inputs": body["inputs"]})
        answer = held.json()
        if held.status != 200 or not isinstance(answer, dict):
            return f"{held.status} {printable(held.body[:80])}"
        return self.differs(Reply(200, json.dumps({**answer, "id": body["id"]}).encode(), held.headers), body, wanted)

    def status(self, which: str, path: str, wanted: int) -> str:
        status = self.http[which].get(path).status
        return "" if status == wanted else f"{status} instead of {wanted}"

    def metadata(self, which: str) -> str:
        held = self.http[which].get(f"/v2/models/{self.model}").json()
        if not isinstance(held, dict):
            return "it is no object"
        pairs = {(one.get("name"), one.get("datatype")) for one in held.get("inputs") or [] if isinstance(one, dict)}
        if pairs != {(one["name"], one["datatype"]) for one in self.columns}:
            return "its inputs are not those of the signature"
        outputs = [(one.get("name"), one.get("datatype")) for one in held.get("outputs") or [] if isinstance(one, dict)]
        if outputs != [(self.words["output"], "FP64")] or held.get("name") != self.model:
            return "its name or outputs are not those of the signature"
        return "" if str(self.words["version"]) in (held.get("versions") or []) else "versions do not name the one that is served"

    def parity(self, which: str) -> list[Result]:
        self.up(which)
        # Sizes come again with other rows: whoever remembers answers by less than the whole question is found out.
        sizes = (2, 3, 17, self.most - 1, 11, 3, 17, 1)
        parts = {f"{count} rows, question {n}": self.compared(which, self.question(count)) for n, count in enumerate(sizes, 1)}
        body = self.question(6)
        for one in self.columns:
            if one["nullable"]:
                held = next(tensor for tensor in body["inputs"] if tensor["name"] == one["name"])
                held["data"] = [None] * 6
        parts["all that may be missing is"] = self.compared(which, body)
        body = self.question(4)
        for tensor in body["inputs"]:
            if tensor["datatype"] == "FP64":
                tensor["data"] = [-1e12, 0, 3, 1e-300]
            elif tensor["datatype"] == "INT64":
                tensor["data"] = [0, -(2**40), 2**53 + 2, 7]
            elif tensor["datatype"] == "BYTES":
                tensor["data"] = ["", "Zürich ✓", "null", "x" * 400]
        parts["numbers and texts at the edge"] = self.compared(which, body)
        body = self.question(4)
        text = next(tensor for tensor in body["inputs"] if tensor["datatype"] == "BYTES")
        known = self.words["categories"][0]  # the one that the score hangs on
        text["data"] = [known, known.upper(), f" {known}", f"{known}\n"]
        parts["texts that are nearly known"] = self.compared(which, body)
        return [weighed("parity", parts, of=2)]

    def bad(self, change, count: int = 3) -> dict:
        body = self.question(count)
        tensors = {one["name"]: one for one in body["inputs"]}
        change(body, tensors)
        return body

    def refusals(self, which: str) -> list[Result]:
        self.up(which)
        by_type: dict[str, list[dict]] = {}
        for one in self.columns:
            by_type.setdefault(one["datatype"], []).append(one)
        strict = {kind: next((one for one in rows if not one["nullable"]), rows[0])["name"] for kind, rows in by_type.items()}
        number, whole, flag, text = (strict[kind] for kind in ("FP64", "INT64", "BOOL", "BYTES"))

        def put(name: str, **words: object):
            return lambda _, tensors: tensors[name].update(words)

        bodies = {
            "a number for a flag": (put(flag, data=[1, 0, 1]), flag), "a text for a flag": (put(flag, data=["true"] * 3), flag),
            "a flag for a whole number": (put(whole, data=[True, 2, 3]), whole), "1.5 for a whole number": (put(whole, data=[1.5, 2, 3]), whole),
            "a text for a number": (put(number, data=["1.0", 2.0, 3.0]), number), "a flag for a number": (put(number, data=[True, 1.0, 2.0]), number),
            "a number for a text": (put(text, data=[1, 2, 3]), text), "null where none may be": (put(number, data=[None, 1.0, 2.0]), number),
            "null for a text": (put(text, data=[None, "a", "b"]), text), "null for a flag": (put(flag, data=[None, True, False]), flag),
            "a nested list": (put(number, data=[[1.0], [2.0], [3.0]]), number), "another datatype": (put(number, datatype="FP32"), number),
            "a shape that disagrees": (put(number, shape=[4]), number), "another number of rows": (put(number, shape=[2], data=[1.0, 2.0]), ""),
            "no rows": (lambda body, _: [one.update(shape=[0], data=[]) for one in body["inputs"]], ""),
            "a column that is missing": (lambda body, tensors: body["inputs"].remove(tensors[number]), number),
            "a column that comes twice": (lambda body, tensors: body["inputs"].append(dict(tensors[number])), ""),
            "a column that is unknown": (lambda body, _: body["inputs"].append({"name": "colour", "datatype": "BYTES", "shape": [3], "data": ["a"] * 3}), ""),
            "no data": (lambda _, tensors: tensors[number].pop("data"), ""), "data that is no list": (put(number, data="123"), ""),
            "inputs that are no list": (lambda body, _: body.update(inputs={"a": 1}), ""), "an input that is no object": (lambda body, _: body["inputs"].append(7), ""),
        }  # fmt: skip
        parts = {what: self.refused(which, self.bad(change), 400, name) for what, (change, name) in bodies.items()}
        raw = {"no JSON": b"{", "no object": b"[1]", "NaN": json.dumps(self.bad(put(number, data=[float("nan"), 1.0, 2.0]))).encode(), "deep JSON": b"[" * 20000, "nothing": b""}
        parts |= {what: self.refused(which, body, 400) for what, body in raw.items()}
        parts["too many rows"] = self.refused(which, self.question(self.most + 1), 413)
        parts["another model"] = self.refused(which, self.question(1), 404, path="/v2/models/other/infer")
        parts["afterwards"] = self.compared(which, self.question(4))
        return [weighed("refusals", parts, of=6)]

    def refused(self, which: str, body: object, wanted: int, names: str = "", path: str = "") -> str:
        reply = self.ask(which, body, path)
        held = reply.json()
        if reply.status != wanted:
            return f"{reply.status} instead of {wanted}"
        if not isinstance(held, dict) or not isinstance(held.get("error"), str) or not held["error"]:
            return f'no {{"error": …}}: {printable(reply.body[:80])}'
        if names and names not in held["error"]:
            return f"the error does not name {names}: {printable(held['error'], 80)}"
        if found := INSIDES.search(reply.body):
            return f"it tells its insides: {printable(found[0])}"
        others = [one["name"] for one in self.columns if names and one["name"] != names and re.search(rf"\b{re.escape(one['name'])}\b", held["error"])]
        return f"it names other columns too: {', '.join(others)}" if others else ""

    def together(self, which: str) -> list[Result]:
        self.up(which)
        bodies = [self.question(self.rng.randint(1, 60)) for _ in range(TOGETHER)]
        wanted = [self.healthy(body) for body in bodies]
        before = self.platforms[which].snapshot()
        taken, wrong = {}, []
        for side in (REFERENCE, which) * ROUNDS:
            began = time.monotonic()
            calls = [lambda n=n, side=side: self.ask_alone(side, bodies[n]) for n in range(TOGETHER)]
            if side == which:
                calls.append(lambda: self.live_alone(which))
            answers = at_once(calls, limit_s=60)
            taken[side] = min(taken.get(side, 1e9), time.monotonic() - began)
            if side == which:
                pairs = zip(answers, bodies, wanted, strict=False)
                wrong += [why for one, body, right in pairs if (why := self.differs(one.value, body, right) if one.value else str(one.error))]
                last = answers[-1]
                wrong += [] if last.value and last.value.status == 200 and last.seconds < 2 + 2 * taken[REFERENCE] else ["live did not answer meanwhile"]
        ratio = taken[which] / max(0.05, taken[REFERENCE])
        asked = self.platforms[which].since(before)
        parts = {
            "answers": wrong[0] if wrong else "",
            "pace": "" if ratio <= TIMES_SLOWER else f"{TOGETHER} requests at once took {ratio:.1f} times as long as from a sound service",
            "registry": "" if not asked["downloads"] + asked["aliases"] else "requests ask the registry",
            "memory": self.growth(which),
        }
        return [weighed("together", parts, of=1, ratio=ratio)]

    def growth(self, which: str) -> str:
        """What was asked is not kept: large questions, each of them another, leave no more behind than with the reference."""

        def ask(side: str, count: int) -> None:
            for _ in range(count):
                self.ask(side, self.large_question())

        held = checks.memory(
            "together", self.services, lambda side: ask(side, LARGE_QUESTIONS), GROWTH_MB, on_trial=which, warm=lambda side: ask(side, 8)
        )
        return "" if held.share != 0.0 else f"{LARGE_QUESTIONS} large questions: it {held.evidence[0]}"

    def large_question(self) -> dict:
        body = self.question(self.most)
        text = next(tensor for tensor in body["inputs"] if tensor["datatype"] == "BYTES")
        each = LARGE_BYTES // self.most
        text["data"] = [f"{self.rng.randrange(10**9)}" + "x" * each for _ in text["data"]]
        return body

    def live_alone(self, which: str) -> Reply:
        http = self.services[which].http(SERVICE, timeout_s=20)
        try:
            return http.get(LIVE)
        finally:
            http.close()

    def ending(self, which: str) -> list[Result]:
        """A request of which half has come when the service is told to end."""
        self.up(which)
        service, body = self.services[which], json.dumps(self.question(20)).encode()
        self.http[which].close()
        head = f"POST {self.infer} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        with service.connect(SERVICE, 10) as held:
            held.settimeout(12)
            held.sendall(head + body[: len(body) // 2])
            time.sleep(0.5)
            service.signal("TERM")
            time.sleep(0.4)
            why = answered(held, body[len(body) // 2 :])
        parts = {"a request that had begun": why, "ends": self.ended(service)}
        self.start_with(which, "delay", 1.5)
        parts["starts again"] = "" if service.wait_ready(SERVICE, LIVE) else f"it did not: {service.said()[-200:]}"
        self.is_fresh[which] = not parts["starts again"]
        return [weighed("ending", parts, of=1)]

    @staticmethod
    def ended(service) -> str:
        until = time.monotonic() + 8
        while service.running():
            if time.monotonic() > until:
                service.stop(0.1)
                return "it did not within 8 s of SIGTERM"
            time.sleep(0.05)
        return ""

    def start_with(self, which: str, kind: str, value: float = 503) -> None:
        """Started with a registry that fails so, or takes so long."""
        self.platforms[which].recover()
        self.platforms[which].fail("/registry", kind, value, times=10000)
        self.services[which].start()

    def again(self, which: str, kind: str, value: float = 503) -> None:
        self.http[which].close()
        self.services[which].stop(8)
        self.start_with(which, kind, value)
        if not self.services[which].wait_ready(SERVICE, LIVE):
            raise ConnectionError(f"it is not alive while the registry is not as it should be: {self.services[which].said()[-200:]}")

    def states(self, which: str) -> dict[str, int]:
        asked = {"live": LIVE, "ready": READY, "the model's ready": f"/v2/models/{self.model}/ready"}
        found = {name: self.http[which].get(path).status for name, path in asked.items()}
        return found | {"infer": self.ask(which, self.question(2)).status}

    def states_of_life(self, which: str) -> list[Result]:
        """The registry takes its time, then fails in every way, then is well: one life of the service."""
        if not self.is_fresh.pop(which, False):
            self.again(which, "delay", 1.5)
        wanted = {"live": 200, "ready": 503, "the model's ready": 503, "infer": 503}
        reference, newer = self.services[REFERENCE], self.words["version"] + 1
        self.http[REFERENCE].close()
        reference.stop(8)
        self.platforms[REFERENCE].champion = newer  # the alias moves while the candidate's registry is down
        reference.start()
        loading = {name: "" if status == wanted[name] else f"{status} while the model is being loaded" for name, status in self.states(which).items()}
        failing = self.failing(which)
        self.platforms[which].champion = newer
        self.platforms[which].recover()
        up = self.services[which].wait_ready(SERVICE, READY, 5 + 0.5 * (self.services[REFERENCE].ready_after_s or 0))
        failing["ready soon after"] = "" if up else "it was not ready five seconds after the registry was"
        if not up:  # whoever does not wait for a registry may still know when it is ready
            self.again(which, "delay", 0.3)
            self.platforms[which].recover()
            self.up(which)
        reference.must_be_ready(SERVICE, READY, 120)
        loading |= self.first_answer(which)
        failing["down again, later"] = self.goes_on(which)
        return [weighed("readiness", loading, of=2), weighed("registry-fails", failing, of=1)]

    def failing(self, which: str) -> dict[str, str]:
        platform, parts = self.platforms[which], {}
        kinds = {"status": "the registry is down", "partial": "half an answer comes", "garbage": "the model is no model", "stale": "an error comes with an old copy"}
        for kind, what in kinds.items():
            platform.recover()
            platform.fail("/registry", kind, 503, times=10000)
            before, began = platform.snapshot(), time.monotonic()
            time.sleep(2.2)
            found = self.states(which)
            tries, lasted = platform.since(before)["failures"], time.monotonic() - began
            wrong = [f"{name} answers {status}" for name, status in found.items() if status != (200 if name == "live" else 503)]
            if not wrong and tries > 40 * lasted:
                wrong = [f"the registry was asked {tries} times in {lasted:.1f} s"]
            parts[what] = wrong[0] if wrong else ""
        return parts

    def goes_on(self, which: str) -> str:
        """Once loaded, it needs the registry for nothing: not to be ready, and not to answer."""
        platform = self.platforms[which]
        before = platform.snapshot()
        platform.fail("/registry", "status", 503, times=10000)
        statuses = {name: status for name, status in self.states(which).items() if status != 200}
        wrong = [f"{name} answers {status}, although the model is there" for name, status in statuses.items()]
        platform.recover()
        asked = platform.since(before)
        if not wrong and asked["failures"]:
            wrong = ["the registry is asked although the model is there"]
        return wrong[0] if wrong else ""

    def first_answer(self, which: str) -> dict[str, str]:
        """At once, right, and from a model that was loaded once."""
        before, began = self.platforms[which].snapshot(), time.monotonic()
        parts = {"the first answer": self.compared(which, self.question(3))}
        taken = time.monotonic() - began
        parts["it comes at once"] = "" if taken < 3 else f"the first answer after ready took {taken:.1f} s"
        self.compared(which, self.question(5))
        asked = self.platforms[which].since(before)["downloads"]
        return parts | {"loaded once": "" if not asked else f"the model was downloaded {asked} times more"}

    # the container file

    def container(self, which: str) -> list[Result]:
        text = self.room.file("Containerfile", 64 << 10, which=which) or self.room.file("Dockerfile", 64 << 10, which=which)
        if text is None:
            return [lost("container", "there is no Containerfile")]
        program = Path(sys.executable).with_name("hadolint")
        done = subprocess.run([str(program), "--no-color", "--failure-threshold", "warning", "-"], input=text, capture_output=True, timeout=60, check=False)
        parts = {"hadolint": "" if done.returncode == 0 else printable(done.stdout[:300], 300) or "it cannot be read"}
        lines = joined(text.decode(errors="replace"))
        last = dict(lines)
        bases = [rest for word, rest in lines if word == "FROM"]
        stages = {found[1].lower() for rest in bases if (found := re.search(r"(?i)\bas\s+(\S+)", rest))}
        loose = [rest for rest in bases if rest.split()[0].lower() not in stages and not re.search(r"@sha256:[0-9a-f]{64}\b", rest)]
        parts["bases by digest"] = f"{printable(loose[0], 60)} is not" if loose else "" if bases else "there is none"
        user = last.get("USER", "").split(":")[0].strip()
        parts["not as root"] = "" if user.isdigit() and int(user) > 0 else f"USER {printable(user, 30) or 'is not set'}"
        start = last.get("ENTRYPOINT", "") or last.get("CMD", "")
        parts["signals reach it"] = "" if start.startswith("[") and '"sh"' not in start and '/sh"' not in start and "bash" not in start else "a shell starts it"
        parts["a port"] = "" if "8000" in last.get("EXPOSE", "").replace("/tcp", "").split() else "EXPOSE 8000 is missing"
        runs = " ".join(rest for word, rest in lines if word == "RUN")
        parts["hashes"] = "" if "--require-hashes" in runs or re.search(r"\buv sync\b.*--(frozen|locked)|\bpoetry (install|sync)|\bpdm (sync|install)|\bpipenv (sync|install --deploy)", runs) else "dependencies are not installed by a lock with hashes"
        return [weighed("container", parts, of=1)]


def answered(held: socket.socket, rest: bytes) -> str:
    """Sends the rest of a request and reads the status; "" for 200."""
    try:
        held.sendall(rest)
        got = b""
        while b"\r\n" not in got:
            block = held.recv(65536)
            if not block:
                break
            got += block
    except OSError as error:
        return f"it was cut off ({type(error).__name__})"
    status = got.split(b"\r\n")[0]
    return "" if b" 200" in status else f"it was answered {printable(status, 60) or 'nothing'}"


def joined(text: str) -> list[tuple[str, str]]:
    """Instructions of a container file, continued lines put together."""
    whole = re.sub(r"\\\s*\n", " ", "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#")))
    found = [line.strip().split(None, 1) for line in whole.splitlines() if line.strip()]
    return [(words[0].upper(), words[1] if len(words) > 1 else "") for words in found]


__all__ = ["checks", "grade", "met"]
