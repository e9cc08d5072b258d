"""Grades slow-inference: the candidate's service beside a healthy one, both fed by platforms that we watch."""

import json
import math
import statistics
import tempfile
import threading
import time
import tomllib
from pathlib import Path

import platform_server
from tenfold_grader import OurFault, Result, Room, lost, met, partly, unclear
from tenfold_grader.ratio import Bound, in_turns
from tenfold_grader.room import CANDIDATE, REFERENCE, Reply

SERVICE, PLATFORM = 8000, 8600
BATCH = 32
LATENCY_BOUND, CPU_BOUND = 2.0, 1.8
MOST_GROWTH_MB = 8.0
CRITERIA = (
    "latency", "platform-calls", "cpu", "concurrency", "memory",
    "same-predictions", "contract", "freshness", "restart", "diagnosis",
)


def grade(room: Room) -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("platform.json", "model-3.joblib", "model-4.joblib"):
            Path(folder, name).write_bytes(room.data(name))
        trial = Trial(room, Path(folder))
        return trial.results()


class Trial:
    """Both services, each with its platform."""

    def __init__(self, room: Room, folder: Path) -> None:
        self.room = room
        self.route = f"/v1/{room.parameters['route']}"
        self.platforms = {which: platform_server.load(folder) for which in (CANDIDATE, REFERENCE)}
        for which, platform in self.platforms.items():
            platform.serve(room.listen(which, PLATFORM))
        self.services = {which: room.service(which) for which in (CANDIDATE, REFERENCE)}
        addresses = {CANDIDATE: "127.0.0.1", REFERENCE: room.parameters.get("reference_address", "127.0.0.1")}
        for which, service in self.services.items():
            service.start(PLATFORM_URL=f"http://{addresses[which]}:{PLATFORM}", OMP_NUM_THREADS="1")
        self.wrong: list[str] = []
        self.compared = 0

    def results(self) -> list[Result]:
        diagnosis = self.diagnosis()
        self.services[REFERENCE].must_be_ready(SERVICE, "/healthz")
        mine = self.services[CANDIDATE]
        if not mine.wait_ready(SERVICE, "/healthz"):
            why = f"the service did not come up: {mine.said()[-400:].strip() or 'it printed nothing'}"
            return [*(lost(one, why) for one in CRITERIA[:-1]), diagnosis]
        self.http = {which: service.http(SERVICE, timeout_s=20) for which, service in self.services.items()}
        steps = (self.warm, self.latency, self.traffic, self.cpu, self.concurrency, self.memory, self.contract,
                 self.freshness, self.restart)  # fmt: skip
        done: list[Result] = []
        for step in steps:
            try:
                done += step()
            except (ConnectionError, TimeoutError) as error:
                if not self.services[REFERENCE].running():
                    raise OurFault(f"the reference ended: {self.services[REFERENCE].said()[-300:]}") from error
                named = {self.warm: "same-predictions", self.traffic: "platform-calls"}.get(step, step.__name__)
                done.append(lost(named, f"the service did not answer: {error}"))
        held = [one for one in done if one.criterion == "same-predictions"]
        return [one for one in done if one not in held] + [*(held or [self.same_predictions()]), diagnosis]

    # asking

    def ids(self, number: int, count: int = BATCH) -> list[int]:
        return [(number * 37 + step * 11 + 5) % 400 for step in range(count)]

    def ask(self, which: str, ids: list[int]) -> Reply:
        return self.http[which].post(self.route, {"ids": ids})

    def compare(self, ids: list[int], mine: Reply, healthy: Reply) -> None:
        """Every answer timed is compared too, so that being fast and wrong under load is seen."""
        if healthy.status != 200:
            raise OurFault(f"the reference answers {healthy.status}: {healthy.body[:200]!r}")
        self.compared += 1
        if mine.status != 200 or not _same(mine.json(), healthy.json()):
            self.wrong.append(f"ids {ids[:3]}…: {mine.status} {mine.body[:120]!r} instead of {healthy.body[:120]!r}")

    # criteria

    def warm(self) -> list[Result]:
        for number in range(3):
            ids = self.ids(1000 + number)
            healthy = self.ask(REFERENCE, ids)
            self.compare(ids, self.ask(CANDIDATE, ids), healthy)
        return []

    def latency(self) -> list[Result]:
        answers: dict[tuple[str, int], Reply] = {}

        def timed(which: str):
            def call(number: int) -> None:
                answers[which, number] = self.ask(which, self.ids(number))

            return call

        ratio = in_turns(timed(CANDIDATE), timed(REFERENCE), LATENCY_BOUND)
        for (which, number), answer in answers.items():
            if which == CANDIDATE:
                self.compare(self.ids(number), answer, answers[REFERENCE, number])
        verdict = {Bound.WITHIN: met, Bound.BEYOND: lost, Bound.STRADDLES: unclear}[ratio.against(LATENCY_BOUND)]
        return [
            verdict(
                "latency", f"{ratio}; at most {LATENCY_BOUND} is asked",
                ratio=ratio.value, ratio_low=ratio.low, ratio_high=ratio.high, pairs=ratio.n,
            )  # fmt: skip
        ]

    def traffic(self) -> list[Result]:
        platform, requests = self.platforms[CANDIDATE], 12
        before = dict(platform.counters)
        for number in range(requests):
            self.ask(CANDIDATE, self.ids(200 + number))
        asked = {key: platform.counters[key] - before[key] for key in before}
        faults = []
        if asked["look_ups"] > requests * 1.05:
            faults.append(f"{asked['look_ups'] / requests:.1f} feature look-ups a request, 1 is enough")
        if asked["downloads"]:
            faults.append(f"the model was downloaded {asked['downloads']} times")
        if asked["connections"] > 5:
            faults.append(f"{asked['connections']} new connections for {requests} requests")
        measured = {key: float(value) for key, value in asked.items()}
        if faults:
            return [lost("platform-calls", *faults, **measured)]
        return [met("platform-calls", f"{requests} requests: {asked}", **measured)]

    def cpu(self) -> list[Result]:
        used: dict[str, list[float]] = {CANDIDATE: [], REFERENCE: []}
        for number in range(4):
            for which in (CANDIDATE, REFERENCE) if number % 2 else (REFERENCE, CANDIDATE):
                before = self.services[which].cpu_s()
                for step in range(3):
                    self.ask(which, self.ids(300 + number * 3 + step))
                after = self.services[which].cpu_s()
                if before is None or after is None:
                    return [unclear("cpu", "this sandbox cannot tell CPU time")]
                used[which].append((after - before) / 3 * 1000)
        mine, healthy = statistics.median(used[CANDIDATE]), statistics.median(used[REFERENCE])
        ratio = mine / max(healthy, 0.01)
        line = f"{mine:.1f} ms of CPU a request, {ratio:.2f} times the healthy service; at most {CPU_BOUND} is asked"
        return [(met if ratio <= CPU_BOUND else lost)("cpu", line, cpu_ms=mine, cpu_ratio=ratio)]

    def concurrency(self) -> list[Result]:
        """Look-ups are held until several wait at once: counted, not timed."""
        platform, wanted = self.platforms[CANDIDATE], 6
        platform.hold()
        clients = [threading.Thread(target=self._ask_alone, args=(number,), daemon=True) for number in range(wanted)]
        for client in clients:
            client.start()
        seen, since = 0, time.monotonic()
        while platform.most_in_flight < 4 and time.monotonic() - since < 1.5:
            time.sleep(0.01)
            if platform.most_in_flight > seen:
                seen, since = platform.most_in_flight, time.monotonic()
        health = self.services[CANDIDATE].http(SERVICE, timeout_s=1)
        try:
            alive = health.get("/healthz").status == 200
        except (ConnectionError, TimeoutError):
            alive = False
        finally:
            platform.release()
            health.close()
        for client in clients:
            client.join(15)
        together = platform.most_in_flight
        line = f"{together} of {wanted} requests waited for features at the same time; healthz " + (
            "answered meanwhile" if alive else "did not answer meanwhile"
        )
        share = (min(together, 4) - 1) / 3 * (1.0 if alive else 0.5)
        return [partly("concurrency", share, line, together=float(together), healthz=float(alive))]

    def _ask_alone(self, number: int) -> None:
        http = self.services[CANDIDATE].http(SERVICE, timeout_s=15)
        try:
            http.post(self.route, {"ids": self.ids(500 + number, 4)})
        except (ConnectionError, TimeoutError):
            pass
        finally:
            http.close()

    def memory(self) -> list[Result]:
        mine, requests = self.services[CANDIDATE], 120
        for number in range(20):
            self.ask(CANDIDATE, self.ids(600 + number, 1))
        before = mine.memory_mb()
        for number in range(requests):
            self.ask(CANDIDATE, self.ids(700 + number, 1))
        after = mine.memory_mb()
        if before is None or after is None:
            return [unclear("memory", "this sandbox cannot tell memory")]
        grown = after - before
        line = f"grew by {grown:.1f} MB over {requests} requests; at most {MOST_GROWTH_MB:.0f} MB is asked"
        return [(met if grown <= MOST_GROWTH_MB else lost)("memory", line, grown_mb=grown)]

    def contract(self) -> list[Result]:
        asked = (
            ("an unknown id", {"ids": [3, 999_999]}, 404),
            ("no ids", {"ids": []}, 422),
            ("a text for an id", {"ids": ["x"]}, 422),
            ("another message", {"keys": [1]}, 422),
            ("65 ids", {"ids": list(range(65))}, 413),
        )
        faults = []
        for what, body, status in asked:
            got = self.http[CANDIDATE].post(self.route, body).status
            if got != status:
                faults.append(f"{what}: {got} instead of {status}")
        for number in range(25):
            for which in (CANDIDATE, REFERENCE):
                self.ask(which, self.ids(900 + number, 3))
        mine, healthy = (self.http[which].get("/v1/recent") for which in (CANDIDATE, REFERENCE))
        if mine.status != 200 or mine.json() != healthy.json():
            faults.append(f"/v1/recent: {mine.body[:100]!r} instead of {healthy.body[:100]!r}")
        if faults:
            return [lost("contract", *faults)]
        return [met("contract", "errors and /v1/recent are as before")]

    def freshness(self) -> list[Result]:
        faults, ids = [], [11, 12, 13]
        self._agree(ids)  # whoever keeps answers has kept these now
        for platform in self.platforms.values():
            platform.features[12] = {name: -value for name, value in platform.features[12].items()}
        if not self._agree(ids):
            faults.append("a changed feature did not change the score")
        for platform in self.platforms.values():
            platform.champion = 4
        if not self._agree(ids):
            faults.append("a new champion was served before /admin/reload")
        for which in (CANDIDATE, REFERENCE):
            self.http[which].post("/admin/reload")
        if not self._agree(ids):
            faults.append("after /admin/reload the new champion was not served")
        return [lost("freshness", *faults) if faults else met("freshness", "features and model follow the platform")]

    def _agree(self, ids: list[int]) -> bool:
        healthy = self.ask(REFERENCE, ids)
        return _same(self.ask(CANDIDATE, ids).json(), healthy.json())

    def restart(self) -> list[Result]:
        mine = self.services[CANDIDATE]
        self.http[CANDIDATE].close()
        status = mine.stop(timeout_s=8)
        if status is None:
            return [lost("restart", "it did not end within 8 s of SIGTERM")]
        mine.start()
        if not mine.wait_ready(SERVICE, "/healthz") or not self._agree([1, 2]):
            return [lost("restart", f"it did not serve again after a restart: {mine.said()[-300:]}")]
        return [met("restart", f"ended with status {status} and served again")]

    def same_predictions(self) -> Result:
        if self.wrong:
            return lost("same-predictions", f"{len(self.wrong)} of {self.compared} answers differ", self.wrong[0])
        return met("same-predictions", f"{self.compared} answers compared, timed ones too", compared=float(self.compared))

    def diagnosis(self) -> Result:
        truth = set(self.room.parameters["faults"])
        try:
            named = tomllib.loads((self.room.file("diagnosis.toml") or b"").decode())["causes"]
            causes = {str(cause) for cause in named} if isinstance(named, list) else set()
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError):
            return lost("diagnosis", "diagnosis.toml cannot be read, or has no causes")
        right, wrong = len(causes & truth), len(causes - truth)
        line = f"{right} of {len(truth)} causes named" + (f", {wrong} wrong" if wrong else "")
        return partly("diagnosis", (right - wrong) / len(truth), line, right=float(right), wrong=float(wrong))


def _same(mine: object, healthy: object) -> bool:
    """The same answer, numbers within rounding."""
    if isinstance(healthy, dict):
        return isinstance(mine, dict) and mine.keys() == healthy.keys() and all(_same(mine[k], healthy[k]) for k in healthy)
    if isinstance(healthy, list):
        return isinstance(mine, list) and len(mine) == len(healthy) and all(map(_same, mine, healthy))
    if isinstance(healthy, float):
        return isinstance(mine, int | float) and math.isclose(mine, healthy, rel_tol=1e-6, abs_tol=1e-6)
    return json.dumps(mine) == json.dumps(healthy)
