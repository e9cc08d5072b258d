"""Grades slow-inference: the candidate's service beside a healthy one, both fed by platforms that we watch."""

import tempfile
import threading
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
    partly,
    platforms,
    run_checks,
    weighed,
)
from tenfold_grader.clients import Reply
from tenfold_grader.findings import named_causes
from tenfold_grader.load import Ids, at_once

SERVICE, PLATFORM, READY = 8000, 8600, "/healthz"
BATCH, MOST_IDS, POPULATION = 32, 64, 400
LATENCY_BOUND, CPU_BOUND = 2.0, 1.8
MEMORY_REQUESTS, ALLOWED_MB = 300, 3.0
REFUSED, UNKNOWN_DIGITS, TOO_MANY, RELOADS = 120, 1200, 4000, 40
FAILURES_AT_ONCE, FAILURE_ROUNDS = 8, 3
TOGETHER, LOOK_UP_S, WAITS_BOUND = 8, 0.5, 3.2
CRITERIA = (
    "latency", "platform-calls", "cpu", "concurrency", "memory",
    "same-predictions", "contract", "freshness", "reload", "failure", "restart", "diagnosis",
)


def grade(room: Room) -> list[Result]:
    diagnosis = _diagnosis(room)
    if not room.parameters["faults"] and diagnosis.share != 1.0:
        why = "nothing is wrong with this service, and the diagnosis does not say so"
        return [lost(one, why) for one in CRITERIA[:-1]] + [diagnosis]
    with tempfile.TemporaryDirectory() as folder:
        for name in ("platform.json", "model-3.joblib", "model-4.joblib"):
            Path(folder, name).write_bytes(room.data(name))
        trial = Trial(room, Path(folder))
        return [*run_checks(room, trial.checks(), patience_s=90.0, times_reference=6.0), diagnosis]


def _diagnosis(room: Room) -> Result:
    """A file that is no file, no text or no TOML is the candidate's: it names nothing."""
    return named_causes("diagnosis", room.file("diagnosis.toml"), set(room.parameters["faults"]) or {"none"})


class Trial:
    """Both services, each with its platform. `which` is the one on trial: the candidate's, or the reference as control."""

    def __init__(self, room: Room, folder: Path) -> None:
        self.room = room
        self.route = f"/v1/{room.parameters['route']}"
        self.load = Ids(str(room.parameters["model_seed"]), range(POPULATION))
        self.fixed = [self.load.batch(BATCH) for _ in range(64)]
        self.platforms = {which: platforms.load(folder) for which in (CANDIDATE, REFERENCE)}
        for which, platform in self.platforms.items():
            platform.serve(room.listen(which, PLATFORM))
        self.services = {which: room.service(which) for which in (CANDIDATE, REFERENCE)}
        addresses = {CANDIDATE: "127.0.0.1", REFERENCE: room.parameters.get("reference_address", "127.0.0.1")}
        for which, service in self.services.items():
            service.start(PLATFORM_URL=f"http://{addresses[which]}:{PLATFORM}", OMP_NUM_THREADS="1")
        self.http = {which: service.http(SERVICE, timeout_s=60) for which, service in self.services.items()}
        self.services[REFERENCE].must_be_ready(SERVICE, READY)
        self.wrong: dict[str, list[str]] = {CANDIDATE: [], REFERENCE: []}
        self.compared = {CANDIDATE: 0, REFERENCE: 0}

    def checks(self) -> list[Check]:
        return [
            Check(("latency",), self.latency),
            Check(("platform-calls",), self.platform_calls),
            Check(("cpu",), self.cpu),
            Check(("concurrency",), self.concurrency),
            Check(("memory",), self.memory),
            Check(("contract",), self.contract),
            Check(("freshness",), self.freshness),
            Check(("reload",), self.reload),
            Check(("failure",), self.failure),
            Check(("same-predictions",), self.same_predictions),
            Check(("restart",), self.restart),
        ]

    # asking

    def up(self, which: str) -> None:
        """Comes up first: as long as it takes within bounds, with its first request, which may have to load."""
        service = self.services[which]
        if not service.wait_ready(SERVICE, READY):
            raise ConnectionError(f"the service did not come up: {service.said()[-300:] or 'it printed nothing'}")

    def ask(self, which: str, ids: list[int]) -> Reply:
        return self.http[which].post(self.route, {"ids": ids})

    def ask_alone(self, which: str, ids: list[int], timeout_s: float = 60) -> Reply:
        http = self.services[which].http(SERVICE, timeout_s)
        try:
            return http.post(self.route, {"ids": ids})
        finally:
            http.close()

    def numbered(self, which: str, number: int) -> Reply:
        return self.ask(which, self.fixed[number % len(self.fixed)])

    def healthy(self, ids: list[int]) -> Reply:
        """What the reference says. Raises `OurFault` where it does not."""
        reply = self.ask(REFERENCE, ids)
        if reply.status != 200:
            raise OurFault(f"the reference answers {reply.status}: {reply.body[:200]!r}")
        return reply

    def compare(self, which: str, ids: list[int], mine: Reply, healthy: Reply) -> bool:
        """Every answer that is looked at is compared too, so that being fast and wrong under load is seen."""
        self.compared[which] += 1
        why = checks.difference(mine, healthy)
        if why:
            self.wrong[which].append(f"ids {ids[:3]}…: {why}")
        return not why

    def agrees(self, which: str, ids: list[int]) -> bool:
        return not checks.difference(self.ask(which, ids), self.healthy(ids))

    # criteria

    def latency(self, which: str) -> list[Result]:
        self.up(which)
        for ids in self.fixed[:3]:
            self.compare(which, ids, self.ask(which, ids), self.healthy(ids))
        answers: dict[tuple[str, int], Reply] = {}

        def ask(side: str, number: int) -> Reply:
            answers[side, number] = self.numbered(side, number)
            return answers[side, number]

        result = checks.latency("latency", ask, LATENCY_BOUND, on_trial=which)
        for (side, number), answer in answers.items():
            if side == which and (REFERENCE, number) in answers:
                self.compare(which, self.fixed[number % len(self.fixed)], answer, answers[REFERENCE, number])
        return [result]

    def platform_calls(self, which: str) -> list[Result]:
        platform, requests = self.platforms[which], 12
        before = platform.snapshot()
        for number in range(requests):
            self.numbered(which, 20 + number)
        asked = platform.since(before)
        parts = {
            "feature look-ups": "" if asked["look_ups"] <= requests * 1.05 else
            f"{asked['look_ups'] / requests:.1f} a request, 1 is enough",
            "model downloads": f"the model was downloaded {asked['downloads']} times" if asked["downloads"] else "",
            "connections": f"{asked['connections']} new ones for {requests} requests" if asked["connections"] > 5 else "",
        }
        measured = {key: float(asked[key]) for key in ("look_ups", "downloads", "connections")}
        return [weighed("platform-calls", parts, of=1, **measured)]

    def cpu(self, which: str) -> list[Result]:
        return [checks.cpu("cpu", self.services, self.numbered, CPU_BOUND, on_trial=which)]

    def concurrency(self, which: str) -> list[Result]:
        """Requests that come together must not wait for each other's look-ups, whether these go alone or in batches."""
        healthz = self.answers_while_held(which)
        taken = {side: self.together_s(side) for side in (REFERENCE, which)}
        ratio = taken[which] / max(LOOK_UP_S, taken[REFERENCE])
        line = f"{TOGETHER} requests at once took {taken[which]:.1f} s with look-ups of {LOOK_UP_S} s, {ratio:.1f} times the "
        line += f"healthy service; at most {WAITS_BOUND} is asked; /healthz "
        line += "answered meanwhile" if healthz else "did not answer meanwhile"
        share = float(ratio <= WAITS_BOUND and healthz)
        return [partly("concurrency", share, line, ratio=ratio, healthz=float(healthz))]

    def together_s(self, which: str) -> float:
        platform = self.platforms[which]
        platform.fail("/get-online-features", "delay", LOOK_UP_S, times=100)
        began = time.monotonic()
        try:
            calls = [lambda n=n: self.ask_alone(which, self.fixed[40 + n][:4]) for n in range(TOGETHER)]
            answers = at_once(calls, limit_s=60)
        finally:
            platform.recover()
        if not all(one.value is not None and one.value.status == 200 for one in answers):
            return 60.0
        return time.monotonic() - began

    def answers_while_held(self, which: str) -> bool:
        platform = self.platforms[which]
        platform.hold()
        calls = [lambda n=n: self.ask_alone(which, self.fixed[50 + n][:4]) for n in range(4)]
        calls.append(lambda: self.health_while_held(which))
        try:
            return bool(at_once(calls, limit_s=40)[-1].value)
        finally:
            platform.release()

    def health_while_held(self, which: str) -> bool:
        platform = self.platforms[which]
        platform.wait_in_flight(2, limit_s=8, still_s=0.7)
        health = self.services[which].http(SERVICE, timeout_s=4)
        try:
            return health.get(READY).status == 200
        except (ConnectionError, TimeoutError):
            return False
        finally:
            platform.release()
            health.close()

    def memory(self, which: str) -> list[Result]:
        """What is kept shows over many different requests, each of the largest size; over refused ones, and reloads."""
        batches = [self.load.batch(MOST_IDS) for _ in range(MEMORY_REQUESTS + 60)]

        def work(side: str) -> None:
            for ids in batches[60:]:
                self.ask(side, ids)
            self.refused(side, range(20, 20 + REFUSED))
            self.reloads(side, RELOADS)

        def warm(side: str) -> None:
            for ids in batches[:60]:
                self.ask(side, ids)
            self.refused(side, range(20))
            self.reloads(side, 8)

        return [checks.memory("memory", self.services, work, ALLOWED_MB, on_trial=which, warm=warm)]

    def refused(self, which: str, numbers: range) -> None:
        """Ids that nobody knows, each a long number, and far too many ids: whoever keeps them grows by megabytes."""
        for number in numbers:
            start = 10**UNKNOWN_DIGITS + number * MOST_IDS
            self.ask(which, list(range(start, start + MOST_IDS)))
            self.ask(which, list(range(number * 10_000, number * 10_000 + TOO_MANY)))

    def reloads(self, which: str, count: int) -> None:
        """An even number of reloads, each to the other version."""
        for _ in range(count):
            self.platforms[which].champion = 7 - self.platforms[which].champion
            self.http[which].post("/admin/reload")

    def contract(self, which: str) -> list[Result]:
        for ids in self.fixed[:22]:
            for side in (which, REFERENCE):
                self.ask(side, ids[:3])
        unknown = self.load.unknown()[0]
        rows = [
            checks.Expect("an unknown id", "POST", self.route, {"ids": [3, unknown]}, (404,)),
            checks.Expect("an id below zero", "POST", self.route, {"ids": [-1]}, (404, 422)),
            checks.Expect("no ids", "POST", self.route, {"ids": []}, (422,)),
            checks.Expect("a text for an id", "POST", self.route, {"ids": ["x"]}, (422,)),
            checks.Expect("null for ids", "POST", self.route, {"ids": None}, (422,)),
            checks.Expect("another message", "POST", self.route, {"keys": [1]}, (422,)),
            checks.Expect("what is no JSON", "POST", self.route, b"{", (422,)),
            checks.Expect("64 ids", "POST", self.route, {"ids": self.load.batch(MOST_IDS)}, (200,)),
            checks.Expect("65 ids", "POST", self.route, {"ids": self.load.batch(MOST_IDS + 1)}, (413,)),
        ]
        parts = checks.status_table(self.http[which], rows)
        if which != REFERENCE:
            checks.status_table(self.http[REFERENCE], rows)  # so that both have scored the same
        parts["/v1/recent"] = checks.difference(*(self.http[side].get("/v1/recent") for side in (which, REFERENCE)))
        return [weighed("contract", parts, of=1)]

    def freshness(self, which: str) -> list[Result]:
        ids, sides = [11, 12, 13], {which, REFERENCE}
        self.agrees(which, ids)  # whoever keeps answers has kept these now
        for side in sides:
            rows = self.platforms[side].features
            rows[12] = {name: -value for name, value in rows[12].items()}
        changed = self.agrees(which, ids)
        for side in sides:
            self.platforms[side].champion = 7 - self.platforms[side].champion
        early = self.agrees(which, ids)
        for side in sides:
            self.http[side].post("/admin/reload")
        late = self.agrees(which, ids) and self.agrees(which, self.load.batch(9))
        parts = {
            "a changed feature": "" if changed else "did not change the score at once",
            "a new champion before /admin/reload": "" if early else "was served",
            "a new champion after it": "" if late else "was not served",
        }
        return [weighed("freshness", parts, of=1)]

    def reload(self, which: str) -> list[Result]:
        """A reload that fails leaves the model that serves; while one is under way each answer is of one version."""
        platform, ids = self.platforms[which], self.load.batch(9)
        known = self.both_versions(ids)
        before = self.ask(which, ids)
        parts = {}
        failures = {"the registry is down": "status", "the artefact comes in half": "partial", "an old copy comes with an error": "stale"}
        for what, kind in failures.items():
            platform.fail("/registry/models", kind, 503, times=100)
            status = self.http[which].post("/admin/reload").status
            after = self.ask(which, ids)  # while the registry still fails: what serves goes on serving
            platform.recover()
            parts[what] = f"/admin/reload answered {status}" if status < 500 else checks.difference(after, before)
        parts["answers while a reload takes long"] = self.served_meanwhile(which, ids, before)
        parts["answers during reloads"] = self.mixed_up(which, ids, known)
        parts["one version after another"] = self.follows(which, ids, known)
        parts["a request that a reload overtakes"] = self.overtaken(which, ids, known)
        return [weighed("reload", parts, of=1)]

    def follows(self, which: str, ids: list[int], known: list[Reply]) -> str:
        """Each reload counts, not the first alone."""
        for wanted in known:
            self.reloads(which, 1)
            if why := checks.difference(self.ask(which, ids), wanted):
                return f"after several reloads: {why}"
        return ""

    def overtaken(self, which: str, ids: list[int], known: list[Reply]) -> str:
        """A request waits for its features while the model is swapped: its scores and its version belong together."""
        platform = self.platforms[which]
        platform.hold()

        def reload() -> None:
            platform.wait_in_flight(1, limit_s=8, still_s=8)
            threading.Timer(2.0, platform.release).start()  # some reload only once nobody is being answered
            http = self.services[which].http(SERVICE, timeout_s=60)
            try:
                platform.champion = 7 - platform.champion
                http.post("/admin/reload")
            finally:
                http.close()
                platform.release()

        try:
            asked, _ = at_once([lambda: self.ask_alone(which, ids), reload], limit_s=90)
        finally:
            platform.release()
            self.reloads(which, 1)
        if asked.value is None:
            return str(asked.error)
        if all(checks.difference(asked.value, wanted) for wanted in known):
            return f"its answer is of neither version: {asked.value.body[:90]!r}"
        return ""

    def served_meanwhile(self, which: str, ids: list[int], before: Reply) -> str:
        """The registry takes its time; whoever asks for scores meanwhile does not wait for it."""
        platform = self.platforms[which]
        platform.fail("/registry", "delay", 2.0, times=2)

        def reload() -> Reply:
            http = self.services[which].http(SERVICE, timeout_s=60)
            try:
                return http.post("/admin/reload")
            finally:
                http.close()

        def ask() -> Reply:
            time.sleep(0.5)
            return self.ask_alone(which, ids)

        slow, asked = at_once([reload, ask], limit_s=90)
        platform.recover()
        if asked.value is None or slow.value is None:
            return str(asked.error or slow.error)
        if asked.seconds > slow.seconds:
            return f"it waited {asked.seconds:.1f} s for a reload of {slow.seconds:.1f} s"
        return checks.difference(asked.value, before)

    def both_versions(self, ids: list[int]) -> list[Reply]:
        """The reference's answers by either version; it ends on the one that it had."""
        platform, held = self.platforms[REFERENCE], []
        for _ in range(2):
            platform.champion = 7 - platform.champion
            self.http[REFERENCE].post("/admin/reload")
            held.append(self.healthy(ids))
        return held

    def mixed_up(self, which: str, ids: list[int], known: list[Reply]) -> str:
        platform = self.platforms[which]
        first = platform.champion

        def switch() -> Reply:
            http = self.services[which].http(SERVICE, timeout_s=60)
            try:
                for _ in range(4):
                    platform.champion = 7 - platform.champion
                    last = http.post("/admin/reload")
                return last
            finally:
                http.close()

        calls = [lambda: [self.ask_alone(which, ids) for _ in range(6)] for _ in range(3)]
        answers = at_once([switch, *calls], limit_s=90)
        platform.champion = first
        self.http[which].post("/admin/reload")
        for one in answers[1:]:
            for reply in one.value or []:
                if all(checks.difference(reply, wanted) for wanted in known):
                    return f"an answer is of neither version: {reply.status} {reply.body[:90]!r}"
        return next((f"{one.error}" for one in answers if one.error), "")

    def failure(self, which: str) -> list[Result]:
        """The platform fails in every way there is: no scores are made up, and afterwards all is as before."""
        platform, parts = self.platforms[which], {}
        http = self.services[which].http(SERVICE, timeout_s=20)
        try:
            for kind, value in (("status", 503), ("stale", 503), ("garbage", 0), ("drop", 0), ("partial", 0)):
                before = platform.snapshot()
                platform.fail("/get-online-features", kind, value, times=1000)
                reply = http.post(self.route, {"ids": self.fixed[7][:5]})
                alive = http.get(READY).status == 200
                platform.recover()
                tries = platform.since(before)["failures"]
                wrong = "" if reply.status >= 500 else f"{reply.status} {reply.body[:80]!r} instead of an error from 500"
                if not wrong and tries > 4:
                    wrong = f"the platform was asked {tries} times for one request"
                parts[f"a look-up that fails ({kind})"] = wrong or ("" if alive else "/healthz did not answer")
        finally:
            http.close()
        parts["afterwards"] = "" if self.agrees(which, self.fixed[7]) else "it does not answer as the healthy one does"
        parts["after many failures"] = self.itself_again(which)
        return [weighed("failure", parts, of=1)]

    def itself_again(self, which: str) -> str:
        """Many requests fail together, in every way; then as many are answered at once: nothing is used up or shut."""
        platform, http = self.platforms[which], self.http[which]
        for kind in ("status", "partial", "garbage", "drop") * FAILURE_ROUNDS:
            platform.fail("/get-online-features", kind, 503, times=1000)
            at_once([lambda n=n: self.ask_alone(which, self.fixed[n][:5], 20) for n in range(FAILURES_AT_ONCE)], limit_s=60)
            platform.recover()
        http.close()
        batches = [self.fixed[20 + number] for number in range(FAILURES_AT_ONCE)]
        expected = [self.healthy(ids) for ids in batches]
        wrong, _ = checks.together(lambda n: self.ask_alone(which, batches[n], 10), expected, limit_s=60)
        return f"{len(wrong)} of {len(batches)} requests: {wrong[0]}" if wrong else ""

    def same_predictions(self, which: str) -> list[Result]:
        """All that was compared before; and sizes, repeated ids, and many at once."""
        batches = [*self.load.sizes(MOST_IDS, 4), self.load.with_duplicates(20), [5, 5, 5]]
        for ids in batches:
            self.compare(which, ids, self.ask(which, ids), self.healthy(ids))
        many = [self.load.batch(3 + number) for number in range(10)]
        expected = [self.healthy(ids) for ids in many]
        for _ in range(2):
            wrong, _answers = checks.together(lambda n: self.ask_alone(which, many[n]), expected, limit_s=60)
            self.wrong[which] += [f"{len(many)} at once: {one}" for one in wrong]
            self.compared[which] += len(many)
        self.wrong[which] += self.remembered_wrongly(which, many, expected)
        bad, count = self.wrong[which], self.compared[which]
        if bad:
            return [lost("same-predictions", f"{len(bad)} of {count} answers differ", *bad[:3])]
        return [met("same-predictions", f"{count} answers compared, timed ones and many at once too", compared=float(count))]

    def remembered_wrongly(self, which: str, many: list[list[int]], expected: list[Reply]) -> list[str]:
        """After two rounds of ten at once, /v1/recent lists just these twenty, in whatever order they ended."""
        body = self.http[which].get("/v1/recent").json()
        listed = body.get("recent") if isinstance(body, dict) else None
        wanted = [
            {"ids": ids, "acted_on": sum(one["decision"] == "act" for one in reply.json()["scores"])}
            for ids, reply in zip(many, expected, strict=True)
        ]
        if not isinstance(listed, list) or sorted(map(repr, listed)) != sorted(map(repr, wanted * 2)):
            return [f"/v1/recent lists other than the {2 * len(many)} requests that came at once"]
        return []

    def restart(self, which: str) -> list[Result]:
        service, platform = self.services[which], self.platforms[which]
        self.http[which].close()
        platform.hold()
        lost_one = checks.finishes_what_it_began(
            service,
            lambda: self.ask_alone(which, self.fixed[9], timeout_s=20),
            lambda: platform.wait_in_flight(1, limit_s=10, still_s=10) >= 1,
            platform.release,
        )
        parts = {"a request under way at SIGTERM": lost_one, "ends within 8 s of SIGTERM": _ended(service)}
        before = platform.snapshot()
        service.start()
        up = service.wait_ready(SERVICE, READY)
        parts["starts again"] = "" if up else f"it did not: {service.said()[-200:]}"
        if up:
            expected = [self.healthy(ids) for ids in self.fixed[10:16]]
            wrong, _ = checks.together(lambda n: self.ask_alone(which, self.fixed[10 + n]), expected, limit_s=60)
            downloads = platform.since(before)["downloads"]
            parts["serves at once"] = wrong[0] if wrong else ""
            parts["loads the model once"] = "" if downloads <= 1 else f"downloaded {downloads} times by 6 first requests"
        return [weighed("restart", parts, of=1)]


def _ended(service) -> str:
    until = time.monotonic() + 8
    while service.running():
        if time.monotonic() > until:
            service.stop(0.1)
            return "it did not"
        time.sleep(0.05)
    return ""
